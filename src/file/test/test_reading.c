#include "file/reading.h"

#include "base/mem.h"
#include "base/stop.h"
#include "base/test/check.h"
#include "file/bytes.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void work(double seconds)
{
  const clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
  while (clock() < end) continue;
}

static void an_operation_is_noted_while_it_lasts(void **state)
{
  (void)state;
  static ip_reading page;
  ip_reading_enter("nobody looks");
  ip_reading_leave(NULL);
  ip_reading_watch(&page, 0);
  assert_false(page.inside);
  ip_reading_enter("a.h5");
  assert_true(page.inside);
  assert_string_equal(page.path, "a.h5");
  {
    IP_READING("part of a.h5");
    assert_string_equal(page.path, "a.h5");
  }
  assert_true(page.inside);
  ip_reading_leave(NULL);
  assert_false(page.inside);
  assert_string_equal(page.path, "a.h5");
  {
    IP_READING("b.h5");
    assert_true(page.inside);
    assert_string_equal(page.path, "b.h5");
  }
  assert_false(page.inside);
  ip_reading_watch(NULL, 0);
  ip_reading_enter("c.h5");
  assert_string_equal(page.path, "b.h5");
}

/* How a child ends that works for three times its limit, inside an operation or after it. */
static int end_of(bool inside, double limit_s)
{
  static ip_reading page;
  int status;
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    ip_reading_watch(&page, limit_s);
    ip_reading_enter("a.h5");
    if (!inside) ip_reading_leave(NULL);
    work(0.15);
    _exit(0);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return status;
}

static void the_limit_holds_for_an_operation_and_not_for_what_follows(void **state)
{
  (void)state;
  int status = end_of(true, 0.05);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU);
  assert_int_equal(end_of(false, 0.05), 0);
  assert_int_equal(end_of(true, 0), 0);
}

static void files_that_cannot_be_read_are_left_out(void **state)
{
  (void)state;
  ip_scratch *sc;
  static const char *const all[] = {"a.h5", "b.h5", "c.h5"};
  const char *const *path = all;
  size_t n = 3;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_reading_others(sc, &n, &path));
  assert_true(n == 3 && path == all);
  CHECK_OK(ip_reading_leave_out("b.h5"));
  assert_true(ip_reading_is_left_out("b.h5"));
  assert_false(ip_reading_is_left_out("a.h5"));
  CHECK_OK(ip_reading_others(sc, &n, &path));
  assert_int_equal(n, 2);
  assert_string_equal(path[0], "a.h5");
  assert_string_equal(path[1], "c.h5");
  path = &all[1], n = 1;
  CHECK_FAILS(ip_reading_others(sc, &n, &path), IP_EFORMAT, "no run file remains");
  for (int i = 1; i < 64; i++) CHECK_OK(ip_reading_leave_out("more.h5"));
  CHECK_FAILS(ip_reading_leave_out("one more"), IP_EFORMAT, "64 files could not be read; the others are not tried");
  assert_false(ip_reading_is_left_out("one more"));
  ip_scratch_destroy(&sc);
}

/* While a pipe is waited for, a signal ends the program; afterwards it is a request again. */
static void signals_are_requests_again_after_a_pipe(void **state)
{
  (void)state;
  int ends[2];
  char path[32], *text;
  size_t n;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "abc", 3), 3);
  close(ends[1]);
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  ip_stop_install();
  CHECK_OK(ip_bytes_read_text(path, &n, &text));
  assert_int_equal(n, 3);
  assert_string_equal(text, "abc");
  ip_free(text);
  close(ends[0]);
  raise(SIGTERM);
  assert_true(ip_stop_requested());
  ip_stop_set(false);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_operation_is_noted_while_it_lasts),
      cmocka_unit_test(the_limit_holds_for_an_operation_and_not_for_what_follows),
      cmocka_unit_test(files_that_cannot_be_read_are_left_out),
      cmocka_unit_test(signals_are_requests_again_after_a_pipe),
  };
  return cmocka_run_group_tests_name("file/reading", tests, NULL, NULL);
}
