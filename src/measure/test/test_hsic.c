#include "measure/test/inputs.h"

#include <stdio.h>

#define NEAR(spec, name, want, tol) CHECK_NEAR(measure_series(spec, name, &in, *state), want, tol)
#define NO_VALUE(spec, name, text) check_no_value(spec, name, &in, text, *state)

static void published_examples_have_their_values(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s};
  NEAR("hsic", "kernel_cka_x", 0.079426, 5e-7);
  NEAR("hsic", "kernel_cka_y", 0.508368, 5e-7);
  NEAR("hsic:width=fixed", "nhsic_x", 1.626932, 5e-7);
  NEAR("hsic:width=fixed", "nhsic_y", 1.645419, 5e-7);
  NEAR("hsic:width=fixed:s=1", "nhsic_x", 6.490712, 5e-7);
  s.t = d->u;
  NEAR("hsic", "kernel_cka_x", 0.062878, 5e-7);
  NEAR("hsic", "kernel_cka_y", 0.394171, 5e-7);
  NEAR("hsic:width=fixed", "nhsic_x", 0.516031, 5e-7);
  NEAR("hsic:width=fixed", "nhsic_y", 1.164174, 5e-7);
  NEAR("hsic:width=fixed:s=1", "nhsic_x", 5.052178, 5e-7);
}

/* A layer that is the one-hot label, with a width so small that its kernel is that of the labels. */
static void labels_with_themselves_have_the_closed_form(void **state)
{
  enum { N = 60, C = 3 };
  static float t[N * C];
  int32_t y[N];
  const double each = (double)N / C, ratio = each / (each + 1e-5 * N);
  for (int i = 0; i < N; i++) {
    y[i] = i % C;
    t[i * C + y[i]] = 1;
  }
  ip_samples s = samples_of(N, C, t, C, y);
  ip_measure_input in = {.s = &s};
  NEAR("hsic:width=fixed:s=0.05", "nhsic_y", (C - 1) * ratio * ratio, 1e-9);
  NEAR("hsic:width=fixed:s=0.05", "nhsic_y", 1.999880, 5e-7);
  NEAR("hsic:width=fixed:s=0.05", "kernel_cka_y", 1, 1e-12);
  NEAR("hsic", "kernel_cka_y", 1, 1e-12); /* whatever the width */
}

/* Samples in another order, units in another order, a rotation and a shift; with the median width, a scale as well. */
static void invariances_hold(void **state)
{
  formula_data *d = data_by_formula();
  static float t[FORMULA_N * 4], x[FORMULA_N * 2];
  static int32_t y[FORMULA_N];
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s};
  measured before = measure("hsic", &in, *state);
  for (int i = 0; i < FORMULA_N; i++) {
    int k = (7 * i + 3) % FORMULA_N;
    const float *a = d->t + 4 * i;
    float turned[] = {0.6f * a[2] + 0.8f * a[0], 0.8f * a[2] - 0.6f * a[0], a[3], -a[1]};
    for (int j = 0; j < 4; j++) t[4 * k + j] = 8 * turned[j] + 5;
    memcpy(x + 2 * k, d->x + 2 * i, 2 * sizeof *x);
    y[k] = d->y2[i];
  }
  s.t = t, s.x = x, s.y = y;
  measured after = measure("hsic", &in, *state);
  for (size_t i = 0; i < ip_measure_n_series(before.m); i++)
    CHECK_NEAR(after.value[i], before.value[i], 1e-3 * before.value[i]); /* float32 rounding over epsilon = 1e-5 */
  CHECK_NEAR(after.value[0], before.value[0], 1e-6);
  CHECK_NEAR(after.value[1], before.value[1], 1e-6);
  ip_measure_destroy(&before.m);
  ip_measure_destroy(&after.m);
}

/* Soft labels of 0 and 1, and one-hot targets with a narrow kernel, are labels. */
static void other_forms_of_labels_agree(void **state)
{
  formula_data *d = data_by_formula();
  static float p[FORMULA_N * 3];
  for (int i = 0; i < FORMULA_N; i++) p[i * 3 + d->y2[i]] = 1;
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  ip_measure_input in = {.s = &s};
  double cka = measure_series("hsic:width=fixed:s=0.1", "kernel_cka_y", &in, *state);
  double nhsic = measure_series("hsic:width=fixed:s=0.1", "nhsic_y", &in, *state);
  s.p_y_given_x = p;
  NEAR("hsic:width=fixed:s=0.1", "kernel_cka_y", cka, 1e-12);
  NEAR("hsic:width=fixed:s=0.1", "nhsic_y", nhsic, 1e-9);
  s.p_y_given_x = NULL;
  s.target = p, s.n_targets = 3;
  NEAR("hsic:width=fixed:s=0.1", "kernel_cka_y", cka, 1e-12);
  NEAR("hsic:width=fixed:s=0.1", "nhsic_y", nhsic, 1e-9);
}

