/* student.h - Student's t, chi-square and binomial distributions with whole numbers of degrees of freedom, as finite
 * sums.
 */
#ifndef IP_NUM_STUDENT_H
#define IP_NUM_STUDENT_H

#include <stddef.h>

/* P(|T| > |t|) of Student's t with df >= 1 degrees of freedom; absolute error about 1e-15. NaN for df = 0 or t NaN.
 * Source: Abramowitz & Stegun 26.7.3 and 26.7.4. */
double ip_student_p(double t, size_t df);

/* The t with P(|T| < t) = level: 2.2009... for 0.95 and 11. 0 < level < 1, df >= 1. */
double ip_student_quantile(double level, size_t df);

/* P(chi^2 > x) with df >= 1 degrees of freedom, x >= 0. Source: Abramowitz & Stegun 26.4.4 and 26.4.5. */
double ip_chi_square_p(double x, size_t df);

/* P(at most k heads of n fair coins), k <= n. */
double ip_coins_at_most(size_t k, size_t n);

#endif
