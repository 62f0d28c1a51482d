#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "sweep/status.h"

#include <sys/wait.h>

static void write_text(const char *name, const char *text)
{
  temp_write(name, strlen(text), text);
}

/* A directory with an experiment of 4 n points. */
static void make_folder(const char *name, int n)
{
  char text[400];
  snprintf(text, sizeof text,
           "name: sample\nrepeats: %d\nnetwork: {hidden: [3]}\ntraining: {epochs: 10}\nestimators: [edges]\n"
           "figures: []\nsweep:\n  training.learning_rate: [0.1, 0.2, 0.3, 0.4]\n",
           n);
  char file[64];
  snprintf(file, sizeof file, "%s/experiment.yaml", name);
  CHECK_OK(ip_folder_create(temp_path(name)));
  CHECK_OK(ip_file_write(temp_path(file), text));
}

static ip_journal *open_journal(const char *name, ip_shard shard, ip_results **r)
{
  ip_journal *j;
  CHECK_OK(ip_results_open(temp_path(name), shard, r));
  CHECK_OK(ip_journal_open(*r, &j));
  return j;
}

static void close_journal(ip_journal *j, ip_results *r)
{
  ip_journal_close(&j);
  ip_results_close(&r);
}

static void the_state_of_a_point_is_its_last_event(void **state)
{
  (void)state;
  pid_t dead = fork(); /* before it has memory of ours that would be lost in the child */
  if (dead == 0) _exit(0);
  assert_int_equal(waitpid(dead, NULL, 0), dead);
  make_folder("a", 2);
  ip_results *r;
  ip_journal *j = open_journal("a", (ip_shard){1, 1}, &r);
  ip_journal_add(j, IP_EVENT_KEPT, 0, "r0", 0, "");
  ip_journal_add(j, IP_EVENT_STARTED, 1, "r1", getpid(), "");
  ip_journal_add(j, IP_EVENT_STARTED, 2, "r2", dead, "");
  ip_journal_add(j, IP_EVENT_STARTED, 3, "r3", dead, "");
  ip_journal_add(j, IP_EVENT_KILLED, 3, "r3", dead, "killed by signal 9");
  ip_journal_add(j, IP_EVENT_STARTED, 3, "r3", dead, "");
  ip_journal_add(j, IP_EVENT_FAILED, 3, "r3", dead, "first line\n\tsecond line");
  ip_journal_add(j, IP_EVENT_STARTED, 4, "r4", dead, "");
  ip_journal_add(j, IP_EVENT_DONE, 4, "r4", dead, "");
  ip_journal_add(j, IP_EVENT_STOPPED, 5, "r5", dead, "");
  ip_journal_add(j, IP_EVENT_DONE, 99, "r99", dead, ""); /* of a larger sweep in this directory before */
  close_journal(j, r);
  ip_sweep_status *s;
  CHECK_OK(ip_sweep_status_read(temp_path("a"), &s));
  const uint8_t expected[] = {IP_STATE_DONE, IP_STATE_RUNNING,     IP_STATE_INTERRUPTED, IP_STATE_FAILED,
                              IP_STATE_DONE, IP_STATE_INTERRUPTED, IP_STATE_PENDING,     IP_STATE_PENDING};
  assert_int_equal(s->n_points, 8);
  assert_memory_equal(s->state, expected, 8);
  assert_int_equal(s->count[IP_STATE_DONE], 2);
  assert_int_equal(s->count[IP_STATE_PENDING], 2);
  assert_string_equal(s->experiment, "sample");
  assert_int_equal(s->n_entries, 2);
  assert_string_equal(s->entry[0].run, "r1");
  assert_int_equal(s->entry[0].pid, getpid());
  assert_string_equal(s->entry[1].message, "first line  second line");
  ip_sweep_status_destroy(&s);
  ip_sweep_status_destroy(&s);
}

/* Each kind of event alone, of a worker that has ended. */
static void every_event_has_its_state(void **state)
{
  (void)state;
  static const ip_state expected[IP_N_EVENTS] = {
      [IP_EVENT_NONE] = IP_STATE_PENDING,        [IP_EVENT_STARTED] = IP_STATE_INTERRUPTED,
      [IP_EVENT_DONE] = IP_STATE_DONE,           [IP_EVENT_KEPT] = IP_STATE_DONE,
      [IP_EVENT_STOPPED] = IP_STATE_INTERRUPTED, [IP_EVENT_KILLED] = IP_STATE_INTERRUPTED,
      [IP_EVENT_FAILED] = IP_STATE_FAILED};
  make_folder("events", 2);
  ip_results *r;
  ip_journal *j = open_journal("events", (ip_shard){1, 1}, &r);
  for (size_t k = 0; k < IP_N_EVENTS; k++) ip_journal_add(j, (ip_event)k, k, "run", 999999999, "");
  close_journal(j, r);
  ip_sweep_status *s;
  CHECK_OK(ip_sweep_status_read(temp_path("events"), &s));
  for (size_t k = 0; k < IP_N_EVENTS; k++) assert_int_equal(s->state[k], expected[k]);
  ip_sweep_status_destroy(&s);
}

