#include "figure/axis.h"
#include "figure/kind.h"

/* beta: what is reached at every beta of a sweep; one row a layer and beta, an empty line after each layer. */

enum { IXT, ITY, TRAIN, TEST, N_SERIES };

static const ip_series_spec spec[N_SERIES] = {{IP_SERIES_INFORMATION, "ixt", NULL, false, NULL},
                                              {IP_SERIES_INFORMATION, "ity", NULL, false, NULL},
                                              {IP_SERIES_METRIC, "train/accuracy", NULL, false, NULL},
                                              {IP_SERIES_METRIC, "test/accuracy", NULL, false, NULL}};

static void add_row(const ip_run_set *s, const ip_axis_panel *p, size_t i, const ip_series v[N_SERIES], size_t k,
                    ip_table *t)
{
  const ip_run_group *g = &s->group[p->group[i]];
  size_t e = v[0].n_epochs - 1, at = e * g->n_layers + k;
  ip_table_text(t, p->title);
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, s->label[k]);
  ip_table_real(t, p->value[i]);
  for (int q = IXT; q <= ITY; q++) {
    ip_table_real(t, v[q].mean[at]);
    ip_table_real(t, ip_series_sd(&v[q], e, k));
  }
  for (int q = TRAIN; q <= TEST; q++) {
    ip_table_real(t, 1 - v[q].mean[e]);
    ip_table_real(t, ip_series_sd(&v[q], e, 0));
  }
  ip_table_int(t, (int64_t)v[IXT].count[at]);
  ip_table_real(t, g->hx_bits);
  ip_table_real(t, g->hy_bits);
  ip_table_text(t, s->estimator);
  ip_table_end_row(t);
}

/* One panel: the series of all its groups are held, for rows are sorted by layer first. */
static ip_status fill_panel(const ip_run_set *s, const ip_axis_panel *p, ip_table *t, ip_scratch *sc)
{
  ip_series(*v)[N_SERIES];
  size_t layers = 0;
  IP_TRY(IP_SCRATCH(sc, v, p->n, "values of beta"));
  for (size_t i = 0; i < p->n; i++) {
    const ip_run_group *g = &s->group[p->group[i]];
    if (s->n_epochs[g->longest]) IP_TRY(ip_series_read(s, g, N_SERIES, spec, sc, v[i]));
    if (g->n_layers > layers) layers = g->n_layers;
  }
  for (size_t k = 0; k < layers; k++) {
    if (k) ip_figure_gap(t, 1);
    for (size_t i = 0; i < p->n; i++)
      if (v[i][0].n_epochs && k < s->group[p->group[i]].n_layers) add_row(s, p, i, v[i], k, t);
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
                    "test_error_sd repeats hx_bits hy_bits estimator");
  IP_TRY(ip_axis_panels(s, axis, sc, &n, &panel));
  for (size_t j = 0; j < n; j++) {
    size_t mark = ip_scratch_mark(sc);
    if (j) ip_figure_gap(t, 2);
    IP_TRY(fill_panel(s, &panel[j], t, sc));
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}
