/* series.h - averages over the repeats of a configuration: mean and standard deviation of series, epoch by epoch.
 *
 * For figures and the report. Runs are read one after the other; only sums are kept. The epochs are those of the run
 * that logged most of them; others contribute at epochs they logged too, and `count` is the number of contributions.
 *
 * I(X;T) and I(T;Y) are averaged as raw values, before clipping to the bounds of theory, because the mean of clipped
 * noise around 0 would be positive. The mean is then clipped to the range of the clipped values. A clipped value equals
 * the bound it exceeded; the mean is therefore limited by that bound, and otherwise not at all.
 */
#ifndef IP_STUDY_SERIES_H
#define IP_STUDY_SERIES_H

#include "study/runs.h"

typedef enum { IP_SERIES_METRIC, IP_SERIES_LAYER, IP_SERIES_INFORMATION, IP_SERIES_MEASURE } ip_series_kind;

typedef struct ip_series_spec {
  ip_series_kind kind;
  const char *name;      /* "train/loss"; "gradient_mean"; "ixt", "ity", a flag; "ity_test" (noisy.h) */
  const char *over;      /* NULL, or the series to divide by */
  bool logarithm;        /* of the positive values: means are geometric then */
  const char *estimator; /* of information; NULL: the set's. The label of a measure */
} ip_series_spec;

/* Of n_columns = 1 (metrics) or the layers. */
typedef struct ip_series {
  size_t n_epochs, n_columns;
  const int64_t *epoch; // (n_epochs)
  size_t *count;        // (n_epochs, n_columns) values that are numbers
  double *mean;         // (n_epochs, n_columns) NaN for count 0
  double *m2;           // (n_epochs, n_columns) sum of squared distances from the mean
  double *low, *high;   // (n_epochs, n_columns) smallest and largest of the clipped values
} ip_series;

/* The series of (n) specs over the runs of a group, in scratch. */
ip_status ip_series_read(const ip_run_set *s, const ip_run_group *g, size_t n, const ip_series_spec *spec,
                         ip_scratch *sc, ip_series *out /* (n) */);

/* One run's values (n_epochs, n_columns) of a spec into v; `room` is a buffer of the same size. Noisy layers have the
 * values that noisy.h describes, unless the set's estimator was asked for by name. */
ip_status ip_series_of_run(const ip_run_set *s, ip_run *run, const ip_series_spec *spec, double *v, double *room);

/* Sets least_test_loss_epoch of all groups: the first epoch with the least mean test loss over the repeats; NaN without
 * test losses. */
ip_status ip_run_set_find_least_test_loss(ip_run_set *s);

/* Standard deviation over the repeats, divisor count - 1; NaN for fewer than two. */
double ip_series_sd(const ip_series *s, size_t epoch, size_t column);

/* Whether any value is a number. */
bool ip_series_any(const ip_series *s);

/* At most `most` >= 2 indices of the epochs, evenly spaced in their logarithm, with the first and the last, increasing.
 */
ip_status ip_series_thin(size_t n_epochs, const int64_t *epoch, size_t most, ip_scratch *sc, size_t *n, size_t **index);

#endif
