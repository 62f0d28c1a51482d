#include "base/rng.h"

#include <Random123/philox.h>
#include <math.h>

ip_rng ip_rng_open(uint64_t seed, ip_rng_purpose purpose, uint64_t index)
{
  return (ip_rng){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                  .counter = {0, (uint32_t)index, (uint32_t)(index >> 32), (uint32_t)purpose}};
}

uint32_t ip_rng_u32(ip_rng *r)
{
  if (r->left == 0) {
    philox4x32_ctr_t c = {{r->counter[0], r->counter[1], r->counter[2], r->counter[3]}};
    philox4x32_key_t k = {{r->key[0], r->key[1]}};
    c = philox4x32(c, k);
    for (int i = 0; i < 4; i++) r->block[i] = c.v[i];
    r->counter[0]++;
    r->left = 4;
  }
  return r->block[4 - r->left--];
}

uint64_t ip_rng_u64(ip_rng *r)
{
  uint64_t low = ip_rng_u32(r);
  return low | (uint64_t)ip_rng_u32(r) << 32;
}

double ip_rng_uniform(ip_rng *r)
{
  return (double)(ip_rng_u64(r) >> 11) * 0x1p-53;
}

uint64_t ip_rng_below(ip_rng *r, uint64_t n)
{
  for (;;) {
    uint64_t v = ip_rng_u64(r);
    if (v <= UINT64_MAX - n || v < UINT64_MAX - UINT64_MAX % n) /* a multiple of n: above, small results would gain */
      return v % n;
  }
}

double ip_rng_normal(ip_rng *r)
{
  const double two_pi = 6.283185307179586476925;
  double u = 1 - ip_rng_uniform(r); /* in (0, 1]: the logarithm is finite */
  double v = ip_rng_uniform(r);
  return sqrt(-2 * log(u)) * cos(two_pi * v);
}

/* A normal number takes the four words of a block. */
void ip_rng_skip_normals(ip_rng *r, size_t n)
{
  int left = r->left;
  if (n == 0) return;
  r->counter[0] += (uint32_t)n;
  if (left == 0) return;
  r->counter[0]--; /* the block whose last words are left */
  r->left = 0;
  ip_rng_u32(r);
  r->left = left;
}

double ip_rng_truncated_normal(ip_rng *r)
{
  double z;
  do {
    z = ip_rng_normal(r);
  } while (fabs(z) > 2);
  return z;
}
