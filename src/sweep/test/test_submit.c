/* Slurm's programs are scripts here that note how they were called: what is submitted, and what is asked. No other
 * program is in the PATH. */
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "sweep/slurm.h"

#include <sys/stat.h>

enum { MOST_POINTS = 1200 };

static int with_programs(void **state)
{
  if (temp_create(state) || ip_folder_create(temp_path("bin"))) return -1;
  return setenv("PATH", temp_path("bin"), 1) || setenv("CALLS", temp_path("calls"), 1);
}

static int without_programs(void **state)
{
  return setenv("PATH", "/usr/bin:/bin", 1) || temp_remove(state);
}

/* A program of this name; NULL: it is not installed. It notes its arguments, one a line. */
static void program(const char *name, const char *body)
{
  char file[64], text[2000];
  snprintf(file, sizeof file, "bin/%s", name);
  unlink(temp_path(file));
  if (!body) return;
  snprintf(text, sizeof text, "#!/bin/sh\n{ echo %s; for a in \"$@\"; do echo \"  $a\"; done; } >>\"$CALLS\"\n%s\n",
           name, body);
  temp_write(file, strlen(text), text);
  assert_int_equal(chmod(temp_path(file), 0755), 0);
}

static void check_file(const char *path, const char *expected)
{
  size_t n;
  char *text;
  CHECK_OK(ip_file_read(path, 100000, &n, &text));
  assert_string_equal(text, expected);
  ip_free(text);
}

static const char *folder_of(const char *name)
{
  static char path[500];
  snprintf(path, sizeof path, "%s", temp_path(name));
  CHECK_OK(ip_folder_create(path));
  unlink(temp_path("calls"));
  return path;
}

/* ---------------------------------------------------------------- submitting */

/* Seven points in at most four tasks: points 0 and 4 are of task 1. */
static void scripts_arguments_and_record_are_these(void **state)
{
  (void)state;
  const uint8_t missing[7] = {1, 0, 0, 0, 0, 0, 1};
  static const char *const words[] = {"--partition=long", "--cpus-per-task=4"};
  const char *folder = folder_of("it's 50%");
  char self[500], name[600], expected[4000], record[1000];
  ip_slurm_jobs jobs;
  program("scontrol", "echo 'MaxArraySize            = 5'");
  program("sbatch", "[ \"$2\" = --job-name=infoplane:gather ] && echo 18 || echo '17;cluster'");
  ip_slurm_options opt = {
      .folder = folder, .n_points = 7, .missing = missing, .limit = 3, .n_words = 2, .word = words, .force = true};
  CHECK_OK(ip_slurm_submit(&opt, &jobs));
  assert_string_equal(jobs.array, "17");
  assert_string_equal(jobs.gather, "18");
  assert_int_equal(jobs.n_shards, 4);
  assert_int_equal(jobs.n_tasks, 2);
  snprintf(name, sizeof name, "%s/slurm", folder);
  snprintf(expected, sizeof expected,
           "scontrol\n  show\n  config\n"
           "sbatch\n  --parsable\n  --array=1,3%%3\n  --job-name=infoplane:it's 50%%\n  --cpus-per-task=1\n"
           "  --output\n  %s/it's 50%%%%/slurm/%%A_%%a.log\n  --partition=long\n  --cpus-per-task=4\n  %s/task.sh\n"
           "sbatch\n  --parsable\n  --job-name=infoplane:gather\n  --output\n  %s/it's 50%%%%/slurm/%%j_gather.log\n"
           "  --dependency=afterany:17\n  %s/gather.sh\n",
           temp_folder, name, temp_folder, name);
  check_file(temp_path("calls"), expected);
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  assert_true(n > 0);
  self[n] = 0;
  snprintf(expected, sizeof expected,
           "#!/bin/sh\n# Made by infoplane run --slurm: task K of the array is the K-th of 4 parts of the runs.\n"
           "exec '%s' run '%s/it'\\''s 50%%'/experiment.yaml -o '%s/it'\\''s 50%%' --shard \"$SLURM_ARRAY_TASK_ID/4\" "
           "--jobs \"${SLURM_CPUS_PER_TASK:-1}\" --yes --force\n",
           self, temp_folder, temp_folder);
  check_file(temp_path("it's 50%/slurm/task.sh"), expected);
  snprintf(expected, sizeof expected,
           "#!/bin/sh\n# Made by infoplane run --slurm: tables, grid and figures of what is there.\n"
           "exec '%s' gather '%s/it'\\''s 50%%'\n",
           self, temp_folder);
  check_file(temp_path("it's 50%/slurm/gather.sh"), expected);
  char *text;
  CHECK_OK(ip_file_read(temp_path("it's 50%/slurm/jobs.txt"), sizeof record, (size_t *)&n, &text));
  assert_int_equal(strncmp(text, "submitted 20", 12), 0);
  assert_string_equal(strchr(text, '\n'), "\narray 17\ngather 18\ntasks 2\nshards 4\n");
  ip_free(text);
}

