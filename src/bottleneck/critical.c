#include "bottleneck/critical.h"

#include "base/mem.h"
#include "bottleneck/certify.h"
#include "bottleneck/optimality.h"
#include "bottleneck/stability.h"
#include "info/discrete.h"

#include <math.h>

#define BETA_TOLERANCE 1e-9 /* relative; of the bisections */

enum {
  ROUNDS = 64,        /* of inserting clusters at one beta */
  ROUNDS_LARGE = 16,  /* the same where every round is expensive */
  LARGE_TABLE = 10000 /* cells */
};

#define BACK 1e-13 /* times 1 + beta: L this close to that of before is the same optimum */

/* ln G above this means that a cluster is missing: in solutions, and in bisections, where p(t|x) is known better. */
#define MISSING 1e-10
#define MISSING_FINE 1e-11

/* A proof shows that ln G is at most what was found plus this times 1 + beta, within so many exponentials. */
#define PROVED 5e-10
#define PROOF_WORK 6000000

/* beta times an eigenvalue above 1 by this: that of a point which has not quite converged may be by less. */
#define UNSTABLE 1e-7

bool ib_is_large(const ip_ib_problem *p)
{
  return p->n_x * p->n_y > LARGE_TABLE;
}

static void replace(ip_ib_solution **s, ip_ib_solution **by)
{
  ip_ib_solution_destroy(s);
  *s = *by;
  *by = NULL;
}

/* Tries to prove that nothing is missing beyond `gain`; where that fails for a q with a higher G, *start gets it. */
static ip_status prove(const ip_ib_problem *p, ip_ib_solution *s, double gain, double mass, ip_ib_solution **start)
{
  double *q, bound = fmax(gain, 0) + PROVED * (1 + s->beta);
  ib_proof proof = IB_UNDECIDED;
  s->certified = s->beta <= 1; /* I(T;Y) <= I(X;T): no L is below 0 */
  if (s->certified) s->optimality_gap_bits = fmax(s->lagrangian_bits, 0);
  if (s->certified) return IP_OK;
  IP_TRY(IP_NEW(q, p->n_y, "a missing cluster"));
  ip_status st = ib_certify(p, s, bound, PROOF_WORK, &proof, q);
  s->certified = proof == IB_PROVED;
  if (s->certified) s->optimality_gap_bits = bound / IP_NATS_PER_BIT;
  if (st == IP_OK && proof == IB_REFUTED && start) st = ib_check_optimality_from(p, s, q, mass, &gain, start);
  ip_free(q);
  return st;
}

/* A start with the missing clusters, of so much mass: those that ascents find, else the halves of clusters that are
 * unstable, else what a proof that nothing is missing fails at. NULL when none is missing. */
static ip_status find_missing(const ip_ib_problem *p, const ip_ib_options *opt, ip_ib_solution *s, bool thorough,
                              double mass, ip_ib_solution **start)
{
  ip_ib_stability stability;
  double gain;
  s->certified = false;
  IP_TRY(ip_ib_check_optimality(p, s, thorough, MISSING, mass, &gain, start));
  s->optimality_gap_bits = gain / IP_NATS_PER_BIT;
  if (*start) return IP_OK;
  IP_TRY(ip_ib_stability_measure(p, opt, s, &stability));
  ip_status st = IP_OK;
  if (s->beta * stability.most > 1 + UNSTABLE) st = ip_ib_split(s, &stability, s->beta, start);
  ip_ib_stability_free(&stability);
  if (st == IP_OK && !*start && thorough) st = prove(p, s, gain, mass, start);
  return st;
}

/* Inserts the missing clusters with less and less mass until L decreases. Sets *missing if any are missing and *better
 * if L decreased. With much mass few steps are needed, but if inputs are rare the iterations may lead back; for large
 * tables no smaller mass is tried then. */
