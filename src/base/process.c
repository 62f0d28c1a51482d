#include "base/process.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 20, READING = 0, WRITING = 1 };

/* ---------------------------------------------------------------- starting */

/* Pipes for standard output, standard error, and the errno of an exec that failed. */
typedef struct {
  int out[2], err[2], failed[2];
} pipes;

static void close_one(int *fd)
{
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static void close_ends(pipes *p, int end)
{
  close_one(&p->out[end]);
  close_one(&p->err[end]);
  close_one(&p->failed[end]);
}

/* No other child gets an end of it. */
static int open_pipe(int fd[2])
{
  if (pipe(fd) != 0) return errno;
  fcntl(fd[READING], F_SETFD, FD_CLOEXEC);
  fcntl(fd[WRITING], F_SETFD, FD_CLOEXEC);
  return 0;
}

static int open_pipes(pipes *p)
{
  *p = (pipes){{-1, -1}, {-1, -1}, {-1, -1}};
  int error = open_pipe(p->out);
  if (!error) error = open_pipe(p->err);
  if (!error) error = open_pipe(p->failed);
  return error;
}

/* In the child: never returns. */
static void become(const ip_process_spec *spec, const pipes *p, pid_t parent)
{
  if (spec->ends_with_parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(ip_status_exit(IP_ESTOPPED)); /* it died before the line above */
  }
  int nothing = spec->inherits_in ? -1 : open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  dup2(p->out[WRITING], STDOUT_FILENO);
  dup2(p->err[WRITING], STDERR_FILENO);
  if (spec->variable) setenv(spec->variable, spec->value, 1);
  signal(SIGXFSZ, SIG_DFL); /* ignored here (base/stop.c); a program that does not check its writes is better killed */
  execvp(spec->file ? spec->file : spec->argv[0], (char *const *)(const void *)spec->argv);
  int error = errno;
  ssize_t written = write(p->failed[WRITING], &error, sizeof error);
  _exit(written == sizeof error ? 127 : 126);
}

/* The errno that the child sent; 0 once its exec has closed the pipe. */
static int hear_start(int fd)
{
  int error = 0;
  ssize_t n;
  while ((n = read(fd, &error, sizeof error)) < 0 && errno == EINTR) continue;
  return n == sizeof error ? error : 0;
}

int ip_process_start(const ip_process_spec *spec, ip_process *p)
{
  pipes all;
  pid_t parent = getpid();
  *p = (ip_process){-1, -1, -1};
  int error = open_pipes(&all);
  if (!error && (p->pid = fork()) < 0) error = errno;
  if (p->pid == 0) become(spec, &all, parent);
  close_ends(&all, WRITING);
  if (!error && (error = hear_start(all.failed[READING]))) ip_process_wait(p);
  close_one(&all.failed[READING]);
  p->out = all.out[READING];
  p->err = all.err[READING];
  if (!error) return 0;
  close_one(&p->out);
  close_one(&p->err);
  return error;
}

int ip_process_wait(const ip_process *p)
{
  int status = 0;
  while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

/* ---------------------------------------------------------------- to the end */

typedef struct {
  int *fd;
  char *text;
  size_t n;
} stream;

static void hear(stream *s)
{
  char block[4096];
  ssize_t n = read(*s->fd, block, sizeof block);
  if (n < 0 && errno == EINTR) return;
  if (n <= 0) {
    close_one(s->fd);
    return;
  }
  size_t keep = (size_t)n < MOST - 1 - s->n ? (size_t)n : MOST - 1 - s->n;
  memcpy(s->text + s->n, block, keep);
  s->n += keep;
}

/* Until both streams are closed, `end_s` is past (0: never) or stopping is requested; then false. */
static bool hear_out(stream s[2], double end_s)
{
  enum { WAKE_MS = 200 };
  while (*s[0].fd >= 0 || *s[1].fd >= 0) {
    struct pollfd p[] = {{.fd = *s[0].fd, .events = POLLIN}, {.fd = *s[1].fd, .events = POLLIN}};
    if (ip_stop_requested() || (end_s > 0 && ip_clock_s() > end_s)) return false;
    if (poll(p, 2, WAKE_MS) < 0 && errno != EINTR) break;
    for (int i = 0; i < 2; i++)
      if (p[i].revents && *s[i].fd >= 0) hear(&s[i]);
  }
  return true;
}

/* The same for its end: a program may close its streams and go on. */
static bool wait_out(pid_t pid, double end_s)
{
  siginfo_t ended;
  for (int nap_ms = 1;; nap_ms = nap_ms < 100 ? 2 * nap_ms : nap_ms) {
    ended.si_pid = 0;
    if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) && errno != EINTR) return true;
    if (ended.si_pid) return true;
    if (ip_stop_requested() || (end_s > 0 && ip_clock_s() > end_s)) return false;
    poll(NULL, 0, nap_ms);
  }
}

ip_status ip_process_run(const ip_process_spec *spec, ip_process_result *r)
{
  ip_process p;
  *r = (ip_process_result){0};
  ip_status st = IP_NEW(r->out, MOST, "output of a program");
  if (st == IP_OK) st = IP_NEW(r->err, MOST, "messages of a program");
  if (st != IP_OK) {
    ip_process_result_free(r);
    return st;
  }
  r->error = ip_process_start(spec, &p);
  if (r->error) return IP_OK;
  double end_s = spec->seconds > 0 ? ip_clock_s() + spec->seconds : 0;
  if (!hear_out((stream[2]){{&p.out, r->out, 0}, {&p.err, r->err, 0}}, end_s) || !wait_out(p.pid, end_s)) {
    r->timed_out = !ip_stop_requested();
    kill(p.pid, SIGKILL);
  }
  int status = ip_process_wait(&p);
  r->exit = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  r->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  close_one(&p.out);
  close_one(&p.err);
  return IP_OK;
}

void ip_process_result_free(ip_process_result *r)
{
  ip_free(r->out);
  ip_free(r->err);
  r->out = r->err = NULL;
}

ip_status ip_process_output(const char *const *argv, double seconds, char **out)
{
  ip_process_result r;
  *out = NULL;
  IP_TRY(ip_process_run(&(ip_process_spec){.argv = argv, .ends_with_parent = true, .seconds = seconds}, &r));
  ip_status st = IP_OK;
  if (r.timed_out)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECHILD, "%s did not end within %g s and was killed", argv[0],
                      seconds);
  else if (r.signal && ip_stop_requested())
    st = ip_stop_check();
  else if (r.error)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECHILD,
                      r.error == ENOENT ? "%s is not installed here" : "%s: cannot be started: %s", argv[0],
                      strerror(r.error));
  else if (r.exit || r.signal)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECHILD, "%s failed: %.1500s", argv[0],
                      *r.err ? r.err : "without a message");
  else {
    *out = r.out;
    r.out = NULL;
  }
  ip_process_result_free(&r);
  return st;
}
