#include "calibrate/closed_forms.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

static double k_log_k(double k)
{
  return k > 0 ? k * log(k) : 0;
}

static void published_values_are_reproduced(void **state)
{
  (void)state;
  CHECK_NEAR(3 * ip_nats_normal(0.8), 1.532477, 5e-7);
  CHECK_NEAR(ip_nats_normal(0.75), 0.413339, 5e-7);
  CHECK_NEAR(ip_nats_student_excess(1, 1, 1), 0.224171, 5e-7);
  CHECK_NEAR(ip_nats_student_excess(2, 5, 5), 0.448151, 5e-7);
  CHECK_NEAR(ip_nats_dense_normal(0.5, 5), 0.592812, 5e-7);
  CHECK_NEAR(ip_nats_dense_normal(0.5, 25), 1.292184, 5e-7);
  CHECK_NEAR(ip_nats_dense_normal(0.5, 50), 1.624265, 5e-7);
  CHECK_NEAR(2 * ip_nats_normal(4. / 5), 1.021651, 5e-7); /* two pairs of strength 2 */
  CHECK_NEAR(ip_nats_smoothed_uniform(0.5), 0.25, 1e-12);
  CHECK_NEAR(ip_nats_smoothed_uniform(100), 4.610170, 5e-7);
  CHECK_NEAR(ip_nats_log_gamma_exponential(1), 0.422784, 5e-7);
  CHECK_NEAR(ip_nats_log_gamma_exponential(0.5), 0.229637, 5e-7);
  CHECK_NEAR(ip_nats_smoothed_discrete(100, 3.5), 3.358012, 5e-7);
  CHECK_NEAR(ip_nats_smoothed_discrete(4, 9.5), 0.191349, 5e-7);
  CHECK_NEAR(ip_nats_smoothed_discrete(5, 2), 1.054920, 5e-7);
  CHECK_NEAR(ip_nats_symmetric_channel(64, 0.1), 3.419487, 5e-7);
  CHECK_NEAR(ip_nats_label(32, 1. / 32), 3.465736, 5e-7);
  CHECK_NEAR(ip_nats_zero_inflated_poisson(0), 0.301245, 5e-7);
  CHECK_NEAR(ip_nats_zero_inflated_poisson(0.15), 0.229776, 5e-7);
  /* the parameters at 5 and 10 nats */
  CHECK_NEAR(ip_nats_smoothed_uniform(147.912313), 5, 1e-8);
  CHECK_NEAR(ip_nats_smoothed_uniform(22025.965789), 10, 1e-8);
  CHECK_NEAR(ip_nats_log_gamma_exponential(262.689078), 5, 1e-8);
  CHECK_NEAR(ip_nats_log_gamma_exponential(39229.085755), 10, 1e-8);
}

/* h(T) - h(noise): the density of T is the part of the noise's width that lies in [0, 1). */
static void smoothed_uniform_is_the_integral_of_its_density(void **state)
{
  (void)state;
  const double s[] = {0.25, 0.8, 1, 3, 40};
  for (size_t k = 0; k < 5; k++) {
    enum { STEPS = 400000 };
    double width = 1 / s[k], h = 0, step = (1 + width) / STEPS;
    for (int i = 0; i < STEPS; i++) {
      double t = (i + 0.5) * step;
      h -= k_log_k((fmin(t, 1) - fmax(t - width, 0)) / width) * step;
    }
    CHECK_NEAR(ip_nats_smoothed_uniform(s[k]), h - log(width), 1e-5);
  }
}

/* T = ln(E / G) has the density k e^t / (1 + e^t)^(k+1), k = 1/a, and ln E the entropy 1 + gamma. */
static void log_gamma_exponential_is_the_integral_of_its_density(void **state)
{
  (void)state;
  const double a[] = {0.1, 1, 7, 100};
  for (size_t i = 0; i < 4; i++) {
    double k = 1 / a[i], h = 0, step = 0.01;
    for (double t = -60 - log(k); t < 40 * a[i] + 40; t += step) {
      double log_f = log(k) + t - (k + 1) * (t > 30 ? t : log1p(exp(t)));
      h -= log_f * exp(log_f) * step;
    }
    CHECK_NEAR(ip_nats_log_gamma_exponential(a[i]), h - 1 - 0.57721566490153286, 1e-5);
  }
}

