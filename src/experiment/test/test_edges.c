/* Values at the edge of what is allowed, and just beyond; what the name of a run has room for. */
#include "experiment/test/parsed.h"

#include "experiment/points.h"
#include "experiment/presets.h"
#include "experiment/schedule.h"
#include "file/test/temp.h"

static void check_good(const char *text)
{
  ip_experiment *e = parse(text);
  ip_experiment_destroy(&e);
}

/* "before", n times 'a', "behind" */
static const char *of_length(const char *before, size_t n, const char *behind)
{
  static char text[400];
  snprintf(text, sizeof text, "%s%0*d%s", before, (int)n, 0, behind);
  memset(text + strlen(before), 'a', n);
  return text;
}

static void names_and_tags_have_a_length_and_characters(void **state)
{
  (void)state;
  static const char *const good[] = {"a", "Z9", "a.b", "x_-+=y", "9", "+a", "=a", "_a"}, *const bad[] = {
                                                                                             ".a",    "-a",  "a b",
                                                                                             "a/b",   "a:b", "a@b",
                                                                                             "[a",    "a`",  "\xc3\xa4",
                                                                                             "a\\\\b"};
  char text[100];
  check_good(of_length("name: ", 100, "\n"));
  check_wrong(of_length("name: ", 101, "\n"), "name: expected a directory name of 1 to 100 letters");
  check_good(of_length("tags: [", 40, "]\n"));
  check_wrong(of_length("tags: [", 41, "]\n"), "tags: expected words of 1 to 40 letters");
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    snprintf(text, sizeof text, "{name: \"%s\", tags: [\"%s\"]}", good[i], good[i]);
    check_good(text);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    snprintf(text, sizeof text, "name: \"%s\"\n", bad[i]);
    check_wrong(text, "name: expected a directory name of 1 to 100 letters, digits and _ . - + =, not starting");
    snprintf(text, sizeof text, "tags: [\"%s\"]\n", bad[i]);
    if (i >= 2) check_wrong(text, "tags: expected words of 1 to 40 letters, digits and _ . - + =, got '");
  }
  check_good("tags: [.a, -b]\n"); /* which names no directory */
  check_wrong("tags: [a, b, a]\n", "tags: 'a' is listed twice");
}

static void splits_are_of_logged_samples_each_once(void **state)
{
  (void)state;
  check_good("estimate: {split: [test, all, train]}\n");
  check_good("{estimate: {split: [all]}, log: {samples: train}}\n");
  check_wrong("estimate: {split: [trani]}\n", ":1:19: error: estimate.split: got 'trani', expected all, train or test");
  check_wrong("estimate: {split: [all, test, all]}\n", "estimate.split: 'all' is listed twice");
  check_wrong("{estimate: {split: [train]}, log: {samples: train}}\n",
              "estimate.split: 'train' needs log.samples: all; with the other values");
  check_wrong("{estimate: {split: [test]}, log: {samples: test}}\n", "estimate.split: 'test' needs log.samples: all");
}

static void sizes_are_allowed_up_to_their_limit(void **state)
{
  (void)state;
  check_good("repeats: 100\nsweep:\n  training.learning_rate: {from: 0.1, to: 0.9, count: 100000}\n");
  check_wrong("repeats: 625001\nsweep: {training.epochs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]}\n",
              "sweep: has 10000016 points, repeats included; expected at most 10000000");
  check_wrong("repeats: 1000000\nsweep:\n  training.learning_rate: {from: 0.1, to: 0.9, count: 100000}\n"
              "  training.momentum: {from: 0.1, to: 0.9, count: 100000}\n"
              "  training.weight_decay: {from: 0.1, to: 0.9, count: 100000}\n",
              "sweep: has more than 18446744073709551615 points");
  check_good("silent_limit: 5\n");
  check_wrong("silent_limit: 4.999\n", "silent_limit: got 4.999 s, expected 0 or at least 5");
  check_good("{training: {epochs: 1000000}, log: {schedule: every, every: 1}}\n");
  check_wrong("{training: {epochs: 1000001}, log: {schedule: every, every: 1}}\n",
              "log.schedule: more than 1000000 logged epochs; log fewer");
  check_wrong("{training: {epochs: 1000000}, log: {schedule: every, every: 1, final: true}}\n",
              "log.schedule: more than 1000000 logged epochs; log fewer");
  check_good("log: {count: 2}\n");
  check_wrong("log: {count: 1}\n", "log.count: expected");
}

