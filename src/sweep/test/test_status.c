#define _GNU_SOURCE /* RTLD_NEXT */
#include "base/test/check.h"
#include "file/atomic.h"
#include "file/test/temp.h"
#include "study/test/made_runs.h"
#include "sweep/status.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

enum { OF_ANOTHER_USER = 2 };

/* One process may not be asked. */
int kill(pid_t pid, int sig)
{
  static int (*real)(pid_t, int);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "kill");
  if (pid != OF_ANOTHER_USER) return real(pid, sig);
  errno = EPERM;
  return -1;
}

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
           "figures: []\ntags: [one, two]\nsweep:\n  training.learning_rate: [0.1, 0.2, 0.3, 0.4]\n",
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
  const size_t count[IP_N_STATES] = {[IP_STATE_DONE] = 2,
                                     [IP_STATE_RUNNING] = 1,
                                     [IP_STATE_INTERRUPTED] = 2,
                                     [IP_STATE_FAILED] = 1,
                                     [IP_STATE_PENDING] = 2};
  assert_memory_equal(s->count, count, sizeof count);
  assert_string_equal(s->experiment, "sample");
  assert_true(s->n_tags == 2 && !strcmp(s->tag[0], "one") && !strcmp(s->tag[1], "two"));
  assert_int_equal(s->n_entries, 2);
  assert_string_equal(s->entry[0].run, "r1");
  assert_string_equal(s->entry[0].message, "");
  assert_int_equal(s->entry[0].point, 1);
  assert_int_equal(s->entry[0].pid, getpid());
  assert_string_equal(s->entry[1].run, "r3");
  assert_int_equal(s->entry[1].point, 3);
  assert_int_equal(s->entry[1].pid, dead);
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

static void a_process_of_another_user_is_alive(void **state)
{
  (void)state;
  make_folder("other", 1);
  write_text("other/journal.tsv",
             "2026-01-01T00:00:07Z\tstarted\t1\tr1\t2\t.\n2026-01-01T00:00:07Z\tstarted\t2\tr2\t0\t.\n");
  ip_sweep_status *s;
  CHECK_OK(ip_sweep_status_read(temp_path("other"), &s));
  assert_int_equal(s->state[1], IP_STATE_RUNNING);
  assert_int_equal(s->state[2], IP_STATE_RUNNING); /* a process without a number */
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

/* ---------------------------------------------------------------- files of any program */

static void a_file_says_its_state_epochs_and_experiment(void **state)
{
  (void)state;
  static const made_run runs[] = {
      {.file = "done.h5", .experiment = "first", .config = "", .n_epochs = 5},
      {.file = "unfit.h5", .experiment = "", .config = "", .n_epochs = 2, .failed_to_fit = true}};
  ip_file_status f;
  for (size_t i = 0; i < 2; i++) {
    CHECK_OK(made_write(&runs[i]));
    CHECK_OK(ip_sweep_look_at_file(temp_path(runs[i].file), &f));
    assert_true(f.is_known && f.state == IP_STATE_DONE && f.n_epochs == runs[i].n_epochs);
    assert_string_equal(f.text, runs[i].experiment);
  }
  write_text("text.h5", "no run");
  CHECK_OK(ip_sweep_look_at_file(temp_path("text.h5"), &f));
  assert_true(f.is_known && f.state == IP_STATE_FAILED && f.n_epochs == 0);
  assert_non_null(strstr(f.text, "/text.h5: "));
  assert_string_equal(ip_error_message(), "");
}

/* What is known of files, and what it becomes; `message` NULL: it is not listed. */
static const struct {
  ip_file_status file;
  ip_state state;
  const char *message;
} some_files[] = {
    {{true, IP_STATE_FAILED, 0, "a.h5: damaged"}, IP_STATE_FAILED, "a.h5: damaged"},
    {{true, IP_STATE_RUNNING, 7, "first"}, IP_STATE_RUNNING, "7 logged epochs"},
    {{true, IP_STATE_DONE, 9, "second"}, IP_STATE_DONE, NULL},
    {{false, IP_STATE_DONE, 9, "third"}, IP_STATE_FAILED, "could not be read"},
    {{true, IP_STATE_INTERRUPTED, 0, ""}, IP_STATE_INTERRUPTED, "0 logged epochs"},
    {{true, IP_N_STATES, 3, "fourth"}, IP_STATE_FAILED, "3 logged epochs"},
    {{true, -1, 4, "fifth"}, IP_STATE_FAILED, "4 logged epochs"},
};

static void files_are_counted_by_state(void **state)
{
  (void)state;
  enum { N = sizeof some_files / sizeof *some_files };
  static const char *const name[N] = {"a.h5", "b.h5", "c.h5", "d.h5", "e.h5", "f.h5", "g.h5"};
  static const size_t count[IP_N_STATES] = {
      [IP_STATE_DONE] = 1, [IP_STATE_RUNNING] = 1, [IP_STATE_INTERRUPTED] = 1, [IP_STATE_FAILED] = 4};
  ip_file_status found[N];
  ip_sweep_status *s;
  for (size_t i = 0; i < N; i++) found[i] = some_files[i].file;
  CHECK_OK(ip_sweep_status_files("runs", N, name, found, &s));
  assert_string_equal(s->experiment, "first");
  assert_int_equal(s->n_points, N);
  assert_memory_equal(s->count, count, sizeof count);
  size_t at = 0;
  for (size_t i = 0; i < N; i++) {
    assert_int_equal(s->state[i], some_files[i].state);
    if (!some_files[i].message) continue;
    assert_int_equal(s->entry[at].point, i);
    assert_string_equal(s->entry[at].run, name[i]);
    assert_string_equal(s->entry[at++].message, some_files[i].message);
  }
  assert_int_equal(s->n_entries, at);
  ip_sweep_status_destroy(&s);
  CHECK_OK(ip_sweep_status_files("mine", N, name, found, &s));
  assert_string_equal(s->experiment, "mine");
  ip_sweep_status_destroy(&s);
  CHECK_EVERY_ALLOCATION(ip_sweep_status_files("runs", N, name, found, &s), ip_sweep_status_destroy(&s));
}

/* A run that is listed has its name and its message, or the reading has failed. */
static ip_status read_complete(const char *folder, ip_sweep_status **s)
{
  IP_TRY(ip_sweep_status_read(folder, s));
  assert_int_equal((*s)->n_entries, 2);
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal((*s)->entry[i].point, i);
    assert_string_equal((*s)->entry[i].run, i ? "r1" : "r0");
    assert_string_equal((*s)->entry[i].message, i ? "second" : "first");
  }
  return IP_OK;
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  make_folder("d", 1);
  write_text("d/journal.tsv", "2026-01-01T00:00:07Z\tfailed\t0\tr0\t1\tfirst\n"
                              "2026-01-01T00:00:07Z\tfailed\t1\tr1\t1\tsecond\n");
  ip_sweep_status *s = NULL;
  CHECK_EVERY_ALLOCATION(read_complete(temp_path("d"), &s), ip_sweep_status_destroy(&s));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_state_of_a_point_is_its_last_event),
      cmocka_unit_test(every_event_has_its_state),
      cmocka_unit_test(a_process_of_another_user_is_alive),
      cmocka_unit_test(of_other_hosts_what_has_started_is_running),
      cmocka_unit_test(shards_are_seen_together),
      cmocka_unit_test(the_latest_word_counts_over_all_journals),
      cmocka_unit_test(a_folder_of_something_else_is_refused),
      cmocka_unit_test(a_file_says_its_state_epochs_and_experiment),
      cmocka_unit_test(files_are_counted_by_state),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
