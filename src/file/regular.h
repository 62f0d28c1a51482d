/* regular.h - opening files for reading that are files.
 *
 * A named pipe or device in place of a file would block the program or never end. It is rejected at once, with a
 * message that names it. Only what the user passed as an open descriptor (/dev/stdin, /dev/fd/63) may be a pipe, where
 * `any_kind` allows it.
 */
#ifndef IP_FILE_REGULAR_H
#define IP_FILE_REGULAR_H

#include "base/status.h"

#include <stdbool.h>
#include <stdio.h>

/* Opens a file for reading, closed on exec. IP_EIO if it does not exist, cannot be read or is not a file. */
ip_status ip_file_open(const char *path, bool any_kind, int *fd);

/* The same as a stream. */
ip_status ip_file_stream(const char *path, bool any_kind, FILE **in);

/* The same for callers with a message of their own: returns NULL, or the reason. */
const char *ip_file_stream_or_why(const char *path, bool any_kind, FILE **in);

#endif
