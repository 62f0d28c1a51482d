/* Verdicts from tables made by hand: the decision, what changes it, and the file of a table. */
#include "claims/verdict.h"

#include "base/test/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_SEEDS = 12, N_EPOCHS = 21 };

/* Two estimators, two hidden layers; the rule is a fall of more than a fifth. */
static const char text[] = "claim: test\n"
                           "paper: Somebody 2020\n"
                           "statement: I(X;T) falls.\n"
                           "files: a.h5\n"
                           "seeds: {looks: [12]}\n"
                           "estimators: [edges, width]\n"
                           "layers: hidden\n"
                           "measurable: share_of_runs(at_peak(ixt, saturated) > 0.5) < 0.5\n"
                           "parts: {falls: mean(share(ixt)) > 0.2}\n"
                           "verdict: falls\n"
                           "combine: all layers\n";

/* A trajectory that rises to `peak` at epoch 5 and falls to `last` at epoch 15, with a deviation of its seed. */
static double trajectory(size_t seed, size_t epoch, double peak, double last)
{
  double x = epoch <= 5   ? peak * (double)epoch / 5
             : epoch < 15 ? peak + (last - peak) * ((double)epoch - 5) / 10
                          : last;
  return x + 0.01 * ((double)((seed * 7 + epoch * 3) % 5) - 2);
}

typedef struct {
  double last[2][2]; /* of estimator and layer; the peak is 10 */
  double saturated[2][2];
} numbers;

static ip_claim_table *make_table(const ip_claim *c, const numbers *n)
{
  static const char *const estimators[] = {"edges", "width"};
  ip_claim_table *t;
  ip_claim_block *b;
  CHECK_OK(ip_claim_table_create(&t));
  t->claim = c->name;
  t->rule_digest = c->digest;
  t->n_seeds = N_SEEDS;
  CHECK_OK(IP_SCRATCH(t->sc, t->seed, N_SEEDS, "seeds"));
  for (size_t i = 0; i < N_SEEDS; i++) t->seed[i] = 101 + i;
  CHECK_OK(ip_claim_table_add_block(t, &b));
  b->condition = "main";
  b->n_epochs = N_EPOCHS;
  b->n_layers = 3;
  CHECK_OK(IP_SCRATCH(t->sc, b->epoch, N_EPOCHS, "epochs"));
  CHECK_OK(IP_SCRATCH(t->sc, b->layer, 3, "layers"));
  for (size_t e = 0; e < N_EPOCHS; e++) b->epoch[e] = (int64_t)e;
  for (size_t k = 0; k < 3; k++) b->layer[k] = (ip_claim_layer){k == 2, 4, "tanh"};
  for (size_t i = 0; i < N_SEEDS; i++) b->state[i] = IP_CLAIM_RUN_DONE;
  for (size_t m = 0; m < 2; m++)
    for (size_t k = 0; k < 2; k++) {
      double *x, *s;
      CHECK_OK(ip_claim_table_add_series(t, b, "ixt", estimators[m], k + 1, &x));
      CHECK_OK(ip_claim_table_add_series(t, b, "saturated", estimators[m], k + 1, &s));
      for (size_t i = 0; i < N_SEEDS; i++)
        for (size_t e = 0; e < N_EPOCHS; e++) {
          x[i * N_EPOCHS + e] = trajectory(i, e, 10, n->last[m][k]);
          s[i * N_EPOCHS + e] = n->saturated[m][k];
        }
    }
  for (size_t k = 1; k <= 3; k++) {
    double *constant;
    CHECK_OK(ip_claim_table_add_scalar(t, b, "constant_units", k, &constant));
    for (size_t i = 0; i < N_SEEDS; i++) constant[i] = 0;
  }
  return t;
}

static ip_claim *claim(const char *from, const char *to)
{
  ip_claim *c;
  char *changed;
  const char *at = strstr(text, from);
  assert_non_null(at);
  changed = ip_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
  CHECK_OK(ip_claim_parse("test.yaml", changed, &c));
  ip_free(changed);
  return c;
}

static void check_verdict(const ip_claim *c, const numbers *n, ip_verdict want)
{
  ip_claim_result *r;
  ip_claim_table *t = make_table(c, n);
  CHECK_OK(ip_claim_decide(c, t, &r));
  if (r->verdict != want) fail_msg("%s, expected %s", ip_verdict_text(r->verdict), ip_verdict_text(want));
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
}

