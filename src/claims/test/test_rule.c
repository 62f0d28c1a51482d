#include "claims/rule.h"

#include "base/test/check.h"

#include <stdio.h>
#include <string.h>

static const char *const conditions[] = {"relu", "tanh"};
static const char *const parts[] = {"rises", "falls"};
static const ip_rule_names names = {2, 2, conditions, parts};

static ip_rule *read(ip_scratch *sc, const char *text, ip_rule_error *error)
{
  ip_rule *r;
  *error = (ip_rule_error){0};
  CHECK_OK(ip_rule_read(text, &names, sc, &r, error));
  if (!r && !*error->text) fail_msg("%s: neither a rule nor an error", text);
  return r;
}

static void rules_of_every_kind_are_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    ip_rule_op op;
    bool is_cross_fitted;
  } cases[] = {
      {"mean(share(ixt)) > 0.2", IP_OP_TEST, true},
      {"mean(last(ixt)) < .2", IP_OP_TEST, false},
      {"median(onset(ixt)) > 1e3", IP_OP_TEST, false},
      {"mean(rise(ixt) / level(ixt)) > 0.02 and not (mean(first(ity)) > 0.5)", IP_OP_AND, true},
      {"ratio(drop(ixt) @ relu, drop(ixt)) within 0.67..1.5", IP_OP_TEST, true},
      {"corr(spearman, onset(ixt), when(gradient_ratio < 1)) > 0", IP_OP_TEST, false},
      {"pooled_corr(pearson, last(ixt), final(test_loss) - final(train_loss), network.activation) within 0.3",
       IP_OP_TEST, false},
      {"share_of_runs(argmin_epoch(test_loss) < onset(ixt) @ train and last(ity) > 1) > 0.8", IP_OP_TEST, false},
      {"share_of_runs(lowest(ixt @ \"exact\" @ layer(2)) >= 0.99 * hx_bits) > 0.8", IP_OP_TEST, false},
      {"share_of_runs(inside(max(hy_bits - final(test_loss) / 0.693147, 0), training.beta, 0.1) >= 2) > 0.8",
       IP_OP_TEST, false},
      {"mean(at_best(-final(test_accuracy), training.beta) - at_smallest(-final(test_accuracy), training.beta)) < 0",
       IP_OP_TEST, true},
      {"mean(over_changes(spearman, ixt, \"geometry/nc1\")) > 0", IP_OP_TEST, false},
      {"variance_share(share(ixt), network.activation) @ tanh < 0.5", IP_OP_TEST, true},
      {"both(mean(share(ixt)) > 0.1, mean(share_half(ixt)) > 0.1)", IP_OP_BOTH, true},
      {"any_hidden(mean(share(ixt)) > 0.05) or all_hidden(mean(last(ixt)) > 1)", IP_OP_OR, true},
      {"mean(trend(last(ixt), layers)) within 0.1", IP_OP_TEST, false},
      {"mean(last(ixt - ity @ last_hidden)) > 2 * 3 - 1", IP_OP_TEST, false},
      {"rises and falls", IP_OP_AND, false},
      {"mean(last(ixt @ layer(1)) - last(ixt @ layer(1000))) > 0", IP_OP_TEST, false},
  };
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const ip_rule *r = read(sc, cases[i].text, &error);
    if (!r) fail_msg("%s: character %zu: %s", cases[i].text, error.at, error.text);
    assert_int_equal(r->op, cases[i].op);
    assert_int_equal(r->type, IP_TYPE_DECISION);
    assert_int_equal(ip_rule_is_cross_fitted(r), cases[i].is_cross_fitted);
  }
  ip_scratch_destroy(&sc);
}

