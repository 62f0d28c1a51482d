#include "claims/decide.h"

#include "base/test/check.h"
#include "num/student.h"

#include <math.h>
#include <string.h>

static ip_effect effect(double low, double high)
{
  return (ip_effect){.value = (low + high) / 2, .interval = {low, high}, .level = 0.95, .n = 12};
}

/* Kleene 1952, the strong tables. */
static void connectives_are_those_of_kleene(void **state)
{
  (void)state;
  for (ip_decision a = IP_FAILS; a <= IP_HOLDS; a++)
    for (ip_decision b = IP_FAILS; b <= IP_HOLDS; b++) {
      bool no = a == IP_FAILS || b == IP_FAILS, yes = a == IP_HOLDS || b == IP_HOLDS;
      bool both = a == IP_HOLDS && b == IP_HOLDS, none = a == IP_FAILS && b == IP_FAILS;
      assert_int_equal(ip_and(a, b), no ? IP_FAILS : both ? IP_HOLDS : IP_UNDECIDED);
      assert_int_equal(ip_or(a, b), yes ? IP_HOLDS : none ? IP_FAILS : IP_UNDECIDED);
      assert_int_equal(ip_not(ip_and(a, b)), ip_or(ip_not(a), ip_not(b))); /* de Morgan */
    }
}

static void an_interval_decides_where_it_clears_the_threshold(void **state)
{
  (void)state;
  static const struct {
    ip_test test;
    double low, high;
    ip_decision want;
  } cases[] = {
      {{IP_ABOVE, 0.2, 0}, 0.21, 0.5, IP_HOLDS},
      {{IP_ABOVE, 0.2, 0}, 0.1, 0.19, IP_FAILS},
      {{IP_ABOVE, 0.2, 0}, 0.2, 0.5, IP_UNDECIDED},
      {{IP_BELOW, 0.2, 0}, 0.21, 0.5, IP_FAILS},
      {{IP_BELOW, 0.2, 0}, -9, 0.19, IP_HOLDS},
      {{IP_BELOW, 0.2, 0}, 0.1, 0.3, IP_UNDECIDED},
      {{IP_WITHIN, 0.3, 0}, -0.29, 0.29, IP_HOLDS},
      {{IP_WITHIN, 0.3, 0}, -0.5, -0.31, IP_FAILS},
      {{IP_WITHIN, 0.3, 0}, 0.31, 0.5, IP_FAILS},
      {{IP_WITHIN, 0.3, 0}, 0.29, 0.5, IP_UNDECIDED},
      {{IP_BETWEEN, 0.5, 1.5}, 0.6, 1.4, IP_HOLDS},
      {{IP_BETWEEN, 0.5, 1.5}, 0.1, 0.4, IP_FAILS},
      {{IP_BETWEEN, 0.5, 1.5}, 1.6, 1.7, IP_FAILS},
      {{IP_BETWEEN, 0.5, 1.5}, 0.4, 1.6, IP_UNDECIDED},
      {{IP_ABOVE, 0.2, 0}, (double)NAN, (double)NAN, IP_UNDECIDED},
      {{IP_WITHIN, 0.2, 0}, (double)NAN, (double)NAN, IP_UNDECIDED},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    ip_effect e = effect(cases[c].low, cases[c].high);
    assert_int_equal(ip_test_decide(&cases[c].test, &e), cases[c].want);
  }
}

static void levels_share_five_percent_among_looks_and_alternatives(void **state)
{
  (void)state;
  CHECK_NEAR(ip_claim_level(false, 1), 0.95, 1e-15);
  CHECK_NEAR(ip_claim_level(true, 1), 0.975, 1e-15);
  CHECK_NEAR(ip_claim_level(true, 3), 1 - 0.025 / 3, 1e-15);
  CHECK_NEAR(ip_any_level(0.95, 5), 0.99, 1e-15);
}

