/* What the pool makes of time: progress, the time that is left, and when it gives up. The clock here moves only when a
 * worker writes something, or when the pool waits without workers. */
#include "sweep/test/failing_fork.h"

#include "sweep/test/pool_worker.h"

#include <poll.h>

static struct {
  double now_s, step_s; /* the clock, and what it moves by; 0: it is the real one */
  double without_s;     /* what it moves by where there are no workers */
  int n_without;        /* times that the pool waited for nobody */
} fake;

int clock_gettime(clockid_t clock, struct timespec *t)
{
  static int (*real)(clockid_t, struct timespec *);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  if (fake.step_s == 0 || clock != CLOCK_MONOTONIC) return real(clock, t);
  *t = (struct timespec){.tv_sec = (time_t)fake.now_s};
  return 0;
}

int poll(struct pollfd *fds, nfds_t n, int wait_ms)
{
  static int (*real)(struct pollfd *, nfds_t, int);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "poll");
  int result = real(fds, n, n ? wait_ms : 0);
  bool wrote = false;
  for (nfds_t i = 0; i < n; i++) wrote = wrote || fds[i].revents & POLLIN;
  fake.now_s += !n ? fake.without_s : wrote ? fake.step_s : 0;
  fake.n_without += n == 0;
  return result;
}

static void set_clock(double step_s, double without_s)
{
  fake.now_s = 1000;
  fake.step_s = step_s;
  fake.without_s = without_s;
  fake.n_without = 0;
}

static int real_clock(void **state)
{
  (void)state;
  fake.step_s = 0;
  silent_s = 0;
  forks.plan = "";
  return 0;
}

/* ---------------------------------------------------------------- the tests */

/* Point 0 goes on from epoch 5: 4 s for an epoch and then 13.3 or 10 s for the estimates of a run. */
static void the_time_left_is_that_of_epochs_and_estimates(void **state)
{
  (void)state;
  ip_experiment *e = begin("alone", 2, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}};
  tell(0, "say ;5;5/20 epochs;7;7/20 epochs;+10/20;50 %);+15/20;75 %)");
  tell(1, "say ;5;15/20 epochs");
  ip_pool_outcome outcome;
  set_clock(10, 0);
  CHECK_OK(run_pool(e, 1, 2, task, &outcome));
  assert_string_equal(text_of("messages"),
                      "runs: 5/20 epochs, 0.5/s, unknown left  0/2 runs, 1 running, 0 failed\n"
                      "runs: 7/20 epochs, 0.35/s, 1:05 min left  0/2 runs, 1 running, 0 failed\n"
                      "runs: 10/20 epochs, 0.333/s, 40 s left  0/2 runs, 1 running (1 estimating, 50 %), 0 failed\n"
                      "runs: 10/20 epochs, 0.25/s, 57 s left  0/2 runs, 1 running (1 estimating, 75 %), 0 failed\n"
                      "runs: 15/20 epochs, 0.3/s, 30 s left  1/2 runs, 1 running, 0 failed\n"
                      "runs: 20/20 epochs, 0.4/s, took 50 s  2/2 runs, 0 running, 0 failed\n");
  ip_experiment_destroy(&e);
}

/* It has trained more than it was asked for, and less than none of its estimates is left. */
static void no_more_than_all_is_done(void **state)
{
  (void)state;
  ip_experiment *e = begin("more", 1, "");
  ip_task task[] = {{0, 1, 10}};
  tell(0, "say ;4;4/10;25;10/10 epochs;+7/5;100 %)");
  ip_pool_outcome outcome;
  set_clock(10, 0);
  CHECK_OK(run_pool(e, 1, 1, task, &outcome));
  assert_string_equal(text_of("messages"),
                      "runs: 4/10 epochs, 0.4/s, unknown left  0/1 run, 1 running, 0 failed\n"
                      "runs: 10/10 epochs, 0.5/s, 0.0 s left  0/1 run, 1 running, 0 failed\n"
                      "runs: 10/10 epochs, 0.333/s, 0.0 s left  0/1 run, 1 running (1 estimating, 100 %), 0 failed\n"
                      "runs: 10/10 epochs, 0.333/s, took 30 s  1/1 run, 0 running, 0 failed\n");
  ip_experiment_destroy(&e);
}

/* Each step is longer than the limit of silence; but this process was held up then, and perhaps its workers. */
static void workers_share_the_time_left(void **state)
{
  (void)state;
  ip_experiment *e = begin("shared", 2, "");
  ip_task task[] = {{0, 2, 10}, {1, 1, 20}};
  tell(0, "say ;4;14/30 epochs;+3/10;40 %)");
  tell(1, "say 4/30 epochs;10;20/30 epochs;+5/10;40 %)");
  ip_pool_outcome outcome;
  silent_s = 4;
  set_clock(10, 0);
  CHECK_OK(run_pool(e, 3, 2, task, &outcome));
  assert_string_equal(text_of("messages"),
                      "runs: 4/30 epochs, 0.4/s, unknown left  0/2 runs, 2 running, 0 failed\n"
                      "runs: 14/30 epochs, 0.7/s, unknown left  0/2 runs, 2 running, 0 failed\n"
                      "runs: 20/30 epochs, 0.667/s, 25 s left  0/2 runs, 2 running (1 estimating, 30 %), 0 failed\n"
                      "runs: 30/30 epochs, 0.75/s, 7.5 s left  0/2 runs, 2 running (2 estimating, 40 %), 0 failed\n"
                      "runs: 30/30 epochs, 0.75/s, took 40 s  2/2 runs, 0 running, 0 failed\n");
  assert_true(outcome.n_done == 2 && outcome.n_left == 0);
  ip_experiment_destroy(&e);
}

