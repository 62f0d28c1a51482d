/* columns.c - the blocks of curves that a page may have, and where their numbers are in a run. */
#include "report/explore.h"

#include <math.h>
#include <string.h>

/* Of every estimator and layer: symbol, name, unit. `over`: raw value - value. The ends of a band take the place of an
 * interval. */
#define ESTIMATE_LIST(X)                                                                                               \
  X(IXT, ixt, "bits")                                                                                                  \
  X(ITY, ity, "bits")                                                                                                  \
  X(IXT_OVER, ixt_over, "bits")                                                                                        \
  X(ITY_OVER, ity_over, "bits")                                                                                        \
  X(IXT_LOW, ixt_low, "bits")                                                                                          \
  X(IXT_HIGH, ixt_high, "bits")                                                                                        \
  X(ITY_LOW, ity_low, "bits")                                                                                          \
  X(ITY_HIGH, ity_high, "bits")                                                                                        \
  X(IXT_ERROR, ixt_error, "bits")                                                                                      \
  X(ITY_ERROR, ity_error, "bits")                                                                                      \
  X(ITY_NULL, ity_null, "bits")                                                                                        \
  X(FLAGS, flags, "")

enum {
#define X(symbol, ...) ESTIMATE_##symbol,
  ESTIMATE_LIST(X)
#undef X
      N_ESTIMATES
};

static ip_explore_column of_estimates(size_t i)
{
  static const char *const name[] = {
#define X(symbol, name, unit) #name,
      ESTIMATE_LIST(X)
#undef X
  };
  static const char *const unit[] = {
#define X(symbol, name, unit) unit,
      ESTIMATE_LIST(X)
#undef X
  };
  return (ip_explore_column){.name = name[i],
                             .unit = unit[i],
                             .of = IP_OF_ESTIMATES,
                             .what = i,
                             .is_main = i == ESTIMATE_IXT || i == ESTIMATE_ITY,
                             .is_flags = i == ESTIMATE_FLAGS,
                             .is_signed = i == ESTIMATE_IXT_OVER || i == ESTIMATE_ITY_OVER};
}

static ip_explore_column of_metrics(size_t i)
{
  static const char *const unit[] = {
#define X(symbol, metric, column, unit) unit,
      IP_GATHERED_METRIC_LIST(X)
#undef X
  };
  return (ip_explore_column){
      .name = ip_gathered_column(i), .unit = unit[i], .of = IP_OF_METRICS, .what = i, .is_main = i < IP_N_LOSS_METRICS};
}

static ip_explore_column of_layers(size_t i)
{
  static const char *const unit[] = {
#define X(symbol, name, unit) unit,
      IP_GATHERED_LAYER_METRIC_LIST(X)
#undef X
  };
  return (ip_explore_column){.name = ip_gathered_layer_metric(i), .unit = unit[i], .of = IP_OF_LAYERS, .what = i};
}

ip_status ip_explore_columns(ip_explore *x, const ip_measured_list *measured)
{
  size_t n = 0;
  IP_TRY(IP_SCRATCH(x->sc, x->column, N_ESTIMATES + IP_N_METRICS + IP_N_LAYER_METRICS + measured->n, "series"));
  for (size_t i = 0; i < N_ESTIMATES; i++) x->column[n++] = of_estimates(i);
  for (size_t i = 0; i < IP_N_METRICS; i++) x->column[n++] = of_metrics(i);
  for (size_t i = 0; i < IP_N_LAYER_METRICS; i++) x->column[n++] = of_layers(i);
  for (size_t i = 0; i < measured->n; i++)
    x->column[n++] = (ip_explore_column){.name = measured->series[i].column,
                                         .unit = measured->series[i].unit,
                                         .of = IP_OF_LAYERS,
                                         .what = i,
                                         .is_measure = true};
  x->n_columns = n;
  return IP_OK;
}

/* ---------------------------------------------------------------- values */

size_t ip_explore_place(const ip_explore_column *c, const ip_gathered *g, const char *estimator)
{
  if (c->is_measure) {
    size_t at = ip_measured_find(&g->measured, c->name);
    return at < g->measured.n ? at : SIZE_MAX;
  }
  if (c->of != IP_OF_ESTIMATES) return 0;
  for (size_t i = 0; i < g->n_estimators; i++)
    if (!strcmp(g->estimator[i], estimator)) return i;
  return SIZE_MAX;
}

