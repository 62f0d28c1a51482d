#include "bottleneck/iterate.h"

#include "base/mem.h"
#include "info/discrete.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum {
  BLOCK = 64, /* rows of p(t|x) at a time: with 1000 clusters they fit the second cache */
  NARROW = 8  /* up to so many columns of p(x,y), plain loops beat a call of dgemm */
};

/* In place of ln 0: p(y|x) times it is 0 or so large that the exponential vanishes, and never NaN. */
#define LN_ZERO (-1e200)

#define LOWEST (-600.0)

ip_status ib_map_create(const ip_ib_problem *p, double alpha, bool squared, double beta, size_t n_t_max, ib_map *out)
{
  *out = (ib_map){
      .p = p, .alpha = squared ? 1 : alpha, .beta = beta, .squared = squared, .slope = beta, .n_t_max = n_t_max};
  ip_status st = IP_NEW(out->logs, (p->n_y + 1) * n_t_max, "logarithms of p(y|t)");
  if (st == IP_OK) st = IP_NEW(out->rows, BLOCK * n_t_max, "rows of p(t|x)");
  if (st == IP_OK) st = IP_NEW(out->weighted, BLOCK * (p->n_y + 1), "p(x,y) / Z(x)");
  if (st == IP_OK) st = IP_NEW(out->z, BLOCK, "Z(x)");
  if (st == IP_OK && squared) st = IP_NEW(out->divergence, p->n_x * n_t_max, "divergences");
  if (st != IP_OK) ib_map_free(out);
  return st;
}

void ib_map_free(ib_map *m)
{
  ip_free(m->logs);
  ip_free(m->rows);
  ip_free(m->weighted);
  ip_free(m->z);
  ip_free(m->divergence);
  *m = (ib_map){0};
}

static double ln(double p)
{
  return p > 0 ? log(p) : LN_ZERO;
}

/* logs = scale_y ln p(y|t), and scale_t ln p(t) in the last row. */
static void take_logs(const ib_map *m, size_t n_t, const double *joint, double scale_y, double scale_t)
{
  size_t n_y = m->p->n_y;
  const double *p_t = joint + n_y * n_t;
  for (size_t y = 0; y < n_y; y++)
    for (size_t t = 0; t < n_t; t++) m->logs[y * n_t + t] = p_t[t] > 0 ? scale_y * ln(joint[y * n_t + t] / p_t[t]) : 0;
  for (size_t t = 0; t < n_t; t++) m->logs[n_y * n_t + t] = scale_t * ln(p_t[t]);
}

/* rows (n, n_t) = table (n, n_y + 1) times logs, for inputs x .. x + n - 1; `last` false leaves the last column out. */
static void multiply_logs(const ib_map *m, size_t n_t, size_t x, size_t n, bool last, double *rows)
{
  size_t width = m->p->n_y + 1, inner = last ? width : width - 1;
  const double *table = m->p->p_y_given_x + x * width;
  if (width > NARROW) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)n, (blasint)n_t, (blasint)inner, 1, table,
                (blasint)width, m->logs, (blasint)n_t, 0, rows, (blasint)n_t);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    double *restrict row = rows + i * n_t;
    memset(row, 0, n_t * sizeof *row);
    for (size_t k = 0; k < inner; k++) {
      double factor = table[i * width + k];
      const double *restrict term = m->logs + k * n_t;
      for (size_t t = 0; t < n_t; t++) row[t] += factor * term[t];
    }
  }
}

/* next (n_y + 1, n_t) += table (n, n_y + 1)^T rows (n, n_t). */
static void add_joint(const ib_map *m, size_t n_t, const double *table, size_t n, const double *rows, double *next)
{
  size_t width = m->p->n_y + 1;
  if (width > NARROW) {
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)width, (blasint)n_t, (blasint)n, 1, table,
                (blasint)width, rows, (blasint)n_t, 1, next, (blasint)n_t);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    const double *restrict row = rows + i * n_t;
    for (size_t k = 0; k < width; k++) {
      double factor = table[i * width + k];
      double *restrict sum = next + k * n_t;
      for (size_t t = 0; t < n_t; t++) sum[t] += factor * row[t];
    }
  }
}