static void constant_layers_and_missing_data_have_their_values_and_reasons(void **state)
{
  float t[] = {0.1f, 0.1f, 0.1f, 0.1f, 0.1f, 0.1f}, x[] = {1, 2, 3}, varying[] = {1, 2, 4, 8, 16, 32};
  int32_t y[] = {0, 1, 0}, same[] = {1, 1, 1};
  ip_samples s = samples_of(3, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  NO_VALUE("hsic", "kernel_cka_y", "layer is the same");
  NEAR("hsic", "nhsic_y", 0, 0);
  NO_VALUE("hsic", "nhsic_x", "no inputs");
  s.x = x, s.n_in = 1;
  NEAR("hsic", "nhsic_x", 0, 0);
  s.t = varying, s.y = same;
  NO_VALUE("hsic", "kernel_cka_y", "same label");
  NEAR("hsic", "nhsic_y", 0, 0);
  s.x = t;
  NO_VALUE("hsic", "kernel_cka_x", "inputs are the same");
  NEAR("hsic", "nhsic_x", 0, 0);
}

/* A subset of the samples is used, the same for each layer. */
static void large_files_are_represented_by_a_subset(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y2);
  ip_measure_input in = {.s = &s};
  double all = measure_series("hsic", "kernel_cka_y", &in, *state);
  NEAR("hsic:max_samples=60", "kernel_cka_y", all, 0);
  double some = measure_series("hsic:max_samples=30", "kernel_cka_y", &in, *state);
  assert_true(fabs(some - all) > 1e-6 && fabs(some - all) < 0.3);
  NEAR("hsic:max_samples=30", "kernel_cka_y", some, 0);
}

/* The width of `median` is the median of the sorted distances above 0, for odd and even numbers of them, with ties. */
static void the_median_is_that_of_the_sorted_distances(void **state)
{
  for (size_t n = 3; n < 40; n++) {
    float t[40];
    int32_t y[40];
    double d[40 * 40];
    char spec[64];
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
      t[i] = n % 3 ? (float)sin((double)(i * n)) : (float)(i * i % 7);
      y[i] = i % 2;
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < i; j++) {
        double v = fabs((double)t[i] - (double)t[j]);
        if (v <= 0) continue;
        size_t at = m++;
        for (; at > 0 && d[at - 1] > v; at--) d[at] = d[at - 1];
        d[at] = v;
      }
    ip_samples s = samples_of(n, 1, t, 2, y);
    ip_measure_input in = {.s = &s};
    snprintf(spec, sizeof spec, "hsic:width=fixed:s=%.17g", (d[(m - 1) / 2] + d[m / 2]) / 2);
    NEAR("hsic", "kernel_cka_y", measure_series(spec, "kernel_cka_y", &in, *state), 1e-12);
  }
}

/* Far from the first sample lie most of the others, close together: their distances are not lost to rounding, so the
 * order of the samples does not matter. */
static void small_distances_far_from_the_first_sample_are_exact(void **state)
{
  enum { N = 24, FAR = 20, WIDTH = 2 };
  float t[N * WIDTH], turned[N * WIDTH];
  int32_t y[N], y_turned[N];
  for (int i = 0; i < N; i++) {
    float away = i < N - FAR ? 0.1f : 8192;
    t[WIDTH * i] = away + (float)(i * i % 11) / 1024;
    t[WIDTH * i + 1] = away + (float)(i * 5 % 7) / 1024;
    y[i] = i % 2;
  }
  for (int i = 0; i < N; i++) {
    memcpy(turned + WIDTH * i, t + WIDTH * (N - 1 - i), WIDTH * sizeof *t);
    y_turned[i] = y[N - 1 - i];
  }
  ip_samples s = samples_of(N, WIDTH, turned, 2, y_turned);
  ip_measure_input in = {.s = &s};
  double want = measure_series("hsic", "kernel_cka_y", &in, *state);
  s.t = t, s.y = y;
  NEAR("hsic", "kernel_cka_y", want, 1e-9 * want);
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  s.x = d->x, s.n_in = 2;
  ip_measure_input in = {.s = &s};
  CHECK_EVERY_ALLOCATION(measure_alone("hsic", &in), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(published_examples_have_their_values),
      TEST(labels_with_themselves_have_the_closed_form),
      TEST(invariances_hold),
      TEST(other_forms_of_labels_agree),
      TEST(constant_layers_and_missing_data_have_their_values_and_reasons),
      TEST(the_median_is_that_of_the_sorted_distances),
      TEST(small_distances_far_from_the_first_sample_are_exact),
      TEST(large_files_are_represented_by_a_subset),
      TEST(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("measure/hsic", tests, NULL, NULL);
}
