#define _GNU_SOURCE /* MAP_ANONYMOUS, realpath */
#include "cli/guard.h"

#include "base/mem.h"
#include "base/plain.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/confine.h"
#include "cli/leftovers.h"
#include "file/atomic.h"
#include "file/reading.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Processor time of one operation on a file; INFOPLANE_READ_SECONDS has another. */
enum { READ_SECONDS = 120 };

/* What the child leaves to its parent, in shared memory. */
typedef struct {
  ip_reading reading;
  int status;
  char message[8192];
} outcome;

/* Where results go: the directory, that of the file, and that of the file it is a link to. */
enum { N_PLACES = 3 };
typedef struct {
  char *folder[N_PLACES]; /* NULL: none */
  const char *scratch;    /* for temporary files without a name; NULL: none */
} places;

/* ---------------------------------------------------------------- shared memory */

ip_status ip_guard_share(size_t size, void **out)
{
  void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  *out = shared == MAP_FAILED ? NULL : shared;
  IP_REQUIRE(*out, IP_ENOMEM, "out of memory for a supervised process");
  return IP_OK;
}

void ip_guard_unshare(size_t size, void **shared)
{
  if (*shared) munmap(*shared, size);
  *shared = NULL;
}

/* ---------------------------------------------------------------- the child */

static bool is_supervised;

static double read_seconds(void)
{
  const char *text = getenv("INFOPLANE_READ_SECONDS");
  double seconds;
  return text && ip_parse_real(text, &seconds) && seconds > 0 && seconds < 1e9 ? seconds : READ_SECONDS;
}

/* Ends without the handlers of exit: they belong to the parent. */
_Noreturn static void be_child(outcome *o, const places *to, ip_guard_work *work, void *context, pid_t parent)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1); /* it died before the line above */
  is_supervised = true;
  ip_confine(N_PLACES, (const char *const *)to->folder, to->scratch);
  ip_reading_watch(&o->reading, read_seconds());
  ip_status st = work(context);
  if (st == IP_OK && (fflush(stdout) != 0 || ferror(stdout)))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "cannot write to standard output");
  fflush(stderr);
  o->status = (int)st;
  snprintf(o->message, sizeof o->message, "%s", st == IP_OK ? "" : ip_error_message());
  _exit(st == IP_OK ? 0 : 1);
}

/* ---------------------------------------------------------------- the parent */

static volatile pid_t child; /* for the handler of signals */

/* The terminal sends its signals to the child too; those of kill(1) are passed on. What this process does next must
 * know of them as well. */
static void pass_on(int sig, siginfo_t *info, void *context)
{
  (void)context;
  ip_stop_set(true);
  if (info->si_code <= 0 && child > 0) kill(child, sig);
}

static int wait_for(pid_t pid)
{
  static const int signals[] = {SIGINT, SIGTERM};
  struct sigaction pass, before[2];
  int status = 0;
  memset(&pass, 0, sizeof pass);
  pass.sa_sigaction = pass_on;
  pass.sa_flags = SA_SIGINFO | SA_RESTART;
  child = pid;
  for (int i = 0; i < 2; i++) sigaction(signals[i], &pass, &before[i]);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  child = 0;
  for (int i = 0; i < 2; i++) sigaction(signals[i], &before[i], NULL);
  return status;
}

/* "a.h5: reading it ended with signal 11 (Segmentation fault)". */
static ip_status report_death(const outcome *o, int status)
{
  int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (sig == SIGINT || sig == SIGTERM) IP_TRY(ip_stop_check());
  char path[sizeof o->reading.path], how[96];
  snprintf(path, sizeof path, "%.*s", (int)sizeof path - 1, o->reading.path); /* whatever the child left there */
  if (sig == SIGXCPU)
    snprintf(how, sizeof how, "took more than %g s of processor time", read_seconds());
  else if (sig)
    snprintf(how, sizeof how, "ended with signal %d (%s)", sig, strsignal(sig));
  else
    snprintf(how, sizeof how, "ended with exit status %d", WEXITSTATUS(status));
  IP_REQUIRE(*path, IP_EFORMAT, "the process that reads the files %s", how);
  IP_FAIL(IP_EFORMAT, "%s: %s it %s: it is damaged, or made to do harm; nothing of it was used", path,
          o->reading.inside ? "reading" : "working with", how);
}

typedef enum {
  ENDED,    /* with or without success */
  DIED,     /* the child was killed, and the message says so */
  REJECTED, /* the file that was read last is damaged or cannot be opened; the message begins with its name */
} ending;

static bool is_of_file(const outcome *o)
{
  char path[sizeof o->reading.path];
  snprintf(path, sizeof path, "%.*s", (int)sizeof path - 1, o->reading.path);
  size_t n = strlen(path);
  bool may_be = o->status == IP_EFORMAT || o->status == IP_EIO;
  return may_be && n && !strncmp(o->message, path, n) && o->message[n] == ':' && !access(path, F_OK);
}

