/* The pool: the order of its workers, how they end, how they share the cores. */
#include "base/stop.h"
#include "base/team.h"
#include "sweep/test/pool_worker.h"
#include "sweep/worker.h"

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

/* Of the process, the point and the run. */
static void the_journal_names_the_process_of_every_event(void **state)
{
  (void)state;
  ip_experiment *e = begin("pids", 2, "");
  ip_task task[] = {{0, 1, 10}, {1, 1, 10}};
  tell(1, "fail reason");
  ip_pool_outcome outcome;
  CHECK_OK(run_pool(e, 1, 2, task, &outcome));
  long pid[64];
  char line[200];
  assert_int_equal(read_calls(2, pid), 2);
  for (int k = 0; k < 2; k++) {
    snprintf(line, sizeof line, "\tstarted\t%d\tseed=%d\t%ld\t\n", k, k, pid[k]);
    assert_non_null(strstr(text_of("journal.tsv"), line));
    snprintf(line, sizeof line, "\t%s\t%d\tseed=%d\t%ld\t%s\n", k ? "failed" : "done", k, k, pid[k], k ? "reason" : "");
    assert_non_null(strstr(text_of("journal.tsv"), line));
  }
  ip_experiment_destroy(&e);
}

static void the_threads_of_a_sweep_are_those_of_its_workers(void **state)
{
  (void)state;
  ip_experiment *e = begin("threads", 1, "");
  ip_sweep_options opt = {.folder = temp_path("threads"), .shard = {1, 1}, .jobs = 1, .threads = 7};
  ip_sweep_outcome outcome;
  long threads[64];
  CHECK_OK(run_sweep(e, &opt, &outcome));
  assert_true(read_calls(1, threads) == 1 && threads[0] == 7);
  ip_experiment_destroy(&e);
}

/* Nothing is begun, and the directory keeps its configuration. */
static void a_stop_before_the_start_begins_nothing(void **state)
{
  (void)state;
  ip_experiment *e = begin("never", 2, "");
  ip_sweep_options opt = {.folder = temp_path("never"), .shard = {1, 1}, .jobs = 1};
  ip_sweep_outcome outcome;
  ip_stop_set(true);
  ip_status st = run_sweep(e, &opt, &outcome);
  ip_stop_set(false);
  ip_error_clear();
  assert_int_equal(st, IP_ESTOPPED);
  assert_false(temp_exists("never/experiment.yaml") || temp_exists("never/calls"));
  ip_experiment_destroy(&e);
}

/* Every worker ends without a run file: the message counts them, and says what to do. */
static void a_sweep_says_how_many_failed_and_how_to_go_on(void **state)
{
  (void)state;
  ip_experiment *e = begin("some", 3, "");
  char folder[512];
  snprintf(folder, sizeof folder, "%s", temp_path("some"));
  ip_sweep_options opt = {.folder = folder, .shard = {1, 1}, .jobs = 2};
  ip_sweep_outcome outcome;
  tell(0, "fail one");
  tell(2, "fail two");
  CHECK_FAILS(run_sweep(e, &opt, &outcome), IP_ECHILD,
              "/some: 2 of 3 runs failed; for the reasons, run infoplane status ");
  assert_true(outcome.n_points == 3 && outcome.n_kept == 0 && outcome.n_done == 1 && outcome.n_failed == 2 &&
              outcome.n_left == 0 && !outcome.disk_full);
  assert_true(temp_exists("some/experiment.yaml") && !temp_exists("some/experiment.yaml.1-of-1"));
  opt.finished = true; /* the caller knows that all are there: none is looked at or run */
  assert_int_equal(unlink(inside("calls")), 0);
  CHECK_OK(run_sweep(e, &opt, &outcome));
  assert_true(outcome.n_kept == 3 && outcome.n_done == 0 && !temp_exists("some/calls"));
  assert_string_equal(events_of("journal.tsv", 2), "kept ");
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
      memset(&outcome, 0xff, sizeof outcome);
      CHECK_OK(ip_sweep_prepare(points, &opt, missing, &outcome));
      assert_true(outcome.n_done == 0 && outcome.n_failed == 0 && outcome.n_kept == 0 && !outcome.disk_full);
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

int main(int argc, char **argv)
{
  ACT_IF_WORKER(argc, argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_most_expensive_go_first_and_equals_in_their_order),
      cmocka_unit_test(a_sweep_starts_with_its_largest_networks),
      cmocka_unit_test(a_worker_that_was_killed_is_started_once_more),
      cmocka_unit_test(a_worker_that_reports_an_error_is_not_and_ends_no_other),
      cmocka_unit_test(of_a_worker_that_wrote_much_the_last_words_are_kept),
      cmocka_unit_test(a_worker_that_somebody_else_stopped_is_started_once_more),
      cmocka_unit_test(a_full_disk_stops_the_sweep),
      cmocka_unit_test(few_runs_share_the_cores),
      cmocka_unit_test(the_journal_names_the_process_of_every_event),
      cmocka_unit_test(the_threads_of_a_sweep_are_those_of_its_workers),
      cmocka_unit_test(a_stop_before_the_start_begins_nothing),
      cmocka_unit_test(a_sweep_says_how_many_failed_and_how_to_go_on),
      cmocka_unit_test(shards_of_any_number_cover_every_point_once),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
