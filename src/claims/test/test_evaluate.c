/* Rules on a table whose numbers are known: in condition `one` I(X;T) is 1 + seed / 10 at all epochs, in `two` twice
 * that, in `sweep` times beta. */
#include "claims/evaluate.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { N_SEEDS = 6, N_EPOCHS = 11 };

static const char *const conditions[] = {"one", "two", "sweep"};

static void add_block(ip_claim_table *t, const char *condition, const char *beta, double factor)
{
  static const char *const estimators[] = {"edges", "edges@train"};
  ip_claim_block *b;
  double *x;
  CHECK_OK(ip_claim_table_add_block(t, &b));
  b->condition = condition;
  b->n_epochs = N_EPOCHS;
  b->n_layers = 3;
  b->n_keys = beta != NULL;
  CHECK_OK(IP_SCRATCH(t->sc, b->key, 1, "keys"));
  CHECK_OK(IP_SCRATCH(t->sc, b->value, 1, "keys"));
  b->key[0] = "training.beta";
  b->value[0] = beta;
  CHECK_OK(IP_SCRATCH(t->sc, b->epoch, N_EPOCHS, "epochs"));
  CHECK_OK(IP_SCRATCH(t->sc, b->layer, 3, "layers"));
  for (size_t e = 0; e < N_EPOCHS; e++) b->epoch[e] = (int64_t)e;
  for (size_t k = 0; k < 3; k++) b->layer[k] = (ip_claim_layer){k == 2, 4, "tanh"};
  for (size_t i = 0; i < N_SEEDS; i++) b->state[i] = IP_CLAIM_RUN_DONE;
  for (size_t s = 0; s < 2; s++)
    for (size_t k = 1; k <= 3; k++) {
      CHECK_OK(ip_claim_table_add_series(t, b, "ixt", estimators[s], k, &x));
      for (size_t i = 0; i < N_SEEDS * N_EPOCHS; i++)
        x[i] = (1 + (double)(i / N_EPOCHS) / 10) * factor * (s ? 3 : 1) + (double)k - 1;
    }
  CHECK_OK(ip_claim_table_add_series(t, b, "test_accuracy", "", 0,
                                     &x)); /* grows with the epoch, more slowly with the seed */
  for (size_t i = 0; i < N_SEEDS; i++)
    for (size_t e = 0; e < N_EPOCHS; e++) x[i * N_EPOCHS + e] = (double)e / (10 + 4 * (double)i) / factor;
  CHECK_OK(ip_claim_table_add_scalar(t, b, "hx_bits", 0, &x));
  for (size_t i = 0; i < N_SEEDS; i++) x[i] = 12;
  for (size_t k = 1; k <= 3; k++) {
    CHECK_OK(ip_claim_table_add_scalar(t, b, "constant_units", k, &x));
    for (size_t i = 0; i < N_SEEDS; i++) x[i] = i == 2 && k == 1;
  }
}

static ip_claim_table *make_table(void)
{
  ip_claim_table *t;
  CHECK_OK(ip_claim_table_create(&t));
  t->n_seeds = N_SEEDS;
  add_block(t, "one", NULL, 1);
  add_block(t, "two", NULL, 2);
  add_block(t, "sweep", "4", 4);
  add_block(t, "sweep", "1", 1);
  add_block(t, "sweep", "2", 2);
  return t;
}

static ip_rule_view view_of(const ip_claim_table *t)
{
  return (ip_rule_view){.table = t,
                        .condition = "one",
                        .estimator = "edges",
                        .layer = {true, 1},
                        .factor = 1,
                        .n_looks = 1,
                        .n_alternatives = 1};
}

static ip_rule *read(const char *text, ip_scratch *sc)
{
  ip_rule *r;
  ip_rule_error error = {0};
  ip_rule_names names = {3, 0, conditions, NULL};
  CHECK_OK(ip_rule_read(text, &names, sc, &r, &error));
  if (!r) fail_msg("%s: %s", text, error.text);
  return r;
}

