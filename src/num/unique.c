#include "num/unique.h"

#include <assert.h>
#include <string.h>

/* Finaliser of splitmix64: every bit of the key moves every bit of the hash (Steele, Lea & Flood 2014). */
static inline uint64_t mix(uint64_t h)
{
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  return h ^ (h >> 31);
}

/* The smallest power of two that is at least 2n. */
static size_t table_size(size_t n)
{
  size_t size = 16;
  while (size < 2 * n) size *= 2;
  return size;
}

static ip_status unique_small(size_t n, const uint64_t *key, size_t bound, ip_scratch *sc, uint32_t *id,
                              size_t *n_unique)
{
  uint32_t *seen; // (bound) number + 1; 0: not seen
  IP_TRY(IP_SCRATCH(sc, seen, bound, "table of keys"));
  uint32_t count = 0;
  for (size_t i = 0; i < n; i++) {
    assert(key[i] < bound);
    if (!seen[key[i]]) seen[key[i]] = ++count;
    id[i] = seen[key[i]] - 1;
  }
  *n_unique = count;
  return IP_OK;
}

/* Slot of a key in a table of 2^(64 - shift): the high bits of a product with the golden ratio, which all bits of the
 * key reach (Knuth, "The Art of Computer Programming" 3, section 6.4). */
static inline size_t slot_of(uint64_t key, unsigned shift)
{
  return (size_t)(((key ^ key >> 32) * 0x9e3779b97f4a7c15u) >> shift);
}

static ip_status unique_hashed(size_t n, const uint64_t *key, ip_scratch *sc, uint32_t *id, size_t *n_unique)
{
  size_t mask = table_size(n) - 1;
  unsigned shift = 64;
  for (size_t size = mask + 1; size > 1; size /= 2) shift--;
  uint32_t *slot;     // (mask + 1) number + 1; 0: free
  uint64_t *distinct; // (n) the keys by number
  IP_TRY(IP_SCRATCH(sc, slot, mask + 1, "hash table"));
  IP_TRY(IP_SCRATCH(sc, distinct, n, "distinct keys"));
  uint32_t count = 0;
  for (size_t i = 0; i < n; i++) {
    size_t at = slot_of(key[i], shift);
    while (slot[at] && distinct[slot[at] - 1] != key[i]) at = (at + 1) & mask;
    if (!slot[at]) {
      distinct[count] = key[i];
      slot[at] = ++count;
    }
    id[i] = slot[at] - 1;
  }
  *n_unique = count;
  return IP_OK;
}

ip_status ip_unique_keys(size_t n, const uint64_t *key, uint64_t bound, ip_scratch *sc, uint32_t *id, size_t *n_unique)
{
  assert(n < UINT32_MAX);
  size_t mark = ip_scratch_mark(sc);
  if (bound && bound <= 8 * n + 1024)
    IP_TRY(unique_small(n, key, (size_t)bound, sc, id, n_unique));
  else
    IP_TRY(unique_hashed(n, key, sc, id, n_unique));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static uint64_t hash_row(size_t n_words, const uint64_t *row)
{
  uint64_t h = n_words;
  for (size_t k = 0; k < n_words; k++) h = mix(h ^ row[k]) + 0x9e3779b97f4a7c15u;
  return h;
}

ip_status ip_unique_rows(size_t n, size_t n_words, const uint64_t *row, ip_scratch *sc, uint32_t *id, size_t *n_unique)
{
  assert(n < UINT32_MAX && n_words > 0);
  if (n_words == 1) return ip_unique_keys(n, row, 0, sc, id, n_unique);
  size_t mark = ip_scratch_mark(sc), mask = table_size(n) - 1;
  uint32_t *slot;  // (mask + 1) number + 1; 0: free
  uint32_t *first; // (n) the row in which each number appeared first
  uint64_t *hash;  // (n) hashes by number
  IP_TRY(IP_SCRATCH(sc, slot, mask + 1, "hash table"));
  IP_TRY(IP_SCRATCH(sc, first, n, "distinct rows"));
  IP_TRY(IP_SCRATCH(sc, hash, n, "hashes of rows"));
  uint32_t count = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t h = hash_row(n_words, row + i * n_words);
    size_t at = h & mask;
    for (uint32_t k; (k = slot[at]); at = (at + 1) & mask)
      if (hash[k - 1] == h && !memcmp(row + first[k - 1] * n_words, row + i * n_words, n_words * sizeof *row)) break;
    if (!slot[at]) {
      first[count] = (uint32_t)i;
      hash[count] = h;
      slot[at] = ++count;
    }
    id[i] = slot[at] - 1;
  }
  *n_unique = count;
  ip_scratch_release(sc, mark);
  return IP_OK;
}