static void layers_and_estimators_are_combined(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}}, level = {.last = {{10, 10}, {10, 10}}},
                one_layer = {.last = {{10, 5}, {10, 5}}}, one_estimator = {.last = {{5, 5}, {10, 10}}};
  ip_claim *all = claim("", ""), *any = claim("all layers", "any layers"),
           *no = claim("verdict: falls", "verdict: not falls");
  check_verdict(all, &fall, IP_VERDICT_HOLDS);
  check_verdict(all, &level, IP_VERDICT_FAILS);
  check_verdict(all, &one_layer, IP_VERDICT_FAILS);
  check_verdict(any, &one_layer, IP_VERDICT_HOLDS);
  check_verdict(any, &level, IP_VERDICT_FAILS);
  check_verdict(all, &one_estimator, IP_VERDICT_DEPENDS);
  check_verdict(no, &fall, IP_VERDICT_FAILS);
  check_verdict(no, &level, IP_VERDICT_HOLDS);
  ip_claim_destroy(&all);
  ip_claim_destroy(&any);
  ip_claim_destroy(&no);
}

/* Seeds of estimator m that fall by a half and seeds that do not: of `n_fall` in 12, their mean share is near 0.2. */
static void divide_seeds(ip_claim_table *t, size_t m, size_t n_fall)
{
  for (size_t k = 0; k < 2; k++) {
    double *x = t->block[0].series[4 * m + 2 * k].x;
    for (size_t i = 0; i < N_SEEDS; i++)
      for (size_t e = 0; e < N_EPOCHS; e++) x[i * N_EPOCHS + e] = trajectory(i, e, 10, i < n_fall ? 5 : 10);
  }
}

static void the_decided_half_of_the_estimators_is_enough(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("", "");
  ip_claim_table *t = make_table(c, &fall);
  ip_claim_result *r;
  divide_seeds(t, 1, 7);
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->estimator[0].decision, IP_HOLDS);
  assert_int_equal(r->estimator[1].decision, IP_UNDECIDED);
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_true(isnan(r->seeds_needed));
  ip_claim_result_destroy(&r);

  divide_seeds(t, 0, 6); /* nearer to the threshold than seven: needs more seeds */
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->verdict, IP_VERDICT_UNDECIDED);
  double needs[2] = {0, 0};
  for (size_t i = 0; i < r->n_rows; i++)
    needs[!strcmp(r->row[i].estimator, "width")] =
        fmax(needs[!strcmp(r->row[i].estimator, "width")], r->row[i].seeds_needed);
  assert_true(needs[0] > needs[1] && needs[1] > N_SEEDS);
  assert_true(r->seeds_needed == needs[1]); /* one of the two is enough */
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

static void saturated_layers_do_not_count(void **state)
{
  (void)state;
  numbers n = {.last = {{10, 5}, {10, 5}}, .saturated = {{1, 0}, {1, 0}}}, none = {.saturated = {{1, 1}, {1, 1}}};
  ip_claim *c = claim("", "");
  check_verdict(c, &n, IP_VERDICT_HOLDS);
  check_verdict(c, &none, IP_VERDICT_UNDECIDED);
  ip_claim_destroy(&c);
}

/* Seeds that do not fit fall, the others do not: as many of them as decide differently make it undecidable. */
static void a_verdict_that_depends_on_which_runs_count_cannot_be_told(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("", "");
  ip_claim_table *t = make_table(c, &fall);
  ip_claim_result *r;
  ip_claim_block *b = &t->block[0];
  for (size_t i = 0; i < 4; i++) {
    b->state[i] = IP_CLAIM_RUN_FAILED_TO_FIT;
    for (size_t s = 0; s < b->n_series; s++)
      for (size_t e = 0; e < N_EPOCHS && !strcmp(b->series[s].name, "ixt"); e++)
        b->series[s].x[i * N_EPOCHS + e] = trajectory(i, e, 10, 40);
  }
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->by_choice[IP_CHOICE_FITTED], IP_VERDICT_HOLDS);
  assert_int_equal(r->verdict, IP_VERDICT_UNDECIDED);
  assert_non_null(strstr(r->reason, "failed to fit"));
  assert_true(r->n_failed_to_fit == 4 && r->n_missing == 0 && r->n_runs == N_SEEDS);
  assert_true(r->row[0].decision == IP_HOLDS && isnan(r->row[0].seeds_needed)); /* decided: it needs none */
  for (size_t i = 0; i < r->n_rows; i++) assert_int_equal(r->row[i].effect.n, N_SEEDS - 4);
  ip_claim_result_destroy(&r);

  for (size_t i = 0; i < 4; i++) b->state[i] = IP_CLAIM_RUN_MISSING;
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_int_equal(r->n_missing, 4);
  assert_int_equal(r->row[0].effect.n_missing, 4);
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