/* Runs the work once. */
static ip_status run_once(outcome *o, const places *to, ip_guard_work *work, void *context, ending *how)
{
  memset(o, 0, sizeof *o);
  o->status = -1;
  fflush(stdout);
  fflush(stderr);
  pid_t parent = getpid(), pid = fork();
  IP_REQUIRE(pid >= 0, IP_ECHILD, "cannot start a process: %s", strerror(errno));
  if (pid == 0) be_child(o, to, work, context, parent);
  int status = wait_for(pid);
  bool ended = WIFEXITED(status) && o->status >= 0 && o->status <= IP_ESTOPPED;
  *how = !ended ? DIED : is_of_file(o) ? REJECTED : ENDED;
  if (!ended) return report_death(o, status);
  IP_REQUIRE(o->status == IP_OK, (ip_status)o->status, "%.*s", (int)sizeof o->message - 1, o->message);
  return IP_OK;
}

static void clear_terminal_line(void)
{
  if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr); /* of a progress line */
}

static ip_status run_in(const places *to, bool goes_on, ip_guard_work *work, void *context)
{
  ending how = ENDED;
  size_t n_left_out = 0;
  void *shared;
  IP_TRY(ip_guard_share(sizeof(outcome), &shared));
  outcome *o = shared;
  ip_leftovers half_written;
  ip_status st = ip_leftovers_note(N_PLACES, (const char *const *)to->folder, &half_written);
  if (st == IP_OK) st = run_once(o, to, work, context, &how);
  if (how == DIED) ip_leftovers_remove(&half_written);
  while (how != ENDED && goes_on && *o->reading.path && !ip_reading_is_left_out(o->reading.path)) {
    clear_terminal_line();
    ip_print(stderr, "infoplane: %s\n", ip_error_message());
    ip_error_clear();
    st = ip_reading_leave_out(o->reading.path);
    if (st != IP_OK) break;
    n_left_out++;
    st = run_once(o, to, work, context, &how);
    if (how == DIED) ip_leftovers_remove(&half_written);
  }
  ip_leftovers_free(&half_written);
  ip_guard_unshare(sizeof *o, &shared);
  if (st == IP_OK && n_left_out)
    return ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT, "%zu file%s could not be read and %s left out",
                        n_left_out, ip_plural(n_left_out), n_left_out == 1 ? "was" : "were");
  return st;
}

/* ---------------------------------------------------------------- the whole */

/* Cuts `path` down to the directory it is in. */
static void cut_last(char *path)
{
  char *slash = strrchr(path, '/');
  if (slash && slash > path)
    *slash = 0;
  else
    strcpy(path, slash ? "/" : ".");
}

/* Removes the directory if the call created it, and its parents that it created. */
static void remove_created(char *path, size_t n_there)
{
  while (strlen(path) > n_there && !rmdir(path)) cut_last(path);
}

/* Creates the directory of results, and *n is the length of the part of its path that existed. */
static ip_status create(char *path, size_t *n)
{
  char *there;
  struct stat s;
  for (*n = strlen(path); *n > 1 && path[*n - 1] == '/'; --*n) path[*n - 1] = 0;
  if (!stat(path, &s)) return IP_OK;
  IP_TRY(IP_STRDUP(there, path));
  while (stat(there, &s) && strcmp(there, ".") && strcmp(there, "/")) cut_last(there);
  *n = strncmp(path, there, strlen(there)) ? 0 : strlen(there);
  ip_free(there);
  return ip_folder_create(path);
}

static ip_status find_places(const ip_guard *g, places *to, size_t *n_there)
{
  if (g->folder) {
    IP_TRY(IP_STRDUP(to->folder[0], g->folder));
    IP_TRY(create(to->folder[0], n_there));
  }
  if (!g->file) return IP_OK;
  IP_TRY(IP_STRDUP(to->folder[1], *g->file ? g->file : "."));
  cut_last(to->folder[1]);
  char *target = g->follows ? realpath(g->file, NULL) : NULL;
  if (!target) return IP_OK;
  cut_last(target);
  ip_status st = IP_STRDUP(to->folder[2], target);
  free(target);
  return st;
}

ip_status ip_guard_read(ip_guard_work *work, void *context)
{
  return is_supervised ? work(context) : ip_guard_run(&(ip_guard){0}, work, context);
}

ip_status ip_guard_run(const ip_guard *g, ip_guard_work *work, void *context)
{
  places to = {.scratch = g->draws_eps ? P_tmpdir : NULL};
  size_t n_there = 0;
  ip_status st = find_places(g, &to, &n_there);
  if (st == IP_OK) st = run_in(&to, g->goes_on, work, context);
  if (st != IP_OK && to.folder[0]) remove_created(to.folder[0], n_there);
  for (size_t i = 0; i < N_PLACES; i++) ip_free(to.folder[i]);
  return st;
}
