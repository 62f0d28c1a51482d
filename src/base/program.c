#include "base/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SELF "/proc/self/exe"

const char *ip_program_file(void)
{
  const char *launcher = getenv("INFOPLANE_PROGRAM");
  return launcher && *launcher == '/' ? launcher : SELF;
}

ip_status ip_program_path(size_t size, char *path)
{
  const char *file = ip_program_file();
  if (strcmp(file, SELF) != 0) {
    IP_REQUIRE((size_t)snprintf(path, size, "%s", file) < size, IP_EIO, "INFOPLANE_PROGRAM: the path is too long");
    return IP_OK;
  }
  ssize_t n = readlink(SELF, path, size - 1);
  IP_REQUIRE(n > 0, IP_EIO, SELF ": %s", strerror(errno));
  path[n] = 0;
  return IP_OK;
}
