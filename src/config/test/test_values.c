/* Values are read strictly, printed so that they read back, and stored in fields of their types. */
#include "config/test/table.h"

#include <stdlib.h>

static void every_kind_of_value_reaches_its_field(void **state)
{
  (void)state;
  ip_config *c = read_text("name: 'a: b'\nseed: 9007199254740993\nspecs: [width:size=0.07, \"x y\"]\n"
                           "network:\n  hidden: [3, 2, 1]\n  colour: blue\n  shade: red\n  shades: [red, blue]\n"
                           "training:\n  epochs: +5\n  small: -100\n  rate: 1e-3\n  noise: .25\n  betas: [0, 1e9]\n"
                           "  loud: true\n");
  values v = values_of(c);
  assert_string_equal(v.name, "a: b");
  assert_true(v.seed == 9007199254740993u);
  assert_int_equal(v.n_specs, 2);
  assert_string_equal(v.specs[0], "width:size=0.07");
  assert_string_equal(v.specs[1], "x y");
  assert_int_equal(v.n_hidden, 3);
  assert_true(v.hidden[0] == 3 && v.hidden[1] == 2 && v.hidden[2] == 1);
  assert_int_equal(v.colour, BLUE);
  assert_string_equal(v.shade, "red");
  assert_int_equal(v.n_shades, 2);
  assert_string_equal(v.shades[1], "blue");
  assert_int_equal(v.epochs, 5);
  assert_int_equal(v.small, -100);
  assert_true(v.rate == 1e-3 && v.noise == 0.25f && v.n_betas == 2 && v.betas[1] == 1e9 && v.loud);
  ip_config_destroy(&c);
}

static void defaults_stand_where_nothing_is_given(void **state)
{
  (void)state;
  ip_config *c = read_text("training:\n");
  values v = values_of(c);
  assert_string_equal(v.name, "");
  assert_true(v.seed == 1 && v.epochs == 8000 && v.small == -3 && v.rate == 0.5 && v.noise == 0 && !v.loud);
  assert_true(v.n_hidden == 2 && v.hidden[1] == 7 && v.n_betas == 0 && v.n_shades == 0);
  assert_int_equal(v.colour, RED);
  assert_string_equal(v.shade, "green");
  assert_false(ip_config_is_given(c, "training.epochs"));
  CHECK_OK(ip_config_set(c, "training.epochs=7"));
  assert_true(ip_config_is_given(c, "training.epochs"));
  assert_false(ip_config_is_given(c, "no.such.key"));
  ip_config_destroy(&c);
}

static void refuse(const char *key, const char *value, const char *message)
{
  char text[256], set[256];
  const char *dot = strchr(key, '.');
  snprintf(text, sizeof text, "%.*s:\n  %s: %s\n", (int)(dot - key), key, dot + 1, value);
  check_fault(text, message);
  ip_config *c = read_text("name: x");
  snprintf(set, sizeof set, "%s=%s", key, value);
  CHECK_OK(ip_config_set(c, set));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, message);
  ip_config_destroy(&c);
}

static void whole_numbers_are_written_as_whole_numbers(void **state)
{
  (void)state;
  static const char *const wrong[] = {"1e3",  "100x", "1.0", "0x10", "1_000",  "ten", "true",
                                      ".nan", "--1",  "+",   "1,5",  "12 000", "½"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char message[128];
    snprintf(message, sizeof message, "training.epochs: expected an integer, got '%s'", wrong[i]);
    refuse("training.epochs", wrong[i], message);
  }
  refuse("training.epochs", "99999999999999999999", "expected an integer, got '99999999999999999999'");
  refuse("training.epochs", "0", "training.epochs: expected an integer of at least 1, got '0'");
  refuse("training.small", "101", "training.small: expected an integer in [-100, 100], got '101'");
}

static void numbers_are_finite_and_have_a_point(void **state)
{
  (void)state;
  static const char *const wrong[] = {"0,0004", "nan", ".nan", "inf", "-.inf", "1e999", "half", "1e", "0.1.2", "1 2"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char message[128];
    snprintf(message, sizeof message, "training.noise: expected a number, got '%s'", wrong[i]);
    refuse("training.noise", wrong[i], message);
  }
  refuse("training.rate", "0", "training.rate: expected a number in (0, 1], got '0'");
  refuse("training.rate", "1.0001", "training.rate: expected a number in (0, 1], got '1.0001'");
  ip_config *c = read_text("training: {rate: 1, noise: -0.0}");
  assert_true(values_of(c).rate == 1);
  ip_config_destroy(&c);
}

static void truth_values_are_true_and_false(void **state)
{
  (void)state;
  static const char *const wrong[] = {"yes", "no", "on", "True", "FALSE", "1", "0", "maybe"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char message[128];
    snprintf(message, sizeof message, "training.loud: expected true or false, got '%s'", wrong[i]);
    refuse("training.loud", wrong[i], message);
  }
  check_fault("training:\n  loud: \"true\"\n", "f.yaml:2:9: error: training.loud: expected true or false");
}

