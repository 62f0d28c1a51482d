#include "bottleneck/partition.h"

#include "base/mem.h"
#include "base/stop.h"
#include "info/discrete.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define LOWER 1e-13 /* times 1 + beta: changes below it are rounding */

/* The part of a cluster with p(y,t) and p(t) in (n_y + 1) numbers. */
static double cost(const ip_ib_problem *p, double beta, const double *joint)
{
  double p_t = joint[p->n_y], gain = 0;
  if (!(p_t > 0)) return 0;
  for (size_t y = 0; y < p->n_y; y++)
    if (joint[y] > 0) gain += joint[y] * ip_log2_ratio(joint[y] / p_t, p->p_y[y]);
  return -p_t * log2(p_t) - beta * gain;
}

static void add(const ip_ib_problem *p, double sign, const double *row, double *joint)
{
  for (size_t k = 0; k <= p->n_y; k++) joint[k] += sign * row[k];
}

/* Numbers the clusters by first appearance; returns how many they are. */
static size_t renumber(size_t n_x, uint32_t *cluster, uint32_t *number /* (n_x) */)
{
  size_t n = 0;
  for (size_t x = 0; x < n_x; x++) number[x] = UINT32_MAX;
  for (size_t x = 0; x < n_x; x++) {
    if (number[cluster[x]] == UINT32_MAX) number[cluster[x]] = (uint32_t)n++;
    cluster[x] = number[cluster[x]];
  }
  return n;
}

/* --- All subsets. A set of classes is a number whose bit x says that class x is in it. */

static ip_status fill_costs(const ip_ib_problem *p, double beta, double *joint, double *cost_of)
{
  for (uint32_t set = 1; set < UINT32_C(1) << p->n_x; set++) {
    memset(joint, 0, (p->n_y + 1) * sizeof *joint);
    for (size_t x = 0; x < p->n_x; x++)
      if (set >> x & 1) add(p, 1, p->p_xy + x * (p->n_y + 1), joint);
    cost_of[set] = cost(p, beta, joint);
  }
  return ip_stop_check();
}

/* best (2^n), and the cluster of the lowest class of every set, chosen (2^n). */
static ip_status fill_best(size_t n, const double *cost_of, double *best, uint32_t *chosen)
{
  best[0] = 0;
  for (uint32_t set = 1; set < UINT32_C(1) << n; set++) {
    uint32_t first = set & (~set + 1), rest = set ^ first;
    best[set] = HUGE_VAL;
    for (uint32_t part = rest;; part = (part - 1) & rest) { /* all subsets of rest, the largest first */
      double l = cost_of[part | first] + best[rest ^ part];
      if (l < best[set]) {
        best[set] = l;
        chosen[set] = part | first;
      }
      if (part == 0) break;
    }
    if (set % 256 == 0) IP_TRY(ip_stop_check());
  }
  return IP_OK;
}

ip_status ip_ib_partition_best(const ip_ib_problem *p, double beta, uint32_t *cluster)
{
  assert(p->n_x <= IP_IB_PROVEN_INPUTS);
  ip_scratch *sc;
  size_t n_sets = (size_t)1 << p->n_x;
  double *joint, *cost_of, *best;
  uint32_t *chosen;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_SCRATCH(sc, joint, p->n_y + 1, "a cluster");
  if (st == IP_OK) st = IP_SCRATCH(sc, cost_of, n_sets, "costs of clusters");
  if (st == IP_OK) st = IP_SCRATCH(sc, best, n_sets, "best clusterings");
  if (st == IP_OK) st = IP_SCRATCH(sc, chosen, n_sets, "best clusterings");
  if (st == IP_OK) st = fill_costs(p, beta, joint, cost_of);
  if (st == IP_OK) st = fill_best(p->n_x, cost_of, best, chosen);
  uint32_t n = 0;
  for (uint32_t set = (uint32_t)n_sets - 1; set && st == IP_OK; set ^= chosen[set], n++)
    for (size_t x = 0; x < p->n_x; x++)
      if (chosen[set] >> x & 1) cluster[x] = n;
  ip_scratch_destroy(&sc);
  return st;
}

/* --- Moves and merges */

typedef struct {
  const ip_ib_problem *p;
  double beta;
  uint32_t *cluster; // (n_x)
  double *joint;     // (n_x, n_y + 1) of every cluster; unused ones are 0
  double *cost;      // (n_x)
  double *trial;     // (n_y + 1)
} clustering;

static double *joint_of(const clustering *c, size_t t)
{
  return c->joint + t * (c->p->n_y + 1);
}

