/* test_binning_reference.c - the binned and exact estimators against binning_reference.tsv, which test_binning_table.py
 * computes with NumPy. */
#include "estimator/test/samples.h"

#include <stdio.h>
#include <stdlib.h>

enum { N = 360, WIDTH = 3, CLASSES = 3 };

static float t[N * WIDTH];
static int32_t y[N];
static uint32_t x[N];

/* As data() of test_binning_table.py. */
static ip_samples data(uint32_t levels)
{
  uint32_t state = 12345;
  for (size_t k = 0; k < N * WIDTH + N; k++) {
    state = (1103515245u * state + 12345u) & 0x7fffffffu;
    if (k < N * WIDTH)
      t[k] = (float)((state >> 16) % levels) / (float)(levels / 2) - 1;
    else
      y[k - N * WIDTH] = (int32_t)((state >> 16) % 2);
  }
  for (size_t i = 0; i < N; i++) {
    y[i] = ((t[i * WIDTH] > 0) + y[i]) % CLASSES;
    x[i] = (uint32_t)(i % 90);
  }
  ip_samples s = samples_of(N, WIDTH, t, CLASSES, y);
  s.x_id = x;
  s.n_x = 90;
  return s;
}

static void agrees_with_numpy(void **state)
{
  const char *source = getenv("INFOPLANE_SOURCE");
  char path[4096], line[256], spec[128];
  unsigned levels;
  double ht, ixt, ity;
  size_t rows = 0;
  snprintf(path, sizeof path, "%s/src/estimator/test/binning_reference.tsv", source ? source : ".");
  FILE *f = fopen(path, "r");
  if (!f) fail_msg("%s: cannot be opened; set INFOPLANE_SOURCE", path);
  while (fgets(line, sizeof line, f)) {
    if (sscanf(line, "%u\t%127s\t%lf\t%lf\t%lf", &levels, spec, &ht, &ixt, &ity) != 5) continue; /* the heading */
    ip_samples s = data(levels);
    ip_estimate e = estimate(spec, &s, *state);
    double got_ixt = fmax(0, e.ixt_raw_bits), got_ity = fmax(0, e.ity_raw_bits); /* H(X) does not clip the reference */
    if (!(fabs(e.ht_bits - ht) < 1e-10 && fabs(got_ixt - ixt) < 1e-10 && fabs(got_ity - ity) < 1e-10))
      fail_msg("%s, %u levels: H(T) %.15g, I(X;T) %.15g, I(T;Y) %.15g, expected %.15g %.15g %.15g", spec, levels,
               e.ht_bits, got_ixt, got_ity, ht, ixt, ity);
    rows++;
  }
  fclose(f);
  assert_int_equal(rows, 2 * 9 * 7);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(agrees_with_numpy, scratch_setup, scratch_teardown),
  };
  return cmocka_run_group_tests_name("estimator/binning_reference", tests, NULL, NULL);
}
