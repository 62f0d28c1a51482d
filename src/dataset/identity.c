#include "dataset/identity.h"

#include "file/digest.h"
#include "num/unique.h"

#include <stdio.h>
#include <string.h>

/* Words of 64 bits compared at a time at most. */
enum { MOST_WORDS = 16 };

/* Numbers rows of `size` bytes that are equal byte by byte. */
static ip_status number_rows(size_t n, size_t size, const void *rows, ip_scratch *sc, uint32_t *id, size_t *n_unique)
{
  size_t words = (size + sizeof(uint64_t) - 1) / sizeof(uint64_t), mark = ip_scratch_mark(sc);
  uint64_t *word; // (n, 1 + words) the number so far, and the bits of the chunk
  if (words > MOST_WORDS) words = MOST_WORDS;
  const size_t chunk = words * sizeof(uint64_t), width = 1 + words;
  IP_TRY(IP_SCRATCH(sc, word, n * width, "bits of the inputs"));
  *n_unique = 1;
  /* rows equal so far, told apart by one chunk more each time; once all differ there is nothing left to tell */
  for (size_t k = 0; k < size && *n_unique < n; k += chunk) {
    size_t m = size - k < chunk ? size - k : chunk;
    for (size_t r = 0; r < n; r++) {
      word[r * width] = id[r];
      memcpy(word + r * width + 1, (const char *)rows + r * size + k, m);
      memset((char *)(word + r * width + 1) + m, 0, chunk - m);
    }
    IP_TRY(ip_unique_rows(n, width, word, sc, id, n_unique));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status number_floats(ip_scratch *sc, ip_dataset *ds, uint32_t *id, size_t *n_unique)
{
  for (size_t i = 0; i < ds->n * ds->n_in; i++) ds->x[i] += 0.0f; /* -0 + 0 = 0 */
  return number_rows(ds->n, ds->n_in * sizeof *ds->x, ds->x, sc, id, n_unique);
}

ip_status ip_identity_number_rows(ip_scratch *sc, ip_dataset *ds)
{
  ip_free(ds->x_id);
  IP_TRY(IP_NEW(ds->x_id, ds->n, "numbers of the inputs"));
  if (!ds->exact) return number_floats(sc, ds, ds->x_id, &ds->n_x);
  for (size_t i = 0; i < ds->n * ds->n_in; i++) ds->exact[i] += 0.0;
  return number_rows(ds->n, ds->n_in * sizeof *ds->exact, ds->exact, sc, ds->x_id, &ds->n_x);
}

ip_status ip_identity_count_rows(ip_scratch *sc, ip_dataset *ds, size_t *n_x)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *id; // (n)
  IP_TRY(IP_SCRATCH(sc, id, ds->n, "numbers of the inputs"));
  IP_TRY(number_floats(sc, ds, id, n_x));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

void ip_identity_digest(ip_dataset *ds)
{
  char head[160];
  int length = snprintf(head, sizeof head, "infoplane data 1 %zu %zu %zu %zu %d\n", ds->n, ds->n_in, ds->n_classes,
                        ds->n_targets, ds->p_y_given_x ? 1 : 0);
  ip_digest d;
  ip_digest_begin(&d);
  ip_digest_add(&d, head, (size_t)length);
  ip_digest_add(&d, ds->x, ds->n * ds->n_in * sizeof *ds->x);
  ip_digest_add(&d, ds->y, ds->n * sizeof *ds->y);
  if (ds->p_y_given_x) ip_digest_add(&d, ds->p_y_given_x, ds->n * ds->n_classes * sizeof *ds->p_y_given_x);
  if (ds->targets) ip_digest_add(&d, ds->targets, ds->n * ds->n_targets * sizeof *ds->targets);
  ip_digest_end(&d, ds->sha256);
}
