/* scaled.h - variables of the samples as columns of unit variance, for estimators that compare distances. */
#ifndef IP_ESTIMATOR_SCALED_H
#define IP_ESTIMATOR_SCALED_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ip_scaled_columns {
  size_t width;
  double *v; // (width, n)
} ip_scaled_columns;

/* Standard deviation of v (n), divisor n, in two passes. */
double ip_column_deviation(size_t n, const double *v);

/* 1 / sd in 29 binary digits, so its product with a float32 is exact. A difference of two products is then the rounded
 * product of the difference: values as far from each other as two others, such as the neighbouring levels of a
 * quantized unit, remain so. Rounded products would order such distances at random. sd > 0, and 1 / sd a float64. */
double ip_column_factor(double sd);

/* Distances that are equal in different columns are so within this part of them after scaling. */
#define IP_SCALED_TIE 0x1p-27

/* Multiplies v (n) by ip_column_factor of its standard deviation; false, and v unchanged, if all its values are equal.
 * Equal values stay equal, and 0 stays 0; of float32 values, equal distances stay equal, too. */
bool ip_column_scale(size_t n, double *v);

/* The columns of v (n, width) that are not constant, in scratch memory, scaled to unit variance (within
 * 2^-28). Equal distances along a column stay equal. */
ip_status ip_scaled_columns_take(size_t n, size_t width, const float *v, ip_scratch *sc, ip_scaled_columns *out);

#endif
