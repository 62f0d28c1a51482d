/* The pool with workers that do as they are told.
 *
 * Workers are started by executing the running program again, which here is this test: called as `worker --threads N
 * -- DIR POINT` it adds a line to DIR/calls and then acts out the file DIR/act-POINT. */
#include "base/team.h"
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "sweep/sweep.h"
#include "sweep/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* ---------------------------------------------------------------- the worker */

/* What the file says: "ok", "kill" (itself, each time), "kill once", "fail MESSAGE", "full MESSAGE" (for want of
 * space on the disk), "fail MESSAGE" after much else with "chat MESSAGE", "stop" or "stop once" (as on a request),
 * "halt" (stopped by a signal, then ok), "wait" (until it is ended). No file: ok. */
static int act(const char *folder, const char *point, const char *threads)
{
  char path[600], does[200] = "ok", line[64];
  snprintf(path, sizeof path, "%s/calls", folder);
  FILE *calls = fopen(path, "a");
  snprintf(line, sizeof line, "%s/%s/%d\n", point, threads, (int)getpid());
  if (!calls || fputs(line, calls) < 0 || fclose(calls)) return 9;
  snprintf(path, sizeof path, "%s/act-%s", folder, point);
  FILE *in = fopen(path, "r");
  if (in && !fgets(does, sizeof does, in)) return 9;
  if (in) fclose(in);
  if (strstr(does, " once") && unlink(path)) return 9;
  if (!strncmp(does, "kill", 4)) raise(SIGKILL);
  if (!strcmp(does, "wait")) alarm(10); /* a test that fails does not hang */
  while (!strcmp(does, "wait")) pause();
  if (!strcmp(does, "halt")) raise(SIGSTOP); /* and then ok */
  if (!strcmp(does, "halt")) return 0;
  if (!strncmp(does, "stop", 4)) return ip_status_exit(IP_ESTOPPED);
  for (int i = 0; i < 1000 && !strncmp(does, "chat ", 5); i++) fprintf(stderr, "warning %d of a library\n", i);
  bool full = !strncmp(does, "full ", 5);
  if (!full && strncmp(does, "fail ", 5) != 0 && strncmp(does, "chat ", 5) != 0) return strcmp(does, "ok") ? 9 : 0;
  fprintf(stderr, "infoplane: %s\n", does + 5);
  return ip_status_exit(full ? IP_ENOSPC : IP_EIO);
}

/* ---------------------------------------------------------------- what the tests look at */

static const char *folder_name;

/* An empty results directory for an experiment of n points, all alike. */
static ip_experiment *begin(const char *name, int n, const char *more)
{
  char text[400];
  snprintf(text, sizeof text,
           "name: sample\nrepeats: %d\nseed: 0\nnetwork: {hidden: [3]}\ntraining: {epochs: 10}\nestimators: [edges]\n"
           "figures: []\n%s",
           n, more);
  folder_name = name;
  ip_experiment *e;
  CHECK_OK(ip_folder_create(temp_path(name)));
  CHECK_OK(ip_experiment_parse("test", text, 0, NULL, &e));
  return e;
}

static const char *inside(const char *name)
{
  char path[200];
  snprintf(path, sizeof path, "%s/%s", folder_name, name);
  return temp_path(path);
}

static void tell(size_t point, const char *act)
{
  char name[32];
  snprintf(name, sizeof name, "act-%zu", point);
  CHECK_OK(ip_file_write(inside(name), act));
}

/* One number of every call of a worker, in order: 0 its point, 1 its threads, 2 its pid. */
static size_t read_calls(int which, long *value /* (64) */)
{
  FILE *in = fopen(inside("calls"), "r");
  size_t n = 0;
  long v[3];
  if (!in) return 0;
  while (n < 64 && fscanf(in, "%ld/%ld/%ld", &v[0], &v[1], &v[2]) == 3) value[n++] = v[which];
  fclose(in);
  return n;
}

static void check_calls(size_t n, const long *expected)
{
  long got[64];
  assert_int_equal(read_calls(0, got), n);
  for (size_t i = 0; i < n; i++) assert_int_equal(got[i], expected[i]);
}

/* The events of a point in the journal, "started killed started done ". */
static const char *events_of(const char *journal, size_t point)
{
  static char events[200];
  char line[1000], word[32];
  size_t k;
  *events = 0;
  FILE *in = fopen(inside(journal), "r");
  assert_non_null(in);
  while (fgets(line, sizeof line, in))
    if (*line != '#' && sscanf(line, "%*s %31s %zu", word, &k) == 2 && k == point) strcat(strcat(events, word), " ");
  fclose(in);
  return events;
}

static const char *text_of(const char *name)
{
  static char text[4000];
  FILE *in = fopen(inside(name), "r");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = 0;
  fclose(in);
  return text;
}

