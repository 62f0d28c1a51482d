#include "num/rows.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "num/affine.h"

#include <string.h>

enum { N = 70, MOST = 37, COLUMNS = 80 };

/* All widths, so that every remainder of a block comes up, and numbers of samples around those of a vector. */
static void rows_become_columns_and_come_back(void **state)
{
  (void)state;
  static float data[N * MOST], to[MOST * COLUMNS], back[N * MOST];
  static uint32_t index[N];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * MOST; i++) data[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) index[i] = (uint32_t)ip_rng_below(&r, N);
  for (size_t v = 0; ip_rows_variant(v); v++)
    for (size_t width = 1; width <= MOST; width++)
      for (size_t n = 1; n <= N; n += n < 20 ? 1 : 7)
        for (int indexed = 0; indexed < 2; indexed++) {
          size_t columns = (n + IP_COLUMNS - 1) / IP_COLUMNS * IP_COLUMNS;
          size_t step = indexed ? MOST : width; /* the beginning of longer rows, or whole ones */
          memset(to, 0xff, sizeof to);
          ip_rows_variant(v)->gather(width, step, n, data, indexed ? index : NULL, columns, to);
          for (size_t j = 0; j < width; j++)
            for (size_t i = 0; i < columns; i++)
              assert_true(to[j * columns + i] == (i < n ? data[(indexed ? index[i] : i) * step + j] : 0));
          ip_rows_variant(v)->scatter(width, n, columns, to, back);
          for (size_t i = 0; i < n; i++)
            assert_memory_equal(back + i * width, data + (indexed ? index[i] : i) * step, width * sizeof *back);
        }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_become_columns_and_come_back),
  };
  return cmocka_run_group_tests_name("num/rows", tests, NULL, NULL);
}
