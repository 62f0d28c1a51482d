#include "estimator/scaled.h"

#include "num/sum.h"

#include <math.h>

double ip_column_deviation(size_t n, const double *v)
{
  ip_sum sum = {0}, square = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&sum, v[i]);
  double mean = ip_sum_value(&sum) / (double)n;
  for (size_t i = 0; i < n; i++) ip_sum_add(&square, (v[i] - mean) * (v[i] - mean));
  return sqrt(ip_sum_value(&square) / (double)n);
}

double ip_column_factor(double sd)
{
  int exponent;
  double digits = frexp(sd, &exponent);
  return ldexp(rint(ldexp(1 / digits, 28)), -28 - exponent);
}

bool ip_column_scale(size_t n, double *v)
{
  bool varies = false;
  for (size_t i = 1; i < n && !varies; i++) varies = v[i] != v[0];
  double sd = varies ? ip_column_deviation(n, v) : 0;
  if (!(sd > 0)) return false;
  double factor = ip_column_factor(sd);
  for (size_t i = 0; i < n; i++) v[i] *= factor;
  return true;
}

ip_status ip_scaled_columns_take(size_t n, size_t width, const float *v, ip_scratch *sc, ip_scaled_columns *out)
{
  out->width = 0;
  IP_TRY(IP_SCRATCH(sc, out->v, width * n, "columns of samples"));
  for (size_t k = 0; k < width; k++) {
    double *to = out->v + out->width * n;
    for (size_t i = 0; i < n; i++) to[i] = (double)v[i * width + k];
    out->width += ip_column_scale(n, to);
  }
  return IP_OK;
}