static void names_are_checked_and_the_nearest_is_offered(void **state)
{
  (void)state;
  refuse("network.colour", "gren", "network.colour: expected red, green or blue, got 'gren'; did you mean 'green'?");
  refuse("network.shade", "ultraviolet", "network.shade: expected red, green or blue, got 'ultraviolet'");
  refuse("network.shade", "RED", "expected red, green or blue, got 'RED'");
  refuse("network.colour", "", "network.colour: expected red, green or blue, got nothing");
  refuse("network.shades", "[red, bleu]", "network.shades: expected red, green or blue, got 'bleu'; did you mean");
}

static void lists_are_checked_element_by_element(void **state)
{
  (void)state;
  refuse("network.hidden", "[10, x]", "network.hidden: expected an integer, got 'x'");
  refuse("network.hidden", "[10, 0]", "network.hidden: expected an integer in [1, 1000], got '0'");
  refuse("network.hidden", "[]", "network.hidden: expected a list of at least 1 value, got 0");
  refuse("network.hidden", "[1, 2, 3, 4, 5]", "network.hidden: expected a list of at most 4 values, got 5");
  refuse("network.hidden", "[1, [2]]", "network.hidden: expected an integer in [1, 1000], got a list");
  refuse("training.betas", "[1, -1]", "training.betas: expected a number of at least 0, got '-1'");
  ip_config *c = read_text("{network: {hidden: [1, 2, 3, 1000]}, specs: [a, b, c]}"); /* as many, and as much */
  assert_true(values_of(c).n_hidden == 4 && values_of(c).n_specs == 3);
  ip_config_destroy(&c);
  refuse("network.hidden", "[1001]", "network.hidden: expected an integer in [1, 1000], got '1001'");
  check_fault("network:\n  hidden: 10\n", "f.yaml:2:11: error: network.hidden: expected a list of integers, such "
                                          "as [10, 7, 5], got '10'");
  check_fault("training:\n  epochs: [5]\n", "training.epochs: expected an integer of at least 1, got a list");
  check_fault("training:\n  epochs: {a: 5}\n", "expected an integer of at least 1, got a mapping");
}

static void numbers_in_quotes_are_texts(void **state)
{
  (void)state;
  check_fault("training:\n  epochs: '5'\n", "expected an integer of at least 1, got the string '5' in quotes; remove");
  check_fault("training:\n  epochs: \n", "training.epochs: expected an integer, got nothing");
  ip_config *c = read_text("name: 12\n");
  assert_string_equal(values_of(c).name, "12");
  ip_config_destroy(&c);
}

static void overrides_take_lists_with_and_without_brackets(void **state)
{
  (void)state;
  ip_config *c = read_text("name: x");
  CHECK_OK(ip_config_set(c, "network.hidden=4, 3 ,2"));
  CHECK_OK(ip_config_set(c, "specs=[\"a, b\", c]"));
  CHECK_OK(ip_config_set(c, "training.betas="));
  CHECK_OK(ip_config_set(c, "name=a=b: [c"));
  values v = values_of(c);
  assert_true(v.n_hidden == 3 && v.hidden[0] == 4 && v.hidden[1] == 3 && v.hidden[2] == 2);
  assert_int_equal(v.n_specs, 2);
  assert_string_equal(v.specs[0], "a, b");
  assert_int_equal(v.n_betas, 0);
  assert_string_equal(v.name, "a=b: [c");
  ip_config_destroy(&c);
}

/* Every text, whatever is in it, comes back from its printed form. */
static void what_is_printed_reads_back_to_the_same_values(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",     " ",         "a: b",       "- x",          "#no",         "yes", "null",   "~", "1e3", "0x1F", "\"q\"",
      "it's", "tab\there", "two\nlines", "trailing ",    "back\\slash", "é ü", "日本語", "[", "{}",  "!tag", "&a",
      "*a",   "%d",        "@x",         "width:size=1", "a, b",        "-",   "?",      "|", ">",   "\x7f",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ip_config *a = read_text("training: {rate: 0.1, noise: 3e-300, betas: [0.30000000000000004, 1e-9, 123456789]}"), *b;
    CHECK_OK(ip_config_set_value(a, "name", texts[i], "test"));
    char *text, *again;
    CHECK_OK(ip_config_text(a, IP_KEY_SHOW, &text));
    b = read_text(text);
    values v = values_of(a), w = values_of(b);
    assert_string_equal(w.name, !strcmp(texts[i], "~") || !strcmp(texts[i], "null") ? "" : texts[i]);
    assert_true(v.rate == w.rate && v.noise == w.noise && v.n_betas == w.n_betas);
    assert_memory_equal(v.betas, w.betas, v.n_betas * sizeof *v.betas);
    CHECK_OK(ip_config_text(b, IP_KEY_SHOW, &again));
    assert_string_equal(text, again);
    ip_free(text);
    ip_free(again);
    ip_config_destroy(&a);
    ip_config_destroy(&b);
  }
}

