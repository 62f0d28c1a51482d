/* isa_avx2.c - the vector code for x86-64 with AVX2. */
#if defined(__x86_64__)
#define IP_ISA avx2
#define IP_SIMD 8
#include "num/bodies.h"
#else
typedef int ip_isa_avx2_is_empty;
#endif
