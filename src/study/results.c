#include "study/results.h"

#include "base/mem.h"
#include "base/text.h"
#include "file/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* How long the workers of a parent that was killed may take to end. */
enum { PATIENCE_MS = 30000, STEP_MS = 50 };

static ip_status name_paths(ip_results *r, const char *path)
{
  IP_TRY(IP_STRDUP(r->path, path));
  IP_TRY(IP_FORMAT(r->runs, "%s/runs", path));
  IP_TRY(IP_FORMAT(r->figures, "%s/figures", path));
  return IP_FORMAT(r->config, "%s/experiment.yaml", path);
}

/* ---------------------------------------------------------------- the lock */

/* "pid host" as the owner wrote it into the lock file. */
typedef struct {
  int64_t pid;
  char host[256];
} owner;

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
  char host[256] = "?", text[300];
  gethostname(host, sizeof host - 1);
  int n = snprintf(text, sizeof text, "%lld %s\n", (long long)getpid(), host);
  if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) < 0) return; /* only the message of others lacks it */
}

static bool is_dead_here(const owner *o)
{
  char host[256] = "?";
  gethostname(host, sizeof host - 1);
  return o->pid > 0 && !strcmp(host, o->host) && kill((pid_t)o->pid, 0) != 0 && errno == ESRCH;
}

static ip_status take_lock(const char *path, bool shared, int *fd)
{
  *fd = open(path, O_RDWR | O_CREAT, 0644);
  IP_REQUIRE(*fd >= 0, IP_EIO, "%s: cannot be opened: %s; choose a folder you may write in with -o", path,
             strerror(errno));
  for (int waited = 0;; waited += STEP_MS) {
    if (flock(*fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) break;
    IP_REQUIRE(errno == EWOULDBLOCK, IP_EIO, "%s: cannot be locked: %s", path, strerror(errno));
    owner o;
    read_owner(*fd, &o);
    IP_REQUIRE(is_dead_here(&o) && waited < PATIENCE_MS, IP_EIO,
               "%s: process %lld on host %s is working on this folder; wait for it or stop it, or give another folder "
               "with -o",
               path, (long long)o.pid, *o.host ? o.host : "?");
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
  }
  write_owner(*fd);
  return IP_OK;
}

static ip_status lock(ip_results *r)
{
  char *path;
  bool sharded = r->shard.n > 1;
  IP_TRY(IP_FORMAT(path, "%s/.lock", r->path));
  ip_status st = take_lock(path, sharded, &r->lock);
  ip_free(path);
  if (st != IP_OK || !sharded) return st;
  IP_TRY(IP_FORMAT(path, "%s/.lock-%zu-of-%zu", r->path, r->shard.k, r->shard.n));
  st = take_lock(path, false, &r->shard_lock);
  ip_free(path);
  return st;
}

/* ---------------------------------------------------------------- the folder */

ip_status ip_results_open(const char *path, ip_shard shard, ip_results **out)
{
  ip_results *r;
  IP_TRY(IP_NEW(r, 1, "results"));
  r->lock = r->shard_lock = -1;
  r->shard = shard;
  ip_status st = name_paths(r, path);
  if (st == IP_OK) st = ip_folder_create(r->runs);
  if (st == IP_OK) st = ip_folder_create(r->figures);
  if (st == IP_OK) st = lock(r);
  if (st != IP_OK) ip_results_close(&r);
  *out = r;
  return st;
}

ip_status ip_results_look(const char *path, ip_results **out)
{
  ip_results *r;
  IP_TRY(IP_NEW(r, 1, "results"));
  r->lock = r->shard_lock = -1;
  r->shard = (ip_shard){1, 1};
  ip_status st = name_paths(r, path);
  if (st == IP_OK && access(r->config, R_OK) != 0)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO,
                      "%s: holds no experiment.yaml; expected a folder that infoplane run made, such as results/NAME",
                      path);
  if (st != IP_OK) ip_results_close(&r);
  *out = r;
  return st;
}

void ip_results_close(ip_results **r)
{
  if (!*r) return;
  if ((*r)->lock >= 0) close((*r)->lock);
  if ((*r)->shard_lock >= 0) close((*r)->shard_lock);
  ip_free((*r)->path);
  ip_free((*r)->runs);
  ip_free((*r)->figures);
  ip_free((*r)->config);
  ip_free(*r);
  *r = NULL;
}

ip_status ip_results_run_path(const ip_results *r, const ip_experiment *point, char **path)
{
  return IP_FORMAT(*path, "%s/%s.h5", r->runs, point->run_name);
}
