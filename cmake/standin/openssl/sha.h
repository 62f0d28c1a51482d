/* sha.h - SHA-256 (FIPS 180-4) as libcrypto offers it, for processors whose libcrypto is not installed
 * (cmake/part.cmake). A golden digest that does not come out shows a fault in here too.
 */
#ifndef IP_STANDIN_SHA_H
#define IP_STANDIN_SHA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SHA256_DIGEST_LENGTH 32

typedef struct SHA256_CTX {
  uint32_t hash[8];
  uint64_t n_bytes;
  uint8_t block[64];
} SHA256_CTX;

static inline uint32_t standin_rotate(uint32_t x, int by)
{
  return x >> by | x << (32 - by);
}

static inline void standin_block(uint32_t hash[8], const uint8_t *block)
{
  static const uint32_t key[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  uint32_t w[64], h[8];
  memcpy(h, hash, sizeof h);
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
           block[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (standin_rotate(a, 7) ^ standin_rotate(a, 18) ^ a >> 3) + w[i - 7] +
           (standin_rotate(b, 17) ^ standin_rotate(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 64; i++) {
    uint32_t choice = (h[4] & h[5]) ^ (~h[4] & h[6]), majority = (h[0] & h[1]) ^ (h[0] & h[2]) ^ (h[1] & h[2]);
    uint32_t t1 =
        h[7] + (standin_rotate(h[4], 6) ^ standin_rotate(h[4], 11) ^ standin_rotate(h[4], 25)) + choice + key[i] + w[i];
    uint32_t t2 = (standin_rotate(h[0], 2) ^ standin_rotate(h[0], 13) ^ standin_rotate(h[0], 22)) + majority;
    memmove(h + 1, h, 7 * sizeof *h);
    h[4] += t1;
    h[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) hash[i] += h[i];
}

static inline int SHA256_Init(SHA256_CTX *c)
{
  static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(c->hash, start, sizeof start);
  c->n_bytes = 0;
  return 1;
}

static inline int SHA256_Update(SHA256_CTX *c, const void *data, size_t n)
{
  const uint8_t *bytes = data;
  for (size_t i = 0; i < n; i++) {
    c->block[c->n_bytes++ % 64] = bytes[i];
    if (c->n_bytes % 64 == 0) standin_block(c->hash, c->block);
  }
  return 1;
}

static inline int SHA256_Final(uint8_t *digest, SHA256_CTX *c)
{
  uint64_t n_bits = 8 * c->n_bytes;
  uint8_t end = 0x80, length[8];
  for (int i = 0; i < 8; i++) length[i] = (uint8_t)(n_bits >> (56 - 8 * i));
  for (SHA256_Update(c, &end, 1), end = 0; c->n_bytes % 64 != 56;) SHA256_Update(c, &end, 1);
  SHA256_Update(c, length, sizeof length);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(c->hash[i / 4] >> (24 - 8 * (i % 4)));
  return 1;
}

#endif
