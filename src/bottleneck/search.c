#include "bottleneck/search.h"

#include "base/mem.h"
#include "base/stop.h"

#include <math.h>
#include <string.h>

ip_status ib_search_open(const ip_ib_problem *p, const ip_ib_options *opt, double beta, const ip_ib_solution *start,
                         ib_search *s)
{
  size_t size = (p->n_y + 1) * start->n_t;
  *s = (ib_search){.opt = opt, .n_y = p->n_y, .n_t = start->n_t, .stride = 4};
  ip_status st = ib_map_create(p, opt->alpha, beta, start->n_t, &s->map);
  if (st == IP_OK) st = IP_NEW(s->all, 4 * size, "states of the bottleneck iterations");
  if (st == IP_OK && opt->accelerate) st = ib_anderson_create(p->n_y * start->n_t, &s->mixing);
  if (st != IP_OK) {
    ib_search_close(s);
    return st;
  }
  s->now = s->all;
  s->next = s->all + size;
  s->trial = s->all + 2 * size;
  s->after = s->all + 3 * size;
  memcpy(s->now, start->joint, size * sizeof *s->now);
  return IP_OK;
}

void ib_search_close(ib_search *s)
{
  ib_map_free(&s->map);
  ib_anderson_free(&s->mixing);
  ip_free(s->all);
  *s = (ib_search){0};
}

static void swap(double **a, double **b)
{
  double *c = *a;
  *a = *b;
  *b = c;
}

static ip_status step(ib_search *s, const double *from, double *to, double *free_energy)
{
  s->steps++;
  ip_status st = ib_map_step(&s->map, s->n_t, from, to, free_energy, NULL);
  *(to == s->next ? &s->noise_next : &s->noise_after) = s->map.noise;
  return st;
}

/* `after` becomes the image of the state. */
static void take_after(ib_search *s)
{
  swap(&s->next, &s->after);
  s->noise_next = s->noise_after;
}

/* What rounding may add to L, and what of its changes means nothing. */
static double noise(const ib_search *s)
{
  return 1e-15 * (1 + s->map.beta);
}

static double largest_change(size_t n, const double *a, const double *b)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i]));
  return most;
}

/* Scales p(y,t) of a state to sum 1 and fills in p(t). False when it is no distribution. */
static bool normalise(const ib_search *s, double *joint)
{
  size_t n = s->n_y * s->n_t;
  double total = 0;
  for (size_t i = 0; i < n; i++) total += joint[i];
  if (!(total > 0) || !isfinite(total)) return false;
  memset(joint + n, 0, s->n_t * sizeof *joint);
  for (size_t i = 0; i < n; i++) {
    joint[i] /= total;
    joint[n + i % s->n_t] += joint[i];
  }
  return true;
}

/* --- Merging: two clusters with the same p(y|t) are one, and a cluster without mass is none. Whether two close
 * clusters are on the way to become one is told by L of the merged state. */

static double distance(const ib_search *s, size_t t, size_t u, double enough)
{
  const double *p_t = s->now + s->n_y * s->n_t;
  double most = 0;
  for (size_t y = 0; y < s->n_y && most < enough; y++)
    most = fmax(most, fabs(s->now[y * s->n_t + t] / p_t[t] - s->now[y * s->n_t + u] / p_t[u]));
  return most;
}

/* The groups of clusters nearer than `near` to the first of the group; clusters next to massless get none. */
static size_t group(const ib_search *s, double near, uint32_t *target, uint32_t *leader)
{
  const double *p_t = s->now + s->n_y * s->n_t;
  size_t n = 0;
  for (size_t t = 0; t < s->n_t; t++) {
    target[t] = UINT32_MAX;
    if (p_t[t] <= near * 1e-6) continue;
    for (size_t g = 0; g < n && target[t] == UINT32_MAX; g++)
      if (distance(s, t, leader[g], near) < near) target[t] = (uint32_t)g;
    if (target[t] != UINT32_MAX) continue;
    leader[n] = (uint32_t)t;
    target[t] = (uint32_t)n++;
  }
  return n;
}

/* Writes the state with its groups merged to `trial`, packed to the *n clusters it then has. */
static ip_status merge_groups(ib_search *s, double near, size_t *n)
{
  uint32_t *target, *leader = NULL; // (n_t) the group of a cluster, the first cluster of a group
  ip_status st = IP_NEW(target, s->n_t, "clusters to merge");
  if (st == IP_OK) st = IP_NEW(leader, s->n_t, "groups of clusters");
  if (st == IP_OK) {
    *n = group(s, near, target, leader);
    if (*n == 0) *n = s->n_t;
  }
  if (st == IP_OK && *n < s->n_t) {
    memset(s->trial, 0, (s->n_y + 1) * *n * sizeof *s->trial);
    for (size_t y = 0; y < s->n_y; y++)
      for (size_t t = 0; t < s->n_t; t++)
        if (target[t] != UINT32_MAX) s->trial[y * *n + target[t]] += s->now[y * s->n_t + t];
  }
  ip_free(leader);
  ip_free(target);
  return st;
}

/* Takes the coarsest union that does not raise L. On the way, only clusters that are very near: far from an optimum, L
 * says little about where two clusters are going. */
