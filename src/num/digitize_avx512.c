/* digitize_avx512.c - digitize.h compiled for x86-64 with avx512. */
#if defined(__x86_64__)
#define IP_ISA avx512
#define IP_SIMD 16
#include "num/digitize_body.h"
#else
typedef int ip_digitize_avx512_is_empty;
#endif
