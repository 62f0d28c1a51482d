/* starts.h - where to begin looking for missing clusters; not for use outside this folder.
 *
 * An ascent on G (optimality.h) that begins on a face of the simplex, with q(y) = 0 for some y, stays there, and only
 * the inputs whose p(y|x) is on that face have a part in it. So every face that carries a p(y|x), and every union of
 * two such faces again, gets starts of its own inside it: the mean of the p(y|x) on it and mixtures of them.
 */
#ifndef IP_BOTTLENECK_STARTS_H
#define IP_BOTTLENECK_STARTS_H

#include "base/mem.h"
#include "bottleneck/problem.h"

#include <stdbool.h>

typedef struct {
  size_t n;
  double *q;      // (n, n_y)
  uint32_t *face; // (n) starts of one face have one number
  size_t n_faces;
} ib_starts;

/* The p(y|x) themselves, then the mixtures: a few where p(y|x) has zeros, and many when `thorough`. The arrays are the
 * scratch's. */
ip_status ib_starts_make(const ip_ib_problem *p, bool thorough, ip_scratch *sc, ib_starts *out);

#endif
