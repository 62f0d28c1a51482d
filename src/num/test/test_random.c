#include "num/random.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { N = 1000 };

/* From every place of a block, and over the end of the first counter. */
static void words_in_bulk_are_those_of_the_stream(void **state)
{
  (void)state;
  for (size_t skip = 0; skip < 6; skip++)
    for (size_t n = 0; n < 200; n += 1 + n / 7) {
      ip_rng one = ip_rng_open(0x123456789abcdef, IP_RNG_TEST, UINT64_C(0xfedcba9876543210) + skip), bulk = one;
      if (n % 2) one.counter[0] = bulk.counter[0] = 0xfffffff0;
      for (size_t k = 0; k < skip; k++) assert_int_equal(ip_rng_u32(&one), ip_rng_u32(&bulk));
      uint32_t word[200];
      ip_random_words(&bulk, n, word);
      for (size_t k = 0; k < n; k++) assert_int_equal(word[k], ip_rng_u32(&one));
      for (size_t k = 0; k < 5; k++) assert_int_equal(ip_rng_u32(&one), ip_rng_u32(&bulk));
    }
}

static void every_variant_draws_the_same_blocks(void **state)
{
  (void)state;
  static uint32_t word[2][4 * N];
  const uint32_t key[2] = {0xa4093822, 0x299f31d0}, counter[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
  const uint32_t known[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}; /* Random123, kat_vectors */
  for (size_t k = 0; ip_random_variant(k); k++) {
    ip_random_variant(k)->blocks(N, key, counter, word[k > 0]);
    assert_memory_equal(word[k > 0], known, sizeof known);
    assert_memory_equal(word[k > 0], word[0], sizeof word[0]);
  }
}

static void shuffle_is_a_permutation_and_moves_things(void **state)
{
  (void)state;
  uint32_t index[100];
  char seen[100] = {0};
  for (uint32_t i = 0; i < 100; i++) index[i] = i;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  ip_shuffle(&r, 100, index);
  size_t fixed = 0;
  for (uint32_t i = 0; i < 100; i++) {
    assert_false(seen[index[i]]);
    seen[index[i]] = 1;
    fixed += index[i] == i;
  }
  assert_true(fixed < 10);
  ip_shuffle(&r, 0, index);
}

/* Each of the 24 orders of four things comes up 1/24 of the time, within five standard errors. */
static void every_order_is_equally_likely(void **state)
{
  (void)state;
  size_t count[256] = {0};
  ip_rng r = ip_rng_open(4, IP_RNG_TEST, 0);
  for (int i = 0; i < 24000; i++) {
    uint32_t index[4] = {0, 1, 2, 3};
    ip_shuffle(&r, 4, index);
    count[index[0] | index[1] << 2 | index[2] << 4 | index[3] << 6]++;
  }
  size_t orders = 0;
  for (size_t k = 0; k < 256; k++) {
    if (!count[k]) continue;
    CHECK_NEAR((double)count[k], 1000, 5 * sqrt(1000.0 * 23 / 24));
    orders++;
  }
  assert_int_equal(orders, 24);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_in_bulk_are_those_of_the_stream),
      cmocka_unit_test(every_variant_draws_the_same_blocks),
      cmocka_unit_test(shuffle_is_a_permutation_and_moves_things),
      cmocka_unit_test(every_order_is_equally_likely),
  };
  return cmocka_run_group_tests_name("num/random", tests, NULL, NULL);
}
