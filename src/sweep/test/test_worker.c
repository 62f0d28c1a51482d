/* One worker process: what is read of it, how it ends, and what its silence means.
 *
 * Workers execute this test again, with a script for the folder: "EXIT|STDOUT|STDERR". EXIT is its exit status, "-N"
 * for a signal, "wait" (until it is ended) or "closed" (the same, with its streams closed). "?" on STDERR becomes the
 * arguments that it was given. */
#include "sweep/test/failing_fork.h"

#include "base/test/check.h"
#include "sweep/silence.h"
#include "sweep/worker.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static void sleep_ms(long ms)
{
  nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* ---------------------------------------------------------------- the worker */

static int play(char **argv)
{
  char *out = strchr(argv[5], '|'), *err = out ? strchr(out + 1, '|') : NULL;
  if (!err) return 9;
  *out++ = *err++ = 0;
  fputs(out, stdout);
  if (*err == '?')
    fprintf(stderr, "%s %s %s, threads %s, BLAS %s", argv[0], argv[1], argv[6], argv[3],
            getenv("OPENBLAS_NUM_THREADS"));
  else
    fputs(err, stderr);
  fflush(stdout);
  bool is_closed = !strcmp(argv[5], "closed");
  if (is_closed) {
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
  }
  alarm(20); /* a test that fails does not hang */
  while (is_closed || !strcmp(argv[5], "wait")) pause();
  int code = atoi(argv[5]);
  if (code < 0) raise(-code);
  return code;
}

/* ---------------------------------------------------------------- what the tests share */

static ip_worker *start(const char *script)
{
  ip_worker *w;
  CHECK_OK(ip_worker_start(script, 12, 3, &w));
  return w;
}

/* Reads until the worker has closed its streams. */
static ip_worker_progress read_all(ip_worker *w)
{
  ip_worker_progress p = {0};
  struct pollfd polls[2];
  while (!ip_worker_read(w, &p)) poll(polls, (nfds_t)ip_worker_streams(w, polls), 1000);
  return p;
}

static ip_worker_progress progress_of(const char *out)
{
  char script[300], message[IP_WORKER_MESSAGE];
  ip_worker_end how;
  snprintf(script, sizeof script, "0|%s|", out);
  ip_worker *w = start(script);
  ip_worker_progress p = read_all(w);
  ip_worker_finish(&w, &how, message);
  assert_null(w);
  return p;
}

static void check_end(const char *script, ip_worker_end expected, const char *text)
{
  char message[IP_WORKER_MESSAGE];
  ip_worker_end how;
  ip_worker *w = start(script);
  read_all(w);
  ip_worker_finish(&w, &how, message);
  assert_int_equal(how, expected);
  assert_string_equal(message, text);
}

/* ---------------------------------------------------------------- the tests */

static void its_lines_are_epochs_and_then_estimates(void **state)
{
  (void)state;
  static const struct {
    const char *out;
    double epoch, estimated;
    bool estimating;
  } cases[] = {
      {"", 0, 0, false},
      {"12\n", 12, 0, false},
      {"3\n7\n", 7, 0, false},
      {"3\n\n\n", 3, 0, false},  /* an empty line is a sign of life */
      {"3\n12", 3, 0, false},    /* a line that has not ended */
      {"345\n7\n", 7, 0, false}, /* shorter than the one before */
      {"9\n+0/1\n", 9, 0, true},
      {"9\n+0/50\n", 9, 0, true},
      {"9\n+30/50\n", 9, 0.6, true},
      {"9\n+50/50\n", 9, 1, true},
      {"9\n+60/50\n", 9, 1, true},
      {"9\n+0/0\n", 9, 1, true}, /* nothing to estimate */
      {"9\n+5\n", 9, 1, true},
      {"000000000000000000000000000000000000000000000000000000000000005\n", 5, 0, false}, /* 63 characters */
      {"0000000000000000000000000000000000000000000000000000000000000051\n", 5, 0,
       false}, /* 64: there is no more room */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_worker_progress p = progress_of(cases[i].out);
    CHECK_NEAR(p.epoch, cases[i].epoch, 0);
    CHECK_NEAR(p.estimated, cases[i].estimated, 1e-15);
    assert_int_equal(p.estimating, cases[i].estimating);
    assert_int_equal(p.n_bytes, strlen(cases[i].out));
  }
}

static void its_exit_status_and_last_words_say_how_it_ended(void **state)
{
  (void)state;
  check_end("0||", IP_WORKER_DONE, "");
  check_end("1||infoplane: run.h5: damaged\n\n", IP_WORKER_FAILED, "run.h5: damaged");
  check_end("2||infoplane:x", IP_WORKER_FAILED, "infoplane:x");
  check_end("3||infoplane: disk full\n", IP_WORKER_NO_SPACE, "disk full");
  check_end("4||a warning\ninfoplane: locked\n", IP_WORKER_FAILED, "a warning\ninfoplane: locked");
  check_end("130||infoplane: ", IP_WORKER_STOPPED, "");
  check_end("-9||words\n", IP_WORKER_DIED, "ended by signal 9 (Killed), for example because memory ran out");
  check_end("-15||", IP_WORKER_DIED, "ended by signal 15 (Terminated)");
  check_end("0||?", IP_WORKER_DONE, "infoplane worker 12, threads 3, BLAS 1");
}

/* What does not fit is cut at its beginning. */
static void of_a_long_message_the_end_is_kept(void **state)
{
  (void)state;
  enum { ROOM = IP_WORKER_MESSAGE - 1 };
  char script[ROOM + 20], *words = script + 3;
  for (size_t more = 0; more < 2; more++) {
    strcpy(script, "1||");
    for (size_t i = 0; i < ROOM + more; i++) words[i] = (char)('a' + i % 26);
    words[ROOM + more] = 0;
    check_end(script, IP_WORKER_FAILED, more ? words + ROOM / 2 : words);
  }
}

static void its_streams_are_watched_until_it_closes_them(void **state)
{
  (void)state;
  struct pollfd polls[2];
  ip_worker *w = start("wait||");
  ip_worker_progress p = {0};
  assert_int_equal(ip_worker_streams(w, polls), 2);
  assert_true(polls[0].fd != polls[1].fd && polls[0].events == POLLIN && polls[1].events == POLLIN);
  assert_false(ip_worker_read(w, &p)); /* and does not wait for it */
  pid_t pid = ip_worker_pid(w);
  ip_worker_destroy(&w);
  assert_null(w);
  assert_true(kill(pid, 0) == -1 && errno == ESRCH);
  assert_true(fcntl(polls[0].fd, F_GETFD) == -1 && fcntl(polls[1].fd, F_GETFD) == -1);
  ip_worker_destroy(&w);
  w = start("closed||");
  read_all(w);
  assert_int_equal(ip_worker_streams(w, polls), 0);
  assert_false(ip_worker_has_ended(w));
  kill(ip_worker_pid(w), SIGKILL);
  for (int i = 0; i < 100 && !ip_worker_has_ended(w); i++) continue;
  assert_true(ip_worker_has_ended(w));
  ip_worker_destroy(&w);
}

/* Limits of the system, which another moment or fewer workers may not meet, are told from what stays. */
static void a_start_without_room_is_told_from_other_failures(void **state)
{
  (void)state;
  static const struct {
    int error;
    bool no_room;
  } cases[] = {{EMFILE, true}, {ENFILE, true}, {EAGAIN, true}, {ENOMEM, true}, {EPERM, false}, {ENOSYS, false}};
  ip_worker *w;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[200];
    snprintf(text, sizeof text, "cannot start a worker: %s", strerror(cases[i].error));
    forks.plan = "x";
    forks.error = cases[i].error;
    CHECK_FAILS(ip_worker_start("0||", 0, 1, &w), IP_ECHILD, text);
    assert_null(w);
    assert_int_equal(ip_worker_had_no_room(), cases[i].no_room);
  }
  ip_mem_fail_at(1);
  CHECK_FAILS(ip_worker_start("0||", 0, 1, &w), IP_ENOMEM, "");
  ip_mem_fail_at(0);
  assert_true(ip_worker_had_no_room());
  w = start("wait||");
  assert_false(ip_worker_had_no_room());
  ip_worker_destroy(&w);
}

