#include "measure/usable.h"

#include "estimator/scaled.h"
#include "info/discrete.h"
#include "num/sum.h"

#include <math.h>

const ip_measure_series ip_usable_series[IP_N_USABLE] = {
    [IP_V_INFORMATION] = {"v_information", "bits",
                          "information about the labels that the classifier can use (V-information)"},
    [IP_ACCURACY] = {"accuracy", "fraction", "fraction of samples whose label the classifier predicts"},
};

/* ---------------------------------------------------------------- the two sets of samples */

static bool is_in(const ip_measure_input *in, bool test, size_t i)
{
  return in->split ? (in->split[i] != 0) == test : !test;
}

/* Numbers (n_found) of the training or test samples. */
static ip_status find_samples(const ip_measure_input *in, bool test, ip_scratch *sc, size_t *n_found, uint32_t **sample)
{
  *n_found = 0;
  IP_TRY(IP_SCRATCH(sc, *sample, in->s->n, "samples of a split"));
  for (size_t i = 0; i < in->s->n; i++)
    if (is_in(in, test, i)) (*sample)[(*n_found)++] = (uint32_t)i;
  return IP_OK;
}

/* ---------------------------------------------------------------- units */

/* Mean and standard deviation of unit j over samples, false if it is constant. */
static bool moments_of(const ip_samples *s, size_t n, const uint32_t *sample, size_t j, double *mean, double *sd)
{
  const float *t = s->t + j;
  double square = 0;
  bool varies = false;
  *mean = 0;
  for (size_t i = 0; i < n; i++) {
    *mean += (double)t[sample[i] * s->width];
    varies = varies || t[sample[i] * s->width] != t[sample[0] * s->width];
  }
  *mean /= (double)n;
  for (size_t i = 0; i < n; i++) {
    double v = (double)t[sample[i] * s->width] - *mean;
    square += v * v;
  }
  *sd = sqrt(square / (double)n);
  return varies && *sd > 0;
}

typedef struct unit {
  size_t j;
  double shift, factor;
} unit;

static unit change(size_t j, double mean, double sd, ip_usable_units units)
{
  switch (units) {
  case IP_UNITS_CENTERED:
    return (unit){j, mean, 1};
  case IP_UNITS_STANDARDIZED:
    return (unit){j, mean, 1 / sd};
  case IP_UNITS_COMPARED:
    break;
  }
  return (unit){j, 0, ip_column_factor(sd)};
}

static ip_status take_units(const ip_samples *s, size_t n, const uint32_t *sample, size_t width, const unit *u,
                            ip_scratch *sc, double **out)
{
  size_t columns = width + 1;
  IP_REQUIRE(columns <= SIZE_MAX / n, IP_ENOMEM, "%zu samples of %zu units", n, columns);
  IP_TRY(IP_SCRATCH(sc, *out, n * columns, "units of a split"));
  for (size_t i = 0; i < n; i++) {
    const float *t = s->t + sample[i] * s->width;
    double *to = *out + i * columns;
    for (size_t k = 0; k < width; k++) to[k] = ((double)t[u[k].j] - u[k].shift) * u[k].factor;
    to[width] = 1;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- labels */

static double probability(const ip_samples *s, size_t i, size_t c)
{
  return s->p_y_given_x ? (double)s->p_y_given_x[i * s->n_y + c] : (size_t)s->y[i] == c;
}

/* Lets each of n rows sum to 1 beyond the digits of float32, on which the optimum of a probe depends. */
static void normalize(size_t n, size_t n_classes, double *p)
{
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t c = 0; c < n_classes; c++) sum += p[i * n_classes + c];
    for (size_t c = 0; c < n_classes; c++) p[i * n_classes + c] /= sum;
  }
}

