/* descent_body.h - the loops of descent.h for one instruction set; see bodies.h. Compilers find the vectors in them. */
#include "num/descent.h"
#include "num/variant.h"

#include <math.h>

static void descent_plain(size_t n, float rate, const float *restrict g, float *restrict w)
{
  for (size_t i = 0; i < n; i++) w[i] -= rate * g[i];
}

static void descent_momentum(size_t n, float rate, float keep, const float *restrict g, float *restrict v,
                             float *restrict w)
{
  for (size_t i = 0; i < n; i++) {
    v[i] = keep * v[i] + g[i];
    w[i] -= rate * v[i];
  }
}

static void descent_adam(size_t n, const ip_adam_step *step, const float *restrict g, float *restrict m,
                         float *restrict v, float *restrict w)
{
  const ip_adam_step a = *step;
  for (size_t i = 0; i < n; i++) {
    m[i] = a.beta1 * m[i] + a.rest1 * g[i];
    v[i] = a.beta2 * v[i] + a.rest2 * (g[i] * g[i]);
    w[i] -= a.rate * m[i] / (sqrtf(v[i]) * a.scale + a.epsilon);
  }
}

static void descent_average(size_t n, float keep, float rest, const float *restrict w, float *restrict mean)
{
  for (size_t i = 0; i < n; i++) mean[i] = keep * mean[i] + rest * w[i];
}

const ip_descent IP_VARIANT(ip_descent) = {
    .name = IP_VARIANT_NAME,
    .plain = descent_plain,
    .momentum = descent_momentum,
    .adam = descent_adam,
    .average = descent_average,
};
