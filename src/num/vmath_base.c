/* vmath_base.c - vmath.h on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/vmath_body.h"
