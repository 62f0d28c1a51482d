/* accuracy.h - mean absolute errors of estimators on families of problems, beside published ones. */
#ifndef IP_CALIBRATE_ACCURACY_H
#define IP_CALIBRATE_ACCURACY_H

#include "calibrate/calibrate.h"
#include "calibrate/family.h"

/* One estimator on the members of a family with the same I(X;T). */
typedef struct ip_accuracy_row {
  const char *family, *estimator;
  double nats;
  size_t n, repeats;  /* repeats: 0 for published errors */
  size_t members;     /* in the mean */
  double mae_nats;    /* mean over the members of |mean over repeats - truth| */
  const char *source; /* of a published error, else "" */
} ip_accuracy_row;

/* Members of families with nats x pairs x degrees of freedom (1 and 2 for Student), in scratch. Combinations without a
 * member are left out. */
ip_status ip_accuracy_tasks(size_t n_families, const ip_calibration_family *const *family, size_t n_nats,
                            const double *nats, size_t n_pairs, const size_t *pairs, ip_scratch *sc, size_t *n_tasks,
                            const ip_calibration_task ***task);

/* Means of the rows of ip_calibrate, by family, nats, samples and estimator; after those of 10000 samples the published
 * errors of the same family and nats. In scratch. */
ip_status ip_accuracy(size_t n, const ip_calibration_row *row, ip_scratch *sc, size_t *n_rows, ip_accuracy_row **out);

/* Writes rows as a table: by the ending of the name, .csv or .tsv. */
ip_status ip_accuracy_write(const char *path, size_t n, const ip_accuracy_row *row);

/* The same as scripts/plot/accuracy.gp reads it: an empty line after each estimator of a family, two after each family,
 * and the number of the estimator in one more column. */
ip_status ip_accuracy_write_figure(const char *path, size_t n, const ip_accuracy_row *row, ip_scratch *sc);

#endif
