/* consistency.h - whether an estimator has three properties of mutual information, on pairs of normals.
 *
 *     independence     I(X; T') of T' from another sample: 0 nats
 *     data_processing  I(X; (T, f(T))) / I(X; T), f(v) = v |v|^(1/2): 1, because f(T) is known from T
 *     additivity       I((X, X'); (T, T')) / I(X; T), X', T' another sample with the same information: 2
 *
 * Raw values, before clipping to the bounds of theory. Source: Song & Ermon, "Understanding the limitations of
 * variational mutual information estimators", ICLR 2020, section 5.2, there on images.
 */
#ifndef IP_CALIBRATE_CONSISTENCY_H
#define IP_CALIBRATE_CONSISTENCY_H

#include "calibrate/calibrate.h"

typedef enum { IP_INDEPENDENCE, IP_DATA_PROCESSING, IP_ADDITIVITY, IP_N_CONSISTENCY } ip_consistency_test;
const char *ip_consistency_name(ip_consistency_test t);

typedef struct ip_consistency_row {
  ip_consistency_test test;
  const char *estimator; /* its label, in the scratch of the run */
  double nats;           /* I(X;T) of a pair */
  size_t n, repeats;
  double expected, mean, sd; /* sd: over repeats, divisor repeats - 1 */
} ip_consistency_row;

/* Rows in scratch, by estimator, nats, samples and test. The tasks of the options are not used. An estimator that
 * rejects the samples has no rows. nats > 0. */
ip_status ip_consistency(const ip_calibration_options *o, size_t n_nats, const double *nats, ip_scratch *sc,
                         size_t *n_rows, ip_consistency_row **row);

/* Whether the mean is within 0.05 and 4 standard errors of what is expected. */
bool ip_consistency_holds(const ip_consistency_row *row);

/* Writes rows as a table: by the ending of the name, .csv or .tsv. */
ip_status ip_consistency_write(const char *path, size_t n, const ip_consistency_row *row);

#endif
