#include "bottleneck/curve.h"

#include "base/mem.h"
#include "bottleneck/agglomerative.h"
#include "bottleneck/critical.h"
#include "bottleneck/partition.h"
#include "bottleneck/squared.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
  SWEEPS = 8,        /* rounds of trying the optima of other betas; two are enough as a rule */
  NEIGHBOURS = 4,    /* greedy clusterings tried with so many clusters more or less than the best */
  LARGE_CRITICAL = 4 /* critical betas of large tables: up to so many clusters */
};

ip_ib_curve_options ip_ib_curve_options_default(void)
{
  return (ip_ib_curve_options){.solve = ip_ib_options_default(), .n_restarts = 3, .seed = 1, .critical_clusters = 16};
}

typedef struct {
  const ip_ib_problem *p;
  const ip_ib_curve_options *opt;
  ip_ib_curve *c;
  size_t capacity;
  bool plain;                    /* the IB itself: missing clusters can be told */
  bool direct;                   /* an optimum needs no start: the squared Lagrangian, few inputs with alpha = 0 */
  ip_ib_agglomeration *clusters; /* starts for alpha < 1, else NULL */
  ib_trace trace;                /* squared: plain optima */
} builder;

/* The best clustering of few inputs, which is proved to be; that of many inputs, from one clustering given. */
static ip_status solve_hard(const builder *b, double beta, uint32_t *cluster, ip_ib_solution **out)
{
  ip_ib_solution *start;
  IP_TRY((b->direct ? ip_ib_partition_best : ip_ib_partition_improve)(b->p, beta, cluster));
  IP_TRY(ip_ib_partition_start(b->p, cluster, &start));
  ip_status st = ip_ib_solve(b->p, &b->opt->solve, beta, start, out);
  ip_ib_solution_destroy(&start);
  if (st != IP_OK || !b->direct) return st;
  (*out)->certified = true;
  (*out)->optimality_gap_bits = 0;
  return IP_OK;
}

/* The cluster of every class of inputs, from the p(t|x) of a solution with alpha = 0. */
static ip_status read_clusters(const builder *b, const ip_ib_solution *s, uint32_t *cluster)
{
  double *encoder; // (n_x, n_t)
  IP_TRY(IP_NEW(encoder, b->p->n_x * s->n_t, "p(t|x)"));
  ip_status st = ip_ib_encoder(b->p, &b->opt->solve, s, encoder);
  for (size_t x = 0; x < b->p->n_x && st == IP_OK; x++)
    for (size_t t = 0; t < s->n_t; t++)
      if (encoder[x * s->n_t + t] > 0.5) cluster[x] = (uint32_t)t;
  ip_free(encoder);
  return st;
}

/* alpha = 0: the iterations from `start`, then moves and merges; or the best clustering, if that can be had. */
static ip_status solve_deterministic(const builder *b, double beta, const ip_ib_solution *start, ip_ib_solution **out)
{
  uint32_t *cluster; // (n_x)
  ip_ib_solution *s = NULL;
  *out = NULL;
  IP_TRY(IP_NEW(cluster, b->p->n_x, "clusters of inputs"));
  ip_status st = b->direct ? IP_OK : ip_ib_solve(b->p, &b->opt->solve, beta, start, &s);
  if (st == IP_OK && s) st = read_clusters(b, s, cluster);
  if (st == IP_OK) st = solve_hard(b, beta, cluster, out);
  ip_ib_solution_destroy(&s);
  ip_free(cluster);
  return st;
}

/* Solves at beta, from `start` unless that is direct, and, in the plain IB, inserts the clusters that are missing. */
static ip_status solve(builder *b, double beta, const ip_ib_solution *start, ip_ib_solution **out)
{
  if (b->plain) return ib_solve_complete(b->p, &b->opt->solve, beta, start, out);
  if (b->opt->squared) return ib_squared_optimum(&b->trace, beta, out);
  if (b->opt->solve.alpha == 0) return solve_deterministic(b, beta, start, out);
  return ip_ib_solve(b->p, &b->opt->solve, beta, start, out);
}

/* Keeps *s as point i if it is the best so far; *s is gone either way. */
static void offer(builder *b, size_t i, ip_ib_solution **s)
{
  ip_ib_solution **best = &b->c->point[i];
  double slack = 1e-13 * (1 + (*s)->beta);
  if (!*best || (*s)->lagrangian_bits < (*best)->lagrangian_bits - slack) {
    ip_ib_solution *old = *best;
    *best = *s;
    *s = old;
  }
  ip_ib_solution_destroy(s);
}

