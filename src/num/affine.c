#include "num/affine.h"

#include "num/variant.h"

extern const ip_affine ip_affine_base;
#if IP_HAVE_X86_VARIANTS
extern const ip_affine ip_affine_avx2, ip_affine_avx512;
#endif

const ip_affine *ip_affine_variant(size_t k)
{
#if IP_HAVE_X86_VARIANTS
  if (ip_variant_avx512() && k-- == 0) return &ip_affine_avx512;
  if (ip_variant_avx2() && k-- == 0) return &ip_affine_avx2;
#endif
  return k == 0 ? &ip_affine_base : NULL;
}

void ip_affine_forward(size_t out, size_t in, size_t columns, const float *w, const float *b, const float *x, float *z)
{
  ip_affine_variant(0)->combine(out, in, columns, w, in, 1, b, x, z);
}

void ip_affine_input_gradient(size_t out, size_t in, size_t columns, const float *w, const float *d, float *dx)
{
  ip_affine_variant(0)->combine(in, out, columns, w, 1, in, NULL, d, dx);
}

void ip_affine_weight_gradient(size_t out, size_t in, size_t columns, const float *d, const float *x, float *gw,
                               float *gb)
{
  const ip_affine *loops = ip_affine_variant(0);
  loops->total(out, columns, d, gb);
  loops->correlate(out, in, columns, d, x, gw);
}
