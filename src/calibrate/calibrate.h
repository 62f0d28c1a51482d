/* calibrate.h - estimators on problems whose information is known: their bias and spread over repeats.
 *
 * For every task, number of samples and estimator, samples are drawn `repeats` times; the estimates are compared with
 * the truth and, where the bias of an estimator on a task is documented (docs/calibration.md, bias_bounds.c), with
 * those bounds. Results depend on the seed alone.
 */
#ifndef IP_CALIBRATE_CALIBRATE_H
#define IP_CALIBRATE_CALIBRATE_H

#include "base/progress.h"
#include "calibrate/task.h"

typedef struct ip_calibration_options {
  size_t n_tasks;
  const ip_calibration_task *const *task;
  size_t n_estimators;
  const char *const *estimator; /* specs */
  size_t n_sizes;
  const size_t *size; /* numbers of samples */
  size_t repeats;     /* at least 2 */
  uint64_t seed;
  ip_progress *progress; /* may be NULL; counts estimates */
} ip_calibration_options;

typedef enum { IP_QUANTITY_IXT, IP_QUANTITY_ITY } ip_quantity;
const char *ip_quantity_name(ip_quantity q); /* "I(X;T)" */

/* One estimator on one task with one number of samples. */
typedef struct ip_calibration_row {
  const ip_calibration_task *task;
  ip_quantity quantity;
  const char *estimator; /* its label, in the scratch of the run */
  size_t n, repeats;
  double true_bits, mean_bits, sd_bits; /* sd: over repeats, divisor repeats - 1 */
  double low_bits, high_bits;           /* documented bounds of the bias at this n; NaN: none */
} ip_calibration_row;

/* Rows (n_rows) in scratch, by task, quantity, estimator and size. An estimator that refuses the samples of a task has
 * no rows for it: *refusals counts those. Progress is told after every estimate. */
ip_status ip_calibrate(const ip_calibration_options *o, ip_scratch *sc, size_t *n_rows, ip_calibration_row **row);

/* Whether the bias lies within the documented bounds, given 4 standard errors of the mean; true where there are none.
 */
bool ip_calibration_holds(const ip_calibration_row *row);

/* Writes rows as a table: by the ending of the name, .csv or .tsv. */
ip_status ip_calibration_write(const char *path, size_t n, const ip_calibration_row *row);

/* The rows with documented bounds, as scripts/plot/calibration.gp reads them: an empty line after each estimator of a
 * task, two after each task and quantity, and the number of the estimator in one more column. */
ip_status ip_calibration_write_figure(const char *path, size_t n, const ip_calibration_row *row, ip_scratch *sc);

/* The documented bounds (bias_bounds.c) of the bias of an estimator's label on a task with n samples; false: none. */
bool ip_bias_bounds_find(const char *task, ip_quantity q, const char *label, size_t n, double *low_bits,
                         double *high_bits);

/* The specs that are run when none are named: those with bias bounds, and the others of their kind. */
const char *const *ip_calibration_specs(size_t *n);

#endif
