/* vmath_body.h - the functions of vmath.h for one instruction set; see bodies.h. */
#include "num/simd.h"
#include "num/tanh_body.h"
#include "num/variant.h"
#include "num/vmath.h"

IP_INLINE ip_vf vf_elu(ip_vf x)
{
  return vf_select(x > 0.0f, x, vf_expm1(vf_at_most(x, 0.0f)));
}

IP_INLINE ip_vf vf_relu(ip_vf x)
{
  return vf_at_least(x, 0.0f);
}

IP_INLINE ip_vf vf_leaky_relu(ip_vf x)
{
  return vf_select(x > 0.0f, x, x * 0.01f);
}

IP_INLINE ip_vf vf_softsign(ip_vf x)
{
  return x / (vf_abs(x) + 1.0f);
}

IP_INLINE ip_vf vf_sigmoid_slope(ip_vf t, ip_vf d)
{
  return d * (t * (1.0f - t));
}

IP_INLINE ip_vf vf_softsign_slope(ip_vf t, ip_vf d)
{
  ip_vf rest = 1.0f - vf_abs(t);
  return d * (rest * rest);
}

IP_INLINE ip_vf vf_elu_slope(ip_vf t, ip_vf d)
{
  return d * vf_select(t > 0.0f, vf_set(1.0f), t + 1.0f);
}

IP_INLINE ip_vf vf_relu_slope(ip_vf t, ip_vf d)
{
  return vf_select(t > 0.0f, d, vf_set(0.0f));
}

IP_INLINE ip_vf vf_leaky_relu_slope(ip_vf t, ip_vf d)
{
  return d * vf_select(t > 0.0f, vf_set(1.0f), vf_set(0.01f));
}

IP_INLINE ip_vf vf_scale(ip_vf x, ip_vf y)
{
  return x * y;
}

/* y[i] = f(x[i]), or f(x[i], y[i]): whole vectors, then the rest padded with zeros. */
#define MAP(f, at)                                                                                                     \
  static void map_##f(size_t n, const float *x, float *y)                                                              \
  {                                                                                                                    \
    size_t i = 0;                                                                                                      \
    for (; i + IP_SIMD <= n; i += IP_SIMD) vf_store(y + i, at(f, x + i, y + i));                                       \
    if (i == n) return;                                                                                                \
    float in[IP_SIMD] = {0}, out[IP_SIMD] = {0};                                                                       \
    memcpy(in, x + i, (n - i) * sizeof *x);                                                                            \
    memcpy(out, y + i, (n - i) * sizeof *y);                                                                           \
    vf_store(out, at(f, in, out));                                                                                     \
    memcpy(y + i, out, (n - i) * sizeof *y);                                                                           \
  }
#define OF_ONE(f, x, y) vf_##f(vf_load(x))
#define OF_TWO(f, x, y) vf_##f(vf_load(x), vf_load(y))
MAP(exp, OF_ONE)
MAP(tanh, OF_ONE)
MAP(sigmoid, OF_ONE)
MAP(softplus, OF_ONE)
MAP(elu, OF_ONE)
MAP(relu, OF_ONE)
MAP(leaky_relu, OF_ONE)
MAP(softsign, OF_ONE)
MAP(tanh_slope, OF_TWO)
MAP(sigmoid_slope, OF_TWO)
MAP(softsign_slope, OF_TWO)
MAP(elu_slope, OF_TWO)
MAP(relu_slope, OF_TWO)
MAP(leaky_relu_slope, OF_TWO)
MAP(scale, OF_TWO)

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
#define ENTRY(f) .f = map_##f,
    IP_VMATH_LIST(ENTRY)
#undef ENTRY
        .exp64 = map_exp64,
};
