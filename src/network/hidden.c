#include "network/inside.h"

#include <math.h>
#include <string.h>

ip_levels ip_levels_of(ip_activation kind, int64_t bits, double range)
{
  double r = range > 0 ? range : 6, low = -r, high = r;
  if (kind == IP_TANH || kind == IP_SOFTSIGN) low = -1, high = 1;
  if (kind == IP_SIGMOID) low = 0, high = 1;
  if (kind == IP_RELU || kind == IP_SOFTPLUS) low = 0;
  if (kind == IP_ELU) low = -1;
  return (ip_levels){(float)low, (float)high, (float)((high - low) / (double)((1LL << bits) - 1))};
}

ip_levels ip_levels_of_output(ip_output kind, int64_t bits, double range)
{
  return ip_levels_of(kind == IP_OUTPUT_LINEAR ? IP_LINEAR : IP_SIGMOID, bits, range);
}

/* The nearest level; NaN stays NaN. Adding 1.5 * 2^23 rounds to integers. */
void ip_hidden_quantize(const ip_levels *v, size_t n, const float *restrict z, float *restrict t)
{
  const float magic = 12582912.0f, low = v->low, high = v->high, step = v->step, per_step = 1.0f / v->step;
  for (size_t i = 0; i < n; i++) {
    float x = z[i] < low ? low : z[i];
    x = x > high ? high : x;
    t[i] = low + (((x - low) * per_step + magic) - magic) * step;
  }
}

static void stop_at_ends(const ip_levels *v, size_t n, const float *restrict z, float *restrict d)
{
  for (size_t i = 0; i < n; i++) d[i] = z[i] < v->low || z[i] > v->high ? 0.0f : d[i];
}

static void add_noise(float sd, size_t n, const float *restrict z, const float *restrict noise, float *restrict t)
{
  for (size_t i = 0; i < n; i++) t[i] = z[i] + sd * noise[i];
}

/* Normal numbers become the factors 1 + sd * noise. */
static void factors_of_noise(float sd, size_t n, float *noise)
{
  for (size_t i = 0; i < n; i++) noise[i] = 1.0f + sd * noise[i];
}

static void multiply(size_t n, const float *restrict factor, const float *restrict z, float *restrict t)
{
  for (size_t i = 0; i < n; i++) t[i] = z[i] * factor[i];
}

static void scale(size_t n, const float *restrict factor, float *restrict d)
{
  for (size_t i = 0; i < n; i++) d[i] *= factor[i];
}

bool ip_hidden_is_noisy(const ip_network_options *o, size_t k)
{
  if (!(o->noise_variance > 0 || o->multiplicative_noise > 0 || o->dropout > 0)) return false;
  for (size_t i = 0; i < o->n_noise_layers; i++)
    if (o->noise_layers[i] == k + 1) return true;
  return o->n_noise_layers == 0;
}

void ip_hidden_activate(ip_network *net, size_t k, size_t columns, size_t first, size_t end)
{
  ip_layer *layer = &net->layer[k];
  size_t at = first * columns, n = (end - first) * columns;
  ip_activation_apply(net->activation, n, layer->z + at, layer->aux ? layer->aux + at : NULL);
  if (net->quantize_bits > 0) ip_hidden_quantize(&net->levels, n, layer->z + at, layer->t + at);
}

void ip_hidden_add_noise(ip_network *net, size_t k, size_t columns)
{
  ip_layer *layer = &net->layer[k];
  size_t n = layer->units * columns;
  if (!layer->noise) return;
  if (net->noise_off) {
    memcpy(layer->t, layer->z, n * sizeof *layer->t);
    return;
  }
  if (net->noise == IP_NOISE_DROPOUT) {
    ip_noise_mask(net, k, columns, layer->noise);
  } else {
    ip_noise_fill(net, k, columns, layer->noise);
  }
  if (net->noise == IP_NOISE_ADDED) {
    add_noise(net->noise_sd, n, layer->z, layer->noise, layer->t);
    return;
  }
  if (net->noise == IP_NOISE_MULTIPLIED) factors_of_noise(net->noise_sd, n, layer->noise);
  multiply(n, layer->noise, layer->z, layer->t);
}

/* Whether the units of layer k are multiplied by the numbers in `noise`. */
static bool has_factors(const ip_network *net, size_t k)
{
  return net->layer[k].noise && (net->noise == IP_NOISE_MULTIPLIED || net->noise == IP_NOISE_DROPOUT);
}

const float *ip_hidden_tanh(const ip_network *net, size_t k)
{
  bool plain =
      net->quantize_bits == 0 && k != net->bottleneck && !ip_layer_pools(&net->layer[k]) && !has_factors(net, k);
  return net->activation == IP_TANH && plain ? net->layer[k].z : NULL;
}

void ip_hidden_backward(ip_network *net, size_t k, size_t columns, size_t first, size_t end, float *d)
{
  const ip_layer *layer = &net->layer[k];
  size_t at = first * columns, n = (end - first) * columns;
  if (ip_layer_pools(layer)) return;
  if (net->quantize_bits > 0) stop_at_ends(&net->levels, n, layer->z + at, d + at);
  if (has_factors(net, k)) scale(n, layer->noise + at, d + at);
  ip_activation_backward(net->activation, n, layer->z + at, layer->aux ? layer->aux + at : NULL, d + at);
}
