/* neighbour.h - distances in the maximum norm, and what nearest-neighbour estimators ask of them.
 *
 *     d(a,b) = max_k |a_k - b_k|
 *
 * Brute force in vectors: for the dimensions of layers a tree has to look at nearly all samples anyway. Comparisons are
 * exact, so every variant gives the same numbers.
 */
#ifndef IP_NUM_NEIGHBOUR_H
#define IP_NUM_NEIGHBOUR_H

#include <stddef.h>

typedef struct ip_neighbour {
  const char *name;
  /* d (rows, ld), of which n columns are set: distances between samples a + 0 .. a + rows - 1 and b + 0 .. b + n - 1 of
   * feature-major arrays (width, stride); width 0: all are 0. */
  void (*distances)(size_t rows, size_t n, size_t width, size_t stride, const double *a, const double *b, size_t ld,
                    double *d);
  /* The k-th smallest of (n) numbers max(d_i, e_i), 1 <= k <= n; e may be d. */
  double (*kth)(size_t k, size_t n, const double *d, const double *e, double *nearest /* (k) */);
  /* How many of (n) numbers are below `limit`. */
  size_t (*count_below)(size_t n, const double *d, double limit);
} ip_neighbour;

/* The best variant of this processor for k = 0, slower ones after it, NULL after the last. */
const ip_neighbour *ip_neighbour_variant(size_t k);

#endif
