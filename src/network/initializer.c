#include "network/inside.h"

#include "base/mem.h"
#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* One function for every name of IP_INITIALIZER_LIST: the weights w (out, in) of a layer, from the stream r. */

static void truncated_normal(ip_rng *r, size_t n, double sd, float *w)
{
  for (size_t i = 0; i < n; i++) w[i] = (float)(sd * ip_rng_truncated_normal(r));
}

static ip_status truncated_normal_fan_in(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  (void)fan_out;
  truncated_normal(r, out * in, 1 / sqrt((double)in), w);
  return IP_OK;
}

static ip_status truncated_normal_fan_out(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  truncated_normal(r, out * in, 1 / sqrt((double)fan_out), w);
  return IP_OK;
}

static void uniform(ip_rng *r, size_t n, double bound, float *w)
{
  for (size_t i = 0; i < n; i++) w[i] = (float)(bound * (2 * ip_rng_uniform(r) - 1));
}

static ip_status glorot_uniform(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  uniform(r, out * in, sqrt(6 / ((double)in + (double)fan_out)), w);
  return IP_OK;
}

/* The biases follow in ip_initializer_draw. */
static ip_status pytorch(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  (void)fan_out;
  uniform(r, out * in, 1 / sqrt((double)in), w);
  return IP_OK;
}

static ip_status he_normal(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  (void)fan_out;
  double sd = sqrt(2 / (double)in);
  for (size_t i = 0; i < out * in; i++) w[i] = (float)(sd * ip_rng_normal(r));
  return IP_OK;
}

static ip_status zeros(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  (void)r;
  (void)fan_out;
  memset(w, 0, out * in * sizeof *w);
  return IP_OK;
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
static ip_status orthogonal(ip_rng *r, size_t out, size_t in, size_t fan_out, float *w)
{
  (void)fan_out;
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

ip_status ip_initializer_draw(ip_initializer kind, uint64_t seed, size_t k, size_t out, size_t in, size_t fan_out,
                              float *w, float *b)
{
  static ip_status (*const draw[])(ip_rng * r, size_t out, size_t in, size_t fan_out, float *w) = {
#define X(symbol, name) [symbol] = name,
      IP_INITIALIZER_LIST(X)
#undef X
  };
  ip_rng r = ip_rng_open(seed, IP_RNG_WEIGHTS, k);
  assert(kind < IP_INITIALIZER_SAME);
  IP_TRY(draw[kind](&r, out, in, fan_out, w));
  if (kind == IP_PYTORCH) uniform(&r, out, 1 / sqrt((double)in), b);
  return IP_OK;
}
