#include "bottleneck/constant.h"

#include "base/mem.h"
#include "bottleneck/certify.h"
#include "bottleneck/optimality.h"
#include "bottleneck/stability.h"
#include "num/sum.h"

#include <math.h>

enum { ROUNDS = 60, STEPS = 200 };

#define NEAR 1e-7    /* relative: a critical beta this near to instability is taken to be equal to it */
#define BELOW 1e-3   /* relative: the proof is made so far below the critical beta, where G is clearly less than 1 */
#define HIGHER 1e-12 /* ln G above this is more than rounding */
#define PROVED 2e-10 /* as for the points of a curve (critical.c) */
#define PROOF_WORK 2000000

/* ln sum_x p(x) exp(beta d(x)); terms (n_x) is overwritten. */
static double ln_gain(const ip_ib_problem *p, double beta, const double *d, double *terms)
{
  for (size_t x = 0; x < p->n_x; x++) terms[x] = log(p->p_xy[x * (p->n_y + 1) + p->n_y]) + beta * d[x];
  return ip_logsumexp(p->n_x, terms);
}

/* The root in beta below `high`, where ln G(q) > 0; by bisection. */
static double root(const ip_ib_problem *p, const double *q, double high, double *d, double *terms)
{
  double low = 0;
  for (size_t x = 0; x < p->n_x; x++) {
    d[x] = 0;
    for (size_t y = 0; y < p->n_y; y++) {
      double a = p->p_y_given_x[x * (p->n_y + 1) + y];
      if (a > 0) d[x] += q[y] > 0 ? a * log(q[y] / p->p_y[y]) : -1e200;
    }
  }
  for (int i = 0; i < STEPS && high - low > 1e-14 * high; i++) {
    double middle = (low + high) / 2;
    if (ln_gain(p, middle, d, terms) > 0)
      high = middle;
    else
      low = middle;
  }
  return high;
}

/* The q with the largest G found at s->beta; *gain is its ln G. */
static ip_status best_q(const ip_ib_problem *p, const ip_ib_solution *s, bool thorough, double *gain, double *q)
{
  ip_ib_solution *with = NULL;
  IP_TRY(ip_ib_check_optimality(p, s, thorough, HIGHER, 0.5, gain, &with));
  for (size_t y = 0; with && y < p->n_y; y++)
    q[y] = with->joint[y * with->n_t + 1] / with->joint[p->n_y * with->n_t + 1];
  ip_ib_solution_destroy(&with);
  return IP_OK;
}

/* From s->beta down to the smallest root; true when there was one. */
static ip_status descend(const ip_ib_problem *p, ip_ib_solution *s, double *q, double *work, bool *found)
{
  *found = false;
  for (int round = 0, thorough = 0; round < ROUNDS; round++) {
    double gain;
    IP_TRY(best_q(p, s, thorough, &gain, q));
    if (gain > HIGHER) {
      s->beta = root(p, q, s->beta, work, work + p->n_x);
      *found = true;
      thorough = 0;
    } else if (thorough++) {
      return IP_OK;
    }
  }
  return IP_OK;
}

static ip_status measure(const ip_ib_problem *p, ip_ib_solution *s, double *q, double *work, ip_ib_constant *out)
{
  ib_proof proof = IB_REFUTED;
  out->critical_beta = out->unstable_beta;
  s->beta = out->unstable_beta * (1 - NEAR);
  for (int round = 0; round < ROUNDS && proof == IB_REFUTED; round++) {
    bool found;
    IP_TRY(descend(p, s, q, work, &found));
    if (found || round > 0) out->critical_beta = s->beta;
    double here = s->beta;
    s->beta = out->critical_beta * (1 - BELOW);
    if (s->beta <= 1) { /* I(T;Y) <= I(X;T) */
      out->critical_beta = fmax(out->critical_beta, 1);
      proof = IB_PROVED;
      break;
    }
    IP_TRY(ib_certify(p, s, PROVED, PROOF_WORK, &proof, q));
    s->beta = proof == IB_REFUTED ? root(p, q, s->beta, work, work + p->n_x) : here;
  }
  out->certified = proof == IB_PROVED;
  return IP_OK;
}

ip_status ip_ib_constant_measure(const ip_ib_problem *p, ip_ib_constant *out)
{
  ip_scratch *sc;
  ip_ib_solution *s = NULL;
  double *q, *work; // (n_y), (2, n_x)
  *out = (ip_ib_constant){.critical_beta = HUGE_VAL, .certified = true};
  IP_TRY(ip_ib_unstable_beta(p, &out->unstable_beta));
  if (!(out->unstable_beta < 1e12)) return IP_OK; /* rounding is all that X tells */
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, q, p->n_y, "a missing cluster");
  if (st == IP_OK) st = IP_SCRATCH(sc, work, 2 * p->n_x, "terms of G");
  if (st == IP_OK) st = ip_ib_start_trivial(p, &s);
  if (st == IP_OK) st = measure(p, s, q, work, out);
  ip_ib_solution_destroy(&s);
  ip_scratch_destroy(&sc);
  return st;
}
