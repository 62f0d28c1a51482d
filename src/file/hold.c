#define _GNU_SOURCE /* F_OFD_SETLK */
#include "file/hold.h"

#include "base/advice.h"
#include "base/mem.h"
#include "base/stop.h"
#include "file/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

/* How long another program may have the file open for writing: a logger that opens it for every epoch is soon done. */
enum { PATIENCE_MS = 5000, STEP_MS = 20 };

struct ip_hold {
  char *path; /* real */
  int fd;
};

static void wait_a_step(void)
{
  nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
}

/* ---------------------------------------------------------------- who has the file */

/* "python3 (process 4711)" of who holds a lock of HDF5's kind, as far as /proc knows it. */
static void name_writer(int fd, char *text, size_t size)
{
  struct stat s;
  char line[256], kind[16], mode[16], program[64] = "a program";
  long long pid, inode;
  snprintf(text, size, "another process");
  FILE *locks = fstat(fd, &s) ? NULL : fopen("/proc/locks", "re");
  while (locks && fgets(line, sizeof line, locks)) {
    if (sscanf(line, "%*s %15s %*s %15s %lld %*x:%*x:%lld", kind, mode, &pid, &inode) != 4) continue;
    if (strcmp(kind, "FLOCK") != 0 || strcmp(mode, "WRITE") != 0 || inode != (long long)s.st_ino || pid <= 0) continue;
    char path[64];
    snprintf(path, sizeof path, "/proc/%lld/comm", pid);
    FILE *comm = fopen(path, "re");
    if (comm && fgets(program, sizeof program, comm)) program[strcspn(program, "\n")] = 0;
    if (comm) fclose(comm);
    snprintf(text, size, "%s (process %lld)", program, pid);
    break;
  }
  if (locks) fclose(locks);
}

/* ---------------------------------------------------------------- taking */

/* A file system without locks: there nobody can be asked, and nobody be kept out. */
static bool has_no_locks(int error)
{
  return error == EOPNOTSUPP || error == ENOLCK || error == ENOSYS || error == EINVAL;
}

/* Another infoplane that adds to the file ends soon, and is waited for. */
static ip_status wait_for_infoplane(const ip_hold *h)
{
  struct flock far = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INT64_MAX - 1, .l_len = 1};
  while (fcntl(h->fd, F_OFD_SETLK, &far) != 0) {
    if (has_no_locks(errno)) return IP_OK;
    IP_REQUIRE(errno == EAGAIN || errno == EACCES || errno == EINTR, IP_EIO, "%s: cannot be locked: %s", h->path,
               strerror(errno));
    IP_TRY(ip_stop_check());
    wait_a_step();
  }
  return IP_OK;
}

static ip_status wait_for_writers(const ip_hold *h)
{
  for (int waited = 0; flock(h->fd, LOCK_SH | LOCK_NB) != 0; waited += STEP_MS) {
    if (has_no_locks(errno)) return IP_OK;
    IP_REQUIRE(errno == EWOULDBLOCK || errno == EINTR, IP_EIO, "%s: cannot be locked: %s", h->path, strerror(errno));
    char who[128];
    if (waited >= PATIENCE_MS) name_writer(h->fd, who, sizeof who);
    IP_REQUIRE(waited < PATIENCE_MS, IP_ELOCKED,
               "%s: %s has it open for writing; nothing is added to it before it is closed: wait for that program, or "
               "give a copy of the file",
               h->path, who);
    IP_TRY(ip_stop_check());
    wait_a_step();
  }
  return IP_OK;
}

static void let_go(ip_hold *h)
{
  if (h->fd >= 0) close(h->fd); /* ends both locks */
  free(h->path);
  h->fd = -1;
  h->path = NULL;
}