static void take_joints(clustering *c)
{
  memset(c->joint, 0, c->p->n_x * (c->p->n_y + 1) * sizeof *c->joint);
  for (size_t x = 0; x < c->p->n_x; x++) add(c->p, 1, c->p->p_xy + x * (c->p->n_y + 1), joint_of(c, c->cluster[x]));
  for (size_t t = 0; t < c->p->n_x; t++) c->cost[t] = cost(c->p, c->beta, joint_of(c, t));
}

/* The cost of cluster t with `row` added or taken away. */
static double cost_with(const clustering *c, size_t t, double sign, const double *row)
{
  size_t width = c->p->n_y + 1;
  for (size_t k = 0; k < width; k++) c->trial[k] = fmax(joint_of(c, t)[k] + sign * row[k], 0);
  return cost(c->p, c->beta, c->trial);
}

/* Moves x where it lowers the Lagrangian most; an unused cluster counts as one of its own. */
static bool move_one(clustering *c, size_t x)
{
  const double *row = c->p->p_xy + x * (c->p->n_y + 1);
  size_t from = c->cluster[x], best = from;
  bool alone = true, seen_unused = false;
  for (size_t i = 0; i < c->p->n_x && alone; i++) alone = i == x || c->cluster[i] != from;
  double left = alone ? 0 : cost_with(c, from, -1, row), least = -LOWER * (1 + c->beta);
  for (size_t t = 0; t < c->p->n_x; t++) {
    bool unused = joint_of(c, t)[c->p->n_y] == 0;
    if (t == from || (unused && (alone || seen_unused))) continue;
    seen_unused = seen_unused || unused;
    double change = left + cost_with(c, t, 1, row) - c->cost[from] - c->cost[t];
    if (change >= least) continue;
    least = change;
    best = t;
  }
  if (best == from) return false;
  c->cluster[x] = (uint32_t)best;
  take_joints(c);
  return true;
}

static bool merge_two(clustering *c)
{
  size_t n = c->p->n_x, a = n, b = n;
  double least = -LOWER * (1 + c->beta);
  for (size_t t = 0; t < n; t++)
    for (size_t u = t + 1; u < n && joint_of(c, t)[c->p->n_y] > 0; u++) {
      if (!(joint_of(c, u)[c->p->n_y] > 0)) continue;
      double change = cost_with(c, t, 1, joint_of(c, u)) - c->cost[t] - c->cost[u];
      if (change >= least) continue;
      least = change;
      a = t;
      b = u;
    }
  if (a == n) return false;
  for (size_t x = 0; x < n; x++)
    if (c->cluster[x] == b) c->cluster[x] = (uint32_t)a;
  take_joints(c);
  return true;
}

static ip_status open_clustering(const ip_ib_problem *p, double beta, uint32_t *cluster, ip_scratch *sc, clustering *c)
{
  *c = (clustering){.p = p, .beta = beta, .cluster = cluster};
  IP_TRY(IP_SCRATCH(sc, c->joint, p->n_x * (p->n_y + 1), "clusters"));
  IP_TRY(IP_SCRATCH(sc, c->cost, p->n_x, "costs of clusters"));
  IP_TRY(IP_SCRATCH(sc, c->trial, p->n_y + 1, "a cluster"));
  take_joints(c);
  return IP_OK;
}

static ip_status improve(clustering *c, uint32_t *number)
{
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t x = 0; x < c->p->n_x; x++) changed = move_one(c, x) || changed;
    changed = merge_two(c) || changed;
    IP_TRY(ip_stop_check());
  }
  renumber(c->p->n_x, c->cluster, number);
  return IP_OK;
}

ip_status ip_ib_partition_improve(const ip_ib_problem *p, double beta, uint32_t *cluster)
{
  ip_scratch *sc;
  clustering c;
  uint32_t *number;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = open_clustering(p, beta, cluster, sc, &c);
  if (st == IP_OK) st = IP_SCRATCH(sc, number, p->n_x, "numbers of clusters");
  if (st == IP_OK) st = improve(&c, number);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_ib_partition_start(const ip_ib_problem *p, const uint32_t *cluster, ip_ib_solution **out)
{
  size_t n_t = 0;
  for (size_t x = 0; x < p->n_x; x++) n_t = cluster[x] >= n_t ? cluster[x] + 1 : n_t;
  IP_TRY(ip_ib_solution_create(p->n_y, n_t, out));
  for (size_t x = 0; x < p->n_x; x++)
    for (size_t k = 0; k <= p->n_y; k++) (*out)->joint[k * n_t + cluster[x]] += p->p_xy[x * (p->n_y + 1) + k];
  return IP_OK;
}
