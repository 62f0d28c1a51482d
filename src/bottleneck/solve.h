/* solve.h - one optimum of the Information Bottleneck, from a given start.
 *
 * Minimises over p(t|x)
 *     L = I(X;T) - beta I(T;Y)
 * or a variant (ip_ib_options), by the iterations of Tishby, Pereira & Bialek, "The information bottleneck method",
 * 1999, theorem 5, accelerated. The result is a local optimum; curve.h searches for the global one. The larger beta,
 * the more information T retains. beta has no unit, and KL divergences in the iterations are in nats.
 */
#ifndef IP_BOTTLENECK_SOLVE_H
#define IP_BOTTLENECK_SOLVE_H

#include "base/public.h"
#include "base/rng.h"
#include "bottleneck/problem.h"

#include <stdbool.h>

IP_PUBLIC_BEGIN

typedef struct ip_ib_options {
  double alpha;          /* L = H(T) - alpha H(T|X) - beta I(T;Y); 1: IB, 0: deterministic IB */
  double tolerance;      /* converged if L (nats) decreases by less than tolerance (1 + beta) in a step, and p(y,t) is
                            within 1e4 tolerance of the point to which its steps lead */
  size_t max_iterations; /* largest number of steps */
  bool accelerate;       /* extrapolate from the last steps (Anderson mixing); false: the plain iterations */
  bool merge;            /* merge clusters if this does not increase L; false: the number of clusters is kept */
} ip_ib_options;

/* alpha 1, tolerance 1e-14, at most 20000 steps, with acceleration and merging. */
ip_ib_options ip_ib_options_default(void);

typedef struct ip_ib_solution {
  double beta;
  double slope_beta; /* the slope of the curve here is 1/slope_beta: beta; beta / (2 I(X;T)), in nats, for the squared
                        Lagrangian of curve.h; NAN if alpha is not 1 */
  size_t n_y, n_t;   /* outcomes, clusters */
  double *joint;     // (n_y + 1, n_t) p(y,t), then p(t)
  double ixt_bits, ity_bits;  /* I(X;T), I(T;Y) */
  double ht_bits;             /* H(T); 2^H(T) is the effective number of clusters */
  double lagrangian_bits;     /* L */
  double optimality_gap_bits; /* how far L may be above the global optimum: a proven bound if `certified`, otherwise
                      only what a search found. NAN if 0 < alpha < 1, or if there was no search */
  size_t iterations;
  bool converged;
  bool certified; /* optimality_gap_bits is a proven bound */
} ip_ib_solution;

/* Iterates from `start`, of which only n_t and joint are read, to a local optimum. IP_EINVAL unless beta > 0 and alpha
 * >= 0 are finite; IP_ENOMEM; IP_ESTOPPED on Ctrl-C. Reaching max_iterations is not an error: check `converged`. */
ip_status ip_ib_solve(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                      ip_ib_solution **out);
void ip_ib_solution_destroy(ip_ib_solution **s);

/* Fills p_t_given_x (n_x, n_t) with the encoder p(t|x) of a solution, for the n_x classes of inputs. */
ip_status ip_ib_encoder(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *p_t_given_x);

/* Starting points: T = X on the classes, mixed with a fraction `soft` of p(t) in every p(t|x), 0 <= soft < 1; T =
 * constant; n_t clusters with random p(t|x). */
ip_status ip_ib_start_identity(const ip_ib_problem *p, double soft, ip_ib_solution **out);
ip_status ip_ib_start_trivial(const ip_ib_problem *p, ip_ib_solution **out);
ip_status ip_ib_start_random(const ip_ib_problem *p, size_t n_t, ip_rng *rng, ip_ib_solution **out);

/* A solution of n_t clusters whose joint is 0, to be filled by the caller, and a copy. */
ip_status ip_ib_solution_create(size_t n_y, size_t n_t, ip_ib_solution **out);
ip_status ip_ib_solution_copy(const ip_ib_solution *s, ip_ib_solution **out);

IP_PUBLIC_END

#endif
