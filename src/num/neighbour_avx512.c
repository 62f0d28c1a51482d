/* neighbour_avx512.c - neighbour.h compiled for x86-64 with avx512. */
#if defined(__x86_64__)
#define IP_ISA avx512
#define IP_SIMD 16
#include "num/neighbour_body.h"
#else
typedef int ip_neighbour_avx512_is_empty;
#endif
