#define _GNU_SOURCE /* RTLD_NEXT */
#include "base/process.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/team.h"
#include "base/test/check.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static ip_process_result run_shell(const char *script)
{
  ip_process_result r;
  const char *const argv[] = {"sh", "-c", script, NULL};
  CHECK_OK(ip_process_run(&(ip_process_spec){.argv = argv, .variable = "IP_TEST", .value = "a value"}, &r));
  return r;
}

static void both_streams_and_the_exit_status_are_kept(void **state)
{
  (void)state;
  ip_process_result r = run_shell("echo \"$IP_TEST\"; echo why >&2; exit 7");
  assert_string_equal(r.out, "a value\n");
  assert_string_equal(r.err, "why\n");
  assert_true(r.exit == 7 && r.signal == 0 && r.error == 0);
  ip_process_result_free(&r);
}

static void a_signal_is_no_exit_status(void **state)
{
  (void)state;
  ip_process_result r = run_shell("kill -TERM $$");
  assert_true(r.exit == 0 && r.signal == SIGTERM && r.error == 0);
  ip_process_result_free(&r);
}

static void its_standard_input_is_empty(void **state)
{
  (void)state;
  ip_process_result r = run_shell("wc -c");
  assert_int_equal(atoi(r.out), 0);
  ip_process_result_free(&r);
}

/* With inherits_in, that of this process; `file` may differ from the name that the program sees. */
static void its_standard_input_may_be_inherited(void **state)
{
  (void)state;
  int end[2], own = dup(STDIN_FILENO);
  assert_true(own >= 0 && pipe(end) == 0 && write(end[1], "inherited", 9) == 9);
  close(end[1]);
  assert_true(dup2(end[0], STDIN_FILENO) == STDIN_FILENO);
  close(end[0]);
  ip_process_result r;
  const char *const argv[] = {"another name", "-c", "echo \"$0\"; cat", NULL};
  CHECK_OK(ip_process_run(&(ip_process_spec){.file = "sh", .argv = argv, .inherits_in = true}, &r));
  assert_true(dup2(own, STDIN_FILENO) == STDIN_FILENO);
  close(own);
  assert_string_equal(r.out, "another name\ninherited");
  ip_process_result_free(&r);
}

/* Too large a file ends it, also where this process has the write fail instead. */
static void it_is_killed_at_the_limit_of_file_sizes(void **state)
{
  (void)state;
  void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
  ip_process_result r = run_shell("kill -XFSZ $$");
  signal(SIGXFSZ, before);
  assert_int_equal(r.signal, SIGXFSZ);
  ip_process_result_free(&r);
}

/* Nor any other descriptor of ours: a child that lives on would keep its reader waiting. */
static void it_gets_no_end_of_the_pipes_of_others(void **state)
{
  (void)state;
  ip_process other;
  ip_process_result alone = run_shell("ls /proc/self/fd | wc -l");
  assert_int_equal(ip_process_start(&(ip_process_spec){.argv = (const char *const[]){"sleep", "60", NULL}}, &other), 0);
  ip_process_result beside = run_shell("ls /proc/self/fd | wc -l");
  kill(other.pid, SIGKILL);
  assert_int_equal(WTERMSIG(ip_process_wait(&other)), SIGKILL);
  close(other.out);
  close(other.err);
  assert_string_equal(beside.out, alone.out);
  ip_process_result_free(&alone);
  ip_process_result_free(&beside);
}

static void more_than_is_kept_does_not_block(void **state)
{
  (void)state;
  ip_process_result r = run_shell("head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2");
  assert_int_equal(strlen(r.out), (1 << 20) - 1);
  assert_string_equal(r.err, "end\n");
  ip_process_result_free(&r);
}

static void a_program_that_is_not_there_is_known_at_once(void **state)
{
  (void)state;
  const char *const argv[] = {"no-such-program-of-infoplane", NULL};
  ip_process p;
  assert_int_equal(ip_process_start(&(ip_process_spec){.argv = argv}, &p), ENOENT);
  assert_true(p.out == -1 && p.err == -1);
  char *out;
  CHECK_FAILS(ip_process_output(argv, 0, &out), IP_ECHILD, "no-such-program-of-infoplane is not installed here");
  assert_null(out);
  CHECK_FAILS(ip_process_output((const char *const[]){"/dev/null", NULL}, 0, &out), IP_ECHILD,
              "/dev/null: cannot be started: Permission denied");
}

