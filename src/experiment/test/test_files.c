/* The files in experiments/ are what people read first: each must load, say what it is, and be what its paper did. */
#include "experiment/experiment.h"

#include "base/test/check.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static char *path_of(const char *file)
{
  const char *source = getenv("INFOPLANE_SOURCE");
  char *path = ip_format("%s/experiments/%s", source ? source : ".", file);
  assert_non_null(path);
  return path;
}

static ip_experiment *load(const char *file)
{
  char *path = path_of(file);
  ip_experiment *e;
  CHECK_OK(ip_experiment_load(path, 0, NULL, &e));
  ip_free(path);
  return e;
}

static ip_experiment *first_point(const char *file)
{
  ip_experiment *e = load(file), *p;
  CHECK_OK(ip_experiment_point(e, 0, &p));
  ip_experiment_destroy(&e);
  return p;
}

static void check_n_logged(const ip_experiment *e, size_t want)
{
  size_t n;
  int64_t *epoch;
  CHECK_OK(ip_experiment_epochs(e, e->training.epochs, &n, &epoch));
  assert_int_equal(n, want);
  ip_free(epoch);
}

static void check_points(const char *path)
{
  ip_experiment *e, *p;
  CHECK_OK(ip_experiment_load(path, 0, NULL, &e));
  assert_true(*e->description);
  size_t n = ip_experiment_n_points(e);
  for (size_t k = 0; k < n; k++) {
    CHECK_OK(ip_experiment_point(e, k, &p));
    assert_true(strlen(p->run_name) < 120);
    ip_experiment_destroy(&p);
  }
  ip_experiment_destroy(&e);
}

static void check_head(const char *path)
{
  char line[256];
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  assert_non_null(fgets(line, sizeof line, in));
  if (line[0] != '#') fail_msg("%s does not begin with a comment that says what it is", path);
  fclose(in);
}

static void every_file_loads_with_all_its_points_and_says_what_it_is(void **state)
{
  (void)state;
  char *pattern = path_of("*.yaml");
  glob_t found;
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  assert_true(found.gl_pathc >= 10);
  for (size_t i = 0; i < found.gl_pathc; i++) {
    check_points(found.gl_pathv[i]);
    check_head(found.gl_pathv[i]);
  }
  globfree(&found);
  ip_free(pattern);
}

static void szt2017_is_the_default_with_50_seeds(void **state)
{
  (void)state;
  ip_experiment *e = load("szt2017.yaml"), *p, *plain;
  assert_int_equal(ip_experiment_n_points(e), 50);
  CHECK_OK(ip_experiment_point(e, 0, &p));
  CHECK_OK(ip_experiment_parse("plain.yaml", "dataset: {split: random}", 0, NULL, &plain));
  assert_string_equal(p->digest, plain->digest);
  assert_string_equal(p->estimate_digest, plain->estimate_digest);
  check_n_logged(p, 274);
  ip_experiment_destroy(&plain);
  ip_experiment_destroy(&p);
  ip_experiment_destroy(&e);
}

static void the_saxe2018_files_differ_in_the_activation_alone(void **state)
{
  (void)state;
  ip_experiment *a = first_point("saxe2018-tanh.yaml"), *b = first_point("saxe2018-relu.yaml");
  assert_int_equal(a->network.activation, IP_TANH);
  assert_int_equal(a->network.initializer, IP_TRUNCATED_NORMAL_FAN_OUT);
  assert_int_equal(a->network.output_initializer, IP_GLOROT_UNIFORM);
  assert_int_equal(a->training.batch_size, 256);
  assert_true(a->training.shuffle);
  assert_true(a->training.learning_rate == 4e-4);
  check_n_logged(a, 211);
  ip_scratch *sc;
  ip_config_change *change;
  size_t n, n_train = 0;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_config_diff(a->config, b->config, sc, &n, &change));
  for (size_t i = 0; i < n; i++)
    if (change[i].role != IP_KEY_SHOW) {
      assert_string_equal(change[i].key, "network.activation");
      assert_string_equal(change[i].from, "tanh");
      assert_string_equal(change[i].to, "relu");
      n_train++;
    }
  assert_int_equal(n_train, 1);
  ip_scratch_destroy(&sc);
  ip_experiment_destroy(&a);
  ip_experiment_destroy(&b);
}

static void lorenzen2022_logs_every_fifth_epoch(void **state)
{
  (void)state;
  ip_experiment *e = first_point("lorenzen2022.yaml");
  assert_int_equal(e->network.initializer, IP_GLOROT_UNIFORM);
  assert_int_equal(e->dataset.split, IP_SPLIT_BY_STRATIFIED);
  assert_int_equal(e->training.batch_size, 256);
  assert_true(e->training.learning_rate == 1e-4);
  check_n_logged(e, 1600);
  ip_experiment_destroy(&e);
}

static void mnist_logs_144_epochs_of_the_test_images(void **state)
{
  (void)state;
  static const size_t hidden[] = {1024, 20, 20, 20};
  ip_experiment *e = first_point("mnist-tanh.yaml");
  assert_int_equal(e->network.n_hidden, 4);
  assert_memory_equal(e->network.hidden, hidden, sizeof hidden);
  assert_int_equal(e->training.optimizer, IP_SGD);
  assert_true(e->training.learning_rate == 1e-3);
  assert_int_equal(e->training.batch_size, 128);
  assert_int_equal(e->log.samples, IP_LOG_TEST);
  check_n_logged(e, 144);
  ip_experiment_destroy(&e);
}

/* Of the 4096 patterns a set must hold at least one batch. */
static void no_batch_of_the_data_sweep_is_larger_than_its_training_set(void **state)
{
  (void)state;
  ip_experiment *e = load("szt2017-data.yaml"), *p;
  size_t n = ip_experiment_n_points(e);
  for (size_t k = 0; k < n; k++) {
    CHECK_OK(ip_experiment_point(e, k, &p));
    assert_true((double)p->training.batch_size <= p->dataset.train_fraction * 4096);
    ip_experiment_destroy(&p);
  }
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_file_loads_with_all_its_points_and_says_what_it_is),
      cmocka_unit_test(szt2017_is_the_default_with_50_seeds),
      cmocka_unit_test(the_saxe2018_files_differ_in_the_activation_alone),
      cmocka_unit_test(lorenzen2022_logs_every_fifth_epoch),
      cmocka_unit_test(mnist_logs_144_epochs_of_the_test_images),
      cmocka_unit_test(no_batch_of_the_data_sweep_is_larger_than_its_training_set),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
