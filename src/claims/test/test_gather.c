/* The table of a claim from run files made by hand: every series, number, state and seed at its place. */
#include "claims/runs.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

#include <stdlib.h>
#include <sys/stat.h>

/* Condition `one` has seeds 9, 3 and 5, of which 5 did not fit and ended earlier; `two` has 4 and 3. */
static const made_run runs[] = {
    {.file = "a.h5", .experiment = "e", .config = "", .seed = 9, .n_epochs = 5, .shift = 0.5},
    {.file = "b.h5", .experiment = "e", .config = "", .seed = 3, .n_epochs = 5, .shift = 0.25, .gradient = 2},
    {.file = "c.h5", .experiment = "e", .config = "", .seed = 5, .n_epochs = 4, .failed_to_fit = true, .worse = 1},
    {.file = "d.h5", .experiment = "e", .config = "", .seed = 4, .n_epochs = 6, .flagged = true},
    {.file = "e.h5", .experiment = "e", .config = "", .seed = 3, .n_epochs = 6, .shift = 1, .worse = 0.5}};
enum { N_RUNS = sizeof runs / sizeof *runs };

static int write_runs(void **state)
{
  if (temp_create(state)) return -1;
  for (size_t i = 0; i < N_RUNS; i++) CHECK_OK(made_write(&runs[i]));
  return 0;
}

static const char more[] = "estimators: [edges, \"width:size=0.5\"]\n"
                           "layers: [output]\n"
                           "parts:\n"
                           "  falls: mean(last(ixt)) > 0 and mean(last(ity @ \"edges\" @ layer(1))) > 0\n"
                           "  rises: mean(last(gradient_mean @ layer(1))) > 0 and mean(last(\"geometry/nc1\")) > 0\n"
                           "  more: mean(last(saturated) - last(test_loss)) > 0\n"
                           "  final: mean(final(train_accuracy) - final(test_loss)) > 0\n"
                           "verdict: falls and rises and more and final\n";

/* `conditions`: with $ for the directory of the files. */
static ip_claim *claim_of(const char *conditions, const char *rules)
{
  const char *t = temp_folder;
  char text[4096];
  int n = snprintf(text, sizeof text, "claim: test\npaper: p\nstatement: s\n");
  for (const char *s = conditions; *s; s++)
    n += *s == '$' ? snprintf(text + n, sizeof text - (size_t)n, "%s", t)
                   : snprintf(text + n, sizeof text - (size_t)n, "%c", *s);
  snprintf(text + n, sizeof text - (size_t)n, "%s", rules);
  ip_claim *c;
  CHECK_OK(ip_claim_parse("test.yaml", text, &c));
  return c;
}

/* The claim is that of the table, which keeps pointers into it. */
static ip_claim_table *gathered(const char *conditions, const char *rules, ip_claim **c)
{
  ip_claim_table *t;
  ip_claim_work work = {.folder = temp_folder};
  *c = claim_of(conditions, rules);
  CHECK_OK(ip_claim_gather(*c, &work, 3, &t));
  assert_string_equal(t->rule_digest, (*c)->digest);
  return t;
}

static void forget(ip_claim_table **t, ip_claim **c)
{
  ip_claim_table_destroy(t);
  ip_claim_destroy(c);
}

static const double *series(const ip_claim_block *b, const char *name, const char *estimator, size_t layer)
{
  const double *x = ip_claim_table_series(b, name, estimator, layer);
  if (!x) fail_msg("no series %s of %s, layer %zu", name, estimator, layer);
  return x;
}

static double scalar(const ip_claim_block *b, const char *name, size_t layer, size_t seed)
{
  for (size_t i = 0; i < b->n_scalars; i++)
    if (!strcmp(b->scalar[i].name, name) && b->scalar[i].layer == layer) return b->scalar[i].x[seed];
  fail_msg("no number %s of layer %zu", name, layer);
  return 0;
}

