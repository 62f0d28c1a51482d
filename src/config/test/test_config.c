/* What is wrong in a file is told with its place, all of it at once, with what was probably meant. */
#include "config/test/table.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_message(const ip_config *c, const char *message)
{
  ip_error_clear();
  assert_int_equal(ip_config_check(c), IP_ECONFIG);
  assert_string_equal(ip_error_message(), message);
  ip_error_clear();
}

static void all_faults_come_in_one_message_in_the_order_of_their_places(void **state)
{
  (void)state;
  ip_config *c = read_text("training:\n"
                           "  epochs: 1e3\n"
                           "  rat: 0.1\n"
                           "netwrk:\n"
                           "  hidden: [1]\n"
                           "network: {hidden: [10, 0], colour: pink}\n");
  CHECK_OK(ip_config_set(c, "training.epochs=x"));
  CHECK_OK(ip_config_set(c, "nonsense"));
  assert_int_equal(ip_config_n_errors(c), 7);
  check_message(c, "f.yaml:2:11: error: training.epochs: expected an integer, got '1e3'\n"
                   "f.yaml:3:3: error: unknown key 'training.rat'; did you mean 'training.rate'?\n"
                   "f.yaml:4:1: error: unknown key 'netwrk'; did you mean 'network'?\n"
                   "f.yaml:6:24: error: network.hidden: expected an integer in [1, 1000], got '0'\n"
                   "f.yaml:6:36: error: network.colour: expected red, green or blue, got 'pink'\n"
                   "--set training.epochs=x: error: training.epochs: expected an integer, got 'x'\n"
                   "--set nonsense: error: expected key=value, as in --set training.epochs=100");
  ip_config_destroy(&c);
}

static void unknown_keys_come_with_the_key_that_was_probably_meant(void **state)
{
  (void)state;
  check_fault("network: {hiden: [1]}",
              "f.yaml:1:11: error: unknown key 'network.hiden'; did you mean 'network.hidden'?");
  check_fault("hidden: [1]", "unknown key 'hidden'; did you mean 'network.hidden'?");
  check_fault("training: {hidden: [1]}", "unknown key 'training.hidden'; did you mean 'network.hidden'?");
  check_fault("swep: {}", "unknown key 'swep'; did you mean 'sweep'?");
  check_fault("traning: {}", "did you mean 'training'?");
  check_fault("traning.rat: 1", "unknown key 'traning.rat'; did you mean 'training.rate'?"); /* of all keys */
  check_fault("netwrk.shads: []", "unknown key 'netwrk.shads'; did you mean 'network.shade'?");
  check_fault("network: {qwertyuiop: 1}", "unknown key 'network.qwertyuiop'; --help-keys lists all keys");
  check_fault("training: {lound: true}", "did you mean 'training.loud'?");
  check_fault("qwertyuiop: 1", "unknown key 'qwertyuiop'; --help-keys lists all keys");
  check_fault("network: {hidden: {deep: 1}}", "network.hidden: expected a list of integers");
  check_fault("network.hidden.deep: 1", "unknown key 'network.hidden.deep'");
}

static void renamed_keys_come_with_their_present_name(void **state)
{
  (void)state;
  check_fault("training: {speed: 1}", "f.yaml:1:12: error: training.speed was renamed to training.rate");
  check_fault("training.speed: 1", "f.yaml:1:1: error: training.speed was renamed to training.rate");
  ip_config *c = read_text("{}");
  values v;
  const char text[] = "training: {speed: 0.25}";
  ip_config_expect_stored(c);
  CHECK_OK(ip_config_read_text(c, "f.yaml", strlen(text), text));
  ip_config_fill(c, &v);
  assert_true(v.rate == 0.25);
  CHECK_OK(ip_config_set(c, "training.speed=1"));
  check_message(c, "--set training.speed=1: error: training.speed was renamed to training.rate");
  ip_config_destroy(&c);
}

static void sections_are_mappings_and_keys_may_be_written_in_full(void **state)
{
  (void)state;
  check_fault("network: 5", "f.yaml:1:10: error: network: expected a mapping of keys, got '5'");
  check_fault("network: [1]", "network: expected a mapping of keys, got a list");
  check_fault("sweep: 5", "sweep: expected a mapping of keys to lists, got '5'");
  check_fault("- a\n- b\n", "f.yaml:1:1: error: expected a mapping of keys ('key: value' lines), got a list");
  check_fault("hello", "expected a mapping of keys ('key: value' lines), got 'hello'");
  ip_config *c = read_text("training.epochs: 5\nnetwork:\nsweep:\n");
  assert_int_equal(values_of(c).epochs, 5);
  ip_config_destroy(&c);
}

