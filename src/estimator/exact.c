/* exact.c - exact: every distinct row of activations is a symbol of T.
 *
 * Two rows are the same when all their values are equal as numbers, so -0 equals 0; nothing is rounded or binned. For a
 * network of real numbers without noise that makes I(X;T) the entropy of the distinct inputs, up to the collisions of
 * float32, and says little. For a network whose activations were quantized in training, T is discrete and finite and
 * this is its information, without any choice of bins (Lorenzen, Igel & Nielsen 2022).
 */
#include "estimator/codes64.h"
#include "estimator/kind.h"
#include "num/unique.h"

#include <string.h>

enum { EXACT_CORRECTION };
static const ip_parameter exact_parameters[] = {
    IP_PARAMETER_CORRECTION,
};

static inline uint64_t bits_of(float x)
{
  x += 0.0f; /* -0 becomes 0 */
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* A run that says it is quantized to b bits has at most 2^b values in each unit; otherwise what it says is wrong. */
static ip_status check_levels(const ip_samples *s, ip_scratch *sc)
{
  if (s->quantize_bits < 1 || s->quantize_bits > 24 || s->n <= (size_t)1 << s->quantize_bits) return IP_OK;
  size_t mark = ip_scratch_mark(sc), levels, most = (size_t)1 << s->quantize_bits;
  uint64_t *key; // (n)
  uint32_t *id;  // (n)
  IP_TRY(IP_SCRATCH(sc, key, s->n, "values of a unit"));
  IP_TRY(IP_SCRATCH(sc, id, s->n, "values of a unit"));
  for (size_t j = 0; j < s->width; j++) {
    for (size_t i = 0; i < s->n; i++) key[i] = bits_of(s->t[i * s->width + j]);
    IP_TRY(ip_unique_keys(s->n, key, 0, sc, id, &levels));
    IP_REQUIRE(
        levels <= most, IP_EINVAL,
        "unit %zu: got %zu distinct activations, expected at most %zu for %d bits; check that this layer was quantized",
        j, levels, most, s->quantize_bits);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status exact_rows(const double *v, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows)
{
  (void)v;
  size_t n_words = (s->width + 1) / 2;
  uint64_t *row; // (n, n_words) two activations to a word
  IP_REQUIRE(n_words <= SIZE_MAX / s->n, IP_ENOMEM, "%zu rows of %zu words", s->n, n_words);
  IP_TRY(check_levels(s, sc));
  if (s->t64) return ip_codes64_exact(s, sc, rows);
  IP_TRY(IP_SCRATCH(sc, row, s->n * n_words, "rows of activations"));
  for (size_t i = 0; i < s->n; i++)
    for (size_t j = 0; j < s->width; j++) row[i * n_words + j / 2] |= bits_of(s->t[i * s->width + j]) << 32 * (j % 2);
  *rows = (ip_key_rows){n_words, row};
  return IP_OK;
}

const ip_estimator_kind ip_estimator_exact = {
    .name = "exact",
    .help = "every distinct row of activations is a symbol; for quantized networks (Lorenzen et al. 2022)",
    .parameter = exact_parameters,
    .n_parameters = sizeof exact_parameters / sizeof *exact_parameters,
    .correction_at = EXACT_CORRECTION,
    .rows = exact_rows,
};
