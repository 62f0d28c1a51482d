#include "experiment/experiment.h"

#include "base/test/check.h"
#include "experiment/test/parsed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static ip_experiment *point(const ip_experiment *e, size_t k)
{
  ip_experiment *p;
  CHECK_OK(ip_experiment_point(e, k, &p));
  return p;
}

static void the_default_is_the_2017_protocol_on_the_sphere(void **state)
{
  (void)state;
  static const size_t hidden[] = {10, 7, 5, 4, 3};
  ip_experiment *e = parse("name: x");
  assert_string_equal(e->dataset.name, "sphere");
  assert_int_equal(e->dataset.labels, IP_LABELS_HARD);
  assert_true(e->dataset.train_fraction == 0.8);
  assert_int_equal(e->network.n_hidden, 5);
  assert_memory_equal(e->network.hidden, hidden, sizeof hidden);
  assert_int_equal(e->network.activation, IP_TANH);
  assert_int_equal(e->network.output, IP_OUTPUT_SOFTMAX);
  assert_int_equal(e->network.initializer, IP_TRUNCATED_NORMAL_FAN_IN);
  assert_int_equal(e->network.output_initializer, IP_INITIALIZER_SAME);
  assert_int_equal(e->training.optimizer, IP_ADAM);
  assert_true(e->training.learning_rate == 4e-4 && e->training.beta1 == 0.9 && e->training.beta2 == 0.999);
  assert_true(e->training.epsilon == 1e-8 && e->training.weight_decay == 0 && e->training.max_norm == 0);
  assert_int_equal(e->training.objective, IP_CROSS_ENTROPY);
  assert_true(e->network.quantize_bits == 0 && e->network.noise_variance == 0);
  assert_int_equal(e->training.epochs, 8000);
  assert_int_equal(e->training.batch_size, 512);
  assert_false(e->training.shuffle);
  assert_int_equal(e->log.samples, IP_LOG_ALL);
  assert_int_equal(e->log.keep, IP_KEEP_ALL);
  assert_int_equal(e->n_estimators, 1);
  assert_string_equal(e->estimators[0], "edges");
  size_t n;
  int64_t *epoch;
  CHECK_OK(ip_experiment_epochs(e, e->training.epochs, &n, &epoch));
  assert_int_equal(n, 274);
  ip_free(epoch);
  assert_int_equal(ip_experiment_n_points(e), 1);
  ip_experiment_destroy(&e);
}

/* The defaults of the datasets stand in their module and, as text, in the table. */
static void the_defaults_of_the_data_are_those_of_their_module(void **state)
{
  (void)state;
  ip_experiment *e = parse("name: x");
  ip_dataset_options a = e->dataset, b = ip_dataset_options_default();
  assert_string_equal(a.name, b.name);
  assert_true(a.gamma == b.gamma && a.theta == b.theta && a.noise == b.noise);
  assert_true(a.n_samples == b.n_samples && a.n_in == b.n_in && a.n_targets == b.n_targets);
  assert_true(a.labels == b.labels && a.split == b.split && a.scale == b.scale);
  assert_true(a.train_fraction == b.train_fraction && a.random_labels == b.random_labels);
  assert_true(a.max_train == b.max_train && a.max_test == b.max_test);
  ip_experiment_destroy(&e);
}

static void the_name_comes_from_the_file_unless_it_is_given(void **state)
{
  (void)state;
  ip_experiment *e = parse("seed: 3");
  assert_string_equal(e->name, "some-file");
  ip_experiment_destroy(&e);
  e = parse("name: other");
  assert_string_equal(e->name, "other");
  ip_experiment_destroy(&e);
  check_wrong("name: ../up", "f.yaml:1:7: error: name: expected a directory name");
  check_wrong("name: a/b", "expected a directory name");
  check_wrong("name: \"\"", "expected a directory name");
}

static void the_text_of_an_experiment_reads_back_to_the_same_experiment(void **state)
{
  (void)state;
  ip_experiment *a =
      parse("description: \"a: #b\\n\"\nnetwork:\n  hidden: [3, 2]\nestimators: [width:size=0.07, edges]\n"
            "sweep:\n  training.learning_rate: {from: 1e-5, to: 1e-3, count: 3, scale: log}\n"
            "  zip:\n    dataset.labels: [hard, soft]\n    dataset.gamma: [12, 41.64]\n");
  char *text, *again;
  CHECK_OK(ip_experiment_text(a, &text));
  ip_experiment *b;
  CHECK_OK(ip_experiment_parse("resolved", text, 0, NULL, &b));
  CHECK_OK(ip_experiment_text(b, &again));
  assert_string_equal(text, again);
  assert_string_equal(a->digest, b->digest);
  assert_int_equal(ip_experiment_n_points(b), 6);
  for (size_t k = 0; k < 6; k++) {
    ip_experiment *p = point(a, k), *q = point(b, k);
    assert_string_equal(p->digest, q->digest);
    assert_string_equal(p->run_name, q->run_name);
    ip_experiment_destroy(&p);
    ip_experiment_destroy(&q);
  }
  ip_free(text);
  ip_free(again);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
}

