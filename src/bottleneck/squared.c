#include "bottleneck/squared.h"

#include "base/mem.h"
#include "bottleneck/critical.h"
#include "info/discrete.h"

#include <math.h>
#include <string.h>

enum { STEPS = 200, ROUNDS = 8, CAPACITY = 64 };

#define ROOT 1e-11     /* relative, of 2 b I(b) */
#define APART 1e-3     /* bits; a straight piece is at least so long, unless b is known to its last digits */
#define STRAIGHT 1e-11 /* times 1 + b, bits: L of an optimum this little below that of the ends is theirs */
#define SAME 1e-7      /* clusters of the two ends with p(y|t) this close are one */

/* 2 b I(b) - beta in nats: below 0 where b is too small. */
static double excess(const ip_ib_solution *s, double beta)
{
  return 2 * s->beta * s->ixt_bits * IP_NATS_PER_BIT - beta;
}

ip_status ib_trace_open(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_constant *constant, ib_trace *out)
{
  *out = (ib_trace){.p = p, .opt = opt, .n = 1, .capacity = CAPACITY};
  ip_status st = IP_NEW(out->point, CAPACITY, "plain optima");
  if (st == IP_OK) st = ip_ib_start_trivial(p, &out->point[0]);
  if (st == IP_OK) out->point[0]->beta = out->point[0]->slope_beta = constant->critical_beta;
  if (st != IP_OK) ib_trace_close(out);
  return st;
}

void ib_trace_close(ib_trace *t)
{
  for (size_t i = 0; t->point && i < t->n; i++) ip_ib_solution_destroy(&t->point[i]);
  ip_free(t->point);
  *t = (ib_trace){0};
}

/* Puts *s, which is given away, in its place; of two at the same beta the lower one stays. */
static ip_status insert(ib_trace *t, ip_ib_solution **s)
{
  size_t i = 0;
  while (i < t->n && t->point[i]->beta < (*s)->beta) i++;
  if (i < t->n && t->point[i]->beta == (*s)->beta) {
    if ((*s)->lagrangian_bits < t->point[i]->lagrangian_bits) {
      ip_ib_solution *old = t->point[i];
      t->point[i] = *s;
      *s = old;
    }
    ip_ib_solution_destroy(s);
    return IP_OK;
  }
  if (t->n == t->capacity) {
    ip_ib_solution **grown = ip_grow(t->point, t->n, 2 * t->n, sizeof *grown, "plain optima");
    if (!grown) {
      ip_ib_solution_destroy(s);
      return IP_ENOMEM;
    }
    t->point = grown;
    t->capacity = 2 * t->n;
  }
  memmove(t->point + i + 1, t->point + i, (t->n - i) * sizeof *t->point);
  t->point[i] = *s;
  *s = NULL;
  t->n++;
  return IP_OK;
}

/* The plain optimum at b, from both neighbours. */
static ip_status solve_between(const ib_trace *t, double b, const ip_ib_solution *low, const ip_ib_solution *high,
                               ip_ib_solution **out)
{
  ip_ib_solution *other = NULL;
  IP_TRY(ib_solve_complete(t->p, t->opt, b, high, out));
  ip_status st = ib_solve_complete(t->p, t->opt, b, low, &other);
  if (st == IP_OK && other->lagrangian_bits < (*out)->lagrangian_bits) {
    ip_ib_solution *s = *out;
    *out = other;
    other = s;
  }
  ip_ib_solution_destroy(&other);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  return st;
}

/* Adds optima of larger and larger b until one is beyond the root. The index of the first that is. */
static ip_status bracket(ib_trace *t, double beta, size_t *at)
{
  for (*at = 1;; (*at)++) {
    while (*at < t->n && excess(t->point[*at], beta) < 0) (*at)++;
    if (*at < t->n) return IP_OK;
    ip_ib_solution *all, *s = NULL;
    double b = 2 * t->point[t->n - 1]->beta;
    IP_TRY(ip_ib_start_identity(t->p, 0, &all));
    ip_status st = solve_between(t, b, t->point[t->n - 1], all, &s);
    ip_ib_solution_destroy(&all);
    if (st == IP_OK) st = insert(t, &s);
    IP_TRY(st);
    *at = t->n - 2;
  }
}

/* --- Mixtures */

