#include "num/random.h"

#include "num/variant.h"

#include <assert.h>

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

typedef struct supply {
  ip_rng *stream;
  uint32_t word[WORDS];
  size_t held, next;
} supply;

/* `wanted`: about how many words will be asked for from now on. */
static uint32_t next_word(supply *s, size_t wanted)
{
  if (s->next == s->held) {
    s->held = wanted < WORDS ? wanted : WORDS;
    s->next = 0;
    ip_random_words(s->stream, s->held, s->word);
  }
  return s->word[s->next++];
}

void ip_shuffle(ip_rng *r, size_t n, uint32_t *index)
{
  assert(n <= UINT32_MAX);
  supply s = {.stream = r};
  for (size_t i = n; i > 1; i--) {
    uint64_t product = (uint64_t)next_word(&s, i - 1) * i;
    if ((uint32_t)product < i) { /* rare: some results have one word more than others, which is left out */
      uint32_t surplus = (uint32_t)(UINT64_C(0x100000000) % i);
      while ((uint32_t)product < surplus) product = (uint64_t)next_word(&s, i - 1) * i;
    }
    size_t j = product >> 32;
    uint32_t t = index[i - 1];
    index[i - 1] = index[j];
    index[j] = t;
  }
}