static ip_status complete_once(const ip_ib_problem *p, const ip_ib_options *opt, bool thorough, ip_ib_solution **s,
                               bool *missing, bool *better)
{
  *better = *missing = false;
  for (double mass = 0.02; mass > 1e-10 && !*better; mass /= 50) {
    ip_ib_solution *start, *next = NULL;
    IP_TRY(find_missing(p, opt, *s, thorough, mass, &start));
    *missing = start != NULL;
    if (!start) return IP_OK;
    ip_status st = ip_ib_solve(p, opt, (*s)->beta, start, &next);
    ip_ib_solution_destroy(&start);
    if (next && ib_is_large(p) && next->lagrangian_bits > (*s)->lagrangian_bits - BACK * (1 + (*s)->beta)) {
      ip_ib_solution_destroy(&next);
      return st;
    }
    if (next && next->lagrangian_bits < (*s)->lagrangian_bits) {
      *better = true;
      next->optimality_gap_bits = (*s)->optimality_gap_bits;
      replace(s, &next);
    }
    ip_ib_solution_destroy(&next);
    IP_TRY(st);
  }
  return IP_OK;
}

static ip_status complete(const ip_ib_problem *p, const ip_ib_options *opt, bool thorough, ip_ib_solution **s,
                          bool *missing)
{
  bool better = true;
  int most = ib_is_large(p) ? ROUNDS_LARGE : ROUNDS;
  for (int i = 0; i < most && better; i++) IP_TRY(complete_once(p, opt, thorough, s, missing, &better));
  return IP_OK;
}

ip_status ib_solve_complete(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                            ip_ib_solution **out)
{
  IP_TRY(ip_ib_solve(p, opt, beta, start, out));
  bool missing;
  ip_status st = complete(p, opt, false, out, &missing);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  return st;
}

ip_status ib_solve_certified(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                             ip_ib_solution **out)
{
  bool missing;
  IP_TRY(ib_solve_complete(p, opt, beta, start, out));
  ip_status st = complete(p, opt, true, out, &missing);
  if (st == IP_OK && missing) /* something is missing that no step gets */
    st = prove(p, *out, (*out)->optimality_gap_bits * IP_NATS_PER_BIT, 0, NULL);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  return st;
}

/* --- Bisection along the branch of one optimum */

/* What is below 0 where the branch is as it should be and above 0 beyond the beta looked for. */
typedef ip_status measure(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *value);

static ip_status instability(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *value)
{
  ip_ib_stability stability;
  IP_TRY(ip_ib_stability_measure(p, opt, s, &stability));
  *value = s->beta * stability.most - 1;
  ip_ib_stability_free(&stability);
  return IP_OK;
}

static ip_status search_missing(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                                bool thorough, double *value)
{
  IP_TRY(instability(p, opt, s, value));
  if (*value > 0) return IP_OK;
  IP_TRY(ip_ib_check_optimality(p, s, thorough, 0, 0, value, NULL));
  *value -= MISSING_FINE;
  return IP_OK;
}

static ip_status missing_cluster(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                                 double *value)
{
  return search_missing(p, opt, s, false, value);
}

static ip_status hidden_cluster(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s,
                                double *value)
{
  return search_missing(p, opt, s, true, value);
}

/* The two lowest betas at which f was above 0. */
typedef struct {
  double beta[2], value[2];
  int n;
} above;

static void note_above(above *a, double beta, double value)
{
  a->beta[1] = a->beta[0];
  a->value[1] = a->value[0];
  a->beta[0] = beta;
  a->value[0] = value;
  a->n++;
}

/* The next beta to try between `low` and a->beta[0]: just below the root of the secant, and the middle every third
 * time. */
static double next_beta(const above *a, double low, int step)
{
  double middle = sqrt(low * a->beta[0]);
  if (a->n < 2 || step % 3 == 2) return middle;
  double root = a->beta[0] - a->value[0] * (a->beta[1] - a->beta[0]) / (a->value[1] - a->value[0]);
  double below = root - fmax(0.4 * BETA_TOLERANCE * root, 0.02 * (a->beta[0] - root));
  return below > low && below < a->beta[0] ? below : middle;
}

/* Follows the branch of s to `high` and finds the beta at which f rises above 0: *beta is just above it, *edge the
 * branch just below; NULL when f is not above 0 at `high`. */
