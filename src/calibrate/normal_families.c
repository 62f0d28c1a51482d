/* normal_families.c - pairs of normals: as they are, divided by a common factor (Student), transformed, and with other
 * matrices of correlations. Transforms of single coordinates leave the information as it is (Czyz et al. 2023, theorem
 * 2.1). */
#include "calibrate/closed_forms.h"
#include "calibrate/family.h"

#include <math.h>

#define PI 3.14159265358979323846

/* ---------------------------------------------------------------- transforms */

static double normal_cdf(double v)
{
  return 0.5 * erfc(-v / sqrt(2));
}

void ip_transform_cdf(double *v)
{
  *v = normal_cdf(*v);
}

/* The quantile, at the normal's, of an equal mixture of two normals at -1 and 1 with standard deviation 0.3. */
void ip_transform_bimodal(double *v)
{
  bool upper = *v > 0; /* by symmetry the lower half, where probabilities keep their digits */
  double want = normal_cdf(upper ? -*v : *v), low = -4, high = 0;
  for (int i = 0; i < 60; i++) {
    double middle = low + (high - low) / 2;
    if (0.5 * (normal_cdf((middle + 1) / 0.3) + normal_cdf((middle - 1) / 0.3)) < want)
      low = middle;
    else
      high = middle;
  }
  *v = upper ? -low : low;
}

/* Increasing: the derivative is at least 1 - 0.4 - 0.34 - 0.099. */
void ip_transform_wiggly(double *v)
{
  *v += 0.4 * sin(*v) + 0.2 * sin(1.7 * *v + 1) + 0.03 * sin(3.3 * *v - 2.5);
}

void ip_transform_asinh(double *v)
{
  *v = asinh(*v);
}

void ip_transform_square(double *v)
{
  *v *= fabs(*v);
}

void ip_transform_cube(double *v)
{
  *v *= *v * *v;
}

/* ---------------------------------------------------------------- pairs of normals */

typedef struct pairs {
  size_t d;
  double r[IP_MAX_PAIRS];  /* correlations */
  double *turn_x, *turn_t; // (d, d) rows are orthonormal; NULL: not turned
} pairs;

/* Rows of normal numbers made orthonormal: a rotation or reflection that is uniform among all. */
static ip_status random_rotation(size_t d, ip_rng *r, ip_scratch *sc, double **q)
{
  IP_TRY(IP_SCRATCH(sc, *q, d * d, "a rotation"));
  for (size_t k = 0; k < d * d; k++) (*q)[k] = ip_rng_normal(r);
  for (size_t a = 0; a < d; a++) {
    double *row = *q + a * d, length = 0;
    for (int twice = 0; twice < 2; twice++)
      for (size_t b = 0; b < a; b++) {
        double product = 0;
        for (size_t k = 0; k < d; k++) product += row[k] * (*q)[b * d + k];
        for (size_t k = 0; k < d; k++) row[k] -= product * (*q)[b * d + k];
      }
    for (size_t k = 0; k < d; k++) length += row[k] * row[k];
    for (size_t k = 0; k < d; k++) row[k] /= sqrt(length);
  }
  return IP_OK;
}

static ip_status prepare(const ip_calibration_task *t, ip_rng *r, ip_scratch *sc, pairs *out)
{
  double part[IP_MAX_PAIRS];
  *out = (pairs){.d = t->pairs};
  ip_family_split(t, r, part);
  for (size_t k = 0; k < t->pairs; k++) out->r[k] = sqrt(-expm1(-2 * part[k]));
  if (t->pairs == 1) return IP_OK;
  IP_TRY(random_rotation(t->pairs, r, sc, &out->turn_x));
  return random_rotation(t->pairs, r, sc, &out->turn_t);
}

static void rotate(size_t d, const double *turn, double *v)
{
  double from[IP_MAX_PAIRS];
  if (!turn) return;
  for (size_t k = 0; k < d; k++) from[k] = v[k];
  for (size_t k = 0; k < d; k++) {
    v[k] = 0;
    for (size_t l = 0; l < d; l++) v[k] += turn[k * d + l] * from[l];
  }
}

