/* softmax_body.h - the loops of softmax.h for one instruction set; see bodies.h. */
#include "num/simd.h"
#include "num/softmax.h"
#include "num/variant.h"

static void softmax_shift(size_t width, size_t columns, float *z)
{
  for (size_t i = 0; i < columns; i += IP_SIMD) {
    ip_vf most = vf_load(z + i);
    for (size_t c = 1; c < width; c++) {
      ip_vf v = vf_load(z + c * columns + i);
      most = vf_select(v > most, v, most);
    }
    for (size_t c = 0; c < width; c++) vf_store(z + c * columns + i, vf_load(z + c * columns + i) - most);
  }
}

static void softmax_normalize(size_t width, size_t columns, float *z, float *sum)
{
  for (size_t i = 0; i < columns; i += IP_SIMD) {
    ip_vf s = vf_set(0.0f);
    for (size_t c = 0; c < width; c++) {
      ip_vf e = vf_exp(vf_load(z + c * columns + i));
      vf_store(z + c * columns + i, e);
      s = c ? s + e : e;
    }
    for (size_t c = 0; c < width; c++) vf_store(z + c * columns + i, vf_load(z + c * columns + i) / s);
    vf_store(sum + i, s);
  }
}

static void softmax_delta(size_t width, size_t n, size_t columns, const float *y, const float *target, float scale,
                          float *d)
{
  for (size_t c = 0; c < width; c++, y += columns, target += columns, d += columns) {
    size_t i = 0;
    for (; i + IP_SIMD <= n; i += IP_SIMD) vf_store(d + i, scale * (vf_load(y + i) - vf_load(target + i)));
    for (; i < n; i++) d[i] = scale * (y[i] - target[i]);
    for (; i < columns; i++) d[i] = 0.0f;
  }
}

const ip_softmax IP_VARIANT(ip_softmax) = {
    .name = IP_VARIANT_NAME,
    .shift = softmax_shift,
    .normalize = softmax_normalize,
    .delta = softmax_delta,
};
