#include "num/gamma.h"

#include <math.h>

#define LARGE 16.0 /* series of six terms are exact to 1e-16 from here */

double ip_digamma(double x)
{
  double below = 0;
  for (; x < LARGE; x++) below += 1 / x;
  double z = 1 / (x * x);
  double series = z * (1. / 12 - z * (1. / 120 - z * (1. / 252 - z * (1. / 240 - z * (1. / 132)))));
  return log(x) - 0.5 / x - series - below;
}

/* ln Gamma(x) - (x - 1/2) ln x + x - 1/2 ln(2 pi) for large x */
static double stirling_remainder(double x)
{
  double z = 1 / (x * x);
  return (1. / 12 - z * (1. / 360 - z * (1. / 1260 - z * (1. / 1680 - z * (1. / 1188))))) / x;
}

double ip_log_rising(double x, double n)
{
  double product = 1, sum = 0, j = 0;
  for (; j < n && x + j < LARGE; j++) {
    product *= 1 + j / x;
    if (product > 1e200) {
      sum += log(product);
      product = 1;
    }
  }
  sum += log(product);
  if (j >= n) return sum;
  double y = x + j, left = n - j;
  return sum + left * log(y / x) + (y + left - 0.5) * log1p(left / y) - left + stirling_remainder(y + left) -
         stirling_remainder(y);
}

/* x trigamma(x + 1) - 1 for large x */
static double large_deficit(double x)
{
  double z = 1 / (x * x);
  return (-0.5 + (1. / 6 - z * (1. / 30 - z * (1. / 42 - z * (1. / 30 - z * (5. / 66 - z * (691. / 2730)))))) / x) / x;
}

static double x_trigamma(double x)
{
  double sum = 0, top = x;
  while (top < LARGE) {
    top++;
    sum += 1 / (top * top);
  }
  return x * (sum + (1 + large_deficit(top)) / top);
}

double ip_trigamma_step(double a, double b)
{
  return a >= LARGE ? large_deficit(b) - large_deficit(a) : x_trigamma(b) - x_trigamma(a);
}