/* What the run at place `seed` of the table has. */
static void check_run(const ip_claim_block *b, size_t seed, const made_run *m)
{
  assert_int_equal(b->state[seed], m->failed_to_fit ? IP_CLAIM_RUN_FAILED_TO_FIT : IP_CLAIM_RUN_DONE);
  for (size_t e = 0; e < b->n_epochs; e++) {
    size_t at = seed * b->n_epochs + e;
    const struct {
      double is, expected;
    } values[] = {
        {series(b, "ixt", "edges", 2)[at], made_ixt(e, 1) + m->shift},
        {series(b, "ixt", "width:size=0.5", 2)[at], made_ixt(e, 1) + 0.25},
        {series(b, "ity", "edges", 1)[at], made_ity(e, 0)},
        {series(b, "saturated", "edges", 2)[at], m->flagged && e > 0},
        {series(b, "gradient_mean", "", 1)[at], made_gradient(e, 0) * (m->gradient > 0 ? m->gradient : 1)},
        {series(b, "geometry/nc1", "", 2)[at], made_nc1(e, 1)},
        {series(b, "test_loss", "", 0)[at], 2 / (1 + (double)e) * (1 + 2 * m->worse)},
    };
    assert_int_equal(b->epoch[e], made_epoch(e));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
      if (e < m->n_epochs ? !(fabs(values[i].is - values[i].expected) < 1e-6) : !isnan(values[i].is))
        fail_msg("%s, epoch %zu: value %zu is %g, expected %g", m->file, e, i, values[i].is, values[i].expected);
  }
  size_t last = m->n_epochs - 1;
  CHECK_NEAR(scalar(b, "hx_bits", 0, seed), 2, 0);
  CHECK_NEAR(scalar(b, "hy_bits", 0, seed), 1, 0);
  CHECK_NEAR(scalar(b, "ixy_bits", 0, seed), 1, 0);
  CHECK_NEAR(scalar(b, "log2_n", 0, seed), 2, 0);
  CHECK_NEAR(scalar(b, "test_loss", 0, seed), 2 / (1 + (double)last) * (1 + 2 * m->worse), 1e-6);
  CHECK_NEAR(scalar(b, "train_accuracy", 0, seed), 0.5 + 0.01 * (double)last - 0.1 * m->worse, 1e-6);
}

static void check_missing(const ip_claim_block *b, size_t seed)
{
  assert_int_equal(b->state[seed], IP_CLAIM_RUN_MISSING);
  for (size_t s = 0; s < b->n_series; s++)
    for (size_t e = 0; e < b->n_epochs; e++) assert_true(isnan(b->series[s].x[seed * b->n_epochs + e]));
  for (size_t s = 0; s < b->n_scalars; s++) assert_true(isnan(b->scalar[s].x[seed]));
}

static void every_run_is_at_the_place_of_its_seed(void **state)
{
  (void)state;
  ip_claim *c;
  ip_claim_table *t =
      gathered("conditions: {one: {files: [$/c.h5, $/a.h5, $/b.h5]}, two: {files: [$/d.h5, $/e.h5]}}\n", more, &c);
  static const uint64_t seeds[] = {3, 4, 5, 9};
  assert_int_equal(t->n_seeds, 4);
  assert_memory_equal(t->seed, seeds, sizeof seeds);
  assert_string_equal(t->claim, "test");
  assert_int_equal(t->n_blocks, 2);
  for (size_t i = 0; i < 2; i++) {
    const ip_claim_block *b = &t->block[i];
    assert_string_equal(b->condition, i ? "two" : "one");
    assert_true(b->n_keys == 0 && b->n_epochs == (i ? 6 : 5) && b->n_layers == 2);
    assert_true(!b->layer[0].is_output && b->layer[1].is_output && b->layer[0].width == 2);
    assert_string_equal(b->layer[0].activation, "tanh");
    assert_string_equal(b->layer[1].activation, "softmax");
    assert_int_equal(b->n_series, 8); /* ixt and saturated by two, ity, gradient_mean, nc1, test_loss */
    check_run(b, 0, &runs[i ? 4 : 1]);
    if (i) check_run(b, 1, &runs[3]);
    check_missing(b, i ? 2 : 1);
    if (!i) check_run(b, 2, &runs[2]);
    if (i)
      check_missing(b, 3);
    else
      check_run(b, 3, &runs[0]);
  }
  forget(&t, &c);
}

