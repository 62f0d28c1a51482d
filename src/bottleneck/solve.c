#include "bottleneck/solve.h"

#include "base/mem.h"
#include "base/stop.h"
#include "bottleneck/iterate.h"
#include "info/discrete.h"
#include "num/sum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

ip_ib_options ip_ib_options_default(void)
{
  return (ip_ib_options){.alpha = 1, .tolerance = 1e-14, .max_iterations = 100000, .accelerate = true, .merge = true};
}

/* --- Solutions */

ip_status ip_ib_solution_create(size_t n_y, size_t n_t, ip_ib_solution **out)
{
  ip_ib_solution *s;
  *out = NULL;
  IP_TRY(IP_NEW(s, 1, "bottleneck solution"));
  s->n_y = n_y;
  s->n_t = n_t;
  ip_status st = IP_NEW(s->joint, (n_y + 1) * n_t, "p(y,t)");
  if (st != IP_OK) ip_ib_solution_destroy(&s);
  *out = s;
  return st;
}

void ip_ib_solution_destroy(ip_ib_solution **s)
{
  if (!*s) return;
  ip_free((*s)->joint);
  ip_free(*s);
  *s = NULL;
}

ip_status ip_ib_solution_copy(const ip_ib_solution *s, ip_ib_solution **out)
{
  IP_TRY(ip_ib_solution_create(s->n_y, s->n_t, out));
  double *joint = (*out)->joint;
  memcpy(joint, s->joint, (s->n_y + 1) * s->n_t * sizeof *joint);
  **out = *s;
  (*out)->joint = joint;
  return IP_OK;
}

ip_status ip_ib_start_identity(const ip_ib_problem *p, double soft, ip_ib_solution **out)
{
  size_t n_y = p->n_y, n_t = p->n_x;
  assert(soft >= 0 && soft < 1);
  IP_TRY(ip_ib_solution_create(n_y, n_t, out));
  for (size_t t = 0; t < n_t; t++) {
    const double *row = p->p_xy + t * (n_y + 1);
    for (size_t y = 0; y < n_y; y++) (*out)->joint[y * n_t + t] = (1 - soft) * row[y] + soft * row[n_y] * p->p_y[y];
    (*out)->joint[n_y * n_t + t] = row[n_y];
  }
  return IP_OK;
}

ip_status ip_ib_start_trivial(const ip_ib_problem *p, ip_ib_solution **out)
{
  IP_TRY(ip_ib_solution_create(p->n_y, 1, out));
  memcpy((*out)->joint, p->p_y, p->n_y * sizeof *p->p_y);
  (*out)->joint[p->n_y] = 1;
  return IP_OK;
}

ip_status ip_ib_start_random(const ip_ib_problem *p, size_t n_t, ip_rng *rng, ip_ib_solution **out)
{
  size_t width = p->n_y + 1;
  double *w; // (n_t) p(t|x), the exponential of 2 standard normals: some clear, some undecided
  IP_TRY(IP_NEW(w, n_t, "a random p(t|x)"));
  ip_status st = ip_ib_solution_create(p->n_y, n_t, out);
  for (size_t x = 0; x < p->n_x && st == IP_OK; x++) {
    double sum = 0;
    for (size_t t = 0; t < n_t; t++) sum += w[t] = exp(2 * ip_rng_normal(rng));
    for (size_t y = 0; y < width; y++)
      for (size_t t = 0; t < n_t; t++) (*out)->joint[y * n_t + t] += p->p_xy[x * width + y] * w[t] / sum;
  }
  ip_free(w);
  return st;
}

/* --- The search */

typedef struct {
  const ip_ib_options *opt;
  ib_map map;
  size_t n_y, n_t, steps;
  double *now, *one, *two; // (n_y + 1, n_t) the state, one step on, two steps on
  double *trial, *after;   // (n_y + 1, n_t) an extrapolated or merged state, and one step on from it
  double *all;             /* owns the five */
  double last;             /* L where the search last stood */
} search;

