#include "base/process.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 20 };

typedef struct {
  int fd; /* -1: at its end */
  char *text;
  size_t n;
} stream;

static void listen_to(stream *s)
{
  char block[4096];
  ssize_t n = read(s->fd, block, sizeof block);
  if (n < 0 && errno == EINTR) return;
  if (n <= 0) {
    close(s->fd);
    s->fd = -1;
    return;
  }
  size_t keep = (size_t)n < MOST - 1 - s->n ? (size_t)n : MOST - 1 - s->n;
  memcpy(s->text + s->n, block, keep);
  s->n += keep;
}

static void become(const char *const *argv, int out, int err)
{
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execvp(argv[0], (char *const *)(const void *)argv);
  _exit(errno == ENOENT ? 127 : 126);
}

/* Both streams until their ends, then the exit status; -1 when it was killed. */
static int hear_out(pid_t pid, stream s[2])
{
  while (s[0].fd >= 0 || s[1].fd >= 0) {
    struct pollfd p[] = {{.fd = s[0].fd, .events = POLLIN}, {.fd = s[1].fd, .events = POLLIN}};
    if (poll(p, 2, -1) < 0 && errno != EINTR) break;
    for (int i = 0; i < 2; i++)
      if (p[i].revents && s[i].fd >= 0) listen_to(&s[i]);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static ip_status start(const char *const *argv, stream s[2], pid_t *pid)
{
  int out[2], err[2];
  IP_REQUIRE(pipe(out) == 0, IP_ECHILD, "%s: no pipe: %s", argv[0], strerror(errno));
  if (pipe(err) != 0) {
    close(out[0]);
    close(out[1]);
    IP_FAIL(IP_ECHILD, "%s: no pipe: %s", argv[0], strerror(errno));
  }
  for (int i = 0; i < 2; i++) {
    fcntl(out[i], F_SETFD, FD_CLOEXEC);
    fcntl(err[i], F_SETFD, FD_CLOEXEC);
  }
  *pid = fork();
  if (*pid == 0) become(argv, out[1], err[1]);
  close(out[1]);
  close(err[1]);
  s[0].fd = out[0];
  s[1].fd = err[0];
  if (*pid > 0) return IP_OK;
  close(out[0]);
  close(err[0]);
  IP_FAIL(IP_ECHILD, "%s: cannot be started: %s", argv[0], strerror(errno));
}

ip_status ip_command_output(const char *const *argv, char **out)
{
  stream s[2] = {{.fd = -1}, {.fd = -1}};
  pid_t pid = -1;
  *out = NULL;
  IP_TRY(IP_NEW(s[0].text, MOST, "output of a program"));
  ip_status st = IP_NEW(s[1].text, MOST, "messages of a program");
  if (st == IP_OK) st = start(argv, s, &pid);
  int ended = st == IP_OK ? hear_out(pid, s) : 0;
  if (st == IP_OK && ended == 127 && s[1].n == 0)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECHILD, "%s is not installed here", argv[0]);
  else if (st == IP_OK && ended != 0)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECHILD, "%s failed: %.1500s", argv[0],
                      s[1].n ? s[1].text : "without a message");
  ip_free(s[1].text);
  if (st == IP_OK)
    *out = s[0].text;
  else
    ip_free(s[0].text);
  return st;
}