/* Classes that occur in the training samples; *why if a test sample has another one. */
static ip_status take_labels(const ip_samples *s, const uint32_t *train, const uint32_t *test, ip_scratch *sc,
                             ip_usable *u, const char **why)
{
  double *sum; // (n_y) over the training samples
  IP_TRY(IP_SCRATCH(sc, sum, s->n_y, "frequencies of classes"));
  for (size_t i = 0; i < u->n_train; i++)
    for (size_t c = 0; c < s->n_y; c++) sum[c] += probability(s, train[i], c);
  for (size_t c = 0; c < s->n_y; c++) u->n_classes += sum[c] > 0;
  IP_TRY(IP_SCRATCH(sc, u->frequency, u->n_classes, "frequencies of classes"));
  IP_TRY(IP_SCRATCH(sc, u->p_train, u->n_train * u->n_classes, "labels of training samples"));
  IP_TRY(IP_SCRATCH(sc, u->p_test, u->n_test * u->n_classes, "labels of test samples"));
  for (size_t c = 0, k = 0; c < s->n_y; c++) {
    bool is_seen = sum[c] > 0;
    for (size_t i = 0; i < u->n_test; i++) {
      double p = probability(s, test[i], c);
      if (is_seen)
        u->p_test[i * u->n_classes + k] = p;
      else if (p > 0)
        *why = "a class of the test samples does not occur in the training samples";
    }
    if (!is_seen) continue;
    for (size_t i = 0; i < u->n_train; i++) u->p_train[i * u->n_classes + k] = probability(s, train[i], c);
    k++;
  }
  if (*why) return IP_OK;
  normalize(u->n_train, u->n_classes, u->p_train);
  normalize(u->n_test, u->n_classes, u->p_test);
  for (size_t i = 0; i < u->n_train; i++)
    for (size_t k = 0; k < u->n_classes; k++) u->frequency[k] += u->p_train[i * u->n_classes + k] / (double)u->n_train;
  return IP_OK;
}

ip_status ip_usable_read(const ip_measure_input *in, ip_usable_units units, bool on_train, ip_scratch *sc,
                         ip_usable *out, const char **why)
{
  const ip_samples *s = in->s;
  uint32_t *train, *test; // (n_train), (n_test)
  unit *u;                // (width)
  *out = (ip_usable){0};
  *why = NULL;
  if (!ip_measure_has_classes(s)) {
    *why = IP_WHY_NO_CLASSES;
    return IP_OK;
  }
  IP_TRY(find_samples(in, false, sc, &out->n_train, &train));
  IP_TRY(find_samples(in, !on_train, sc, &out->n_test, &test));
  if (!out->n_train || !out->n_test) {
    *why = IP_WHY_NO_SPLIT;
    return IP_OK;
  }
  IP_TRY(take_labels(s, train, test, sc, out, why));
  if (*why) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, u, s->width, "units"));
  for (size_t j = 0; j < s->width; j++) {
    double mean, sd;
    if (moments_of(s, out->n_train, train, j, &mean, &sd)) u[out->width++] = change(j, mean, sd, units);
  }
  IP_TRY(take_units(s, out->n_train, train, out->width, u, sc, &out->train));
  return take_units(s, out->n_test, test, out->width, u, sc, &out->test);
}

void ip_usable_score(const ip_usable *u, const double *log_q, double out[IP_N_USABLE])
{
  ip_sum nats = {0}, right = {0};
  for (size_t i = 0; i < u->n_test; i++) {
    const double *p = u->p_test + i * u->n_classes, *q = log_q ? log_q + i * u->n_classes : NULL;
    size_t best = 0;
    for (size_t c = 0; c < u->n_classes; c++) {
      if (q && p[c] > 0) ip_sum_add(&nats, p[c] * (q[c] - log(u->frequency[c])));
      if (q ? q[c] > q[best] : u->frequency[c] > u->frequency[best]) best = c;
    }
    ip_sum_add(&right, p[best]);
  }
  out[IP_V_INFORMATION] = ip_sum_value(&nats) / (double)u->n_test / IP_NATS_PER_BIT;
  out[IP_ACCURACY] = ip_sum_value(&right) / (double)u->n_test;
}
