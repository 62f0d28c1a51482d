#include "config/settings.h"

#include "base/test/check.h"

#include <stdio.h>
#include <string.h>

static ip_scratch *sc;

static int create(void **state)
{
  (void)state;
  return ip_scratch_create(&sc) == IP_OK ? 0 : -1;
}

static int destroy(void **state)
{
  (void)state;
  ip_scratch_destroy(&sc);
  return 0;
}

static const char yaml[] = "name: szt2017\n"
                           "description: \"a: b\"\n"
                           "seed: 4\n"
                           "figures: [plane]\n"
                           "# a remark: of nobody\n"
                           "dataset:\n"
                           "  name: sphere\n"
                           "  test_file: \"\"\n"
                           "network:\n"
                           "  hidden: [10, 7]\n"
                           "  activation: tanh\n"
                           "log:\n"
                           "  count: 40\n"
                           "last: \"C:\\\\x\"\n";

static void settings_have_the_name_of_their_section_and_no_quotes(void **state)
{
  (void)state;
  ip_settings s;
  CHECK_OK(ip_settings_read(yaml, NULL, sc, &s));
  assert_string_equal(ip_settings_get(&s, "name"), "szt2017");
  assert_string_equal(ip_settings_get(&s, "dataset.name"), "sphere");
  assert_string_equal(ip_settings_get(&s, "dataset.test_file"), "");
  assert_string_equal(ip_settings_get(&s, "network.hidden"), "[10, 7]");
  assert_string_equal(ip_settings_get(&s, "network.activation"), "tanh");
  assert_string_equal(ip_settings_get(&s, "last"), "C:\\\\x");
  assert_string_equal(ip_settings_get(&s, "no.such.key"), "");
}

/* The settings of a text, one `key=value` a line. */
static void check_text(const char *text, const char *expected)
{
  static const ip_renamed renamed[] = {{"network.initialiser", "network.initializer"}, {NULL, NULL}};
  ip_settings s;
  const char *all;
  CHECK_OK(ip_settings_read(text, renamed, sc, &s));
  CHECK_OK(ip_settings_text(&s, sc, &all));
  assert_string_equal(all, expected);
}

static void values_are_those_of_yaml_however_they_are_written(void **state)
{
  (void)state;
  check_text("a: 0.1 # of the paper\nb: 'x y'\n", "a=0.1\nb=x y\n");
  check_text("hidden: [10,7]\n", "hidden=[10, 7]\n");
  check_text("hidden:\n- 10\n- 7\n", "hidden=[10, 7]\n");
  check_text("net: {act: tanh, opt: {name: sgd}}\n", "net.act=tanh\nnet.opt.name=sgd\n");
  check_text("{\n  \"net\": {\"act\": \"tanh\"},\n  \"n\": 3\n}\n", "net.act=tanh\nn=3\n");
  check_text("note: |\n  two: x\n  lines\n", "note=two: x\\nlines\\n\n");
  check_text("\"a\\nb\": \"c\\td\"\n", "a b=c\\u0009d\n");
  check_text("a: 1\nestimators: [edges]\nmeasures: [geometry]\n", "a=1\n"); /* the network is the same */
  check_text("list: [{a: 1}, \"b, c\"]\n", "list=[{a: 1}, \"b, c\"]\n");
  check_text("a: 1\na: 2\nb: &x 3\nc: !t 4\n---\nd: 5\n", "a=1\nb=3\nc=4\n");
}

static void renamed_keys_have_their_present_name(void **state)
{
  (void)state;
  check_text("network:\n  initialiser: glorot\n", "network.initializer=glorot\n");
  check_text("network.initialiser: glorot\n", "network.initializer=glorot\n");
}

static void a_text_that_is_not_yaml_is_one_setting(void **state)
{
  (void)state;
  check_text("a: b: c\nseed: 1\n", "config=a: b: c seed: 1 \n");
  check_text("a: [1\n", "config=a: [1 \n");
  check_text("a:\n\tb: 1\n", "config=a:  b: 1 \n");
  check_text("- a\n- b\n", "");
  const char *spec;
  CHECK_OK(ip_settings_first_estimator("estimators: [edges\n", sc, &spec));
  assert_string_equal(spec, "");
}

/* Such a text is of somebody who wants settings to be compared for hours, or memory for keys of megabytes. */
static void more_than_any_configuration_has_is_one_setting(void **state)
{
  (void)state;
  enum { N_SECTIONS = 10, N_KEYS = 900, LENGTH = 300 };
  ip_settings s;
  char *text = ip_alloc(N_SECTIONS * N_KEYS * 16 + LENGTH + 100, 1, "text"), *at = text;
  for (int i = 0; i < N_SECTIONS; i++) {
    at += sprintf(at, "s%d:\n", i);
    for (int k = 0; k < N_KEYS; k++) at += sprintf(at, "  k%d: 1\n", k);
  }
  CHECK_OK(ip_settings_read(text, NULL, sc, &s));
  assert_int_equal(s.n, 1);
  assert_non_null(strstr(ip_settings_get(&s, "config"), "s9:"));
  memset(text, 'a', LENGTH);
  strcpy(text + LENGTH, ": {b: 1}\n");
  CHECK_OK(ip_settings_read(text, NULL, sc, &s));
  assert_int_equal(s.n, 1);
  assert_string_equal(s.setting[0].key, "config");
  ip_free(text);
}