static void thresholds_bounds_and_precedence_are_as_written(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  const ip_rule *r = read(sc, "ratio(last(ixt), first(ixt)) within 0.67..1.5", &error);
  assert_int_equal(r->test.kind, IP_BETWEEN);
  assert_true(r->test.a == 0.67 && r->test.b == 1.5);
  r = read(sc, "mean(last(ixt)) > 2 * (3 - 1) + 1", &error);
  assert_true(r->test.a == 5);
  r = read(sc, "mean(last(ixt)) > -0.02", &error);
  assert_true(r->test.a == -0.02);
  r = read(sc, "share_of_runs(last(ixt) > first(ixt)) < 0.5", &error); /* a > b is b < a */
  assert_int_equal(r->arg[0]->arg[0]->arg[0]->reducer, IP_REDUCE_FIRST);
  r = read(sc, "rises or rises and falls", &error); /* and binds before or */
  assert_int_equal(r->op, IP_OP_OR);
  r = read(sc, "share_of_runs(last(ixt) @ relu > 1) > 0.5", &error);
  assert_string_equal(r->arg[0]->arg[0]->arg[1]->place.condition, "relu");
  r = read(sc, "mean(last(ixt @ \"width:size=0.07\")) > 1", &error); /* the default: the label of the run files */
  assert_string_equal(r->arg[0]->arg[0]->arg[0]->place.estimator, "width");
  ip_scratch_destroy(&sc);
}

static void errors_name_their_place_and_what_was_expected(void **state)
{
  (void)state;
  static const struct {
    const char *text, *says;
    size_t at;
  } cases[] = {
      {"mean(share(ixt))", "compare it with a number", 0},
      {"share(ixt) > 0.2", "summarize the seeds first", 0},
      {"mean(ixt) > 0.2", "reduce it first", 5},
      {"mean(levl(ixt)) > 0.2", "did you mean 'level'", 5},
      {"mean(share(ixy)) > 0.2", "unknown series 'ixy'", 11},
      {"mean(share(ixt) > 0.2", "expected ')'", 21},
      {"mean(share(ixt)) > 0.2 0.3", "expected the end of the rule, got '0.3'", 23},
      {"mean(share(ixt)) >= 0.2", "tested by < or >", 0},
      {"mean(share(ixt)) > last(ixt)", "compared with a number", 19},
      {"mean(share(ixt)) + 1 > 0", "into the brackets", 0},
      {"mean(share(ixt) @ sigmoid) > 0", "unknown condition 'sigmoid'", 18},
      {"mean(share(ixt) @ \"edgs\") > 0", "did you mean 'edges'", 18},
      {"mean(when(ixt)) > 0", "expects a condition", 10},
      {"corr(kendall, last(ixt), last(ity)) > 0", "pearson or spearman", 5},
      {"mean(last(ixt)) within -1", "m > 0", 23},
      {"mean(last(ixt)) within 2..1", "a < b", 23},
      {"mean(final(ixt)) > 0", "a metric of the run", 11},
      {"rises and steady", "unknown series 'steady'", 10},
      {"rises and 1", "joins two decisions", 0},
      {"mean(last(ixt)) > $", "unexpected character", 18},
      {"mean(last(\"ixt)) > 0", "not closed", 10},
      {"mean(last(ixt @ layer(0))) > 0", "numbered 1, 2", 21},
      {"mean(last(ixt)) within ixt", "expected a number, got a series", 23},
      {"mean(last(ixt)) within 1..last(ixt)", "expected a number, got a value for each seed", 26},
      {"mean(trend(last(ixt), 3)) > 0", "expected a swept key such as training.beta, or layers, got '3'", 22},
      {"any_hidden(last(ixt))", "expected a decision on one layer, got a value for each seed", 11},
      {"both(rises, last(ixt))", "both() expects two decisions, got a decision and a value for each seed", 0},
      {"both(last(ixt), rises)", "both() expects two decisions, got a value for each seed and a decision", 0},
      {"mean(share(ixt) @ 3) > 0", "expected a condition, a layer or a quoted estimator, got '3'", 18},
      {"rises @ relu", "@ selects the data of a series, a value or an effect, not of a decision", 6},
      {"-rises", "- expects a series or a value, got a decision", 0},
      {"last(ixt) within 0.1", "within expects an effect over seeds, got a value for each seed", 0},
      {"rises > 1", "cannot compare a decision with a number; compare an effect with a number", 0},
      {"mean(last(ixt)) within 0", "within m expects m > 0, got 0", 23},
      {"mean(last(ixt)) within 1..1", "within a..b expects a < b, got 1..1", 23},
      {"not mean(last(ixt))", "not expects a decision, got an effect", 0},
      {"", "expected a number, a series or a function", 0},
      {"mean(last(ixt @ layer(1001))) > 0", "layers are numbered 1, 2", 21},
      {"mean(last(ixt @ layer(1.5))) > 0", "layers are numbered 1, 2", 21},
      {"mean(last(ixt.5)) > 0", "expected ')', got '.5'", 13}, /* a dot is of a name before a letter only */
  };
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_null(read(sc, cases[i].text, &error));
    if (!strstr(error.text, cases[i].says)) fail_msg("%s: %s", cases[i].text, error.text);
    if (error.at != cases[i].at) fail_msg("%s: character %zu: %s", cases[i].text, error.at, error.text);
  }
  ip_scratch_destroy(&sc);
}

