/* neighbour_avx2.c - neighbour.h compiled for x86-64 with avx2. */
#if defined(__x86_64__)
#define IP_ISA avx2
#define IP_SIMD 8
#include "num/neighbour_body.h"
#else
typedef int ip_neighbour_avx2_is_empty;
#endif
