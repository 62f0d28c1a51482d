#include "num/student.h"

#include "num/sum.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

double ip_student_p(double t, size_t df)
{
  if (!df || isnan(t)) return (double)NAN;
  double theta = atan(fabs(t) / sqrt((double)df)), c = cos(theta), s = sin(theta);
  double term = df % 2 ? c : 1, sum = df == 1 ? 0 : term;
  for (size_t k = df % 2 ? 3 : 2; k + 1 < df; k += 2) {
    term *= c * c * (double)(k - 1) / (double)k;
    sum += term;
  }
  double within = df % 2 ? (theta + s * sum) * 2 / PI : s * sum;
  return fmax(0, 1 - within);
}

double ip_student_quantile(double level, size_t df)
{
  double low = 0, high = 1;
  while (ip_student_p(high, df) > 1 - level && high < 1e300) high *= 2;
  for (int i = 0; i < 100; i++) {
    double mid = (low + high) / 2;
    if (ip_student_p(mid, df) > 1 - level)
      low = mid;
    else
      high = mid;
  }
  return (low + high) / 2;
}

double ip_chi_square_p(double x, size_t df)
{
  double term = df % 2 ? sqrt(2 * x / PI) * exp(-x / 2) : exp(-x / 2), sum = df % 2 ? erfc(sqrt(x / 2)) : term;
  size_t first = df % 2 ? 3 : 2;
  if (df % 2 && df >= 3) sum += term;
  for (size_t k = first; k + 1 < df; k += 2) {
    term *= x / (double)k;
    sum += term;
  }
  return fmin(1, sum);
}

double ip_coins_at_most(size_t k, size_t n)
{
  ip_sum sum = {0};
  double log_term = -(double)n * log(2); /* the logarithm of C(n, i) / 2^n */
  for (size_t i = 0; i <= k; i++) {
    ip_sum_add(&sum, exp(log_term));
    log_term += log((double)(n - i) / (double)(i + 1));
  }
  return fmin(1, ip_sum_value(&sum));
}