/* ln det of the first m rows and columns of a matrix with ones and c, by elimination. */
static double log_determinant(size_t m, double c)
{
  static double a[20][20];
  double sum = 0;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) a[i][j] = i == j ? 1 : c;
  for (size_t i = 0; i < m; i++) {
    sum += log(a[i][i]);
    for (size_t k = i + 1; k < m; k++)
      for (size_t j = m; j-- > i;) a[k][j] -= a[k][i] / a[i][i] * a[i][j];
  }
  return sum;
}

static void dense_normals_have_the_determinants_of_their_correlations(void **state)
{
  (void)state;
  for (size_t d = 1; d <= 10; d += 3)
    for (double c = 0.1; c < 1; c += 0.2)
      CHECK_NEAR(ip_nats_dense_normal(c, d), log_determinant(d, c) - log_determinant(2 * d, c) / 2, 1e-12);
}

/* The density of T is constant between multiples of 1/8, as the widths are. */
static void smoothed_discrete_is_the_sum_over_its_density(void **state)
{
  (void)state;
  const struct {
    size_t m;
    double w;
  } c[] = {{100, 3.5}, {4, 9.5}, {5, 2}, {2, 1.125}, {7, 7}, {7, 6.875}, {3, 0.5}, {20, 12.25}};
  for (size_t k = 0; k < 8; k++) {
    double h = 0, m = (double)c[k].m;
    for (double t = 1. / 16; t < m - 1 + c[k].w; t += 1. / 8) {
      double n = 0;
      for (size_t x = 0; x < c[k].m; x++) n += t > (double)x && t < (double)x + c[k].w;
      h -= k_log_k(n / (m * c[k].w)) / 8;
    }
    CHECK_NEAR(ip_nats_smoothed_discrete(c[k].m, c[k].w), h - log(c[k].w), 1e-12);
  }
}

static void channels_and_labels_are_sums_over_their_tables(void **state)
{
  (void)state;
  for (size_t m = 2; m < 9; m += 3)
    for (double q = 0.05; q < 0.9; q += 0.2) {
      double sum = 0, n = (double)m;
      for (size_t x = 0; x < m; x++)
        for (size_t t = 0; t < m; t++) {
          double p = (x == t ? 1 - q : q / (n - 1)) / n;
          sum += p * log(p * n * n);
        }
      CHECK_NEAR(ip_nats_symmetric_channel(m, q), sum, 1e-12);
      CHECK_NEAR(ip_nats_label(m, q), -k_log_k(q) - (n - 1) * k_log_k((1 - q) / (n - 1)), 1e-12);
    }
  CHECK_NEAR(ip_nats_label(1, 1), 0, 0);
}

/* The integral over x of the divergence of p(t|x) from p(t). */
static void zero_inflated_poisson_is_an_integral_of_divergences(void **state)
{
  (void)state;
  const double p[] = {0, 0.15, 0.5, 0.9};
  for (size_t i = 0; i < 4; i++) {
    double sum = 0, step = 1e-3;
    for (double x = step / 2; x < 40; x += step)
      for (int t = 0; t < 150; t++) {
        double given = (1 - p[i]) * exp(-x + t * log(x) - lgamma(t + 1.)) + (t ? 0 : p[i]);
        double all = (1 - p[i]) * exp2(-t - 1) + (t ? 0 : p[i]);
        if (given > 0) sum += exp(-x) * given * log(given / all) * step;
      }
    CHECK_NEAR(ip_nats_zero_inflated_poisson(p[i]), sum, 1e-5);
  }
}

static double square(double v, const void *what)
{
  (void)what;
  return v * v;
}

static double inverse(double v, const void *what)
{
  return *(const double *)what / v;
}

static void arguments_are_found_of_increasing_and_decreasing_functions(void **state)
{
  (void)state;
  double two = 2;
  CHECK_NEAR(ip_nats_solve(square, NULL, 5, 0, 10), sqrt(5), 1e-15);
  CHECK_NEAR(ip_nats_solve(inverse, &two, 5, 0.1, 10), 0.4, 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(published_values_are_reproduced),
      cmocka_unit_test(smoothed_uniform_is_the_integral_of_its_density),
      cmocka_unit_test(log_gamma_exponential_is_the_integral_of_its_density),
      cmocka_unit_test(dense_normals_have_the_determinants_of_their_correlations),
      cmocka_unit_test(smoothed_discrete_is_the_sum_over_its_density),
      cmocka_unit_test(channels_and_labels_are_sums_over_their_tables),
      cmocka_unit_test(zero_inflated_poisson_is_an_integral_of_divergences),
      cmocka_unit_test(arguments_are_found_of_increasing_and_decreasing_functions),
  };
  return cmocka_run_group_tests_name("calibrate/closed_forms", tests, NULL, NULL);
}
