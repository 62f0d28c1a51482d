/* sum.h - sums in float64 that keep their digits, and log-sum-exp.
 *
 * Every sum over samples, classes or cells goes through one of these. The order of additions is fixed by the length
 * alone, so equal arrays give equal bits whatever the number of threads.
 */
#ifndef IP_NUM_SUM_H
#define IP_NUM_SUM_H

#include <math.h>
#include <stddef.h>

/* A running sum with the rounding errors carried along: error about 2^-53 of the sum of magnitudes, whatever n.
 * Start from {0}. An infinity or NaN among the terms comes out as such.
 * Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54, 1974. */
typedef struct {
  double sum, error;
} ip_sum;

static inline void ip_sum_add(ip_sum *s, double x)
{
  double t = s->sum + x;
  s->error += fabs(s->sum) >= fabs(x) ? (s->sum - t) + x : (x - t) + s->sum;
  s->sum = t;
}

static inline double ip_sum_value(const ip_sum *s)
{
  return isfinite(s->sum) ? s->sum + s->error : s->sum;
}

/* sum_i x_i over (n) values by halves: error grows with log2 n. 0 for n = 0.
 * Source: Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993. */
double ip_sum_pairwise(size_t n, const double *x);
double ip_sum_pairwise_f32(size_t n, const float *x);

/* ln sum_i exp(x_i) over (n) values, without overflow; -inf for n = 0 or when every x_i is -inf, NaN when one is. */
double ip_logsumexp(size_t n, const double *x);

#endif
