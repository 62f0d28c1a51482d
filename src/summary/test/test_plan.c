/* test_plan.c - what the runs of a folder have in common. */
#include "summary/gather.h"
#include "summary/plan.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"

static void runs_of_unequal_length_have_no_common_epochs(void **state)
{
  (void)state;
  static const size_t length[][2] = {{6, 6}, {6, 4}, {4, 6}};
  for (size_t i = 0; i < 3; i++) {
    char path[2][512];
    const char *file[2];
    for (size_t k = 0; k < 2; k++) {
      const made_run m = {
          .file = k ? "b.h5" : "a.h5", .experiment = "x", .config = "", .seed = k, .n_epochs = length[i][k]};
      CHECK_OK(made_write(&m));
      snprintf(path[k], sizeof path[k], "%s", temp_path(m.file));
      file[k] = path[k];
    }
    ip_gather_plan plan;
    ip_scratch *sc;
    CHECK_OK(ip_scratch_create(&sc));
    CHECK_OK(ip_gather_plan_files("runs", 2, file, sc, &plan));
    assert_int_equal(plan.same_epochs, i == 0);
    assert_int_equal(plan.n_epochs, 6);
    ip_scratch_destroy(&sc);
  }
}

/* Files are one axis of runs: their names and seeds, and a column for each key whose values differ. */
static void files_are_runs_with_the_keys_that_differ(void **state)
{
  (void)state;
  static const char *const config[] = {"name: e\ntraining:\n  beta: 1\n  epochs: 7\n",
                                       "name: e\ntraining:\n  beta: 2\n  epochs: 7\n"};
  char path[2][512];
  const char *file[2];
  for (size_t k = 0; k < 2; k++) {
    const made_run m = {.file = k ? "b" : "a.h5",
                        .experiment = k ? "second" : "",
                        .config = config[k],
                        .seed = 40 + k,
                        .n_epochs = 3,
                        .estimator = k ? "exact" : NULL};
    CHECK_OK(made_write(&m));
    snprintf(path[k], sizeof path[k], "%s", temp_path(m.file));
    file[k] = path[k];
  }
  ip_gather_plan plan;
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_gather_plan_files("runs", 2, file, sc, &plan));
  assert_string_equal(plan.name, "second"); /* the first file that names one */
  assert_true(plan.level == 0.95 && plan.repeats == 0 && plan.n_by == 0);
  assert_true(plan.same_epochs && plan.n_epochs == 3 && plan.n_layers == MADE_LAYERS);
  for (size_t e = 0; e < 3; e++) assert_int_equal(plan.epoch[e], made_epoch(e));
  static const char *const label[] = {"edges", "width:size=0.5", "exact"}; /* those of any file, each once */
  assert_int_equal(plan.n_estimators, 3);
  for (size_t i = 0; i < 3; i++) assert_string_equal(plan.estimator[i], label[i]);
  assert_int_equal(plan.measured.n, 3);
  assert_int_equal(plan.grid->n_axes, 1);
  const ip_grid_axis *axis = &plan.grid->axis[0];
  static const char *const key[] = {"run", "seed", "training.beta"};
  static const char *const value[][2] = {{"a", "b"}, {"40", "41"}, {"1", "2"}};
  assert_true(axis->n == 2 && axis->n_keys == 3);
  for (size_t j = 0; j < 3; j++) {
    assert_string_equal(axis->key[j], key[j]);
    for (size_t k = 0; k < 2; k++) assert_string_equal(axis->value[j][k], value[j][k]);
  }
  CHECK_OK(ip_gather_plan_files("runs", 1, file, sc, &plan));
  assert_string_equal(plan.name, "runs"); /* no file names one */
  ip_scratch_destroy(&sc);
  CHECK_OK(ip_gather_files(2, file, temp_path("tables"), NULL));
  static const char *const table[] = {"summary.csv", "runs.csv"};
  for (size_t i = 0; i < 2; i++) {
    char line[4000], name[64];
    snprintf(name, sizeof name, "tables/%s", table[i]);
    FILE *in = fopen(temp_path(name), "r");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    assert_memory_equal(line, "run,training.beta,seed,status,", 30);
    size_t n[2] = {0};
    while (fgets(line, sizeof line, in)) {
      n[0] += !strncmp(line, "a,1,40,done,", 12);
      n[1] += !strncmp(line, "b,2,41,done,", 12);
    }
    fclose(in);
    size_t rows = (i ? 1 : 3) * MADE_LAYERS * 2; /* epochs, layers, estimators */
    assert_true(n[0] == rows && n[1] == rows);
  }
}

static void the_name_is_that_of_the_first_file(void **state)
{
  (void)state;
  char path[2][512];
  const char *file[2] = {path[0], path[1]};
  for (size_t k = 0; k < 2; k++) {
    const made_run m = {
        .file = k ? "named-b" : "named-a", .experiment = k ? "second" : "first", .config = "", .n_epochs = 3};
    CHECK_OK(made_write(&m));
    snprintf(path[k], sizeof path[k], "%s", temp_path(m.file));
  }
  ip_gather_plan plan;
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_gather_plan_files("runs", 2, file, sc, &plan));
  assert_string_equal(plan.name, "first");
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_of_unequal_length_have_no_common_epochs),
      cmocka_unit_test(files_are_runs_with_the_keys_that_differ),
      cmocka_unit_test(the_name_is_that_of_the_first_file),
  };
  return cmocka_run_group_tests_name("summary/plan", tests, temp_create, temp_remove);
}