static void a_point_read_back_from_its_text_has_the_same_digests(void **state)
{
  (void)state;
  ip_experiment *e = parse("repeats: 3\nsweep:\n  network.activation: [tanh, relu]\n"), *p = point(e, 4), *q;
  char *text;
  CHECK_OK(ip_experiment_text(p, &text));
  CHECK_OK(ip_experiment_parse("run.h5", text, 0, NULL, &q));
  assert_string_equal(p->digest, q->digest);
  assert_string_equal(p->estimate_digest, q->estimate_digest);
  ip_free(text);
  ip_experiment_destroy(&q);
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&e);
}

static void check_digests(const char *text, bool same_training, bool same_estimates)
{
  ip_experiment *a = parse("name: x"), *b = parse(text);
  assert_int_equal(strlen(a->digest), 64);
  assert_int_equal(!strcmp(a->digest, b->digest), same_training);
  assert_int_equal(!strcmp(a->estimate_digest, b->estimate_digest), same_estimates);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
}

static void digests_change_with_what_results_depend_on_and_nothing_else(void **state)
{
  (void)state;
  check_digests("name: y\ndescription: z\nrepeats: 9\nfigures: []\nlog: {keep: none}", true, true);
  check_digests("estimators: [width]", true, false);
  check_digests("seed: 2", false, false);
  check_digests("training: {learning_rate: 0.0005}", false, false);
  check_digests("training: {learning_rate: 4e-4}", true, true);
  check_digests("log: {samples: test}", false, false);
}

static void points_are_the_grid_times_the_seeds(void **state)
{
  (void)state;
  ip_experiment *e = parse("seed: 10\nrepeats: 2\nsweep:\n  network.hidden: [[10, 7], [10, 7, 5]]\n"
                           "  network.activation: [tanh, relu]\n");
  static const char *const name[] = {
      "hidden=10x7_activation=tanh_seed=10",   "hidden=10x7_activation=tanh_seed=11",
      "hidden=10x7_activation=relu_seed=10",   "hidden=10x7_activation=relu_seed=11",
      "hidden=10x7x5_activation=tanh_seed=10", "hidden=10x7x5_activation=tanh_seed=11",
      "hidden=10x7x5_activation=relu_seed=10", "hidden=10x7x5_activation=relu_seed=11",
  };
  assert_int_equal(ip_experiment_n_points(e), 8);
  for (size_t k = 0; k < 8; k++) {
    ip_experiment *p = point(e, k);
    assert_string_equal(p->run_name, name[k]);
    assert_int_equal(p->seed, 10 + k % 2);
    assert_int_equal(p->repeats, 1);
    assert_int_equal(p->network.n_hidden, k < 4 ? 2 : 3);
    assert_int_equal(p->network.activation, k / 2 % 2 ? IP_RELU : IP_TANH);
    assert_int_equal(ip_experiment_n_points(p), 1);
    assert_string_equal(p->name, e->name);
    ip_experiment_destroy(&p);
  }
  ip_experiment_destroy(&e);
}

static void names_that_leave_something_out_end_with_the_digest(void **state)
{
  (void)state;
  ip_experiment *e = parse("sweep:\n  dataset.name: [\"data/a b.csv\", \"data/ab.csv\"]\n");
  ip_experiment *p = point(e, 0), *q = point(e, 1);
  assert_string_not_equal(p->run_name, q->run_name);
  assert_null(strchr(p->run_name, '/'));
  assert_null(strchr(p->run_name, ' '));
  assert_non_null(strstr(p->run_name, "_seed=1_"));
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&q);
  ip_experiment_destroy(&e);

  char text[4096] = "sweep:\n  network.hidden: [[";
  for (int i = 0; i < 60; i++) strcat(text, "100, ");
  strcat(text, "3]]\n");
  e = parse(text);
  p = point(e, 0);
  assert_true(strlen(p->run_name) < 200);
  assert_non_null(strstr(p->run_name, "_seed=1_"));
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&e);
}

static void keys_are_named_by_their_last_word(void **state)
{
  (void)state;
  ip_experiment *e = parse("sweep:\n  dataset.n_in: [3]\n  training.shuffle: [true]\n  training.epsilon: [1e-9]\n  "
                           "zip:\n    dataset.noise: [0.1]\n");
  ip_experiment *p = point(e, 0);
  assert_string_equal(p->run_name, "n_in=3_shuffle=true_epsilon=1e-09_noise=0.1_seed=1");
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&e);
}

static const char *last_word(const char *key)
{
  const char *dot = strrchr(key, '.');
  return dot ? dot + 1 : key;
}

