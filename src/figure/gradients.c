#include "figure/kind.h"

#include <math.h>

/* gradients: one row a layer and epoch, an empty line after each layer. Means over repeats are geometric. */

enum { MEAN, STD, RATIO, N_SERIES };

static const ip_series_spec spec[N_SERIES] = {
    {IP_SERIES_LAYER, IP_NAME_GRADIENT_MEAN, NULL, true, NULL},
    {IP_SERIES_LAYER, IP_NAME_GRADIENT_STD, NULL, true, NULL},
    {IP_SERIES_LAYER, IP_NAME_GRADIENT_MEAN, IP_NAME_GRADIENT_STD, true, NULL}};

static void fill_row(const ip_run_set *s, const ip_run_group *g, const ip_series *v, size_t k, size_t e, ip_table *t)
{
  size_t at = e * g->n_layers + k;
  double ratio = v[RATIO].mean[at], sd = ip_series_sd(&v[RATIO], e, k);
  ip_table_text(t, g->title);
  ip_table_int(t, (int64_t)k + 1);
  ip_table_text(t, ip_layer_label(s, g, k));
  ip_table_int(t, v[0].epoch[e]);
  ip_table_real(t, exp(v[MEAN].mean[at]));
  ip_table_real(t, exp(v[STD].mean[at]));
  ip_table_real(t, exp(ratio));
  ip_table_real(t, exp(ratio - sd));
  ip_table_real(t, exp(ratio + sd));
  ip_table_int(t, (int64_t)v[MEAN].count[at]);
  ip_table_real(t, g->least_test_loss_epoch);
  ip_table_end_row(t);
}

/* Rows where nothing was measured (epoch 0, before the first batch) are left out. A layer without weights (pooling) has
 * one row, without numbers: two empty lines would end the panel. */
static void fill_group(const ip_run_set *s, const ip_run_group *g, const ip_series *v, ip_table *t)
{
  for (size_t k = 0; k < g->n_layers; k++) {
    size_t n_rows = 0;
    if (k) ip_figure_gap(t, 1);
    for (size_t e = 0; e < v[0].n_epochs; e++) {
      size_t at = e * g->n_layers + k;
      if (!v[MEAN].count[at] && !v[STD].count[at]) continue;
      fill_row(s, g, v, k, e, t);
      n_rows++;
    }
    if (n_rows == 0 && v[0].n_epochs) fill_row(s, g, v, k, 0, t);
  }
}

ip_status ip_figure_gradients_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not)
{
  size_t shown = 0;
  ip_figure_head(t, "panel layer label epoch mean std ratio ratio_low ratio_high repeats least_test_loss_epoch");
  IP_TRY(ip_figure_panels(s, N_SERIES, spec, 1, fill_group, t, sc, &shown));
  if (!shown) *why_not = "no run file has gradient_mean and gradient_std (/layers/<k>)";
  return IP_OK;
}
