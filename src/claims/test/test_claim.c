#include "claims/claim.h"

#include "base/test/check.h"

#include <string.h>

static const char good[] = "claim: a-claim\n"
                           "paper: Somebody 2020\n"
                           "statement: Something is so.\n"
                           "conditions:\n"
                           "  relu: {files: [a.h5]}\n"
                           "  tanh: {files: [b.h5]}\n"
                           "seeds: {first: 7, looks: [4, 8]}\n"
                           "estimators: [\"width:size=0.07\", exact@train]\n"
                           "layers: [output, last_hidden, 2]\n"
                           "measurable: mean(last(ixt)) > 0\n"
                           "parts:\n"
                           "  falls: mean(share(ixt)) > 0.2\n"
                           "also: {rises: mean(rise(ixt) @ tanh) > 0}\n"
                           "verdict: not falls\n"
                           "combine: any layers\n";

static void a_file_is_read(void **state)
{
  (void)state;
  ip_claim *c;
  CHECK_OK(ip_claim_parse("a.yaml", good, &c));
  assert_string_equal(c->name, "a-claim");
  assert_int_equal(c->n_conditions, 2);
  assert_int_equal(ip_claim_condition_of(c, "tanh"), 1);
  assert_int_equal(c->first_seed, 7);
  assert_int_equal(c->n_looks, 2);
  assert_int_equal(c->look[1], 8);
  assert_string_equal(c->estimator[0], "width");
  assert_string_equal(c->estimator[1], "exact@train");
  assert_int_equal(c->n_layers, 3);
  assert_int_equal(c->layer[0].number, 0);
  assert_int_equal(c->layer[1].number, -1);
  assert_int_equal(c->layer[2].number, 2);
  assert_true(c->any_layer);
  assert_int_equal(c->n_parts, 1);
  assert_int_equal(c->n_also, 1);
  assert_non_null(c->measurable);
  ip_claim_destroy(&c);
  assert_int_equal(ip_mem_live(), 0);
}

/* A copy of the good file with one text replaced. */
static char *changed(const char *from, const char *to)
{
  const char *at = strstr(good, from);
  assert_non_null(at);
  char *text = ip_format("%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
  assert_non_null(text);
  return text;
}

static void the_digest_is_that_of_what_decides(void **state)
{
  (void)state;
  static const struct {
    const char *from, *to;
    bool decides;
  } cases[] = {
      {"paper: Somebody 2020", "paper: Somebody else 2021", false},
      {"Something is so.", "It is so.", false},
      {"also: {rises: mean(rise(ixt) @ tanh) > 0}\n", "", false},
      {"> 0.2", "> 0.1", true},
      {"first: 7", "first: 8", true},
      {"[4, 8]", "[4, 9]", true},
      {"last_hidden, 2]", "last_hidden, 3]", true},
      {"exact@train", "exact@test", true},
      {"any layers", "all layers", true},
      {"mean(last(ixt)) > 0\n", "mean(last(ity)) > 0\n", true},
      {"not falls", "falls", true},
  };
  ip_claim *a, *b;
  CHECK_OK(ip_claim_parse("a.yaml", good, &a));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *text = changed(cases[i].from, cases[i].to);
    CHECK_OK(ip_claim_parse("b.yaml", text, &b));
    if ((strcmp(a->digest, b->digest) != 0) != cases[i].decides) fail_msg("%s", cases[i].to);
    ip_claim_destroy(&b);
    ip_free(text);
  }
  ip_claim_destroy(&a);
}

static void all_errors_are_reported_with_their_places(void **state)
{
  (void)state;
  static const char text[] = "claim: a/claim\n"
                             "paper: Somebody 2020\n"
                             "experiment: no-such.yaml\n"
                             "set: {a: 1}\n"
                             "sets: {a: 1}\n"
                             "seeds: {first: x, looks: [8, 4]}\n"
                             "estimators: [edgs, edges, \"edges:count=30\"]\n"
                             "layers: [first]\n"
                             "parts:\n"
                             "  falls: mean(levl(ixt)) > 0.2\n"
                             "  ixt: mean(last(ixt)) > 0.2\n"
                             "verdict: fall\n"
                             "combine: some layers\n";
  static const char *const expected[] = {
      "a.yaml:1:8: error: claim: expected a directory name",
      "missing key 'statement'",
      "a.yaml:3:13: error: experiment: no such file: no-such.yaml",
      "a.yaml:5:1: error: unknown key 'sets'; did you mean 'set'?",
      "a.yaml:6:16: error: seeds.first: expected an integer",
      "a.yaml:6:30: error: seeds.looks: expected increasing numbers",
      "did you mean 'edges'?",
      "'edges' is listed twice",
      "a.yaml:8:9: error: layers: expected hidden, none or a list",
      "a.yaml:10:15: error: falls: unknown function 'levl'; did you mean 'level'?\n",
      "\n    mean(levl(ixt)) > 0.2\n         ^",
      "a.yaml:11:3: error: parts: expected a name",
      "a.yaml:12:10: error: verdict: unknown series 'fall'",
      "a.yaml:13:10: error: combine: expected 'all layers' or 'any layers'",
  };
  ip_claim *c;
  assert_int_equal(ip_claim_parse("a.yaml", text, &c), IP_ECONFIG);
  assert_null(c);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    if (!strstr(ip_error_message(), expected[i])) fail_msg("'%s' is not in:\n%s", expected[i], ip_error_message());
  ip_error_clear();
}

