#include "calibrate/task.h"

#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <string.h>

/* A fixed task, which needs no scratch. */
static const ip_calibration_task *task(const char *name)
{
  const ip_calibration_task *t = NULL;
  CHECK_OK(ip_task_find(name, NULL, &t));
  return t;
}

static ip_samples draw(const char *name, size_t n, uint64_t index, ip_scratch *sc)
{
  ip_samples s;
  ip_rng r = ip_rng_open(5, IP_RNG_TASK, index);
  CHECK_OK(task(name)->draw(n, &r, sc, &s));
  return s;
}

/* --- The truths by other ways */

/* I(X;T) of a density f(x,t) with marginals f(x), f(t), by sums over a grid of midpoints. */
static double integrate(double (*joint)(double, double), double (*marginal)(double), double low, double high, int n)
{
  double step = (high - low) / n, sum = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double x = low + (i + 0.5) * step, t = low + (j + 0.5) * step, f = joint(x, t);
      if (f > 0) sum += f * log2(f / (marginal(x) * marginal(t))) * step * step;
    }
  return sum;
}

/* Student with 3 degrees of freedom and correlation 0.8, in the variable u with t = sinh(u), which tames the tails. */
static double student_joint(double u, double v)
{
  double x = sinh(u), t = sinh(v), q = (x * x + t * t - 1.6 * x * t) / 0.36;
  return cosh(u) * cosh(v) / (2 * acos(-1) * 0.6) * pow(1 + q / 3, -2.5);
}

static double student_marginal(double u)
{
  double x = sinh(u);
  return cosh(u) * 2 / (acos(-1) * sqrt(3)) * pow(1 + x * x / 3, -2);
}

static double normal_joint(double x, double t)
{
  return exp(-(x * x + t * t - 1.6 * x * t) / 0.72) / (2 * acos(-1) * 0.6);
}

static double normal_marginal(double x)
{
  return exp(-x * x / 2) / sqrt(2 * acos(-1));
}

static void closed_forms_agree_with_integrals_of_the_densities(void **state)
{
  (void)state;
  CHECK_NEAR(task("student")->ixt_bits(), integrate(student_joint, student_marginal, -9, 9, 900), 1e-4);
  CHECK_NEAR(task("normal")->ixt_bits(), 3 * integrate(normal_joint, normal_marginal, -8, 8, 800), 1e-6);
  CHECK_NEAR(task("sphere")->ixt_bits(), 5.569522, 1e-6); /* of 64 classes, sizes 1 to 180 */
  CHECK_NEAR(task("sphere")->ity_bits(), 0.9991571208502711, 1e-12);
  CHECK_NEAR(task("bsc")->ixt_bits(), 1 + 0.1 * log2(0.1) + 0.9 * log2(0.9), 1e-12);
  CHECK_NEAR(task("bec")->ity_bits(), 0.8, 1e-12);
  CHECK_NEAR(task("multiplicative_channel")->ixt_bits(), 1.236217, 6e-7); /* quadrature of another program */
  CHECK_NEAR(task("multiplicative_channel")->ity_bits(), 0.5890406, 6e-7);
  CHECK_NEAR(task("dropout_channel")->ixt_bits(), 1.273558384430529, 1e-12); /* the sums by another program */
  CHECK_NEAR(task("dropout_channel")->ity_bits(), 0.6768470815504567, 1e-12);
  CHECK_NEAR(task("zero_inflated_poisson")->ixt_bits() * log(2), 0.229776, 5e-7);
  assert_true(isnan(ip_task_ity_bits(task("zero_inflated_poisson"))));
}

/* I(T;Y) from the labels of many samples: T, a number, in narrow bins of equal numbers of samples, and Miller and
 * Madow's correction. */
static double binned_label_information(ip_samples *s, double low, double high)
{
  enum { BINS = 100 };
  static double count[BINS][2];
  double sum = 0, n = (double)s->n;
  memset(count, 0, sizeof count);
  for (size_t i = 0; i < s->n; i++) {
    double at = ((double)s->t[i * s->width] - low) / (high - low) * BINS;
    count[at < 0 ? 0 : at >= BINS ? BINS - 1 : (int)at][s->y[i]]++;
  }
  double y1 = 0, cells = 0, bins = 0;
  for (int b = 0; b < BINS; b++) y1 += count[b][1] / n;
  for (int b = 0; b < BINS; b++) {
    double all = count[b][0] + count[b][1];
    bins += all > 0;
    for (int c = 0; c < 2; c++) {
      cells += count[b][c] > 0;
      if (count[b][c] > 0) sum += count[b][c] / n * log2(count[b][c] / all / (c ? y1 : 1 - y1));
    }
  }
  return sum - (cells - bins - 1) / (2 * n * log(2));
}

