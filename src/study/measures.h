/* measures.h - measures of a layer's compression in one run, for tables.
 *
 * The measures of the compression debate: Shwartz-Ziv & Tishby 2017 infer a phase of compression from a decreasing
 * I(X;T) and a phase of diffusion from gradients whose standard deviation exceeds their mean; Saxe et al. 2018 ask
 * whether either accompanies generalization. A layer whose I(X;T) never decreases has a drop of 0 and its peak at the
 * end.
 */
#ifndef IP_STUDY_MEASURES_H
#define IP_STUDY_MEASURES_H

#include <stddef.h>
#include <stdint.h>

/* symbol, name of the column, of one layer by one estimator. NaN if undefined. */
#define IP_MEASURE_LIST(X)                                                                                             \
  X(IP_MEASURE_PEAK, ixt_peak)                   /* largest I(X;T) over the logged epochs, bits */                     \
  X(IP_MEASURE_PEAK_EPOCH, ixt_peak_epoch)       /* the first epoch that attains it */                                 \
  X(IP_MEASURE_IXT, ixt_final)                   /* I(X;T) at the last logged epoch, bits */                           \
  X(IP_MEASURE_DROP, ixt_drop)                   /* peak - final, bits */                                              \
  X(IP_MEASURE_DROP_FRACTION, ixt_drop_fraction) /* drop / peak; NaN if the peak is 0 */                               \
  X(IP_MEASURE_ITY, ity_final)                   /* I(T;Y) at the last logged epoch, bits */                           \
  X(IP_MEASURE_ITY_PEAK, ity_peak)               /* largest I(T;Y) over the logged epochs, bits */                     \
  X(IP_MEASURE_ITY_PEAK_EPOCH, ity_peak_epoch)   /* the first epoch that attains it */                                 \
  X(IP_MEASURE_IXT_RAW, ixt_final_raw) /* the two last ones before clipping: means over seeds are of these */          \
  X(IP_MEASURE_ITY_RAW, ity_final_raw)                                                                                 \
  X(IP_MEASURE_IXT_GIVEN_Y, ixt_given_y_final)    /* I(X;T|Y) at the last logged epoch, bits */                        \
  X(IP_MEASURE_IXT_FRACTION, ixt_fraction_final)  /* raw I(X;T) / H(X) there */                                        \
  X(IP_MEASURE_ITY_FRACTION, ity_fraction_final)  /* raw I(T;Y) / H(Y) there */                                        \
  X(IP_MEASURE_BIN_LOSS, bin_loss_final)          /* H(prediction|T) there, bits */                                    \
  X(IP_MEASURE_CROSSING, gradient_crossing_epoch) /* first logged epoch where the gradient's mean is below its sd */   \
  X(IP_MEASURE_TRAIN_ACCURACY, train_accuracy)    /* at the end */                                                     \
  X(IP_MEASURE_TEST_ACCURACY, test_accuracy)                                                                           \
  X(IP_MEASURE_TRAIN_LOSS, train_loss) /* at the end, nats */                                                          \
  X(IP_MEASURE_TEST_LOSS, test_loss)                                                                                   \
  X(IP_MEASURE_ACCURACY_GAP, accuracy_gap) /* train accuracy - test accuracy */                                        \
  X(IP_MEASURE_LOSS_GAP, loss_gap)         /* test loss - train loss, nats */

typedef enum ip_compression_measure {
#define X(symbol, name) symbol,
  IP_MEASURE_LIST(X) IP_N_MEASURES
#undef X
} ip_compression_measure;

const char *ip_measure_name(ip_compression_measure m);

/* Peaks, finals and drop of one layer: `stride` values apart in ixt and ity, (n) epochs. Epochs that are NaN are
 * skipped. */
void ip_measure_compression(size_t n, const int64_t *epoch, const double *ixt, const double *ity, size_t stride,
                            double *measure /* (IP_N_MEASURES) */);

/* The last of (n) values, `stride` apart, that is finite; NaN if none is. */
double ip_measure_final(size_t n, const double *value, size_t stride);

/* The first epoch with the smallest of (n) values; NaN if none is finite. */
double ip_measure_least_epoch(size_t n, const int64_t *epoch, const double *value);

/* The first epoch whose mean gradient is below its standard deviation; NaN if no epoch is. */
double ip_measure_crossing(size_t n, const int64_t *epoch, const double *mean, const double *sd, size_t stride);

/* Moments of two numbers of each run that come one run at a time, over the runs where both are finite (Welford 1962).
 * Start from {0}. */
typedef struct ip_pair {
  double n, mean[2], sum2[2], cross; /* sum2: squared deviations from the mean */
} ip_pair;
void ip_pair_add(ip_pair *p, double x, double y);

/* Pearson's r with its confidence interval by Fisher's z (Fisher 1921): tanh(atanh r +- q/sqrt(n-3)), q the normal
 * quantile of `level`. NaN if a number does not vary; the interval is NaN below 4 runs. */
void ip_pair_correlate(const ip_pair *p, double level, double *n, double *r, double *low, double *high);

/* The same of every two measures. */
typedef struct ip_correlation {
  ip_pair pair[IP_N_MEASURES][IP_N_MEASURES]; /* [a][b], a < b */
} ip_correlation;

void ip_correlation_add(ip_correlation *c, const double *measure /* (IP_N_MEASURES) */);

void ip_correlation_get(const ip_correlation *c, ip_compression_measure a, ip_compression_measure b, double level,
                        double *n, double *r, double *low, double *high);

#endif
