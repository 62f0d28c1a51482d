/* bytes.h - the bytes of a file, plain or packed by gzip, with a check of sizes a header announces. */
#ifndef IP_FILE_BYTES_H
#define IP_FILE_BYTES_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct ip_bytes ip_bytes;

/* Opens a regular file. IP_EIO if it does not exist or cannot be read, IP_EFORMAT if it is empty. */
ip_status ip_bytes_open(const char *path, ip_bytes **out);
void ip_bytes_close(ip_bytes **b);

/* The next n bytes, fewer only at the end of the file. IP_EFORMAT when a packed file is truncated or damaged. */
ip_status ip_bytes_read(ip_bytes *b, size_t n, void *to, size_t *got);

/* All bytes of a text, plain or packed, with a 0 behind them, from a file, a pipe, or for "-" standard input; to be
 * freed. An empty one has n = 0. */
ip_status ip_bytes_read_text(const char *path, size_t *n, char **text);

/* Back to the first byte. */
ip_status ip_bytes_rewind(ip_bytes *b);

/* Fails with IP_EFORMAT unless the file holds exactly `size` bytes, `header` of which have been read. Readers allocate
 * memory for the sizes of a header only after this check. A gzip file stores its size modulo 2^32 at its end; if that
 * differs (the file may consist of several gzip members), it is unpacked once to count the bytes. */
ip_status ip_bytes_expect(ip_bytes *b, uint64_t header, uint64_t size);

/* The maximum ratio of deflate. */
#define IP_BYTES_DEFLATE_RATIO 1032

/* Fails with IP_EFORMAT if a file cannot contain `size` bytes: more than IP_BYTES_DEFLATE_RATIO times its length. For
 * formats whose own library reads them. */
ip_status ip_bytes_plausible(const char *path, uint64_t size);

#endif
