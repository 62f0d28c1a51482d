/* atomic.h - files that are complete or absent.
 *
 * A file is written to NAME.part, synced to disk (fsync), and only then renamed to NAME. Whenever the program stops,
 * NAME is complete: the new file or the old one.
 */
#ifndef IP_FILE_ATOMIC_H
#define IP_FILE_ATOMIC_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A file being written. */
typedef struct ip_draft ip_draft;

ip_status ip_draft_create(const char *path, ip_draft **out);
FILE *ip_draft_stream(ip_draft *d);

/* Renames the draft to NAME. On failure (disk full) NAME.part is removed and a previous NAME is unchanged. *d is NULL
 * afterwards in both cases. */
ip_status ip_draft_publish(ip_draft **d);

/* Removes NAME.part; does nothing after ip_draft_publish. */
void ip_draft_discard(ip_draft **d);

/* All of a small text file in one call. */
ip_status ip_file_write(const char *path, const char *text);

/* The last steps for a file that another library has written and closed: fsync `part`, rename it to `path`, fsync the
 * directory. On failure `part` remains. */
ip_status ip_file_publish(const char *part, const char *path);

/* The same without fsync, for a file that is not final yet: safe from kills, not from a power failure. */
ip_status ip_file_replace(const char *part, const char *path);

/* fsync of a file that is closed: what it contains survives a power failure. */
ip_status ip_file_sync(const char *path);

/* Copies the bytes (sharing them where the file system can), replacing `to`. A failed copy is removed. */
ip_status ip_file_copy(const char *from, const char *to);

/* The same from the current position of one open file to that of another. Returns 0 or errno. */
int ip_file_copy_bytes(int from, int to);

/* Reads a whole file of at most `most` bytes; a 0 follows the (n) bytes of the text, to be freed with ip_free. */
ip_status ip_file_read(const char *path, size_t most, size_t *n, char **text);

/* Checks before long work that a file can be written at `path`, so that it does not fail at the end. The directory must
 * exist, unless `parents`: it will then be created. */
ip_status ip_file_check_place(const char *path, bool parents);

/* Creates a directory with its parents; succeeds if it exists. */
ip_status ip_folder_create(const char *path);

/* Bytes that an ordinary user may still write in the file system of `path`. */
ip_status ip_folder_room(const char *path, uint64_t *bytes);

#endif