/* The largest of (n) numbers; four at a time, which the compiler makes one vector. */
static double highest(size_t n, const double *x)
{
  double high[4] = {x[0], x[0], x[0], x[0]};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) high[k] = x[i + k] > high[k] ? x[i + k] : high[k];
  for (; i < n; i++) high[0] = x[i] > high[0] ? x[i] : high[0];
  double a = high[0] > high[1] ? high[0] : high[1], b = high[2] > high[3] ? high[2] : high[3];
  return a > b ? a : b;
}

/* Exponents to p(t|x) times *z, by log-sum-exp; returns ln Z(x). */
static double exponentiate_row(size_t n_t, double *row, double *z)
{
  double high = highest(n_t, row);
  for (size_t t = 0; t < n_t; t++) { /* nothing below 1e-260: products of such numbers are slow and add nothing */
    double e = row[t] - high;
    row[t] = e > LOWEST ? e : -1000;
  }
  ip_vexp64(n_t, row, row);
  *z = ip_sum_pairwise(n_t, row);
  return high + log(*z);
}

static double normalise_row(size_t n_t, double *row)
{
  double z, ln_z = exponentiate_row(n_t, row, &z);
  for (size_t t = 0; t < n_t; t++) row[t] /= z;
  return ln_z;
}

/* alpha = 0: all of x goes to the best t, the first of equals. */
static double choose_row(size_t n_t, double *row)
{
  size_t at = 0;
  for (size_t t = 1; t < n_t; t++)
    if (row[t] > row[at]) at = t;
  double high = row[at];
  memset(row, 0, n_t * sizeof *row);
  row[at] = 1;
  return high;
}

/* sum_x p(x) ln Z(x) over a block of inputs; rows become p(t|x) times z, and `weighted` gets p(x,y) / z. */
static double encode_block(ib_map *m, size_t n_t, size_t x, size_t n, bool hard)
{
  const size_t width = m->p->n_y + 1;
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    const double *p_xy = m->p->p_xy + (x + i) * width;
    double *row = m->rows + i * n_t, z = 1;
    sum += p_xy[width - 1] * (hard ? choose_row(n_t, row) : exponentiate_row(n_t, row, &z));
    for (size_t k = 0; k < width; k++) m->weighted[i * width + k] = p_xy[k] / z;
    m->z[i] = z;
  }
  return sum;
}

static void copy_encoder(const ib_map *m, size_t n_t, size_t n, double *encoder)
{
  for (size_t i = 0; i < n; i++)
    for (size_t t = 0; t < n_t; t++) encoder[i * n_t + t] = m->rows[i * n_t + t] / m->z[i];
}

/* sum_{t} next ln p(t) / alpha + sum_{y,t} next beta / alpha ln p(y|t) = E ln p(t|x) + E ln Z(x) */
static double mean_exponent(const ib_map *m, size_t n_t, const double *next)
{
  ip_sum sum = {0};
  for (size_t k = 0; k <= m->p->n_y; k++) {
    double row = 0;
    for (size_t t = 0; t < n_t; t++) row += next[k * n_t + t] * m->logs[k * n_t + t];
    ip_sum_add(&sum, row);
  }
  return ip_sum_value(&sum);
}

static void step_plain(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder)
{
  const ip_ib_problem *p = m->p;
  bool hard = m->alpha == 0;
  double scale = hard ? 1 : 1 / m->alpha;
  ip_sum ln_z = {0};
  take_logs(m, n_t, joint, m->beta * scale, scale);
  memset(next, 0, (p->n_y + 1) * n_t * sizeof *next);
  for (size_t x = 0; x < p->n_x; x += BLOCK) {
    size_t n = p->n_x - x < BLOCK ? p->n_x - x : BLOCK;
    multiply_logs(m, n_t, x, n, true, m->rows);
    ip_sum_add(&ln_z, encode_block(m, n_t, x, n, hard));
    add_joint(m, n_t, m->weighted, n, m->rows, next);
    if (encoder) copy_encoder(m, n_t, n, encoder + x * n_t);
  }
  m->noise = hard ? 0 : ip_sum_value(&ln_z) - mean_exponent(m, n_t, next);
  *free_energy = -(hard ? 1 : m->alpha) * ip_sum_value(&ln_z) - m->beta * p->hy_bits * IP_NATS_PER_BIT;
}

