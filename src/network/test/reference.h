/* reference.h - a network in float64, sample by sample and straight from the formulas of network.h; what the tests
 * compare the library with. */
#ifndef IP_NETWORK_TEST_REFERENCE_H
#define IP_NETWORK_TEST_REFERENCE_H

#include "network/network.h"

#include <math.h>
#include <string.h>

enum { REFERENCE_UNITS = 128 };

static inline double reference_activation(ip_activation kind, double z)
{
  switch (kind) {
  case IP_TANH:
    return tanh(z);
  case IP_RELU:
    return fmax(z, 0);
  case IP_LEAKY_RELU:
    return z > 0 ? z : z / 100;
  case IP_ELU:
    return z > 0 ? z : exp(z) - 1;
  case IP_SIGMOID:
    return 1 / (1 + exp(-z));
  case IP_SOFTPLUS:
    return log(1 + exp(z));
  case IP_SOFTSIGN:
    return z / (1 + fabs(z));
  case IP_SWISH:
    return z / (1 + exp(-z));
  default:
    return z;
  }
}

/* z (width) becomes the output; returns the loss in nats. */
static inline double reference_output(ip_output kind, size_t width, double *z, const float *target)
{
  double loss = 0, sum = 0;
  for (size_t c = 0; c < width; c++) sum += exp(z[c]);
  for (size_t c = 0; c < width; c++) {
    double t = (double)target[c];
    if (kind == IP_OUTPUT_SOFTMAX) {
      z[c] = exp(z[c]) / sum;
      loss -= t > 0 ? t * log(z[c]) : 0;
    } else if (kind == IP_OUTPUT_SIGMOID) {
      z[c] = 1 / (1 + exp(-z[c]));
      loss -= (t > 0 ? t * log(z[c]) : 0) + (t < 1 ? (1 - t) * log(1 - z[c]) : 0);
    } else {
      loss += (z[c] - t) * (z[c] - t) / 2;
    }
  }
  return loss;
}

/* Gains and shifts (2, width). */
static inline void reference_norm(size_t width, const double *gain, double *z)
{
  double mean = 0, variance = 0;
  for (size_t u = 0; u < width; u++) mean += z[u] / (double)width;
  for (size_t u = 0; u < width; u++) variance += (z[u] - mean) * (z[u] - mean) / (double)width;
  for (size_t u = 0; u < width; u++) z[u] = gain[u] * (z[u] - mean) / sqrt(variance + 1e-5) + gain[width + u];
}

/* Loss of one sample; parameters in the library's order, layer by layer W then b; t (L, REFERENCE_UNITS) may be NULL.
 */
static inline double reference_loss(const ip_network_options *o, size_t n_in, size_t n_out, const double *parameter,
                                    const float *x, const float *target, double *t)
{
  double now[REFERENCE_UNITS], next[REFERENCE_UNITS];
  for (size_t i = 0; i < n_in; i++) now[i] = (double)x[i];
  size_t in = n_in;
  for (size_t k = 0; k <= o->n_hidden; k++) {
    size_t out = k < o->n_hidden ? o->hidden[k] : n_out;
    const double *w = parameter, *b = w + out * in;
    for (size_t u = 0; u < out; u++) {
      double z = b[u];
      for (size_t i = 0; i < in; i++) z += w[u * in + i] * now[i];
      next[u] = z;
    }
    parameter = b + out;
    if (o->layer_norm && k < o->n_hidden) {
      reference_norm(out, parameter, next);
      parameter += 2 * out;
    }
    for (size_t u = 0; u < out; u++) now[u] = k < o->n_hidden ? reference_activation(o->activation, next[u]) : next[u];
    in = out;
    if (t && k < o->n_hidden) memcpy(t + k * REFERENCE_UNITS, now, out * sizeof *t);
  }
  double loss = reference_output(o->output, n_out, now, target);
  if (t) memcpy(t + o->n_hidden * REFERENCE_UNITS, now, n_out * sizeof *t);
  return loss;
}

#endif
