#include "base/share.h"

#include "base/build.h"
#include "base/mem.h"
#include "base/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory above that of the running program; "" if it is unknown. */
static void find_prefix(size_t size, char *prefix)
{
  if (ip_program_path(size, prefix) != IP_OK) {
    ip_error_clear();
    *prefix = 0;
  }
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(prefix, '/');
    if (slash) *slash = 0;
  }
}

/* "root/folder/file" if it is readable; a relative root begins with "./". */
static ip_status try_at(const char *root, const char *folder, const char *file, char **path)
{
  IP_TRY(IP_FORMAT(*path, "%s%s%s%s%s%s", *root == '/' ? "" : "./", root, *folder ? "/" : "", folder, *file ? "/" : "",
                   file));
  if (access(*path, R_OK) == 0) return IP_OK;
  ip_free(*path);
  *path = NULL;
  return IP_OK;
}

ip_status ip_share_find(const ip_share *where, const char *file, char **path)
{
  char prefix[4096], share[sizeof prefix + 32];
  const char *own = getenv(where->variable);
  find_prefix(sizeof prefix, prefix);
  snprintf(share, sizeof share, "%s/share/infoplane", prefix);
  const struct {
    const char *root, *folder;
  } place[] = {{own, ""},
               {*prefix ? share : NULL, where->in_share},
               {IP_SOURCE_DIR, where->in_source},
               {IP_INSTALL_DATADIR, where->in_share}};
  *path = NULL;
  for (size_t i = 0; i < sizeof place / sizeof *place && !*path; i++)
    if (place[i].root && *place[i].root) IP_TRY(try_at(place[i].root, place[i].folder, file, path));
  return IP_OK;
}