static ip_status run_pool(const ip_experiment *e, size_t jobs, size_t n, ip_task *task, ip_pool_outcome *outcome)
{
  ip_results *r;
  ip_journal *j;
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  CHECK_OK(ip_results_open(temp_path(folder_name), (ip_shard){1, 1}, &r));
  CHECK_OK(ip_journal_open(r, &j));
  FILE *messages = fopen(inside("messages"), "w");
  assert_non_null(messages);
  ip_pool_options opt = {.results = r, .points = points, .journal = j, .jobs = jobs, .messages = messages};
  ip_status st = ip_pool_run(&opt, n, task, outcome);
  fclose(messages);
  ip_journal_close(&j);
  ip_results_close(&r);
  ip_points_destroy(&points);
  return st;
}

static ip_status run_sweep(const ip_experiment *e, const ip_sweep_options *opt, ip_sweep_outcome *outcome)
{
  ip_points *points;
  IP_TRY(ip_points_create(e, &points));
  ip_status st = ip_sweep_run(points, opt, outcome);
  ip_points_destroy(&points);
  return st;
}

/* ---------------------------------------------------------------- the tests */

static void the_most_expensive_go_first_and_equals_in_their_order(void **state)
{
  (void)state;
  ip_experiment *e = begin("order", 5, "");
  ip_task task[] = {{0, 2, 10}, {1, 30, 10}, {2, 2, 10}, {3, 1, 10}, {4, 300, 10}};
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 1, 5, task, &outcome));
  assert_int_equal(outcome.n_done, 5);
  check_calls(5, (const long[]){4, 1, 0, 2, 3});
  ip_experiment_destroy(&e);
}

static void a_sweep_starts_with_its_largest_networks(void **state)
{
  (void)state;
  ip_experiment *e = begin("large", 1, "sweep:\n  network.hidden: [[3], [30, 30], [4, 4], [30]]\n");
  ip_sweep_options opt = {.folder = temp_path("large"), .shard = {1, 1}, .jobs = 1};
  ip_sweep_outcome outcome;
  CHECK_OK(run_sweep(e, &opt, &outcome));
  assert_int_equal(outcome.n_done, 4);
  check_calls(4, (const long[]){1, 3, 2, 0});
  ip_experiment_destroy(&e);
}

static void a_worker_that_was_killed_is_started_once_more(void **state)
{
  (void)state;
  ip_experiment *e = begin("killed", 3, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}, {2, 1, 10}};
  tell(0, "kill once");
  tell(1, "kill");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 1, 3, task, &outcome));
  assert_int_equal(outcome.n_done, 2);
  assert_int_equal(outcome.n_failed, 1);
  assert_int_equal(outcome.n_left, 0);
  check_calls(5, (const long[]){0, 0, 1, 1, 2});
  assert_string_equal(events_of("journal.tsv", 0), "started killed started done ");
  assert_string_equal(events_of("journal.tsv", 1), "started killed started killed ");
  assert_string_equal(events_of("journal.tsv", 2), "started done ");
  assert_non_null(
      strstr(text_of("messages"), "seed=0: the worker was killed and is restarted once: ended by signal 9"));
  assert_non_null(strstr(text_of("messages"), "seed=1: the worker was killed again: ended by signal 9"));
  ip_experiment_destroy(&e);
}

static void a_worker_that_reports_an_error_is_not_and_ends_no_other(void **state)
{
  (void)state;
  ip_experiment *e = begin("failed", 3, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}, {2, 1, 10}};
  tell(1, "fail a sample is not a number");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 2, 3, task, &outcome));
  assert_int_equal(outcome.n_done, 2);
  assert_int_equal(outcome.n_failed, 1);
  assert_false(outcome.disk_full);
  assert_string_equal(events_of("journal.tsv", 1), "started failed ");
  assert_non_null(strstr(text_of("journal.tsv"), "\ta sample is not a number\n"));
  assert_non_null(strstr(text_of("messages"), "seed=1: failed: a sample is not a number"));
  ip_experiment_destroy(&e);
}

static void of_a_worker_that_wrote_much_the_last_words_are_kept(void **state)
{
  (void)state;
  ip_experiment *e = begin("chatty", 1, "");
  ip_task task[] = {{0, 1, 10}};
  tell(0, "chat memory cannot be had");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 1, 1, task, &outcome));
  assert_int_equal(outcome.n_failed, 1);
  assert_non_null(strstr(text_of("journal.tsv"), "warning 999 of a library infoplane: memory cannot be had\n"));
  assert_non_null(strstr(text_of("messages"), "warning 999 of a library\ninfoplane: memory cannot be had\n"));
  assert_true(strlen(text_of("messages")) > IP_WORKER_MESSAGE / 2);
  ip_experiment_destroy(&e);
}

