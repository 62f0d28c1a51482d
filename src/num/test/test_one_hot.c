#include "num/one_hot.h"

#include "base/test/check.h"

#include <math.h>

static void the_only_one_is_found_and_other_rows_are_not(void **state)
{
  (void)state;
  enum { N = 3, OTHER = N };
  static const struct {
    double v[N];
    size_t class;
  } row[] = {{{1, 0, 0}, 0},
             {{0, 1, 0}, 1},
             {{0, 0, 1}, 2},
             {{0, 0, 0}, OTHER},
             {{1, 1, 0}, OTHER},
             {{1, 0, 1}, OTHER},
             {{0, 2, 0}, OTHER},
             {{0, -1, 0}, OTHER},
             {{0, 0.5, 0}, OTHER},
             {{0.5, 0.5, 0}, OTHER},
             {{1, 0.5, 0}, OTHER},
             {{0, 1, -1}, OTHER},
             {{0, 1, (double)NAN}, OTHER},
             {{(double)NAN, 1, 0}, OTHER},
             {{0, -0.0, 1}, 2}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double apart[2 * N] = {row[i].v[0], 1, row[i].v[1], 1, row[i].v[2], 1};
    assert_int_equal(ip_one_hot_class(N, row[i].v, 1), row[i].class);
    assert_int_equal(ip_one_hot_class(N, apart, 2), row[i].class);
  }
  assert_int_equal(ip_one_hot_class(1, row[0].v, 1), 0);
  assert_int_equal(ip_one_hot_class(0, row[0].v, 1), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_only_one_is_found_and_other_rows_are_not)};
  return cmocka_run_group_tests_name("num/one_hot", tests, NULL, NULL);
}