static void what_does_not_change_the_network_does_not_count(void **state)
{
  (void)state;
  ip_settings a, b;
  const char *text_a, *text_b;
  char other[sizeof yaml];
  strcpy(other, yaml);
  *strchr(other, '4') = '5';                          /* the seed */
  memcpy(strstr(other, "count: 40"), "count: 41", 9); /* what is logged */
  CHECK_OK(ip_settings_read(yaml, NULL, sc, &a));
  CHECK_OK(ip_settings_read(other, NULL, sc, &b));
  CHECK_OK(ip_settings_text(&a, sc, &text_a));
  CHECK_OK(ip_settings_text(&b, sc, &text_b));
  assert_string_equal(text_a, text_b);
  memcpy(strstr(other, "tanh"), "relu", 4);
  CHECK_OK(ip_settings_read(other, NULL, sc, &b));
  CHECK_OK(ip_settings_text(&b, sc, &text_b));
  assert_string_not_equal(text_a, text_b);
}

/* Each by itself, and next to a key that begins alike. */
static void these_keys_do_not_count(void **state)
{
  (void)state;
  static const char *const none[] = {"seed: 1",
                                     "repeats: 2",
                                     "silent_limit: 5",
                                     "training: {threads: 2}",
                                     "description: x",
                                     "tags: [a]",
                                     "figures: []",
                                     "figure_format: png",
                                     "estimators: []",
                                     "measures: []",
                                     "log: {count: 3}",
                                     "estimate: {samples: 3}",
                                     "correlations: {by: []}",
                                     "sweep: {a: [1]}"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) check_text(none[i], "");
  check_text("{seeds: 1, logs: {a: 1}, estimates: {a: 1}, training: {thread: 2}}\n",
             "seeds=1\nlogs.a=1\nestimates.a=1\ntraining.thread=2\n");
}

static void texts_that_are_no_configuration_have_no_settings(void **state)
{
  (void)state;
  const char *const texts[] = {"", "\n\n\n", "no colon here", "   \n  ", "#: a\n", ":", "a:"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ip_settings s;
    const char *text;
    CHECK_OK(ip_settings_read(texts[i], NULL, sc, &s));
    CHECK_OK(ip_settings_text(&s, sc, &text));
    assert_true(s.n <= 1);
  }
}

static void the_first_estimator_of_a_configuration_is_found(void **state)
{
  (void)state;
  static const char *const cases[][2] = {{"a: 1\nestimators: [edges]\n", "edges"},
                                         {"estimators: [\"width:size=0.5\", edges]\n", "width:size=0.5"},
                                         {"estimators: [kde_upper, edges]\nb: 2\n", "kde_upper"},
                                         {"estimators: []\n", ""},
                                         {"  estimators: [edges]\n", ""},
                                         {"a:\n  estimators: [edges]\n", ""},
                                         {"estimators:\n  - edges\n", "edges"},
                                         {"", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *spec;
    CHECK_OK(ip_settings_first_estimator(cases[i][0], sc, &spec));
    assert_string_equal(spec, cases[i][1]);
  }
}

static void values_have_an_order_where_they_are_numbers_or_lists(void **state)
{
  (void)state;
  assert_true(ip_setting_order("9", "10") < 0);
  assert_true(ip_setting_order("1e-3", "0.0001") > 0);
  assert_int_equal(ip_setting_order("0.1", "1e-1"), 0);
  assert_true(ip_setting_order("[4]", "[10, 7]") < 0);
  assert_int_equal(ip_setting_order("[4, 2]", "[10, 7]"), 0);
  assert_int_equal(ip_setting_order("tanh", "relu"), 0);
  assert_int_equal(ip_setting_order("", "3"), 0);
}

static ip_status read_into_own_scratch(void)
{
  ip_scratch *own;
  ip_settings s;
  const char *text;
  IP_TRY(ip_scratch_create(&own));
  ip_status st = ip_settings_read(yaml, NULL, own, &s);
  if (st == IP_OK) st = ip_settings_text(&s, own, &text);
  ip_scratch_destroy(&own);
  return st;
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(read_into_own_scratch(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(settings_have_the_name_of_their_section_and_no_quotes),
      cmocka_unit_test(values_are_those_of_yaml_however_they_are_written),
      cmocka_unit_test(renamed_keys_have_their_present_name),
      cmocka_unit_test(a_text_that_is_not_yaml_is_one_setting),
      cmocka_unit_test(more_than_any_configuration_has_is_one_setting),
      cmocka_unit_test(what_does_not_change_the_network_does_not_count),
      cmocka_unit_test(these_keys_do_not_count),
      cmocka_unit_test(texts_that_are_no_configuration_have_no_settings),
      cmocka_unit_test(the_first_estimator_of_a_configuration_is_found),
      cmocka_unit_test(values_have_an_order_where_they_are_numbers_or_lists),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("config/settings", tests, create, destroy);
}
