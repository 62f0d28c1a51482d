#include "estimator/codes.h"

#include "num/unique.h"

#include <math.h>
#include <string.h>

enum { CHUNK = 1024 }; /* activations coded in one go, so that codes stay in the first-level cache */

void ip_codes_range(size_t m, const float *t, double *low, double *high)
{
  float least = t[0], most = t[0];
  for (size_t k = 0; k < m; k++) {
    least = t[k] < least ? t[k] : least;
    most = t[k] > most ? t[k] : most;
  }
  *low = (double)least;
  *high = (double)most;
}

/* A way from activations to codes below n_codes. */
typedef struct coder {
  uint64_t n_codes;
  size_t n_edges;       /* codes by edges: 0 for codes by width */
  const float *padded;  // (n_edges + 2) -inf, the edges as the smallest floats that reach them, +inf
  bool even;            /* edges are so even that scale * (t - origin) is at most one off */
  double origin, scale; /* even edges */
  double size, lowest;  /* codes by width: floor(t / size) - lowest */
  bool small;           /* floor(t / size) fits 32 bits */
} coder;

/* floor(scale * (t - origin)) + 1, kept within 0 .. n_edges. */
static inline int32_t guess_even(const coder *c, float t)
{
  double g = ((double)t - c->origin) * c->scale + 1, most = (double)c->n_edges;
  g = g < 0 ? 0 : g;
  return (int32_t)(g > most ? most : g);
}

static void code_even(const coder *c, size_t m, const float *t, uint32_t *code)
{
  const float *p = c->padded;
  for (size_t k = 0; k < m; k++) {
    int32_t g = guess_even(c, t[k]);
    code[k] = (uint32_t)(g - (t[k] < p[g]) + (t[k] >= p[g + 1]));
  }
}

/* Binary search without branches for the number of edges <= t. */
static void code_search(const coder *c, size_t m, const float *t, uint32_t *code)
{
  for (size_t k = 0; k < m; k++) {
    const float *base = c->padded + 1;
    size_t left = c->n_edges;
    while (left > 1) {
      size_t half = left / 2;
      base += base[half - 1] <= t[k] ? half : 0;
      left -= half;
    }
    code[k] = (uint32_t)(base - (c->padded + 1)) + (*base <= t[k]);
  }
}

static void code_small_width(const coder *c, size_t m, const float *t, uint32_t *code)
{
  double size = c->size;
  int32_t lowest = (int32_t)c->lowest;
  for (size_t k = 0; k < m; k++) {
    double q = (double)t[k] / size;
    int32_t whole = (int32_t)q;
    code[k] = (uint32_t)(whole - (q < (double)whole) - lowest);
  }
}

static void code_width(const coder *c, size_t m, const float *t, uint32_t *code)
{
  for (size_t k = 0; k < m; k++) code[k] = (uint32_t)(floor((double)t[k] / c->size) - c->lowest);
}

static void code_some(const coder *c, size_t m, const float *t, uint32_t *code)
{
  if (c->n_edges)
    (c->even ? code_even : code_search)(c, m, t, code);
  else
    (c->small ? code_small_width : code_width)(c, m, t, code);
}

/* Codes of one row side by side, `bits` each, as many to a word as fit whole. row (m, n_words). */
static void pack_rows(size_t m, size_t width, const uint32_t *code, unsigned bits, size_t n_words, uint64_t *row)
{
  size_t per_word = 64 / bits;
  for (size_t i = 0; i < m; i++)
    for (size_t w = 0; w < n_words; w++) {
      size_t from = w * per_word, to = from + per_word < width ? from + per_word : width;
      uint64_t word = 0;
      for (size_t j = from; j < to; j++) word = word << bits | code[i * width + j];
      row[i * n_words + w] = word;
    }
}

