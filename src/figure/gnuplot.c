#include "figure/gnuplot.h"

#include "base/build.h"
#include "base/mem.h"
#include "file/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const char *ip_gnuplot_program(void)
{
  const char *program = getenv("INFOPLANE_GNUPLOT");
  return program && *program ? program : "gnuplot";
}

/* ../share/infoplane/plot of the running program, when it can be told. */
static ip_status share_folder(char **folder)
{
  char exe[4096];
  ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
  *folder = NULL;
  if (n <= 0) return IP_OK;
  exe[n] = 0;
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(exe, '/');
    if (!slash) return IP_OK;
    *slash = 0;
  }
  return IP_FORMAT(*folder, "%s/share/infoplane/plot", exe);
}

ip_status ip_gnuplot_script(const char *name, char **path)
{
  char *share = NULL;
  *path = NULL;
  IP_TRY(share_folder(&share));
  const char *const folder[] = {getenv("INFOPLANE_PLOT"), share, IP_SOURCE_DIR "/scripts/plot",
                                IP_INSTALL_DATADIR "/plot"};
  ip_status st = IP_OK;
  for (size_t i = 0; i < sizeof folder / sizeof *folder && st == IP_OK; i++) {
    if (!folder[i] || !*folder[i]) continue;
    st = IP_FORMAT(*path, "%s%s/%s.gp", *folder[i] == '/' ? "" : "./", folder[i], name);
    if (st == IP_OK && access(*path, R_OK) == 0) break;
    ip_free(*path);
    *path = NULL;
  }
  ip_free(share);
  IP_TRY(st);
  IP_REQUIRE(*path, IP_EIO,
             "the plot script %s.gp is neither in %s nor in %s; set INFOPLANE_PLOT to the folder that has it", name,
             folder[2], folder[3]);
  return IP_OK;
}

/* Reads what comes out of `fd` to its end; keeps the beginning, as text of one line per gnuplot message. */
static void read_all(int fd, size_t room, char *text)
{
  size_t n = 0;
  char buffer[1024];
  for (;;) {
    ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    for (ssize_t i = 0; i < got && n + 1 < room; i++)
      if (buffer[i] != '\n' || (n && text[n - 1] != '\n')) text[n++] = buffer[i];
  }
  while (n && text[n - 1] == '\n') n--;
  text[n] = 0;
}

/* Starts the program with its messages going to `fd`. Returns an errno, 0 when it runs. */
static int start(char *const argv[], int fd, pid_t *pid)
{
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawn_file_actions_adddup2(&actions, fd, STDERR_FILENO);
  if (!error) error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!error) error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* Runs gnuplot to its end. `what` is the figure, for messages. */
static ip_status run(char *const argv[], const char *what)
{
  int fd[2], state = 0;
  pid_t pid = 0;
  char said[2048];
  fflush(stdout);
  IP_REQUIRE(pipe(fd) == 0, IP_ECHILD, "%s: no pipe to gnuplot: %s", what, strerror(errno));
  fcntl(fd[0], F_SETFD, FD_CLOEXEC);
  fcntl(fd[1], F_SETFD, FD_CLOEXEC);
  int error = start(argv, fd[1], &pid);
  close(fd[1]);
  if (!error) read_all(fd[0], sizeof said, said);
  close(fd[0]);
  IP_REQUIRE(error != ENOENT, IP_ECHILD,
             "%s could not be drawn: the program '%s' was not found; install gnuplot (Debian: apt-get install "
             "gnuplot-nox), or set INFOPLANE_GNUPLOT to where it is",
             what, argv[0]);
  IP_REQUIRE(!error, IP_ECHILD, "%s could not be drawn: '%s' could not be started: %s", what, argv[0], strerror(error));
  while (waitpid(pid, &state, 0) < 0)
    IP_REQUIRE(errno == EINTR, IP_ECHILD, "%s: gnuplot was lost: %s", what, strerror(errno));
  IP_REQUIRE(!WIFSIGNALED(state), IP_ECHILD, "%s could not be drawn: gnuplot was ended by signal %d", what,
             WTERMSIG(state));
  IP_REQUIRE(WEXITSTATUS(state) == 0, IP_ECHILD, "%s could not be drawn: gnuplot (exit status %d) says:\n%s", what,
             WEXITSTATUS(state), said);
  return IP_OK;
}

/* gnuplot takes names that begin with '<' or '|' for commands: "./" in front makes them plain names. */
static ip_status plain_name(const char *path, char **plain)
{
  return IP_FORMAT(*plain, "%s%s", *path == '/' ? "" : "./", path);
}

/* gnuplot -d -c SCRIPT ARGUMENT... with copies of all, for argv is not const. */
static ip_status call(const char *script, size_t n, const char *const *argument, const char *what)
{
  char *argv[10] = {0};
  const char *fixed[3] = {ip_gnuplot_program(), "-d", "-c"};
  size_t count = 0;
  ip_status st = IP_OK;
  for (size_t i = 0; i < 3 && st == IP_OK; i++) st = IP_STRDUP(argv[count++], fixed[i]);
  if (st == IP_OK) st = IP_STRDUP(argv[count++], script);
  for (size_t i = 0; i < n && st == IP_OK; i++) st = IP_STRDUP(argv[count++], argument[i]);
  if (st == IP_OK) st = run(argv, what);
  for (size_t i = 0; i < count; i++) ip_free(argv[i]);
  return st;
}

static ip_status check_written(const char *part, const char *out)
{
  struct stat about;
  IP_REQUIRE(stat(part, &about) == 0, IP_EIO, "%s: gnuplot wrote no file there: %s", out, strerror(errno));
  IP_REQUIRE(about.st_size > 0, IP_ECHILD, "%s: gnuplot left an empty file", out);
  return IP_OK;
}

ip_status ip_gnuplot_draw(const char *script, const char *table, const char *out, const char *format,
                          const ip_paper *paper)
{
  char width[32] = "";
  bool as_wanted = paper && (paper->width_mm > 0 || paper->font);
  if (as_wanted && paper->width_mm > 0) snprintf(width, sizeof width, "%.6g", paper->width_mm);
  char *data = NULL, *target = NULL, *part = NULL;
  ip_status st = plain_name(table, &data);
  if (st == IP_OK) st = plain_name(out, &target);
  if (st == IP_OK) st = IP_FORMAT(part, "%s.part", target);
  if (st == IP_OK) {
    const char *argument[] = {data, part, format, width, as_wanted && paper->font ? paper->font : ""};
    st = call(script, as_wanted ? 5 : 3, argument, out);
    if (st == IP_OK) st = check_written(part, out);
    if (st == IP_OK) st = ip_file_publish(part, target);
    if (st != IP_OK) unlink(part);
  }
  ip_free(part);
  ip_free(target);
  ip_free(data);
  return st;
}

ip_status ip_gnuplot_print(const char *script, const char *table, int columns, int lines)
{
  char *data = NULL, width[24], height[24];
  snprintf(width, sizeof width, "%d", columns);
  snprintf(height, sizeof height, "%d", lines);
  IP_TRY(plain_name(table, &data));
  const char *argument[] = {data, "", "dumb", width, height};
  ip_status st = call(script, 5, argument, table);
  ip_free(data);
  return st;
}