static void a_failure_says_what_the_program_said(void **state)
{
  (void)state;
  char *out;
  CHECK_FAILS(ip_process_output((const char *const[]){"sh", "-c", "echo because >&2; exit 3", NULL}, 0, &out),
              IP_ECHILD, "sh failed: because");
  CHECK_FAILS(ip_process_output((const char *const[]){"sh", "-c", "exit 3", NULL}, 0, &out), IP_ECHILD,
              "sh failed: without a message");
  CHECK_OK(ip_process_output((const char *const[]){"echo", "fine", NULL}, 0, &out));
  assert_string_equal(out, "fine\n");
  ip_free(out);
}

static void a_program_that_does_not_end_is_killed(void **state)
{
  (void)state;
  char *out;
  CHECK_FAILS(ip_process_output((const char *const[]){"sleep", "60", NULL}, 0.2, &out), IP_ECHILD,
              "sleep did not end within 0.2 s and was killed");
  /* also one that left its output to a program of its own */
  CHECK_FAILS(ip_process_output((const char *const[]){"sh", "-c", "sleep 2 & exit 0", NULL}, 0.2, &out), IP_ECHILD,
              "did not end within");
  /* and one that has closed its output */
  CHECK_FAILS(ip_process_output((const char *const[]){"sh", "-c", "exec sleep 60 >&- 2>&-", NULL}, 0.2, &out),
              IP_ECHILD, "did not end within");
  ip_process_result r;
  ip_stop_set(true);
  CHECK_OK(ip_process_run(&(ip_process_spec){.argv = (const char *const[]){"sleep", "60", NULL}}, &r));
  ip_stop_set(false);
  assert_true(r.signal == SIGKILL && !r.timed_out);
  ip_process_result_free(&r);
}

static void a_program_that_was_ended_by_an_interrupt_is_no_failure_of_it(void **state)
{
  (void)state;
  char *out;
  ip_stop_set(true);
  CHECK_FAILS(ip_process_output((const char *const[]){"sleep", "60", NULL}, 0, &out), IP_ESTOPPED,
              "stopped on request");
  ip_stop_set(false);
  assert_null(out);
}

/* Whether the next fork ends the parent, and only then lets the child go on. */
static bool parent_dies;

pid_t fork(void)
{
  static pid_t (*real)(void);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "fork");
  pid_t parent = getpid(), pid = real();
  if (pid < 0 || !parent_dies) return pid;
  if (pid > 0) kill(parent, SIGKILL);
  while (getppid() == parent) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  parent_dies = false;
  return 0;
}

/* It would exit with 0. */
static void a_program_is_not_begun_after_the_death_of_its_parent(void **state)
{
  (void)state;
  ip_process p;
  int status;
  if (prctl(PR_SET_CHILD_SUBREAPER, 1)) return; /* in emulators, which have no subreapers: nothing to wait for */
  pid_t parent = fork();
  if (parent == 0) {
    parent_dies = true;
    const char *const argv[] = {"true", NULL};
    ip_process_start(&(ip_process_spec){.argv = argv, .ends_with_parent = true}, &p);
    _exit(7);
  }
  assert_true(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
  assert_true(waitpid(-1, &status, 0) > 0 && WIFEXITED(status)); /* the orphan */
  assert_int_equal(WEXITSTATUS(status), ip_status_exit(IP_ESTOPPED));
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

/* Whether the system starts no further thread. */
static bool no_threads;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
  static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  if (no_threads) return EAGAIN;
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
  return real(thread, attributes, start, argument);
}

static void a_team_does_without_threads_that_are_not_started(void **state)
{
  (void)state;
  ip_team *team;
  no_threads = true;
  CHECK_OK(ip_team_create(3, &team));
  no_threads = false;
  assert_int_equal(ip_team_size(team), 1);
  ip_team_destroy(&team);
  assert_null(team);
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  char *out = NULL;
  CHECK_EVERY_ALLOCATION(ip_process_output((const char *const[]){"true", NULL}, 0, &out), ip_free(out));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_streams_and_the_exit_status_are_kept),
      cmocka_unit_test(a_signal_is_no_exit_status),
      cmocka_unit_test(its_standard_input_is_empty),
      cmocka_unit_test(its_standard_input_may_be_inherited),
      cmocka_unit_test(it_is_killed_at_the_limit_of_file_sizes),
      cmocka_unit_test(it_gets_no_end_of_the_pipes_of_others),
      cmocka_unit_test(a_team_does_without_threads_that_are_not_started),
      cmocka_unit_test(more_than_is_kept_does_not_block),
      cmocka_unit_test(a_program_that_is_not_there_is_known_at_once),
      cmocka_unit_test(a_failure_says_what_the_program_said),
      cmocka_unit_test(a_program_that_does_not_end_is_killed),
      cmocka_unit_test(a_program_is_not_begun_after_the_death_of_its_parent),
      cmocka_unit_test(a_program_that_was_ended_by_an_interrupt_is_no_failure_of_it),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
