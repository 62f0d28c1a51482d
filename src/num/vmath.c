#include "num/vmath.h"

#include "num/variant.h"

IP_VARIANTS(ip_vmath)

const char *ip_vmath_name(void)
{
  return ip_vmath_variant(0)->name;
}

void ip_vexp64(size_t n, const double *x, double *y)
{
  ip_vmath_variant(0)->exp64(n, x, y);
}

#define DEFINE(f)                                                                                                      \
  void ip_v##f(size_t n, const float *x, float *y)                                                                     \
  {                                                                                                                    \
    ip_vmath_variant(0)->f(n, x, y);                                                                                   \
  }
IP_VMATH_LIST(DEFINE)
