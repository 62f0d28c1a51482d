/* isa_base.c - the vector code on any processor: vectors of four floats. */
#define IP_ISA base
#define IP_SIMD 4
#include "num/bodies.h"
