#include "num/vmath.h"

#include "num/variant.h"

extern const ip_vmath ip_vmath_base;
#if IP_HAVE_X86_VARIANTS
extern const ip_vmath ip_vmath_avx2, ip_vmath_avx512;
#endif

const ip_vmath *ip_vmath_variant(size_t k)
{
#if IP_HAVE_X86_VARIANTS
  if (ip_variant_avx512() && k-- == 0) return &ip_vmath_avx512;
  if (ip_variant_avx2() && k-- == 0) return &ip_vmath_avx2;
#endif
  return k == 0 ? &ip_vmath_base : NULL;
}

const char *ip_vmath_name(void)
{
  return ip_vmath_variant(0)->name;
}

void ip_vexp(size_t n, const float *x, float *y)
{
  ip_vmath_variant(0)->exp(n, x, y);
}

void ip_vexp64(size_t n, const double *x, double *y)
{
  ip_vmath_variant(0)->exp64(n, x, y);
}

void ip_vtanh(size_t n, const float *x, float *y)
{
  ip_vmath_variant(0)->tanh(n, x, y);
}

void ip_vsigmoid(size_t n, const float *x, float *y)
{
  ip_vmath_variant(0)->sigmoid(n, x, y);
}

void ip_vsoftplus(size_t n, const float *x, float *y)
{
  ip_vmath_variant(0)->softplus(n, x, y);
}

void ip_velu(size_t n, const float *x, float *y)
{
  ip_vmath_variant(0)->elu(n, x, y);
}
