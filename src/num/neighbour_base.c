/* neighbour_base.c - neighbour.h on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/neighbour_body.h"
