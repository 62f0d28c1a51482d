/* gamma.h - the digamma and trigamma functions and ratios of gamma functions, for real x > 0.
 *
 * Each is the recurrence up to an argument of 16 and its asymptotic series from there (Abramowitz &
 * Stegun 6.1.40, 6.3.18 and 6.4.12), to a few units in the last place of the larger term. Nothing is global, as in
 * lgamma of some libraries. */
#ifndef IP_NUM_GAMMA_H
#define IP_NUM_GAMMA_H

/* d/dx ln Gamma(x). The sum of 1/k from k = a to b - 1 is ip_digamma(b) - ip_digamma(a). */
double ip_digamma(double x);

/* ln Gamma(x + n) - ln Gamma(x) - n ln x, the sum of ln(1 + j/x) for j = 0 ... n - 1: 0 for large x, without the
 * cancellation of its terms. n >= 0. */
double ip_log_rising(double x, double n);

/* b trigamma(b + 1) - a trigamma(a + 1) for b > a > 0; x trigamma(x + 1) grows from 0 to 1. Keeps its digits for large
 * a and b, where both are close to 1. */
double ip_trigamma_step(double a, double b);

#endif
