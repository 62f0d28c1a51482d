#include "num/sort.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static ip_status sort(size_t n, float *x)
{
  ip_scratch *sc = NULL;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = ip_sort_f32(n, x, sc);
  ip_scratch_destroy(&sc);
  return st;
}

static void floats_of_every_size_and_sign_come_in_order(void **state)
{
  (void)state;
  static float x[3000], want[3000];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t n = 0; n <= 3000; n = 2 * n + 1) {
    for (size_t i = 0; i < n; i++) {
      double size = exp(80 * (2 * ip_rng_uniform(&r) - 1));
      x[i] = (float)(ip_rng_below(&r, 2) ? size : -size);
      if (i % 5 == 0) x[i] = (float)ip_rng_below(&r, 3) - 1;
    }
    if (n > 8) {
      x[1] = INFINITY;
      x[2] = -INFINITY;
      x[3] = FLT_TRUE_MIN;
      x[4] = -FLT_TRUE_MIN;
      x[6] = -FLT_MAX;
    }
    memcpy(want, x, n * sizeof *x);
    qsort(want, n, sizeof *want, ascending);
    CHECK_OK(sort(n, x));
    for (size_t i = 0; i < n; i++) assert_true(x[i] == want[i]);
  }
}

static void zeros_keep_their_signs_in_order(void **state)
{
  (void)state;
  float x[] = {0.0f, -0.0f, 1, -0.0f, -1, 0.0f};
  CHECK_OK(sort(6, x));
  for (size_t i = 0; i < 6; i++) assert_int_equal(signbit(x[i]) != 0, i < 3);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  float x[3] = {3, 1, 2};
  CHECK_EVERY_ALLOCATION(sort(3, x), (void)0);
  assert_true(x[0] == 1 && x[2] == 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(floats_of_every_size_and_sign_come_in_order),
      cmocka_unit_test(zeros_keep_their_signs_in_order),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("num/sort", tests, NULL, NULL);
}
