#include "num/variant.h"

#include <limits.h>

static int widest = INT_MAX;

void ip_variant_limit(int bits)
{
  widest = bits ? bits : INT_MAX;
}

bool ip_variant_avx2(void)
{
#if IP_HAVE_X86_VARIANTS
  return widest >= 256 && __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return false;
#endif
}

bool ip_variant_avx512(void)
{
#if IP_HAVE_X86_VARIANTS
  return widest >= 512 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}