static ip_status bisect(const ip_ib_problem *p, const ip_ib_options *opt, measure *f, const ip_ib_solution *s,
                        double high, ip_ib_solution **edge, double *beta)
{
  ip_ib_solution *there;
  double value;
  above a = {0};
  *edge = NULL;
  *beta = high;
  IP_TRY(ip_ib_solve(p, opt, high, s, &there));
  ip_status st = f(p, opt, there, &value);
  ip_ib_solution_destroy(&there);
  if (st != IP_OK || value <= 0) return st;
  IP_TRY(ip_ib_solution_copy(s, edge));
  note_above(&a, high, value);
  for (int step = 0; a.beta[0] / (*edge)->beta > 1 + BETA_TOLERANCE && st == IP_OK; step++) {
    double at = next_beta(&a, (*edge)->beta, step);
    st = ip_ib_solve(p, opt, at, *edge, &there);
    if (st == IP_OK) st = f(p, opt, there, &value);
    if (st == IP_OK && value <= 0)
      replace(edge, &there);
    else
      note_above(&a, at, value);
    ip_ib_solution_destroy(&there);
  }
  *beta = a.beta[0];
  if (st != IP_OK) ip_ib_solution_destroy(edge);
  return st;
}

/* The last beta of the branch before a cluster is missing, with the optimum there in *edge; NULL when none is up to
 * high. T = constant has its own way. */
static ip_status find_transition(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant,
                                 const ip_ib_solution *s, double high, ip_ib_solution **edge, double *critical_beta)
{
  if (s->n_t == 1 && constant->critical_beta > s->beta && constant->critical_beta < high) {
    IP_TRY(ip_ib_start_trivial(p, edge));
    (*edge)->beta = *critical_beta = constant->critical_beta;
    return IP_OK;
  }
  IP_TRY(bisect(p, opt, missing_cluster, s, high, edge, critical_beta));
  double beyond = 1;
  if (*edge) IP_TRY(hidden_cluster(p, opt, *edge, &beyond));
  if (beyond <= 0) return IP_OK;
  ip_ib_solution *lower; /* the quick search has missed one that appears before */
  double lower_beta;
  IP_TRY(bisect(p, opt, hidden_cluster, s, *edge ? (*edge)->beta : high, &lower, &lower_beta));
  if (!lower) return IP_OK;
  replace(edge, &lower);
  *critical_beta = lower_beta;
  return IP_OK;
}

/* The next critical beta above *s on the way to `high`; *s moves past it. Not found: n_before = n_after. */
static ip_status find_next(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant,
                           ip_ib_solution **s, double high, ip_ib_critical *found)
{
  ip_ib_solution *edge, *split, *past;
  *found = (ip_ib_critical){.n_before = (*s)->n_t, .n_after = (*s)->n_t};
  ip_status st = find_transition(p, opt, constant, *s, high, &edge, &found->critical_beta);
  if (st != IP_OK) ip_ib_solution_destroy(&edge);
  if (!edge) return st;
  st = bisect(p, opt, instability, *s, high, &split, &found->split_beta);
  if (st == IP_OK && !split) found->split_beta = NAN;
  found->ixt_bits = edge->ixt_bits;
  found->ity_bits = edge->ity_bits;
  /* off the edge, where the new cluster is hard to tell */
  for (double part = 0.05; part <= 1 && found->n_after == found->n_before && st == IP_OK; part *= 2) {
    st = ib_solve_certified(p, opt, found->critical_beta + part * (high - found->critical_beta), edge, &past);
    if (st == IP_OK) replace(s, &past);
    found->n_after = (*s)->n_t;
  }
  ip_ib_solution_destroy(&edge);
  ip_ib_solution_destroy(&split);
  return st;
}

ip_status ib_find_critical(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant,
                           const ip_ib_solution *low, const ip_ib_solution *high, size_t n_t, size_t most,
                           ip_ib_critical *critical, size_t *n)
{
  ip_ib_solution *s;
  ip_ib_options fine = *opt;
  fine.tolerance = opt->tolerance / 100; /* G at the clusters is off 1 by as much as they are off their places */
  ip_status st = ip_ib_solution_copy(low, &s);
  while (*n < most && st == IP_OK && s->n_t != high->n_t && s->n_t <= n_t) {
    ip_ib_critical found;
    st = find_next(p, &fine, constant, &s, high->beta, &found);
    if (st != IP_OK || found.n_before == found.n_after) break; /* the branches have met */
    critical[(*n)++] = found;
  }
  ip_ib_solution_destroy(&s);
  return st;
}
