/* certify.h - proves that no G(q) of the Kuhn-Tucker conditions (optimality.h) exceeds a bound; not for use outside
 * this folder.
 *
 * Branch and bound over the q, cut into smaller and smaller simplices. The first one is the simplex of all q or, where
 * there are fewer inputs than labels, that of the mixtures of their p(y|x), among which the step that raises G leads.
 * In a cell around c, by Jensen, sum_y p(y|x) ln(q(y)/c(y)) <= ln sum_y p(y|x) q(y)/c(y), and hence G(q) <= sum_x
 * g_x(c) (sum_y p(y|x) q(y)/c(y))^beta,    g_x(c) being the terms of G(c). For beta >= 1 the right side is convex in q,
 * so its maximum over the cell is at a corner. It touches G at c with the same slope: its error shrinks with the square
 * of the size of the cell, and around a cluster, where G = 1, cells may grow with the distance. A single term is also
 * at most what it is at q = p(y|x) and at the largest q(y) of the cell. Where every row of p(y|x) has a single 1 the
 * bound is exact and one cell is enough.
 */
#ifndef IP_BOTTLENECK_CERTIFY_H
#define IP_BOTTLENECK_CERTIFY_H

#include "bottleneck/solve.h"

typedef enum {
  IB_PROVED,   /* ln G <= bound everywhere */
  IB_REFUTED,  /* ln G > bound at *q */
  IB_UNDECIDED /* the work was not enough */
} ib_proof;

/* Decides whether ln G <= `bound` for solutions with alpha = 1 and beta >= 1. `work` limits the number of exponentials.
 * q (n_y) is written when refuted. */
ip_status ib_certify(const ip_ib_problem *p, const ip_ib_solution *s, double bound, size_t work, ib_proof *proof,
                     double *q);

/* ln Z(x) (n_x) of a solution, less beta times the entropy of p(y|x), which G does not see either. */
ip_status ib_ln_z(const ip_ib_problem *p, const ip_ib_solution *s, double *ln_z);

#endif
