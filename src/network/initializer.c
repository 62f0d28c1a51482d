#include "network/inside.h"

#include "base/mem.h"
#include "base/rng.h"

#include <math.h>

static void truncated_normal(ip_rng *r, size_t n, double sd, float *w)
{
  for (size_t i = 0; i < n; i++) w[i] = (float)(sd * ip_rng_truncated_normal(r));
}

static void normal(ip_rng *r, size_t n, double sd, float *w)
{
  for (size_t i = 0; i < n; i++) w[i] = (float)(sd * ip_rng_normal(r));
}

static void uniform(ip_rng *r, size_t n, double bound, float *w)
{
  for (size_t i = 0; i < n; i++) w[i] = (float)(bound * (2 * ip_rng_uniform(r) - 1));
}

/* Sum of products in four interleaved partial sums: the compiler may not reorder a single one. */
static double dot(size_t n, const double *a, const double *b)
{
  double sum[4] = {0};
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t j = 0; j < 4; j++) sum[j] += a[i + j] * b[i + j];
  for (; i < n; i++) sum[0] += a[i] * b[i];
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Makes the rows of q (n, length), n <= length, orthonormal: Gram-Schmidt, each row projected twice, which is enough
 * for full precision (Giraud et al. 2005). Normal rows become uniformly distributed orthonormal ones. */
static void orthonormalise(size_t n, size_t length, double *q)
{
  for (size_t i = 0; i < n; i++) {
    double *row = q + i * length;
    for (int pass = 0; pass < 2; pass++)
      for (size_t j = 0; j < i; j++) {
        double c = dot(length, row, q + j * length);
        for (size_t k = 0; k < length; k++) row[k] -= c * q[j * length + k];
      }
    double norm = sqrt(dot(length, row, row));
    for (size_t k = 0; k < length; k++) row[k] /= norm;
  }
}

/* Rows are orthonormal where there are at most as many units as inputs, columns otherwise. */
static ip_status orthogonal(ip_rng *r, size_t out, size_t in, float *w)
{
  size_t n = out < in ? out : in, length = out < in ? in : out;
  double *q;
  IP_TRY(IP_NEW(q, n * length, "orthogonal weights"));
  for (size_t i = 0; i < n * length; i++) q[i] = ip_rng_normal(r);
  orthonormalise(n, length, q);
  for (size_t o = 0; o < out; o++)
    for (size_t i = 0; i < in; i++) w[o * in + i] = (float)(out < in ? q[o * in + i] : q[i * out + o]);
  ip_free(q);
  return IP_OK;
}

ip_status ip_initializer_draw(ip_initializer kind, uint64_t seed, size_t k, size_t out, size_t in, float *w)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_WEIGHTS, k);
  double fan_in = (double)in, fan_out = (double)out;
  switch (kind) {
  case IP_TRUNCATED_NORMAL_FAN_IN:
    truncated_normal(&r, out * in, 1 / sqrt(fan_in), w);
    break;
  case IP_TRUNCATED_NORMAL_FAN_OUT:
    truncated_normal(&r, out * in, 1 / sqrt(fan_out), w);
    break;
  case IP_GLOROT_UNIFORM:
    uniform(&r, out * in, sqrt(6 / (fan_in + fan_out)), w);
    break;
  case IP_HE_NORMAL:
    normal(&r, out * in, sqrt(2 / fan_in), w);
    break;
  case IP_ORTHOGONAL:
    return orthogonal(&r, out, in, w);
  case IP_ZEROS:
  case IP_INITIALIZER_SAME:
  case IP_N_INITIALIZERS:
    for (size_t i = 0; i < out * in; i++) w[i] = 0.0f;
    break;
  }
  return IP_OK;
}
