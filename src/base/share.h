/* share.h - files that belong to the program: plot scripts and presets. */
#ifndef IP_BASE_SHARE_H
#define IP_BASE_SHARE_H

#include "base/status.h"

/* A directory of such files: the environment variable that overrides it, and its path in the source tree and below
 * share/infoplane. */
typedef struct ip_share {
  const char *variable, *in_source, *in_share;
} ip_share;

/* The path of `file` ("" for the directory itself), to be freed with ip_free; NULL if it is nowhere readable. Searched:
 * the directory of the environment variable, ../share/infoplane beside the running program's directory, the source
 * tree, the place of installation. */
ip_status ip_share_find(const ip_share *where, const char *file, char **path);

#endif
