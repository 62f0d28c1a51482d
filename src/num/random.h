/* random.h - many numbers of a random stream at once: the same as base/rng.h draws one by one.
 */
#ifndef IP_NUM_RANDOM_H
#define IP_NUM_RANDOM_H

#include "base/rng.h"

#include <stddef.h>
#include <stdint.h>

/* The next n words of the stream, as n calls of ip_rng_u32 return them. */
void ip_random_words(ip_rng *r, size_t n, uint32_t *word /* (n) */);

/* Shuffles (n) indices in place, n < 2^32: every permutation is equally likely (Durstenfeld 1964; the bounded integers
 * are those of Lemire 2019, algorithm 5, which needs no division). */
void ip_shuffle(ip_rng *r, size_t n, uint32_t *index);

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_random {
  const char *name;
  /* word (n, 4): the blocks of Philox4x32-10 with counters counter[0] .. counter[0] + n - 1. */
  void (*blocks)(size_t n, const uint32_t key[2], const uint32_t counter[4], uint32_t *word);
} ip_random;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_random *ip_random_variant(size_t k);

#endif
