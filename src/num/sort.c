#include "num/sort.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 3, RADIX = 1 << DIGIT_BITS };

/* Unsigned numbers in the order of the floats: negative ones with all bits turned over, others with the sign bit set.
 */
static inline uint32_t key_of(float x)
{
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ (bits >> 31 ? 0xffffffffu : 0x80000000u);
}

static inline float float_of(uint32_t key)
{
  uint32_t bits = key ^ (key >> 31 ? 0x80000000u : 0xffffffffu);
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint32_t digit(uint32_t key, int d)
{
  return key >> d * DIGIT_BITS & (RADIX - 1);
}

ip_status ip_sort_f32(size_t n, float *x, ip_scratch *sc)
{
  assert(n < UINT32_MAX);
  size_t mark = ip_scratch_mark(sc);
  uint32_t *a, *b, *count; // (n), (n), (DIGITS, RADIX)
  IP_TRY(IP_SCRATCH(sc, a, n, "sort keys"));
  IP_TRY(IP_SCRATCH(sc, b, n, "sort keys"));
  IP_TRY(IP_SCRATCH(sc, count, DIGITS * RADIX, "digit counts"));
  for (size_t i = 0; i < n; i++) {
    a[i] = key_of(x[i]);
    for (int d = 0; d < DIGITS; d++) count[d * RADIX + (int)digit(a[i], d)]++;
  }
  for (int d = 0; d < DIGITS; d++) {
    uint32_t *at = count + d * RADIX, sum = 0;
    for (size_t v = 0; v < RADIX; v++) {
      uint32_t here = at[v];
      at[v] = sum;
      sum += here;
    }
    for (size_t i = 0; i < n; i++) b[at[digit(a[i], d)]++] = a[i];
    uint32_t *was = a;
    a = b;
    b = was;
  }
  for (size_t i = 0; i < n; i++) x[i] = float_of(a[i]);
  ip_scratch_release(sc, mark);
  return IP_OK;
}