/* --- The squared Lagrangian. With the decoder fixed, R(b) = E[ln p(t|x)/p(t)] of the p(t|x) that belongs to
 * the slope b rises with b, so that 2 b R(b) = beta has one root. */

typedef struct {
  double rate, gain; /* R(b) and sum_{x,t} p(x) p(t|x) sum_y p(y|x) ln p(y|t), in nats */
} slope_values;

static slope_values at_slope(const ib_map *m, size_t n_t, double b, double *next, double *encoder)
{
  const ip_ib_problem *p = m->p;
  const double *ln_p_t = m->logs + p->n_y * n_t;
  ip_sum rate = {0}, gain = {0};
  if (next) memset(next, 0, (p->n_y + 1) * n_t * sizeof *next);
  for (size_t x = 0; x < p->n_x; x++) {
    const double *d = m->divergence + x * n_t;
    double *row = m->rows, mean = 0, p_x = p->p_xy[x * (p->n_y + 1) + p->n_y];
    for (size_t t = 0; t < n_t; t++) row[t] = ln_p_t[t] + b * d[t];
    double ln_z = normalise_row(n_t, row);
    for (size_t t = 0; t < n_t; t++)
      if (row[t] > 0) mean += row[t] * d[t];
    ip_sum_add(&rate, p_x * (b * mean - ln_z));
    ip_sum_add(&gain, p_x * mean);
    if (next) add_joint(m, n_t, p->p_xy + x * (p->n_y + 1), 1, row, next);
    if (encoder) memcpy(encoder + x * n_t, row, n_t * sizeof *row);
  }
  return (slope_values){ip_sum_value(&rate), ip_sum_value(&gain)};
}

/* The root of 2 b R(b) = beta in ln b, by false position with halving (the Illinois method); the trivial T, with R = 0
 * for every b, gets the bound. */
static double find_slope(const ib_map *m, size_t n_t)
{
  double low = log(m->slope), high = low, f_low, f_high;
  const double least = -25, most = 25; /* b from 1e-11 to 1e11 */
  do {
    low -= 1;
    f_low = 2 * exp(low) * at_slope(m, n_t, exp(low), NULL, NULL).rate - m->beta;
  } while (f_low > 0 && low > least);
  do {
    high += 1;
    f_high = 2 * exp(high) * at_slope(m, n_t, exp(high), NULL, NULL).rate - m->beta;
  } while (f_high < 0 && high < most);
  if (f_low > 0) return exp(low);
  if (f_high < 0) return exp(high);
  for (int i = 0, side = 0; i < 100 && high - low > 1e-13; i++) {
    double middle = (low * f_high - high * f_low) / (f_high - f_low);
    double f = 2 * exp(middle) * at_slope(m, n_t, exp(middle), NULL, NULL).rate - m->beta;
    if (fabs(f) <= 1e-14 * m->beta) return exp(middle);
    if (f > 0) {
      high = middle;
      f_high = f;
      if (side == 1) f_low /= 2;
      side = 1;
    } else {
      low = middle;
      f_low = f;
      if (side == -1) f_high /= 2;
      side = -1;
    }
  }
  return exp((low + high) / 2);
}

static void step_squared(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder)
{
  take_logs(m, n_t, joint, 1, 1);
  multiply_logs(m, n_t, 0, m->p->n_x, false, m->divergence);
  m->slope = find_slope(m, n_t);
  slope_values v = at_slope(m, n_t, m->slope, next, encoder);
  ip_sum ln_p_t = {0}; /* E ln p(t) of the old p(t) */
  for (size_t t = 0; t < n_t; t++) ip_sum_add(&ln_p_t, next[m->p->n_y * n_t + t] * m->logs[m->p->n_y * n_t + t]);
  m->noise = -(v.rate + ip_sum_value(&ln_p_t));
  *free_energy = v.rate * v.rate - m->beta * (v.gain + m->p->hy_bits * IP_NATS_PER_BIT);
}

ip_status ib_map_step(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder)
{
  (m->squared ? step_squared : step_plain)(m, n_t, joint, next, free_energy, encoder);
  IP_REQUIRE(isfinite(*free_energy), IP_ENUMERIC,
             "the bottleneck iterations left the finite numbers at beta = %g; take a smaller beta", m->beta);
  return IP_OK;
}
