#include "base/rng.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

/* Known answers of Philox4x32-10 (Random123, kat_vectors): zero counter and key. */
static void the_stream_is_philox(void **state)
{
  (void)state;
  ip_rng r = {{0}, {0}, {0}, 0};
  const uint32_t want[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  for (int i = 0; i < 4; i++) assert_int_equal(ip_rng_u32(&r), want[i]);
}

static void the_name_alone_decides_the_numbers(void **state)
{
  (void)state;
  ip_rng a = ip_rng_open(7, IP_RNG_TEST, 3), b = ip_rng_open(7, IP_RNG_TEST, 3), c = ip_rng_open(7, IP_RNG_TEST, 4),
         d = ip_rng_open(8, IP_RNG_TEST, 3), e = ip_rng_open(7, IP_RNG_SHUFFLE, 3);
  uint64_t first = ip_rng_u64(&a);
  assert_true(first == ip_rng_u64(&b));
  assert_true(first != ip_rng_u64(&c) && first != ip_rng_u64(&d) && first != ip_rng_u64(&e));
  for (int bit = 0; bit < 64; bit++) { /* every bit of the seed and of the index counts */
    uint64_t one = (uint64_t)1 << bit;
    ip_rng plain = ip_rng_open(0, IP_RNG_TEST, 0), seed = ip_rng_open(one, IP_RNG_TEST, 0);
    ip_rng index = ip_rng_open(0, IP_RNG_TEST, one);
    uint64_t of_plain = ip_rng_u64(&plain), of_seed = ip_rng_u64(&seed), of_index = ip_rng_u64(&index);
    assert_true(of_plain != of_seed && of_plain != of_index && of_seed != of_index);
  }
}

/* 1e5 draws: mean and variance lie within five standard errors (fixed seed, so this never flickers). */
static void moments_are_those_of_the_distribution(void **state)
{
  (void)state;
  enum { N = 100000 };
  double sum[3] = {0}, square[3] = {0};
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (int i = 0; i < N; i++) {
    double v[3] = {ip_rng_uniform(&r), ip_rng_normal(&r), ip_rng_truncated_normal(&r)};
    assert_true(v[0] >= 0 && v[0] < 1 && fabs(v[2]) <= 2);
    for (int k = 0; k < 3; k++) sum[k] += v[k], square[k] += v[k] * v[k];
  }
  const double mean[3] = {0.5, 0, 0}, variance[3] = {1.0 / 12, 1, 0.773741}; /* 1 - 4 phi(2)/(2 Phi(2) - 1) */
  for (int k = 0; k < 3; k++) {
    double m = sum[k] / N, v = square[k] / N - m * m;
    CHECK_NEAR(m, mean[k], 5 * sqrt(variance[k] / N));
    CHECK_NEAR(v, variance[k], 5 * variance[k] * sqrt(2.0 / N));
  }
}

static void below_covers_its_range_evenly(void **state)
{
  (void)state;
  size_t count[7] = {0};
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (int i = 0; i < 70000; i++) count[ip_rng_below(&r, 7)]++;
  for (int k = 0; k < 7; k++) CHECK_NEAR((double)count[k], 10000, 5 * sqrt(10000.0 * 6 / 7));
}

static void skipping_normal_numbers_is_drawing_them(void **state)
{
  (void)state;
  for (int left = 0; left < 5; left++) /* words of a block that have been drawn before */
    for (size_t n = 0; n < 6; n++) {
      ip_rng a = ip_rng_open(7, IP_RNG_TEST, 3), b;
      for (int k = 0; k < left; k++) ip_rng_u32(&a);
      b = a;
      for (size_t k = 0; k < n; k++) ip_rng_normal(&a);
      ip_rng_skip_normals(&b, n);
      for (int k = 0; k < 9; k++) assert_true(ip_rng_u32(&a) == ip_rng_u32(&b));
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(skipping_normal_numbers_is_drawing_them),
      cmocka_unit_test(the_stream_is_philox),
      cmocka_unit_test(the_name_alone_decides_the_numbers),
      cmocka_unit_test(moments_are_those_of_the_distribution),
      cmocka_unit_test(below_covers_its_range_evenly),
  };
  return cmocka_run_group_tests_name("base/rng", tests, NULL, NULL);
}