/* Solves at beta from *start, which is given away, and offers the result to point i. */
static ip_status solve_and_offer(builder *b, size_t i, double beta, ip_ib_solution **start)
{
  ip_ib_solution *s = NULL;
  ip_status st = solve(b, beta, *start, &s);
  ip_ib_solution_destroy(start);
  if (st == IP_OK) offer(b, i, &s);
  return st;
}

/* From high beta to low, each optimum the start of the next; clusters that become equal are merged. */
static ip_status come_down(builder *b, const double *beta)
{
  ip_ib_solution *s;
  IP_TRY(ip_ib_start_identity(b->p, 0, &s));
  ip_status st = IP_OK;
  for (size_t i = b->c->n; i-- > 0 && st == IP_OK;) {
    ip_ib_solution *next, *copy;
    st = ip_ib_solve(b->p, &b->opt->solve, beta[i], s, &next);
    if (st != IP_OK) break;
    ip_ib_solution_destroy(&s);
    s = next;
    st = ip_ib_solution_copy(s, &copy);
    if (st == IP_OK) offer(b, i, &copy);
    ip_progress_update(b->opt->progress, 0.5 * (double)(b->c->n - i), NULL);
  }
  ip_ib_solution_destroy(&s);
  return st;
}

/* From low beta to high, beginning with one cluster. Clusterings of many inputs are sometimes found from this side
 * only. */
static ip_status come_up(builder *b, const double *beta)
{
  ip_ib_solution *s;
  IP_TRY(ip_ib_start_trivial(b->p, &s));
  ip_status st = IP_OK;
  for (size_t i = 0; i < b->c->n && st == IP_OK; i++) {
    ip_ib_solution *next = NULL, *copy = NULL;
    st = solve(b, beta[i], s, &next);
    if (st != IP_OK) break;
    st = ip_ib_solution_copy(next, &copy);
    if (st == IP_OK) offer(b, i, &copy);
    ip_ib_solution_destroy(&s);
    s = next;
  }
  ip_ib_solution_destroy(&s);
  return st;
}

/* Greedy clusterings: the best for this beta and those with a few clusters more or less. */
static ip_status start_clustered(builder *b, size_t i, double beta)
{
  size_t best = ip_ib_agglomeration_best(b->clusters, beta), n_x = b->p->n_x;
  for (size_t n_t = best > NEIGHBOURS ? best - NEIGHBOURS : 1; n_t <= best + NEIGHBOURS && n_t <= n_x; n_t++) {
    ip_ib_solution *start;
    IP_TRY(ip_ib_start_agglomerated(b->p, b->clusters, n_t, &start));
    IP_TRY(solve_and_offer(b, i, beta, &start));
  }
  return IP_OK;
}

/* Starts that do not depend on other betas: greedy clusterings, random ones. Where missing
 * clusters can be told, random starts have one more cluster than the best so far; else any number. */
static ip_status start_afresh(builder *b, size_t i, double beta)
{
  ip_ib_solution *start;
  if (b->clusters) IP_TRY(start_clustered(b, i, beta));
  size_t most = b->plain && ib_is_large(b->p) && b->opt->n_restarts > 1 ? 1 : b->opt->n_restarts;
  for (size_t k = 0; k < most; k++) {
    ip_rng rng = ip_rng_open(b->opt->seed, IP_RNG_RESTART, i * b->opt->n_restarts + k);
    size_t n_t = b->plain ? b->c->point[i]->n_t + 1 : 1 + (size_t)ip_rng_below(&rng, b->p->n_x);
    IP_TRY(ip_ib_start_random(b->p, n_t < b->p->n_x ? n_t : b->p->n_x, &rng, &start));
    IP_TRY(solve_and_offer(b, i, beta, &start));
  }
  return IP_OK;
}

/* H(T) - alpha H(T|X); I(X;T) for alpha = 1. */
static double lagrangian_rate(const ip_ib_solution *s, double alpha)
{
  return alpha == 1 ? s->ixt_bits : s->ht_bits - alpha * (s->ht_bits - s->ixt_bits);
}

/* The Lagrangian that the encoder of s would have at another beta. */
static double lagrangian_at(const ip_ib_solution *s, const ip_ib_options *opt, double beta)
{
  return lagrangian_rate(s, opt->alpha) - beta * s->ity_bits;
}

/* Wherever the optimum of another beta is better than the one found here, starts from it; until none is. Needed where
 * nothing shows that an optimum is the global one. */