/* Somebody else sent it SIGTERM: the sweep is not at its end without this run. */
static void a_worker_that_somebody_else_stopped_is_started_once_more(void **state)
{
  (void)state;
  ip_experiment *e = begin("stopped", 2, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}};
  tell(0, "stop once");
  tell(1, "stop");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 1, 2, task, &outcome));
  assert_true(outcome.n_done == 1 && outcome.n_failed == 1 && outcome.n_left == 0);
  assert_string_equal(events_of("journal.tsv", 0), "started killed started done ");
  assert_string_equal(events_of("journal.tsv", 1), "started killed started killed ");
  assert_non_null(strstr(text_of("messages"), "seed=1: the worker was killed again: somebody else stopped it"));
  ip_experiment_destroy(&e);
}

/* With two at a time, the run beside the one that finds the disk full is stopped, and no other is begun. */
static void a_full_disk_stops_the_sweep(void **state)
{
  (void)state;
  ip_experiment *e = begin("full", 5, "");
  ip_task task[] = {{0, 5, 10}, {1, 4, 10}, {2, 3, 10}, {3, 2, 10}, {4, 1, 10}};
  tell(0, "wait");
  tell(1, "full run.h5.part: cannot be written: No space left on device");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 2, 5, task, &outcome));
  assert_true(outcome.disk_full);
  assert_int_equal(outcome.n_done, 0);
  assert_int_equal(outcome.n_failed, 1);
  assert_int_equal(outcome.n_left, 4);
  assert_string_equal(events_of("journal.tsv", 0), "started stopped ");
  assert_string_equal(events_of("journal.tsv", 2), "");
  assert_int_equal(unlink(inside("calls")), 0);
  ip_sweep_options opt = {.folder = temp_path("full"), .shard = {1, 1}, .jobs = 2};
  ip_sweep_outcome sweep;
  CHECK_FAILS(run_sweep(e, &opt, &sweep), IP_ENOSPC, "full: disk full; free some space");
  assert_true(sweep.disk_full && sweep.n_left == 4 && sweep.n_failed == 1);
  ip_experiment_destroy(&e);
}

/* Threads of each of (n) workers on this machine. */
static long cores_of_each(size_t n)
{
  size_t cores = ip_team_cores();
  return cores > n ? (long)(cores / n) : 1;
}

static void few_runs_share_the_cores(void **state)
{
  (void)state;
  ip_experiment *e = begin("few", 3, "");
  ip_task task[] = {{0, 3, 10}, {1, 2, 10}, {2, 1, 10}};
  long threads[64];
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 7, 3, task, &outcome));
  assert_int_equal(read_calls(1, threads), 3);
  for (size_t i = 0; i < 3; i++) assert_int_equal(threads[i], cores_of_each(3));
  assert_int_equal(unlink(inside("calls")), 0);
  CHECK_OK(run_pool(e, 2, 3, task, &outcome));
  assert_int_equal(read_calls(1, threads), 3);
  for (size_t i = 0; i < 2; i++) assert_int_equal(threads[i], cores_of_each(2));
  ip_experiment_destroy(&e);
}