static ip_status search_open(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                             search *s)
{
  size_t size = (p->n_y + 1) * start->n_t;
  *s = (search){.opt = opt, .n_y = p->n_y, .n_t = start->n_t, .last = HUGE_VAL};
  IP_TRY(ib_map_create(p, opt->alpha, opt->squared, beta, start->n_t, &s->map));
  ip_status st = IP_NEW(s->all, 5 * size, "states of the bottleneck iterations");
  if (st != IP_OK) {
    ib_map_free(&s->map);
    return st;
  }
  s->now = s->all;
  s->one = s->all + size;
  s->two = s->all + 2 * size;
  s->trial = s->all + 3 * size;
  s->after = s->all + 4 * size;
  memcpy(s->now, start->joint, size * sizeof *s->now);
  return IP_OK;
}

static void search_close(search *s)
{
  ib_map_free(&s->map);
  ip_free(s->all);
}

static void swap(double **a, double **b)
{
  double *c = *a;
  *a = *b;
  *b = c;
}

static ip_status step(search *s, const double *from, double *to, double *free_energy)
{
  s->steps++;
  return ib_map_step(&s->map, s->n_t, from, to, free_energy, NULL);
}

/* A step of the search itself: L never rises, or the program is wrong. What rounding may add grows with beta. */
static ip_status descend(search *s, const double *from, double *to, double *free_energy)
{
  IP_TRY(step(s, from, to, free_energy));
  assert(*free_energy <= s->last + 1e-12 * (1 + s->map.beta));
  return IP_OK;
}

/* Where the steps now -> one -> two lead if they go on as they began, in logarithms, which keeps probabilities
 * positive: ln p' = ln p - 2 a r + a^2 v with r the first step, v the change of the step, a = -|r|/|v|, lengths
 * weighted by p. Returns a. Source: Varadhan & Roland, "Simple and globally convergent methods for accelerating the
 * convergence of any EM algorithm", Scand. J. Statist. 35, 2008, scheme S3. */
static double extrapolate(search *s)
{
  size_t n = s->n_y * s->n_t;
  double rr = 0, vv = 0, total = 0;
  for (size_t i = 0; i < n; i++) {
    if (!(s->now[i] > 0 && s->one[i] > 0 && s->two[i] > 0)) continue;
    double r = log(s->one[i] / s->now[i]), v = log(s->two[i] / s->one[i]) - r;
    rr += s->now[i] * r * r;
    vv += s->now[i] * v * v;
  }
  double a = vv > 0 ? -sqrt(rr / vv) : -1;
  if (!(a < -1)) return -1;
  memset(s->trial + n, 0, s->n_t * sizeof *s->trial);
  for (size_t i = 0; i < n; i++) {
    double r = 0, v = 0;
    if (s->now[i] > 0 && s->one[i] > 0 && s->two[i] > 0) {
      r = log(s->one[i] / s->now[i]);
      v = log(s->two[i] / s->one[i]) - r;
    }
    total += s->trial[i] = s->now[i] * exp(fmin(-2 * a * r + a * a * v, 100));
  }
  for (size_t i = 0; i < n; i++) {
    s->trial[i] /= total;
    s->trial[n + i % s->n_t] += s->trial[i];
  }
  return a;
}

static double largest_change(size_t n, const double *a, const double *b)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i]));
  return most;
}

/* The steps shrink by a factor q; what is left to go is their sum, last / (1 - q). */
static bool has_converged(const search *s, double fall)
{
  size_t n = (s->n_y + 1) * s->n_t;
  if (fall > s->opt->tolerance * (1 + s->map.beta)) return false;
  double first = largest_change(n, s->one, s->now), last = largest_change(n, s->two, s->one);
  if (last <= 1e-15) return true;
  return last < first && last / (1 - last / first) <= 1e4 * s->opt->tolerance;
}

/* --- Merging: two clusters with the same p(y|t) are one, and a cluster without mass is none. Near a fixed point,
 * whether two close clusters are to become one is told by L of the merged state. */

static double distance(const search *s, size_t t, size_t u)
{
  const double *p_t = s->now + s->n_y * s->n_t;
  double most = 0;
  for (size_t y = 0; y < s->n_y && most < 1; y++)
    most = fmax(most, fabs(s->now[y * s->n_t + t] / p_t[t] - s->now[y * s->n_t + u] / p_t[u]));
  return most;
}

