#include "estimator/test/samples.h"

static void rows_are_told_apart_by_any_bit_of_any_unit(void **state)
{
  float t[4 * 3] = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
  int32_t y[4] = {0, 0, 1, 1};
  ip_samples s = samples_of(4, 3, t, 2, y);
  for (size_t j = 0; j < 3; j++) {
    float was = t[j];
    t[j] = nextafterf(was, 9);
    ip_estimate e = estimate("exact", &s, *state);
    assert_int_equal(e.n_symbols, 2);
    CHECK_NEAR(e.ixt_bits, 2 - 0.75 * log2(3), 1e-15);
    t[j] = was;
  }
}

static void minus_zero_is_zero(void **state)
{
  float t[] = {0.0f, -0.0f, 1, -1};
  int32_t y[4] = {0};
  ip_samples s = samples_of(4, 1, t, 1, y);
  assert_int_equal(estimate("exact", &s, *state).n_symbols, 3);
  s.n = s.n_x = 2;
  assert_true(estimate("exact", &s, *state).ixt_bits == 0);
}

/* Bins narrower than any two activations are apart tell the same rows apart. */
static void agrees_with_bins_of_tiny_width(void **state)
{
  enum { N = 500, WIDTH = 5 };
  static float t[N * WIDTH];
  static int32_t y[N];
  static uint32_t x[N];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t width = 1; width <= WIDTH; width++) {
    for (size_t i = 0; i < N; i++) {
      bool again = i > 9 && ip_rng_below(&r, 3) == 0;
      for (size_t j = 0; j < width; j++)
        t[i * width + j] = again ? t[(i - 9) * width + j] : tanhf((float)ip_rng_normal(&r));
      x[i] = (uint32_t)ip_rng_below(&r, 60);
      y[i] = (int32_t)ip_rng_below(&r, 3);
    }
    ip_samples s = samples_of(N, width, t, 3, y);
    s.x_id = x;
    const char *const spec[][2] = {{"exact", "width:size=1e-30"},
                                   {"exact:correction=grassberger", "width:size=1e-30:correction=grassberger"}};
    for (size_t k = 0; k < 2; k++) {
      ip_estimate a = estimate(spec[k][0], &s, *state), b = estimate(spec[k][1], &s, *state);
      assert_int_equal(a.n_symbols, b.n_symbols);
      assert_true(a.ixt_bits == b.ixt_bits && a.ity_bits == b.ity_bits);
    }
  }
}

/* All 256 inputs of 8 bits; two units of two bits each that show the upper and the lower pair of the first four: T has
 * 16 values, Y = 1 when the first bit is set or the second is. */
static void a_quantized_layer_has_the_information_of_its_values(void **state)
{
  float t[512];
  int32_t y[256];
  for (size_t i = 0; i < 256; i++) {
    t[2 * i] = -1 + (float)(i >> 6 & 3) * 2 / 3;
    t[2 * i + 1] = -1 + (float)(i >> 4 & 3) * 2 / 3;
    y[i] = (i >> 6 & 3) != 0;
  }
  ip_samples s = samples_of(256, 2, t, 2, y);
  s.quantize_bits = 2;
  ip_estimate e = estimate("exact", &s, *state);
  assert_true(e.ixt_bits == 4);
  CHECK_NEAR(e.ity_bits, 2 - 0.75 * log2(3), 1e-15); /* h(1/4) */
  s.quantize_bits = 1;
  estimate_fails("exact", &s, *state, IP_EINVAL, "unit 0: got 4 distinct activations");
  estimate_fails("exact", &s, *state, IP_EINVAL, "expected at most 2 for 1 bits");
}

static void one_sample_and_what_is_not_finite(void **state)
{
  one_sample_and_one_not_finite("exact", NAN, "unit 1, sample 1: got NaN", *state);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"exact"};
  float t[12] = {0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0};
  int32_t y[4] = {0, 1, 0, 1};
  ip_samples s = samples_of(4, 3, t, 2, y);
  s.quantize_bits = 1;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(rows_are_told_apart_by_any_bit_of_any_unit),
      TEST(minus_zero_is_zero),
      TEST(agrees_with_bins_of_tiny_width),
      TEST(a_quantized_layer_has_the_information_of_its_values),
      TEST(one_sample_and_what_is_not_finite),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/exact", tests, NULL, NULL);
}
