#include "sweep/worker.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PARENT_END, CHILD_END };

struct ip_worker {
  pid_t pid;
  int out, err; /* -1 once closed by the worker */
  char line[64];
  size_t n_line;
  char message[IP_WORKER_MESSAGE];
  size_t n_message;
};

/* A pipe whose parent's end no other child gets. */
static ip_status open_pipe(int fd[2])
{
  IP_REQUIRE(pipe(fd) == 0, IP_ECHILD, "no pipe to a worker could be made: %s", strerror(errno));
  fcntl(fd[PARENT_END], F_SETFD, FD_CLOEXEC);
  fcntl(fd[CHILD_END], F_SETFD, FD_CLOEXEC);
  fcntl(fd[PARENT_END], F_SETFL, O_NONBLOCK);
  return IP_OK;
}

static void close_pipe(const int fd[2])
{
  if (fd[0] >= 0) close(fd[0]);
  if (fd[1] >= 0) close(fd[1]);
}

/* In the child: never returns. */
static void become_worker(pid_t parent, int out, int err, const char *folder, const char *point, const char *threads)
{
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(130); /* it died before the line above */
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  execl("/proc/self/exe", "infoplane", "worker", folder, point, "--threads", threads, (char *)NULL);
  fprintf(stderr, "the worker could not be started: %s\n", strerror(errno));
  _exit(1);
}

static ip_status spawn(ip_worker *w, const int out[2], const int err[2], const char *folder, size_t point,
                       size_t n_threads)
{
  char point_text[32], threads_text[32];
  snprintf(point_text, sizeof point_text, "%zu", point);
  snprintf(threads_text, sizeof threads_text, "%zu", n_threads);
  pid_t parent = getpid();
  w->pid = fork();
  IP_REQUIRE(w->pid >= 0, IP_ECHILD, "no worker could be started: %s", strerror(errno));
  if (w->pid == 0) become_worker(parent, out[CHILD_END], err[CHILD_END], folder, point_text, threads_text);
  w->out = out[PARENT_END];
  w->err = err[PARENT_END];
  close(out[CHILD_END]);
  close(err[CHILD_END]);
  return IP_OK;
}

ip_status ip_worker_start(const char *folder, size_t point, size_t n_threads, ip_worker **out)
{
  int out_pipe[2] = {-1, -1}, err_pipe[2] = {-1, -1};
  IP_TRY(IP_NEW(*out, 1, "worker"));
  ip_status st = open_pipe(out_pipe);
  if (st == IP_OK) st = open_pipe(err_pipe);
  if (st == IP_OK) st = spawn(*out, out_pipe, err_pipe, folder, point, n_threads);
  if (st == IP_OK) return IP_OK;
  close_pipe(out_pipe);
  close_pipe(err_pipe);
  ip_free(*out);
  *out = NULL;
  return st;
}

pid_t ip_worker_pid(const ip_worker *w)
{
  return w->pid;
}

int ip_worker_streams(const ip_worker *w, struct pollfd *polls)
{
  int n = 0;
  if (w->out >= 0) polls[n++] = (struct pollfd){.fd = w->out, .events = POLLIN};
  if (w->err >= 0) polls[n++] = (struct pollfd){.fd = w->err, .events = POLLIN};
  return n;
}

/* ---------------------------------------------------------------- listening */

/* "120": epochs trained. "+30/50": 30 of 50 logged epochs are estimated. */
static void take_line(const char *line, ip_worker_news *news)
{
  char *end;
  double done = strtod(line, &end);
  news->estimating = *line == '+';
  if (!news->estimating) {
    news->epoch = done;
    return;
  }
  double total = *end == '/' ? strtod(end + 1, NULL) : 0;
  news->estimated = total > 0 && done < total ? done / total : 1;
}

static void take_number(ip_worker *w, const char *bytes, size_t n, ip_worker_news *news)
{
  for (size_t i = 0; i < n; i++) {
    if (bytes[i] != '\n') {
      if (w->n_line + 1 < sizeof w->line) w->line[w->n_line++] = bytes[i];
      continue;
    }
    w->line[w->n_line] = 0;
    w->n_line = 0;
    take_line(w->line, news);
  }
}

static void take_message(ip_worker *w, const char *bytes, size_t n)
{
  size_t room = sizeof w->message - 1;
  for (size_t i = 0; i < n; i++) {
    if (w->n_message == room) { /* keep the end: the last line says why */
      memmove(w->message, w->message + room / 2, room - room / 2);
      w->n_message = room - room / 2;
    }
    w->message[w->n_message++] = bytes[i];
  }
}

/* Reads one stream until there is nothing more now; closes it at its end. */
static void listen_to(ip_worker *w, int *fd, ip_worker_news *news)
{
  char bytes[4096];
  while (*fd >= 0) {
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      close(*fd);
      *fd = -1;
    } else if (fd == &w->out) {
      take_number(w, bytes, (size_t)n, news);
    } else {
      take_message(w, bytes, (size_t)n);
    }
  }
}

bool ip_worker_listen(ip_worker *w, ip_worker_news *news)
{
  listen_to(w, &w->out, news);
  listen_to(w, &w->err, news);
  return w->out < 0 && w->err < 0;
}

/* ---------------------------------------------------------------- the end */

void ip_worker_finish(ip_worker **worker, ip_worker_end *how, char message[static IP_WORKER_MESSAGE])
{
  ip_worker *w = *worker;
  int status = 0;
  while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR) continue;
  while (w->n_message && w->message[w->n_message - 1] == '\n') w->n_message--;
  w->message[w->n_message] = 0;
  const char *said = strncmp(w->message, "infoplane: ", 11) ? w->message : w->message + 11;
  snprintf(message, IP_WORKER_MESSAGE, "%s", said);
  if (WIFSIGNALED(status)) {
    *how = IP_WORKER_DIED;
    snprintf(message, IP_WORKER_MESSAGE, "ended by signal %d (%s)%s", WTERMSIG(status), strsignal(WTERMSIG(status)),
             WTERMSIG(status) == SIGKILL ? ", as when memory runs out" : "");
  } else {
    int code = WEXITSTATUS(status);
    *how = code == 0 ? IP_WORKER_DONE : code == ip_status_exit(IP_ESTOPPED) ? IP_WORKER_STOPPED : IP_WORKER_FAILED;
  }
  ip_free(w);
  *worker = NULL;
}

void ip_worker_destroy(ip_worker **worker)
{
  if (!*worker) return;
  ip_worker *w = *worker;
  kill(w->pid, SIGKILL);
  while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR) continue;
  if (w->out >= 0) close(w->out);
  if (w->err >= 0) close(w->err);
  ip_free(w);
  *worker = NULL;
}
