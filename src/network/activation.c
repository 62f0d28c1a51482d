#include "network/inside.h"

#include "num/vmath.h"

#include <math.h>

/* NaN stays NaN in each of them: a run that diverges is found by its loss. */

static void relu(size_t n, float *z)
{
  for (size_t i = 0; i < n; i++) z[i] = z[i] < 0.0f ? 0.0f : z[i];
}

static void leaky_relu(size_t n, float *z)
{
  for (size_t i = 0; i < n; i++) z[i] = z[i] > 0.0f ? z[i] : z[i] * 0.01f;
}

static void softsign(size_t n, float *z)
{
  for (size_t i = 0; i < n; i++) z[i] = z[i] / (1.0f + fabsf(z[i]));
}

static void swish(size_t n, float *z, float *side)
{
  ip_vsigmoid(n, z, side);
  for (size_t i = 0; i < n; i++) z[i] = z[i] * side[i];
}

static void softplus(size_t n, float *z, float *side)
{
  ip_vsigmoid(n, z, side);
  ip_vsoftplus(n, z, z);
}

bool ip_activation_has_side(ip_activation kind)
{
  return kind == IP_SWISH || kind == IP_SOFTPLUS;
}

void ip_activation_apply(ip_activation kind, size_t n, float *z, float *side)
{
  switch (kind) {
  case IP_TANH:
    ip_vtanh(n, z, z);
    break;
  case IP_RELU:
    relu(n, z);
    break;
  case IP_LEAKY_RELU:
    leaky_relu(n, z);
    break;
  case IP_ELU:
    ip_velu(n, z, z);
    break;
  case IP_SIGMOID:
    ip_vsigmoid(n, z, z);
    break;
  case IP_SOFTPLUS:
    softplus(n, z, side);
    break;
  case IP_SOFTSIGN:
    softsign(n, z);
    break;
  case IP_SWISH:
    swish(n, z, side);
    break;
  case IP_LINEAR:
  case IP_N_ACTIVATIONS:
    break;
  }
}

/* f' where it follows from t alone: tanh 1 - t^2, sigmoid t (1 - t), softsign (1 - |t|)^2, elu t + 1 below 0; softplus
 * sigmoid(z), swish sigmoid(z) + t (1 - sigmoid(z)). */
void ip_activation_pull_back(ip_activation kind, size_t n, const float *restrict t, const float *restrict side,
                             float *restrict d)
{
  switch (kind) {
  case IP_TANH:
    for (size_t i = 0; i < n; i++) d[i] *= 1.0f - t[i] * t[i];
    break;
  case IP_RELU:
    for (size_t i = 0; i < n; i++) d[i] = t[i] > 0.0f ? d[i] : 0.0f;
    break;
  case IP_LEAKY_RELU:
    for (size_t i = 0; i < n; i++) d[i] *= t[i] > 0.0f ? 1.0f : 0.01f;
    break;
  case IP_ELU:
    for (size_t i = 0; i < n; i++) d[i] *= t[i] > 0.0f ? 1.0f : t[i] + 1.0f;
    break;
  case IP_SIGMOID:
    for (size_t i = 0; i < n; i++) d[i] *= t[i] * (1.0f - t[i]);
    break;
  case IP_SOFTPLUS:
    for (size_t i = 0; i < n; i++) d[i] *= side[i];
    break;
  case IP_SOFTSIGN:
    for (size_t i = 0; i < n; i++) d[i] *= (1.0f - fabsf(t[i])) * (1.0f - fabsf(t[i]));
    break;
  case IP_SWISH:
    for (size_t i = 0; i < n; i++) d[i] *= side[i] + t[i] * (1.0f - side[i]);
    break;
  case IP_LINEAR:
  case IP_N_ACTIVATIONS:
    break;
  }
}