/* ---------------------------------------------------------------- silence */

static void stop(const ip_worker *w)
{
  kill(ip_worker_pid(w), SIGSTOP);
  for (int i = 0; i < 10000 && !ip_worker_is_stopped(w); i++) sleep_ms(1);
  assert_true(ip_worker_is_stopped(w));
}

/* Whether a silence of so many seconds is reported, with which words around "process PID has reported nothing for". */
static void check_silence(ip_silence *s, const ip_worker *w, double silent_s, double limit_s, const char *before,
                          const char *after)
{
  char report[IP_SILENCE_TEXT] = "", expected[1000];
  bool is_reported = ip_silence_check(s, w, s->heard_s + silent_s, limit_s, report);
  assert_int_equal(is_reported, before != NULL);
  if (!before) return;
  snprintf(expected, sizeof expected, "the worker is %s: process %ld has reported nothing for %s", before,
           (long)ip_worker_pid(w), after);
  assert_string_equal(report, expected);
}

static void a_silent_worker_is_reported_once_after_ten_minutes(void **state)
{
  (void)state;
  ip_worker *w = start("wait||");
  ip_silence s = {.heard_s = 50};
  assert_false(ip_worker_is_stopped(w));
  check_silence(&s, w, 599.5, 0, NULL, NULL);
  check_silence(&s, w, 600, 0, "silent", "600 s");
  check_silence(&s, w, 700, 0, NULL, NULL);
  s = (ip_silence){.heard_s = 50};
  check_silence(&s, w, 601, 1000, "silent", "601 s"); /* below its limit */
  check_silence(&s, w, 999, 1000, NULL, NULL);
  s = (ip_silence){.heard_s = 50};
  check_silence(&s, w, 0.4, 0.5, NULL, NULL);
  check_silence(&s, w, 0.5, 0.5, "silent and is killed", "0 s"); /* a limit below a second */
  ip_worker_destroy(&w);
}

