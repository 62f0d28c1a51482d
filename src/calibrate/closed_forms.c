#include "calibrate/closed_forms.h"

#include "num/gamma.h"

#include <math.h>
#include <stdbool.h>

double ip_nats_normal(double r)
{
  return -0.5 * log1p(-r * r);
}

static double student_f(int n)
{
  return lgamma(n / 2.) - n / 2. * ip_digamma(n / 2.);
}

double ip_nats_student_excess(int n, int x, int t)
{
  return student_f(n) + student_f(n + x + t) - student_f(n + x) - student_f(n + t);
}

static double log_determinant(double c, size_t m)
{
  return (double)(m - 1) * log1p(-c) + log1p((double)(m - 1) * c);
}

double ip_nats_dense_normal(double c, size_t d)
{
  return log_determinant(c, d) - 0.5 * log_determinant(c, 2 * d);
}

double ip_nats_smoothed_uniform(double s)
{
  return s > 1 ? log(s) + 1 / (2 * s) : s / 2;
}

double ip_nats_log_gamma_exponential(double a)
{
  return ip_digamma(1 / a) + a + log(a);
}

static double k_log_k(double k)
{
  return k > 0 ? k * log(k) : 0;
}

static double sum_k_log_k(size_t n)
{
  double sum = 0;
  for (size_t k = 2; k <= n; k++) sum += k_log_k((double)k);
  return sum;
}

double ip_nats_smoothed_discrete(size_t m, double w)
{
  double letters = (double)m;
  if (w <= 1) return log(letters);
  if (w >= letters) return ((letters - 1) * log(letters) - 2 * sum_k_log_k(m - 1) / letters) / w;
  double c = floor(w), e = w - c;
  double within =
      2 * sum_k_log_k((size_t)c) + (1 - e) * (letters - c - 1) * k_log_k(c) + e * (letters - c) * k_log_k(c + 1);
  return log(letters) - within / (letters * w);
}

double ip_nats_symmetric_channel(size_t m, double q)
{
  return log((double)m) + k_log_k(1 - q) + k_log_k(q) - q * log((double)m - 1);
}

double ip_nats_label(size_t m, double p)
{
  return m < 2 ? 0 : -k_log_k(p) - k_log_k(1 - p) + (1 - p) * log((double)m - 1);
}

/* H(T | X = x). */
static double poisson_entropy(double p, double x)
{
  double term = (1 - p) * exp(-x), sum = -k_log_k(p + term);
  for (int k = 1; k < 400 && (k < x || term > 1e-18); k++) {
    term *= x / k;
    sum -= k_log_k(term);
  }
  return sum;
}

double ip_nats_zero_inflated_poisson(double p)
{
  enum { STEPS = 20000 };
  double of_t = -k_log_k(p + (1 - p) / 2), given_x = 0;
  for (int k = 1; k < 60; k++) of_t -= k_log_k((1 - p) * exp2(-k - 1));
  for (int i = 0; i < STEPS; i++) { /* x = -ln u; in u = v^2, whose ends are smooth */
    double v = (i + 0.5) / STEPS;
    given_x += 2 * v * poisson_entropy(p, -2 * log(v)) / STEPS;
  }
  return of_t - given_x;
}

double ip_nats_solve(double (*f)(double at, const void *what), const void *what, double nats, double low, double high)
{
  bool rises = f(high, what) > f(low, what);
  for (int i = 0; i < 200; i++) {
    double middle = low + (high - low) / 2;
    if ((f(middle, what) < nats) == rises)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}
