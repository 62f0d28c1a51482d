#include "figure/kind.h"

/* layers: one row a layer and epoch, an empty line after each layer. */

static void add_row(const ip_run_set *s, const ip_run_group *g, const ip_series v[IP_N_SHOWN],
                    const ip_series band[IP_N_ENDS], size_t e, size_t k, const char *note, ip_table *t)
{
  ip_table_text(t, g->title);
  ip_figure_layer_cells(s, g, v, e, k, t);
  ip_table_real(t, v[IP_ITY_TEST].mean[e * g->n_layers + k]);
  for (size_t i = 0; i < IP_N_ENDS; i++) ip_table_real(t, band[i].mean[e * g->n_layers + k]);
  ip_table_real(t, g->least_test_loss_epoch);
  ip_shown_cells(g, v, e, k, t);
  ip_table_text(t, e + k == 0 ? note : "-");
  ip_table_end_row(t);
}

ip_status ip_figure_layers_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  ip_series v[IP_N_SHOWN], band[IP_N_ENDS];
  const char *note;
  size_t shown = 0;
  ip_figure_head(t, "panel layer label epoch ixt_bits ixt_sd ity_bits ity_sd repeats hx_bits hy_bits estimator "
                    "ity_test_bits ixt_low ixt_high ity_low ity_high least_test_loss_epoch bound flags note");
  for (size_t i = 0; i < s->n_groups; i++) {
    const ip_run_group *g = &s->group[i];
    if (!s->n_epochs[g->longest]) continue;
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(ip_shown_read(s, g, NULL, sc, v));
    IP_TRY(ip_shown_bands(s, g, NULL, sc, band));
    IP_TRY(ip_shown_note(s, g, NULL, v, sc, &note));
    if (shown++) ip_figure_gap(t, 2);
    for (size_t k = 0; k < g->n_layers; k++) {
      if (k) ip_figure_gap(t, 1);
      for (size_t e = 0; e < v[0].n_epochs; e++) add_row(s, g, v, band, e, k, note, t);
    }
    ip_scratch_release(sc, mark);
  }
  if (!shown) *why_not = "no epoch has been logged yet";
  return IP_OK;
}