static ip_status try_merging(ib_search *s, bool at_end, bool *merged)
{
  static const double nearness[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-6};
  size_t n_t = s->n_t, n, n_tried = n_t;
  *merged = false;
  for (size_t k = at_end ? 0 : 3; k < sizeof nearness / sizeof *nearness && n_t > 1; k++) {
    double there;
    IP_TRY(merge_groups(s, nearness[k], &n));
    if (n == n_t) return IP_OK; /* nothing is that near, and less will be nearer */
    if (n == n_tried) continue;
    n_tried = n;
    s->n_t = n;
    bool lower = normalise(s, s->trial);
    if (lower) {
      IP_TRY(step(s, s->trial, s->after, &there));
      lower = there <= s->here + noise(s);
    }
    if (lower) {
      swap(&s->now, &s->trial);
      take_after(s);
      s->here = there;
      ib_anderson_restart(&s->mixing);
      *merged = true;
      return IP_OK;
    }
    s->n_t = n_t;
  }
  return IP_OK;
}

/* --- One round: from `now`, whose image is `next`, to a state that is no higher. */

/* The tried state, with its image in `after`, becomes the state. */
static void move_to_trial(ib_search *s, double there)
{
  s->move = largest_change(s->n_y * s->n_t, s->now, s->trial);
  s->decrease = s->here - there;
  s->here = there;
  swap(&s->now, &s->trial);
  take_after(s);
}

/* Tries the state where the last steps lead. Within the noise of L the residual decides. */
static ip_status try_accelerating(ib_search *s, double residual, bool *taken)
{
  size_t n = s->n_y * s->n_t;
  double there;
  *taken = false;
  if (!ib_anderson_extrapolate(&s->mixing, n, s->now, s->next, s->trial) || !normalise(s, s->trial)) return IP_OK;
  IP_TRY(step(s, s->trial, s->after, &there));
  bool lower = there < s->here - noise(s);
  bool level = there <= s->here + noise(s) && largest_change(n, s->trial, s->after) <= residual;
  *taken = lower || level;
  if (!*taken) {
    ib_anderson_restart(&s->mixing);
    return IP_OK;
  }
  move_to_trial(s, there);
  return IP_OK;
}

/* Where steps grow, as they do away from a saddle along a valley, the last ones lead back to the saddle and are
 * refused. Then a long stride in the direction of the step is tried, longer each time while L falls by it. */
static ip_status try_striding(ib_search *s, bool *taken)
{
  size_t n = s->n_y * s->n_t;
  double there;
  for (size_t i = 0; i < n; i++)
    s->trial[i] = s->now[i] > 0 && s->next[i] > 0 ? s->now[i] * pow(s->next[i] / s->now[i], s->stride) : s->next[i];
  *taken = false;
  if (normalise(s, s->trial)) {
    IP_TRY(step(s, s->trial, s->after, &there));
    *taken = there < s->here - noise(s);
  }
  s->stride = *taken ? s->stride * 2 : fmax(s->stride / 4, 2);
  if (*taken) move_to_trial(s, there);
  return IP_OK;
}

static ip_status advance(ib_search *s)
{
  size_t n = s->n_y * s->n_t;
  bool taken = false;
  double residual = largest_change(n, s->now, s->next), there;
  if (s->opt->accelerate && s->map.alpha > 0) {
    bool led = s->mixing.steps > 0;
    IP_TRY(try_accelerating(s, residual, &taken));
    if (led && !taken) IP_TRY(try_striding(s, &taken));
  }
  if (!taken) {
    IP_TRY(step(s, s->next, s->after, &there));
    IP_REQUIRE(there <= s->here + 1e-12 * (1 + s->map.beta), IP_ENUMERIC,
               "beta %g: the Lagrangian rises in a step, which only rounding does: beta is too large for this table",
               s->map.beta);
    s->move = residual;
    s->decrease = s->here - there;
    s->here = there;
    swap(&s->now, &s->next);
    take_after(s);
  }
  double after = largest_change(n, s->now, s->next);
  s->shrinking = residual > 0 ? after / residual : 0;
  return IP_OK;
}

/* L has stopped falling and the state is where its steps lead: plain steps shrink by a factor q and what is left to go
 * is step / (1 - q); led steps go where they lead, and two of them in a row have to be short. */
static bool has_converged(ib_search *s)
{
  double near = 1e4 * s->opt->tolerance, residual = largest_change(s->n_y * s->n_t, s->now, s->next);
  if (residual <= 1e-15) return true; /* rounding */
  if (fabs(s->decrease) > fmax(s->opt->tolerance * (1 + s->map.beta), noise(s))) {
    s->quiet = 0;
    return false;
  }
  double left = s->shrinking < 1 ? residual / (1 - s->shrinking) : HUGE_VAL;
  bool led = s->opt->accelerate && s->map.alpha > 0 && s->mixing.steps > 2;
  s->quiet = (led ? fmax(s->move, residual) : left) <= near ? s->quiet + 1 : 0;
  return s->quiet >= 3;
}

ip_status ib_search_run(ib_search *s, bool *converged)
{
  *converged = false;
  IP_TRY(step(s, s->now, s->next, &s->here));
  for (size_t round = 1; s->steps < s->opt->max_iterations; round++) {
    bool merged = false, due = (round & (round - 1)) == 0 || round % 64 == 0;
    bool done = round > 1 && has_converged(s);
    if (s->opt->merge && (due || done)) IP_TRY(try_merging(s, done, &merged));
    if (done && !merged) {
      *converged = true;
      return IP_OK;
    }
    if (merged) s->quiet = 0;
    IP_TRY(advance(s));
    IP_TRY(ip_stop_check());
  }
  return IP_OK;
}