/* Opens and locks what stands under `path` now. `*same` is false when another file took its place meanwhile. */
static ip_status take_once(const char *path, ip_hold *h, bool *same)
{
  struct stat held, there;
  h->path = realpath(path, NULL);
  IP_REQUIRE(h->path, IP_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  h->fd = open(h->path, O_RDWR | O_CLOEXEC);
  IP_REQUIRE(h->fd >= 0, IP_EIO, "%s: cannot be written: %s", h->path, strerror(errno));
  IP_TRY(wait_for_infoplane(h));
  IP_TRY(wait_for_writers(h));
  *same = !fstat(h->fd, &held) && !stat(h->path, &there) && held.st_dev == there.st_dev && held.st_ino == there.st_ino;
  return IP_OK;
}

ip_status ip_hold_take(const char *path, ip_hold **out)
{
  *out = NULL;
  ip_hold *h;
  IP_TRY(IP_NEW(h, 1, "lock of a file"));
  h->fd = -1;
  bool same = false;
  ip_status st = take_once(path, h, &same);
  while (st == IP_OK && !same) {
    let_go(h);
    st = take_once(path, h, &same);
  }
  *out = h;
  if (st != IP_OK) ip_hold_release(out);
  return st;
}

void ip_hold_release(ip_hold **h)
{
  if (!*h) return;
  let_go(*h);
  ip_free(*h);
  *h = NULL;
}

const char *ip_hold_path(const ip_hold *h)
{
  return h->path;
}

/* ---------------------------------------------------------------- what stays as it was */

static bool carry_attribute(int from, int to, const char *name)
{
  char value[65536]; /* the most that Linux allows */
  ssize_t n = fgetxattr(from, name, value, sizeof value);
  return (n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0) || !strncmp(name, "security.", 9);
}

/* Extended attributes, access lists among them. Those under security. are the system's, which labels new files too. */
static bool carry_attributes(int from, int to)
{
  char names[65536];
  ssize_t n = flistxattr(from, names, sizeof names);
  if (n < 0) return errno == ENOTSUP || errno == ENOSYS;
  for (ssize_t at = 0; at < n; at += (ssize_t)strlen(names + at) + 1)
    if (!carry_attribute(from, to, names + at)) return false;
  return true;
}

/* Gives `to` the owner, mode and attributes of `from`, whose only name it is going to take. */
static bool carry_over(int from, int to)
{
  struct stat old, new;
  if (fstat(from, &old) || fstat(to, &new) || old.st_nlink != 1) return false;
  if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) && fchown(to, old.st_uid, old.st_gid)) return false;
  return fchmod(to, old.st_mode & 07777) == 0 && carry_attributes(from, to);
}

/* ---------------------------------------------------------------- replacing */

/* What can be known before the held file is written into: nobody reads it, and there is room. */
static ip_status prepare(ip_hold *h, int from, off_t *size)
{
  struct stat s;
  IP_REQUIRE(flock(h->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, IP_ELOCKED,
             "%s: has several names or an owner that must stay, and another process has it open; close it there first",
             h->path);
  int failed = fstat(from, &s) ? errno : posix_fallocate(h->fd, 0, s.st_size);
  IP_REQUIRE(!failed, ip_status_of_write(failed), "%s: cannot be written: %s", h->path, strerror(failed));
  *size = s.st_size;
  return IP_OK;
}

/* Writes the contents of `fresh` into the held file; only after a failure here `fresh` stays. */
static ip_status write_into(ip_hold *h, int from, off_t size, const char *fresh)
{
  int failed = lseek(h->fd, 0, SEEK_SET) < 0 ? errno : ip_file_copy_bytes(from, h->fd);
  if (!failed && (ftruncate(h->fd, size) || fsync(h->fd))) failed = errno;
  IP_REQUIRE(!failed, ip_status_of_write(failed),
             "%s: could not be written to its end: %s; its complete contents are in %s", h->path, strerror(failed),
             fresh);
  unlink(fresh);
  return IP_OK;
}

static ip_status replace(ip_hold *h, int from, const char *fresh, bool sync)
{
  off_t size = 0;
  ip_status st;
  if (carry_over(h->fd, from))
    st = sync ? ip_file_publish(fresh, h->path) : ip_file_replace(fresh, h->path);
  else if ((st = prepare(h, from, &size)) == IP_OK)
    return write_into(h, from, size, fresh);
  if (st != IP_OK) unlink(fresh);
  return st;
}

ip_status ip_hold_replace(ip_hold *h, const char *fresh, bool sync)
{
  int from = open(fresh, O_RDONLY | O_CLOEXEC);
  IP_REQUIRE(from >= 0, IP_EIO, "%s: cannot be opened: %s", fresh, strerror(errno));
  ip_status st = replace(h, from, fresh, sync);
  close(from);
  return st;
}