/* Without layers that end with constant units half of the seeds remain, too few for a decision. */
static void fewer_runs_without_a_decision_are_no_other_verdict(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("> 0.2", "> 0.02");
  ip_claim_table *t = make_table(c, &fall);
  ip_claim_result *r;
  for (size_t m = 0; m < 2; m++) divide_seeds(t, m, 8);
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_true(r->is_firm);
  ip_claim_result_destroy(&r);

  for (size_t s = 0; s < t->block[0].n_scalars; s++)
    for (size_t i = 0; i < 6; i++) t->block[0].scalar[s].x[i] = 1;
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_true(r->counts[IP_CHOICE_ALIVE]);
  assert_int_equal(r->by_choice[IP_CHOICE_ALIVE], IP_VERDICT_UNDECIDED);
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_string_equal(r->reason, "");
  assert_false(r->is_firm);
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

/* The networks that failed to fit do not fall: with them there are more seeds, and no decision. */
static void more_runs_without_a_decision_are_another_verdict(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("", "");
  ip_claim_table *t = make_table(c, &fall);
  ip_claim_result *r;
  for (size_t m = 0; m < 2; m++) divide_seeds(t, m, 7);
  for (size_t i = 7; i < N_SEEDS; i++) t->block[0].state[i] = IP_CLAIM_RUN_FAILED_TO_FIT;
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->by_choice[IP_CHOICE_FITTED], IP_VERDICT_HOLDS);
  assert_int_equal(r->by_choice[IP_CHOICE_ALL], IP_VERDICT_UNDECIDED);
  assert_int_equal(r->verdict, IP_VERDICT_UNDECIDED);
  assert_string_equal(r->reason, "holds, but with the networks that failed to fit: cannot be told");
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

static void a_claim_may_keep_networks_that_failed_to_fit(void **state)
{
  (void)state;
  const numbers fall = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("layers: hidden\n", "layers: hidden\nfailed_to_fit: kept\n");
  ip_claim_table *t = make_table(c, &fall);
  ip_claim_result *r;
  for (size_t i = 0; i < N_SEEDS; i++) t->block[0].state[i] = IP_CLAIM_RUN_FAILED_TO_FIT;
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_false(r->counts[IP_CHOICE_FITTED]); /* no run is left */
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

static void a_firm_verdict_is_the_same_at_other_thresholds(void **state)
{
  (void)state;
  ip_claim *c = claim("", "");
  const numbers half = {.last = {{5, 5}, {5, 5}}}, third = {.last = {{6.5, 6.5}, {6.5, 6.5}}};
  ip_claim_table *t = make_table(c, &half), *u = make_table(c, &third);
  ip_claim_result *r;
  CHECK_OK(ip_claim_decide(c, t, &r));
  assert_true(r->is_firm);
  CHECK_NEAR(r->row[0].effect.value, 0.47, 0.01); /* (9.5 - 5) / 9.5: the peak is sharp, and smoothed over 3 epochs */
  ip_claim_result_destroy(&r);
  CHECK_OK(ip_claim_decide(c, u, &r)); /* 0.35: more than 0.2, less than 0.4 */
  assert_int_equal(r->verdict, IP_VERDICT_HOLDS);
  assert_int_equal(r->at_half, IP_VERDICT_HOLDS);
  assert_int_equal(r->at_double, IP_VERDICT_FAILS);
  assert_false(r->is_firm);
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&t);
  ip_claim_table_destroy(&u);
  ip_claim_destroy(&c);
}

/* What is written, read, and decided again is the same; a changed value is found. */
static void a_table_and_a_verdict_survive_their_files(void **state)
{
  (void)state;
  char table[] = "/tmp/claim-table-XXXXXX", verdict[] = "/tmp/claim-verdict-XXXXXX";
  close(mkstemp(table));
  close(mkstemp(verdict));
  const numbers n = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("", "");
  ip_claim_table *t = make_table(c, &n), *read;
  ip_claim_result *r;
  t->made = "2020-01-02T03:04:05Z";
  t->version = "infoplane 7";
  t->block[0].state[3] = IP_CLAIM_RUN_FAILED_TO_FIT;
  t->block[0].series[0].x[0] = (double)NAN;
  CHECK_OK(ip_claim_table_write(t, table));
  CHECK_OK(ip_claim_table_read(table, &read));
  assert_string_equal(read->claim, "test");
  assert_string_equal(read->rule_digest, c->digest);
  assert_string_equal(read->made, "2020-01-02T03:04:05Z");
  assert_string_equal(read->version, "infoplane 7");
  assert_int_equal(read->n_seeds, N_SEEDS);
  assert_int_equal(read->seed[11], 112);
  assert_int_equal(read->n_blocks, 1);
  assert_int_equal(read->block[0].state[3], IP_CLAIM_RUN_FAILED_TO_FIT);
  assert_true(isnan(read->block[0].series[0].x[0]));
  for (size_t i = 1; i < N_SEEDS * N_EPOCHS; i++)
    CHECK_NEAR(read->block[0].series[0].x[i], t->block[0].series[0].x[i], 5e-4); /* five digits of numbers up to 10 */
  CHECK_OK(ip_claim_decide(c, read, &r));
  CHECK_OK(ip_claim_result_write(r, verdict));
  CHECK_OK(ip_claim_result_compare(r, verdict));
  r->row[0].effect.value += 1e-8;
  CHECK_OK(ip_claim_result_compare(r, verdict));
  r->row[0].effect.value += 1e-4;
  CHECK_FAILS(ip_claim_result_compare(r, verdict), IP_EINVAL, "effect is");
  ip_claim_result_destroy(&r);

  for (size_t i = 0; i < N_SEEDS * N_EPOCHS; i++) read->block[0].series[0].x[i] = 10;
  CHECK_OK(ip_claim_decide(c, read, &r));
  assert_int_equal(r->verdict, IP_VERDICT_DEPENDS);
  CHECK_FAILS(ip_claim_result_compare(r, verdict), IP_EINVAL,
              "decision is 'depends on the estimator' when it is computed again");
  ip_claim_result_destroy(&r);
  ip_claim_table_destroy(&read);

  ip_claim *other = claim("> 0.2", "> 0.3");
  CHECK_FAILS(ip_claim_decide(other, t, &r), IP_EINVAL, "rule was changed after the table was made");
  ip_claim_destroy(&other);
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
  remove(table);
  remove(verdict);
}

/* Every truncation of the text of a table is an error. */
static void damaged_tables_are_errors(void **state)
{
  (void)state;
  static const char whole[] =
      "infoplane-claim-table\t1\nclaim\ttest\t0\nmade\tnow\tby "
      "me\nseeds\t1\t2\nblock\tmain\t0\tnetwork.activation\ttanh\n"
      "epochs\t0\t5\nlayers\thidden:3:tanh\toutput:2:softmax\nstates\td\tf\nscalar\thx_bits\t0\t12\t12\n"
      "series\tixt\tedges\t1\n=\t1\t2\n=\t3\tnan\nend\n";
  char path[] = "/tmp/claim-table-XXXXXX";
  close(mkstemp(path));
  ip_claim_table *t;
  for (size_t n = 1; n <= sizeof whole - 1; n++) {
    FILE *f = fopen(path, "w");
    assert_int_equal(fwrite(whole, 1, n, f), n);
    fclose(f);
    ip_status st = ip_claim_table_read(path, &t);
    assert_int_equal(st, n == sizeof whole - 1 ? IP_OK : IP_EFORMAT);
    if (st == IP_OK) {
      assert_string_equal(t->block[0].value[0], "tanh");
      assert_true(t->block[0].series[0].x[2] == 3);
    }
    ip_error_clear();
    ip_claim_table_destroy(&t);
  }
  remove(path);
}

static void failing_allocations_are_reported(void **state)
{
  (void)state;
  const numbers n = {.last = {{5, 5}, {5, 5}}};
  ip_claim *c = claim("", "");
  ip_claim_table *t = make_table(c, &n);
  ip_claim_result *r = NULL;
  CHECK_EVERY_ALLOCATION(ip_claim_decide(c, t, &r), ip_claim_result_destroy(&r));
  ip_claim_table_destroy(&t);
  ip_claim_destroy(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_and_estimators_are_combined),
      cmocka_unit_test(the_decided_half_of_the_estimators_is_enough),
      cmocka_unit_test(saturated_layers_do_not_count),
      cmocka_unit_test(a_verdict_that_depends_on_which_runs_count_cannot_be_told),
      cmocka_unit_test(fewer_runs_without_a_decision_are_no_other_verdict),
      cmocka_unit_test(more_runs_without_a_decision_are_another_verdict),
      cmocka_unit_test(a_claim_may_keep_networks_that_failed_to_fit),
      cmocka_unit_test(a_firm_verdict_is_the_same_at_other_thresholds),
      cmocka_unit_test(a_table_and_a_verdict_survive_their_files),
      cmocka_unit_test(damaged_tables_are_errors),
      cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
