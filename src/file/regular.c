#include "file/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_open_descriptor(const char *path)
{
  return !strncmp(path, "/dev/std", 8) || !strncmp(path, "/dev/fd/", 8) || !strncmp(path, "/proc/self/fd/", 14);
}

/* Opens; returns NULL, or why it cannot be read as a file. */
static const char *open_file(const char *path, bool any_kind, int *fd)
{
  /* Without O_NONBLOCK, a pipe that nobody writes to blocks here. Reading files does not depend on it. */
  bool may_be_pipe = any_kind && is_open_descriptor(path);
  *fd = open(path, O_RDONLY | O_CLOEXEC | (may_be_pipe ? 0 : O_NONBLOCK));
  if (*fd < 0) return strerror(errno);
  struct stat s;
  mode_t mode = fstat(*fd, &s) ? 0 : s.st_mode;
  if (S_ISREG(mode) || (may_be_pipe && !S_ISDIR(mode))) return NULL;
  close(*fd);
  *fd = -1;
  return S_ISDIR(mode) ? "Is a directory" : S_ISFIFO(mode) ? "Is a named pipe" : "Is a device or socket";
}

ip_status ip_file_open(const char *path, bool any_kind, int *fd)
{
  const char *why = open_file(path, any_kind, fd);
  IP_REQUIRE(!why, IP_EIO, "%s: cannot be opened: %s", path, why);
  return IP_OK;
}

const char *ip_file_stream_or_why(const char *path, bool any_kind, FILE **in)
{
  int fd;
  *in = NULL;
  const char *why = open_file(path, any_kind, &fd);
  if (why || (*in = fdopen(fd, "rb"))) return why;
  close(fd);
  return "out of memory";
}

ip_status ip_file_stream(const char *path, bool any_kind, FILE **in)
{
  const char *why = ip_file_stream_or_why(path, any_kind, in);
  IP_REQUIRE(!why, IP_EIO, "%s: cannot be opened: %s", path, why);
  return IP_OK;
}
