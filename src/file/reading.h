/* reading.h - which file is being read, for the process that supervises this one (cli/guard.h).
 *
 * libhdf5 crashes or loops for ever on some damaged files. In a supervised process every operation on an HDF5 file
 * notes the name of the file in memory shared with the parent, and has a limit of processor time, after which SIGXCPU
 * ends the process. Elsewhere these functions do nothing. Not thread-safe, as HDF5 is not.
 */
#ifndef IP_FILE_READING_H
#define IP_FILE_READING_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Shared between parent and child. */
typedef struct ip_reading {
  char path[4096]; /* the file read last; "" before the first */
  bool inside;     /* an operation on it has not ended */
} ip_reading;

/* From here on operations are noted in `page`; each may take `limit_s` seconds of processor time, 0: any. */
void ip_reading_watch(ip_reading *page, double limit_s);

/* Begins and ends an operation on a file; both may be nested. */
int ip_reading_enter(const char *path);
void ip_reading_leave(const int *entered);

/* From here to the end of the block. */
#define IP_READING(path) __attribute__((cleanup(ip_reading_leave), unused)) int entered = ip_reading_enter(path)

/* Files that ended a process before and are left out from then on, by the name they are opened by. */
ip_status ip_reading_leave_out(const char *path);
bool ip_reading_is_left_out(const char *path);

/* Replaces the list of (n) files by one in scratch without them. IP_EFORMAT if none remains. */
ip_status ip_reading_others(ip_scratch *sc, size_t *n, const char *const **path);

#endif
