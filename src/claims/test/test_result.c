/* The file of a result made by hand, its comparison, the seeds that it needs, and what a claim reads of its runs. */
#include "claims/verdict.h"

#include "base/test/check.h"
#include "base/test/scratch.h"
#include "claims/needs.h"
#include "file/atomic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every field has another value. */
static ip_claim_row rows[] = {
    {.estimator = "edges",
     .layer = 2,
     .part = "falls",
     .text = "mean(share(ixt)) > 0.2",
     .effect = {.value = 0.5,
                .interval = {0.25, 0.75},
                .level = 0.975,
                .n = 12,
                .n_missing = 3,
                .n_censored = 4,
                .reason = "because"},
     .decision = IP_HOLDS,
     .at_half = IP_UNDECIDED,
     .at_double = IP_FAILS,
     .seeds_needed = 17},
    {.estimator = "",
     .part = "rises",
     .text = "b",
     .effect = {.value = -1, .interval = {-3, -2}, .level = 0.95, .n = 5},
     .decision = IP_UNDECIDED,
     .at_half = IP_FAILS,
     .at_double = IP_HOLDS,
     .seeds_needed = 8},
};
static ip_claim_cell cells[] = {{.estimator = "edges", .layer = 2, .is_measurable = true, .decision = IP_FAILS},
                                {.estimator = "width", .layer = 3, .decision = IP_HOLDS}};
static ip_claim_estimator estimators[] = {{"edges", 1, IP_UNDECIDED}, {"width", 0, IP_HOLDS}};

static ip_claim_result made_result(ip_scratch *sc)
{
  return (ip_claim_result){.sc = sc,
                           .verdict = IP_VERDICT_UNDECIDED,
                           .at_half = IP_VERDICT_HOLDS,
                           .at_double = IP_VERDICT_DEPENDS,
                           .reason = "",
                           .seeds_needed = 21,
                           .n_rows = 2,
                           .n_cells = 2,
                           .n_estimators = 2,
                           .row = rows,
                           .cell = cells,
                           .estimator = estimators};
}

static const char written[] =
    "estimator\tlayer\tpart\ttest\teffect\tlow\thigh\tlevel\tn\tmissing\tcensored\tdecision\tat_half\tat_double\t"
    "seeds_needed\treason\n"
    "-\t-\tclaim\t-\t-\t-\t-\t-\t-\t-\t-\tcannot be told\tholds\tdepends on the estimator\t21\t-\n"
    "edges\t-\testimator\t-\t-\t-\t-\t-\t-\t-\t-\tundecided\t-\t-\tnan\t-\n"
    "width\t-\testimator\t-\t-\t-\t-\t-\t-\t-\t-\tnot measurable\t-\t-\tnan\t-\n"
    "edges\t2\tlayer\t-\t-\t-\t-\t-\t-\t-\t-\tfails\t-\t-\tnan\t-\n"
    "width\t3\tlayer\t-\t-\t-\t-\t-\t-\t-\t-\tnot measurable\t-\t-\tnan\t-\n"
    "edges\t2\tfalls\tmean(share(ixt)) > 0.2\t0.5\t0.25\t0.75\t0.975\t12\t3\t4\tholds\tundecided\tfails\t17\tbecause\n"
    "-\t-\trises\tb\t-1\t-3\t-2\t0.95\t5\t0\t0\tundecided\tfails\tholds\t8\t-\n";

static void write_text(const char *path, size_t n, const char *text)
{
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, n, f), n);
  assert_int_equal(fclose(f), 0);
}

static void every_field_has_its_column(void **state)
{
  char path[] = "/tmp/claim-result-XXXXXX", *text;
  size_t n;
  ip_claim_result r = made_result(*state);
  close(mkstemp(path));
  CHECK_OK(ip_claim_result_write(&r, path));
  CHECK_OK(ip_file_read(path, 1 << 20, &n, &text));
  assert_string_equal(text, written);
  ip_free(text);
  r.reason = "so";
  CHECK_FAILS(ip_claim_result_compare(&r, path), IP_EINVAL, ":2: reason is 'so' when it is computed again, not '-'");
  remove(path);
}