/* The means of I(X;T) over seeds 0 ... 5 are 1.25, 2.5 and 1.25 beta; layer k has k - 1 more. */
static void effects_are_those_of_the_numbers(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double want;
  } cases[] = {
      {"mean(last(ixt)) > 0", 1.25},
      {"mean(last(ixt) @ two) > 0", 2.5},
      {"mean(last(ixt @ two)) > 0", 2.5},
      {"mean(last(ixt)) @ two > 0", 2.5},
      {"mean(last(ixt) @ output) > 0", 3.25},
      {"mean(last(ixt) @ last_hidden @ two) > 0", 3.5},
      {"mean(last(ixt) @ layer(2)) > 0", 2.25},
      {"mean(last(ixt) @ train) > 0", 3.75},
      {"mean(last(ixt) @ \"edges@train\" @ two) > 0", 7.5},
      {"mean(last(ixt @ two - ixt)) > 0", 1.25},
      {"mean(last(2 * ixt - 1)) > 0", 1.5},
      {"mean(last(-ixt / hx_bits)) < 0", -1.25 / 12},
      {"mean(last(ixt) / hx_bits) > 0", 1.25 / 12},
      {"ratio(last(ixt) @ two, last(ixt)) > 1", 2},
      {"mean(abs(last(ixt) - last(ixt) @ two)) > 0", 1.25},
      {"mean(log2(last(ixt) @ two / last(ixt))) > 0", 1},
      {"mean(max(last(ixt), 1.3)) > 0", (1.3 * 4 + 1.4 + 1.5) / 6},
      {"median(last(ixt)) > 0", 1.25},
      {"share_of_runs(last(ixt) > 1.25) > 0", 0.5},
      {"share_of_runs(last(ixt) > 1.15 and last(ixt) < 1.35) > 0", 2.0 / 6},
      {"share_of_runs(not last(ixt) > 1.25 or last(ixt) > 1.45) > 0", 4.0 / 6},
      {"mean(trend(last(ixt), training.beta)) @ sweep > 0", 1},
      {"mean(trend(-last(ixt), training.beta) @ sweep) > 0", -1},
      {"mean(slope(last(ixt), training.beta) @ sweep) > 0", 1},
      {"mean(at_smallest(last(ixt), training.beta) @ sweep) > 0", 1.25},
      {"mean(at_largest(last(ixt), training.beta) @ sweep) > 0", 5},
      {"mean(at_best(last(ixt), training.beta) @ sweep) > 0", 1.25},
      {"mean(inside(last(ixt), training.beta, 0.1) @ sweep) > 0", 2},
      {"mean(trend(last(ixt), layers)) > 0", 1},
      {"corr(pearson, last(ixt), last(ixt) @ two) > 0", 1},
      {"mean(over_epochs(pearson, test_accuracy, test_accuracy @ two)) > 0", 1},
      {"mean(when(test_accuracy >= 0.15)) > 0", (2 + 3 + 3 + 4 + 4 + 5) / 6.0},
      {"share_of_runs(when(test_accuracy >= 0.5) < 8) > 0",
       2.0 / 6}, /* epochs 5 and 7; that of the third comes too late to last */
      {"share_of_runs(when(test_accuracy >= 0.5) < 100) > 0", 2.0 / 6}, /* events that do not come are misses */
      {"share_of_runs(when(test_accuracy >= 0.5) + 1 > 0) > 0", 2.0 / 6},
      {"share_of_runs(1 / when(test_accuracy >= 0.5) >= 0) > 0", 2.0 / 6},
  };
  ip_scratch *sc;
  ip_claim_table *t = make_table();
  ip_rule_view v = view_of(t);
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_effect e;
    CHECK_OK(ip_rule_effect(&v, read(cases[i].text, sc)->arg[0], 0.95, sc, &e));
    if (!(fabs(e.value - cases[i].want) < 1e-9))
      fail_msg("%s: %.12g, expected %.12g", cases[i].text, e.value, cases[i].want);
  }
  ip_scratch_destroy(&sc);
  ip_claim_table_destroy(&t);
}

static void decisions_are_combined(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    ip_decision want;
  } cases[] = {
      {"mean(last(ixt)) > 0", IP_HOLDS},
      {"mean(last(ixt)) < 0", IP_FAILS},
      {"mean(last(ixt)) > 1.25", IP_UNDECIDED},
      {"mean(last(ixt)) > 0 and mean(last(ixt)) > 1.25", IP_UNDECIDED},
      {"mean(last(ixt)) < 0 and mean(last(ixt)) > 1.25", IP_FAILS},
      {"mean(last(ixt)) > 0 or mean(last(ixt)) > 1.25", IP_HOLDS},
      {"not mean(last(ixt)) > 0", IP_FAILS},
      {"both(mean(last(ixt)) > 0, mean(last(ixt)) > 9)", IP_UNDECIDED},
      {"both(mean(last(ixt)) > 8, mean(last(ixt)) > 9)", IP_FAILS},
      {"both(mean(last(ixt)) > 0, mean(last(ixt)) > 0.1)", IP_HOLDS},
      {"any_hidden(mean(last(ixt)) > 1.6)", IP_HOLDS}, /* layer 2 */
      {"all_hidden(mean(last(ixt)) > 1.6)", IP_FAILS}, /* layer 1 */
      {"all_hidden(mean(last(ixt)) > 0.5)", IP_HOLDS},
      {"not any_hidden(mean(last(ixt)) > 9)", IP_HOLDS},
  };
  ip_scratch *sc;
  ip_claim_table *t = make_table();
  ip_rule_view v = view_of(t);
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_decision d;
    CHECK_OK(ip_rule_decide(&v, read(cases[i].text, sc), NULL, sc, &d));
    if (d != cases[i].want) fail_msg("%s: %d", cases[i].text, (int)d);
  }
  ip_scratch_destroy(&sc);
  ip_claim_table_destroy(&t);
}

