/* affine_base.c - affine.h on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/affine_body.h"