/* Texts exactly, numbers to 1e-6 of the larger one, of 1 at least; the place is that of the first difference. */
static void a_difference_is_found_where_it_is(void **state)
{
  static const struct {
    const char *from, *to, *says; /* NULL: the same */
  } known[] = {
      {"\t0.5\t", "\t0.5000009\t", NULL},
      {"\t0.5\t", "\t0.5000011\t", ":7: effect is '0.5' when it is computed again, not '0.5000011'"},
      {"\t21\t", "\t21.00002\t", NULL},
      {"\t21\t", "\t21.00003\t", ":2: seeds_needed is '21' when it is computed again, not '21.00003'"},
      {"\t-3\t", "\t3\t", ":8: low is '-3' when it is computed again, not '3'"},
      {"\t17\t", "\tnan\t", ":7: seeds_needed is '17' when it is computed again, not 'nan'"},
      {"\tfalls\t", "\tfall\t", ":7: part is 'falls' when it is computed again, not 'fall'"},
      {"\tbecause\n", "\tbecause\tx\n", ":7: another number of columns or rows"},
      {"\tbecause\n", "\n", ":7: another number of columns or rows"},
      {"\t8\t-\n", "\t8\t-\n-\n", ":9: "},
      {"\t8\t-\n", "\t8\t-", ":8: another number of columns or rows"},
      {"estimator\tlayer\tpart", "estimator\tlayers\tpart", ":1: layer is 'layer' when it is computed again, not "},
  };
  char path[] = "/tmp/claim-result-XXXXXX";
  ip_claim_result r = made_result(*state);
  close(mkstemp(path));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const char *at = strstr(written, known[i].from);
    assert_non_null(at);
    char *text = ip_format("%.*s%s%s", (int)(at - written), written, known[i].to, at + strlen(known[i].from));
    write_text(path, strlen(text), text);
    ip_status st = ip_claim_result_compare(&r, path);
    if (known[i].says ? st != IP_EINVAL || !strstr(ip_error_message(), known[i].says) : st != IP_OK)
      fail_msg("%s for %s: %s", known[i].to, known[i].from, ip_error_message());
    ip_error_clear();
    ip_free(text);
  }
  remove(path);
}

/* ---------------------------------------------------------------- seeds that it needs */

/* Of an estimator `at`, two tests of layers 1 and 2. */
static void put_tests(ip_claim_row *row, ip_claim_cell *cell, size_t at, const char *name, double first, double second)
{
  for (size_t k = 0; k < 2; k++) {
    row[2 * at + k] =
        (ip_claim_row){.estimator = name, .layer = k + 1, .decision = IP_UNDECIDED, .seeds_needed = k ? second : first};
    cell[2 * at + k] =
        (ip_claim_cell){.estimator = name, .layer = k + 1, .is_measurable = true, .decision = IP_UNDECIDED};
  }
}

static double needed(const ip_claim_result *r)
{
  double n = 0;
  CHECK_OK(ip_claim_seeds_needed(r, &n));
  return n;
}

/* An estimator needs the most of its undecided tests, the claim the least with which half of the estimators decide. */
static void half_of_the_estimators_have_to_be_decided(void **state)
{
  static const char *const name[] = {"a", "b", "c", "d", "e"};
  static const double most[] = {40, 10, 30, 20, 50};
  ip_claim_row row[10];
  ip_claim_cell cell[10];
  ip_claim_estimator e[5];
  for (size_t i = 0; i < 5; i++) {
    put_tests(row, cell, i, name[i], i % 2 ? 5 : most[i], i % 2 ? most[i] : 5);
    e[i] = (ip_claim_estimator){name[i], 2, IP_UNDECIDED};
  }
  ip_claim_result r = {.sc = *state,
                       .verdict = IP_VERDICT_UNDECIDED,
                       .reason = "",
                       .n_rows = 10,
                       .n_cells = 10,
                       .n_estimators = 5,
                       .row = row,
                       .cell = cell,
                       .estimator = e};
  assert_true(needed(&r) == 30); /* three of five */
  r.n_estimators = 4;
  assert_true(needed(&r) == 20); /* two of four */
  e[1].decision = IP_HOLDS;
  assert_true(needed(&r) == 20); /* one is decided, and one more */
  e[3].n_layers = 0;
  assert_true(needed(&r) == 30); /* two of the three that can measure it */
  r.n_estimators = 1;
  assert_true(needed(&r) == 40);
  cell[0].decision = IP_FAILS; /* the layer that needs most is decided */
  assert_true(needed(&r) == 5);
  cell[0].decision = IP_UNDECIDED;
  row[0].is_also = true;
  assert_true(needed(&r) == 5);
  row[0].is_also = false, row[0].decision = IP_HOLDS;
  assert_true(needed(&r) == 5);
  row[0].decision = IP_UNDECIDED, row[0].layer = 9; /* a test that selects its own layers */
  assert_true(needed(&r) == 40);
  row[0].seeds_needed = (double)NAN;
  assert_true(isnan(needed(&r)));
  row[0].seeds_needed = 7;
  assert_true(needed(&r) == 7);
  r.reason = "too few";
  assert_true(isnan(needed(&r)));
  r.reason = "", r.verdict = IP_VERDICT_DEPENDS;
  assert_true(isnan(needed(&r)));
}

