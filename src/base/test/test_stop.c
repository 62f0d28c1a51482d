#include "base/stop.h"

#include "base/test/check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a child process ends that does this. */
static int end_of(void (*work)(int sig), int sig)
{
  int status;
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) {
    work(sig);
    _exit(99);
  }
  assert_int_equal(waitpid(pid, &status, 0), pid);
  return status;
}

static void exit_unless(bool cond, int status)
{
  if (!cond) _exit(status);
}

static void ask_twice(int sig)
{
  sigset_t both; /* as a parent may have left them */
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  sigprocmask(SIG_BLOCK, &both, NULL);
  ip_stop_install();
  exit_unless(!ip_stop_requested(), 1);
  raise(sig);
  exit_unless(ip_stop_requested(), 2);
  exit_unless(ip_stop_check() == IP_ESTOPPED, 3);
  raise(sig);
}

static void ask_in_a_pause(int sig)
{
  ip_stop_install();
  ip_stop_pause();
  raise(sig);
}

static void ask_after_a_pause(int sig)
{
  ip_stop_install();
  ip_stop_pause();
  ip_stop_resume();
  raise(sig);
  _exit(ip_stop_requested() ? 0 : 1);
}

static void ask_where_nothing_is_installed(int sig)
{
  ip_stop_resume();
  raise(sig);
}

static void ignore_what_is_ignored(int sig)
{
  signal(sig, SIG_IGN); /* nohup */
  ip_stop_pause();
  raise(sig);
  _exit(0);
}

static void the_first_signal_asks_and_the_second_ends(void **state)
{
  (void)state;
  static const int signals[] = {SIGINT, SIGTERM};
  for (size_t i = 0; i < 2; i++) {
    int sig = signals[i], status = end_of(ask_twice, sig);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != sig) fail_msg("signal %d: status %d", sig, status);
    status = end_of(ask_in_a_pause, sig);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == sig);
    status = end_of(ask_after_a_pause, sig);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = end_of(ask_where_nothing_is_installed, sig);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == sig);
    status = end_of(ignore_what_is_ignored, sig);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
}

static void install_and_write_too_much(int sig)
{
  ip_stop_install();
  raise(sig);
  _exit(0);
}

static void too_large_a_file_is_an_error_of_the_write(void **state)
{
  (void)state;
  int status = end_of(install_and_write_too_much, SIGXFSZ);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_signal_asks_and_the_second_ends),
      cmocka_unit_test(too_large_a_file_is_an_error_of_the_write),
  };
  return cmocka_run_group_tests_name("base/stop", tests, NULL, NULL);
}