static void what_a_rule_reads_has_a_layer_and_an_estimator(void **state)
{
  (void)state;
  static const struct {
    const char *from, *to, *says;
  } cases[] = {
      {"layers: [output, last_hidden, 2]\n", "", "give 'layers'"},
      {"estimators: [\"width:size=0.07\", exact@train]\n", "", "list the estimators"},
      {"{files: [b.h5]}", "{experiment: a.yaml, files: [b.h5]}", "and not both"},
      {"{files: [b.h5]}", "{files: [b.h5], set: {a: 1}}", "finished runs"},
      {"  tanh:", "  output:", "other than output"},
      {"seeds:", "experiment: a.yaml\nseeds:", "belongs into one of the conditions"},
      {"verdict: not falls\n", "", "missing key 'verdict'"},
      {good, "", "the file is empty"},
      {good, "[1, 2]", "expected a mapping"},
      {"[4, 8]", "[1]", "from 2 to"},
      {"[4, 8]", "[100001]", "seeds.looks: expected an integer from 2 to 100000, got '100001'"},
      {"looks:", "look:", "unknown key 'look'; did you mean 'looks'?"},
      {"{files: [b.h5]}", "{file: [b.h5]}", "unknown key 'file'; did you mean 'files'?"},
      {"combine:", "combined:", "unknown key 'combined'; did you mean 'combine'?"},
      {"[4, 8]", "[]", "seeds.looks: expected a list of 1 to "},
      {"[4, 8]", "4", "numbers of seeds, got '4'"},
      {"[4, 8]", "[4, 4]", "seeds.looks: expected increasing numbers"},
      {"first: 7", "first: -1", "seeds.first: expected an integer from 0 to"},
      {"paper: Somebody 2020", "paper: [a]", "paper: expected a text, got a list"},
      {"paper: Somebody 2020", "paper: ''", "paper: expected a text, got an empty string"},
      {"verdict: not falls\n", "verdict: not falls\nfailed_to_fit: some\n",
       "failed_to_fit: expected 'left_out' or 'kept', got 'some'"},
      {"last_hidden, 2]", "last_hidden, 1001]", "before the last hidden layer, got '1001'"},
      {"last_hidden, 2]", "last_hidden, -1001]", "before the last hidden layer, got '-1001'"},
      {"last_hidden, 2]", "last_hidden, 0]", "before the last hidden layer, got '0'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_claim *c;
    char *text = changed(cases[i].from, cases[i].to);
    assert_int_equal(ip_claim_parse("a.yaml", text, &c), IP_ECONFIG);
    if (!strstr(ip_error_message(), cases[i].says)) fail_msg("%s: %s", cases[i].to, ip_error_message());
    ip_error_clear();
    ip_free(text);
  }
}

static void failing_allocations_are_reported(void **state)
{
  (void)state;
  size_t k = 1;
  for (ip_status st = IP_ENOMEM; st != IP_OK; k++) {
    ip_claim *c;
    ip_mem_fail_at(k);
    st = ip_claim_parse("a.yaml", good, &c);
    ip_mem_fail_at(0);
    if (st == IP_OK)
      ip_claim_destroy(&c);
    else {
      assert_int_equal(st, IP_ENOMEM);
      assert_null(c);
      ip_error_clear();
    }
    assert_int_equal(ip_mem_live(), 0);
  }
  assert_true(k > 10);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_is_read),
      cmocka_unit_test(the_digest_is_that_of_what_decides),
      cmocka_unit_test(all_errors_are_reported_with_their_places),
      cmocka_unit_test(what_a_rule_reads_has_a_layer_and_an_estimator),
      cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
