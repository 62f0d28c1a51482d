#include "file/part.h"

#include "base/advice.h"
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long another process may write the file before this one gives up. */
enum { PATIENCE_MS = 10000, STEP_MS = 20 };

/* Removes what has the name and is not a file with this name alone. A directory stays, and cannot be opened. */
static void remove_other(const char *part)
{
  struct stat s;
  if (lstat(part, &s) || S_ISDIR(s.st_mode) || (S_ISREG(s.st_mode) && s.st_nlink == 1)) return;
  unlink(part);
}

/* Whether `part` is still the name of the open file: its writer may have renamed or removed it before the lock. */
static bool has_name(int fd, const char *part)
{
  struct stat open, there;
  return !fstat(fd, &open) && !lstat(part, &there) && open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

/* Opens and locks the file. *fd is -1 if another process has the lock, or had it and gave the file another name. */
static ip_status take_once(const char *part, int flags, int *fd)
{
  remove_other(part);
  *fd = open(part, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
  IP_REQUIRE(*fd >= 0, ip_status_of_write(errno), "%s: cannot be written: %s%s", part, strerror(errno),
             ip_advice_on_writing(errno));
  bool other = flock(*fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; /* any other error: it has no locks */
  if (!other && has_name(*fd, part)) return IP_OK;
  close(*fd);
  *fd = -1;
  return IP_OK;
}

static ip_status take(const char *part, int flags, int *fd)
{
  *fd = -1;
  for (int waited = 0;; waited += STEP_MS) {
    IP_TRY(take_once(part, flags, fd));
    if (*fd >= 0) return IP_OK;
    IP_REQUIRE(waited < PATIENCE_MS, IP_ELOCKED,
               "%s: another process is writing this file; wait for it, or write to another name", part);
    IP_TRY(ip_stop_check());
    nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
    if (!(flags & O_CREAT) && access(part, F_OK)) return IP_OK; /* it has been renamed */
  }
}

ip_status ip_part_open(const char *part, int *fd)
{
  IP_TRY(take(part, O_WRONLY | O_CREAT, fd));
  if (ftruncate(*fd, 0) == 0) return IP_OK;
  int failed = errno;
  close(*fd);
  *fd = -1;
  IP_FAIL(ip_status_of_write(failed), "%s: cannot be written: %s%s", part, strerror(failed),
          ip_advice_on_writing(failed));
}

ip_status ip_part_clear(const char *part)
{
  int fd;
  remove_other(part);
  if (access(part, F_OK)) return IP_OK;
  IP_TRY(take(part, O_WRONLY, &fd));
  if (fd >= 0) close(fd);
  return IP_OK;
}

ip_status ip_part_hold(const char *part, int *fd)
{
  *fd = open(part, O_RDONLY | O_CLOEXEC);
  IP_REQUIRE(*fd >= 0, ip_status_of_write(errno), "%s: cannot be brought to the disk: %s", part, strerror(errno));
  flock(*fd, LOCK_SH | LOCK_NB); /* where this process has the file open in HDF5 still, that lock keeps others out */
  return IP_OK;
}
