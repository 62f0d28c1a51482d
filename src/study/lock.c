#include "study/lock.h"

#include "base/text.h"
#include "study/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long the workers of a parent that was killed may take to end, and when to look whether they are stopped. */
enum { PATIENCE_MS = 30000, STEP_MS = 50, LOOK_MS = 2000 };

/* "pid host" as the owner wrote it into the lock file. */
typedef struct {
  int64_t pid;
  char host[256];
} owner;

static void name_host(char host[static 256])
{
  strcpy(host, "?");
  gethostname(host, 255);
  host[255] = 0;
}

static void read_owner(int fd, owner *o)
{
  char text[300] = "";
  *o = (owner){0};
  ssize_t n = pread(fd, text, sizeof text - 1, 0);
  char *blank = n > 0 ? strchr(text, ' ') : NULL;
  if (!blank) return;
  *blank = 0;
  blank[1 + strcspn(blank + 1, "\n")] = 0;
  if (!ip_parse_int(text, &o->pid)) o->pid = 0;
  snprintf(o->host, sizeof o->host, "%.255s", blank + 1);
}

static void write_owner(int fd)
{
  char host[256], text[300];
  name_host(host);
  int n = snprintf(text, sizeof text, "%lld %s\n", (long long)getpid(), host);
  if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) < 0) return; /* only the message of others lacks it */
}

/* The state of a process of this machine as /proc has it, 'T' for stopped and 'Z' for ended; 0 if it does not say. */
static char state_of(int64_t pid)
{
  char path[64], state = 0;
  snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
  FILE *in = fopen(path, "re");
  if (!in) return 0;
  if (fscanf(in, "%*d (%*[^)]) %c", &state) != 1) state = 0;
  fclose(in);
  return state;
}

static bool is_dead_here(const owner *o)
{
  char host[256];
  name_host(host);
  if (o->pid <= 0 || strcmp(host, o->host) != 0) return false;
  return (kill((pid_t)o->pid, 0) != 0 && errno == ESRCH) || state_of(o->pid) == 'Z';
}

/* Processes of this machine and user that have the lock file open: the workers of a parent that was killed. */
static bool has_open(const char *pid, const struct stat *lock)
{
  char folder[280];
  bool has = false;
  snprintf(folder, sizeof folder, "/proc/%.200s/fd", pid);
  DIR *d = opendir(folder);
  if (!d) return false;
  struct stat s;
  for (struct dirent *entry; !has && (entry = readdir(d));)
    has = !fstatat(dirfd(d), entry->d_name, &s, 0) && s.st_dev == lock->st_dev && s.st_ino == lock->st_ino;
  closedir(d);
  return has;
}

/* The processes that hold the lock, "12, 14", and one of them that is stopped, or "". */
typedef struct {
  char list[128], stopped[32];
} holders;

static void find_holders(int fd, holders *h)
{
  struct stat lock;
  int64_t pid;
  *h = (holders){0};
  DIR *d = fstat(fd, &lock) ? NULL : opendir("/proc");
  if (!d) return;
  for (struct dirent *entry; (entry = readdir(d));) {
    size_t n = strlen(h->list);
    if (!ip_parse_int(entry->d_name, &pid) || pid == getpid() || n + 32 > sizeof h->list) continue;
    if (!has_open(entry->d_name, &lock)) continue;
    snprintf(h->list + n, sizeof h->list - n, "%s%lld", n ? ", " : "", (long long)pid);
    if (state_of(pid) == 'T') snprintf(h->stopped, sizeof h->stopped, "%lld", (long long)pid);
  }
  closedir(d);
}

static ip_status fail_locked(const char *path, const owner *o, const holders *h)
{
  IP_REQUIRE(is_dead_here(o), IP_ELOCKED,
             "%s: held by process %lld on host %s; wait for it, stop it, or choose another directory with -o", path,
             (long long)o->pid, *o->host ? o->host : "?");
  IP_FAIL(IP_ELOCKED,
          "%s: process %lld has ended, but its workers have not: process %s%s%s%s; wait for them, or choose another "
          "directory with -o",
          path, (long long)o->pid, *h->list ? h->list : "?",
          *h->stopped ? " (a signal has stopped it: kill -CONT " : "", h->stopped, *h->stopped ? " lets it end)" : "");
}

ip_status ip_lock_take(const char *path, bool shared, int *fd)
{
  *fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666); /* a link may lead to a file that is not ours */
  struct stat s;
  bool foreign = *fd < 0 ? errno == ELOOP : fstat(*fd, &s) || !S_ISREG(s.st_mode);
  IP_REQUIRE(!foreign, IP_EIO, "%s: is a link or not a file; remove it, or choose another directory with -o", path);
  IP_REQUIRE(*fd >= 0, IP_EIO, "%s: cannot be opened: %s; choose a writable directory with -o", path, strerror(errno));
  for (int waited = 0;; waited += STEP_MS) {
    if (flock(*fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) break;
    IP_REQUIRE(errno == EWOULDBLOCK, IP_EIO, "%s: cannot be locked: %s", path, strerror(errno));
    owner o;
    holders h = {0};
    read_owner(*fd, &o);
    bool look = waited == LOOK_MS || waited >= PATIENCE_MS;
    if (look) find_holders(*fd, &h);
    if (!is_dead_here(&o) || waited >= PATIENCE_MS || *h.stopped) return fail_locked(path, &o, &h);
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
  }
  write_owner(*fd);
  return IP_OK;
}

bool ip_lock_owners_are_here(const char *folder)
{
  char host[256];
  bool here = true;
  name_host(host);
  DIR *d = opendir(folder);
  if (!d) return true;
  for (struct dirent *entry; (entry = readdir(d));) {
    if (strncmp(entry->d_name, IP_FILE_LOCK, strlen(IP_FILE_LOCK)) != 0) continue;
    int fd = openat(dirfd(d), entry->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) continue;
    owner o;
    read_owner(fd, &o);
    if (*o.host && strcmp(o.host, host) != 0) here = false;
    close(fd);
  }
  closedir(d);
  return here;
}
