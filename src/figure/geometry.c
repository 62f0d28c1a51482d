#include "figure/kind.h"

/* geometry: I(X;T), and below it NC1 and the effective rank; one row a layer and epoch, an empty line after each layer.
 */

enum { NC1, RANK, N_GEOMETRY };
static const ip_series_spec spec[N_GEOMETRY] = {{IP_SERIES_MEASURE, "nc1", NULL, false, "geometry"},
                                                {IP_SERIES_MEASURE, "effective_rank", NULL, false, "geometry"}};

static void add_row(const ip_run_set *s, const ip_run_group *g, const ip_series v[IP_N_SHOWN],
                    const ip_series of[N_GEOMETRY], size_t e, size_t k, const char *note, ip_table *t)
{
  ip_table_text(t, g->title);
  ip_figure_layer_cells(s, g, v, e, k, t);
  for (int q = 0; q < N_GEOMETRY; q++) {
    ip_table_real(t, of[q].mean[e * g->n_layers + k]);
    ip_table_real(t, ip_series_sd(&of[q], e, k));
  }
  ip_table_real(t, g->least_test_loss_epoch);
  ip_shown_cells(g, v, e, k, t);
  ip_table_text(t, e + k == 0 ? note : "-");
  ip_table_end_row(t);
}

static ip_status add_group(const ip_run_set *s, const ip_run_group *g, ip_table *t, ip_scratch *sc, size_t *shown)
{
  ip_series v[IP_N_SHOWN], of[N_GEOMETRY];
  const char *note;
  IP_TRY(ip_series_read(s, g, N_GEOMETRY, spec, sc, of));
  if (!ip_series_any(&of[NC1]) && !ip_series_any(&of[RANK])) return IP_OK;
  IP_TRY(ip_shown_read(s, g, NULL, sc, v));
  IP_TRY(ip_shown_note(s, g, NULL, v, sc, &note));
  if ((*shown)++) ip_figure_gap(t, 2);
  for (size_t k = 0; k < g->n_layers; k++) {
    if (k) ip_figure_gap(t, 1);
    for (size_t e = 0; e < v[0].n_epochs; e++) add_row(s, g, v, of, e, k, note, t);
  }
  return IP_OK;
}

ip_status ip_figure_geometry_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel layer label epoch ixt_bits ixt_sd ity_bits ity_sd repeats hx_bits hy_bits estimator "
                    "nc1 nc1_sd effective_rank effective_rank_sd least_test_loss_epoch bound flags note");
  for (size_t i = 0; i < s->n_groups; i++) {
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(add_group(s, &s->group[i], t, sc, &shown));
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no run file has the measure geometry";
  return IP_OK;
}