/* A pid means something on its own host only: where another one works on the directory, what has started is running. */
static void of_other_hosts_what_has_started_is_running(void **state)
{
  (void)state;
  make_folder("far", 1);
  write_text("far/journal.tsv", "2026-01-01T00:00:07Z\tstarted\t1\tr1\t999999999\t.\n");
  for (int far = 0; far < 2; far++) {
    if (far) write_text("far/.lock", "17 no.such.host.of.ours\n");
    ip_sweep_status *s;
    CHECK_OK(ip_sweep_status_read(temp_path("far"), &s));
    assert_int_equal(s->state[1], far ? IP_STATE_RUNNING : IP_STATE_INTERRUPTED);
    ip_sweep_status_destroy(&s);
  }
}

static void shards_are_seen_together(void **state)
{
  (void)state;
  make_folder("b", 1);
  ip_results *r;
  ip_journal *j = open_journal("b", (ip_shard){1, 2}, &r);
  ip_journal_add(j, IP_EVENT_DONE, 0, "r0", 1, "");
  close_journal(j, r);
  j = open_journal("b", (ip_shard){2, 2}, &r);
  ip_journal_add(j, IP_EVENT_FAILED, 1, "r1", 1, "no reason");
  close_journal(j, r);
  ip_sweep_status *s;
  CHECK_OK(ip_sweep_status_read(temp_path("b"), &s));
  const uint8_t expected[] = {IP_STATE_DONE, IP_STATE_FAILED, IP_STATE_PENDING, IP_STATE_PENDING};
  assert_memory_equal(s->state, expected, 4);
  ip_sweep_status_destroy(&s);
}

/* Journals of another cut into shards stay behind; the journal that was opened last counts, whatever the clocks of
 * their machines said. One without a number is of an older version. */
static void the_latest_word_counts_over_all_journals(void **state)
{
  (void)state;
  make_folder("c", 1);
  write_text("c/journal-1-of-2.tsv", "# opening 5\n2026-01-01T00:00:01Z\tfailed\t0\tr0\t1\t.\n"
                                     "2026-01-01T00:00:00Z\tdone\t0\tr0\t1\t.\n");
  write_text("c/journal.tsv", "# opening 4\n2026-01-01T00:00:05Z\tfailed\t0\tr0\t1\t.\n"
                              "2026-01-01T00:00:05Z\tfailed\t2\tr2\t1\t.\n"
                              "2026-01-01T00:00:07Z\tfailed\t1\tr1\t1\t.\n");
  write_text("c/journal-1-of-3.tsv", "2026-01-01T00:00:09Z\tdone\t2\tr2\t1\t.\n");
  write_text("c/journal-2-of-4.tsv", "# opening 6\n2026-01-01T00:00:02Z\tdone\t1\tr1\t1\t.\n2026-01-01T0");
  ip_sweep_status *s;
  CHECK_OK(ip_sweep_status_read(temp_path("c"), &s));
  const uint8_t expected[] = {IP_STATE_DONE, IP_STATE_DONE, IP_STATE_FAILED, IP_STATE_PENDING};
  assert_memory_equal(s->state, expected, 4);
  ip_sweep_status_destroy(&s);
}

static void a_folder_of_something_else_is_refused(void **state)
{
  (void)state;
  ip_sweep_status *s;
  CHECK_OK(ip_folder_create(temp_path("empty")));
  CHECK_FAILS(ip_sweep_status_read(temp_path("empty"), &s), IP_EIO, "empty: no experiment.yaml");
  assert_null(s);
  CHECK_FAILS(ip_sweep_status_read(temp_path("none"), &s), IP_EIO, "none: no experiment.yaml");
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  make_folder("d", 1);
  write_text("d/journal.tsv", "2026-01-01T00:00:07Z\tfailed\t1\tr1\t1\t.\n");
  ip_sweep_status *s = NULL;
  CHECK_EVERY_ALLOCATION(ip_sweep_status_read(temp_path("d"), &s), ip_sweep_status_destroy(&s));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_state_of_a_point_is_its_last_event),
      cmocka_unit_test(every_event_has_its_state),
      cmocka_unit_test(of_other_hosts_what_has_started_is_running),
      cmocka_unit_test(shards_are_seen_together),
      cmocka_unit_test(the_latest_word_counts_over_all_journals),
      cmocka_unit_test(a_folder_of_something_else_is_refused),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
