#include "figure/kind.h"
#include "study/axis.h"

/* beta: what is reached at every beta of a sweep; one row a layer and beta, an empty line after each layer. */

enum { TRAIN, TEST, N_ACCURACIES };

static const ip_series_spec spec[N_ACCURACIES] = {{IP_SERIES_METRIC, IP_NAME_TRAIN_ACCURACY, NULL, false, NULL},
                                                  {IP_SERIES_METRIC, IP_NAME_TEST_ACCURACY, NULL, false, NULL}};

/* Of one value of beta. */
typedef struct {
  ip_series v[IP_N_SHOWN], accuracy[N_ACCURACIES];
  const char *note;
} reached;

static void add_row(const ip_run_set *s, const ip_axis_panel *p, size_t i, const reached *r, size_t k, ip_table *t)
{
  const ip_run_group *g = &s->group[p->group[i]];
  const ip_series *v = r->v;
  size_t e = v[0].n_epochs - 1, at = e * g->n_layers + k;
  ip_table_text(t, p->title);
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, ip_layer_label(s, g, k));
  ip_table_real(t, p->value[i]);
  for (int q = IP_IXT; q <= IP_ITY; q++) {
    ip_table_real(t, v[q].mean[at]);
    ip_table_real(t, ip_series_sd(&v[q], e, k));
  }
  for (int q = TRAIN; q <= TEST; q++) {
    ip_table_real(t, 1 - r->accuracy[q].mean[e]);
    ip_table_real(t, ip_series_sd(&r->accuracy[q], e, 0));
  }
  ip_table_int(t, (int64_t)v[IP_ITY].count[at]);
  ip_table_real(t, g->hx_limit);
  ip_table_real(t, g->hy_limit);
  ip_table_text(t, s->estimator);
  ip_table_real(t, v[IP_ITY_TEST].mean[at]);
  ip_shown_cells(g, v, e, k, t);
  ip_table_text(t, k == 0 ? r->note : "-");
  ip_table_end_row(t);
}

/* One panel: the series of all its groups are held, for rows are sorted by layer first. */
static ip_status fill_panel(const ip_run_set *s, const ip_axis_panel *p, ip_table *t, ip_scratch *sc)
{
  reached *r;
  size_t layers = 0;
  IP_TRY(IP_SCRATCH(sc, r, p->n, "values of beta"));
  for (size_t i = 0; i < p->n; i++) {
    const ip_run_group *g = &s->group[p->group[i]];
    if (s->n_epochs[g->longest]) {
      IP_TRY(ip_shown_read(s, g, NULL, sc, r[i].v));
      IP_TRY(ip_shown_note(s, g, NULL, r[i].v, sc, &r[i].note));
      IP_TRY(ip_series_read(s, g, N_ACCURACIES, spec, sc, r[i].accuracy));
    }
    if (g->n_layers > layers) layers = g->n_layers;
  }
  for (size_t k = 0; k < layers; k++) {
    if (k) ip_figure_gap(t, 1);
    for (size_t i = 0; i < p->n; i++)
      if (r[i].v[0].n_epochs && k < s->group[p->group[i]].n_layers) add_row(s, p, i, &r[i], k, t);
  }
  return IP_OK;
}

ip_status ip_figure_beta_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  static const char *const names[] = {"beta", NULL};
  size_t axis = ip_axis_find(s, names), n;
  ip_axis_panel *panel;
  if (axis == s->n_keys) {
    *why_not = "the runs do not differ in beta";
    return IP_OK;
  }
  ip_figure_head(t, "panel layer label beta ixt_bits ixt_sd ity_bits ity_sd train_error train_error_sd test_error "
                    "test_error_sd repeats hx_bits hy_bits estimator ity_test_bits bound flags note");
  IP_TRY(ip_axis_panels(s, axis, sc, &n, &panel));
  for (size_t j = 0; j < n; j++) {
    size_t mark = ip_scratch_mark(sc);
    if (j) ip_figure_gap(t, 2);
    IP_TRY(fill_panel(s, &panel[j], t, sc));
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}