static void an_override_of_a_section_is_told_how_keys_are_named(void **state)
{
  (void)state;
  ip_config *c = read_text("name: x");
  CHECK_OK(ip_config_set(c, "network={hidden: [1]}"));
  check_message(c, "--set network={hidden: [1]}: error: 'network' is a section; its keys are named in full, as in "
                   "network.hidden");
  ip_config_destroy(&c);
}

/* A byte order mark, line ends of Windows, and a zero byte. */
static void files_of_other_editors_are_read(void **state)
{
  (void)state;
  static const char windows[] = "\xef\xbb\xbftraining:\r\n  epochs: 5\r\n  loud: true\r\n", zero[] = "name: a\0b\n";
  ip_config *c = read_text(windows);
  assert_int_equal(values_of(c).epochs, 5);
  ip_config_destroy(&c);
  CHECK_OK(ip_config_create(&table, &c));
  CHECK_OK(ip_config_read_text(c, "f.yaml", sizeof zero - 1, zero));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "f.yaml:1:8: error: the file is not UTF-8 text: control characters");
  ip_config_destroy(&c);
}

static void a_key_given_twice_is_one_fault(void **state)
{
  (void)state;
  ip_config *c = read_text("training:\n  epochs: 1\n  epochs: 2\n");
  check_message(c, "f.yaml:3:3: error: duplicate key 'epochs', first in line 2");
  ip_config_destroy(&c);
  c = read_text("training.epochs: 1\ntraining:\n  epochs: 2\n");
  check_message(c, "f.yaml:3:3: error: training.epochs: duplicate key, first in line 1");
  ip_config_destroy(&c);
}

static void a_second_file_and_an_override_replace_what_came_before(void **state)
{
  (void)state;
  ip_config *c = read_text("training: {epochs: 1, rate: 0.1}");
  CHECK_OK(ip_config_read_text(c, "g.yaml", 21, "training: {epochs: 2}"));
  values v = values_of(c);
  assert_true(v.epochs == 2 && v.rate == 0.1);
  CHECK_OK(ip_config_set(c, "training.epochs=3"));
  assert_int_equal(values_of(c).epochs, 3);
  ip_config_destroy(&c);
}

