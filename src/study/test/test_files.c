#include "study/files.h"

#include "base/test/check.h"
#include "file/test/temp.h"

#include <string.h>
#include <sys/stat.h>

static void a_folder_means_its_runs_in_order_and_a_file_itself(void **state)
{
  (void)state;
  ip_scratch *sc;
  size_t n;
  const char *const *file;
  mkdir(temp_path("x"), 0755);
  mkdir(temp_path("x/runs"), 0755);
  temp_write("x/runs/b.h5", 1, "b");
  temp_write("x/runs/a.h5", 1, "a");
  temp_write("x/runs/c.h5.part", 1, "c");
  temp_write("x/runs/.d.h5", 1, "d");
  temp_write("x/outside.h5", 1, "o");
  temp_write("alone", 1, "z");
  CHECK_OK(ip_scratch_create(&sc));
  char folder[512], alone[512], want[600];
  strcpy(folder, temp_path("x"));
  strcpy(alone, temp_path("alone"));
  const char *words[] = {alone, folder};
  CHECK_OK(ip_run_files(2, words, sc, &n, &file));
  assert_int_equal(n, 3);
  assert_string_equal(file[0], alone);
  snprintf(want, sizeof want, "%s/runs/a.h5", folder);
  assert_string_equal(file[1], want);
  snprintf(want, sizeof want, "%s/runs/b.h5", folder);
  assert_string_equal(file[2], want);
  snprintf(folder, sizeof folder, "%s/", temp_path("x/runs"));
  CHECK_OK(ip_run_files(1, words + 1, sc, &n, &file));
  assert_int_equal(n, 2);
  CHECK_OK(ip_run_files(0, NULL, sc, &n, &file));
  assert_int_equal(n, 0);
  ip_scratch_destroy(&sc);
}

/* Of a directory without runs/, its own files; the grid of infoplane gather is no run, and neither is a name of nothing
 * but its ending. */
static void a_folder_of_other_programs_has_its_files_beside_each_other(void **state)
{
  (void)state;
  ip_scratch *sc;
  size_t n;
  const char *const *file, *word;
  char folder[512], want[600];
  mkdir(temp_path("y"), 0755);
  temp_write("y/grid.h5", 1, "g");
  temp_write("y/.h5", 1, "h");
  temp_write("y/h5", 1, "h");
  temp_write("y/z.h5", 1, "z");
  strcpy(folder, temp_path("y"));
  word = folder;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_files(1, &word, sc, &n, &file));
  assert_int_equal(n, 1);
  snprintf(want, sizeof want, "%s/z.h5", folder);
  assert_string_equal(file[0], want);
  assert_string_equal(ip_file_name(file[0]), "z.h5");
  mkdir(temp_path("y/runs"), 0755); /* which is there, and empty */
  CHECK_FAILS(ip_run_files(1, &word, sc, &n, &file), IP_EIO,
              "y/runs: no run files (*.h5) yet; infoplane run writes them");
  ip_scratch_destroy(&sc);
}

static void words_that_mean_no_run_file_are_named(void **state)
{
  (void)state;
  ip_scratch *sc;
  size_t n;
  const char *const *file, *word = "/no/such/place";
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_FAILS(ip_run_files(1, &word, sc, &n, &file), IP_EIO, "/no/such/place: No such file");
  mkdir(temp_path("empty"), 0755);
  word = temp_path("empty");
  CHECK_FAILS(ip_run_files(1, &word, sc, &n, &file), IP_EIO, "no run files");
  ip_scratch_destroy(&sc);
}

static void figures_go_beside_the_runs(void **state)
{
  (void)state;
  static const char *const cases[][2] = {{"results/x/runs/a.h5", "results/x/figures"},
                                         {"results/x//runs//a.h5", "results/x/figures"},
                                         {"runs/a.h5", "figures"},
                                         {"/runs/a.h5", "/figures"},
                                         {"/a.h5", "/figures"},
                                         {"a.h5", "figures"},
                                         {"old_runs/a.h5", "old_runs/figures"},
                                         {"x/a.h5", "x/figures"}};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *folder;
    CHECK_OK(ip_figures_folder(cases[i][0], sc, &folder));
    assert_string_equal(folder, cases[i][1]);
  }
  ip_scratch_destroy(&sc);
}

static ip_status list_in_own_scratch(const char *word)
{
  ip_scratch *sc;
  size_t n;
  const char *const *file;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_run_files(1, &word, sc, &n, &file);
  ip_scratch_destroy(&sc);
  return st;
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  char folder[512];
  strcpy(folder, temp_path("x"));
  CHECK_EVERY_ALLOCATION(list_in_own_scratch(folder), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_folder_means_its_runs_in_order_and_a_file_itself),
      cmocka_unit_test(a_folder_of_other_programs_has_its_files_beside_each_other),
      cmocka_unit_test(words_that_mean_no_run_file_are_named),
      cmocka_unit_test(figures_go_beside_the_runs),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/files", tests, temp_create, temp_remove);
}
