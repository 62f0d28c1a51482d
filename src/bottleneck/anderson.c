#include "bottleneck/anderson.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

#define RIDGE 1e-13   /* relative; keeps the equations solvable when the steps repeat each other */
#define FARTHEST 20.0 /* a probability changes at most by a factor exp of this */

ip_status ib_anderson_create(size_t n_max, ib_anderson *out)
{
  *out = (ib_anderson){.n_max = n_max};
  ip_status st = IP_NEW(out->dr, IB_ANDERSON_DEPTH * n_max, "differences of residuals");
  if (st == IP_OK) st = IP_NEW(out->dg, IB_ANDERSON_DEPTH * n_max, "differences of steps");
  if (st == IP_OK) st = IP_NEW(out->r, n_max, "a residual");
  if (st == IP_OK) st = IP_NEW(out->g, n_max, "a step");
  if (st != IP_OK) ib_anderson_free(out);
  return st;
}

void ib_anderson_free(ib_anderson *a)
{
  ip_free(a->dr);
  ip_free(a->dg);
  ip_free(a->r);
  ip_free(a->g);
  *a = (ib_anderson){0};
}

void ib_anderson_restart(ib_anderson *a)
{
  a->steps = 0;
}

/* Appends the step: its residual and image, and their differences to the last ones. */
static void record(ib_anderson *a, size_t n, const double *p, const double *q)
{
  size_t slot = a->steps > 0 ? (a->steps - 1) % IB_ANDERSON_DEPTH : 0;
  double *dr = a->dr + slot * n, *dg = a->dg + slot * n;
  for (size_t i = 0; i < n; i++) {
    bool positive = p[i] > 0 && q[i] > 0; /* a probability that is 0 stays so */
    double g = positive ? log(q[i]) : 0, r = positive ? g - log(p[i]) : 0;
    if (a->steps > 0) {
      dr[i] = positive ? r - a->r[i] : 0;
      dg[i] = positive ? g - a->g[i] : 0;
    }
    a->r[i] = r;
    a->g[i] = g;
  }
  a->steps++;
}

/* Solves the symmetric equations m c = v (k, k) by Cholesky's factors; both are lost. False when not positive. */
static bool solve_equations(size_t k, double m[IB_ANDERSON_DEPTH][IB_ANDERSON_DEPTH], double v[IB_ANDERSON_DEPTH])
{
  for (size_t i = 0; i < k; i++) {
    for (size_t j = 0; j <= i; j++) {
      double sum = m[i][j];
      for (size_t l = 0; l < j; l++) sum -= m[i][l] * m[j][l];
      if (i == j && !(sum > 0)) return false;
      m[i][j] = i == j ? sqrt(sum) : sum / m[j][j];
    }
    for (size_t l = 0; l < i; l++) v[i] -= m[i][l] * v[l];
    v[i] /= m[i][i];
  }
  for (size_t i = k; i-- > 0;) {
    for (size_t l = i + 1; l < k; l++) v[i] -= m[l][i] * v[l];
    v[i] /= m[i][i];
  }
  return true;
}

static double weighted_product(size_t n, const double *weight, const double *a, const double *b)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += weight[i] * a[i] * b[i];
  return sum;
}

bool ib_anderson_extrapolate(ib_anderson *a, size_t n, const double *p, const double *q, double *to)
{
  record(a, n, p, q);
  size_t k = a->steps - 1 < IB_ANDERSON_DEPTH ? a->steps - 1 : IB_ANDERSON_DEPTH;
  if (k > n) k = n;
  if (k == 0) return false;
  double m[IB_ANDERSON_DEPTH][IB_ANDERSON_DEPTH], c[IB_ANDERSON_DEPTH], scale[IB_ANDERSON_DEPTH];
  for (size_t i = 0; i < k; i++) scale[i] = sqrt(weighted_product(n, p, a->dr + i * n, a->dr + i * n));
  for (size_t i = 0; i < k; i++) {
    if (!(scale[i] > 0)) return false;
    for (size_t j = 0; j <= i; j++)
      m[i][j] = weighted_product(n, p, a->dr + i * n, a->dr + j * n) / (scale[i] * scale[j]) + (i == j ? RIDGE : 0);
    c[i] = weighted_product(n, p, a->dr + i * n, a->r) / scale[i];
  }
  if (!solve_equations(k, m, c)) return false;
  for (size_t i = 0; i < n; i++) {
    double move = 0;
    for (size_t j = 0; j < k; j++) move -= c[j] / scale[j] * a->dg[j * n + i];
    to[i] = q[i] > 0 ? q[i] * exp(fmin(fmax(move, -FARTHEST), FARTHEST)) : 0;
  }
  return true;
}
