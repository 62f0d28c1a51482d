/* correlation.h - correlation and regression of two variables over n cases, with Fisher's interval.
 *
 * Values are numbers or infinite: an event that never came has the value INFINITY, and thereby the last rank. Pearson
 * and the slope need finite values. All return NaN if a variable does not vary or n < 2.
 */
#ifndef IP_NUM_CORRELATION_H
#define IP_NUM_CORRELATION_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>

/* Ranks 1 ... n in ascending order; equal values share the mean of their ranks. No NaN. IP_ENOMEM. */
ip_status ip_ranks(size_t n, const double *x, ip_scratch *sc, double *rank /* (n) */);

/* Pearson's r, sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2). */
double ip_pearson(size_t n, const double *x, const double *y);

/* Slope of the least-squares line of y on x: sum (x - mean x)(y - mean y) / sum (x - mean x)^2. */
double ip_slope(size_t n, const double *x, const double *y);

/* Spearman's rho: Pearson's r of the ranks. IP_ENOMEM. */
ip_status ip_spearman(size_t n, const double *x, const double *y, ip_scratch *sc, double *rho);

/* Kendall's tau-b, (concordant - discordant) / sqrt((pairs untied in x)(pairs untied in y)); O(n^2).
 * Source: Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945. */
double ip_kendall(size_t n, const double *x, const double *y);

/* Variance of atanh r over samples of n cases: 1/(n-3) for Pearson's r (Fisher 1921), 1.06/(n-3) for Spearman's rho
 * (Fieller, Hartley & Pearson, "Tests for rank correlation coefficients I", Biometrika 44, 1957). INFINITY for n < 4.
 */
double ip_pearson_variance(size_t n);
double ip_spearman_variance(size_t n);

/* tanh(atanh r +- q sqrt(variance)), q the normal quantile of `level`. NaN for an infinite variance or r NaN. A
 * correlation of +-1 has an interval of that one point. */
void ip_fisher_interval(double r, double variance, double level, double *low, double *high);

#endif
