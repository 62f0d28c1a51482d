/* bodies.h - all vector code; IP_ISA and IP_SIMD are set by the file including it, one per instruction set. */
#include "num/affine_body.h"
#include "num/digitize_body.h"
#include "num/kernelsum_body.h"
#include "num/neighbour_body.h"
#include "num/random_body.h"
#include "num/rows_body.h"
#include "num/softmax_body.h"
#include "num/vmath_body.h"
