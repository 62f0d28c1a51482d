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

/* A hash table of keys. A slot holds the number of its key, which begins at 1 here; 0: free. */
typedef struct table {
  unsigned shift;
  uint32_t *slot;     // (2^(64 - shift))
  uint64_t *distinct; // (n) the keys by number
  uint32_t n_unique;
} table;

static ip_status table_open(size_t n, ip_scratch *sc, table *t)
{
  size_t size = table_size(n);
  *t = (table){.shift = 64};
  for (size_t k = size; k > 1; k /= 2) t->shift--;
  IP_TRY(IP_SCRATCH(sc, t->slot, size, "hash table"));
  return IP_SCRATCH(sc, t->distinct, n, "distinct keys");
}

/* The number of a key less one; a new key has the next one. */
static inline uint32_t number_of(table *t, uint64_t key)
{
  size_t mask = SIZE_MAX >> t->shift, at = slot_of(key, t->shift);
  uint32_t k = t->slot[at];
  while (k && t->distinct[k - 1] != key) k = t->slot[at = (at + 1) & mask];
  if (!k) {
    t->slot[at] = k = ++t->n_unique;
    t->distinct[k - 1] = key;
  }
  return k - 1;
}

static ip_status unique_hashed(size_t n, const uint64_t *key, ip_scratch *sc, uint32_t *id, size_t *n_unique)
{
  table t;
  IP_TRY(table_open(n, sc, &t));
  for (size_t i = 0; i < n; i++) id[i] = number_of(&t, key[i]);
  *n_unique = t.n_unique;
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

/* Inlined, for two labels are common and worth their own loop. */
static inline __attribute__((always_inline)) void count_keys(size_t n, const uint64_t *key, size_t n_y,
                                                             const uint32_t *label, table *of, uint32_t *count)
{
  table t = *of; /* in registers */
  for (size_t i = 0; i < n; i++) count[number_of(&t, key[i]) * n_y + label[i]]++;
  *of = t;
}

ip_status ip_unique_count(size_t n, const ip_key_rows *rows, size_t n_y, const uint32_t *label, ip_scratch *sc,
                          uint32_t *count, size_t *n_unique)
{
  assert(n < UINT32_MAX && rows->n_words > 0);
  size_t mark = ip_scratch_mark(sc);
  if (rows->n_words == 1) {
    table t;
    IP_TRY(table_open(n, sc, &t));
    if (n_y == 2)
      count_keys(n, rows->word, 2, label, &t, count);
    else
      count_keys(n, rows->word, n_y, label, &t, count);
    *n_unique = t.n_unique;
  } else {
    uint32_t *id; // (n)
    IP_TRY(IP_SCRATCH(sc, id, n, "numbers of rows"));
    IP_TRY(ip_unique_rows(n, rows->n_words, rows->word, sc, id, n_unique));
    for (size_t i = 0; i < n; i++) count[id[i] * n_y + label[i]]++;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
