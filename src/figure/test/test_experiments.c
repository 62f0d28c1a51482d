/* The figures that the files in experiments/ ask for exist. */
#include "experiment/experiment.h"
#include "figure/figure.h"

#include "base/test/check.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static void every_figure_that_an_experiment_asks_for_exists(void **state)
{
  (void)state;
  const char *name[64], *source = getenv("INFOPLANE_SOURCE");
  size_t n = ip_figure_count();
  assert_true(n < 64);
  for (size_t i = 0; i < n; i++) name[i] = ip_figure_name(i);
  char *pattern = ip_format("%s/experiments/*.yaml", source ? source : ".");
  glob_t found;
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  for (size_t i = 0; i < found.gl_pathc; i++) {
    ip_experiment *e;
    CHECK_OK(ip_experiment_load(found.gl_pathv[i], 0, NULL, &e));
    CHECK_OK(ip_experiment_check_figures(e, n, name, ip_figure_renamed()));
    ip_experiment_destroy(&e);
  }
  globfree(&found);
  ip_free(pattern);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_figure_that_an_experiment_asks_for_exists),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