/* Adds `part` of the clusters of s to the n of joint (n_y + 1, most); returns how many there are then. */
static size_t add_clusters(const ip_ib_solution *s, double part, size_t n, size_t most, double *joint)
{
  size_t n_y = s->n_y;
  for (size_t t = 0; t < s->n_t; t++) {
    double p_t = s->joint[n_y * s->n_t + t];
    size_t at = 0;
    for (; at < n; at++) {
      double far = 0;
      for (size_t y = 0; y < n_y; y++)
        far = fmax(far, fabs(joint[y * most + at] / joint[n_y * most + at] - s->joint[y * s->n_t + t] / p_t));
      if (far < SAME) break;
    }
    for (size_t y = 0; y <= n_y; y++) joint[y * most + at] += part * s->joint[y * s->n_t + t];
    n += at == n;
  }
  return n;
}

/* T that is `high` with probability `part` and else `low`, both optima at `b`. */
static ip_status mix(const ip_ib_solution *low, const ip_ib_solution *high, double part, double b, ip_ib_solution **out)
{
  size_t most = low->n_t + high->n_t, n_y = low->n_y;
  ip_ib_solution *wide;
  IP_TRY(ip_ib_solution_create(n_y, most, &wide));
  size_t n = add_clusters(low, 1 - part, 0, most, wide->joint);
  n = add_clusters(high, part, n, most, wide->joint);
  ip_status st = ip_ib_solution_create(n_y, n, out);
  for (size_t y = 0; y <= n_y && st == IP_OK; y++)
    memcpy((*out)->joint + y * n, wide->joint + y * most, n * sizeof *wide->joint);
  ip_ib_solution_destroy(&wide);
  IP_TRY(st);
  ip_ib_solution *s = *out;
  s->beta = b;
  s->ixt_bits = (1 - part) * low->ixt_bits + part * high->ixt_bits;
  s->ity_bits = (1 - part) * low->ity_bits + part * high->ity_bits;
  s->ht_bits = ip_entropy_bits(n, s->joint + n_y * n);
  s->iterations = low->iterations + high->iterations;
  s->converged = low->converged && high->converged;
  s->certified = low->certified && high->certified;
  s->optimality_gap_bits = fmax(low->optimality_gap_bits, high->optimality_gap_bits);
  s->lagrangian_bits = s->ixt_bits - b * s->ity_bits;
  return IP_OK;
}

/* The mixture of the ends of a straight piece with 2 b I = beta, after both were solved at b once more. */
static ip_status mix_ends(const ib_trace *t, const ip_ib_solution *low, const ip_ib_solution *high, double b,
                          double beta, ip_ib_solution **out)
{
  ip_ib_solution *a, *c = NULL;
  double want = beta / (2 * b) / IP_NATS_PER_BIT;
  *out = NULL;
  IP_TRY(ip_ib_solve(t->p, t->opt, b, low, &a));
  ip_status st = ip_ib_solve(t->p, t->opt, b, high, &c);
  if (st == IP_OK && a->ixt_bits <= want && want <= c->ixt_bits) {
    low = a;
    high = c;
  }
  double length = high->ixt_bits - low->ixt_bits;
  double part = length > 0 ? fmin(fmax((want - low->ixt_bits) / length, 0), 1) : 0;
  if (st == IP_OK) st = mix(low, high, part, b, out);
  ip_ib_solution_destroy(&a);
  ip_ib_solution_destroy(&c);
  return st;
}

/* --- The root */

/* The next b to look at between two optima: in turns where their chord's slope is, by the secant, and in the middle. */
static double next_b(const ip_ib_solution *low, const ip_ib_solution *high, double beta, int step)
{
  double b = sqrt(low->beta * high->beta), f_low = excess(low, beta), f_high = excess(high, beta);
  if (step % 3 == 0) b = (high->ixt_bits - low->ixt_bits) / (high->ity_bits - low->ity_bits);
  if (step % 3 == 1) b = low->beta * pow(high->beta / low->beta, -f_low / (f_high - f_low));
  return isfinite(b) ? fmin(fmax(b, low->beta), high->beta) : high->beta;
}