static void what_is_no_plain_yaml_is_refused_with_advice(void **state)
{
  (void)state;
  static const char *const wrong[][2] = {
      {"", "f.yaml:1:1: error: the file is empty; infoplane init writes one to start from"},
      {"# only a comment\n", "the file is empty"},
      {"training:\n\tepochs: 1\n", "f.yaml:2:1: error: tab in indentation; use spaces"},
      {"training:\n  epochs 1\n  rate: 2\n", "f.yaml:3:7: error: mapping values are not allowed in this context; put "},
      {"training:\n  epochs 1\n  rate: 2\n", "look for a missing colon above"},
      {"training:\n  epochs: 1\nlog\n",
       "f.yaml:4:1: error: could not find expected ':' while scanning a simple key; a key"},
      {"training: {epochs: 1\n", "f.yaml:2:1: error: "},
      {"network:\n  hidden: [1, 2\n", "a list is closed by ']'"},
      {"name: 'open\n", "a quote is not closed"},
      {"name: a: b\n", "put quotes around a string that contains ': '"},
      {"training:\n    epochs: 1\n  rate: 1\n", "check the indentation"},
      {"name: @x\n", "a value cannot start with '@' unless it is in quotes"},
      {"name: &a x\n", "anchors (&name) are not supported; write the value out"},
      {"network: &a {hidden: [1]}\n", "f.yaml:1:10: error: anchors (&name) are not supported"},
      {"specs: &a [b]\n", "f.yaml:1:8: error: anchors (&name) are not supported"},
      {"&a name: b\n", "f.yaml:1:1: error: anchors (&name) are not supported"},
      {"network: !t {hidden: [1]}\n", "f.yaml:1:10: error: tags (!name) are not supported"},
      {"specs: !t [b]\n", "f.yaml:1:8: error: tags (!name) are not supported"},
      {"name: *a\n", "aliases (*name) are not supported; write the value out"},
      {"name: !!str 5\n", "tags (!name) are not supported; the key determines the type"},
      {"name: a\n---\nname: b\n", "f.yaml:2:1: error: a second document starts here; one file is one experiment"},
      {"? [a, b]\n: c\n", "a key must be a word"},
      {"name: \"a\\0b\"\n", "a string cannot contain a zero byte"},
      {"name: \xff\xfe\xfd\n", "the file is not UTF-8 text"},
      {"name: ok\nseed: \xc3(\n", "f.yaml:2:8: error: the file is not UTF-8 text"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    check_fault(wrong[i][0], wrong[i][1]);
    ip_config *c = read_text(wrong[i][0]); /* reading ends there */
    if (ip_config_n_errors(c) != 1) fail_msg("case %zu: %zu errors", i, ip_config_n_errors(c));
    ip_config_destroy(&c);
  }
}

static void nesting_size_and_number_of_faults_are_limited(void **state)
{
  (void)state;
  enum { N = 3000 };
  char *text = malloc(64 * N);
  assert_non_null(text);
  memset(text, '[', N);
  text[N] = 0;
  check_fault(text, "nested more than 16 levels deep");

  char *at = text;
  for (int i = 0; i < 900; i++) at += sprintf(at, "key%d: 1\n", i);
  ip_config *c = read_text(text);
  assert_int_equal(ip_config_n_errors(c), 900);
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "f.yaml:1:1: error: unknown key 'key0'");
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "\n... and 880 more errors");
  ip_config_destroy(&c);

  at = text;
  for (int i = 0; i < N; i++) at += sprintf(at, "key%d: 1\n", i);
  check_fault(text, "more than 1000 keys in one mapping");

  static const char *const breaks[] = {"\n", "\r", "\xe2\x80\xa8"};
  for (size_t k = 0; k < sizeof breaks / sizeof *breaks; k++) { /* which libyaml compares with each other */
    at = text;
    for (int i = 0; i < N; i++) at += sprintf(at, "%%TAG !a%d! tag:x%s", i, breaks[k]);
    strcpy(at, "--- name: a\n");
    check_fault(text, "more than 16 lines begin with '%'");
  }
  check_fault("%TAG !a! tag:x\n--- {names: a}\n", "unknown key 'names'");

  strcpy(text, "name: ");
  memset(text + 6, 'x', N);
  text[6 + N] = 0;
  c = read_text(text);
  assert_int_equal(strlen(values_of(c).name), N);
  CHECK_OK(ip_config_set_value(c, "training.epochs", text, "test"));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "got 'name: xxxxxxxxx");
  ip_config_destroy(&c);
  free(text);
}

static void faults_of_the_caller_have_the_place_of_the_value(void **state)
{
  (void)state;
  ip_config *c = read_text("training:\n  epochs: 5\n");
  CHECK_OK(ip_config_add_error(c, "training.rate", "is a default of %d", 3));
  CHECK_OK(ip_config_add_error(c, "training.epochs", "is too few"));
  CHECK_OK(ip_config_add_error(c, NULL, "all is wrong"));
  check_message(c, "f.yaml: error: training.rate: is a default of 3\nf.yaml: error: all is wrong\n"
                   "f.yaml:2:11: error: training.epochs: is too few");
  ip_config_destroy(&c);
  c = read_text("name: [\n"); /* cannot be read, but is the file */
  CHECK_OK(ip_config_add_error(c, NULL, "all is wrong"));
  CHECK_FAILS(ip_config_check(c), IP_ECONFIG, "f.yaml: error: all is wrong");
  ip_config_destroy(&c);
}

static void files_that_cannot_be_read_are_told_with_the_reason(void **state)
{
  (void)state;
  char dir[] = "/tmp/ip_config_XXXXXX";
  assert_non_null(mkdtemp(dir));
  ip_config *c;
  CHECK_OK(ip_config_create(&table, &c));
  CHECK_FAILS(ip_config_read(c, "/nonexistent/a.yaml"), IP_ECONFIG,
              "/nonexistent/a.yaml: cannot read the configuration: No such file or directory");
  CHECK_FAILS(ip_config_read(c, dir), IP_ECONFIG, "cannot read the configuration: Is a directory");
  char *path = ip_format("%s/big.yaml", dir);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  assert_int_equal(ftruncate(fileno(out), (off_t)17 << 20), 0);
  fclose(out);
  CHECK_FAILS(ip_config_read(c, path), IP_ECONFIG, "larger than 16 MiB; this is not a configuration");
  out = fopen(path, "w");
  assert_non_null(out);
  for (int i = 0; i < 2000; i++) fputs("# a long comment\n", out);
  fputs("training: {epochs: 12}\n", out);
  fclose(out);
  CHECK_OK(ip_config_read(c, path));
  assert_int_equal(values_of(c).epochs, 12);
  unlink(path);
  rmdir(dir);
  ip_free(path);
  ip_config_destroy(&c);
}

