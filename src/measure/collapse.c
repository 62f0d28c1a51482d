#include "measure/collapse.h"

#include "estimator/covariance.h"
#include "measure/kind.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define NO_VARIANCE 1e-20 /* between classes, relative to the whole: rounding errors of means */
#define NO_DIRECTION 1e-10

/* The classes that occur. */
typedef struct classes {
  size_t n;       /* number of classes */
  int32_t *index; // (n_y) number of a class among those that occur; -1 if it does not
  double *weight; // (n) samples in the class
  double *mean;   // (n, width)
} classes;

/* Weight of sample i in class y. */
static double weight_of(const ip_samples *s, size_t i, size_t y)
{
  return s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + y] : (size_t)s->y[i] == y;
}

/* The classes y that sample i can belong to: [first, end). */
static size_t first_of(const ip_samples *s, size_t i)
{
  return s->p_y_given_x ? 0 : (size_t)s->y[i];
}

static size_t end_of(const ip_samples *s, size_t i)
{
  return s->p_y_given_x ? s->n_y : (size_t)s->y[i] + 1;
}

static ip_status find_classes(const ip_samples *s, const ip_centred *t, ip_scratch *sc, classes *c)
{
  IP_TRY(IP_SCRATCH(sc, c->index, s->n_y, "classes"));
  for (size_t i = 0; i < s->n; i++)
    for (size_t y = first_of(s, i); y < end_of(s, i); y++) c->index[y] |= weight_of(s, i, y) > 0;
  for (size_t y = 0; y < s->n_y; y++) c->index[y] = c->index[y] ? (int32_t)c->n++ : -1;
  IP_TRY(IP_SCRATCH(sc, c->weight, c->n, "sizes of classes"));
  IP_TRY(IP_SCRATCH(sc, c->mean, c->n * t->width, "means of classes"));
  for (size_t i = 0; i < s->n; i++)
    for (size_t y = first_of(s, i); y < end_of(s, i); y++) {
      double w = weight_of(s, i, y);
      if (w <= 0) continue;
      size_t k = (size_t)c->index[y];
      c->weight[k] += w;
      cblas_daxpy((int)t->width, w, t->v + i * t->width, 1, c->mean + k * t->width, 1);
    }
  for (size_t k = 0; k < c->n; k++) cblas_dscal((int)t->width, 1 / c->weight[k], c->mean + k * t->width, 1);
  return IP_OK;
}

/* 1/N sum_i |(t_i - m_y) in column j|^2 for the columns v (n, width) and the class means of these columns. */
static void scatter_within(const ip_samples *s, const classes *c, size_t width, const double *v, const double *mean,
                           double *scatter)
{
  for (size_t i = 0; i < s->n; i++)
    for (size_t y = first_of(s, i); y < end_of(s, i); y++) {
      double w = weight_of(s, i, y) / (double)s->n;
      if (w <= 0) continue;
      const double *m = mean + (size_t)c->index[y] * width;
      for (size_t j = 0; j < width; j++) {
        double d = v[i * width + j] - m[j];
        scatter[j] += w * d * d;
      }
    }
}

static double sum_of(size_t n, const double *v)
{
  double sum = 0;
  for (size_t j = 0; j < n; j++) sum += v[j];
  return sum;
}

/* tr S_W / tr S_B; false if S_B is 0. */
static bool ratio_of_traces(const classes *c, const ip_centred *t, double within, double *nc1)
{
  double between = 0;
  for (size_t k = 0; k < c->n; k++)
    for (size_t j = 0; j < t->width; j++)
      between += c->weight[k] / (double)t->n * c->mean[k * t->width + j] * c->mean[k * t->width + j];
  *nc1 = within / between;
  return between > NO_VARIANCE * (within + between);
}

/* Class means about their own mean, over sqrt(C): m (C, width) with S_B = m'm. */
static ip_status means_about_theirs(const classes *c, size_t width, ip_scratch *sc, double **m)
{
  IP_TRY(IP_SCRATCH(sc, *m, c->n * width, "means of classes"));
  for (size_t j = 0; j < width; j++) {
    double mean = 0;
    for (size_t k = 0; k < c->n; k++) mean += c->mean[k * width + j] / (double)c->n;
    for (size_t k = 0; k < c->n; k++) (*m)[k * width + j] = (c->mean[k * width + j] - mean) / sqrt((double)c->n);
  }
  return IP_OK;
}