/* ---------------------------------------------------------------- what is read */

static const char head[] = "claim: test\npaper: p\nstatement: s\nfiles: a.h5\nverdict: falls\n";

/* Labels of all estimates, and places and metrics of all series, in the order of the rule. */
static void what_a_rule_reads_is_listed_once(void **state)
{
  static const struct {
    const char *more, *estimators, *needs, *finals;
  } known[] = {
      {"estimators: [edges, width]\nlayers: hidden\nparts: {falls: mean(last(ixt)) > 0}\n", "edges width", "ixt--0",
       ""},
      {"estimators: [edges, width]\nlayers: hidden\nparts: {falls: mean(last(ixt @ train)) > 0}\n",
       "edges@train width@train", "ixt-@train0", ""},
      {"estimators: [edges]\nlayers: hidden\nparts: {falls: mean(last(ixt @ \"exact\") - last(ixt)) > 0}\n",
       "exact edges", "ixt exact-0 ixt--0", ""},
      {"estimators: [edges]\nlayers: hidden\nparts: {falls: mean(last(ity @ \"exact\" @ test @ layer(2))) > 0}\n",
       "exact@test", "ity exact@test2", ""},
      {"estimators: [edges]\nlayers: hidden\nparts: {falls: mean(last(ixt) - last(ixt)) > 0}\n", "edges", "ixt--0", ""},
      {"estimators: [edges]\nlayers: hidden\nparts: {falls: mean(final(test_loss) - final(train_loss) + "
       "final(test_loss)) > 0}\n",
       "", "", "test_loss train_loss"},
      {"estimators: [edges]\nlayers: hidden\nparts: {falls: mean(last(ixt @ train) - last(ixt @ test)) > 0}\n",
       "edges@train edges@test", "ixt-@train0 ixt-@test0", ""},
      {"estimators: [edges]\nparts: {falls: any_hidden(mean(last(ixt)) > 0)}\n", "edges", "ixt--0h", ""},
      {"estimators: [edges]\nparts: {falls: \"mean(trend(last(ixt), layers)) > 0\"}\n", "edges", "ixt--0h", ""},
      {"estimators: [edges]\nlayers: hidden\nmeasurable: mean(last(ity)) > 0\nalso: {rises: mean(last(test_loss)) > "
       "0}\n"
       "parts: {falls: mean(last(ixt)) > 0}\n",
       "edges", "ity--0 ixt--0 test_loss--0", ""},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_claim *c;
    ip_claim_needs needs;
    char *text = ip_format("%s%s", head, known[i].more), labels[200] = "", found[400] = "", finals[200] = "";
    CHECK_OK(ip_claim_parse("test.yaml", text, &c));
    CHECK_OK(ip_claim_find_needs(c, *state, &needs));
    for (size_t k = 0; k < needs.n_estimators; k++)
      snprintf(labels + strlen(labels), 99, "%s%s", k ? " " : "", needs.estimator[k]);
    for (size_t k = 0; k < needs.n; k++) {
      const ip_claim_need *d = &needs.need[k];
      snprintf(found + strlen(found), 99, "%s%s%s%s%s%s%d%s", k ? " " : "", d->name, d->estimator ? " " : "-",
               d->estimator ? d->estimator : "", d->split ? "@" : "-", d->split ? d->split : "", d->layer.number,
               d->all_hidden ? "h" : "");
    }
    for (size_t k = 0; k < needs.n_finals; k++)
      snprintf(finals + strlen(finals), 99, "%s%s", k ? " " : "", needs.final[k]);
    assert_string_equal(labels, known[i].estimators);
    assert_string_equal(found, known[i].needs);
    assert_string_equal(finals, known[i].finals);
    ip_claim_destroy(&c);
    ip_free(text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_field_has_its_column),
      cmocka_unit_test(a_difference_is_found_where_it_is),
      cmocka_unit_test(half_of_the_estimators_have_to_be_decided),
      cmocka_unit_test(what_a_rule_reads_is_listed_once),
  };
  return cmocka_run_group_tests_name("claims/result", tests, scratch_setup, scratch_teardown);
}
