#define OPENSSL_API_COMPAT 0x10100000L /* the functions with a context of their own: OpenSSL 3 calls them old */
#include "file/digest.h"

#include "file/regular.h"

#include <sys/types.h>

#include <assert.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

static_assert(sizeof(SHA256_CTX) <= sizeof(ip_digest), "ip_digest has room for libcrypto's context");

void ip_digest_begin(ip_digest *d)
{
  SHA256_Init((SHA256_CTX *)(void *)d);
}

void ip_digest_add(ip_digest *d, const void *bytes, size_t n)
{
  if (n) SHA256_Update((SHA256_CTX *)(void *)d, bytes, n);
}

void ip_digest_end(ip_digest *d, char text[static IP_DIGEST_TEXT])
{
  static const char hex[] = "0123456789abcdef";
  uint8_t bytes[SHA256_DIGEST_LENGTH];
  SHA256_Final(bytes, (SHA256_CTX *)(void *)d);
  for (size_t i = 0; i < sizeof bytes; i++) {
    text[2 * i] = hex[bytes[i] >> 4];
    text[2 * i + 1] = hex[bytes[i] & 15];
  }
  text[2 * sizeof bytes] = 0;
}

void ip_digest_bytes(const void *bytes, size_t n, char text[static IP_DIGEST_TEXT])
{
  ip_digest d;
  ip_digest_begin(&d);
  ip_digest_add(&d, bytes, n);
  ip_digest_end(&d, text);
}

ip_status ip_digest_file(const char *path, char text[static IP_DIGEST_TEXT])
{
  FILE *in;
  IP_TRY(ip_file_stream(path, true, &in));
  ip_digest d;
  ip_digest_begin(&d);
  uint8_t block[16384];
  size_t n;
  while ((n = fread(block, 1, sizeof block, in)) > 0) ip_digest_add(&d, block, n);
  int failed = ferror(in) ? errno : 0;
  fclose(in);
  IP_REQUIRE(!failed, IP_EIO, "%s: cannot be read: %s", path, strerror(failed));
  ip_digest_end(&d, text);
  return IP_OK;
}
