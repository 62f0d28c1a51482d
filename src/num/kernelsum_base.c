/* kernelsum_base.c - kernelsum.h on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/kernelsum_body.h"
