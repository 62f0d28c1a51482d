/* iterate.h - one step of the self-consistent equations, for the solver; not for use outside this folder.
 *
 * The state is p(y,t) as (n_y + 1, n_t), the last row being p(t). A step goes from p(t) and p(y|t) to the best p(t|x),
 *     p(t|x) = exp((ln p(t) - beta KL(p(y|x) || p(y|t))) / alpha) / Z(x),
 * and from there to the p(y,t) = sum_x p(t|x) p(x,y) that belongs to it. Each half minimises
 *     L = H(T) - alpha H(T|X) - beta I(T;Y)
 * over its own variables with the others held fixed, hence L never rises. alpha = 1 is the Information Bottleneck
 * (Tishby, Pereira & Bialek 1999, theorems 4 and 5), alpha = 0, where the exponential becomes a choice of
 * the best t, the deterministic one (Strouse & Schwab 2017, section 3).
 */
#ifndef IP_BOTTLENECK_ITERATE_H
#define IP_BOTTLENECK_ITERATE_H

#include "bottleneck/problem.h"

typedef struct {
  const ip_ib_problem *p;
  double alpha, beta;
  size_t n_t_max;   /* the arrays have room for so many clusters */
  double *logs;     // (n_y + 1, n_t) logarithms of the decoder
  double *rows;     // (block of x, n_t) exponents, then p(t|x) times z
  double *weighted; // (block of x, n_y + 1) p(x,y) / z
  double *z;        // (block of x)
  double noise;     /* H(T|X) of the last step's p(t|x), in nats */
} ib_map;

ip_status ib_map_create(const ip_ib_problem *p, double alpha, double beta, size_t n_t_max, ib_map *out);
void ib_map_free(ib_map *m);

/* One step from `joint` to `next`, both (n_y + 1, n_t); L in nats at `joint` with its best p(t|x), which goes to
 * `encoder` (n_x, n_t) unless that is NULL. IP_ENUMERIC when L is not finite. */
ip_status ib_map_step(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder);

#endif
