/* estimates.h - the numbers that estimating one run gives, on their way to the run file. For estimate.c and record.c.
 */
#ifndef IP_RUN_ESTIMATES_H
#define IP_RUN_ESTIMATES_H

#include "estimator/estimator.h"
#include "run/run.h"

/* Series of every estimator; intervals and nulls where asked for, the last two are flags. */
#define IP_SERIES_LIST(X)                                                                                              \
  X(IP_SERIES_IXT, "ixt")                                                                                              \
  X(IP_SERIES_ITY, "ity")                                                                                              \
  X(IP_SERIES_IXT_ERROR, "ixt_error")                                                                                  \
  X(IP_SERIES_ITY_ERROR, "ity_error")                                                                                  \
  X(IP_SERIES_IXT_LOW, "ixt_low")                                                                                      \
  X(IP_SERIES_IXT_HIGH, "ixt_high")                                                                                    \
  X(IP_SERIES_ITY_LOW, "ity_low")                                                                                      \
  X(IP_SERIES_ITY_HIGH, "ity_high")                                                                                    \
  X(IP_SERIES_NULL_MEAN, "ity_null_mean")                                                                              \
  X(IP_SERIES_NULL_HIGH, "ity_null_high")                                                                              \
  X(IP_SERIES_SATURATED, "saturated")                                                                                  \
  X(IP_SERIES_DPI, "dpi")
#define X(symbol, name) symbol,
enum { IP_SERIES_LIST(X) IP_N_SERIES };
#undef X

typedef struct ip_estimation {
  const ip_estimate_options *opt;
  ip_run *run;
  const ip_run_head *head;
  size_t n_epochs, n_layers, max_width;
  ip_estimator **estimator; // (opt->n_estimators)
  unsigned needs;           /* of all of them */
  bool *noisy;              // (n_layers) its units before the noise are there, and every estimator is given them
  bool any_noisy;
  double *low, *high;   // (n_layers) range over the whole run; NULL when nobody needs it
  double *value;        // (n_estimators, IP_N_SERIES, n_epochs, n_layers)
  const char **refusal; // (n_estimators, 2, n_epochs, n_layers) why there is no interval of I(X;T), I(T;Y); or NULL
  ip_progress *progress;
} ip_estimation;

static inline double *ip_series_of(const ip_estimation *es, size_t i, size_t series)
{
  return es->value + (i * IP_N_SERIES + series) * es->n_epochs * es->n_layers;
}

static inline const char **ip_refusals_of(const ip_estimation *es, size_t i, size_t which)
{
  return es->refusal + (i * 2 + which) * es->n_epochs * es->n_layers;
}

/* In a network with noise, layers without noise of their own, as its output, have no estimate by estimators that
 * compute with that noise. Without any noisy layer such an estimator is a mistake, and fails. */
static inline bool ip_has_estimate(const ip_estimation *es, size_t i, size_t layer)
{
  return !es->any_noisy || es->noisy[layer] || !(ip_estimator_needs(es->estimator[i]) & IP_NEEDS_MEAN);
}

/* Adds what was found to the run file at `path`: a group for each estimator with its parameters, the series that were
 * asked for, and why intervals are missing. */
ip_status ip_estimates_record(const ip_estimation *es, const char *path);

#endif
