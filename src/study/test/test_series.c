#include "base/test/check.h"
#include "study/series.h"

#include <math.h>

static void epochs_are_thinned_evenly_in_their_logarithm(void **state)
{
  (void)state;
  int64_t epoch[2000];
  ip_scratch *sc;
  size_t n, *index;
  CHECK_OK(ip_scratch_create(&sc));
  for (int i = 0; i < 2000; i++) epoch[i] = 5 * i;
  CHECK_OK(ip_series_thin(2000, epoch, 100, sc, &n, &index));
  assert_in_range(n, 50, 100);
  assert_int_equal(index[0], 0);
  assert_int_equal(index[n - 1], 1999);
  double widest = log(1 + 9995.0) / 99;
  for (size_t i = 1; i < n; i++) {
    assert_true(index[i] > index[i - 1]);
    if (epoch[index[i]] > 500)
      assert_true(log(1 + (double)epoch[index[i]]) - log(1 + (double)epoch[index[i - 1]]) < 1.5 * widest);
  }
  /* the first at or beyond 1/3 and 2/3 of ln 16: ln 3 and ln 7 */
  static const size_t four[] = {0, 2, 6, 15};
  for (int i = 0; i < 16; i++) epoch[i] = i;
  CHECK_OK(ip_series_thin(16, epoch, 4, sc, &n, &index));
  assert_int_equal(n, 4);
  assert_memory_equal(index, four, sizeof four);
  CHECK_OK(ip_series_thin(7, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 7);
  CHECK_OK(ip_series_thin(1, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 1);
  CHECK_OK(ip_series_thin(0, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 0);
  CHECK_OK(ip_series_thin(2000, epoch, 2, sc, &n, &index));
  assert_int_equal(n, 2);
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(epochs_are_thinned_evenly_in_their_logarithm),
  };
  return cmocka_run_group_tests_name("study/series", tests, NULL, NULL);
}