static void a_stopped_worker_is_reported_once_after_three_seconds(void **state)
{
  (void)state;
  static const char *const advice =
      "%d s; a signal has stopped it: continue it with kill -CONT, or kill it to start it again";
  char text[200];
  ip_worker *w = start("wait||");
  ip_silence s = {.heard_s = 50};
  stop(w);
  check_silence(&s, w, 2.9, 0, NULL, NULL);
  snprintf(text, sizeof text, advice, 3);
  check_silence(&s, w, 3, 0, "stopped", text);
  check_silence(&s, w, 700, 0, NULL, NULL);
  kill(ip_worker_pid(w), SIGCONT); /* its silence afterwards is another matter */
  for (int i = 0; i < 10000 && ip_worker_is_stopped(w); i++) sleep_ms(1);
  check_silence(&s, w, 800, 0, "silent", "800 s");
  assert_true(s.killed_s == 0 && kill(ip_worker_pid(w), 0) == 0);
  ip_worker_destroy(&w);
}

static void at_its_limit_a_worker_is_killed(void **state)
{
  (void)state;
  char message[IP_WORKER_MESSAGE];
  ip_worker_end how;
  for (int stopped = 0; stopped < 2; stopped++) {
    ip_worker *w = start("wait||");
    ip_silence s = {.heard_s = 50};
    if (stopped) stop(w);
    check_silence(&s, w, 1.9, 2, NULL, NULL);
    check_silence(&s, w, 2, 2, stopped ? "stopped and is killed" : "silent and is killed",
                  stopped ? "2 s; a signal had stopped it" : "2 s");
    CHECK_NEAR(s.killed_s, 2, 0);
    check_silence(&s, w, 20, 2, NULL, NULL);
    read_all(w);
    ip_worker_finish(&w, &how, message);
    assert_int_equal(how, IP_WORKER_DIED);
  }
}

int main(int argc, char **argv)
{
  if (argc == 7 && !strcmp(argv[1], "worker") && !strcmp(argv[2], "--threads") && !strcmp(argv[4], "--"))
    return play(argv);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(its_lines_are_epochs_and_then_estimates),
      cmocka_unit_test(its_exit_status_and_last_words_say_how_it_ended),
      cmocka_unit_test(of_a_long_message_the_end_is_kept),
      cmocka_unit_test(its_streams_are_watched_until_it_closes_them),
      cmocka_unit_test(a_start_without_room_is_told_from_other_failures),
      cmocka_unit_test(a_silent_worker_is_reported_once_after_ten_minutes),
      cmocka_unit_test(a_stopped_worker_is_reported_once_after_three_seconds),
      cmocka_unit_test(at_its_limit_a_worker_is_killed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