/* The standard error of such an estimate is below 1/sqrt(n) = 0.0032; bins cost up to 0.005 more. */
static void labels_have_their_information(void **state)
{
  enum { N = 100000 };
  const struct {
    const char *name;
    double low, high;
  } of[] = {
      {"gaussian_channel", -3, 3}, {"normal", -3, 3}, {"half_cube", -3, 3}, {"student", -4, 4}, {"uniform", 0, 1}};
  for (size_t k = 0; k < 5; k++) {
    ip_samples s = draw(of[k].name, N, k, *state);
    CHECK_NEAR(binned_label_information(&s, of[k].low, of[k].high), task(of[k].name)->ity_bits(), 0.015);
  }
}

/* --- The samples */

static void samples_have_the_moments_of_their_task(void **state)
{
  enum { N = 40000 }; /* means and correlations within 5 / sqrt(N) = 0.025 */
  ip_samples s = draw("normal", N, 1, *state);
  double xt = 0, xx = 0, cross = 0;
  for (size_t k = 0; k < N * 3; k++) {
    xt += (double)s.x[k] * (double)s.t[k] / (3. * N);
    xx += (double)s.x[k] * (double)s.x[k] / (3. * N);
    if (k % 3 < 2) cross += (double)s.x[k] * (double)s.t[k + 1] / (2. * N);
  }
  CHECK_NEAR(xt, 0.8, 0.025);
  CHECK_NEAR(xx, 1, 0.025);
  CHECK_NEAR(cross, 0, 0.025);
  s = draw("gaussian_channel", N, 2, *state);
  double noise = 0;
  for (size_t k = 0; k < N * 2; k++) noise += pow((double)s.t[k] - (double)s.mean[k], 2) / (2. * N);
  CHECK_NEAR(noise, s.noise_variance, 0.0025);
  s = draw("bec", N, 3, *state);
  double erased = 0;
  for (size_t i = 0; i < N; i++) {
    erased += (s.t[i] == 0.5f) / (double)N;
    assert_true(s.t[i] == 0.5f || s.t[i] == (float)s.y[i]);
  }
  CHECK_NEAR(erased, 0.2, 0.01);
  s = draw("uniform", N, 4, *state);
  for (size_t i = 0; i < N; i++) assert_true(fabsf(s.t[i] - s.x[i]) <= 0.10001f && s.x[i] >= 0 && s.x[i] <= 1);
}

/* Of every input: its rows, its label, and the mean and the variance of what the noise makes of each unit. */
static void noise_of_a_network_has_the_moments_that_are_known(void **state)
{
  enum { N = 40000, INPUTS = 4 }; /* 10000 of each input: means within 5 sd / 100 */
  static const struct {
    const char *name;
    size_t width;
    float h[INPUTS * 2];
    double variance; /* of t for h = 1 */
  } of[] = {{"multiplicative_channel", 1, {1, 2, 0, 0.5f}, 0.3},
            {"dropout_channel", 2, {1, 2, 1, 3, 0, 2, 4, 2}, 0.3 / 0.7}};
  for (size_t k = 0; k < 2; k++) {
    size_t width = of[k].width;
    ip_samples s = draw(of[k].name, N, 11 + k, *state);
    assert_int_equal(s.width, width);
    assert_true(s.multiplicative_noise == (k ? 0 : 0.3) && s.dropout == (k ? 0.3 : 0));
    double n[INPUTS] = {0}, mean[INPUTS * 2] = {0}, square[INPUTS * 2] = {0};
    for (size_t i = 0; i < N; i++) {
      size_t x = s.x_id[i];
      n[x]++;
      assert_true(s.y[i] == (x >= 2) && s.x[i] == (float)x);
      assert_memory_equal(s.mean + i * width, of[k].h + x * width, width * sizeof *s.mean);
      for (size_t j = 0; j < width; j++) {
        double t = (double)s.t[i * width + j];
        mean[x * width + j] += t;
        square[x * width + j] += t * t;
        if (k) assert_true(t == 0 || fabs(t - (double)of[k].h[x * width + j] / 0.7) < 1e-6);
      }
    }
    for (size_t x = 0; x < INPUTS; x++) {
      CHECK_NEAR(n[x], N / 4, 5 * sqrt(N * 3 / 16));
      for (size_t j = 0; j < width; j++) {
        double h = (double)of[k].h[x * width + j], m = mean[x * width + j] / n[x];
        CHECK_NEAR(m, h, 5 * h * sqrt(of[k].variance / n[x]));
        CHECK_NEAR(square[x * width + j] / n[x] - m * m, h * h * of[k].variance, 0.06 * h * h * of[k].variance);
      }
    }
  }
}

