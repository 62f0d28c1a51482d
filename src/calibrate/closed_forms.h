/* closed_forms.h - mutual information, in nats, of the distributions of calibration families (family.h).
 *
 * Each is checked in the tests by an integral or a sum over its densities. Independent pairs add.
 */
#ifndef IP_CALIBRATE_CLOSED_FORMS_H
#define IP_CALIBRATE_CLOSED_FORMS_H

#include <stddef.h>

/* A pair of normals of correlation r: -1/2 ln(1 - r^2) (Cover & Thomas 2006, eq. 8.56). */
double ip_nats_normal(double r);

/* What a Student distribution of x and t dimensions and n degrees of freedom has beyond the normal of its correlations:
 * f(n) + f(n+x+t) - f(n+x) - f(n+t), f(n) = ln Gamma(n/2) - n/2 psi(n/2) (Arellano-Valle et al. 2013). */
double ip_nats_student_excess(int n, int x, int t);

/* 2d normals, each two of correlation c, split in halves: 1/2 ln(det S_x det S_t / det S), det of m columns
 * (1 - c)^(m-1) (1 + (m-1) c). */
double ip_nats_dense_normal(double c, size_t d);

/* Uniform in [0, 1) plus uniform in [0, 1/s): s > 1: ln s + 1/(2s), else s/2. */
double ip_nats_smoothed_uniform(double s);

/* X = ln G, G of the gamma distribution with shape 1/a, T = ln E - X, E exponential: psi(1/a) + a + ln a. */
double ip_nats_log_gamma_exponential(double a);

/* One of m >= 2 integers, equally likely, plus uniform in [0, w). With c = floor(w), e = w - c and h(n) = sum_{k <= n}
 * k ln k: w <= 1: ln m; w >= m: [(m-1) ln m - 2 h(m-1)/m] / w; else ln m - [2 h(c) + (1-e)(m-c-1) c ln c +
 * e (m-c)(c+1) ln(c+1)] / (m w). w = 2 is the mixture of Gao et al. 2017, ln m - (m-1)/m ln 2. */
double ip_nats_smoothed_discrete(size_t m, double w);

/* One of m letters, equally likely, replaced with probability q by one of the others: ln m + (1-q) ln(1-q) + q ln(q /
 * (m-1)). */
double ip_nats_symmetric_channel(size_t m, double q);

/* Entropy of m letters, all but one of which have the same probability, and the last p. */
double ip_nats_label(size_t m, double p);

/* X exponential with mean 1; T is 0 with probability p and else of the Poisson distribution with mean X: H(T) -
 * E H(T|X). Gao et al. 2017 give (1-p) 0.3012, which counts the added zeros as if they were marked: an upper bound. */
double ip_nats_zero_inflated_poisson(double p);

/* The argument in [low, high] for which f, increasing or decreasing there, has the value `nats`. `f` receives `what`.
 */
double ip_nats_solve(double (*f)(double at, const void *what), const void *what, double nats, double low, double high);

#endif
