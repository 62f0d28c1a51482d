/* kernelsum_avx2.c - kernelsum.h compiled for x86-64 with avx2. */
#if defined(__x86_64__)
#define IP_ISA avx2
#define IP_SIMD 8
#include "num/kernelsum_body.h"
#else
typedef int ip_kernelsum_avx2_is_empty;
#endif
