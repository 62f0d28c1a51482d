/* atomic.h - files that are there completely or not at all.
 *
 * A file is written under NAME.part, brought to the disk (fsync), and only then renamed to NAME. Whatever stops the
 * program, what stands under NAME is complete: the new file or the old one.
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

/* Gives it its name. Where that fails (disk full) NAME.part is removed, and what stood under NAME before is untouched.
 * *d is NULL afterwards in both cases. */
ip_status ip_draft_publish(ip_draft **d);

/* Removes NAME.part; does nothing after ip_draft_publish. */
void ip_draft_discard(ip_draft **d);

/* All of a small text file in one call. */
ip_status ip_file_write(const char *path, const char *text);

/* The last steps for a file that another library has written and closed: fsync `part`, rename it to `path`, fsync the
 * directory. `part` stays where it is when this fails. */
ip_status ip_file_publish(const char *part, const char *path);

/* The same without waiting for the disk, for a file that is not at its end: safe from kills, not from a power cut. */
ip_status ip_file_replace(const char *part, const char *path);

/* Copies the bytes (sharing them where the file system can), replacing `to`. A failed copy is removed. */
ip_status ip_file_copy(const char *from, const char *to);

/* The same from where one open file is to where another is. 0 or errno. */
int ip_file_copy_bytes(int from, int to);

/* Reads a whole file of at most `most` bytes; the text ends with a 0 behind its (n) bytes and is freed with ip_free. */
ip_status ip_file_read(const char *path, size_t most, size_t *n, char **text);

/* Before long work: whether a file may be written at `path`, so that the failure does not come at the end. Its
 * directory must be there, unless `parents` says that it will be made. */
ip_status ip_file_check_place(const char *path, bool parents);

/* Makes a directory with its parents; no failure when it is there. */
ip_status ip_folder_create(const char *path);

/* Bytes that an ordinary user may still write in the file system of `path`. */
ip_status ip_folder_room(const char *path, uint64_t *bytes);

#endif
