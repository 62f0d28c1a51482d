#include "num/unique.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "base/test/scratch.h"

#include <math.h>
#include <string.h>

enum { N = 700 };

/* Every pair compared: the number of a row is the count of distinct rows before its first appearance. */
static size_t number_naively(size_t n, size_t n_words, const uint64_t *row, uint32_t *id)
{
  uint32_t count = 0;
  for (size_t i = 0; i < n; i++) {
    size_t j = 0;
    while (memcmp(row + i * n_words, row + j * n_words, n_words * sizeof *row)) j++;
    id[i] = j < i ? id[j] : count++;
  }
  return count;
}

static void check_rows(ip_scratch *sc, size_t n, size_t n_words, const uint64_t *row)
{
  static uint32_t got[N], want[N];
  size_t n_got, n_want = number_naively(n, n_words, row, want);
  CHECK_OK(ip_unique_rows(n, n_words, row, sc, got, &n_got));
  assert_int_equal(n_got, n_want);
  assert_memory_equal(got, want, n * sizeof *got);
  assert_int_equal(ip_scratch_mark(sc), 0);
}

static void numbers_rows_as_comparing_all_pairs_does(void **state)
{
  static uint64_t row[N * 5];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t n_words = 1; n_words <= 5; n_words++)
    for (uint64_t values = 1; values <= 4; values++) {
      for (size_t k = 0; k < N * n_words; k++) row[k] = ip_rng_below(&r, values) << (k % 64);
      check_rows(*state, N, n_words, row);
    }
}

/* Rows that differ in one bit only, wherever it is, are different. */
static void every_bit_of_a_row_counts(void **state)
{
  uint64_t row[3 * 193] = {0};
  for (size_t b = 0; b < 192; b++) row[3 * (b + 1) + b / 64] = (uint64_t)1 << (b % 64);
  uint32_t id[193];
  size_t n;
  CHECK_OK(ip_unique_rows(193, 3, row, *state, id, &n));
  assert_int_equal(n, 193);
}

static void small_and_hashed_keys_agree(void **state)
{
  static uint64_t key[N];
  static uint32_t a[N], b[N];
  size_t n_a, n_b;
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) key[i] = ip_rng_below(&r, 500);
  CHECK_OK(ip_unique_keys(N, key, 500, *state, a, &n_a));
  CHECK_OK(ip_unique_keys(N, key, 0, *state, b, &n_b));
  assert_int_equal(n_a, n_b);
  assert_memory_equal(a, b, sizeof a);
  CHECK_OK(ip_unique_keys(N, key, (uint64_t)1 << 60, *state, b, &n_b));
  assert_memory_equal(a, b, sizeof a);
}

/* The same counts as those of numbers and labels put together afterwards. */
static void counts_are_those_of_the_numbers(void **state)
{
  static uint64_t row[N * 3];
  static uint32_t id[N], label[N], want[N * 5], got[N * 5];
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t n_words = 1; n_words <= 3; n_words++)
    for (uint64_t values = 1; values <= 1000; values *= 10)
      for (size_t n_y = 1; n_y <= 5; n_y++) {
        for (size_t k = 0; k < N * n_words; k++) row[k] = ip_rng_below(&r, values) << (k % 40);
        for (size_t i = 0; i < N; i++) label[i] = (uint32_t)ip_rng_below(&r, n_y);
        size_t n_want = number_naively(N, n_words, row, id), n_got;
        memset(want, 0, sizeof want);
        memset(got, 0, sizeof got);
        for (size_t i = 0; i < N; i++) want[id[i] * n_y + label[i]]++;
        CHECK_OK(ip_unique_count(N, &(ip_key_rows){n_words, row}, n_y, label, *state, got, &n_got));
        assert_int_equal(n_got, n_want);
        assert_memory_equal(got, want, sizeof got);
        assert_int_equal(ip_scratch_mark(*state), 0);
      }
}

static void no_rows_have_no_numbers(void **state)
{
  uint64_t row = 0;
  uint32_t id = 7;
  size_t n = 9;
  CHECK_OK(ip_unique_rows(0, 2, &row, *state, &id, &n));
  assert_int_equal(n, 0);
  CHECK_OK(ip_unique_keys(0, &row, 1, *state, &id, &n));
  assert_int_equal(n, 0);
  assert_int_equal(id, 7);
}

static ip_status number_some(void)
{
  uint64_t row[] = {1, 2, 3, 4, 1, 2};
  uint32_t id[3];
  size_t n;
  ip_scratch *sc = NULL;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = ip_unique_rows(3, 2, row, sc, id, &n);
  if (!st) st = ip_unique_keys(3, row, 0, sc, id, &n);
  if (!st) st = ip_unique_keys(3, row, 5, sc, id, &n);
  for (size_t n_words = 1; n_words <= 2; n_words++)
    if (!st) st = ip_unique_count(3, &(ip_key_rows){n_words, row}, 1, (const uint32_t[3]){0}, sc, (uint32_t[3]){0}, &n);
  ip_scratch_destroy(&sc);
  return st;
}

static void reports_every_failed_allocation(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(number_some(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(numbers_rows_as_comparing_all_pairs_does, scratch_setup, scratch_teardown),
      cmocka_unit_test_setup_teardown(every_bit_of_a_row_counts, scratch_setup, scratch_teardown),
      cmocka_unit_test_setup_teardown(small_and_hashed_keys_agree, scratch_setup, scratch_teardown),
      cmocka_unit_test_setup_teardown(counts_are_those_of_the_numbers, scratch_setup, scratch_teardown),
      cmocka_unit_test_setup_teardown(no_rows_have_no_numbers, scratch_setup, scratch_teardown),
      cmocka_unit_test(reports_every_failed_allocation),
  };
  return cmocka_run_group_tests_name("num/unique", tests, NULL, NULL);
}
