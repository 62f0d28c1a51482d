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

/* The same for rows (n, n_words), equal when every word is. */
ip_status ip_unique_rows(size_t n, size_t n_words, const uint64_t *row, ip_scratch *sc, uint32_t *id, size_t *n_unique);

#endif
