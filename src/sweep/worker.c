#include "sweep/worker.h"

#include "base/mem.h"
#include "base/process.h"
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct ip_worker {
  ip_process process; /* its streams are -1 once it has closed them */
  char line[64];
  size_t n_line;
  char message[IP_WORKER_MESSAGE];
  size_t n_message;
};

static int start_error;

bool ip_worker_had_no_room(void)
{
  return start_error == EMFILE || start_error == ENFILE || start_error == EAGAIN || start_error == ENOMEM;
}

ip_status ip_worker_start(const char *folder, size_t point, size_t n_threads, ip_worker **out)
{
  char point_text[32], threads_text[32];
  snprintf(point_text, sizeof point_text, "%zu", point);
  snprintf(threads_text, sizeof threads_text, "%zu", n_threads);
  /* "--": the name of the folder may begin with a dash. */
  const char *const argv[] = {"infoplane", "worker", "--threads", threads_text, "--", folder, point_text, NULL};
  const ip_process_spec spec = {.argv = argv,
                                .file = ip_program_file(),
                                .variable = "OPENBLAS_NUM_THREADS",
                                .value = "1",
                                .inherits_in = true,
                                .ends_with_parent = true};
  start_error = ENOMEM;
  IP_TRY(IP_NEW(*out, 1, "worker"));
  ip_process *p = &(*out)->process;
  int error = start_error = ip_process_start(&spec, p);
  if (!error) {
    fcntl(p->out, F_SETFL, O_NONBLOCK);
    fcntl(p->err, F_SETFL, O_NONBLOCK);
    return IP_OK;
  }
  ip_free(*out);
  *out = NULL;
  IP_FAIL(IP_ECHILD, "cannot start a worker: %s", strerror(error));
}

pid_t ip_worker_pid(const ip_worker *w)
{
  return w->process.pid;
}

bool ip_worker_is_stopped(const ip_worker *w)
{
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/%ld/stat", (long)w->process.pid);
  FILE *in = fopen(path, "re");
  if (!in) return false;
  if (fscanf(in, "%*d (%*[^)]) %c", &state) != 1) state = 0;
  fclose(in);
  return state == 'T';
}

int ip_worker_streams(const ip_worker *w, struct pollfd *polls)
{
  int n = 0;
  if (w->process.out >= 0) polls[n++] = (struct pollfd){.fd = w->process.out, .events = POLLIN};
  if (w->process.err >= 0) polls[n++] = (struct pollfd){.fd = w->process.err, .events = POLLIN};
  return n;
}

/* ---------------------------------------------------------------- listening */

/* "120": epochs trained. "+30/50": 30 of 50 logged epochs are estimated. */
static void take_line(const char *line, ip_worker_progress *progress)
{
  char *end;
  double done = strtod(line, &end);
  progress->estimating = *line == '+';
  if (!progress->estimating) {
    progress->epoch = done;
    return;
  }
  double total = *end == '/' ? strtod(end + 1, NULL) : 0;
  progress->estimated = total > 0 && done < total ? done / total : 1;
}

static void take_number(ip_worker *w, const char *bytes, size_t n, ip_worker_progress *progress)
{
  for (size_t i = 0; i < n; i++) {
    if (bytes[i] != '\n') {
      if (w->n_line + 1 < sizeof w->line) w->line[w->n_line++] = bytes[i];
      continue;
    }
    w->line[w->n_line] = 0;
    w->n_line = 0;
    if (*w->line) take_line(w->line, progress); /* an empty line is a sign of life */
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
static void read_stream(ip_worker *w, int *fd, ip_worker_progress *progress)
{
  char bytes[4096];
  while (*fd >= 0) {
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n > 0) progress->n_bytes += (size_t)n;
    if (n <= 0) {
      close(*fd);
      *fd = -1;
    } else if (fd == &w->process.out) {
      take_number(w, bytes, (size_t)n, progress);
    } else {
      take_message(w, bytes, (size_t)n);
    }
  }
}

bool ip_worker_read(ip_worker *w, ip_worker_progress *progress)
{
  read_stream(w, &w->process.out, progress);
  read_stream(w, &w->process.err, progress);
  return w->process.out < 0 && w->process.err < 0;
}

/* ---------------------------------------------------------------- the end */

bool ip_worker_has_ended(const ip_worker *w)
{
  for (int i = 0; i < 1000; i++) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)w->process.pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid) return true;
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
  }
  return false;
}

void ip_worker_finish(ip_worker **worker, ip_worker_end *how, char message[static IP_WORKER_MESSAGE])
{
  ip_worker *w = *worker;
  int status = ip_process_wait(&w->process);
  while (w->n_message && w->message[w->n_message - 1] == '\n') w->n_message--;
  w->message[w->n_message] = 0;
  const char *said = strncmp(w->message, "infoplane: ", 11) ? w->message : w->message + 11;
  snprintf(message, IP_WORKER_MESSAGE, "%s", said);
  if (WIFSIGNALED(status)) {
    *how = IP_WORKER_DIED;
    snprintf(message, IP_WORKER_MESSAGE, "ended by signal %d (%s)%s", WTERMSIG(status), strsignal(WTERMSIG(status)),
             WTERMSIG(status) == SIGKILL ? ", for example because memory ran out" : "");
  } else {
    int code = WEXITSTATUS(status);
    *how = code == ip_status_exit(IP_OK)         ? IP_WORKER_DONE
           : code == ip_status_exit(IP_ESTOPPED) ? IP_WORKER_STOPPED
           : code == ip_status_exit(IP_ENOSPC)   ? IP_WORKER_NO_SPACE
                                                 : IP_WORKER_FAILED;
  }
  ip_free(w);
  *worker = NULL;
}

void ip_worker_destroy(ip_worker **worker)
{
  if (!*worker) return;
  ip_worker *w = *worker;
  kill(w->process.pid, SIGKILL);
  ip_process_wait(&w->process);
  if (w->process.out >= 0) close(w->process.out);
  if (w->process.err >= 0) close(w->process.err);
  ip_free(w);
  *worker = NULL;
}
