#include "study/results.h"

#include "base/mem.h"
#include "file/atomic.h"
#include "study/lock.h"
#include "study/paths.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ip_status name_paths(ip_results *r, const char *path)
{
  IP_TRY(IP_STRDUP(r->path, path));
  IP_TRY(IP_FORMAT(r->runs, "%s/" IP_FOLDER_RUNS, path));
  IP_TRY(IP_FORMAT(r->figures, "%s/" IP_FOLDER_FIGURES, path));
  return IP_FORMAT(r->config, "%s/" IP_FILE_EXPERIMENT, path);
}

static ip_status lock(ip_results *r)
{
  char *path;
  bool sharded = r->shard.n > 1;
  IP_TRY(IP_FORMAT(path, "%s/" IP_FILE_LOCK, r->path));
  ip_status st = ip_lock_take(path, sharded, &r->lock);
  ip_free(path);
  if (st != IP_OK || !sharded) return st;
  IP_TRY(IP_FORMAT(path, "%s/" IP_FILE_LOCK "-%zu-of-%zu", r->path, r->shard.k, r->shard.n));
  st = ip_lock_take(path, false, &r->shard_lock);
  ip_free(path);
  return st;
}

/* ---------------------------------------------------------------- links */

static bool ends_with(const char *name, const char *ending)
{
  size_t n = strlen(name), m = strlen(ending);
  return n > m && !strcmp(name + n - m, ending);
}

/* Whether a file of this name is written where it is, not replaced by a new one. */
static bool is_written_in_place(const char *name)
{
  return !strncmp(name, IP_FILE_JOURNAL, strlen(IP_FILE_JOURNAL)) || ends_with(name, ".part") ||
         ends_with(name, ".state") || ends_with(name, ".new");
}

/* In a directory that somebody sent, such a link could make a sweep write into any file of the user. */
static ip_status refuse_links(const char *folder)
{
  struct stat s;
  ip_status st = IP_OK;
  DIR *d = opendir(folder);
  if (!d) return IP_OK;
  for (struct dirent *entry; st == IP_OK && (entry = readdir(d));) {
    const char *name = entry->d_name;
    if (!is_written_in_place(name) || fstatat(dirfd(d), name, &s, AT_SYMLINK_NOFOLLOW)) continue;
    if (S_ISLNK(s.st_mode))
      st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO,
                        "%s/%s: is a link, and would be written; remove it, or choose another directory with -o",
                        folder, name);
  }
  closedir(d);
  return st;
}

/* ---------------------------------------------------------------- the directory */

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
  if (st == IP_OK) st = refuse_links(r->path);
  if (st == IP_OK) st = refuse_links(r->runs);
  if (st != IP_OK) ip_results_close(&r);
  *out = r;
  return st;
}

ip_status ip_results_open_readonly(const char *path, ip_results **out)
{
  ip_results *r;
  IP_TRY(IP_NEW(r, 1, "results"));
  r->lock = r->shard_lock = -1;
  r->shard = (ip_shard){1, 1};
  ip_status st = name_paths(r, path);
  if (st == IP_OK && access(r->config, R_OK) != 0)
    st = ip_error_set(
        __FILE__, __LINE__, __func__, IP_EIO,
        "%s: no " IP_FILE_EXPERIMENT "; expected a results directory of infoplane run, such as results/NAME", path);
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

ip_status ip_results_run_path(const char *folder, const char *run, char **path)
{
  return IP_FORMAT(*path, "%s/" IP_FOLDER_RUNS "/%s" IP_ENDING_RUN, folder, run);
}
