/* noise_tasks.c - one of four inputs, equally likely, through units with noise that a network may have: multiplicative
 * Gaussian noise, and binary dropout. Y says whether it is one of the last two. */
#include "calibrate/task.h"

#include <math.h>

enum { INPUTS = 4 };

/* Draws the input and the label; unit k of it is h[k]. */
static const float *draw_input(const float *h, size_t width, size_t i, ip_rng *r, ip_task_arrays *a)
{
  a->x_id[i] = (uint32_t)ip_rng_below(r, INPUTS);
  a->y[i] = a->x_id[i] >= INPUTS / 2;
  a->x[i] = (float)a->x_id[i];
  for (size_t k = 0; k < width; k++) a->mean[i * width + k] = h[a->x_id[i] * width + k];
  return a->mean + i * width;
}

static bool shares(size_t i, size_t j, bool labels)
{
  return labels ? i / (INPUTS / 2) == j / (INPUTS / 2) : i == j;
}

/* --- T = h (1 + sqrt(0.3) eps), one unit, which is 0 for one input (Adilova, Geiger & Fischer 2023) */

#define FACTOR_VARIANCE 0.3
static const float scaled[INPUTS] = {1, 2, 0, 0.5f};

static double density(double t, double h)
{
  double z = (t - h) / h;
  return exp(-z * z / (2 * FACTOR_VARIANCE)) / fabs(h);
}

/* E log2 q_i/q of input i, by the trapezoidal rule over t = h (1 + sqrt(0.3) z), exact to rounding for such functions.
 * q_i: of the input, or of the inputs with its label. */
static double term(size_t i, bool labels)
{
  double sum = 0, step = 1. / 64, total = 0;
  double of = labels ? INPUTS / 2 : 1;
  if (scaled[i] == 0) return log2(INPUTS / of); /* no other input is 0 */
  for (double z = -9; z <= 9; z += step) {
    double t = (double)scaled[i] * (1 + sqrt(FACTOR_VARIANCE) * z), own = 0, all = 0, weight = exp(-z * z / 2);
    for (size_t j = 0; j < INPUTS; j++) {
      double q = scaled[j] == 0 ? 0 : density(t, (double)scaled[j]);
      all += q / INPUTS;
      if (shares(i, j, labels)) own += q / of;
    }
    sum += weight * log2(own / all);
    total += weight;
  }
  return sum / total;
}

static double multiplicative_ixt_bits(void)
{
  double sum = 0;
  for (size_t i = 0; i < INPUTS; i++) sum += term(i, false) / INPUTS;
  return sum;
}

static double multiplicative_ity_bits(void)
{
  double sum = 0;
  for (size_t i = 0; i < INPUTS; i++) sum += term(i, true) / INPUTS;
  return sum;
}

static ip_status multiplicative_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, 1, 1, IP_TASK_X_ID | IP_TASK_MEAN, sc, &a, out));
  out->n_x = INPUTS;
  out->multiplicative_noise = FACTOR_VARIANCE;
  for (size_t i = 0; i < n; i++) {
    double h = (double)*draw_input(scaled, 1, i, r, &a);
    a.t[i] = (float)(h * (1 + sqrt(FACTOR_VARIANCE) * ip_rng_normal(r)));
  }
  return IP_OK;
}

const ip_calibration_task ip_task_multiplicative_channel = {
    .name = "multiplicative_channel",
    .summary =
        "one of the values 1, 2, 0, 0.5 times 1 + sqrt(0.3) normal noise, which is known; Y: one of the last two",
    .ixt_bits = multiplicative_ixt_bits,
    .ity_bits = multiplicative_ity_bits,
    .draw = multiplicative_draw};

/* --- Two units with dropout of rate 0.3; inputs share values and zeros */

#define DROPPED 0.3
enum { UNITS = 2, SUBSETS = 1 << UNITS };
static const float kept_values[INPUTS * UNITS] = {1, 2, 1, 3, 0, 2, 4, 2};

/* P(what is left of input i with the units of `kept` | input j). */
static double left_of(size_t i, size_t j, unsigned kept)
{
  double p = 1;
  for (size_t k = 0; k < UNITS; k++) {
    float a = kept_values[i * UNITS + k], b = kept_values[j * UNITS + k];
    bool seen = kept >> k & 1 && a != 0;
    if (seen) p *= a == b ? 1 - DROPPED : 0;
    if (!seen && b != 0) p *= DROPPED;
  }
  return p;
}

static double dropout_bits(bool labels)
{
  double sum = 0, of = labels ? INPUTS / 2 : 1;
  for (size_t i = 0; i < INPUTS; i++)
    for (unsigned kept = 0; kept < SUBSETS; kept++) {
      double mask = 1. / INPUTS, own = 0, all = 0;
      for (size_t k = 0; k < UNITS; k++) mask *= kept >> k & 1 ? 1 - DROPPED : DROPPED;
      for (size_t j = 0; j < INPUTS; j++) {
        all += left_of(i, j, kept) / INPUTS;
        if (shares(i, j, labels)) own += left_of(i, j, kept) / of;
      }
      sum += mask * log2(own / all);
    }
  return sum;
}

static double dropout_ixt_bits(void)
{
  return dropout_bits(false);
}

static double dropout_ity_bits(void)
{
  return dropout_bits(true);
}

static ip_status dropout_draw(size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, UNITS, 1, IP_TASK_X_ID | IP_TASK_MEAN, sc, &a, out));
  out->n_x = INPUTS;
  out->dropout = DROPPED;
  for (size_t i = 0; i < n; i++) {
    const float *h = draw_input(kept_values, UNITS, i, r, &a);
    for (size_t k = 0; k < UNITS; k++)
      a.t[i * UNITS + k] = ip_rng_uniform(r) < DROPPED ? 0 : (float)((double)h[k] / (1 - DROPPED));
  }
  return IP_OK;
}

const ip_calibration_task ip_task_dropout_channel = {
    .name = "dropout_channel",
    .summary =
        "one of the rows (1,2), (1,3), (0,2), (4,2) with dropout of rate 0.3, which is known; Y: one of the last two",
    .ixt_bits = dropout_ixt_bits,
    .ity_bits = dropout_ity_bits,
    .draw = dropout_draw};
