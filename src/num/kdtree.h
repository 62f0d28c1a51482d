/* kdtree.h - nearest neighbours in the maximum norm, by a balanced tree instead of all pairs.
 *
 *     d(a,b) = max_k |a_k - b_k|
 *
 * For few columns: above some fifteen a search visits nearly every sample, and num/neighbour.h is faster. Distances are
 * the same rounded differences as there, and comparisons are exact, so both give the same numbers.
 *
 * Every node halves its samples at the median of its widest column and knows their bounding box (Friedman, Bentley &
 * Finkel 1977). A single column is sorted instead.
 */
#ifndef IP_NUM_KDTREE_H
#define IP_NUM_KDTREE_H

#include "base/mem.h"
#include "base/team.h"

#include <stdint.h>

typedef struct ip_kdtree {
  size_t n, width, depth;
  double *point; // (n, width) in the order of the tree
  uint32_t *id;  // (n) number of each of them before
  double *box;   // (nodes, 2, width) smallest and largest values; nodes of level l from 2^l - 1 on; NULL for one column
} ip_kdtree;

/* The tree of n >= 1 samples of width >= 1 finite columns, in scratch memory. The threads of `team` (NULL: one) share
 * the making; the tree is the same. IP_ENOMEM, IP_ESTOPPED. */
ip_status ip_kdtree_create(size_t n, size_t width, const double *const *column /* (width) of (n) */, ip_team *team,
                           ip_scratch *sc, ip_kdtree *out);

/* The k-th smallest distance of samples from the point `at` (width), 1 <= k <= n. */
double ip_kdtree_kth(const ip_kdtree *t, const double *at, size_t k, double *nearest /* (k) */);

/* How many samples are at a distance below `limit` from the point `at` (width). */
size_t ip_kdtree_count_below(const ip_kdtree *t, const double *at, double limit);

#endif
