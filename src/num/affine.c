#include "num/affine.h"

#include "num/variant.h"

IP_VARIANTS(ip_affine)

void ip_affine_forward(size_t out, size_t in, size_t columns, const float *w, const float *b, const float *x, float *z)
{
  ip_affine_variant(0)->combine(out, in, columns, w, in, 1, b, x, z, NULL);
}

void ip_affine_input_gradient(size_t out, size_t in, size_t columns, size_t first, size_t end, const float *w,
                              const float *d, const float *tanh_of_u, float *dx)
{
  ip_affine_variant(0)->combine(end - first, out, columns, w + first, 1, in, NULL, d, dx + first * columns,
                                tanh_of_u ? tanh_of_u + first * columns : NULL);
}

void ip_affine_weight_gradient(size_t out, size_t in, size_t columns, bool add, const float *d, const float *x,
                               float *gw, float *gb)
{
  ip_affine_variant(0)->correlate(out, in, columns, add, d, x, gw, gb);
}
