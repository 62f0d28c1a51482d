/* hold.h - changing a file that others may use too: one process at a time, and only the contents change.
 *
 * For runfile/, which adds to finished run files. Two locks exclude others; the kernel releases both when the process
 * ends, even after a crash. Processes of infoplane wait for each other by a lock (F_OFD_SETLK) of a byte far beyond the
 * end. A program that has the file open for writing in HDF5 holds an flock: such a file is rejected, with the name of
 * the program. During the hold, HDF5 cannot open the file for writing. Readers do not block the hold: they keep the old
 * file.
 *
 * The new contents are completed in a second file, which then takes the place of the first in one step (rename) and is
 * given its mode, owner, group, extended attributes and access lists. Symbolic links stay what they are: the file they
 * lead to is replaced. A file with several names (hard links), or whose owner or attributes cannot be carried over,
 * stays the same file: the new contents are written into it, and a kill at that moment leaves them complete in the
 * second file.
 */
#ifndef IP_FILE_HOLD_H
#define IP_FILE_HOLD_H

#include "base/status.h"

#include <stdbool.h>

typedef struct ip_hold ip_hold;

/* Waits for other processes of infoplane, and for a few seconds for other programs that write the file. IP_EIO: it is
 * not there, may not be written, or is still open for writing in another program; IP_ESTOPPED. */
ip_status ip_hold_take(const char *path, ip_hold **out);
void ip_hold_release(ip_hold **h);

/* The file itself, all symbolic links followed. */
const char *ip_hold_path(const ip_hold *h);

/* The contents of `fresh`, in the same directory, become those of the held file, and `fresh` is gone. sync: waits for
 * the disk. After a failure the file is as it was, except where the message names a file that holds its new contents.
 * The hold ends with this. */
ip_status ip_hold_replace(ip_hold *h, const char *fresh, bool sync);

#endif
