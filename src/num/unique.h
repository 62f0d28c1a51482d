/* unique.h - which of many keys or rows are the same: dense numbers for distinct values.
 *
 * Numbers are given in the order of first appearance, so they depend on nothing but the input. Time is O(n) for keys
 * and O(n * n_words) for rows, by a hash table of at most half load, or by direct addressing where keys are small.
 */
#ifndef IP_NUM_UNIQUE_H
#define IP_NUM_UNIQUE_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* id (n): the number of key[i] among the distinct keys, 0 .. *n_unique-1. Every key is below `bound`; 0: nothing is
 * known. n < 2^32 - 1. IP_ENOMEM. */
ip_status ip_unique_keys(size_t n, const uint64_t *key, uint64_t bound, ip_scratch *sc, uint32_t *id, size_t *n_unique);

/* Rows of words, one for each of n things; two are the same when every word is. */
typedef struct ip_key_rows {
  size_t n_words; /* of a row, at least 1 */
  uint64_t *word; // (n, n_words)
} ip_key_rows;

/* The same for rows (n, n_words). */
ip_status ip_unique_rows(size_t n, size_t n_words, const uint64_t *row, ip_scratch *sc, uint32_t *id, size_t *n_unique);

/* Joint counts without the numbers: count (n, n_y), zero before, becomes (*n_unique, n_y): how often distinct row k has
 * label y. label (n) is below n_y. One pass over the samples where a row is one word. IP_ENOMEM. */
ip_status ip_unique_count(size_t n, const ip_key_rows *rows, size_t n_y, const uint32_t *label, ip_scratch *sc,
                          uint32_t *count, size_t *n_unique);

#endif
