/* test_blocks.c - every coding, decoded by what page/README.md says, gives the numbers back to the step. */
#include "report/blocks.h"

#include "base/test/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/test/decode.h"

/* A fixed stream of numbers: a linear congruential generator (Knuth, MMIX). */
static uint64_t seed;

static unsigned next(unsigned below)
{
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 33) % below;
}

static void codes_of_16_bits_come_back(void **state)
{
  (void)state;
  enum { N = 5000 };
  static uint16_t code[N], back[N];
  size_t length[40], n = 0, s = 0;
  ip_packed p;
  seed = 1;
  for (; s < 38; s++) n += length[s] = next(130); /* of any length, also 0 */
  length[s++] = 0;
  assert_true(n <= N);
  for (size_t i = 0; i < n; i++) code[i] = (uint16_t)(next(4) ? next(65536) : next(2) ? 65535 : 0);
  CHECK_OK(ip_pack_u16(s, length, code, &p));
  assert_int_equal(p.n, n);
  decode_u16(&p, s, length, back);
  assert_memory_equal(code, back, n * sizeof *code);
  ip_packed_free(&p);
}

static void codes_of_8_bits_come_back(void **state)
{
  (void)state;
  enum { N = 5000 };
  static uint8_t code[N], back[N];
  size_t length[40], n = 0, s = 0;
  ip_packed p;
  seed = 2;
  for (; s < 40; s++) n += length[s] = next(120);
  for (size_t i = 0; i < n; i++) code[i] = (uint8_t)next(256);
  CHECK_OK(ip_pack_u8(s, length, code, &p));
  decode_u8(&p, s, length, back);
  assert_memory_equal(code, back, n);
  ip_packed_free(&p);
}

/* The page is fitted into its limit by this size. */
static void the_size_of_a_block_is_that_of_its_text(void **state)
{
  (void)state;
  unsigned char bytes[10] = {0};
  for (size_t n = 0; n <= sizeof bytes; n++) {
    const ip_packed p = {.n_bytes = n, .bytes = bytes};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    ip_packed_write(out, &p);
    fclose(out);
    free(text);
    assert_int_equal(ip_packed_size(&p), size);
  }
}

