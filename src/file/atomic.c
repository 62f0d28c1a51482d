#define _GNU_SOURCE /* copy_file_range */
#include "file/atomic.h"

#include "base/advice.h"
#include "base/mem.h"
#include "file/part.h"
#include "file/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Brings what was written under `path` (a file or a directory) to the disk. */
static int sync_path(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  int failed = fsync(fd) ? errno : 0;
  close(fd);
  return failed;
}

ip_status ip_file_sync(const char *path)
{
  int failed = sync_path(path);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: cannot be brought to the disk: %s", path, strerror(failed));
  return IP_OK;
}

ip_status ip_file_replace(const char *part, const char *path)
{
  IP_REQUIRE(!rename(part, path), ip_status_of_write(errno), "%s: cannot be renamed to %s: %s", part, path,
             strerror(errno));
  return IP_OK;
}

/* Brings an open file to the disk, then renames it, then brings its new name there. */
static ip_status publish(int fd, const char *part, const char *path)
{
  IP_REQUIRE(!fsync(fd), ip_status_of_write(errno), "%s: cannot be brought to the disk: %s", part, strerror(errno));
  IP_TRY(ip_file_replace(part, path));
  char *folder;
  IP_TRY(IP_STRDUP(folder, path));
  char *slash = strrchr(folder, '/');
  if (slash) slash[slash == folder] = 0;
  sync_path(slash ? folder : "."); /* some file systems cannot; the file itself is safe */
  ip_free(folder);
  return IP_OK;
}

/* ---------------------------------------------------------------- drafts */

struct ip_draft {
  FILE *stream;
  char *path, *part;
};

ip_status ip_draft_create(const char *path, ip_draft **out)
{
  *out = NULL;
  ip_draft *d;
  IP_TRY(IP_NEW(d, 1, "draft of a file"));
  ip_status st;
  IP_TRY_GOTO(st, IP_STRDUP(d->path, path), failed);
  IP_TRY_GOTO(st, IP_FORMAT(d->part, "%s.part", path), failed);
  int fd;
  st = ip_part_open(d->part, &fd);
  if (st == IP_OK && !(d->stream = fdopen(fd, "w"))) {
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "%s: cannot be written: %s", d->part, strerror(errno));
    unlink(d->part);
    close(fd);
  }
  if (st != IP_OK) {
    ip_free(d->part); /* there is nothing to remove */
    d->part = NULL;
    goto failed;
  }
  *out = d;
  return IP_OK;
failed:
  ip_draft_discard(&d);
  return st;
}

FILE *ip_draft_stream(ip_draft *d)
{
  return d->stream;
}

void ip_draft_discard(ip_draft **draft)
{
  ip_draft *d = *draft;
  if (!d) return;
  if (d->part) unlink(d->part);
  if (d->stream) fclose(d->stream); /* ends the lock: last */
  ip_free(d->part);
  ip_free(d->path);
  ip_free(d);
  *draft = NULL;
}

ip_status ip_draft_publish(ip_draft **draft)
{
  ip_draft *d = *draft;
  bool wrong = fflush(d->stream) || ferror(d->stream);
  int failed = !wrong ? 0 : errno ? errno : EIO; /* of an earlier failure, errno may be gone */
  ip_status st = IP_OK;
  if (failed)
    st = ip_error_set(__FILE__, __LINE__, __func__, ip_status_of_write(failed), "%s: cannot be written: %s%s", d->part,
                      strerror(failed), ip_advice_on_writing(failed));
  else if ((st = publish(fileno(d->stream), d->part, d->path)) == IP_OK) {
    ip_free(d->part);
    d->part = NULL;
  }
  ip_draft_discard(draft);
  return st;
}

ip_status ip_file_write(const char *path, const char *text)
{
  ip_draft *d;
  IP_TRY(ip_draft_create(path, &d));
  fputs(text, ip_draft_stream(d));
  return ip_draft_publish(&d);
}

ip_status ip_file_publish(const char *part, const char *path)
{
  int fd;
  IP_TRY(ip_part_hold(part, &fd));
  ip_status st = publish(fd, part, path);
  close(fd);
  return st;
}

/* read and write, for file systems without copy_file_range. 0 or errno. */
static int copy_blocks(int from, int to)
{
  static const size_t size = 1 << 18;
  char *block = malloc(size);
  if (!block) return ENOMEM;
  int failed = 0;
  ssize_t n = 1;
  while (!failed && (n = read(from, block, size)) != 0) {
    if (n < 0) failed = errno == EINTR ? 0 : errno;
    for (ssize_t done = 0; !failed && done < n;) {
      ssize_t put = write(to, block + done, (size_t)(n - done));
      if (put >= 0)
        done += put;
      else if (errno != EINTR)
        failed = errno;
    }
  }
  free(block);
  return failed;
}

