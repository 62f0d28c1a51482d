/* solve.h - one optimum of the Information Bottleneck: T that keeps what X tells of Y at a price.
 *
 * Minimises L = I(X;T) - beta I(T;Y) over p(t|x), or one of its relatives (see ip_ib_options), by the iterations of
 * iterate.h. An optimum found this way is a local one; curve.h looks for the global one by annealing and restarts.
 * beta is the price of the Lagrangian as Tishby, Pereira & Bialek (1999) write it: larger beta, more information.
 */
#ifndef IP_BOTTLENECK_SOLVE_H
#define IP_BOTTLENECK_SOLVE_H

#include "base/rng.h"
#include "bottleneck/problem.h"

#include <stdbool.h>

typedef struct ip_ib_options {
  double alpha;          /* L = H(T) - alpha H(T|X) - beta I(T;Y); 1: IB, 0: deterministic IB */
  double tolerance;      /* converged when L (nats) falls by less than this times 1 + beta a step and p(y,t) is within
                            1e4 times this of where its steps lead */
  size_t max_iterations; /* steps at most */
  bool accelerate;       /* lead the iterations on by the last few of their steps; false: the plain iterations */
  bool merge;            /* unite clusters where L does not rise by it; false: their number stays */
} ip_ib_options;

/* IB, 1e-14, 20000 steps, accelerated, merging. */
ip_ib_options ip_ib_options_default(void);

typedef struct ip_ib_solution {
  double beta;
  double slope_beta; /* the beta of the plain Lagrangian with this optimum: beta; beta / (2 I(X;T)), in nats, for points
                        of squared.h; NAN where alpha is not 1 */
  size_t n_y, n_t;   /* outcomes, clusters */
  double *joint;     // (n_y + 1, n_t) p(y,t), then p(t)
  double ixt_bits, ity_bits; /* I(X;T), I(T;Y) */
  double ht_bits;            /* H(T); 2^H(T) is the effective number of clusters */
  double lagrangian_bits;    /* L */
  double gap_bits;           /* where `certified`, no L is lower by more; else what a search found. NAN where neither
                                applies: 0 < alpha < 1, or no search was made */
  size_t iterations;
  bool converged;
  bool certified; /* gap_bits is a proven bound */
} ip_ib_solution;

/* The optimum that the iterations reach from `start`, of which only n_t and the joint are read. IP_EINVAL unless beta >
 * 0 and alpha >= 0 are finite. A solution that has not converged within the steps allowed is no error. */
ip_status ip_ib_solve(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                      ip_ib_solution **out);
void ip_ib_solution_destroy(ip_ib_solution **s);

/* p(t|x) of a solution for the classes of inputs, (n_x, n_t). */
ip_status ip_ib_encoder(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *p_t_given_x);

/* Starts: every class of inputs its own cluster, softened by a part `soft` of p(t) in every p(t|x), 0 <= soft < 1; one
 * cluster; n_t clusters with random p(t|x). */
ip_status ip_ib_start_identity(const ip_ib_problem *p, double soft, ip_ib_solution **out);
ip_status ip_ib_start_trivial(const ip_ib_problem *p, ip_ib_solution **out);
ip_status ip_ib_start_random(const ip_ib_problem *p, size_t n_t, ip_rng *rng, ip_ib_solution **out);

/* An unfilled solution of n_t clusters, and a copy. */
ip_status ip_ib_solution_create(size_t n_y, size_t n_t, ip_ib_solution **out);
ip_status ip_ib_solution_copy(const ip_ib_solution *s, ip_ib_solution **out);

#endif
