#include "network/inside.h"

#include "base/mem.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <math.h>
#include <string.h>

bool ip_rate_is_on(const ip_network *net)
{
  return net->training.objective == IP_NIB || net->training.objective == IP_NIB_SQUARED;
}

double ip_rate_variance(const ip_network *net)
{
  return exp((double)net->parameter[net->n_parameters - 1]);
}

double ip_rate_objective(const ip_network *net, double loss, double rate)
{
  if (net->training.objective == IP_CROSS_ENTROPY) return loss;
  return loss + net->training.beta * (net->training.objective == IP_NIB_SQUARED ? rate * rate : rate);
}

double ip_rate_weight(const ip_network *net, double rate)
{
  return net->training.beta * (net->training.objective == IP_NIB_SQUARED ? 2 * rate : 1);
}

static ip_status grow(float **array, size_t n)
{
  float *p;
  IP_TRY(IP_NEW(p, n, "samples of the bottleneck"));
  ip_free(*array);
  *array = p;
  return IP_OK;
}

ip_status ip_rate_reserve(ip_network *net, size_t n)
{
  if (n <= net->n_units) return IP_OK;
  size_t width = net->layer[net->bottleneck].width;
  net->n_units = 0;
  IP_TRY(grow(&net->unit, width * n));
  IP_TRY(grow(&net->unit_delta, width * n));
  IP_TRY(grow(&net->kernel, 2 * n));
  net->n_units = n;
  return IP_OK;
}

void ip_rate_collect(ip_network *net, size_t from, size_t n, size_t columns)
{
  const ip_layer *layer = &net->layer[net->bottleneck];
  for (size_t u = 0; u < layer->width; u++)
    memcpy(net->unit + u * net->n_units + from, layer->z + u * columns, n * sizeof *net->unit);
}

/* square[j] = |f_i - f_j|^2 over the first n samples. */
static void distances(const ip_network *net, size_t width, size_t i, size_t n, float *restrict square)
{
  memset(square, 0, n * sizeof *square);
  for (size_t u = 0; u < width; u++) {
    const float *restrict f = net->unit + u * net->n_units;
    float at = f[i];
    for (size_t j = 0; j < n; j++) square[j] += (f[j] - at) * (f[j] - at);
  }
}

enum { LANES = 8 };

/* Adds p_j (f_j - f_i) to the derivative by f_j and takes it from that by f_i, for all j; factors come later. */
static void add_pulls(ip_network *net, size_t width, size_t i, size_t n, const float *restrict p)
{
  for (size_t u = 0; u < width; u++) {
    const float *restrict f = net->unit + u * net->n_units;
    float *restrict g = net->unit_delta + u * net->n_units, at = f[i], total[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= n; j += LANES)
      for (size_t l = 0; l < LANES; l++) {
        float pull = p[j + l] * (f[j + l] - at);
        g[j + l] += pull;
        total[l] += pull;
      }
    for (; j < n; j++) {
      float pull = p[j] * (f[j] - at);
      g[j] += pull;
      total[0] += pull;
    }
    g[i] -= ((total[0] + total[4]) + (total[2] + total[6])) + ((total[1] + total[5]) + (total[3] + total[7]));
  }
}

/* I = -1/n sum_i ln 1/n sum_j exp(-|f_i - f_j|^2 / 2v). With p_ij the terms of the inner sum divided by it,
 *   dI/df_i = 1/(n v) sum_j (p_ij + p_ji) (f_i - f_j),   dI/d ln v = -1/n sum_ij p_ij |f_i - f_j|^2 / 2v.
 * One row of pairs at a time. */
double ip_rate_bound(ip_network *net, size_t n, bool derive, double *by_log_variance)
{
  size_t width = net->layer[net->bottleneck].width;
  double v = ip_rate_variance(net);
  float *square = net->kernel, *p = square + net->n_units, scale = (float)(-0.5 / v);
  ip_sum logs = {0}, spread = {0};
  for (size_t u = 0; derive && u < width; u++)
    memset(net->unit_delta + u * net->n_units, 0, n * sizeof *net->unit_delta);
  for (size_t i = 0; i < n; i++) {
    distances(net, width, i, n, square);
    for (size_t j = 0; j < n; j++) p[j] = square[j] * scale;
    ip_vexp(n, p, p);
    double sum = ip_sum_pairwise_f32(n, p);
    ip_sum_add(&logs, log(sum / (double)n));
    if (!derive) continue;
    float share = (float)(1 / sum);
    for (size_t j = 0; j < n; j++) p[j] *= share;
    add_pulls(net, width, i, n, p);
    for (size_t j = 0; j < n; j++) square[j] *= p[j];
    ip_sum_add(&spread, ip_sum_pairwise_f32(n, square));
  }
  if (derive) {
    float factor = (float)(1 / ((double)n * v));
    for (size_t u = 0; u < width; u++)
      for (size_t i = 0; i < n; i++) net->unit_delta[u * net->n_units + i] *= factor;
    *by_log_variance = -ip_sum_value(&spread) / (2 * v * (double)n);
  }
  return -ip_sum_value(&logs) / (double)n;
}