/* Writes the state with clusters nearer than `near` united to trial, packed to the (fewer) clusters it returns. Time
 * n_t^2 at worst: candidates are told apart by their first outcomes. */
static ip_status unite(const search *s, double near, size_t *n_merged)
{
  uint32_t *target; // (n_t)
  IP_TRY(IP_NEW(target, s->n_t, "clusters to merge"));
  const double *p_t = s->now + s->n_y * s->n_t;
  size_t n = 0;
  uint32_t *leader; // (n) the first cluster of each group
  ip_status st = IP_NEW(leader, s->n_t, "groups of clusters");
  for (size_t t = 0; t < s->n_t && st == IP_OK; t++) {
    target[t] = UINT32_MAX;
    if (p_t[t] <= near * 1e-6) continue; /* its mass is left out */
    for (size_t g = 0; g < n && target[t] == UINT32_MAX; g++)
      if (distance(s, t, leader[g]) < near) target[t] = (uint32_t)g;
    if (target[t] != UINT32_MAX) continue;
    leader[n] = (uint32_t)t;
    target[t] = (uint32_t)n++;
  }
  if (st == IP_OK && n > 0 && n < s->n_t) {
    double total = 0;
    memset(s->trial, 0, (s->n_y + 1) * n * sizeof *s->trial);
    for (size_t y = 0; y <= s->n_y; y++)
      for (size_t t = 0; t < s->n_t; t++)
        if (target[t] != UINT32_MAX) s->trial[y * n + target[t]] += s->now[y * s->n_t + t];
    for (size_t t = 0; t < n; t++) total += s->trial[s->n_y * n + t];
    for (size_t i = 0; i < (s->n_y + 1) * n; i++) s->trial[i] /= total;
  }
  *n_merged = n > 0 ? n : s->n_t;
  ip_free(leader);
  ip_free(target);
  return st;
}

/* Takes the coarsest union that does not raise L above its value `here` at the state now. */
static ip_status try_merging(search *s, double here, bool *merged)
{
  static const double nearness[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-6};
  size_t n_t = s->n_t, n_tried = n_t;
  *merged = false;
  for (size_t k = 0; k < sizeof nearness / sizeof *nearness; k++) {
    size_t n;
    double there;
    IP_TRY(unite(s, nearness[k], &n));
    if (n == n_t) return IP_OK; /* nothing is that near, and less will be nearer */
    if (n == n_tried) continue;
    n_tried = n;
    s->n_t = n;
    IP_TRY(step(s, s->trial, s->after, &there));
    if (there <= here + 1e-15 * (1 + s->map.beta)) {
      swap(&s->now, &s->after);
      s->last = fmax(here, there);
      *merged = true;
      return IP_OK;
    }
    s->n_t = n_t;
  }
  return IP_OK;
}

/* now -> one -> two and, accelerated, on from where they lead. *fall is how much L fell in the second step. */
static ip_status advance(search *s, double here, double *fall)
{
  double second, third;
  s->last = here;
  IP_TRY(descend(s, s->one, s->two, &second));
  *fall = here - second;
  s->last = second;
  if (!s->opt->accelerate || has_converged(s, *fall) || extrapolate(s) == -1) return IP_OK;
  IP_TRY(step(s, s->trial, s->after, &third));
  if (third > second) return IP_OK;
  s->last = third;
  swap(&s->two, &s->after);
  return IP_OK;
}

static ip_status iterate(search *s, bool *converged)
{
  *converged = false;
  for (size_t round = 1; s->steps < s->opt->max_iterations; round++) {
    double here, fall;
    bool merged = false;
    IP_TRY(descend(s, s->now, s->one, &here));
    bool due = (round & (round - 1)) == 0 || round % 64 == 0;
    if (s->opt->merge && due && s->n_t > 1) IP_TRY(try_merging(s, here, &merged));
    if (merged) continue;
    IP_TRY(advance(s, here, &fall));
    if (has_converged(s, fall)) {
      if (s->opt->merge && s->n_t > 1) IP_TRY(try_merging(s, here, &merged));
      if (!merged) {
        *converged = true;
        return IP_OK;
      }
      continue;
    }
    swap(&s->now, &s->two);
    IP_TRY(ip_stop_check());
  }
  return IP_OK;
}