static void printing_stops_at_the_role_asked_for(void **state)
{
  (void)state;
  ip_config *c = read_text("name: x\nsweep: {training.epochs: [1, 2]}");
  char *train, *estimate, *show;
  CHECK_OK(ip_config_text(c, IP_KEY_TRAIN, &train));
  CHECK_OK(ip_config_text(c, IP_KEY_ESTIMATE, &estimate));
  CHECK_OK(ip_config_text(c, IP_KEY_SHOW, &show));
  assert_null(strstr(train, "specs"));
  assert_null(strstr(train, "name"));
  assert_non_null(strstr(estimate, "specs: [edges]\n"));
  assert_null(strstr(estimate, "sweep"));
  assert_non_null(strstr(show, "name: x\n"));
  assert_non_null(strstr(show, "sweep:\n  training.epochs: [1, 2]\n"));
  ip_free(train);
  ip_free(estimate);
  ip_free(show);
  ip_config_destroy(&c);
}

static void a_diff_names_each_key_that_changed_with_both_values(void **state)
{
  (void)state;
  ip_config *a = read_text("network: {hidden: [3]}\nsweep: {training.epochs: [1, 2]}"),
            *b = read_text("network: {hidden: [3, 2]}\nspecs: [edges]\ntraining: {rate: 5e-1}\nname: b"), *copy;
  ip_scratch *sc;
  ip_config_change *change;
  size_t n;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_config_diff(a, b, sc, &n, &change));
  assert_int_equal(n, 3);
  assert_string_equal(change[0].key, "name");
  assert_int_equal(change[0].role, IP_KEY_SHOW);
  assert_string_equal(change[1].key, "network.hidden");
  assert_string_equal(change[1].from, "[3]");
  assert_string_equal(change[1].to, "[3, 2]");
  assert_string_equal(change[2].key, "sweep");
  assert_string_equal(change[2].from, "{training.epochs: [1, 2]}");
  assert_string_equal(change[2].to, "");
  CHECK_OK(ip_config_copy(b, &copy));
  ip_config_destroy(&b);
  CHECK_OK(ip_config_diff(copy, copy, sc, &n, &change));
  assert_int_equal(n, 0);
  assert_string_equal(values_of(copy).name, "b");
  ip_scratch_destroy(&sc);
  ip_config_destroy(&a);
  ip_config_destroy(&copy);
}

static char *help(const char *only)
{
  char *text;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  ip_config_help(&table, only, out);
  fclose(out);
  return text;
}

static void the_help_shows_every_key_with_default_range_and_choices(void **state)
{
  (void)state;
  char *text = help(NULL);
  for (size_t k = 0; k < table.n_keys; k++) assert_non_null(strstr(text, table.key[k].name));
  assert_non_null(strstr(text, "  training.epochs: 8000\n      (an integer in [1, inf); epochs)\n      How long.\n"));
  assert_non_null(strstr(text, "  network.hidden: [10, 7]\n      (a list of integers in [1, 1000]; units; 1 to 4 "));
  assert_non_null(strstr(text, "One of: red, green, blue."));
  free(text);
  text = help("training.e");
  assert_string_equal(text, "\nTraining\n  training.epochs: 8000\n      (an integer in [1, inf); epochs)\n"
                            "      How long.\n");
  free(text);
}

