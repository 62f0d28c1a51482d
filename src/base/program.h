/* program.h - where the running program is: to start it again, and to find what was installed with it.
 *
 * Usually that is what the kernel says. Where a launcher starts the program through another loader, as in the archive
 * of scripts/package.sh, it sets INFOPLANE_PROGRAM to its own path, since the kernel then knows the loader alone.
 */
#ifndef IP_BASE_PROGRAM_H
#define IP_BASE_PROGRAM_H

#include "base/status.h"

#include <stddef.h>

/* What to execute for another process of this program; it works also after the file was replaced. */
const char *ip_program_file(void);

/* The absolute path of the program. IP_EIO where the kernel does not say. */
ip_status ip_program_path(size_t size, char *path);

#endif
