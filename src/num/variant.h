/* variant.h - the instruction sets that the vector code is compiled for.
 *
 * isa_base.c, isa_avx2.c and isa_avx512.c include bodies.h, which is all vector code: a file x_body.h per module x.
 * CMake gives the last two their -m flags; on processors other than x86-64 they are empty. x.c chooses among the
 * variants of its module with IP_VARIANTS.
 */
#ifndef IP_NUM_VARIANT_H
#define IP_NUM_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

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
bool ip_variant_avx2(void);
bool ip_variant_avx512(void);

/* For tests: uses no vectors wider than so many bits, 128 being isa_base.c; 0 lifts the limit. Not while other threads
 * compute. */
void ip_variant_limit(int bits);

/* Defines `const type *type_variant(size_t k)`: variant k of the loops `type` that this build and this processor have,
 * best first; NULL past the last. Every body defines one object `type` per instruction set, named by IP_VARIANT. */
#if IP_HAVE_X86_VARIANTS
#define IP_VARIANTS(type)                                                                                              \
  extern const type type##_base, type##_avx2, type##_avx512;                                                           \
  const type *type##_variant(size_t k)                                                                                 \
  {                                                                                                                    \
    if (ip_variant_avx512() && k-- == 0) return &type##_avx512;                                                        \
    if (ip_variant_avx2() && k-- == 0) return &type##_avx2;                                                            \
    return k == 0 ? &type##_base : NULL;                                                                               \
  }
#else
#define IP_VARIANTS(type)                                                                                              \
  extern const type type##_base;                                                                                       \
  const type *type##_variant(size_t k)                                                                                 \
  {                                                                                                                    \
    return k == 0 ? &type##_base : NULL;                                                                               \
  }
#endif

#endif