/* 7 points in 3 parts are 3, 2 and 2; and in more parts than points, some have none. */
static void shards_of_any_number_cover_every_point_once(void **state)
{
  (void)state;
  ip_experiment *e = begin("shards", 7, "");
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  for (size_t n = 1; n <= 9; n++) {
    size_t total = 0, seen[7] = {0};
    for (size_t k = 1; k <= n; k++) {
      ip_sweep_options opt = {.folder = temp_path("shards"), .shard = {k, n}, .jobs = 1};
      ip_sweep_outcome outcome;
      uint8_t missing[7] = {0};
      CHECK_OK(ip_sweep_prepare(points, &opt, missing, &outcome));
      size_t here = 0;
      for (size_t i = 0; i < 7; i++) here += missing[i], seen[i] += missing[i];
      assert_int_equal(outcome.n_points, here);
      assert_int_equal(outcome.n_left, here);
      assert_in_range(here, 7 / n, 7 / n + 1);
      total += here;
    }
    assert_int_equal(total, 7);
    for (size_t i = 0; i < 7; i++) assert_int_equal(seen[i], 1);
  }
  ip_sweep_options opt = {.folder = temp_path("shards"), .shard = {2, 3}, .jobs = 1};
  ip_sweep_outcome outcome;
  CHECK_OK(run_sweep(e, &opt, &outcome));
  check_calls(2, (const long[]){1, 4});
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

/* Waits for a child; -1 when it has not ended after ten seconds. */
static int status_of(pid_t child)
{
  int status = -1;
  for (int i = 0; i < 1000; i++) {
    pid_t got = waitpid(child, &status, WNOHANG);
    if (got == child) return status;
    if (got < 0 && errno != EINTR && errno != ECHILD) break; /* ECHILD: not handed to this process yet */
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  return -1;
}

/* Orphans come to this process, which finds out how they ended. The workers here never write, so that no broken pipe
 * ends them. */
static void no_worker_outlives_a_parent_that_was_killed(void **state)
{
  (void)state;
  assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  ip_experiment *e = begin("orphans", 2, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}};
  tell(0, "wait");
  tell(1, "wait");
  pid_t parent = fork();
  if (parent == 0) {
    ip_pool_outcome outcome;
    run_pool(e, 2, 2, task, &outcome);
    _exit(0);
  }
  long pid[64];
  for (int i = 0; i < 1000 && read_calls(2, pid) < 2; i++) nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  assert_int_equal(read_calls(2, pid), 2);
  kill(parent, SIGKILL);
  assert_int_equal(status_of(parent), SIGKILL);
  for (size_t i = 0; i < 2; i++) {
    int status = status_of((pid_t)pid[i]);
    kill((pid_t)pid[i], SIGKILL); /* if it is still there, the test ends without leaving it behind */
    assert_true(status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  }
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  ip_experiment_destroy(&e);
}

/* Twenty at a time are more than the limit of open files lets be started. */
static void limits_of_the_system_mean_fewer_at_a_time(void **state)
{
  (void)state;
  enum { N = 20 };
  ip_experiment *e = begin("limited", N, "");
  ip_task task[N];
  for (size_t i = 0; i < N; i++) task[i] = (ip_task){.point = i, .epochs = 1, .cost = 1};
  struct rlimit before, few;
  assert_false(getrlimit(RLIMIT_NOFILE, &before));
  few = before;
  few.rlim_cur = 24;
  ip_pool_outcome outcome;
  assert_false(setrlimit(RLIMIT_NOFILE, &few));
  ip_status st = run_pool(e, N, N, task, &outcome);
  assert_false(setrlimit(RLIMIT_NOFILE, &before));
  CHECK_OK(st);
  assert_true(outcome.n_done == N && outcome.n_failed == 0);
  assert_non_null(strstr(text_of("messages"), "Too many open files: continuing with"));
  ip_experiment_destroy(&e);
}

/* Continues the process that the messages name. */
static pid_t watch_messages(void)
{
  pid_t watcher = fork();
  if (watcher) return watcher;
  for (int i = 0; i < 2000; i++) {
    char text[4000] = "";
    FILE *in = fopen(inside("messages"), "r");
    if (in) text[fread(text, 1, sizeof text - 1, in)] = 0;
    if (in) fclose(in);
    const char *at = strstr(text, "process ");
    if (at && strstr(at, "has reported nothing")) _exit(kill(atoi(at + strlen("process ")), SIGCONT) != 0);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  }
  _exit(1);
}

static void a_stopped_worker_is_named(void **state)
{
  (void)state;
  ip_experiment *e = begin("halted", 2, "");
  ip_task task[] = {{.point = 0, .epochs = 1, .cost = 1}, {.point = 1, .epochs = 1, .cost = 1}};
  tell(0, "halt");
  ip_pool_outcome outcome;
  int status;
  pid_t watcher = watch_messages();
  CHECK_OK(run_pool(e, 1, 2, task, &outcome));
  assert_true(waitpid(watcher, &status, 0) == watcher && status == 0);
  assert_true(outcome.n_done == 2);
  assert_non_null(strstr(text_of("messages"), "the worker is stopped: process "));
  ip_experiment_destroy(&e);
}

int main(int argc, char **argv)
{
  if (argc == 7 && !strcmp(argv[1], "worker") && !strcmp(argv[4], "--")) return act(argv[5], argv[6], argv[3]);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_most_expensive_go_first_and_equals_in_their_order),
      cmocka_unit_test(a_sweep_starts_with_its_largest_networks),
      cmocka_unit_test(a_worker_that_was_killed_is_started_once_more),
      cmocka_unit_test(a_worker_that_reports_an_error_is_not_and_ends_no_other),
      cmocka_unit_test(of_a_worker_that_wrote_much_the_last_words_are_kept),
      cmocka_unit_test(a_worker_that_somebody_else_stopped_is_started_once_more),
      cmocka_unit_test(a_full_disk_stops_the_sweep),
      cmocka_unit_test(few_runs_share_the_cores),
      cmocka_unit_test(shards_of_any_number_cover_every_point_once),
      cmocka_unit_test(no_worker_outlives_a_parent_that_was_killed),
      cmocka_unit_test(limits_of_the_system_mean_fewer_at_a_time),
      cmocka_unit_test(a_stopped_worker_is_named),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