/* Layers of the claim, and with any_hidden() the hidden ones besides. */
static void only_layers_that_are_read_are_in_the_table(void **state)
{
  (void)state;
  static const struct {
    const char *rules;
    bool layer[2];
  } known[] = {
      {"layers: hidden\nparts: {falls: mean(last(ixt)) > 0}\n", {true, false}},
      {"layers: [output]\nparts: {falls: mean(last(ixt)) > 0}\n", {false, true}},
      {"layers: [last_hidden]\nparts: {falls: mean(last(ixt)) > 0}\n", {true, false}},
      {"layers: [1, 2]\nparts: {falls: mean(last(ixt)) > 0}\n", {true, true}},
      {"layers: [output]\nparts: {falls: mean(last(ixt @ last_hidden)) > 0}\n", {true, false}},
      {"layers: [output]\nparts: {falls: mean(last(ixt)) > 0 and any_hidden(mean(last(ixt)) > 0)}\n", {true, true}},
      {"parts: {falls: any_hidden(mean(last(ixt)) > 0)}\n", {true, false}},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char rules[400];
    ip_claim *c;
    snprintf(rules, sizeof rules, "estimators: [edges]\nverdict: falls\n%s", known[i].rules);
    ip_claim_table *t = gathered("files: [$/a.h5, $/b.h5]\n", rules, &c);
    for (size_t k = 0; k < 2; k++)
      if (!ip_claim_table_series(&t->block[0], "ixt", "edges", k + 1) == known[i].layer[k])
        fail_msg("%s: layer %zu", known[i].rules, k + 1);
    forget(&t, &c);
  }
}

static const char plain[] =
    "estimators: [edges]\nlayers: hidden\nparts: {falls: mean(last(ixt)) > 0}\nverdict: falls\n";

/* The same seed in all files is that of no one. */
static void files_that_all_have_one_seed_are_numbered(void **state)
{
  (void)state;
  ip_claim *c;
  ip_claim_table *t = gathered("conditions: {one: {files: [$/e.h5]}, two: {files: [$/a.h5]}}\n", plain, &c);
  assert_true(t->n_seeds == 2 && t->seed[0] == 3 && t->seed[1] == 9); /* a single file has its own */
  forget(&t, &c);
  const made_run same = {.file = "f.h5", .experiment = "e", .config = "", .seed = 9, .n_epochs = 5, .shift = 2};
  CHECK_OK(made_write(&same));
  t = gathered("files: [$/f.h5, $/a.h5]\n", plain, &c);
  assert_true(t->n_seeds == 2 && t->seed[0] == 1 && t->seed[1] == 2);
  const double *x = series(&t->block[0], "ixt", "edges", 1);
  bool is_first = fabs(x[0] - 2.5) < 1e-9; /* files are read in the order of their names, or as given */
  CHECK_NEAR(x[0], is_first ? 2.5 : 4, 1e-9);
  CHECK_NEAR(x[5], is_first ? 4 : 2.5, 1e-9);
  forget(&t, &c);
}

static void runs_that_do_not_belong_together_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *files, *rules, *says;
  } known[] = {
      {"files: [$/a.h5, $/f.h5, $/b.h5]\n", plain, ": a second run with seed 9 in condition main"},
      {"files: [$/a.h5, $/d.h5]\n", plain,
       "d.h5: logs other epochs than the runs before it in condition main (6 epochs, 5 of them the same as the 5 "
       "there)"},
      {"files: [$/d.h5, $/a.h5]\n", plain,
       "(5 epochs, 5 of them the same as the 6 there); give runs with other epochs conditions of their own"},
      {"files: $/a.h5\n",
       "estimators: [kde_upper]\nlayers: hidden\nparts: {falls: mean(last(ixt)) > 0}\nverdict: falls\n",
       "a.h5: has no estimates by 'kde_upper'; it has: edges, width:size=0.5"},
  };
  const made_run same = {.file = "f.h5", .experiment = "e", .config = "", .seed = 9, .n_epochs = 5, .shift = 2};
  CHECK_OK(made_write(&same));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_claim *c = claim_of(known[i].files, known[i].rules);
    ip_claim_table *t;
    ip_claim_work work = {.folder = temp_folder};
    CHECK_FAILS(ip_claim_gather(c, &work, 3, &t), IP_EINVAL, known[i].says);
    assert_null(t);
    ip_claim_destroy(&c);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_run_is_at_the_place_of_its_seed),
      cmocka_unit_test(only_layers_that_are_read_are_in_the_table),
      cmocka_unit_test(files_that_all_have_one_seed_are_numbered),
      cmocka_unit_test(runs_that_do_not_belong_together_are_refused),
  };
  return cmocka_run_group_tests_name("claims/gather", tests, write_runs, temp_remove);
}
