#include "bottleneck/iterate.h"

#include "base/mem.h"
#include "info/discrete.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
  BLOCK = 64, /* rows of p(t|x) at a time: with 1000 clusters they fit the second cache */
  NARROW = 8  /* up to so many columns of p(x,y), plain loops beat a call of dgemm */
};

/* In place of ln 0: p(y|x) times it is 0 or so large that the exponential vanishes, and never NaN. */
#define LN_ZERO (-1e200)

#define LOWEST (-600.0)

ip_status ib_map_create(const ip_ib_problem *p, double alpha, double beta, size_t n_t_max, ib_map *out)
{
  *out = (ib_map){.p = p, .alpha = alpha, .beta = beta, .n_t_max = n_t_max};
  ip_status st = IP_NEW(out->logs, (p->n_y + 1) * n_t_max, "logarithms of p(y|t)");
  if (st == IP_OK) st = IP_NEW(out->rows, BLOCK * n_t_max, "rows of p(t|x)");
  if (st == IP_OK) st = IP_NEW(out->weighted, BLOCK * (p->n_y + 1), "p(x,y) / Z(x)");
  if (st == IP_OK) st = IP_NEW(out->z, BLOCK, "Z(x)");
  if (st != IP_OK) ib_map_free(out);
  return st;
}

void ib_map_free(ib_map *m)
{
  ip_free(m->logs);
  ip_free(m->rows);
  ip_free(m->weighted);
  ip_free(m->z);
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

/* rows (n, n_t) = table (n, n_y + 1) times logs, for inputs x .. x + n - 1. */
static void multiply_logs(const ib_map *m, size_t n_t, size_t x, size_t n, double *rows)
{
  size_t width = m->p->n_y + 1;
  const double *table = m->p->p_y_given_x + x * width;
  if (width > NARROW) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)n, (blasint)n_t, (blasint)width, 1, table,
                (blasint)width, m->logs, (blasint)n_t, 0, rows, (blasint)n_t);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    double *restrict row = rows + i * n_t;
    memset(row, 0, n_t * sizeof *row);
    for (size_t k = 0; k < width; k++) {
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

static void step(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder)
{
  const ip_ib_problem *p = m->p;
  bool hard = m->alpha == 0;
  double scale = hard ? 1 : 1 / m->alpha;
  ip_sum ln_z = {0};
  take_logs(m, n_t, joint, m->beta * scale, scale);
  memset(next, 0, (p->n_y + 1) * n_t * sizeof *next);
  for (size_t x = 0; x < p->n_x; x += BLOCK) {
    size_t n = p->n_x - x < BLOCK ? p->n_x - x : BLOCK;
    multiply_logs(m, n_t, x, n, m->rows);
    ip_sum_add(&ln_z, encode_block(m, n_t, x, n, hard));
    add_joint(m, n_t, m->weighted, n, m->rows, next);
    if (encoder) copy_encoder(m, n_t, n, encoder + x * n_t);
  }
  m->noise = hard ? 0 : ip_sum_value(&ln_z) - mean_exponent(m, n_t, next);
  *free_energy = -(hard ? 1 : m->alpha) * ip_sum_value(&ln_z) - m->beta * p->hy_bits * IP_NATS_PER_BIT;
}

ip_status ib_map_step(ib_map *m, size_t n_t, const double *joint, double *next, double *free_energy, double *encoder)
{
  step(m, n_t, joint, next, free_energy, encoder);
  IP_REQUIRE(isfinite(*free_energy), IP_ENUMERIC,
             "the bottleneck iterations left the finite numbers at beta = %g; take a smaller beta", m->beta);
  return IP_OK;
}
