/* part.h - the name NAME.part, under which a file is written before it is renamed to NAME.
 *
 * One process at a time writes there: it holds a lock (flock) until it has renamed the file. Others wait for a few
 * seconds, then fail with IP_ELOCKED. What a part is written to is always a file of its own: a symbolic link, another
 * name of a file (hard link) or a pipe that has this name is removed, and what it leads to stays as it is. On file
 * systems without locks, nobody is kept out.
 */
#ifndef IP_FILE_PART_H
#define IP_FILE_PART_H

#include "base/status.h"

/* Opens an empty file for writing and locks it. To be closed after the file has been renamed or removed. */
ip_status ip_part_open(const char *part, int *fd);

/* Before another library creates the file by its name: waits until no process writes it, and removes what is no file.
 * HDF5 then holds the same kind of lock until it closes the file. */
ip_status ip_part_clear(const char *part);

/* Keeps others from a file that another library has written and closed, while it is synced and renamed. */
ip_status ip_part_hold(const char *part, int *fd);

#endif
