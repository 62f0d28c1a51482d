/* digest.h - SHA-256, to distinguish configurations and datasets. */
#ifndef IP_FILE_DIGEST_H
#define IP_FILE_DIGEST_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define IP_DIGEST_TEXT 65 /* 64 hexadecimal digits and the end of the string */

/* A digest under way: begin, add as often as wanted, end. It holds no memory. */
typedef struct ip_digest {
  uint64_t state[32];
} ip_digest;

void ip_digest_begin(ip_digest *d);
void ip_digest_add(ip_digest *d, const void *bytes, size_t n);
void ip_digest_end(ip_digest *d, char text[static IP_DIGEST_TEXT]);

/* Of (n) bytes, and of a file. */
void ip_digest_bytes(const void *bytes, size_t n, char text[static IP_DIGEST_TEXT]);
ip_status ip_digest_file(const char *path, char text[static IP_DIGEST_TEXT]);

#endif