/* Eigenvectors u (*r, width) and eigenvalues (*r) of m'm, those above NO_DIRECTION of the largest. */
static ip_status directions(const classes *c, size_t width, double *m, ip_scratch *sc, size_t *r, double **u,
                            double **value)
{
  size_t d;
  double *gram; // (d, d) eigenvectors as rows
  ip_centred means = {.n = c->n, .width = width, .v = m};
  IP_TRY(ip_centred_gram(&means, sc, &d, &gram));
  IP_TRY(IP_SCRATCH(sc, *value, d, "eigenvalues"));
  IP_TRY(ip_eigen(d, gram, true, *value));
  size_t first = 0;
  while (first < d && !((*value)[first] > NO_DIRECTION * (*value)[d - 1])) first++;
  *r = d - first;
  *value += first;
  *u = gram + first * d;
  if (d == width) return IP_OK;
  double *long_u; // (r, width) m'v / sqrt(value)
  IP_TRY(IP_SCRATCH(sc, long_u, *r * width, "directions between classes"));
  if (*r)
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)*r, (int)width, (int)d, 1, *u, (int)d, m, (int)width, 0,
                long_u, (int)width);
  for (size_t k = 0; k < *r; k++) cblas_dscal((int)width, 1 / sqrt((*value)[k]), long_u + k * width, 1);
  *u = long_u;
  return IP_OK;
}

/* v (n, width) times u' (width, r), in scratch. */
static ip_status project(size_t n, size_t width, const double *v, size_t r, const double *u, ip_scratch *sc,
                         double **out)
{
  IP_TRY(IP_SCRATCH(sc, *out, n * r, "projections"));
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n, (int)r, (int)width, 1, v, (int)width, u, (int)width, 0,
              *out, (int)r);
  return IP_OK;
}

static ip_status papyan(const ip_samples *s, const ip_centred *t, const classes *c, ip_scratch *sc, double *nc1_papyan,
                        const char **reason)
{
  size_t r;
  double *m, *u, *value, *along, *mean_along, *scatter; // (C, width), (r, width), (r), (n, r), (C, r), (r)
  IP_TRY(means_about_theirs(c, t->width, sc, &m));
  IP_TRY(directions(c, t->width, m, sc, &r, &u, &value));
  if (!r) {
    *reason = "all classes have the same mean";
    return IP_OK;
  }
  IP_TRY(project(t->n, t->width, t->v, r, u, sc, &along));
  IP_TRY(project(c->n, t->width, c->mean, r, u, sc, &mean_along));
  IP_TRY(IP_SCRATCH(sc, scatter, r, "scatter"));
  scatter_within(s, c, r, along, mean_along, scatter);
  *nc1_papyan = 0;
  for (size_t k = 0; k < r; k++) *nc1_papyan += scatter[k] / value[k] / (double)c->n;
  return IP_OK;
}

ip_status ip_neural_collapse(const ip_samples *s, const ip_centred *t, ip_scratch *sc, double *nc1, double *nc1_papyan,
                             const char **reason)
{
  size_t mark = ip_scratch_mark(sc);
  classes c = {0};
  double *scatter; // (width)
  if (!ip_measure_has_classes(s)) {
    ip_measure_no_value(reason, 0, 2, IP_WHY_NO_CLASSES);
    return IP_OK;
  }
  IP_TRY(find_classes(s, t, sc, &c));
  IP_TRY(IP_SCRATCH(sc, scatter, t->width, "scatter"));
  scatter_within(s, &c, t->width, t->v, c.mean, scatter);
  if (c.n < 2)
    ip_measure_no_value(reason, 0, 2, IP_WHY_ONE_CLASS);
  else if (!ratio_of_traces(&c, t, sum_of(t->width, scatter), nc1))
    ip_measure_no_value(reason, 0, 2, "all classes have the same mean");
  else
    IP_TRY(papyan(s, t, &c, sc, nc1_papyan, &reason[1]));
  ip_scratch_release(sc, mark);
  return IP_OK;
}
