#include "num/vmath.h"

#include "num/variant.h"

IP_VARIANTS(ip_vmath)

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
