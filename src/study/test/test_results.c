#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "study/journal.h"
#include "study/lock.h"

#include <sys/stat.h>

static ip_results *open_shard(size_t k, size_t n)
{
  ip_results *r;
  CHECK_OK(ip_results_open(temp_path("results"), (ip_shard){k, n}, &r));
  return r;
}

static void check_refused(size_t k, size_t n)
{
  ip_results *r;
  char owner[64];
  snprintf(owner, sizeof owner, "process %d on host ", (int)getpid());
  CHECK_FAILS(ip_results_open(temp_path("results"), (ip_shard){k, n}, &r), IP_ELOCKED, owner);
  assert_null(r);
}

static void a_folder_has_one_owner_or_one_per_shard(void **state)
{
  (void)state;
  ip_results *first = open_shard(1, 3), *third = open_shard(3, 3);
  check_refused(1, 3);
  check_refused(3, 3);
  check_refused(1, 1);
  ip_results_close(&third);
  third = open_shard(3, 3);
  ip_results_close(&first);
  ip_results_close(&third);
  first = open_shard(1, 2), third = open_shard(2, 2); /* two are enough */
  check_refused(2, 2);
  ip_results_close(&first);
  ip_results_close(&third);
  ip_results *whole = open_shard(1, 1);
  check_refused(1, 1);
  check_refused(2, 3);
  ip_results_close(&whole);
}

static void check_link_refused(const char *name)
{
  struct stat s;
  ip_results *r;
  char *text;
  size_t n;
  unlink(temp_path(name));
  assert_int_equal(symlink(temp_path("precious"), temp_path(name)), 0);
  CHECK_FAILS(ip_results_open(temp_path("results"), (ip_shard){1, 1}, &r), IP_EIO, name);
  assert_null(r);
  assert_int_equal(lstat(temp_path(name), &s), 0);
  CHECK_OK(ip_file_read(temp_path("precious"), 100, &n, &text));
  assert_string_equal(text, "precious");
  ip_free(text);
  unlink(temp_path(name));
}

/* A directory that somebody sent does not make a sweep write into a file elsewhere. */
static void a_link_in_place_of_a_file_that_is_written_is_refused(void **state)
{
  (void)state;
  ip_results *r = open_shard(1, 1);
  ip_results_close(&r);
  static const char *const name[] = {"results/.lock",         "results/journal.tsv",       "results/journal-1-of-2.tsv",
                                     "results/grid.h5.part",  "results/runs/a.h5.part",    "results/runs/a.h5.state",
                                     "results/runs/a.h5.new", "results/runs/a.h5.part.new"};
  temp_write("precious", 8, "precious");
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) check_link_refused(name[i]);
  r = open_shard(1, 1);
  ip_results_close(&r);
}

/* Of files that are replaced by new ones, or only read, links stay as they are. */
static void a_link_that_is_not_written_is_left_alone(void **state)
{
  (void)state;
  static const char *const name[] = {"results/notes.tsv", "results/runs/a.h5", "results/summary.csv", "results/.part"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    struct stat s;
    assert_int_equal(symlink("nothing", temp_path(name[i])), 0);
    ip_results *r = open_shard(1, 1);
    ip_results_close(&r);
    assert_true(!lstat(temp_path(name[i]), &s) && S_ISLNK(s.st_mode));
    unlink(temp_path(name[i]));
  }
}

/* Who writes makes the directory and holds its lock; who reads makes nothing, and holds and closes nothing. */
static void the_parts_of_a_directory_have_their_paths(void **state)
{
  (void)state;
  char path[3][600];
  ip_results *r;
  CHECK_FAILS(ip_results_open_readonly(temp_path("made"), &r), IP_EIO, "made: no experiment.yaml");
  assert_true(!r && !temp_exists("made"));
  CHECK_OK(ip_results_open(temp_path("made"), (ip_shard){1, 1}, &r));
  assert_true(temp_exists("made/runs") && temp_exists("made/figures") && r->lock >= 0 && r->shard_lock == -1);
  CHECK_OK(ip_file_write(temp_path("made/experiment.yaml"), "name: a\n"));
  for (int reads = 0; reads < 2; reads++) {
    if (reads) CHECK_OK(ip_results_open_readonly(temp_path("made"), &r));
    snprintf(path[0], sizeof *path, "%s", temp_path("made/runs"));
    snprintf(path[1], sizeof *path, "%s", temp_path("made/figures"));
    snprintf(path[2], sizeof *path, "%s", temp_path("made/experiment.yaml"));
    assert_string_equal(r->path, temp_path("made"));
    assert_string_equal(r->runs, path[0]);
    assert_string_equal(r->figures, path[1]);
    assert_string_equal(r->config, path[2]);
    assert_true(r->shard.k == 1 && r->shard.n == 1 && (!reads || (r->lock == -1 && r->shard_lock == -1)));
    ip_results_close(&r);
    assert_null(r);
  }
  char *run;
  CHECK_OK(ip_results_run_path("made", "a=1", &run));
  assert_string_equal(run, "made/runs/a=1.h5");
  ip_free(run);
}

