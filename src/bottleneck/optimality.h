/* optimality.h - whether a T with more clusters would be better, and which.
 *
 * The bottleneck is rate distortion with the distributions q over Y as reproductions and d(x,q) = KL(p(y|x)||q): over
 * all p(q|x) at once it is convex, and clusters are the q in use. So the Kuhn-Tucker conditions tell a global optimum:
 *     G(q) = sum_x p(x) exp(-beta KL(p(y|x)||q)) / Z(x) <= 1 for every q,
 *     Z(x) = sum_t p(t) exp(-beta KL(p(y|x)||p(y|t))),
 * with equality at every cluster. A q with G(q) > 1 is a cluster that is missing: inserted with a little mass it grows.
 * And L is at most ln max G above the global optimum. The largest G is searched for by ascents from the best of the
 * starts of starts.h: q(y) is replaced by the mean of p(y|x) under the terms of G, which raises G as a step of EM does.
 * Such a search can miss the maximum; certify.h proves, for few labels, that it did not.
 *
 * Sources: Berger, "Rate Distortion Theory", 1971, section 2.5; Harremoes & Tishby, "The Information Bottleneck
 * Revisited", ISIT 2007; for the growth of clusters, Rose, IEEE Trans. Inf. Theory 40, 1994.
 */
#ifndef IP_BOTTLENECK_OPTIMALITY_H
#define IP_BOTTLENECK_OPTIMALITY_H

#include "bottleneck/solve.h"

/* For solutions with alpha = 1. *gain is ln of the largest G found, >= 0 up to rounding. Where it
 * is above `least`, *start is the solution with the missing clusters inserted, which have `mass` in total; else, or
 * when `start` is NULL, none is made. With little enough mass L is lower there already. `thorough`: many more starts.
 */
ip_status ip_ib_check_optimality(const ip_ib_problem *p, const ip_ib_solution *s, bool thorough, double least,
                                 double mass, double *gain, ip_ib_solution **start);

/* The same by one ascent from q (n_y). */
ip_status ib_check_optimality_from(const ip_ib_problem *p, const ip_ib_solution *s, double *q, double mass,
                                   double *gain, ip_ib_solution **start);

#endif
