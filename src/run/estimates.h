/* estimates.h - the numbers that estimators and measures give for one run, on their way to the run file. For
 * estimate.c, which reads every layer once an epoch, information.c, measuring.c and record.c. */
#ifndef IP_RUN_ESTIMATES_H
#define IP_RUN_ESTIMATES_H

#include "measure/measure.h"
#include "run/reasons.h"
#include "run/run.h"
#include "run/view.h"

#include <pthread.h>

/* What an estimator may have no value of. */
typedef enum ip_missing {
  IP_MISSING_IXT,
  IP_MISSING_ITY,
  IP_MISSING_IXT_INTERVAL,
  IP_MISSING_ITY_INTERVAL,
  IP_MISSING_NULL,
  IP_MISSING_IXT_GIVEN_Y,
  IP_MISSING_BIN_LOSS,
  IP_N_MISSING
} ip_missing;

/* The estimates of one file from one choice of its samples. */
typedef struct ip_estimation {
  const ip_estimate_options *opt;
  const char *path;
  const char *split; /* "all", "train", "test" */
  ip_run *run;
  ip_run_view view;
  const ip_run_head *head; /* of the samples of the view */
  size_t n_samples;
  size_t n_epochs, n_layers, max_width;
  ip_estimator **estimator; // (opt->n_estimators)
  ip_measure **measure;     // (opt->n_measures)
  unsigned needs;           /* of all estimators and measures */
  bool *noisy;              // (n_layers) its units before the noise are there, and every estimator is given them
  bool any_noisy;
  bool *merged;        // (n_layers) narrowing to float32 made rows equal
  double *low, *high;  // (n_layers) range over the whole run; NULL when nobody needs it
  double *value;       // (n_estimators, IP_N_INFORMATION_SERIES, n_epochs, n_layers)
  ip_reason *reason;   // (n_estimators, IP_N_MISSING, n_layers) why there is NaN
  double *hx, *hy;     // (n_estimators) entropies of the samples in bits, NaN where an estimator is not bounded by them
  bool *has_entropies; // (1) hx and hy are set
  ip_reason *left_out; // (n_layers) why a layer has no estimates at an epoch

  size_t *first_series; // (n_measures + 1) number of the first series of each measure; the last: number of all
  double *measured;     // (series, n_epochs, n_layers) values of all series of measures
  ip_reason *why_not;   // (series, n_layers) why there is NaN
  ip_progress *progress;
  pthread_mutex_t *lock; /* of the run file, and of what all threads write: merged, entropies, progress */
} ip_estimation;

static inline double *ip_series_of(const ip_estimation *es, size_t i, ip_information_series series)
{
  return es->value + (i * IP_N_INFORMATION_SERIES + series) * es->n_epochs * es->n_layers;
}

/* Series `s` of all measures, (n_epochs, n_layers), and its reasons (n_layers). */
static inline double *ip_measured(const ip_estimation *es, size_t s)
{
  return es->measured + s * es->n_epochs * es->n_layers;
}

static inline ip_reason *ip_why_not(const ip_estimation *es, size_t s)
{
  return es->why_not + s * es->n_layers;
}

static inline ip_reason *ip_reasons_of(const ip_estimation *es, size_t i, ip_missing what)
{
  return es->reason + (i * IP_N_MISSING + what) * es->n_layers;
}

/* Estimator i has no number at any layer and epoch. */
bool ip_estimates_are_empty(const ip_estimation *es, size_t i);

/* A layer at a logged epoch, and where its numbers are in a series. */
typedef struct ip_run_place {
  size_t e, k, at;
} ip_run_place;

/* All estimates of one layer at one epoch; what an estimator cannot estimate is NaN with a reason. The samples have
 * been checked. */
ip_status ip_information_of_layer(const ip_estimation *es, const ip_samples *s, ip_run_place p, ip_scratch *sc);

/* The same where no estimate is possible: NaN with this reason. */
void ip_information_missing(const ip_estimation *es, ip_run_place p, const char *why);

/* Sets what follows from the estimates of estimator i: fractions of H(X) and H(Y), and flags; a layer has the flag dpi
 * when it seems to have more information than the one before. */
ip_status ip_information_end(const ip_estimation *es, size_t i);

/* The same for measures: creation, one layer at one epoch, and the end. */
ip_status ip_measures_create(ip_estimation *es);
ip_status ip_measures_of_layer(const ip_estimation *es, const ip_measure_input *in, ip_run_place p, ip_scratch *sc);
void ip_measures_missing(const ip_estimation *es, ip_run_place p, const char *why);
void ip_measures_free(ip_estimation *es);

/* Measure i has no number at any layer and epoch. */
bool ip_measures_are_empty(const ip_estimation *es, size_t i);

/* Adds what was found from (n) choices of samples to the run file at `path`: a group for each estimator and measure
 * with its parameters, the series that were asked for, and why there is NaN. */
ip_status ip_estimates_record(size_t n, const ip_estimation *es, const char *path);

#endif
