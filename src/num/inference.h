/* inference.h - confidence intervals of a mean, a ratio of means, a median and a proportion over n independent cases,
 * and Holm's correction.
 *
 * An interval that does not exist has low = high = NaN. Bootstraps draw from IP_RNG_BOOTSTRAP streams of the given
 * seed: the same data and seed give the same interval.
 */
#ifndef IP_NUM_INFERENCE_H
#define IP_NUM_INFERENCE_H

#include "base/mem.h"
#include "base/rng.h"
#include "base/status.h"

#include <stddef.h>

enum { IP_N_BOOTSTRAP = 2000 };

typedef struct ip_bounds {
  double low, high;
} ip_bounds;

/* Mean, standard deviation (divisor n - 1; NaN for n < 2) and skewness m3 / m2^1.5 (central moments with divisor n; 0
 * for values that do not vary) of n finite values. */
typedef struct ip_moments {
  double mean, sd, skewness;
} ip_moments;

ip_moments ip_moments_of(size_t n, const double *x);

/* mean -+ t(level, n - 1) sd / sqrt n. NaN for n < 2. Exact for normal values. */
ip_bounds ip_mean_interval(size_t n, const double *x, double level);

/* The studentized bootstrap interval of the mean: [mean - q(.5 + level/2) se, mean - q(.5 - level/2) se], q the
 * quantiles of (mean* - mean)/se* over IP_N_BOOTSTRAP resamples; resamples of one value only are left out. For skewed
 * values its coverage approaches the level faster than those of the t and percentile intervals. NaN for n < 2; for
 * values that do not vary the interval is one point. IP_ENOMEM.
 * Source: Hall, "Theoretical comparison of bootstrap confidence intervals", Ann. Statist. 16, 1988, section 2. */
ip_status ip_mean_bootstrap(size_t n, const double *x, double level, uint64_t seed, ip_scratch *sc, ip_bounds *out);

/* Interval of mean(a) / mean(b) over paired values (Fieller 1954): all r for which 0 is in the t interval of
 * mean(a - r b). NaN if the t interval of mean(b) at the same level contains 0, or n < 2. Exact for normal values. */
ip_bounds ip_fieller_interval(size_t n, const double *a, const double *b, double level);

/* The percentile bootstrap interval of mean(a) / mean(b), pairs resampled together. IP_ENOMEM. */
ip_status ip_ratio_bootstrap(size_t n, const double *a, const double *b, double level, uint64_t seed, ip_scratch *sc,
                             ip_bounds *out);

/* Interval [x_(k), x_(n+1-k)] of the median from the order statistics, with the largest k that covers `level` whatever
 * the distribution; NaN where k = 1 does not (n < 6 for 95 %). Values may be infinite. Sorts x. */
ip_bounds ip_median_interval(size_t n, double *x, double level);

/* Wilson's score interval of a proportion with k successes in n trials, with z the normal quantile of `level`:
 *     (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).  NaN for n = 0.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927. */
ip_bounds ip_wilson_interval(size_t k, size_t n, double level);

/* Holm's adjusted p-values of n tests: max over j <= i of min(1, (n - j + 1) p_(j)). Tests with an adjusted p-value
 * <= a are rejected together with a probability <= a of any wrong rejection. NaN stays NaN and is not counted.
 * Source: Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 1979. IP_ENOMEM. */
ip_status ip_holm(size_t n, const double *p, ip_scratch *sc, double *adjusted /* (n) */);

/* Sorts n doubles in ascending order; and the value at fraction q of n > 0 sorted ones, linear between neighbours. */
void ip_sort_f64(size_t n, double *x);
double ip_sorted_quantile(size_t n, const double *x, double q);

#endif
