/* isa_avx512.c - the vector code for x86-64 with AVX-512. */
#if defined(__x86_64__)
#define IP_ISA avx512
#define IP_SIMD 16
#include "num/bodies.h"
#else
typedef int ip_isa_avx512_is_empty;
#endif
