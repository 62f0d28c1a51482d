/* annealing.h - random tables p(x,y), and the bottleneck by an annealing that shares no code with the solver.
 *
 * A table has up to 8 inputs and 5 labels: small whole counts with many zeros, copies of rows, or cells from 1e-12
 * to 1. The annealing makes plain iterations with many clusters, cooled from T = X and from random mixtures of p(y|x)
 * on random faces of the simplex. It reaches the optimum or stays above it: no optimum may be above its lowest L.
 */
#ifndef IP_BOTTLENECK_TEST_ANNEALING_H
#define IP_BOTTLENECK_TEST_ANNEALING_H

#include "base/rng.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_X = 8, MOST_Y = 5, MOST_T = 20, WARM_STEPS = 20, STEPS = 300, RESTARTS = 5, COOLINGS = 8 };

typedef struct {
  size_t n_x, n_y, n_t;
  double joint[MOST_X][MOST_Y], p_x[MOST_X], p_y[MOST_Y];
  double p_t[MOST_T], q[MOST_T][MOST_Y];
} annealing;

/* --- Tables */

static inline double draw_cell(ip_rng *r, int kind)
{
  if (kind == 2) return exp(-27 * ip_rng_uniform(r)) * (double)(ip_rng_uniform(r) < 0.8);
  return ip_rng_uniform(r) < (kind == 1 ? 0.5 : 0.3) ? 0 : (double)(1 + ip_rng_below(r, 4));
}

/* False for a table with a row of zeros. */
static inline bool draw_table(uint64_t number, size_t *n_x, size_t *n_y, double *cell)
{
  ip_rng r = ip_rng_open(number, IP_RNG_TEST, 0);
  int kind = (int)ip_rng_below(&r, 3);
  double total = 0;
  *n_x = 2 + ip_rng_below(&r, MOST_X - 1);
  *n_y = 2 + ip_rng_below(&r, MOST_Y - 1);
  for (size_t x = 0; x < *n_x; x++) {
    double row = 0;
    bool copy = x > 0 && ip_rng_uniform(&r) < 0.1;
    for (size_t y = 0; y < *n_y; y++) {
      double *c = &cell[x * *n_y + y];
      *c = copy ? 2 * cell[(x - 1) * *n_y + y] : draw_cell(&r, kind);
      row += *c;
    }
    if (row == 0) return false;
    total += row;
  }
  for (size_t i = 0; i < *n_x * *n_y; i++) cell[i] /= total;
  return true;
}

/* --- The annealing */

static inline void fill(annealing *a, size_t n_x, size_t n_y, const double *cell)
{
  *a = (annealing){.n_x = n_x, .n_y = n_y};
  for (size_t x = 0; x < n_x; x++)
    for (size_t y = 0; y < n_y; y++) {
      a->joint[x][y] = cell[x * n_y + y];
      a->p_x[x] += cell[x * n_y + y];
      a->p_y[y] += cell[x * n_y + y];
    }
}

/* One step; returns L in bits at the p(t|x) of the step if it is to be measured. */
static inline double anneal_step(annealing *a, double beta, bool measure)
{
  double w[MOST_X][MOST_T], p_t[MOST_T] = {0}, q[MOST_T][MOST_Y] = {{0}}, ln_p[MOST_T], ln_q[MOST_T][MOST_Y], l = 0;
  for (size_t t = 0; t < a->n_t; t++) {
    ln_p[t] = a->p_t[t] > 0 ? log(a->p_t[t]) : -1e200;
    for (size_t y = 0; y < a->n_y; y++) ln_q[t][y] = a->q[t][y] > 0 ? log(a->q[t][y]) : -1e200;
  }
  for (size_t x = 0; x < a->n_x; x++) {
    double high = -HUGE_VAL, z = 0;
    for (size_t t = 0; t < a->n_t; t++) {
      double e = ln_p[t];
      for (size_t y = 0; y < a->n_y; y++) e += beta * a->joint[x][y] / a->p_x[x] * ln_q[t][y];
      w[x][t] = e;
      high = fmax(high, e);
    }
    for (size_t t = 0; t < a->n_t; t++) z += w[x][t] = w[x][t] > high - 700 ? exp(w[x][t] - high) : 0;
    for (size_t t = 0; t < a->n_t; t++) {
      w[x][t] /= z;
      p_t[t] += a->p_x[x] * w[x][t];
      for (size_t y = 0; y < a->n_y; y++) q[t][y] += a->joint[x][y] * w[x][t];
    }
  }
  for (size_t t = 0; t < a->n_t; t++) {
    for (size_t x = 0; measure && x < a->n_x; x++)
      if (w[x][t] > 0) l += a->p_x[x] * w[x][t] * log2(w[x][t] / p_t[t]);
    for (size_t y = 0; y < a->n_y; y++) {
      if (measure && q[t][y] > 0) l -= beta * q[t][y] * log2(q[t][y] / p_t[t] / a->p_y[y]);
      a->q[t][y] = p_t[t] > 0 ? q[t][y] / p_t[t] : 0;
    }
    a->p_t[t] = p_t[t];
  }
  return l;
}

static inline double settle(annealing *a, double beta)
{
  for (int i = 1; i < STEPS; i++) anneal_step(a, beta, false);
  return anneal_step(a, beta, true);
}

static inline double cool(annealing *a, double beta)
{
  for (int k = COOLINGS; k > 0; k--)
    for (int i = 0; i < WARM_STEPS; i++) anneal_step(a, beta * (1 + k * 0.4), false);
  return settle(a, beta);
}

/* Clusters at p(y|x), and mixtures of random subsets of them; equal weights. */
static inline void start(annealing *a, ip_rng *r, size_t n_t)
{
  a->n_t = n_t;
  for (size_t t = 0; t < n_t; t++) {
    double sum = 0;
    memset(a->q[t], 0, sizeof a->q[t]);
    a->p_t[t] = 1 / (double)n_t;
    for (size_t x = 0; x < a->n_x; x++) {
      double weight = t < a->n_x ? (double)(x == t) : ip_rng_uniform(r) < 0.5 ? ip_rng_uniform(r) : 0;
      for (size_t y = 0; y < a->n_y; y++) a->q[t][y] += weight * a->joint[x][y] / a->p_x[x];
      sum += weight;
    }
    for (size_t y = 0; y < a->n_y; y++) a->q[t][y] = sum > 0 ? a->q[t][y] / sum : a->p_y[y];
  }
}

/* The lowest L in bits. */
static inline double anneal(annealing *a, uint64_t number, double beta)
{
  double best = HUGE_VAL;
  for (uint64_t k = 0; k < RESTARTS; k++) {
    ip_rng r = ip_rng_open(number, IP_RNG_TEST, 1 + k);
    start(a, &r, k == 0 ? a->n_x : MOST_T);
    best = fmin(best, k == 0 ? cool(a, beta) : settle(a, beta));
  }
  return best;
}

#endif