int ip_file_copy_bytes(int from, int to)
{
  for (;;) {
    ssize_t n = copy_file_range(from, NULL, to, NULL, (size_t)1 << 30, 0);
    if (n == 0) return 0;
    if (n < 0 && (errno == ENOSYS || errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP))
      return copy_blocks(from, to); /* goes on where the file offsets are */
    if (n < 0 && errno != EINTR) return errno;
  }
}

ip_status ip_file_copy(const char *from, const char *to)
{
  int in;
  IP_TRY(ip_file_open(from, false, &in));
  int out;
  ip_status st = ip_part_open(to, &out);
  if (st != IP_OK) {
    close(in);
    return st;
  }
  int failed = ip_file_copy_bytes(in, out);
  close(in);
  if (close(out) && !failed) failed = errno;
  if (failed) unlink(to);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: cannot be copied to %s: %s", from, to, strerror(failed));
  return IP_OK;
}

ip_status ip_file_read(const char *path, size_t most, size_t *n, char **text)
{
  *text = NULL;
  *n = 0;
  FILE *in;
  IP_TRY(ip_file_stream(path, true, &in));
  char *got = NULL;
  size_t cap = 0, used = 0, read = 0;
  ip_status st = IP_OK;
  do {
    if (used + 1 >= cap) {
      char *grown = ip_grow(got, used, cap ? 2 * cap : 8192, 1, path);
      if (!grown) {
        st = IP_ENOMEM;
        break;
      }
      got = grown;
      cap = cap ? 2 * cap : 8192;
    }
    read = fread(got + used, 1, cap - 1 - used, in);
    used += read;
  } while (read > 0 && used <= most);
  int failed = ferror(in) ? errno : 0;
  fclose(in);
  if (st == IP_OK && failed)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "%s: cannot be read: %s", path, strerror(failed));
  if (st == IP_OK && used > most)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "%s: is larger than %zu bytes", path, most);
  if (st != IP_OK) {
    ip_free(got);
    return st;
  }
  *n = used;
  *text = got;
  return IP_OK;
}

/* Cuts a path down to the directory it lies in; "" is the working directory. */
static void cut_to_folder(char *path)
{
  char *end = path + strlen(path);
  while (end > path + 1 && end[-1] == '/') end--;
  while (end > path && end[-1] != '/') end--;
  while (end > path + 1 && end[-1] == '/') end--;
  *end = 0;
}

ip_status ip_file_check_place(const char *path, bool parents)
{
  struct stat s;
  IP_REQUIRE(stat(path, &s) || !S_ISDIR(s.st_mode), IP_EIO, "%s: is a directory; name a file", path);
  char *folder;
  IP_TRY(IP_STRDUP(folder, path));
  do cut_to_folder(folder);
  while (parents && *folder && stat(folder, &s) && errno == ENOENT);
  const char *there = *folder ? folder : ".";
  int failed = stat(there, &s) ? errno : !S_ISDIR(s.st_mode) ? ENOTDIR : access(there, W_OK | X_OK) ? errno : 0;
  ip_free(folder);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: cannot be written: %s%s", path, strerror(failed),
             ip_advice_on_writing(failed));
  return IP_OK;
}

ip_status ip_folder_create(const char *path)
{
  char *part;
  IP_TRY(IP_STRDUP(part, path));
  int failed = 0;
  for (char *p = part + (*part == '/'); !failed; p++) {
    if (*p && *p != '/') continue;
    char kept = *p;
    *p = 0;
    if (mkdir(part, 0777) && errno != EEXIST) failed = errno;
    *p = kept;
    if (!kept) break;
  }
  struct stat s;
  if (!failed && (stat(path, &s) || !S_ISDIR(s.st_mode))) failed = ENOTDIR;
  ip_free(part);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: the directory cannot be created: %s%s", path, strerror(failed),
             ip_advice_on_writing(failed));
  return IP_OK;
}

ip_status ip_folder_room(const char *path, uint64_t *bytes)
{
  struct statvfs s;
  IP_REQUIRE(!statvfs(path, &s), IP_EIO, "%s: free space is not known: %s", path, strerror(errno));
  *bytes = (uint64_t)s.f_bavail * s.f_frsize;
  return IP_OK;
}
