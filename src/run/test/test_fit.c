/* Which networks count as fitted, and what is said of the others. */
#include "run/test/runs.h"

static void a_network_that_does_not_learn_is_marked(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "lazy.h5");
  train_to(path, SMALL, "network.initializer=zeros");
  ip_run *r = open_run(path);
  assert_string_equal(ip_run_status(r), "failed_to_fit");
  assert_non_null(strstr(ip_run_reason(r), "most frequent class"));
  ip_run_close(&r);
}

/* 100 samples of one bit x and two equally frequent labels, where the best network is right for 50 + `more` of them:
 * x = 0 says nothing, x = 1 (`more` samples) means label 1. */
static void train_on_a_weak_hint(const char *path, int more)
{
  char data[128], set[160];
  in_folder(data, "hint.csv");
  FILE *out = fopen(data, "w");
  assert_non_null(out);
  fputs("x,label\n", out);
  for (int i = 0; i < 100; i++) fprintf(out, "%d,%d\n", i < more, i < 50);
  assert_int_equal(fclose(out), 0);
  snprintf(set, sizeof set, "dataset.name=%s", data);
  train_to(path,
           "name: hint\nnetwork: {hidden: [3]}\ndataset: {train_fraction: 1}\n"
           "training: {epochs: 200, batch_size: 0, learning_rate: 0.05}\n"
           "log: {schedule: list, list: [200]}\nestimators: [edges]\n",
           set);
}

static void a_network_fits_from_five_percent_above_the_most_frequent_class(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "hint.h5");
  for (int more = 4; more <= 6; more += 2) {
    train_on_a_weak_hint(path, more);
    ip_run *r = open_run(path);
    CHECK_NEAR(ip_run_final(r, "train/accuracy"), 0.5 + more / 100.0, 1e-12);
    assert_string_equal(ip_run_status(r), more < 5 ? "failed_to_fit" : "done");
    ip_run_close(&r);
    unlink(path);
  }
}

/* Targets have no classes to be right about. */
static void a_regression_has_a_loss_and_no_accuracy(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "regression.h5");
  train_to(path,
           "name: regression\nnetwork: {hidden: [5], activation: linear, output: linear}\n"
           "dataset: {name: linear_gaussian, n_samples: 500}\ntraining: {epochs: 5, batch_size: 100}\n"
           "log: {schedule: list, list: [0, 1, 2, 3, 4, 5]}\nestimators: [gaussian]\n",
           NULL);
  ip_run *r = open_run(path);
  double loss[6], accuracy[6];
  assert_int_equal(ip_run_n_epochs(r), 6);
  CHECK_OK(ip_run_read_metric(r, "test/loss", loss));
  CHECK_OK(ip_run_read_metric(r, "train/accuracy", accuracy));
  for (size_t e = 0; e < 6; e++) assert_true(loss[e] > 0 && isnan(accuracy[e]));
  assert_true(isnan(ip_run_final(r, "test/accuracy")));
  assert_string_equal(ip_run_status(r), "done");
  ip_run_close(&r);
}

static void dead_units_are_counted_and_a_half_dead_layer_is_remarked_upon(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "dead.h5");
  size_t exactly_half = 0;
  for (int seed = 1; seed <= 12; seed++) { /* narrow ReLU layers die often, not always */
    char set[16];
    snprintf(set, sizeof set, "seed=%d", seed);
    train_to(path,
             "name: dead\nnetwork: {hidden: [3, 4], activation: relu}\n"
             "training: {epochs: 60, batch_size: 128, learning_rate: 0.01}\n"
             "log: {schedule: list, list: [60]}\nestimators: [edges]\n",
             set);
    ip_run *r = open_run(path);
    double constant[3];
    float t[4096 * 4];
    CHECK_OK(ip_run_read_layer_metric(r, "constant_units", constant));
    bool half = false, more = false;
    for (size_t k = 0; k < 2; k++) {
      size_t width = ip_run_head_of(r)->layer[k].width, dead = 0;
      CHECK_OK(ip_run_read_activation(r, k, 0, t));
      for (size_t u = 0; u < width; u++) {
        float most = 0;
        for (size_t i = 0; i < 4096; i++) most = fmaxf(most, t[i * width + u]);
        dead += most == 0;
      }
      assert_true(constant[k] == (double)dead);
      half = half || 2 * dead >= width;
      more = more || 2 * dead > width;
    }
    bool done = !strcmp(ip_run_status(r), "done");
    if (done) assert_true(half == (strstr(ip_run_reason(r), "dead") != NULL));
    exactly_half += done && half && !more;
    ip_run_close(&r);
  }
  assert_true(exactly_half > 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_network_that_does_not_learn_is_marked),
      cmocka_unit_test(a_network_fits_from_five_percent_above_the_most_frequent_class),
      cmocka_unit_test(a_regression_has_a_loss_and_no_accuracy),
      cmocka_unit_test(dead_units_are_counted_and_a_half_dead_layer_is_remarked_upon),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