static void a_block_of_nothing_is_a_block(void **state)
{
  (void)state;
  ip_packed p;
  uint16_t none = 0;
  CHECK_OK(ip_pack_u16(0, NULL, &none, &p));
  assert_int_equal(p.n, 0);
  decode_u16(&p, 0, NULL, &none);
  /* SHA-256 of nothing (FIPS 180-4) */
  assert_string_equal(p.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  ip_packed_free(&p);
}

/* The digest is of 16-bit codes with the low byte first: that of the bytes 1 2 3 4. */
static void the_digest_is_of_the_codes(void **state)
{
  (void)state;
  const uint16_t code[] = {0x0201, 0x0403};
  const uint8_t bytes[] = {1, 2, 3, 4};
  const size_t two = 2, four = 4;
  ip_packed p, q;
  CHECK_OK(ip_pack_u16(1, &two, code, &p));
  CHECK_OK(ip_pack_u8(1, &four, bytes, &q));
  assert_string_equal(p.sha256, "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a");
  assert_string_equal(p.sha256, q.sha256);
  ip_packed_free(&p);
  ip_packed_free(&q);
}

static ip_code_range range_of(size_t n, const double *v, bool signed_zero)
{
  ip_code_extent x = {0};
  for (size_t i = 0; i < n; i++) ip_code_extend(&x, v[i]);
  return ip_code_range_of(&x, signed_zero);
}

static void linear_codes_are_within_half_a_step(void **state)
{
  (void)state;
  const double nan = (double)NAN, inf = (double)INFINITY, v[] = {-3, 0.25, nan, 9.5, inf, 1e-9};
  ip_code_range r = range_of(6, v, false);
  assert_false(r.is_log);
  CHECK_NEAR(r.low, -3, 0);
  CHECK_NEAR(r.high, 9.5, 0);
  for (double x = -3; x <= 9.5; x += 0.001)
    CHECK_NEAR(ip_code_value(&r, ip_code(&r, x)), x, 0.5 * 12.5 / 65534 + 1e-12);
  assert_int_equal(ip_code(&r, -3), 0);
  assert_int_equal(ip_code(&r, 9.5), IP_CODE_LAST);
  assert_int_equal(ip_code(&r, nan), IP_CODE_NAN);
  assert_int_equal(ip_code(&r, inf), IP_CODE_NAN);
  assert_true(isnan(ip_code_value(&r, IP_CODE_NAN)));
  assert_int_equal(ip_code(&r, -100), 0); /* outside: the end */
  assert_int_equal(ip_code(&r, 100), IP_CODE_LAST);
}

static void a_range_of_many_decades_is_logarithmic_and_keeps_zero(void **state)
{
  (void)state;
  const double v[] = {0, 1e-9, 3, 200};
  ip_code_range r = range_of(4, v, false);
  assert_true(r.is_log);
  assert_int_equal(ip_code(&r, 0), 0);
  CHECK_NEAR(ip_code_value(&r, 0), 0, 0);
  assert_int_equal(ip_code(&r, 1e-9), 1);
  assert_int_equal(ip_code(&r, 200), IP_CODE_LAST);
  double step = log(200 / 1e-9) / 65533;
  for (double x = 1e-9; x < 200; x *= 1.01) {
    CHECK_NEAR(log(ip_code_value(&r, ip_code(&r, x)) / x), 0, 0.5 * step + 1e-12);
  }
  const double negative[] = {-1, 1e-9, 3, 200}, narrow[] = {0.5, 499};
  assert_false(range_of(4, negative, false).is_log);
  assert_false(range_of(2, narrow, false).is_log);
}

static void differences_have_a_code_for_zero(void **state)
{
  (void)state;
  const double v[] = {-0.013, 0, 0.007};
  ip_code_range r = range_of(3, v, true);
  CHECK_NEAR(ip_code_value(&r, ip_code(&r, 0)), 0, 0);
  CHECK_NEAR(ip_code_value(&r, ip_code(&r, -0.013)), -0.013, 1e-15);
}

static void ranges_without_width_and_of_the_largest_numbers_are_ranges(void **state)
{
  (void)state;
  const double same[] = {2.5, 2.5}, large[] = {-1.7e308, 1.7e308}, far[] = {1e-300, 1e300};
  ip_code_range r = range_of(2, same, false);
  assert_int_equal(ip_code(&r, 2.5), 0);
  CHECK_NEAR(ip_code_value(&r, 0), 2.5, 0);
  assert_int_equal(ip_code(&r, (double)NAN), IP_CODE_NAN);
  r = range_of(2, large, false);
  CHECK_NEAR(ip_code_value(&r, ip_code(&r, 1e308)) / 1e308, 1, 1e-4);
  r = range_of(2, far, false);
  CHECK_NEAR(log(ip_code_value(&r, ip_code(&r, 1e-200))), log(1e-200), 0.02);
  r = range_of(0, NULL, false);
  assert_int_equal(ip_code(&r, 3), 0);
}

/* A smooth curve of 274 epochs: fewer than 10 bits a number, as curves of the quick start have. */
static void smooth_curves_are_small(void **state)
{
  (void)state;
  enum { N_SERIES = 60, N = 274 };
  static uint16_t code[N_SERIES * N];
  size_t length[N_SERIES];
  ip_packed p;
  ip_code_range r = {false, 0, 12};
  seed = 3;
  for (size_t s = 0; s < N_SERIES; s++) {
    length[s] = N;
    for (size_t e = 0; e < N; e++)
      code[s * N + e] = ip_code(&r, 9 - 3 * cos(0.01 * (double)(e + s)) + 1e-4 * next(100));
  }
  CHECK_OK(ip_pack_u16(N_SERIES, length, code, &p));
  assert_true(ip_packed_size(&p) * 6 < N_SERIES * N * 10);
  ip_packed_free(&p);
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  const uint16_t code[] = {1, 2, 3};
  const size_t length = 3;
  ip_packed p = {0};
  CHECK_EVERY_ALLOCATION(ip_pack_u16(1, &length, code, &p), ip_packed_free(&p));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(codes_of_16_bits_come_back),
      cmocka_unit_test(codes_of_8_bits_come_back),
      cmocka_unit_test(the_size_of_a_block_is_that_of_its_text),
      cmocka_unit_test(a_block_of_nothing_is_a_block),
      cmocka_unit_test(the_digest_is_of_the_codes),
      cmocka_unit_test(linear_codes_are_within_half_a_step),
      cmocka_unit_test(a_range_of_many_decades_is_logarithmic_and_keeps_zero),
      cmocka_unit_test(differences_have_a_code_for_zero),
      cmocka_unit_test(ranges_without_width_and_of_the_largest_numbers_are_ranges),
      cmocka_unit_test(smooth_curves_are_small),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("report/blocks", tests, NULL, NULL);
}
