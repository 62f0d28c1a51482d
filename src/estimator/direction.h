/* direction.h - samples along random directions, for estimators that reduce the number of columns. */
#ifndef IP_ESTIMATOR_DIRECTION_H
#define IP_ESTIMATOR_DIRECTION_H

#include "base/rng.h"

#include <stddef.h>

/* direction (width): independent standard normals. */
void ip_direction_draw(ip_rng *r, size_t width, double *direction);

/* column (n): sum_k direction_k v_ik of the rows of v (n, width). Equal rows stay equal. */
void ip_direction_follow(size_t n, size_t width, const float *v, const double *direction, double *column);

#endif
