#include "estimator/direction.h"

void ip_direction_draw(ip_rng *r, size_t width, double *direction)
{
  for (size_t k = 0; k < width; k++) direction[k] = ip_rng_normal(r);
}

void ip_direction_follow(size_t n, size_t width, const float *v, const double *direction, double *column)
{
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t k = 0; k < width; k++) sum += direction[k] * (double)v[i * width + k];
    column[i] = sum;
  }
}
