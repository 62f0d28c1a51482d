#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "cli/temporary.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ip_status ip_temporary_create(char **folder)
{
  const char *tmp = getenv("TMPDIR");
  IP_TRY(IP_FORMAT(*folder, "%s/infoplane-XXXXXX", tmp && *tmp ? tmp : "/tmp"));
  if (mkdtemp(*folder)) return IP_OK;
  ip_status st =
      ip_error_set(__FILE__, __LINE__, __func__, IP_EIO,
                   "%s: cannot be created: %s; set TMPDIR to a writable directory", *folder, strerror(errno));
  ip_free(*folder);
  *folder = NULL;
  return st;
}

void ip_temporary_remove(char **folder)
{
  if (!*folder) return;
  DIR *d = opendir(*folder);
  for (struct dirent *entry; d && (entry = readdir(d));)
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) unlinkat(dirfd(d), entry->d_name, 0);
  if (d) closedir(d);
  rmdir(*folder);
  ip_free(*folder);
  *folder = NULL;
}