static void write_journal(size_t k, size_t n)
{
  ip_results *r = open_shard(k, n);
  ip_journal *j;
  CHECK_OK(ip_journal_open(r, &j));
  ip_journal_add(j, IP_EVENT_DONE, k, "run", 1, "");
  ip_journal_close(&j);
  ip_results_close(&r);
}

/* Who works on all points says everything again, so what shards said before is gone; shards leave each other alone. */
static void the_journal_of_all_points_replaces_those_of_shards(void **state)
{
  (void)state;
  write_journal(1, 1);
  write_journal(1, 2);
  write_journal(2, 2);
  assert_true(temp_exists("results/journal.tsv") && temp_exists("results/journal-1-of-2.tsv"));
  write_journal(1, 1);
  assert_true(temp_exists("results/journal.tsv"));
  assert_false(temp_exists("results/journal-1-of-2.tsv") || temp_exists("results/journal-2-of-2.tsv"));
}

/* Nothing that only looks like a journal is removed. */
static void files_of_the_user_stay(void **state)
{
  (void)state;
  static const char *const name[] = {"journal-notes.tsv",  "journal2.tsv",        "journal-1-of-2.tsv.tsv",
                                     "journal-0-of-2.tsv", "journal-01-of-2.tsv", "journal-3-of-2.tsv"};
  char path[64];
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    snprintf(path, sizeof path, "results/%s", name[i]);
    CHECK_OK(ip_file_write(temp_path(path), "mine\n"));
  }
  write_journal(1, 1);
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    snprintf(path, sizeof path, "results/%s", name[i]);
    assert_true(temp_exists(path));
  }
}

/* Rewrites the times in a journal, as by a clock that is wrong. */
static void set_year(const char *name, const char *year)
{
  char *text;
  size_t n;
  CHECK_OK(ip_file_read(temp_path(name), 10000, &n, &text));
  for (char *at = text; (at = strstr(at, "20")) && at[4] == '-'; at++) memcpy(at, year, 4);
  CHECK_OK(ip_file_write(temp_path(name), text));
  ip_free(text);
}

/* The later journal counts, although the clock of its machine is behind. */
static void the_order_of_journals_needs_no_clock(void **state)
{
  (void)state;
  uint8_t last[3];
  write_journal(1, 1); /* removes the others */
  ip_results *r = open_shard(1, 2);
  ip_journal *j;
  CHECK_OK(ip_journal_open(r, &j));
  ip_journal_add(j, IP_EVENT_FAILED, 1, "run", 1, "for a reason");
  ip_journal_close(&j);
  set_year("results/journal.tsv", "2090");
  set_year("results/journal-1-of-2.tsv", "2001");
  CHECK_OK(ip_journal_read(r, 3, last, NULL, NULL));
  assert_true(last[0] == IP_EVENT_NONE && last[1] == IP_EVENT_FAILED);
  ip_results_close(&r);
}

/* A group that shares a directory may give its files to the group by the umask. */
static void files_have_the_mode_of_the_umask(void **state)
{
  (void)state;
  struct stat s;
  mode_t before = umask(002);
  CHECK_OK(ip_folder_create(temp_path("shared")));
  int fd;
  CHECK_OK(ip_lock_take(temp_path("shared/.lock"), false, &fd));
  close(fd);
  unlink(temp_path("results/journal.tsv"));
  write_journal(1, 1);
  umask(before);
  assert_true(!stat(temp_path("shared/.lock"), &s) && (s.st_mode & 0777) == 0664);
  assert_true(!stat(temp_path("results/journal.tsv"), &s) && (s.st_mode & 0777) == 0664);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_folder_has_one_owner_or_one_per_shard),
      cmocka_unit_test(a_link_in_place_of_a_file_that_is_written_is_refused),
      cmocka_unit_test(a_link_that_is_not_written_is_left_alone),
      cmocka_unit_test(the_parts_of_a_directory_have_their_paths),
      cmocka_unit_test(the_journal_of_all_points_replaces_those_of_shards),
      cmocka_unit_test(files_of_the_user_stay),
      cmocka_unit_test(the_order_of_journals_needs_no_clock),
      cmocka_unit_test(files_have_the_mode_of_the_umask),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
