#include "num/random.h"

#include "num/variant.h"

#include <assert.h>
#include <stdbool.h>

IP_VARIANTS(ip_random)

void ip_random_words(ip_rng *r, size_t n, uint32_t *word)
{
  size_t i = 0;
  while (i < n && r->left > 0) word[i++] = ip_rng_u32(r);
  size_t blocks = (n - i) / 4;
  ip_random_variant(0)->blocks(blocks, r->key, r->counter, word + i);
  r->counter[0] += (uint32_t)blocks;
  for (i += 4 * blocks; i < n; i++) word[i] = ip_rng_u32(r);
}

/* Words drawn at a time, at most. */
enum { WORDS = 256 };

/* Whether a product of a word and i is one of the few that are left out: some results have one word more than others.
 */
static bool is_surplus(uint32_t low, uint32_t i)
{
  return low < i && low < (uint32_t)(UINT64_C(0x100000000) % i);
}

void ip_shuffle(ip_rng *r, size_t n, uint32_t *index)
{
  assert(n <= UINT32_MAX);
  uint32_t word[WORDS], i = (uint32_t)n;
  while (i > 1) {
    size_t held = i - 1 < WORDS ? i - 1 : WORDS;
    ip_random_words(r, held, word);
    for (size_t k = 0; k < held; k++) { /* i > 1: as many words as were needed at least */
      uint64_t product = (uint64_t)word[k] * i;
      if (is_surplus((uint32_t)product, i)) continue;
      size_t j = product >> 32;
      uint32_t t = index[--i];
      index[i] = index[j];
      index[j] = t;
    }
  }
}
