#include "num/pooled.h"

#include "num/correlation.h"
#include "num/student.h"

#include <math.h>

double ip_fisher_z(double r, size_t n)
{
  double m = (double)n, most = 1 - 6 / (m * m * m - m);
  return isnan(r) ? r : atanh(fmax(-most, fmin(most, r)));
}

/* Mean of the z with weights 1 / (variance + between), and the sum of these. */
static double weighted_mean(size_t k, const double *z, const double *variance, double between, double *weights)
{
  double sum = 0;
  *weights = 0;
  for (size_t g = 0; g < k; g++) {
    double w = 1 / (variance[g] + between);
    *weights += w;
    sum += w * z[g];
  }
  return sum / *weights;
}

/* sum w_g (z_g - mean)^2 */
static double spread_of(size_t k, const double *z, const double *variance, double between, double mean)
{
  double sum = 0;
  for (size_t g = 0; g < k; g++) sum += (z[g] - mean) * (z[g] - mean) / (variance[g] + between);
  return sum;
}

ip_pooled ip_pool_correlations(size_t k, const double *z, const double *variance, double level)
{
  const double none = (double)NAN;
  ip_pooled out = {none, none, none, none, none};
  if (!k) return out;
  double weights, mean = weighted_mean(k, z, variance, 0, &weights);
  if (k == 1) {
    out.r = tanh(mean);
    ip_fisher_interval(out.r, *variance, level, &out.low, &out.high);
    out.p = erfc(fabs(mean) / sqrt(2 * *variance));
    return out;
  }
  double df = (double)(k - 1), squares = 0, q = spread_of(k, z, variance, 0, mean);
  for (size_t g = 0; g < k; g++) squares += 1 / (variance[g] * variance[g]);
  double between = fmax(0, (q - df) / (weights - squares / weights));
  mean = weighted_mean(k, z, variance, between, &weights);
  double se = sqrt(spread_of(k, z, variance, between, mean) / (df * weights));
  double half = ip_student_quantile(level, k - 1) * se;
  out.r = tanh(mean);
  out.low = tanh(mean - half);
  out.high = tanh(mean + half);
  out.p = ip_student_p(mean / se, k - 1);
  out.p_heterogeneity = ip_chi_square_p(q, k - 1);
  return out;
}
