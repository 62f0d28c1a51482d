#include "bottleneck/solve.h"

#include "base/mem.h"
#include "bottleneck/search.h"
#include "info/discrete.h"
#include "num/sum.h"

#include <math.h>
#include <string.h>

/* I(X;T) = H(T) - H(T|X), H(T) and I(T;Y) from the joint p(y,t) and H(T|X). */
static void measure(const ip_ib_problem *p, double noise_nats, ip_ib_solution *s)
{
  size_t n_y = p->n_y, n_t = s->n_t;
  const double *p_t = s->joint + n_y * n_t;
  ip_sum ity = {0};
  for (size_t y = 0; y < n_y; y++)
    for (size_t t = 0; t < n_t; t++) {
      double w = s->joint[y * n_t + t];
      if (w > 0) ip_sum_add(&ity, w * ip_log2_ratio(w / p_t[t], p->p_y[y]));
    }
  s->ht_bits = ip_entropy_bits(n_t, p_t);
  s->ixt_bits = fmin(fmax(s->ht_bits - noise_nats / IP_NATS_PER_BIT, 0), s->ht_bits);
  s->ity_bits = fmax(ip_sum_value(&ity), 0);
}

/* The result is the image of the last state, of which p(t|x) is known. */
static ip_status finish(ib_search *s, bool converged, ip_ib_solution **out)
{
  IP_TRY(ip_ib_solution_create(s->n_y, s->n_t, out));
  ip_ib_solution *r = *out;
  memcpy(r->joint, s->next, (s->n_y + 1) * s->n_t * sizeof *r->joint);
  measure(s->map.p, s->noise_next, r);
  r->beta = s->map.beta;
  r->slope_beta = s->opt->alpha == 1 ? r->beta : (double)NAN;
  r->optimality_gap_bits = NAN;
  r->iterations = s->steps;
  r->converged = converged;
  r->lagrangian_bits = r->ht_bits - s->opt->alpha * (r->ht_bits - r->ixt_bits) - r->beta * r->ity_bits;
  return IP_OK;
}

static ip_status check_arguments(const ip_ib_problem *p, const ip_ib_options *opt, double beta,
                                 const ip_ib_solution *start)
{
  IP_REQUIRE(start->n_y == p->n_y, IP_EINVAL, "start: got %zu outcomes, expected %zu as in the problem", start->n_y,
             p->n_y);
  IP_REQUIRE(isfinite(beta) && beta > 0, IP_EINVAL, "beta is %g; the Lagrangian needs a finite beta above 0", beta);
  IP_REQUIRE(isfinite(opt->alpha) && opt->alpha >= 0, IP_EINVAL,
             "alpha is %g; the generalised bottleneck needs 0 (deterministic) or more", opt->alpha);
  IP_REQUIRE(start->n_t > 0, IP_EINVAL, "a bottleneck variable without a value");
  return IP_OK;
}

ip_status ip_ib_solve(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                      ip_ib_solution **out)
{
  ib_search s;
  bool converged;
  *out = NULL;
  IP_TRY(check_arguments(p, opt, beta, start));
  IP_TRY(ib_search_open(p, opt, beta, start, &s));
  ip_status st = ib_search_run(&s, &converged);
  if (st == IP_OK) st = finish(&s, converged, out);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  ib_search_close(&s);
  return st;
}

ip_status ip_ib_encoder(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *p_t_given_x)
{
  ib_map map;
  double *next, unused;
  double beta = isfinite(s->slope_beta) ? s->slope_beta : s->beta;
  IP_TRY(ib_map_create(p, opt->alpha, beta, s->n_t, &map));
  ip_status st = IP_NEW(next, (p->n_y + 1) * s->n_t, "p(y,t)");
  if (st == IP_OK) st = ib_map_step(&map, s->n_t, s->joint, next, &unused, p_t_given_x);
  ip_free(next);
  ib_map_free(&map);
  return st;
}
