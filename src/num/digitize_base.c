/* digitize_base.c - digitize.h on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/digitize_body.h"
