/* centred.h - centred columns of samples and the squared lengths of their products, for measures of geometry. */
#ifndef IP_MEASURE_CENTRED_H
#define IP_MEASURE_CENTRED_H

#include "base/mem.h"

#include <stddef.h>

/* Columns in float64 with mean 0. Columns of equal values become exactly 0. */
typedef struct ip_centred {
  size_t n, width;
  double *v; // (n, width)
} ip_centred;

/* The columns of v (n, width) without their means, in scratch. */
ip_status ip_centre_columns(size_t n, size_t width, const float *v, ip_scratch *sc, ip_centred *out);

/* Symmetric matrix with the nonzero eigenvalues of a'a: a'a itself (width, width), or aa' (n, n) if that is smaller.
 * Both triangles; *d rows, in scratch. */
ip_status ip_centred_gram(const ip_centred *a, ip_scratch *sc, size_t *d, double **gram);

/* ||a'b||^2, the sum of squares of all products of a column of a and one of b. */
ip_status ip_centred_product(const ip_centred *a, const ip_centred *b, ip_scratch *sc, double *sum);

/* ||a'a||^2. */
ip_status ip_centred_square(const ip_centred *a, ip_scratch *sc, double *sum);

#endif