static void a_pool_that_was_not_held_up_counts_silence(void **state)
{
  (void)state;
  ip_experiment *e = begin("silent", 2, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}};
  tell(0, "hang once");
  tell(1, "chirp until is killed"); /* the clock stops then, and the worker that is started again has time */
  ip_pool_outcome outcome;
  silent_s = 4;
  set_clock(2, 0);
  CHECK_OK(run_pool(e, 2, 2, task, &outcome));
  assert_true(outcome.n_done == 2);
  assert_non_null(strstr(text_of("messages"), "has reported nothing for 4 s\n"));
  assert_non_null(strstr(text_of("messages"), "seed=0: the worker was killed and is restarted once: it had reported "
                                              "nothing for 4 s (silent_limit)\n"));
  ip_experiment_destroy(&e);
}

/* At 0, 30 and 60 s it is tried again, at 90 s not any more. */
static void without_room_it_gives_up_after_a_minute(void **state)
{
  (void)state;
  ip_experiment *e = begin("room", 1, "");
  ip_task task[] = {{0, 1, 10}};
  ip_pool_outcome outcome;
  forks.plan = "*";
  set_clock(1, 30);
  CHECK_FAILS(run_pool(e, 1, 1, task, &outcome), IP_ECHILD, "cannot start a worker: Resource temporarily unavailable");
  assert_int_equal(fake.n_without, 3);
  assert_true(outcome.n_done == 0 && outcome.n_failed == 0 && outcome.n_left == 1);
  assert_string_equal(text_of("messages"),
                      "cannot start a worker: Resource temporarily unavailable: trying again for a minute\n"
                      "runs: 0/10 epochs, 0/s, unknown left  0/1 run, 0 running, 0 failed\n"
                      "runs: 0/10 epochs, 0/s, unknown left  0/1 run, 0 running, 0 failed\n"
                      "runs: 0/10 epochs, 0/s, unknown left  0/1 run, 0 running, 0 failed\n"
                      "runs: 0/10 epochs, 0/s, took 1:30 min  0/1 run, 0 running, 0 failed\n");
  ip_experiment_destroy(&e);
}

static void each_want_of_room_has_its_own_minute(void **state)
{
  (void)state;
  ip_experiment *e = begin("again", 1, "");
  ip_task task[] = {{0, 1, 10}};
  ip_pool_outcome outcome;
  tell(0, "kill once");
  forks.plan = "x.x";
  set_clock(1, 61);
  CHECK_OK(run_pool(e, 1, 1, task, &outcome));
  assert_true(outcome.n_done == 1 && fake.n_without == 1);
  ip_experiment_destroy(&e);
}

/* The second of two at a time has no room: it waits until the first has ended. */
static void with_less_room_there_are_fewer_at_a_time(void **state)
{
  (void)state;
  static const char *const first =
      "cannot start a worker: Resource temporarily unavailable: continuing with 1 at a time\n";
  ip_experiment *e = begin("fewer", 3, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}, {2, 1, 10}};
  tell(0, "say continuing;1;1/30 epochs");
  tell(1, "say ;2;12/30 epochs");
  tell(2, "say ;3;23/30 epochs");
  ip_pool_outcome outcome;
  forks.plan = ".x";
  set_clock(10, 0);
  CHECK_OK(run_pool(e, 2, 3, task, &outcome));
  assert_true(outcome.n_done == 3);
  assert_memory_equal(text_of("messages"), first, strlen(first));
  assert_null(strstr(text_of("messages") + strlen(first), "continuing"));
  assert_null(strstr(text_of("messages"), "2 running"));
  ip_experiment_destroy(&e);
}

/* The limit is the experiment's. */
static void a_sweep_has_the_limit_of_its_experiment(void **state)
{
  (void)state;
  ip_experiment *e = begin("limit", 2, "silent_limit: 6\n");
  tell(0, "hang once");
  tell(1, "chirp until is killed");
  FILE *messages = fopen(inside("messages"), "w");
  assert_non_null(messages);
  ip_sweep_options opt = {.folder = temp_path("limit"), .shard = {1, 1}, .jobs = 2, .messages = messages};
  ip_sweep_outcome outcome;
  set_clock(2, 0);
  ip_status st = run_sweep(e, &opt, &outcome);
  fclose(messages);
  CHECK_OK(st);
  assert_string_equal(events_of("journal.tsv", 0), "started killed started done ");
  assert_non_null(strstr(text_of("journal.tsv"), "\tit had reported nothing for 6 s (silent_limit)\n"));
  ip_experiment_destroy(&e);
}

int main(int argc, char **argv)
{
  ACT_IF_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(the_time_left_is_that_of_epochs_and_estimates, real_clock),
      cmocka_unit_test_teardown(no_more_than_all_is_done, real_clock),
      cmocka_unit_test_teardown(workers_share_the_time_left, real_clock),
      cmocka_unit_test_teardown(a_pool_that_was_not_held_up_counts_silence, real_clock),
      cmocka_unit_test_teardown(without_room_it_gives_up_after_a_minute, real_clock),
      cmocka_unit_test_teardown(with_less_room_there_are_fewer_at_a_time, real_clock),
      cmocka_unit_test_teardown(a_sweep_has_the_limit_of_its_experiment, real_clock),
      cmocka_unit_test_teardown(each_want_of_room_has_its_own_minute, real_clock),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
