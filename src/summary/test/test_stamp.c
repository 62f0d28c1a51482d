/* The stamp of a folder holds as long as nothing that it names has changed, and says what was made. */
#include "summary/stamp.h"

#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "study/paths.h"

#include <fcntl.h>
#include <sys/stat.h>

static ip_experiment *experiment[2]; /* of the points, which refer to them */

static ip_points *points_of(const char *rate)
{
  char text[300];
  ip_points *points;
  size_t i = experiment[0] != NULL;
  snprintf(text, sizeof text, "name: s\nrepeats: 2\nseed: 5\ntraining: {epochs: 10, learning_rate: %s}\nfigures: []\n",
           rate);
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &experiment[i]));
  CHECK_OK(ip_points_create(experiment[i], &points));
  return points;
}

static void put(const char *name, const char *text)
{
  temp_write(name, strlen(text), text);
}

/* A folder with the run files of seeds 5 and 6, all tables, a figure and its table. */
static void fill(void)
{
  static const char *const folder[] = {"runs", "figures"};
  static const char *const file[] = {"runs/seed=5.h5",     "runs/seed=6.h5", IP_FILE_SUMMARY,     IP_FILE_RUNS,
                                     IP_FILE_CORRELATIONS, IP_FILE_GRID,     "figures/plane.svg", "figures/plane.tsv"};
  for (size_t i = 0; i < 2; i++) CHECK_OK(ip_folder_create(temp_path(folder[i])));
  for (size_t i = 0; i < sizeof file / sizeof *file; i++) put(file[i], "x");
}

static void write_stamp(ip_points *points, bool finished)
{
  ip_scratch *sc;
  ip_stamp s;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_stamp_begin(points, temp_folder, sc, &s));
  s.counts = (ip_gather_counts){.n_runs = 2, .n_failed_to_fit = 1};
  s.finished = finished;
  CHECK_OK(ip_stamp_add(&s, "plane", temp_path("figures/plane.svg"), NULL));
  CHECK_OK(ip_stamp_add(&s, "depth", NULL, "all networks are alike"));
  CHECK_OK(ip_stamp_write(&s, temp_folder));
  ip_scratch_destroy(&sc);
}

static bool holds(ip_points *points)
{
  ip_scratch *sc;
  ip_stamp s;
  bool yes;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_stamp_begin(points, temp_folder, sc, &s));
  CHECK_OK(ip_stamp_holds(&s, temp_folder, &yes));
  if (!yes) assert_true(s.n_figures == 0 && s.counts.n_runs == 0 && s.counts.n_failed_to_fit == 0 && !s.finished);
  ip_scratch_destroy(&sc);
  return yes;
}

static void it_says_what_was_made(void **state)
{
  (void)state;
  fill();
  ip_points *points = points_of("0.1");
  assert_false(holds(points));
  for (int finished = 0; finished < 2; finished++) {
    ip_scratch *sc;
    ip_stamp s;
    bool yes;
    write_stamp(points, finished);
    CHECK_OK(ip_scratch_create(&sc));
    CHECK_OK(ip_stamp_begin(points, temp_folder, sc, &s));
    CHECK_OK(ip_stamp_holds(&s, temp_folder, &yes));
    assert_true(yes);
    assert_true(s.counts.n_runs == 2 && s.counts.n_failed_to_fit == 1);
    assert_int_equal(s.finished, finished);
    assert_int_equal(s.n_figures, 2);
    assert_string_equal(s.figure[0].name, "plane");
    assert_string_equal(s.figure[0].file, "plane.svg");
    assert_string_equal(s.figure[1].name, "depth");
    assert_null(s.figure[1].file);
    assert_string_equal(s.figure[1].why_not, "all networks are alike");
    ip_scratch_destroy(&sc);
  }
  assert_true(temp_exists(IP_FILE_STAMP));
  CHECK_OK(ip_stamp_remove(temp_folder));
  assert_false(temp_exists(IP_FILE_STAMP));
  CHECK_OK(ip_stamp_remove(temp_folder)); /* none is no failure */
  assert_false(holds(points));
  ip_points_destroy(&points);
}

/* The file has another time; its size stays. */
static void touch(const char *name)
{
  const struct timespec then[2] = {{1000000000, 0}, {1000000000, 1}};
  assert_int_equal(utimensat(AT_FDCWD, temp_path(name), then, 0), 0);
}

/* The file is longer; its time stays. */
static void lengthen(const char *name)
{
  struct stat before;
  assert_int_equal(stat(temp_path(name), &before), 0);
  put(name, "longer");
  const struct timespec then[2] = {before.st_mtim, before.st_mtim};
  assert_int_equal(utimensat(AT_FDCWD, temp_path(name), then, 0), 0);
}

static void whatever_changes_it_holds_no_longer(void **state)
{
  (void)state;
  static const char *const named[] = {"runs/seed=5.h5",     "runs/seed=6.h5", IP_FILE_SUMMARY,     IP_FILE_RUNS,
                                      IP_FILE_CORRELATIONS, IP_FILE_GRID,     "figures/plane.svg", "figures/plane.tsv"};
  ip_points *points = points_of("0.1");
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    for (int how = 0; how < 3; how++) {
      fill();
      write_stamp(points, true);
      assert_true(holds(points));
      if (how == 0) assert_int_equal(unlink(temp_path(named[i])), 0);
      if (how == 1) lengthen(named[i]);
      if (how == 2) touch(named[i]);
      if (holds(points)) fail_msg("%s, change %d: the stamp still holds", named[i], how);
    }
  fill();
  write_stamp(points, true);
  static const char *const variable[] = {"INFOPLANE_GNUPLOT", "INFOPLANE_PLOT"};
  for (size_t i = 0; i < 2; i++) {
    setenv(variable[i], "another", 1);
    assert_false(holds(points));
    unsetenv(variable[i]);
    assert_true(holds(points));
  }
  ip_points *other = points_of("0.2");
  assert_false(holds(other));
  ip_points_destroy(&other);
  static const char *const damaged[] = {"", "inputs\n", "runs\tx\ty\tz\nfigure\t\t\n", "\t\t\t\n\n"};
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    put(IP_FILE_STAMP, damaged[i]);
    assert_false(holds(points));
  }
  ip_points_destroy(&points);
}

static ip_status write_and_read(ip_points *points)
{
  ip_scratch *sc;
  ip_stamp s;
  bool yes = false;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_stamp_begin(points, temp_folder, sc, &s);
  if (st == IP_OK) st = ip_stamp_add(&s, "plane", "plane.svg", NULL);
  if (st == IP_OK) st = ip_stamp_write(&s, temp_folder);
  if (st == IP_OK) st = ip_stamp_holds(&s, temp_folder, &yes);
  if (st == IP_OK) st = ip_stamp_remove(temp_folder);
  ip_scratch_destroy(&sc);
  return st;
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  fill();
  ip_points *points = points_of("0.1");
  CHECK_OK(write_and_read(points)); /* what is made once */
  CHECK_EVERY_ALLOCATION(write_and_read(points), (void)0);
  ip_points_destroy(&points);
}

static int forget(void **state)
{
  (void)state;
  for (size_t i = 0; i < 2; i++)
    if (experiment[i]) ip_experiment_destroy(&experiment[i]);
  return 0;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, forget)
  const struct CMUnitTest tests[] = {
      TEST(it_says_what_was_made),
      TEST(whatever_changes_it_holds_no_longer),
      TEST(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("summary/stamp", tests, temp_create, temp_remove);
}
