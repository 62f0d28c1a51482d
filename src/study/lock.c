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
#include <time.h>
#include <unistd.h>

/* How long the workers of a parent that was killed may take to end. */
enum { PATIENCE_MS = 30000, STEP_MS = 50 };

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

static bool is_dead_here(const owner *o)
{
  char host[256];
  name_host(host);
  return o->pid > 0 && !strcmp(host, o->host) && kill((pid_t)o->pid, 0) != 0 && errno == ESRCH;
}

ip_status ip_lock_take(const char *path, bool shared, int *fd)
{
  *fd = open(path, O_RDWR | O_CREAT, 0666);
  IP_REQUIRE(*fd >= 0, IP_EIO, "%s: cannot be opened: %s; choose a writable directory with -o", path, strerror(errno));
  for (int waited = 0;; waited += STEP_MS) {
    if (flock(*fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) break;
    IP_REQUIRE(errno == EWOULDBLOCK, IP_EIO, "%s: cannot be locked: %s", path, strerror(errno));
    owner o;
    read_owner(*fd, &o);
    IP_REQUIRE(is_dead_here(&o) && waited < PATIENCE_MS, IP_ELOCKED,
               "%s: held by process %lld on host %s; wait for it, stop it, or choose another directory with -o", path,
               (long long)o.pid, *o.host ? o.host : "?");
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
