/* other_families.c - families that are not made from normals: uniform and gamma distributions, labels, channels. */
#include "calibrate/closed_forms.h"
#include "calibrate/family.h"

#include <math.h>

/* ---------------------------------------------------------------- uniform plus uniform noise */

static double smoothed_uniform(double s, const void *what)
{
  (void)what;
  return ip_nats_smoothed_uniform(s);
}

ip_status ip_draw_smoothed_uniform(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs;
  double part[IP_MAX_PAIRS], s[IP_MAX_PAIRS];
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  ip_family_split(t, r, part);
  for (size_t k = 0; k < d; k++) s[k] = ip_nats_solve(smoothed_uniform, NULL, part[k], 0, exp(part[k]) + 1);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++) {
      double x = ip_rng_uniform(r), noise = ip_rng_uniform(r); /* both scaled so that T stays below 2 */
      a.x[i * d + k] = (float)x;
      a.t[i * d + k] = (float)(s[k] > 1 ? x + noise / s[k] : s[k] * x + noise);
      if (k == 0) a.y[i] = x > 0.5;
    }
  return IP_OK;
}

/* ---------------------------------------------------------------- gamma and exponential */

static double log_gamma_exponential(double log_a, const void *what)
{
  (void)what;
  return ip_nats_log_gamma_exponential(exp(log_a));
}

/* ln of a gamma number of that shape: of shape + 1 by Marsaglia & Tsang (ACM TOMS 26, 2000), plus ln(U) / shape, which
 * keeps its digits where the number itself is 0. */
static double log_gamma_number(double shape, ip_rng *r)
{
  double d = shape + 2. / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double z = ip_rng_normal(r), v = 1 + c * z, u = 1 - ip_rng_uniform(r);
    v = v * v * v;
    if (v > 0 && log(u) < 0.5 * z * z + d - d * v + d * log(v)) return log(d * v) + log1p(-ip_rng_uniform(r)) / shape;
  }
}

ip_status ip_draw_log_gamma(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs;
  double nats = t->nats / (double)d, shape = exp(-ip_nats_solve(log_gamma_exponential, NULL, nats, -14, nats + 2));
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++) { /* G / shape, whose mean is 1 */
      double x = log_gamma_number(shape, r) - log(shape);
      a.x[i * d + k] = (float)x;
      a.t[i * d + k] = (float)(log(-log1p(-ip_rng_uniform(r))) - x);
      if (k == 0) a.y[i] = x > 0;
    }
  return IP_OK;
}

/* ---------------------------------------------------------------- labels and integers */

static double label(double p, const void *m)
{
  return ip_nats_label(*(const size_t *)m, p);
}

/* T is the label of X among m = ceil(e^I) intervals, all but the last equally likely. */
ip_status ip_draw_quantized(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs, m = (size_t)ceil(exp(t->nats / (double)d) - 1e-9);
  double last = m > 1 ? ip_nats_solve(label, &m, t->nats / (double)d, 0, 1 / (double)m) : 1;
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++) {
      double x = ip_rng_normal(r), at = 0.5 * erfc(-x / sqrt(2)) / (1 - last) * (double)(m - 1);
      a.x[i * d + k] = (float)x;
      a.t[i * d + k] = m == 1 ? 0 : (float)fmin(floor(at), (double)(m - 1));
      if (k == 0) a.y[i] = x > 0;
    }
  return IP_OK;
}

static double smoothed_discrete(double w, const void *m)
{
  return ip_nats_smoothed_discrete(*(const size_t *)m, w);
}

/* Of twice as many integers as the information would need. */
static size_t letters_of(const ip_calibration_task *t)
{
  return (size_t)ceil(2 * exp(t->nats / (double)t->pairs));
}

ip_status ip_draw_smoothed_discrete(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs, m = letters_of(t);
  double nats = t->nats / (double)d;
  double w = nats > 0 ? ip_nats_solve(smoothed_discrete, &m, nats, 1, (double)m * fmax(1, 1 / nats)) : 0;
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++) {
      size_t x = (size_t)ip_rng_below(r, m);
      double noise = ip_rng_uniform(r);
      a.x[i * d + k] = (float)x;
      a.t[i * d + k] = (float)(nats > 0 ? (double)x + w * noise : noise);
      if (k == 0) a.y[i] = 2 * x >= m;
    }
  return IP_OK;
}

static double symmetric_channel(double q, const void *m)
{
  return ip_nats_symmetric_channel(*(const size_t *)m, q);
}

ip_status ip_draw_symmetric_channel(const ip_calibration_task *t, size_t n, ip_rng *r, ip_scratch *sc, ip_samples *out)
{
  ip_task_arrays a;
  size_t d = t->pairs, m = letters_of(t);
  double q = ip_nats_solve(symmetric_channel, &m, t->nats / (double)d, 0, 1 - 1 / (double)m);
  IP_TRY(ip_task_allocate(n, d, d, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < d; k++) {
      size_t x = (size_t)ip_rng_below(r, m), other = (x + 1 + (size_t)ip_rng_below(r, m - 1)) % m;
      a.x[i * d + k] = (float)x;
      a.t[i * d + k] = (float)(ip_rng_uniform(r) < q ? other : x);
      if (k == 0) a.y[i] = 2 * x >= m;
    }
  return IP_OK;
}