/* L of the two ends is the same at b, no other is lower there, and 2 b I = beta between them. */
static bool is_straight(const ip_ib_solution *low, const ip_ib_solution *high, const ip_ib_solution *s, double beta)
{
  double want = beta / (2 * s->beta) / IP_NATS_PER_BIT;
  if (!(low->ixt_bits <= want && want <= high->ixt_bits)) return false;
  double ends = fmin(low->ixt_bits - s->beta * low->ity_bits, high->ixt_bits - s->beta * high->ity_bits);
  return high->ixt_bits - low->ixt_bits > APART && s->lagrangian_bits >= ends - STRAIGHT * (1 + s->beta) &&
         fabs((high->ixt_bits - low->ixt_bits) - s->beta * (high->ity_bits - low->ity_bits)) < STRAIGHT * (1 + s->beta);
}

/* One step: solves at another b, which becomes a new end; *out where the optimum is found. */
static ip_status narrow(ib_trace *t, double beta, int step, ip_ib_solution **out)
{
  size_t at;
  *out = NULL;
  IP_TRY(bracket(t, beta, &at));
  const ip_ib_solution *low = t->point[at - 1], *high = t->point[at];
  double b = next_b(low, high, beta, step);
  bool at_end = b <= low->beta * (1 + 1e-13) || b >= high->beta * (1 - 1e-13);
  if (high->beta <= low->beta * (1 + 1e-12)) return mix_ends(t, low, high, high->beta, beta, out);
  if (fabs(excess(high, beta)) <= ROOT * beta) return ip_ib_solution_copy(high, out);
  if (at_end && step % 3) return IP_OK;
  ip_ib_solution *s;
  if (at_end)
    IP_TRY(ip_ib_solution_copy(b <= low->beta * (1 + 1e-13) ? low : high, &s));
  else
    IP_TRY(solve_between(t, b, low, high, &s));
  if (step % 3 == 0 && is_straight(low, high, s, beta)) {
    ip_status st = mix_ends(t, low, high, s->beta, beta, out);
    ip_ib_solution_destroy(&s);
    return st;
  }
  ip_status st = fabs(excess(s, beta)) <= ROOT * beta ? ip_ib_solution_copy(s, out) : IP_OK;
  if (st == IP_OK) return insert(t, &s);
  ip_ib_solution_destroy(&s);
  return st;
}

static ip_status find_root(ib_trace *t, double beta, ip_ib_solution **out)
{
  ip_status st = IP_OK;
  *out = NULL;
  for (int step = 0; step < STEPS && !*out && st == IP_OK; step++) st = narrow(t, beta, step, out);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  IP_TRY(st);
  IP_REQUIRE(*out, IP_ENUMERIC, "the squared Lagrangian at beta = %g: no optimum after %d steps", beta, STEPS);
  return IP_OK;
}

/* The plain optimum at the b of *s with its proof. Where it is lower than *s, it joins the known ones and *again. */
static ip_status certify(ib_trace *t, ip_ib_solution *s, bool *again)
{
  ip_ib_solution *proof;
  IP_TRY(ib_solve_certified(t->p, t->opt, s->beta, s, &proof));
  double above = s->lagrangian_bits - proof->lagrangian_bits;
  *again = above > STRAIGHT * 10 * (1 + s->beta);
  s->certified = proof->certified;
  s->converged = s->converged || proof->converged;
  s->optimality_gap_bits = proof->optimality_gap_bits + fmax(above, 0);
  if (*again) return insert(t, &proof);
  ip_ib_solution_destroy(&proof);
  return IP_OK;
}

ip_status ib_squared_optimum(ib_trace *t, double beta, ip_ib_solution **out)
{
  if (!isfinite(t->point[0]->beta)) { /* X tells nothing of Y: T = constant at every beta, and the curve has no slope */
    IP_TRY(ip_ib_solution_copy(t->point[0], out));
    (*out)->beta = beta;
    (*out)->slope_beta = (double)NAN;
    (*out)->converged = (*out)->certified = true;
    return IP_OK;
  }
  bool again = true;
  *out = NULL;
  for (int round = 0; round < ROUNDS && again; round++) {
    ip_ib_solution_destroy(out);
    IP_TRY(find_root(t, beta, out));
    ip_status st = certify(t, *out, &again);
    if (st != IP_OK) ip_ib_solution_destroy(out);
    IP_TRY(st);
  }
  ip_ib_solution *s = *out;
  s->slope_beta = s->beta;
  s->beta = beta;
  s->optimality_gap_bits *= 2 * s->ixt_bits * IP_NATS_PER_BIT;
  s->lagrangian_bits = IP_NATS_PER_BIT * s->ixt_bits * s->ixt_bits - beta * s->ity_bits;
  return IP_OK;
}
