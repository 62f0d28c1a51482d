#include "dataset/identity.h"

#include "file/digest.h"
#include "num/unique.h"

#include <stdio.h>
#include <string.h>

/* Inputs compared at a time: 32 float32 or 16 words, and one more word for the number so far. */
enum { CHUNK = 32, WORDS = CHUNK / 2 + 1 };

ip_status ip_identity_number_rows(ip_scratch *sc, ip_dataset *ds)
{
  size_t mark = ip_scratch_mark(sc);
  uint64_t *word; // (n, WORDS) the number so far, and the bits of the chunk
  IP_TRY(IP_SCRATCH(sc, word, ds->n * WORDS, "bits of the inputs"));
  ip_free(ds->x_id);
  IP_TRY(IP_NEW(ds->x_id, ds->n, "numbers of the inputs"));
  for (size_t i = 0; i < ds->n * ds->n_in; i++) ds->x[i] += 0.0f; /* -0 + 0 = 0 */
  ds->n_x = 1;
  /* rows equal so far, told apart by one chunk more each time; once all differ there is nothing left to tell */
  for (size_t k = 0; k < ds->n_in && ds->n_x < ds->n; k += CHUNK) {
    size_t m = ds->n_in - k < CHUNK ? ds->n_in - k : CHUNK;
    for (size_t r = 0; r < ds->n; r++) {
      word[r * WORDS] = ds->x_id[r];
      memcpy(word + r * WORDS + 1, ds->x + r * ds->n_in + k, m * sizeof *ds->x);
      memset((char *)(word + r * WORDS + 1) + m * sizeof *ds->x, 0, (CHUNK - m) * sizeof *ds->x);
    }
    IP_TRY(ip_unique_rows(ds->n, WORDS, word, sc, ds->x_id, &ds->n_x));
  }
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