/* What other readers of YAML take for something else is printed in quotes. */
static void texts_that_look_like_other_values_keep_their_quotes(void **state)
{
  (void)state;
  static const char *const word[] = {"null", "~", "yes", "No", "true", "12", "1e3", ".nan", "0x1f"};
  for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
    char text[64], *printed;
    snprintf(text, sizeof text, "name: \"%s\"\n", word[i]);
    ip_config *c = read_text(text);
    assert_string_equal(values_of(c).name, word[i]);
    CHECK_OK(ip_config_text(c, IP_KEY_SHOW, &printed));
    assert_non_null(strstr(printed, text));
    ip_free(printed);
    ip_config_destroy(&c);
  }
}

static void equal_values_print_alike(void **state)
{
  (void)state;
  ip_config *a = read_text("training: {rate: 1e-1, noise: -0.0, epochs: +8}\nnetwork: {hidden: [ 10,7 ]}"),
            *b = read_text("network:\n  hidden:\n  - 10\n  - 7\ntraining:\n  epochs: 8\n  noise: 0\n  rate: 0.10\n");
  char *p, *q;
  CHECK_OK(ip_config_text(a, IP_KEY_SHOW, &p));
  CHECK_OK(ip_config_text(b, IP_KEY_SHOW, &q));
  assert_string_equal(p, q);
  ip_free(p);
  ip_free(q);
  CHECK_OK(ip_config_value_text(a, "network.hidden", &p));
  assert_string_equal(p, "[10, 7]");
  ip_free(p);
  ip_config_destroy(&a);
  ip_config_destroy(&b);
}

static void check_template(const ip_config *c, const ip_config_template *t, const char *expected)
{
  char *text = NULL;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  ip_config_print_template(c, t, out);
  fclose(out);
  assert_string_equal(text, expected);
  free(text);
}

/* Of a template: keys that are given, those that are listed, and on request all others as comments. */
static void a_template_has_the_keys_that_are_given_or_listed(void **state)
{
  (void)state;
  static const char *const also[] = {"name", "training.loud", NULL};
  ip_config *c = read_text("name: own\nnetwork: {hidden: [4], shade: blue}\nsweep: {seed: [1, 2]}\n");
  const ip_config_template plain = {0}, listed = {.also = also}, inherits = {.inherits = true, .also = also};
  check_template(
      c, &plain,
      "\nnetwork:\n  # Widths.\n  hidden: [4] # units\n\n  # Another colour.\n  # One of: red, green, blue.\n"
      "  shade: blue\n\nsweep:\n  seed: [1, 2]\n");
  check_template(c, &listed,
                 "\n# A name.\nname: \"\"\n\nnetwork:\n  # Widths.\n  hidden: [4] # units\n\n  # Another colour.\n"
                 "  # One of: red, green, blue.\n  shade: blue\n\ntraining:\n  # Noise.\n  loud: false\n\nsweep:\n"
                 "  seed: [1, 2]\n");
  check_template(c, &inherits,
                 "\n# A name.\nname: \"\"\n\nnetwork:\n  # Widths.\n  #hidden: [4] # units\n\n  # Another colour.\n"
                 "  # One of: red, green, blue.\n  #shade: blue\n\ntraining:\n  # Noise.\n  loud: false\n");
  ip_config_destroy(&c);
  static const ip_key keys[] = {
      {"seed", IP_KEY_INT, IP_KEY_TRAIN, VALUE(seed), .value = "1", .help = "A seed."},
      {"a.rate", IP_KEY_REAL, IP_KEY_TRAIN, VALUE(rate), .value = "1e-8", .unit = "per step", .help = "A rate."}};
  static const ip_key_section sections[] = {{"", "First"}, {"a", "Second"}};
  static const ip_schema small = {.key = keys, .n_keys = 2, .section = sections, .n_sections = 2};
  CHECK_OK(ip_config_create(&small, &c));
  check_template(c, &(ip_config_template){.all = true},
                 "\n# A seed.\n#seed: 1\n\na:\n  # A rate.\n  #rate: 1.0e-08 # per step\n");
  ip_config_destroy(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_of_value_reaches_its_field),
      cmocka_unit_test(defaults_stand_where_nothing_is_given),
      cmocka_unit_test(whole_numbers_are_written_as_whole_numbers),
      cmocka_unit_test(numbers_are_finite_and_have_a_point),
      cmocka_unit_test(truth_values_are_true_and_false),
      cmocka_unit_test(names_are_checked_and_the_nearest_is_offered),
      cmocka_unit_test(lists_are_checked_element_by_element),
      cmocka_unit_test(numbers_in_quotes_are_texts),
      cmocka_unit_test(overrides_take_lists_with_and_without_brackets),
      cmocka_unit_test(what_is_printed_reads_back_to_the_same_values),
      cmocka_unit_test(texts_that_look_like_other_values_keep_their_quotes),
      cmocka_unit_test(equal_values_print_alike),
      cmocka_unit_test(a_template_has_the_keys_that_are_given_or_listed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