/* With more alternatives the interval is wider. The mean is 1.25, s = 0.187, n = 6: t intervals reach to 0.196 below it
 * at 95 %, and to 0.307 at 99 %. */
static void one_of_several_layers_needs_a_wider_interval(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_claim_table *t = make_table();
  ip_rule_view v = view_of(t);
  ip_decision d;
  CHECK_OK(ip_scratch_create(&sc));
  const ip_rule *r = read("mean(last(ixt)) > 1", sc), *no = read("not mean(last(ixt)) < 1", sc);
  CHECK_OK(ip_rule_decide(&v, r, NULL, sc, &d));
  assert_int_equal(d, IP_HOLDS);
  v.n_alternatives = 20;
  CHECK_OK(ip_rule_decide(&v, r, NULL, sc, &d));
  assert_int_equal(d, IP_UNDECIDED);
  CHECK_OK(ip_rule_decide(&v, no, NULL, sc, &d)); /* the same below a `not` */
  assert_int_equal(d, IP_UNDECIDED);
  ip_scratch_destroy(&sc);
  ip_claim_table_destroy(&t);
}

static void runs_that_do_not_count_are_missing_with_a_reason(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_claim_table *t = make_table();
  ip_rule_view v = view_of(t);
  ip_seed_value *x;
  CHECK_OK(ip_scratch_create(&sc));
  t->block[0].state[0] = IP_CLAIM_RUN_MISSING;
  t->block[0].state[1] = IP_CLAIM_RUN_FAILED_TO_FIT;
  const ip_rule *r = read("mean(last(ixt)) > 0", sc)->arg[0]->arg[0];
  CHECK_OK(ip_rule_values(&v, r, sc, &x));
  assert_string_equal(x[0].reason, "the run is missing");
  assert_string_equal(x[1].reason, "the network failed to fit");
  CHECK_NEAR(x[2].value, 1.2, 1e-12);
  v.choice = IP_CHOICE_ALL;
  CHECK_OK(ip_rule_values(&v, r, sc, &x));
  assert_true(isnan(x[0].value));
  CHECK_NEAR(x[1].value, 1.1, 1e-12);
  v.choice = IP_CHOICE_ALIVE;
  CHECK_OK(ip_rule_values(&v, r, sc, &x));
  assert_string_equal(x[2].reason, "the layer has constant units");
  v.layer.number = 2;
  CHECK_OK(ip_rule_values(&v, r, sc, &x));
  CHECK_NEAR(x[2].value, 2.2, 1e-12);
  ip_scratch_destroy(&sc);
  ip_claim_table_destroy(&t);
}

static void what_a_table_lacks_is_an_error(void **state)
{
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"mean(last(ity)) > 0", "lacks the series ity of layer 1 by edges in condition one"},
      {"mean(last(ixt @ \"exact\")) > 0", "by exact"},
      {"mean(last(ixt) @ sweep) > 0", "condition sweep has 3 points"},
      {"mean(trend(last(ixt), training.beta)) > 0", "condition one does not sweep training.beta"},
      {"mean(trend(last(ixt), training.betta) @ sweep) > 0", "did you mean 'training.beta'"},
      {"mean(hy_bits) > 0", "lacks hy_bits"},
  };
  ip_scratch *sc;
  ip_claim_table *t = make_table();
  ip_rule_view v = view_of(t);
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_decision d;
    CHECK_FAILS(ip_rule_decide(&v, read(cases[i].text, sc), NULL, sc, &d), IP_EINVAL, cases[i].says);
  }
  ip_scratch_destroy(&sc);
  ip_claim_table_destroy(&t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(effects_are_those_of_the_numbers),
      cmocka_unit_test(decisions_are_combined),
      cmocka_unit_test(one_of_several_layers_needs_a_wider_interval),
      cmocka_unit_test(runs_that_do_not_count_are_missing_with_a_reason),
      cmocka_unit_test(what_a_table_lacks_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