/* Names of runs have only the last words of the keys. */
static void keys_that_can_be_swept_differ_in_their_last_words(void **state)
{
  (void)state;
  const ip_schema *s = ip_experiment_schema();
  assert_true(s->n_keys < 128); /* room for their places in name.c */
  for (size_t i = 0; i < s->n_keys; i++)
    for (size_t j = 0; j < i; j++)
      if (s->key[i].role == IP_KEY_TRAIN && s->key[j].role == IP_KEY_TRAIN)
        assert_string_not_equal(last_word(s->key[i].name), last_word(s->key[j].name));
}

static void overrides_are_taken_after_the_file(void **state)
{
  (void)state;
  const char *const set[] = {"training.epochs=100", "network.hidden=4,3", "log.schedule=every"};
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("f.yaml", "training:\n  epochs: 5", 3, set, &e));
  assert_int_equal(e->training.epochs, 100);
  assert_int_equal(e->network.n_hidden, 2);
  assert_int_equal(e->log.schedule.kind, IP_SCHEDULE_EVERY);
  ip_experiment_destroy(&e);
}

/* Files of users get the present name; a run file of an earlier version is read as it is. */
static void renamed_keys_are_errors_except_in_stored_configurations(void **state)
{
  (void)state;
  static const char *const renamed[][2] = {{"network.initialiser", "network.initializer"},
                                           {"network.output_initialiser", "network.output_initializer"},
                                           {"network.quantise_bits", "network.quantize_bits"},
                                           {"network.quantise_range", "network.quantize_range"},
                                           {"estimate.null", "estimate.null_shuffles"}};
  ip_experiment *e;
  for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
    char set[64], message[128];
    const char *one = set;
    snprintf(set, sizeof set, "%s=1", renamed[i][0]);
    snprintf(message, sizeof message, "error: %s was renamed to %s", renamed[i][0], renamed[i][1]);
    CHECK_FAILS(ip_experiment_parse("f.yaml", "name: a", 1, &one, &e), IP_ECONFIG, message);
  }
  CHECK_FAILS(ip_experiment_parse("f.yaml", "sweep: {network.initialiser: [zeros, he_normal]}", 0, NULL, &e),
              IP_ECONFIG, "f.yaml:1:9: error: network.initialiser was renamed to network.initializer");
  e = parse("network: {initialiser: zeros}\nestimate: {null: 7}");
  assert_int_equal(e->network.initializer, IP_ZEROS);
  assert_int_equal(e->estimate.null_shuffles, 7);
  ip_experiment_destroy(&e);
}

static void a_file_is_loaded_and_a_missing_one_is_told(void **state)
{
  (void)state;
  char path[] = "/tmp/ip_experiment_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, "seed: 7\n", 8), 8);
  close(fd);
  ip_experiment *e;
  CHECK_OK(ip_experiment_load(path, 0, NULL, &e));
  assert_int_equal(e->seed, 7);
  ip_experiment_destroy(&e);
  unlink(path);
  CHECK_FAILS(ip_experiment_load(path, 0, NULL, &e), IP_ECONFIG, "cannot read the configuration: No such file");
  assert_null(e);
}

static ip_status load_and_take_a_point(ip_experiment **e, ip_experiment **p)
{
  *e = *p = NULL;
  IP_TRY(ip_experiment_parse("f.yaml", "repeats: 2\nsweep:\n  network.hidden: [[3], [4, 3]]\n", 0, NULL, e));
  return ip_experiment_point(*e, 3, p);
}

static void every_failed_allocation_is_reported_and_nothing_leaks(void **state)
{
  (void)state;
  ip_experiment *e, *p;
  CHECK_EVERY_ALLOCATION(load_and_take_a_point(&e, &p), (ip_experiment_destroy(&e), ip_experiment_destroy(&p)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_default_is_the_2017_protocol_on_the_sphere),
      cmocka_unit_test(the_defaults_of_the_data_are_those_of_their_module),
      cmocka_unit_test(the_name_comes_from_the_file_unless_it_is_given),
      cmocka_unit_test(the_text_of_an_experiment_reads_back_to_the_same_experiment),
      cmocka_unit_test(a_point_read_back_from_its_text_has_the_same_digests),
      cmocka_unit_test(digests_change_with_what_results_depend_on_and_nothing_else),
      cmocka_unit_test(points_are_the_grid_times_the_seeds),
      cmocka_unit_test(names_that_leave_something_out_end_with_the_digest),
      cmocka_unit_test(keys_are_named_by_their_last_word),
      cmocka_unit_test(keys_that_can_be_swept_differ_in_their_last_words),
      cmocka_unit_test(overrides_are_taken_after_the_file),
      cmocka_unit_test(renamed_keys_are_errors_except_in_stored_configurations),
      cmocka_unit_test(a_file_is_loaded_and_a_missing_one_is_told),
      cmocka_unit_test(every_failed_allocation_is_reported_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