/* Ten thousand brackets are an error, not a stack that overflows. */
static void deep_nesting_is_an_error(void **state)
{
  (void)state;
  enum { N = 10000 };
  static const char opening[] = {'(', '-', 0};
  char *text = ip_alloc(4 * N + 100, 1, "rule");
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; opening[i]; i++) {
    memset(text, opening[i], N);
    text[N] = 0;
    assert_null(read(sc, text, &error));
    assert_non_null(strstr(error.text, "nested"));
  }
  for (size_t i = 0; i < N; i++) memcpy(text + 4 * i, "not ", 4);
  text[4 * N] = 0;
  assert_null(read(sc, text, &error));
  assert_non_null(strstr(error.text, "nested"));
  ip_free(text);
  ip_scratch_destroy(&sc);
}

/* What is beside each other is not nested: a rule with more signs and brackets than may be inside each other. */
static void brackets_that_were_closed_do_not_count(void **state)
{
  (void)state;
  static const char *const piece[] = {"-last(ixt), ", "(last(ixt)), ", "max(last(ixt), 1), "};
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t k = 0; k < sizeof piece / sizeof *piece; k++) {
    char text[8000] = "";
    for (size_t i = 0; i < 5; i++) strcat(text, "not not not not not not not not not not not not (rises) or ");
    for (size_t i = 0; i < 40; i++) {
      strcat(text, "corr(pearson, ");
      for (size_t j = 0; j < 2; j++) strcat(text, piece[k]);
      strcpy(text + strlen(text) - 2, ") > 0 or ");
    }
    strcat(text, "rises");
    if (!read(sc, text, &error)) fail_msg("%s: character %zu: %s", text, error.at, error.text);
  }
  ip_scratch_destroy(&sc);
}

/* So is a long sum: it is a tree as deep, which would be followed by recursion. */
static void a_long_sum_is_an_error(void **state)
{
  (void)state;
  enum { N = 100000 };
  char *text = ip_alloc(4 * N + 100, 1, "rule");
  ip_scratch *sc;
  ip_rule_error error;
  CHECK_OK(ip_scratch_create(&sc));
  char *at = text + sprintf(text, "mean(last(ixt");
  for (size_t i = 0; i < N; i++) at = strcpy(at, "+ixt") + 4;
  strcpy(at, ")) > 0");
  assert_null(read(sc, text, &error));
  assert_non_null(strstr(error.text, "too long"));
  ip_free(text);
  ip_scratch_destroy(&sc);
}

static void failing_allocations_are_reported(void **state)
{
  (void)state;
  ip_scratch *sc;
  size_t k = 1;
  for (ip_status st = IP_ENOMEM; st != IP_OK; k++) {
    ip_rule *r;
    ip_rule_error error = {0};
    CHECK_OK(ip_scratch_create(&sc));
    ip_mem_fail_at(k);
    st = ip_rule_read("ratio(drop(ixt @ \"edges\") @ relu, drop(ixt)) > 0.67 and mean(trend(last(ixt), layers)) > 0",
                      &names, sc, &r, &error);
    ip_mem_fail_at(0);
    ip_scratch_destroy(&sc);
    if (st != IP_OK) {
      assert_int_equal(st, IP_ENOMEM);
      ip_error_clear();
    }
  }
  assert_true(k > 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_of_every_kind_are_read),
      cmocka_unit_test(thresholds_bounds_and_precedence_are_as_written),
      cmocka_unit_test(errors_name_their_place_and_what_was_expected),
      cmocka_unit_test(deep_nesting_is_an_error),
      cmocka_unit_test(brackets_that_were_closed_do_not_count),
      cmocka_unit_test(a_long_sum_is_an_error),
      cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
