/* test_plan.c - what the runs of a folder have in common. */
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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_of_unequal_length_have_no_common_epochs),
  };
  return cmocka_run_group_tests_name("summary/plan", tests, temp_create, temp_remove);
}