static void draw_pairs(const pairs *p, ip_rng *r, double *x, double *t)
{
  for (size_t k = 0; k < p->d; k++) {
    x[k] = ip_rng_normal(r);
    t[k] = p->r[k] * x[k] + sqrt((1 - p->r[k]) * (1 + p->r[k])) * ip_rng_normal(r);
  }
  rotate(p->d, p->turn_x, x);
  rotate(p->d, p->turn_t, t);
}

/* Root of the mean of so many squares; 1 for none. */
static double common_factor(int freedom, ip_rng *r)
{
  double square = 0;
  for (int k = 0; k < freedom; k++) {
    double z = ip_rng_normal(r);
    square += z * z / freedom;
  }
  return freedom ? sqrt(square) : 1;
}

ip_status ip_draw_normal_pairs(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  pairs p;
  size_t d = t->pairs;
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  IP_TRY(prepare(t, r, sc, &p));
  for (size_t i = 0; i < n; i++) {
    double x[IP_MAX_PAIRS], y[IP_MAX_PAIRS];
    draw_pairs(&p, r, x, y);
    double factor = common_factor(t->freedom, r);
    a.y[i] = x[0] > 0;
    for (size_t k = 0; k < d; k++) {
      x[k] /= factor;
      y[k] /= factor;
      if (t->family->transform) {
        t->family->transform(&x[k]);
        t->family->transform(&y[k]);
      }
      a.x[i * d + k] = (float)x[k];
      a.t[i * d + k] = (float)y[k];
    }
  }
  return IP_OK;
}

/* The turn s = 3/2 pi (1 + 2u) of a spiral, at radius s / 21. */
ip_status ip_draw_swiss_roll(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  pairs p;
  size_t d = t->pairs;
  IP_TRY(ip_task_allocate(n, d, 2 * d, 0, sc, &a, out));
  IP_TRY(prepare(t, r, sc, &p));
  for (size_t i = 0; i < n; i++) {
    double x[IP_MAX_PAIRS], y[IP_MAX_PAIRS];
    draw_pairs(&p, r, x, y);
    a.y[i] = x[0] > 0;
    for (size_t k = 0; k < d; k++) {
      double s = 1.5 * PI * (1 + 2 * normal_cdf(x[k]));
      a.x[2 * (i * d + k)] = (float)(s * cos(s) / 21);
      a.x[2 * (i * d + k) + 1] = (float)(s * sin(s) / 21);
      a.t[i * d + k] = (float)normal_cdf(y[k]);
    }
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- other correlations */

static double dense(double c, const void *d)
{
  return ip_nats_dense_normal(c, *(const size_t *)d);
}

ip_status ip_draw_dense_normal(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs;
  double c = ip_nats_solve(dense, &d, t->nats, 0, 1 - 1e-15);
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double common = sqrt(c) * ip_rng_normal(r);
    for (size_t k = 0; k < 2 * d; k++) {
      double v = common + sqrt(1 - c) * ip_rng_normal(r);
      *(k < d ? &a.x[i * d + k] : &a.t[i * d + k - d]) = (float)v;
      if (k == 0) a.y[i] = v > 0;
    }
  }
  return IP_OK;
}

/* Two pairs of correlation r = l^2 / (1 + l^2), l the strength of bmi: -ln(1 - r^2). */
ip_status ip_draw_sparse_normal(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  pairs p = {.d = t->pairs};
  size_t d = t->pairs;
  p.r[0] = p.r[1] = sqrt(-expm1(-t->nats));
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    double x[IP_MAX_PAIRS], y[IP_MAX_PAIRS];
    draw_pairs(&p, r, x, y);
    a.y[i] = x[0] > 0;
    for (size_t k = 0; k < d; k++) {
      a.x[i * d + k] = (float)x[k];
      a.t[i * d + k] = (float)y[k];
    }
  }
  return IP_OK;
}