/* Tasks are listed as ranges; a cluster that names no limit has that of Slurm. */
static void tasks_are_those_with_something_to_do(void **state)
{
  (void)state;
  static const struct {
    const char *config; /* what scontrol does */
    size_t n_points;
    const char *missing; /* its first points */
    const char *array;
    size_t n_shards, n_tasks;
  } cases[] = {
      {"echo MaxArraySize = 1001", 8, "11100101", "  --array=1-3,6,8\n", 8, 5},
      {"echo MaxArraySize = 1001", 1, "1", "  --array=1\n", 1, 1},
      {"echo MaxArraySize = 9", 8, "00000011", "  --array=7-8\n", 8, 2},
      {"echo MaxArraySize = 8", 8, "00000001", "  --array=1\n", 7, 1},
      {"echo MaxArraySize = 2", 3, "001", "  --array=1\n", 1, 1},
      {"echo MaxArraySize = 1", 3, "001", "  --array=3\n", 3, 1},
      {"echo other = 3", 3, "001", "  --array=3\n", 3, 1},
      {"echo MaxArraySize = many", MOST_POINTS, "01", "  --array=2\n", 1000, 1},
      {"exit 1", MOST_POINTS, "01", "  --array=2\n", 1000, 1},
      {NULL, 1000, "01", "  --array=2\n", 1000, 1},
  };
  const char *folder = folder_of("tasks");
  program("sbatch", "echo 5");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint8_t missing[MOST_POINTS] = {0};
    ip_slurm_jobs jobs;
    char *calls;
    size_t n;
    for (size_t k = 0; k < strlen(cases[i].missing); k++) missing[k] = cases[i].missing[k] == '1';
    unlink(temp_path("calls"));
    program("scontrol", cases[i].config);
    ip_slurm_options opt = {.folder = folder, .n_points = cases[i].n_points, .missing = missing};
    CHECK_OK(ip_slurm_submit(&opt, &jobs));
    assert_int_equal(jobs.n_shards, cases[i].n_shards);
    assert_int_equal(jobs.n_tasks, cases[i].n_tasks);
    CHECK_OK(ip_file_read(temp_path("calls"), 100000, &n, &calls));
    if (!strstr(calls, cases[i].array)) fail_msg("case %zu: %s", i, calls);
    ip_free(calls);
  }
}

static void with_nothing_to_run_only_the_gathering_is_submitted(void **state)
{
  (void)state;
  const uint8_t missing[3] = {0};
  char expected[1500], *text;
  size_t n;
  ip_slurm_jobs jobs;
  const char *folder = folder_of("done");
  program("scontrol", NULL);
  program("sbatch", "echo 5");
  ip_slurm_options opt = {.folder = folder, .n_points = 3, .missing = missing};
  CHECK_OK(ip_slurm_submit(&opt, &jobs));
  assert_true(jobs.n_tasks == 0 && !*jobs.array);
  snprintf(expected, sizeof expected,
           "sbatch\n  --parsable\n  --job-name=infoplane:gather\n  --output\n  %s/slurm/%%j_gather.log\n"
           "  %s/slurm/gather.sh\n",
           folder, folder);
  check_file(temp_path("calls"), expected);
  CHECK_OK(ip_file_read(temp_path("done/slurm/jobs.txt"), 1000, &n, &text));
  assert_string_equal(strchr(text, '\n'), "\narray -\ngather 5\ntasks 0\nshards 3\n");
  ip_free(text);
  CHECK_OK(ip_file_read(temp_path("done/slurm/task.sh"), 10000, &n, &text));
  assert_null(strstr(text, "--force"));
  ip_free(text);
}

static void what_cannot_be_submitted_is_named(void **state)
{
  (void)state;
  const uint8_t missing[1] = {1};
  ip_slurm_jobs jobs;
  ip_slurm_options opt = {.folder = folder_of("back\\slash"), .n_points = 1, .missing = missing};
  program("scontrol", NULL);
  program("sbatch", "echo 5");
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_EINVAL, "back\\slash: sbatch cannot write its logs below a directory");
  opt.folder = folder_of("line\nbreak");
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_EINVAL, "line\nbreak: sbatch cannot write its logs");
  opt.folder = temp_path("nowhere");
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_EIO, "nowhere: No such file or directory");
  opt.folder = folder_of("refused");
  program("sbatch", "echo 'invalid partition' >&2; exit 1");
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_ECHILD, "sbatch failed: invalid partition");
  program("sbatch", "echo ';cluster'");
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_ECHILD, "sbatch did not print a job number");
  program("sbatch", NULL);
  CHECK_FAILS(ip_slurm_submit(&opt, &jobs), IP_ECHILD, "sbatch is not installed here");
  assert_false(temp_exists("refused/slurm/jobs.txt"));
}