static void a_decision_is_firm_if_half_and_double_thresholds_agree(void **state)
{
  (void)state;
  ip_decision half, twice;
  ip_effect e = effect(0.5, 0.6);
  assert_int_equal(ip_test_firmness(&(ip_test){IP_ABOVE, 0.2, 0}, &e, &half, &twice), IP_FIRM);
  assert_int_equal(ip_test_firmness(&(ip_test){IP_ABOVE, 0.3, 0}, &e, &half, &twice), IP_NOT_FIRM);
  assert_true(half == IP_HOLDS && twice == IP_UNDECIDED);
  assert_int_equal(ip_test_firmness(&(ip_test){IP_ABOVE, 0, 0}, &e, &half, &twice), IP_NO_SCALE);
  /* in the scale of the effect: ratio .67 -> .8185 and .4489; odds of .8: 4 -> 2 and 8; r .3: atanh .3095 -> x 1/2, 2
   */
  ip_test t = {IP_BETWEEN, 0.67, 1.5};
  CHECK_NEAR(ip_test_scaled(&t, IP_SCALE_RATIO, 2).a, 0.4489, 1e-12);
  CHECK_NEAR(ip_test_scaled(&t, IP_SCALE_RATIO, 0.5).b, sqrt(1.5), 1e-12);
  ip_test slope = {IP_BETWEEN, -1.3, -0.7};
  CHECK_NEAR(ip_test_scaled(&slope, IP_SCALE_PLAIN, 0.5).a, -1.15, 1e-12);
  CHECK_NEAR(ip_test_scaled(&slope, IP_SCALE_PLAIN, 2).b, -0.4, 1e-12);
  ip_test share = {IP_BELOW, 0.2, 0}; /* a share of a level */
  CHECK_NEAR(ip_test_scaled(&share, IP_SCALE_RATIO, 2).a, 0.4, 1e-12);
  CHECK_NEAR(ip_test_scaled(&share, IP_SCALE_RATIO, 0.5).a, 0.1, 1e-12);
  t = (ip_test){IP_ABOVE, 0.8, 0};
  CHECK_NEAR(ip_test_scaled(&t, IP_SCALE_SHARE, 0.5).a, 2. / 3, 1e-12);
  CHECK_NEAR(ip_test_scaled(&t, IP_SCALE_SHARE, 2).a, 8. / 9, 1e-12);
  t = (ip_test){IP_WITHIN, 0.3, 0};
  CHECK_NEAR(ip_test_scaled(&t, IP_SCALE_CORRELATION, 2).a, 2 * 0.3 / (1 + 0.09), 1e-12); /* tanh 2z = 2r / (1 + r^2) */
  e.scale = IP_SCALE_RATIO;
  assert_int_equal(ip_test_firmness(&(ip_test){IP_ABOVE, 1, 0}, &e, &half, &twice), IP_NO_SCALE);
  assert_int_equal(ip_test_firmness(&(ip_test){IP_ABOVE, -0.1, 0}, &e, &half, &twice), IP_FIRM);
}

static double seeds_above(double t, ip_effect e)
{
  return ip_seeds_needed(&(ip_test){IP_ABOVE, t, 0}, &e, e.level);
}

/* scipy.stats 1.10: the least n with t.ppf(.975, n - 1) / sqrt n <= .3; .03. */
static void the_number_of_seeds_that_would_decide(void **state)
{
  (void)state;
  double half = 2.2009851600916399 / sqrt(12); /* sd 1, 12 seeds */
  ip_effect e = effect(0.5 - half, 0.5 + half);
  assert_true(seeds_above(0.2, e) == 46);
  assert_true(ip_seeds_needed(&(ip_test){IP_BELOW, 0.53, 0}, &e, e.level) == 4271);
  assert_true(seeds_above(-9.5, e) == 13); /* decided: always more than there are */
  assert_true(ip_seeds_needed(&(ip_test){IP_WITHIN, 0.8, 0}, &e, e.level) == 46);
  assert_true(ip_seeds_needed(&(ip_test){IP_BETWEEN, 0.2, 7}, &e, e.level) == 46);
  assert_true(ip_seeds_needed(&(ip_test){IP_BETWEEN, -7, 0.2}, &e, e.level) == 46);
  assert_true(isinf(seeds_above(e.value, e)));
  assert_true(isinf(seeds_above(0.499, e))); /* 3.8 million */
  e.interval.low = (double)NAN;
  assert_true(isnan(seeds_above(0.2, e)));
}

/* The first number of seeds, counted up one by one, whose interval keeps away from the threshold. */
static void the_number_of_seeds_is_the_least_that_decides(void **state)
{
  (void)state;
  static const double level[] = {0.95, 0.975, 0.99};
  for (size_t n = 4; n < 15; n += 5)
    for (size_t k = 0; k < 3; k++)
      for (double t = -1.6; t < 0.8; t += 0.2) {
        ip_effect e = {.value = 1, .interval = {0.25, 1.5}, .level = 0.95, .n = n};
        double distance = 1 - t, m = (double)n + 1;
        double unit = 0.75 * sqrt((double)n) / ip_student_quantile(0.95, n - 1);
        while (unit * ip_student_quantile(level[k], (size_t)m - 1) / sqrt(m) > distance) m++;
        double got = ip_seeds_needed(&(ip_test){IP_ABOVE, t, 0}, &e, level[k]);
        if (got != m) fail_msg("%zu seeds, threshold %g, level %g: %g, expected %g", n, t, level[k], got, m);
      }
}

