/* The pool when its workers say nothing, when it is killed or stopped itself, and when the system has no room. */
#include "sweep/test/failing_fork.h"

#include "base/stop.h"
#include "sweep/test/pool_worker.h"

#include <sys/prctl.h>
#include <sys/resource.h>

/* Orphans come to this process, which finds out how they ended. The workers here never write, so that no broken pipe
 * ends them; one is stopped, and one has blocked all signals that can be blocked. */
static void no_worker_outlives_a_parent_that_was_killed(void **state)
{
  (void)state;
  enum { N = 3 };
  assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  ip_experiment *e = begin("orphans", N, "");
  ip_task task[N] = {{0, 1, 10}, {1, 1, 10}, {2, 1, 10}};
  tell(0, "wait");
  tell(1, "halt");
  tell(2, "deaf");
  pid_t parent = fork();
  if (parent == 0) {
    ip_pool_outcome outcome;
    run_pool(e, N, N, task, &outcome);
    _exit(0);
  }
  long pid[64];
  for (int i = 0; i < 1000 && read_calls(2, pid) < N; i++) sleep_ms(10);
  assert_int_equal(read_calls(2, pid), N);
  kill(parent, SIGKILL);
  assert_int_equal(status_of(parent), SIGKILL);
  for (size_t i = 0; i < N; i++) {
    int status = status_of((pid_t)pid[i]);
    kill((pid_t)pid[i], SIGKILL); /* if it is still there, the test ends without leaving it behind */
    assert_true(status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  ip_experiment_destroy(&e);
}

/* Point 0 hangs and point 1 is stopped, once each; point 2 works longer than the limit, with signs of life. */
static void a_silent_worker_is_killed_and_started_again(void **state)
{
  (void)state;
  ip_experiment *e = begin("silent", 3, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}, {2, 1, 10}};
  tell(0, "hang once");
  tell(1, "halt once");
  tell(2, "chirp 100");
  ip_pool_outcome outcome;
  silent_s = 4;
  CHECK_OK(run_pool(e, 3, 3, task, &outcome));
  silent_s = 0;
  assert_true(outcome.n_done == 3 && outcome.n_failed == 0);
  assert_string_equal(events_of("journal.tsv", 0), "started killed started done ");
  assert_string_equal(events_of("journal.tsv", 1), "started killed started done ");
  assert_string_equal(events_of("journal.tsv", 2), "started done ");
  assert_non_null(strstr(text_of("journal.tsv"), " s (silent_limit)\n"));
  assert_non_null(strstr(text_of("messages"), "seed=0: the worker is silent and is killed: process "));
  assert_non_null(strstr(text_of("messages"), "seed=1: the worker is stopped and is killed: process "));
  assert_non_null(strstr(text_of("messages"), "seed=0: the worker was killed and is restarted once: it had reported "
                                              "nothing for "));
  ip_experiment_destroy(&e);
}

/* As /proc has it: 'T' is stopped. */
static char state_of(long pid)
{
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/%ld/stat", pid);
  FILE *in = fopen(path, "r");
  if (in && fscanf(in, "%*d (%*[^)]) %c", &state) != 1) state = 0;
  if (in) fclose(in);
  return state;
}

/* A stopped worker would notice the stop of the sweep only when it is continued. */
static void a_stop_also_ends_a_stopped_worker(void **state)
{
  (void)state;
  ip_experiment *e = begin("both", 1, "");
  ip_task task[] = {{0, 1, 10}};
  tell(0, "halt");
  pid_t parent = fork();
  if (parent == 0) {
    ip_pool_outcome outcome;
    ip_stop_install();
    _exit(run_pool(e, 1, 1, task, &outcome) == IP_ESTOPPED ? 0 : 1);
  }
  long pid[64];
  for (int i = 0; i < 1000 && (!read_calls(2, pid) || state_of(pid[0]) != 'T'); i++) sleep_ms(10);
  kill(parent, SIGTERM);
  int status = status_of(parent);
  kill(parent, SIGKILL);
  assert_int_equal(status, 0);
  assert_string_equal(events_of("journal.tsv", 0), "started stopped ");
  ip_experiment_destroy(&e);
}

/* The third fork would start point 0 again. */
static void a_restart_waits_for_room_too(void **state)
{
  (void)state;
  ip_experiment *e = begin("room", 2, "");
  ip_task task[] = {{0, 2, 10}, {1, 1, 10}};
  tell(0, "kill once");
  tell(1, "until continuing with 1 at a time");
  forks.plan = "..x";
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 2, 2, task, &outcome));
  assert_true(outcome.n_done == 2 && outcome.n_failed == 0);
  assert_string_equal(events_of("journal.tsv", 0), "started killed started done ");
  ip_experiment_destroy(&e);
}

static void without_room_for_a_single_worker_the_sweep_tries_again(void **state)
{
  (void)state;
  ip_experiment *e = begin("none", 1, "");
  ip_task task[] = {{0, 1, 10}};
  tell(0, "kill once");
  forks.plan = "xx";
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 2, 1, task, &outcome));
  assert_true(outcome.n_done == 1 && !*forks.plan);
  assert_non_null(strstr(text_of("messages"), "cannot start a worker: Resource temporarily unavailable: trying again"));
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
    sleep_ms(20);
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
  ACT_IF_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_worker_outlives_a_parent_that_was_killed),
      cmocka_unit_test(a_silent_worker_is_killed_and_started_again),
      cmocka_unit_test(a_stop_also_ends_a_stopped_worker),
      cmocka_unit_test(a_restart_waits_for_room_too),
      cmocka_unit_test(without_room_for_a_single_worker_the_sweep_tries_again),
      cmocka_unit_test(limits_of_the_system_mean_fewer_at_a_time),
      cmocka_unit_test(a_stopped_worker_is_named),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
