/* hashed.h - information of variables whose values are hashed to the cells of grids, as EDGE does it.
 *
 * With N_a, N_t and N_at the samples in cells of A, of T and of both, one grid gives
 *
 *     I = sum_at N_at/N min(max(log2(N N_at / (N_a N_t)), 0.001), 10)
 *
 * Every cell is clamped on its own, so I is never below 0.001 bits (that of independent cells), nor above 10.
 * Source: Noshad, Zeng & Hero, "Scalable mutual information estimation using dependence graphs", ICASSP 2019, and their
 * program EDGE 4.3.1, which has the lower clamp that the paper does not mention.
 */
#ifndef IP_ESTIMATOR_HASHED_H
#define IP_ESTIMATOR_HASHED_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>

/* Columns of the samples, and the width of the cells along each. */
typedef struct ip_hashed {
  size_t width;
  double *v;    // (width, n)
  double *cell; // (width) not negative; 0: every value is a cell
} ip_hashed;

/* Grid l = 0 .. 9: cells floor((v + e l/10) / e) of width e = scale cell (1 + l/90). */
ip_status ip_hashed_grid(size_t n, const ip_hashed *a, const ip_hashed *t, double scale, int l, ip_scratch *sc,
                         double *bits);

/* The median of the ten grids. */
ip_status ip_hashed_ensemble(size_t n, const ip_hashed *a, const ip_hashed *t, double scale, ip_scratch *sc,
                             double *bits);

/* Mean distance to the k-th nearest sample along one column (n), the sample itself the first, plus 10^-4, for a
 * variable of `width` columns: k = floor(0.43 n^(2/3 + 0.17 d/(d+1)) exp(-1/max(10^4, d^4))), d = width, at least 1. */
ip_status ip_hashed_spacing(size_t n, size_t width, const double *column, ip_scratch *sc, double *spacing);

#endif