static ip_status symbols(const ip_samples *s, const coder *c, ip_scratch *sc, uint32_t *symbol, size_t *n_symbols)
{
  unsigned bits = 1;
  while (bits < 32 && (uint64_t)1 << bits < c->n_codes) bits++;
  size_t per_word = 64 / bits, n_words = (s->width + per_word - 1) / per_word;
  size_t step = s->width < CHUNK ? CHUNK / s->width : 1;
  uint64_t *row;  // (n, n_words)
  uint32_t *code; // (step, width)
  IP_REQUIRE(n_words <= SIZE_MAX / s->n, IP_ENOMEM, "%zu rows of %zu words of bin codes", s->n, n_words);
  IP_TRY(IP_SCRATCH(sc, row, s->n * n_words, "rows of bin codes"));
  IP_TRY(IP_SCRATCH(sc, code, step * s->width, "bin codes"));
  for (size_t i = 0; i < s->n; i += step) {
    size_t m = s->n - i < step ? s->n - i : step;
    code_some(c, m * s->width, s->t + i * s->width, code);
    pack_rows(m, s->width, code, bits, n_words, row + i * n_words);
  }
  if (n_words > 1) return ip_unique_rows(s->n, n_words, row, sc, symbol, n_symbols);
  uint64_t bound = s->width * bits < 64 ? (uint64_t)1 << (s->width * bits) : 0;
  return ip_unique_keys(s->n, row, bound, sc, symbol, n_symbols);
}

/* The smallest float that is >= edge: for every float t, t >= edge in float64 is t >= that in float32. */
static float reaching(double edge)
{
  float f = (float)edge;
  return (double)f < edge ? nextafterf(f, INFINITY) : f;
}

/* Whether guess_even is at most one off for every activation: it never falls as t grows, so the edges decide. */
static bool edges_are_even(coder *c, const double *edge)
{
  size_t n = c->n_edges;
  double span = edge[n - 1] - edge[0];
  if (n < 4 || n > 1 << 20 || !(span > 0)) return false;
  c->origin = edge[0];
  c->scale = (double)(n - 1) / span;
  if (!isfinite(c->scale)) return false;
  for (size_t k = 0; k < n; k++) {
    size_t g = (size_t)guess_even(c, c->padded[k + 1]);
    if (g != k && g != k + 1) return false;
  }
  return true;
}

ip_status ip_codes_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc, uint32_t *symbol,
                            size_t *n_symbols)
{
  size_t mark = ip_scratch_mark(sc);
  coder c = {.n_codes = n_edges + 1, .n_edges = n_edges};
  float *padded; // (n_edges + 2)
  IP_TRY(IP_SCRATCH(sc, padded, n_edges + 2, "bin edges"));
  padded[0] = -INFINITY;
  padded[n_edges + 1] = INFINITY;
  for (size_t k = 0; k < n_edges; k++) padded[k + 1] = reaching(edge[k]);
  c.padded = padded;
  c.even = edges_are_even(&c, edge);
  IP_TRY(symbols(s, &c, sc, symbol, n_symbols));
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* So wide a range of codes that they do not fit 32 bits: each code is the float64 floor(t / size) itself. */
static ip_status huge_codes(const ip_samples *s, double size, ip_scratch *sc, uint32_t *symbol, size_t *n_symbols)
{
  uint64_t *row; // (n, width)
  IP_TRY(IP_SCRATCH(sc, row, s->n * s->width, "bin codes"));
  for (size_t k = 0; k < s->n * s->width; k++) {
    double q = floor((double)s->t[k] / size) + 0.0; /* -0 becomes 0 */
    memcpy(&row[k], &q, sizeof q);
  }
  return ip_unique_rows(s->n, s->width, row, sc, symbol, n_symbols);
}

ip_status ip_codes_by_width(const ip_samples *s, double size, ip_scratch *sc, uint32_t *symbol, size_t *n_symbols)
{
  size_t mark = ip_scratch_mark(sc);
  double low, high;
  ip_codes_range(s->n * s->width, s->t, &low, &high);
  low = floor(low / size);
  high = floor(high / size);
  if (high - low < 4e9) {
    coder c = {.n_codes = (uint64_t)(high - low) + 1, .size = size, .lowest = low};
    c.small = low > -2e9 && high < 2e9;
    IP_TRY(symbols(s, &c, sc, symbol, n_symbols));
  } else
    IP_TRY(huge_codes(s, size, sc, symbol, n_symbols));
  ip_scratch_release(sc, mark);
  return IP_OK;
}
