#include "num/normal.h"

#include <math.h>

/* By bisection on erf. */
double ip_normal_quantile(double level)
{
  double low = 0, high = 40;
  for (int i = 0; i < 100; i++) {
    double mid = (low + high) / 2;
    if (erf(mid / sqrt(2.0)) < level)
      low = mid;
    else
      high = mid;
  }
  return (low + high) / 2;
}
