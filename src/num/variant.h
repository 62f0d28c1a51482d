/* variant.h - the instruction sets that the vector code is compiled for.
 *
 * A file x_base.c, x_avx2.c or x_avx512.c includes x_body.h, which holds the code. CMake gives the last two their -m
 * flags; on other processors than x86-64 they are empty.
 */
#ifndef IP_NUM_VARIANT_H
#define IP_NUM_VARIANT_H

#include <stdbool.h>

#define IP_PASTE_(a, b) a##_##b
#define IP_PASTE(a, b) IP_PASTE_(a, b)
#define IP_QUOTE_(a) #a
#define IP_QUOTE(a) IP_QUOTE_(a)

#if defined(IP_ISA)
#define IP_VARIANT(symbol) IP_PASTE(symbol, IP_ISA)
#define IP_VARIANT_NAME IP_QUOTE(IP_ISA)
#endif

#if defined(__x86_64__)
#define IP_HAVE_X86_VARIANTS 1
#else
#define IP_HAVE_X86_VARIANTS 0
#endif

/* Whether this processor (and system) can run the variant. */
static inline bool ip_variant_avx2(void)
{
#if IP_HAVE_X86_VARIANTS
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

static inline bool ip_variant_avx512(void)
{
#if IP_HAVE_X86_VARIANTS
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0;
#else
  return false;
#endif
}

#endif
