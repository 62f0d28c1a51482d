/* random_body.h - the loops of random.h for one instruction set; see bodies.h. */
#include "num/random.h"
#include "num/simd.h"
#include "num/variant.h"

#include <Random123/philox.h>

/* Philox4x32-10 of IP_SIMD64 counters, a word in the low half of each element (Salmon et al. 2011). */
IP_INLINE void philox_vectors(const uint32_t *key, ip_vl c[4])
{
  const ip_vl low = (ip_vl){0} + 0xffffffff;
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    ip_vl p = vl_mul_low(c[0], (ip_vl){0} + 0xD2511F53), q = vl_mul_low(c[2], (ip_vl){0} + 0xCD9E8D57);
    ip_vl a = ((ip_vl)((ip_vul)q >> 32) ^ c[1] ^ k0) & low, b = ((ip_vl)((ip_vul)p >> 32) ^ c[3] ^ k1) & low;
    c[0] = a;
    c[1] = q & low;
    c[2] = b;
    c[3] = p & low;
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
}

/* Elements k .. of two vectors in turn. */
#if IP_SIMD == 16
#define IN_TURN(a, b, k) __builtin_shufflevector(a, b, k, k + 8, k + 1, k + 9, k + 2, k + 10, k + 3, k + 11)
#elif IP_SIMD == 8
#define IN_TURN(a, b, k) __builtin_shufflevector(a, b, k, k + 4, k + 1, k + 5)
#else
#define IN_TURN(a, b, k) __builtin_shufflevector(a, b, k, k + 2)
#endif

static void philox_blocks(size_t n, const uint32_t key[2], const uint32_t counter[4], uint32_t *word)
{
  size_t i = 0;
  for (; i + IP_SIMD64 <= n; i += IP_SIMD64) {
    int64_t number[IP_SIMD64];
    ip_vl c[4];
    for (size_t lane = 0; lane < IP_SIMD64; lane++) number[lane] = (uint32_t)(counter[0] + i + lane);
    memcpy(&c[0], number, sizeof number);
    for (int k = 1; k < 4; k++) c[k] = (ip_vl){0} + (int64_t)counter[k];
    philox_vectors(key, c);
    ip_vl first = c[0] | c[1] << 32, second = c[2] | c[3] << 32;
    ip_vl low = IN_TURN(first, second, 0), high = IN_TURN(first, second, IP_SIMD64 / 2);
    memcpy(word + 4 * i, &low, sizeof low);
    memcpy(word + 4 * i + 2 * IP_SIMD64, &high, sizeof high);
  }
  for (; i < n; i++) {
    philox4x32_ctr_t c = {{(uint32_t)(counter[0] + i), counter[1], counter[2], counter[3]}};
    philox4x32_key_t k = {{key[0], key[1]}};
    c = philox4x32(c, k);
    memcpy(word + 4 * i, c.v, sizeof c.v);
  }
}

const ip_random IP_VARIANT(ip_random) = {.name = IP_VARIANT_NAME, .blocks = philox_blocks};
