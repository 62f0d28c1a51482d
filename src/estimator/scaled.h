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

/* Divides v (n) by its standard deviation; false, and v unchanged, if all its values are equal. Equal values stay
 * equal, and 0 stays 0. */
bool ip_column_scale(size_t n, double *v);

/* The columns of v (n, width) that are not constant, in scratch memory, scaled to unit variance. */
ip_status ip_scaled_columns_take(size_t n, size_t width, const float *v, ip_scratch *sc, ip_scaled_columns *out);

#endif