/* ---------------------------------------------------------------- asking */

static void check_state(const char *folder, const char *expected)
{
  char *text;
  CHECK_OK(ip_slurm_state(folder, &text));
  assert_string_equal(text, expected);
  ip_free(text);
}

static void write_record(const char *text)
{
  temp_write("asked/slurm/jobs.txt", strlen(text), text);
  unlink(temp_path("calls"));
}

static void states_are_counted_by_word(void **state)
{
  (void)state;
  const char *folder = folder_of("asked");
  CHECK_OK(ip_folder_create(temp_path("asked/slurm")));
  check_state(folder, "");
  program("squeue", "printf 'RUNNING\\nPENDING\\nRUNNING\\nCANCELLED by 0\\nCANCELLED+\\n'");
  program("sacct", "printf 'COMPLETED\\nFAILED\\nCOMPLETED\\n'");
  write_record("submitted 2026-01-01T00:00:00Z\narray 17\ngather 18\ntasks 2\nshards 4\n");
  check_state(folder, "Slurm jobs 17,18: 2 RUNNING, 1 PENDING, 2 CANCELLED; accounts: 2 COMPLETED, 1 FAILED\n");
  check_file(temp_path("calls"), "squeue\n  --noheader\n  --array\n  --states=all\n  --format=%T\n  --jobs\n  17,18\n"
                                 "sacct\n  --noheader\n  --allocations\n  --parsable2\n  --format=State\n  --jobs\n"
                                 "  17,18\n");
  write_record("submitted 2026-01-01T00:00:00Z\narray -\ngather 18\ntasks 0\nshards 4\n");
  program("sacct", NULL);
  check_state(folder, "Slurm jobs 18: 2 RUNNING, 1 PENDING, 2 CANCELLED\n");
  program("squeue", "exit 1");
  program("sacct", "echo COMPLETED");
  check_state(folder, "Slurm jobs 18; accounts: 1 COMPLETED\n");
  program("sacct", "");
  check_state(folder, "");
  write_record("submitted 2026-01-01T00:00:00Z\narray 17\n");
  check_state(folder, "");
  assert_false(temp_exists("calls"));
}

/* 32 words are counted, and the text has room for so many. */
static void many_words_are_cut(void **state)
{
  (void)state;
  char expected[1000] = "Slurm jobs 17,18: ";
  const char *folder = folder_of("asked");
  program("squeue", "i=10; while [ $i -lt 50 ]; do echo S$i; i=$((i + 1)); done");
  program("sacct", NULL);
  write_record("submitted 2026-01-01T00:00:00Z\narray 17\ngather 18\n");
  for (int i = 10; i < 42; i++) sprintf(expected + strlen(expected), "%s1 S%d", i > 10 ? ", " : "", i);
  check_state(folder, strcat(expected, "\n"));
}

/* The limit of the environment counts, if it is a positive number. */
static void a_program_that_hangs_is_given_up(void **state)
{
  (void)state;
  const char *folder = folder_of("asked");
  write_record("submitted 2026-01-01T00:00:00Z\narray 17\ngather 18\n");
  program("squeue", "exec /bin/sleep 20");
  program("sacct", "/bin/sleep 0.1; echo COMPLETED");
  setenv("INFOPLANE_SLURM_SECONDS", "0.05", 1);
  check_state(folder, "Slurm jobs 17,18: no answer (squeue did not end within 0.05 s and was killed); accounts: no "
                      "answer (sacct did not end within 0.05 s and was killed)\n");
  program("squeue", NULL);
  static const char *const none[] = {"0", "-1", "0.05s", ""};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    setenv("INFOPLANE_SLURM_SECONDS", none[i], 1);
    check_state(folder, "Slurm jobs 17,18; accounts: 1 COMPLETED\n");
  }
  unsetenv("INFOPLANE_SLURM_SECONDS");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scripts_arguments_and_record_are_these),
      cmocka_unit_test(tasks_are_those_with_something_to_do),
      cmocka_unit_test(with_nothing_to_run_only_the_gathering_is_submitted),
      cmocka_unit_test(what_cannot_be_submitted_is_named),
      cmocka_unit_test(states_are_counted_by_word),
      cmocka_unit_test(many_words_are_cut),
      cmocka_unit_test(a_program_that_hangs_is_given_up),
  };
  return cmocka_run_group_tests(tests, with_programs, without_programs);
}