/* Seven ends of log.count and of epochs that no key allows to be wrong. */
static void a_schedule_checks_what_it_is_given(void **state)
{
  (void)state;
  static const struct {
    ip_schedule_options opt;
    int64_t epochs;
    const char *message; /* NULL: none */
  } cases[] = {
      {{.kind = IP_SCHEDULE_LOG, .count = 1000000}, 8, NULL},
      {{.kind = IP_SCHEDULE_LOG, .count = 1000001}, 8, "log.count: expected 2 to 1000000, got 1000001"},
      {{.kind = IP_SCHEDULE_LOG, .count = 1}, 8, "log.count: expected 2 to 1000000, got 1"},
      {{.kind = IP_SCHEDULE_LOG, .count = 2}, 1, NULL},
      {{.kind = IP_SCHEDULE_LOG, .count = 2}, 0, "training.epochs: expected at least 1, got 0"},
      {{.kind = IP_SCHEDULE_EVERY, .every = 1}, 1, NULL},
      {{.kind = IP_SCHEDULE_EVERY, .every = 0}, 1, "log.every: expected at least 1, got 0"},
      {{.kind = (ip_schedule_kind)9}, 1, "log.schedule: expected log, piecewise, every or list, got number 9"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t n;
    int64_t *epoch;
    if (cases[i].message)
      CHECK_FAILS(ip_schedule_create(&cases[i].opt, cases[i].epochs, &n, &epoch), IP_ECONFIG, cases[i].message);
    else
      CHECK_OK(ip_schedule_create(&cases[i].opt, cases[i].epochs, &n, &epoch));
    ip_free(epoch);
  }
}

static void check_run_name(const char *text, size_t k, const char *expected, bool has_digest)
{
  ip_experiment *e = parse(text), *point;
  CHECK_OK(ip_experiment_point(e, k, &point));
  char digest[20], with[600];
  snprintf(digest, sizeof digest, "%.12s", point->digest);
  snprintf(with, sizeof with, "%s%s%s", expected, has_digest ? "_" : "", has_digest ? digest : "");
  assert_string_equal(point->run_name, with);
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&e);
}

/* The part before the seed has at most 120 characters; what is left out or replaced is told apart by the digest. */
static void the_name_of_a_run_is_exact_or_has_a_digest(void **state)
{
  (void)state;
  char expected[500], text[600];
  check_run_name("seed: 18446744073709551\n", 0, "seed=18446744073709551", false);
  check_run_name("repeats: 3\n", 2, "seed=3", false);
  check_run_name("sweep: {network.hidden: [[10, 7], [3]], seed: [4, 9]}\n", 1, "hidden=10x7_seed=9", false);
  check_run_name("sweep: {training.epsilon: [1.0e-9, 1]}\n", 0, "epsilon=1e-09_seed=1", false);
  check_run_name("sweep: {dataset.name: [\"a b\", \"c\"]}\n", 0, "name=ab_seed=1", true);
  check_run_name("sweep: {dataset.name: [\"a:b.csv\", \"c\"]}\n", 0, "name=a-b.csv_seed=1", true);
  check_run_name("sweep: {dataset.name: [x/a_b.csv, \"c\"]}\n", 0, "name=x-a_b.csv_seed=1", false);
  const char *twins = "sweep: {dataset.name: [x/a, x-a, x/a/b, x-a/b, y/a]}\n"; /* five files */
  static const struct {
    const char *name;
    bool has_digest;
  } of_twins[] = {{"x-a", true}, {"x-a", false}, {"x-a-b", true}, {"x-a-b", true}, {"y-a", false}};
  for (size_t k = 0; k < 5; k++) {
    snprintf(expected, sizeof expected, "name=%s_seed=1", of_twins[k].name);
    check_run_name(twins, k, expected, of_twins[k].has_digest);
  }
  const char *zipped = "sweep: {network.activation: [relu], zip: {seed: [4, 9], training.epsilon: [1e-7, 1e-8], "
                       "dataset.name: [x/a, x-a]}}\n";
  check_run_name(zipped, 0, "activation=relu_epsilon=1e-07_name=x-a_seed=4", true);
  check_run_name(zipped, 1, "activation=relu_epsilon=1e-08_name=x-a_seed=9", false);
  for (size_t more = 0; more < 2; more++) { /* "name=" and '_' */
    snprintf(text, sizeof text, "sweep: {dataset.name: [%s, b]}\n", of_length("", 114 + more, ""));
    snprintf(expected, sizeof expected, "name=%s_seed=1", of_length("", 114 + more, ""));
    check_run_name(text, 0, expected, more);
  }
}

/* Files of the directory that end in .yaml, without hidden ones, in order. */
static void presets_are_the_files_that_are_not_hidden(void **state)
{
  (void)state;
  static const char *const file[] = {"d.yaml", "a.yaml", ".b.yaml", "c.txt", ".yaml", "yaml"};
  const char *const *name;
  size_t n;
  ip_scratch *sc;
  char *path;
  ip_hint hint;
  for (size_t i = 0; i < sizeof file / sizeof *file; i++) temp_write(file[i], 1, "x");
  setenv("INFOPLANE_EXPERIMENTS", temp_folder, 1);
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_preset_names(sc, &n, &name));
  assert_int_equal(n, 2);
  assert_string_equal(name[0], "a");
  assert_string_equal(name[1], "d");
  CHECK_OK(ip_preset_find("a", &path, &hint));
  assert_string_equal(path, temp_path("a.yaml"));
  ip_free(path);
  CHECK_OK(ip_preset_find("a.yaml", &path, &hint));
  assert_string_equal(path, temp_path("a.yaml"));
  ip_free(path);
  static const char *const none[] = {"", ".b", "b", "c", "c.txt", "x/a", "./a"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    CHECK_OK(ip_preset_find(none[i], &path, &hint));
    assert_null(path);
  }
  unsetenv("INFOPLANE_EXPERIMENTS");
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_and_tags_have_a_length_and_characters),
      cmocka_unit_test(splits_are_of_logged_samples_each_once),
      cmocka_unit_test(sizes_are_allowed_up_to_their_limit),
      cmocka_unit_test(a_schedule_checks_what_it_is_given),
      cmocka_unit_test(the_name_of_a_run_is_exact_or_has_a_digest),
      cmocka_unit_test(presets_are_the_files_that_are_not_hidden),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
