#include "num/kdtree.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "num/neighbour.h"

#include <math.h>
#include <string.h>

enum { MOST = 700, WIDTH = 7, K = 9 };
static double v[WIDTH * MOST], d[MOST];
static const double *column[WIDTH];

/* kind 0: normal numbers; 1: few values, so that distances tie; 2: one value; 3: scales from 1e-300 to 1e300. */
static void draw(size_t n, int kind, uint64_t index)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, index);
  for (size_t k = 0; k < WIDTH; k++) {
    column[k] = v + k * n;
    for (size_t i = 0; i < n; i++) {
      double *to = &v[k * n + i];
      *to = kind == 0   ? ip_rng_normal(&r)
            : kind == 1 ? (double)ip_rng_below(&r, 4) * 0.1
            : kind == 2 ? 0.3
                        : ip_rng_normal(&r) * pow(10, 300 * (2 * ip_rng_uniform(&r) - 1));
    }
  }
}

static void compare_with_all_pairs(size_t n, size_t width, int kind, ip_scratch *sc)
{
  const ip_neighbour *pairs = ip_neighbour_variant(0);
  ip_kdtree t;
  CHECK_OK(ip_kdtree_create(n, width, column, NULL, sc, &t));
  for (size_t i = 0; i < n; i += 1 + n / 90) {
    double at[WIDTH], mine[K], theirs[K];
    for (size_t k = 0; k < width; k++) at[k] = column[k][i];
    pairs->distances(1, n, width, n, v + i, v, n, d);
    for (size_t k = 1; k <= K && k <= n; k++) {
      double e = ip_kdtree_kth(&t, at, k, mine);
      if (e != pairs->kth(k, n, d, d, theirs)) fail_msg("n %zu width %zu kind %d: %zu-th neighbour", n, width, kind, k);
      const double limit[] = {e, nextafter(e, 0), nextafter(e, INFINITY), 2 * e, 0};
      for (size_t j = 0; j < 5; j++)
        assert_int_equal(ip_kdtree_count_below(&t, at, limit[j]), pairs->count_below(n, d, limit[j]));
    }
  }
}

static void trees_find_what_all_pairs_find(void **state)
{
  (void)state;
  const size_t sizes[] = {1, 2, 15, 16, 17, 33, 100, 257, MOST};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (int kind = 0; kind < 4; kind++) {
      draw(sizes[s], kind, s);
      for (size_t width = 1; width <= WIDTH; width++) {
        size_t mark = ip_scratch_mark(sc);
        compare_with_all_pairs(sizes[s], width, kind, sc);
        ip_scratch_release(sc, mark);
      }
    }
  ip_scratch_destroy(&sc);
}

static ip_status create(size_t width)
{
  ip_scratch *sc;
  ip_kdtree t;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_kdtree_create(MOST, width, column, NULL, sc, &t);
  ip_scratch_destroy(&sc);
  return st;
}

static void missing_memory_is_reported(void **state)
{
  (void)state;
  draw(MOST, 0, 0);
  CHECK_EVERY_ALLOCATION(create(1), (void)0);
  CHECK_EVERY_ALLOCATION(create(3), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(trees_find_what_all_pairs_find),
      cmocka_unit_test(missing_memory_is_reported),
  };
  return cmocka_run_group_tests_name("num/kdtree", tests, NULL, NULL);
}