/* --- The result */

/* I(X;T), H(T) and I(T;Y) of p(t|x) (n_x, n_t) with its joint p(y,t). */
static void measure(const ip_ib_problem *p, const double *encoder, ip_ib_solution *s)
{
  size_t n_y = p->n_y, n_t = s->n_t;
  const double *p_t = s->joint + n_y * n_t;
  ip_sum ixt = {0}, ity = {0};
  for (size_t x = 0; x < p->n_x; x++)
    for (size_t t = 0; t < n_t; t++) {
      double w = encoder[x * n_t + t];
      if (w > 0) ip_sum_add(&ixt, p->p_xy[x * (n_y + 1) + n_y] * w * log2(w / p_t[t]));
    }
  for (size_t y = 0; y < n_y; y++)
    for (size_t t = 0; t < n_t; t++) {
      double w = s->joint[y * n_t + t];
      if (w > 0) ip_sum_add(&ity, w * log2(w / p_t[t] / p->p_y[y]));
    }
  s->ixt_bits = fmax(ip_sum_value(&ixt), 0);
  s->ity_bits = fmax(ip_sum_value(&ity), 0);
  s->ht_bits = ip_entropy_bits(n_t, p_t);
}

static ip_status finish(search *s, bool converged, ip_ib_solution **out)
{
  const ip_ib_problem *p = s->map.p;
  double *encoder, unused; // (n_x, n_t)
  IP_TRY(ip_ib_solution_create(s->n_y, s->n_t, out));
  ip_ib_solution *r = *out;
  IP_TRY(IP_NEW(encoder, p->n_x * s->n_t, "p(t|x)"));
  ip_status st = ib_map_step(&s->map, s->n_t, s->now, r->joint, &unused, encoder);
  if (st == IP_OK) measure(p, encoder, r);
  ip_free(encoder);
  r->beta = s->map.beta;
  r->slope_beta = s->opt->squared ? s->map.slope : s->map.beta;
  r->iterations = s->steps;
  r->converged = converged;
  double alpha = s->opt->alpha, rate = r->ht_bits - alpha * (r->ht_bits - r->ixt_bits);
  r->lagrangian_bits = (s->opt->squared ? r->ixt_bits * r->ixt_bits : rate) - r->beta * r->ity_bits;
  return st;
}

static ip_status check_arguments(const ip_ib_problem *p, const ip_ib_options *opt, double beta,
                                 const ip_ib_solution *start)
{
  assert(start->n_y == p->n_y);
  IP_REQUIRE(isfinite(beta) && beta > 0, IP_EINVAL, "beta is %g; the Lagrangian needs a finite beta above 0", beta);
  IP_REQUIRE(isfinite(opt->alpha) && opt->alpha >= 0, IP_EINVAL,
             "alpha is %g; the generalised bottleneck needs 0 (deterministic) or more", opt->alpha);
  IP_REQUIRE(start->n_t > 0, IP_EINVAL, "a bottleneck variable without a value");
  return IP_OK;
}

ip_status ip_ib_solve(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                      ip_ib_solution **out)
{
  search s;
  bool converged;
  *out = NULL;
  IP_TRY(check_arguments(p, opt, beta, start));
  IP_TRY(search_open(p, opt, beta, start, &s));
  ip_status st = iterate(&s, &converged);
  if (st == IP_OK) st = finish(&s, converged, out);
  if (st != IP_OK) ip_ib_solution_destroy(out);
  search_close(&s);
  return st;
}

ip_status ip_ib_encoder(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_solution *s, double *p_t_given_x)
{
  ib_map map;
  double *next, unused;
  IP_TRY(ib_map_create(p, opt->alpha, opt->squared, s->beta, s->n_t, &map));
  map.slope = s->slope_beta;
  ip_status st = IP_NEW(next, (p->n_y + 1) * s->n_t, "p(y,t)");
  if (st == IP_OK) st = ib_map_step(&map, s->n_t, s->joint, next, &unused, p_t_given_x);
  ip_free(next);
  ib_map_free(&map);
  return st;
}