/* A list without an upper limit, numbers without a range, and no default. */
static void the_help_of_other_keys_has_what_they_have(void **state)
{
  (void)state;
  static const ip_key keys[] = {
      {"specs", IP_KEY_TEXTS, IP_KEY_TRAIN, VALUES(specs, n_specs), .value = "[a, b]", .least = 2, .help = "Two."},
      {"a.noise", IP_KEY_REAL, IP_KEY_TRAIN, VALUE(noise), .value = "0", .help = "Three."},
      {"name", IP_KEY_TEXT, IP_KEY_TRAIN, VALUE(name), .value = "", .help = "One."}};
  static const ip_key_section sections[] = {{"", "First"}, {"a", "Second"}, {"b", "None"}};
  static const ip_schema other = {.key = keys, .n_keys = 3, .section = sections, .n_sections = 3};
  char *text;
  size_t n;
  FILE *out = open_memstream(&text, &n);
  assert_non_null(out);
  ip_config_help(&other, NULL, out);
  fclose(out);
  assert_string_equal(text, "First\n  specs: [a, b]\n      (a list of strings; 2 or more values)\n      Two.\n"
                            "  name: \"\"\n      (a string)\n      One.\n"
                            "\nSecond\n  a.noise: 0\n      (a number)\n      Three.\n");
  free(text);
  ip_config *a, *b = read_text("{}");
  ip_config_change *change;
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_config_create(&other, &a));
  CHECK_FAILS(ip_config_diff(a, b, sc, &n, &change), IP_EINVAL, "cannot compare configurations of different tables");
  CHECK_OK(ip_config_read_text(a, "f.yaml", 9, "name: abc")); /* a table in which no file inherits */
  CHECK_OK(ip_config_value_text(a, "name", &text));
  assert_string_equal(text, "abc");
  ip_free(text);
  CHECK_FAILS(ip_config_value_text(a, "seed", &text), IP_EINVAL, "unknown key 'seed'");
  ip_scratch_destroy(&sc);
  ip_config_destroy(&a);
  ip_config_destroy(&b);
}

static void a_table_with_a_wrong_default_does_not_pass(void **state)
{
  (void)state;
  static const ip_key wrong = {"seed",        IP_KEY_INT,          IP_KEY_TRAIN, VALUE(seed),
                               .value = "-1", .range = "[0, inf)", .help = ""};
  static const ip_schema bad = {.key = &wrong, .n_keys = 1, .section = table_sections, .n_sections = 1};
  ip_config *c;
  CHECK_FAILS(ip_config_create(&bad, &c), IP_ECONFIG, "seed: expected an integer of at least 0, got '-1'");
  assert_null(c);
}

static ip_status use_all(ip_config **c, ip_config **copy, ip_scratch **sc, char **text)
{
  static const char file[] = "training: {epochs: 5, bad: 1}\nnetwork:\n  hidden: [3, 2]\nspecs: [a, b]\n";
  size_t n;
  ip_config_change *change;
  *c = *copy = NULL;
  *sc = NULL;
  *text = NULL;
  IP_TRY(ip_config_create(&table, c));
  IP_TRY(ip_config_read_text(*c, "f", sizeof file - 1, file));
  IP_TRY(ip_config_set(*c, "network.hidden=[4, x]"));
  IP_TRY(ip_config_add_error(*c, NULL, "error"));
  IP_TRY(ip_config_copy(*c, copy));
  IP_TRY(ip_config_text(*c, IP_KEY_SHOW, text));
  IP_TRY(ip_scratch_create(sc));
  return ip_config_diff(*c, *copy, *sc, &n, &change);
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state)
{
  (void)state;
  ip_config *c, *copy;
  ip_scratch *sc;
  char *text;
  CHECK_EVERY_ALLOCATION(use_all(&c, &copy, &sc, &text),
                         (ip_config_destroy(&c), ip_config_destroy(&copy), ip_scratch_destroy(&sc), ip_free(text)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_faults_come_in_one_message_in_the_order_of_their_places),
      cmocka_unit_test(unknown_keys_come_with_the_key_that_was_probably_meant),
      cmocka_unit_test(renamed_keys_come_with_their_present_name),
      cmocka_unit_test(sections_are_mappings_and_keys_may_be_written_in_full),
      cmocka_unit_test(an_override_of_a_section_is_told_how_keys_are_named),
      cmocka_unit_test(files_of_other_editors_are_read),
      cmocka_unit_test(a_key_given_twice_is_one_fault),
      cmocka_unit_test(a_second_file_and_an_override_replace_what_came_before),
      cmocka_unit_test(what_is_no_plain_yaml_is_refused_with_advice),
      cmocka_unit_test(nesting_size_and_number_of_faults_are_limited),
      cmocka_unit_test(faults_of_the_caller_have_the_place_of_the_value),
      cmocka_unit_test(files_that_cannot_be_read_are_told_with_the_reason),
      cmocka_unit_test(printing_stops_at_the_role_asked_for),
      cmocka_unit_test(a_diff_names_each_key_that_changed_with_both_values),
      cmocka_unit_test(the_help_shows_every_key_with_default_range_and_choices),
      cmocka_unit_test(the_help_of_other_keys_has_what_they_have),
      cmocka_unit_test(a_table_with_a_wrong_default_does_not_pass),
      cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
