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

/* Four epochs of three columns, of which one cell at a time has values. */
static void every_cell_of_a_series_is_seen(void **state)
{
  (void)state;
  for (size_t at = 0; at <= 12; at++) {
    size_t count[12] = {0};
    double mean[12] = {0}, m2[12] = {0};
    ip_series s = {.n_epochs = 4, .n_columns = 3, .count = count, .mean = mean, .m2 = m2};
    if (at < 12) count[at] = 3, m2[at] = 0.5;
    assert_int_equal(ip_series_any(&s), at < 12);
    for (size_t i = 0; i < 12; i++)
      if (i == at)
        CHECK_NEAR(ip_series_sd(&s, i / 3, i % 3), 0.5, 1e-15);
      else
        assert_true(isnan(ip_series_sd(&s, i / 3, i % 3)));
    if (at < 12) count[at] = 1; /* a value has no deviation */
    if (at < 12) assert_true(isnan(ip_series_sd(&s, at / 3, at % 3)) && ip_series_any(&s));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(epochs_are_thinned_evenly_in_their_logarithm),
      cmocka_unit_test(every_cell_of_a_series_is_seen),
  };
  return cmocka_run_group_tests_name("study/series", tests, NULL, NULL);
}
