/* vmath_body.h - the functions of vmath.h for one instruction set; see bodies.h. */
#include "num/simd.h"
#include "num/variant.h"
#include "num/vmath.h"

/* y[i] = f(x[i]): whole vectors, then the rest padded with zeros. */
#define MAP(name, f)                                                                                                   \
  static void name(size_t n, const float *x, float *y)                                                                 \
  {                                                                                                                    \
    size_t i = 0;                                                                                                      \
    for (; i + IP_SIMD <= n; i += IP_SIMD) vf_store(y + i, f(vf_load(x + i)));                                         \
    if (i == n) return;                                                                                                \
    float rest[IP_SIMD] = {0};                                                                                         \
    memcpy(rest, x + i, (n - i) * sizeof *x);                                                                          \
    vf_store(rest, f(vf_load(rest)));                                                                                  \
    memcpy(y + i, rest, (n - i) * sizeof *y);                                                                          \
  }

IP_INLINE ip_vf elu(ip_vf x)
{
  return vf_select(x > 0.0f, x, vf_expm1(vf_at_most(x, 0.0f)));
}

MAP(map_exp, vf_exp)
MAP(map_tanh, vf_tanh)
MAP(map_sigmoid, vf_sigmoid)
MAP(map_softplus, vf_softplus)
MAP(map_elu, elu)

static void map_exp64(size_t n, const double *x, double *y)
{
  for (size_t i = 0; i < n; i += IP_SIMD64) {
    size_t left = n - i < IP_SIMD64 ? n - i : IP_SIMD64;
    ip_vd v = {0};
    memcpy(&v, x + i, left * sizeof *x);
    v = vd_exp(v);
    memcpy(y + i, &v, left * sizeof *y);
  }
}

const ip_vmath IP_VARIANT(ip_vmath) = {
    .name = IP_VARIANT_NAME,
    .exp = map_exp,
    .exp64 = map_exp64,
    .tanh = map_tanh,
    .sigmoid = map_sigmoid,
    .softplus = map_softplus,
    .elu = map_elu,
};