/* Bits: 1 saturated, 2 more information than the layer before, 4 clipped, 8 bins lose predictions. */
static double flags(double *const *v, size_t at)
{
  bool clipped = fabs(v[IP_INFORMATION_IXT_RAW][at] - v[IP_INFORMATION_IXT][at]) > 1e-9 ||
                 fabs(v[IP_INFORMATION_ITY_RAW][at] - v[IP_INFORMATION_ITY][at]) > 1e-9;
  return 1 * (v[IP_INFORMATION_SATURATED][at] > 0) + 2 * (v[IP_INFORMATION_DPI][at] > 0) + 4 * clipped +
         8 * (v[IP_INFORMATION_LOSSY_BINS][at] > 0);
}

static double end_of(double *const *v, ip_information_series band, ip_information_series interval, size_t at)
{
  return isfinite(v[band][at]) ? v[band][at] : v[interval][at];
}

static double estimate(size_t what, double *const *v, size_t at)
{
  switch (what) {
  case ESTIMATE_IXT:
    return v[IP_INFORMATION_IXT][at];
  case ESTIMATE_ITY:
    return v[IP_INFORMATION_ITY][at];
  case ESTIMATE_IXT_OVER:
    return v[IP_INFORMATION_IXT_RAW][at] - v[IP_INFORMATION_IXT][at];
  case ESTIMATE_ITY_OVER:
    return v[IP_INFORMATION_ITY_RAW][at] - v[IP_INFORMATION_ITY][at];
  case ESTIMATE_IXT_LOW:
    return end_of(v, IP_INFORMATION_IXT_BAND_LOW, IP_INFORMATION_IXT_LOW, at);
  case ESTIMATE_IXT_HIGH:
    return end_of(v, IP_INFORMATION_IXT_BAND_HIGH, IP_INFORMATION_IXT_HIGH, at);
  case ESTIMATE_ITY_LOW:
    return end_of(v, IP_INFORMATION_ITY_BAND_LOW, IP_INFORMATION_ITY_LOW, at);
  case ESTIMATE_ITY_HIGH:
    return end_of(v, IP_INFORMATION_ITY_BAND_HIGH, IP_INFORMATION_ITY_HIGH, at);
  case ESTIMATE_IXT_ERROR:
    return v[IP_INFORMATION_IXT_ERROR][at];
  case ESTIMATE_ITY_ERROR:
    return v[IP_INFORMATION_ITY_ERROR][at];
  case ESTIMATE_ITY_NULL:
    return v[IP_INFORMATION_NULL_HIGH][at];
  default:
    return flags(v, at);
  }
}

double ip_explore_value(const ip_explore_column *c, const ip_gathered *g, size_t at, size_t e, size_t k)
{
  size_t i = e * g->n_layers + k;
  if (at == SIZE_MAX) return c->is_flags ? 0 : (double)NAN;
  if (c->of == IP_OF_ESTIMATES) return estimate(c->what, g->series[at], i);
  if (c->of == IP_OF_METRICS) return g->metric[c->what][e];
  return c->is_measure ? g->measured_value[at][i] : g->layer_metric[c->what][i];
}

/* Differences, errors and flags that are 0 everywhere tell nothing. */
bool ip_explore_found(const ip_explore_column *c)
{
  bool may_be_zero = c->of != IP_OF_ESTIMATES ||
                     !(c->is_signed || c->is_flags || c->what == ESTIMATE_IXT_ERROR || c->what == ESTIMATE_ITY_ERROR);
  return c->extent.n && (may_be_zero || c->extent.low < -1e-9 || c->extent.high > 1e-9);
}

ip_code_range ip_explore_range(const ip_explore_column *c)
{
  if (c->of != IP_OF_ESTIMATES || c->is_signed) return ip_code_range_of(&c->extent, c->is_signed);
  return (ip_code_range){false, fmin(0, c->extent.low), fmax(0, c->extent.high)};
}

size_t ip_explore_n_series(const ip_explore *x, const ip_explore_column *c, const ip_explore_owner *o)
{
  return c->of == IP_OF_METRICS ? 1 : o->n_layers * (c->of == IP_OF_ESTIMATES ? x->n_estimators : 1);
}