static ip_status exchange(builder *b)
{
  if (b->plain || b->direct) return IP_OK;
  const ip_ib_options *opt = &b->opt->solve;
  ip_ib_curve *c = b->c;
  bool changed = true;
  for (int sweep = 0; sweep < SWEEPS && changed; sweep++) {
    changed = false;
    for (size_t i = 0; i < c->n; i++) {
      double beta = c->point[i]->beta, least = c->point[i]->lagrangian_bits;
      size_t from = i;
      for (size_t j = 0; j < c->n; j++) {
        double l = lagrangian_at(c->point[j], opt, beta);
        if (l < least - 1e-11 * (1 + beta)) {
          least = l;
          from = j;
        }
      }
      if (from == i) continue;
      ip_ib_solution *start;
      IP_TRY(ip_ib_solution_copy(c->point[from], &start));
      IP_TRY(solve_and_offer(b, i, beta, &start));
      changed = true;
    }
  }
  return IP_OK;
}

/* Inserts the clusters that point i still lacks, and proves, if possible, that none is missing. Plain IB only. */
static ip_status complete_point(builder *b, size_t i)
{
  ip_ib_solution *s;
  IP_TRY(ib_solve_certified(b->p, &b->opt->solve, b->c->point[i]->beta, b->c->point[i], &s));
  ip_ib_solution_destroy(&b->c->point[i]);
  b->c->point[i] = s;
  return IP_OK;
}

/* The plain IB needs one start, for missing clusters are inserted. Random ones are made where no proof was. */
static ip_status solve_plain_point(builder *b, size_t i, double beta)
{
  IP_TRY(complete_point(b, i));
  if (b->c->point[i]->certified) return IP_OK;
  double before = b->c->point[i]->lagrangian_bits;
  IP_TRY(start_afresh(b, i, beta));
  return b->c->point[i]->lagrangian_bits < before ? complete_point(b, i) : IP_OK;
}

static ip_status solve_grid(builder *b, const double *beta)
{
  for (size_t i = 0; i < b->c->n && b->direct; i++) {
    IP_TRY(solve(b, beta[i], NULL, &b->c->point[i]));
    ip_progress_update(b->opt->progress, (double)(i + 1), NULL);
  }
  if (b->direct) return IP_OK;
  IP_TRY(come_down(b, beta));
  if (b->opt->solve.alpha == 0) IP_TRY(come_up(b, beta));
  for (size_t i = 0; i < b->c->n; i++) {
    IP_TRY(b->plain ? solve_plain_point(b, i, beta[i]) : start_afresh(b, i, beta[i]));
    ip_progress_update(b->opt->progress, 0.5 * (double)(b->c->n + i + 1), NULL);
  }
  return exchange(b);
}

/* --- Refinement: points added where the curve is known least */

/* Height over the chord of the corner that the tangents of two neighbours make: the curve is between. Its slope is
 * 1/slope_beta against I(X;T) or, where alpha is not 1, 1/beta against H(T) - alpha H(T|X). */
static double uncertainty(const ip_ib_solution *a, const ip_ib_solution *b, double alpha)
{
  double slope_a = 1 / (alpha == 1 ? a->slope_beta : a->beta), slope_b = 1 / (alpha == 1 ? b->slope_beta : b->beta);
  double dx = lagrangian_rate(b, alpha) - lagrangian_rate(a, alpha), dy = b->ity_bits - a->ity_bits;
  if (!(dx > 1e-9 && slope_a > slope_b)) return 0;
  double x = (dy - slope_b * dx) / (slope_a - slope_b); /* of the corner, from a */
  return fmax((slope_a - dy / dx) * x, 0);
}

static ip_status insert_point(builder *b, size_t i)
{
  ip_ib_curve *c = b->c;
  if (c->n == b->capacity) {
    ip_ib_solution **grown = ip_grow(c->point, c->n, 2 * c->n, sizeof *grown, "points of the curve");
    if (!grown) return IP_ENOMEM;
    c->point = grown;
    b->capacity = 2 * c->n;
  }
  ip_ib_solution *left = c->point[i - 1], *right = c->point[i], *s = NULL;
  double beta = sqrt(left->beta * right->beta);
  IP_TRY(solve(b, beta, left, &s));
  memmove(c->point + i + 1, c->point + i, (c->n - i) * sizeof *c->point);
  c->point[i] = s;
  c->n++;
  if (b->direct) return IP_OK;
  IP_TRY(solve(b, beta, right, &s));
  offer(b, i, &s);
  return b->plain ? complete_point(b, i) : IP_OK;
}

