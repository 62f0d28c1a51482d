#include "base/test/check.h"
#include "num/sum.h"

#include <string.h>

static void sums_keep_the_small_terms_beside_large_ones(void **state)
{
  (void)state;
  ip_sum s = {0};
  ip_sum_add(&s, 1e100);
  for (int i = 0; i < 1000; i++) ip_sum_add(&s, 1e-3);
  ip_sum_add(&s, -1e100);
  CHECK_NEAR(ip_sum_value(&s), 1, 1e-12);
}

static void an_infinite_term_makes_an_infinite_sum(void **state)
{
  (void)state;
  ip_sum s = {0};
  ip_sum_add(&s, 1);
  ip_sum_add(&s, HUGE_VAL);
  ip_sum_add(&s, 1);
  assert_true(isinf(ip_sum_value(&s)));
  ip_sum_add(&s, -HUGE_VAL);
  assert_true(isnan(ip_sum_value(&s)));
}

static void pairwise_sums_agree_with_compensated_ones_at_every_length(void **state)
{
  (void)state;
  enum { N = 1000 };
  double x[N];
  float f[N];
  ip_sum s = {0}, sf = {0};
  for (size_t i = 0; i < N; i++) {
    x[i] = sin((double)i) * 1e3;
    f[i] = (float)x[i];
  }
  for (size_t n = 0; n < N; n++) {
    CHECK_NEAR(ip_sum_pairwise(n, x), ip_sum_value(&s), 1e-9);
    CHECK_NEAR(ip_sum_pairwise_f32(n, f), ip_sum_value(&sf), 1e-9);
    ip_sum_add(&s, x[n]);
    ip_sum_add(&sf, (double)f[n]);
  }
}

static void a_long_pairwise_sum_of_tenths_keeps_fourteen_digits(void **state)
{
  (void)state;
  static double x[1 << 18];
  for (size_t i = 0; i < 1 << 18; i++) x[i] = 0.1;
  CHECK_NEAR(ip_sum_pairwise(1 << 18, x) / ((1 << 18) * 0.1), 1, 1e-14);
}

static void log_sum_exp_neither_overflows_nor_underflows(void **state)
{
  (void)state;
  CHECK_NEAR(ip_logsumexp(2, (double[]){1000, 1000}), 1000 + log(2), 1e-12);
  CHECK_NEAR(ip_logsumexp(2, (double[]){-1000, -1000}), -1000 + log(2), 1e-12);
  CHECK_NEAR(ip_logsumexp(3, (double[]){0, -HUGE_VAL, log(3)}), log(4), 1e-15);
  assert_true(ip_logsumexp(0, NULL) == -HUGE_VAL);
  assert_true(ip_logsumexp(2, (double[]){-HUGE_VAL, -HUGE_VAL}) == -HUGE_VAL);
  assert_true(ip_logsumexp(2, (double[]){0, HUGE_VAL}) == HUGE_VAL);
  assert_true(isnan(ip_logsumexp(2, (double[]){NAN, HUGE_VAL})));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_keep_the_small_terms_beside_large_ones),
      cmocka_unit_test(an_infinite_term_makes_an_infinite_sum),
      cmocka_unit_test(pairwise_sums_agree_with_compensated_ones_at_every_length),
      cmocka_unit_test(a_long_pairwise_sum_of_tenths_keeps_fourteen_digits),
      cmocka_unit_test(log_sum_exp_neither_overflows_nor_underflows),
  };
  return cmocka_run_group_tests_name("num/sum", tests, NULL, NULL);
}
