/* failing_fork.h - forks of a test that fail. Include it first: it needs _GNU_SOURCE. */
#ifndef IP_SWEEP_TEST_FAILING_FORK_H
#define IP_SWEEP_TEST_FAILING_FORK_H

#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

/* What happens to the forks to come: 'x' fails, '.' works, '*' and what follows fails; behind the end they work. */
static struct {
  const char *plan;
  int error; /* 0 stands for EAGAIN */
} forks = {.plan = ""};

pid_t fork(void)
{
  static pid_t (*real)(void);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "fork");
  char next = *forks.plan;
  if (next == 'x' || next == '.') forks.plan++;
  bool fails = next == 'x' || next == '*';
  if (fails) errno = forks.error ? forks.error : EAGAIN;
  return fails ? -1 : real();
}

#endif