static ip_status refine(builder *b)
{
  ip_ib_curve *c = b->c;
  for (size_t extra = 0; extra < b->opt->n_refine && b->opt->tolerance_bits > 0; extra++) {
    size_t where = 0;
    double most = b->opt->tolerance_bits;
    for (size_t i = 1; i < c->n; i++) {
      double height = uncertainty(c->point[i - 1], c->point[i], b->opt->solve.alpha);
      bool apart = c->point[i]->beta > c->point[i - 1]->beta * (1 + 1e-6);
      if (height > most && apart) {
        most = height;
        where = i;
      }
    }
    if (where == 0) break;
    IP_TRY(insert_point(b, where));
    ip_progress_update(b->opt->progress, (double)c->n, "to the tolerance");
  }
  return exchange(b);
}

static ip_status find_critical(builder *b)
{
  ip_ib_curve *c = b->c;
  size_t most = 1, n_t = b->opt->critical_clusters;
  if (ib_is_large(b->p) && n_t > LARGE_CRITICAL) n_t = LARGE_CRITICAL;
  if (n_t == 0 || !b->plain) return IP_OK;
  for (size_t i = 1; i < c->n; i++) most += c->point[i]->n_t > c->point[i - 1]->n_t ? c->point[i]->n_t : 1;
  IP_TRY(IP_NEW(c->critical, most, "critical betas"));
  for (size_t i = 1; i < c->n; i++)
    if (c->point[i]->n_t != c->point[i - 1]->n_t && c->point[i - 1]->n_t <= n_t)
      IP_TRY(ib_find_critical(b->p, &b->opt->solve, &c->constant, c->point[i - 1], c->point[i], n_t, most, c->critical,
                              &c->n_critical));
  return IP_OK;
}

static ip_status build(builder *b, const double *beta)
{
  ip_ib_curve *c = b->c;
  double alpha = b->opt->solve.alpha;
  c->squared = b->opt->squared;
  c->ixy_bits = b->p->ixy_bits;
  c->h_classes_bits = b->p->h_classes_bits;
  c->constant = (ip_ib_constant){.critical_beta = (double)NAN, .unstable_beta = (double)NAN};
  b->plain = alpha == 1 && !c->squared;
  b->direct = c->squared || (alpha == 0 && b->p->n_x <= IP_IB_PROVEN_INPUTS);
  IP_TRY(IP_NEW(c->point, b->capacity, "points of the curve"));
  ip_ib_constant constant = c->constant;
  if (alpha == 1) IP_TRY(ip_ib_constant_measure(b->p, &constant));
  if (b->plain) c->constant = constant;
  if (c->squared) IP_TRY(ib_trace_open(b->p, &b->opt->solve, &constant, &b->trace));
  if (alpha < 1 && !b->direct) IP_TRY(ip_ib_agglomerate(b->p, &b->clusters));
  IP_TRY(solve_grid(b, beta));
  IP_TRY(refine(b));
  return find_critical(b);
}

static ip_status check_grid(size_t n, const double *beta)
{
  IP_REQUIRE(n > 0, IP_EINVAL, "a curve needs at least one beta");
  for (size_t i = 0; i < n; i++) {
    IP_REQUIRE(isfinite(beta[i]) && beta[i] > 0, IP_EINVAL, "beta is %g; the Lagrangian needs a finite beta above 0",
               beta[i]);
    IP_REQUIRE(i == 0 || beta[i] > beta[i - 1], IP_EINVAL, "beta %g follows %g; expected rising betas", beta[i],
               beta[i - 1]);
  }
  return IP_OK;
}

ip_status ip_ib_curve_create(const ip_ib_problem *p, const ip_ib_curve_options *opt, size_t n, const double *beta,
                             ip_ib_curve **out)
{
  *out = NULL;
  IP_TRY(check_grid(n, beta));
  IP_REQUIRE(!opt->squared || opt->solve.alpha == 1, IP_EINVAL, "the squared Lagrangian needs alpha = 1, got %g",
             opt->solve.alpha);
  IP_TRY(IP_NEW(*out, 1, "curve"));
  (*out)->n = n;
  builder b = {.p = p, .opt = opt, .c = *out, .capacity = n};
  ip_status st = build(&b, beta);
  ip_ib_agglomeration_destroy(&b.clusters);
  ib_trace_close(&b.trace);
  if (st != IP_OK) ip_ib_curve_destroy(out);
  return st;
}

void ip_ib_curve_destroy(ip_ib_curve **c)
{
  if (!*c) return;
  for (size_t i = 0; (*c)->point && i < (*c)->n; i++) ip_ib_solution_destroy(&(*c)->point[i]);
  ip_free((*c)->point);
  ip_free((*c)->critical);
  ip_free(*c);
  *c = NULL;
}
