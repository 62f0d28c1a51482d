/* anderson.h - where an iteration leads, from the last few of its steps; not for use outside this folder.
 *
 * Fixed-point iterations g = G(u) that shrink their residual r = g - u slowly are accelerated by Anderson's mixing: of
 * the combinations of the last steps, the one with the least residual, u' = g_k - sum_j c_j (g_{j+1} - g_j),   c =
 * argmin | r_k - sum_j c_j (r_{j+1} - r_j) |. Here u are logarithms of probabilities, which stay positive by it, and
 * lengths are weighted by the probabilities. Sources: Anderson, J. ACM 12, 1965; for EM-like iterations, with the
 * descent kept by falling back to a plain step, Henderson & Varadhan, J. Comput. Graph. Statist. 28, 2019.
 */
#ifndef IP_BOTTLENECK_ANDERSON_H
#define IP_BOTTLENECK_ANDERSON_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { IB_ANDERSON_DEPTH = 8 };

typedef struct {
  size_t n_max, steps; /* room for vectors of n_max; steps recorded since the last restart */
  double *dr, *dg;     // (IB_ANDERSON_DEPTH, n) differences of residuals and of images
  double *r, *g;       // (n) residual and image of the last step
} ib_anderson;

ip_status ib_anderson_create(size_t n_max, ib_anderson *out);
void ib_anderson_free(ib_anderson *a);

/* Forgets the steps: the next one is the first. */
void ib_anderson_restart(ib_anderson *a);

/* Records the step from p (n) to q (n), probabilities, and writes where it leads to `to` (n), not normalised. False
 * when there is too little to go by: the first step, or differences that say nothing. */
bool ib_anderson_extrapolate(ib_anderson *a, size_t n, const double *p, const double *q, double *to);

#endif