static void a_spiral_keeps_lengths_and_a_half_cube_keeps_order(void **state)
{
  ip_samples plain = draw("normal", 50, 7, *state), spiral = draw("spiral", 50, 7, *state);
  ip_samples cube = draw("half_cube", 50, 7, *state);
  for (size_t i = 0; i < 50; i++) {
    double a = 0, b = 0;
    for (size_t k = 0; k < 3; k++) {
      double v = (double)plain.t[3 * i + k];
      a += v * v;
      b += pow((double)spiral.t[3 * i + k], 2);
      CHECK_NEAR((double)cube.t[3 * i + k], v * sqrt(fabs(v)), 1e-5);
    }
    CHECK_NEAR(a, b, 1e-5);
    assert_true(plain.y[i] == spiral.y[i] && plain.y[i] == cube.y[i]);
    assert_true(plain.t[3 * i] == spiral.t[3 * i] && plain.x[3 * i + 2] == spiral.x[3 * i + 2]);
  }
}

/* All inputs and all labels of a task come up among many samples, and their numbers are those that it names. */
static void inputs_and_labels_are_as_many_as_the_task_says(void **state)
{
  enum { N = 20000 };
  for (size_t k = 0; k < ip_task_count(); k++) {
    ip_samples s = draw(ip_task_at(k)->name, N, 12, *state);
    uint32_t n_x = 0, n_y = 0;
    assert_int_equal(s.n, N);
    for (size_t i = 0; i < N; i++) {
      if (s.x_id && s.x_id[i] >= n_x) n_x = s.x_id[i] + 1;
      if ((uint32_t)s.y[i] >= n_y) n_y = (uint32_t)s.y[i] + 1;
    }
    if (s.n_x != (s.x_id ? n_x : N) || s.n_y != n_y)
      fail_msg("%s: %zu inputs, %zu labels", ip_task_at(k)->name, s.n_x, s.n_y);
    ip_scratch_release(*state, 0);
  }
}

static void fewer_samples_are_the_first_of_more(void **state)
{
  for (size_t k = 0; k < ip_task_count(); k++) {
    const char *name = ip_task_at(k)->name;
    ip_samples few = draw(name, 20, 9, *state), more = draw(name, 200, 9, *state);
    assert_memory_equal(few.t, more.t, 20 * few.width * sizeof *few.t);
    assert_memory_equal(few.y, more.y, 20 * sizeof *few.y);
    assert_memory_equal(few.x, more.x, 20 * few.n_in * sizeof *few.x);
  }
}

static void unknown_tasks_are_told_what_was_meant(void **state)
{
  (void)state;
  const ip_calibration_task *t;
  CHECK_FAILS(ip_task_find("spira", NULL, &t), IP_EUSAGE, "unknown calibration task 'spira'; did you mean 'spiral'?");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)
  const struct CMUnitTest tests[] = {
      TEST(closed_forms_agree_with_integrals_of_the_densities),
      TEST(labels_have_their_information),
      TEST(samples_have_the_moments_of_their_task),
      TEST(noise_of_a_network_has_the_moments_that_are_known),
      TEST(a_spiral_keeps_lengths_and_a_half_cube_keeps_order),
      TEST(inputs_and_labels_are_as_many_as_the_task_says),
      TEST(fewer_samples_are_the_first_of_more),
      TEST(unknown_tasks_are_told_what_was_meant),
  };
  return cmocka_run_group_tests_name("calibrate/tasks", tests, NULL, NULL);
}
