/* test_reference.c - the estimators against values that NumPy computed by the papers' formulas (reference.py). */
#include "estimator/test/samples.h"

enum { N = 300, N_IN = 2, CLASSES = 3, WIDEST = 40 };

static const struct {
  const char *spec;
  size_t width;
  bool soft;
  double ixt_bits, ity_bits, tolerance;
} row[] = {
#include "estimator/test/reference.h"
};

/* The samples of reference.py. */
static double scatter(size_t i)
{
  uint32_t n = (uint32_t)i * 2654435761u;
  n = (n ^ n >> 15) * 2246822519u;
  return (double)((n ^ n >> 13) % (1u << 20)) / (1 << 19) - 1;
}

static void fill(size_t width, float *t, float *x, int32_t *y, float *p)
{
  for (size_t i = 0; i < N; i++) {
    for (size_t k = 0; k < width; k++) {
      double far = (double)((i % 25 * (i % 25) * (k + 3) + 7 * k) % 97) / 48.5 - 1;
      t[i * width + k] = (float)(far + 0.25 * scatter(i * 64 + k));
    }
    x[2 * i] = (float)((double)(i % 25 * (i % 25) * 3 % 97) / 10 + scatter(i * 64 + 62));
    x[2 * i + 1] = (float)scatter(i * 64 + 63);
    y[i] = (int32_t)((i % 25 / 9 + i / 280) % CLASSES);
    p[3 * i] = (float)(i % 5) / 8;
    p[3 * i + 1] = (float)(4 - i % 5) / 8;
    p[3 * i + 2] = 0.5f;
  }
}

static void every_value_is_that_of_numpy(void **state)
{
  static float t[N * WIDEST], x[N * N_IN], p[N * CLASSES];
  static int32_t y[N];
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    fill(row[k].width, t, x, y, p);
    ip_samples s = samples_of(N, row[k].width, t, CLASSES, y);
    s.x = x;
    s.n_in = N_IN;
    s.p_y_given_x = row[k].soft ? p : NULL;
    ip_estimate e = estimate(row[k].spec, &s, *state);
    if (!(fabs(e.ixt_bits - row[k].ixt_bits) <= row[k].tolerance &&
          fabs(e.ity_bits - row[k].ity_bits) <= row[k].tolerance))
      fail_msg("%s, %zu units: %.12f %.12f, NumPy has %.12f %.12f", row[k].spec, row[k].width, e.ixt_bits, e.ity_bits,
               row[k].ixt_bits, row[k].ity_bits);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_value_is_that_of_numpy, scratch_setup, scratch_teardown),
  };
  return cmocka_run_group_tests_name("estimator/reference", tests, NULL, NULL);
}