/* The end of the interval that lies towards the threshold counts, and the level of the decision. scipy.stats: the least
 * n > 4 with .9 sqrt(4 / n) t.ppf(.975, n - 1) / t.ppf(.975, 3) <= .4 is 11, with t.ppf(.99, n - 1) 15; 1.5 in place of
 * .9 gives 24. */
static void wide_and_lopsided_intervals_need_more_seeds(void **state)
{
  (void)state;
  ip_effect e = {.value = 1, .interval = {0.1, 1.1}, .level = 0.95, .n = 4};
  assert_true(seeds_above(0.6, e) == 11);
  assert_true(ip_seeds_needed(&(ip_test){IP_ABOVE, 0.6, 0}, &e, 0.98) == 15);
  assert_true(ip_seeds_needed(&(ip_test){IP_BELOW, 0.6, 0}, &e, 0.95) == 11);
  e.interval.low = -0.5;
  assert_true(seeds_above(0.6, e) == 24);
  e.scale = IP_SCALE_RATIO; /* an end without a logarithm */
  assert_true(seeds_above(0.6, e) == 24);
}

/* Wilson's intervals of n of n runs at 97.5 %: the lower end of 20 is .7992, of 21 it is .8069. */
static void shares_of_all_runs_need_more_seeds(void **state)
{
  (void)state;
  ip_effect e;
  ip_seed_value all[21];
  for (size_t i = 0; i < 21; i++) all[i] = ip_seed_number(1);
  ip_summary_share(20, all, 0.975, &e);
  assert_true(e.interval.low < 0.8);
  assert_true(seeds_above(0.8, e) == 21);
  ip_summary_share(21, all, 0.975, &e);
  assert_true(e.interval.low > 0.8);
  ip_summary_share(12, all, 0.975, &e);
  assert_true(seeds_above(0.8, e) == 21);
}

static void verdicts_need_half_of_the_estimators(void **state)
{
  (void)state;
  static const struct {
    const char *d; /* + holds, - fails, ? undecided */
    ip_verdict want;
  } cases[] = {
      {"", IP_VERDICT_UNDECIDED},     {"+", IP_VERDICT_HOLDS},         {"++", IP_VERDICT_HOLDS},
      {"--", IP_VERDICT_FAILS},       {"+-", IP_VERDICT_DEPENDS},      {"+-?", IP_VERDICT_DEPENDS},
      {"+?", IP_VERDICT_HOLDS},       {"+-???", IP_VERDICT_UNDECIDED}, {"??", IP_VERDICT_UNDECIDED},
      {"++-", IP_VERDICT_DEPENDS},    {"-?", IP_VERDICT_FAILS},        {"-----?", IP_VERDICT_FAILS},
      {"?+??", IP_VERDICT_UNDECIDED}, {"+??", IP_VERDICT_UNDECIDED},   {"?++?", IP_VERDICT_HOLDS},
      {"?", IP_VERDICT_UNDECIDED},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    ip_decision d[8];
    size_t n = strlen(cases[c].d);
    for (size_t i = 0; i < n; i++)
      d[i] = cases[c].d[i] == '+' ? IP_HOLDS : cases[c].d[i] == '-' ? IP_FAILS : IP_UNDECIDED;
    assert_int_equal(ip_verdict_over(n, d), cases[c].want);
  }
  assert_string_equal(ip_verdict_text(IP_VERDICT_DEPENDS), "depends on the estimator");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(connectives_are_those_of_kleene),
      cmocka_unit_test(an_interval_decides_where_it_clears_the_threshold),
      cmocka_unit_test(levels_share_five_percent_among_looks_and_alternatives),
      cmocka_unit_test(a_decision_is_firm_if_half_and_double_thresholds_agree),
      cmocka_unit_test(the_number_of_seeds_that_would_decide),
      cmocka_unit_test(the_number_of_seeds_is_the_least_that_decides),
      cmocka_unit_test(wide_and_lopsided_intervals_need_more_seeds),
      cmocka_unit_test(shares_of_all_runs_need_more_seeds),
      cmocka_unit_test(verdicts_need_half_of_the_estimators),
  };
  return cmocka_run_group_tests_name("claims/decide", tests, NULL, NULL);
}
