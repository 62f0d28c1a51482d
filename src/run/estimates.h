/* estimates.h - the numbers that estimating one run gives, on their way to the run file. For estimate.c and record.c.
 */
#ifndef IP_RUN_ESTIMATES_H
#define IP_RUN_ESTIMATES_H

#include "estimator/estimator.h"
#include "run/run.h"

/* What an estimator may have no value of. */
typedef enum ip_missing {
  IP_MISSING_IXT,
  IP_MISSING_ITY,
  IP_MISSING_IXT_INTERVAL,
  IP_MISSING_ITY_INTERVAL,
  IP_MISSING_NULL,
  IP_N_MISSING
} ip_missing;

/* Why, at the earliest epoch where it lacks it. */
typedef struct ip_reason {
  bool is_set;
  size_t epoch;
  char text[256];
} ip_reason;

typedef struct ip_estimation {
  const ip_estimate_options *opt;
  ip_run *run;
  const ip_run_head *head;
  size_t n_epochs, n_layers, max_width;
  ip_estimator **estimator; // (opt->n_estimators)
  unsigned needs;           /* of all of them */
  bool *noisy;              // (n_layers) its units before the noise are there, and every estimator is given them
  bool any_noisy;
  bool *merged;       // (n_layers) narrowing to float32 made rows equal
  double *low, *high; // (n_layers) range over the whole run; NULL when nobody needs it
  double *value;      // (n_estimators, IP_N_INFORMATION_SERIES, n_epochs, n_layers)
  ip_reason *reason;  // (n_estimators, IP_N_MISSING, n_layers) why there is NaN
  ip_progress *progress;
} ip_estimation;

static inline double *ip_series_of(const ip_estimation *es, size_t i, ip_information_series series)
{
  return es->value + (i * IP_N_INFORMATION_SERIES + series) * es->n_epochs * es->n_layers;
}

static inline ip_reason *ip_reasons_of(const ip_estimation *es, size_t i, ip_missing what)
{
  return es->reason + (i * IP_N_MISSING + what) * es->n_layers;
}

/* Estimator i has no number at any layer and epoch. */
bool ip_estimates_are_empty(const ip_estimation *es, size_t i);

/* What estimator i lacks of one thing, in scratch: "layers 2, 3: the reason", without the layers where it is all of
 * them and one reason; NULL where nothing is lacking. */
ip_status ip_estimates_reason(const ip_estimation *es, size_t i, ip_missing what, ip_scratch *sc, const char **text);

/* Adds what was found to the run file at `path`: a group for each estimator with its parameters, the series that were
 * asked for, and why there is NaN. */
ip_status ip_estimates_record(const ip_estimation *es, const char *path);

#endif
