#include "estimator/codes.h"

#include "estimator/codes64.h"
#include "num/digitize.h"
#include "num/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 4096, SLACK = 8 }; /* activations coded in one go; bytes that packing may read beyond them */

void ip_codes_range(const ip_samples *s, double *low, double *high)
{
  size_t m = s->n * s->width;
  if (!s->t64) {
    float least, most;
    ip_extremes(m, s->t, &least, &most);
    *low = (double)least;
    *high = (double)most;
    return;
  }
  *low = *high = s->t64[0];
  for (size_t k = 1; k < m; k++) {
    *low = fmin(*low, s->t64[k]);
    *high = fmax(*high, s->t64[k]);
  }
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

ip_status ip_codes_sort(const ip_samples *s, ip_scratch *sc, double *sorted)
{
  size_t m = s->n * s->width;
  if (s->t64) {
    memcpy(sorted, s->t64, m * sizeof *sorted);
    qsort(sorted, m, sizeof *sorted, ascending);
    return IP_OK;
  }
  size_t mark = ip_scratch_mark(sc);
  float *f; // (n * width)
  IP_TRY(IP_SCRATCH(sc, f, m, "sorted activations"));
  memcpy(f, s->t, m * sizeof *f);
  IP_TRY(ip_sort_f32(m, f, sc));
  for (size_t k = 0; k < m; k++) sorted[k] = (double)f[k];
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* A way from activations to codes below n_codes. */
typedef struct coder {
  uint64_t n_codes;
  size_t n_edges;      /* codes by edges: 0 for codes by width */
  const float *edge;   // (n_edges) the smallest floats that reach each edge
  bool even;           /* `steps` holds the edges */
  ip_even_edges steps; /* where they are few and evenly spaced */
  double size, lowest; /* codes by width: floor(t / size) - lowest */
  bool small;          /* floor(t / size) fits 32 bits */
} coder;

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
    ip_search_edges(c->n_edges, c->edge, m, t, code);
  else
    (c->small ? code_small_width : code_width)(c, m, t, code);
}

/* The same as bytes, where n_codes <= 256; word (m) is room for the codes as words. */
static void code_bytes(const coder *c, size_t m, const float *t, uint32_t *word, uint8_t *code)
{
  if (c->even) {
    ip_even_edges_count(&c->steps, m, t, code);
    return;
  }
  code_some(c, m, t, word);
  for (size_t k = 0; k < m; k++) code[k] = (uint8_t)word[k];
}

/* Eight bytes below 2^bits, side by side in 8 * bits bits. */
static inline uint64_t squeeze(uint64_t x, unsigned bits)
{
  unsigned gap = 8 - bits;
  x = (x & 0x00ff00ff00ff00ffu) | (x & 0xff00ff00ff00ff00u) >> gap;
  x = (x & 0x0000ffff0000ffffu) | (x & 0xffff0000ffff0000u) >> 2 * gap;
  return (x & 0x00000000ffffffffu) | (x & 0xffffffff00000000u) >> 4 * gap;
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the first byte in memory must be the lowest of a word"
#endif

/* key (m): a row of up to eight bytes as one word. Reads SLACK bytes beyond the last row. */
static void load_bytes(size_t m, size_t width, const uint8_t *code, uint64_t *key)
{
  uint64_t mask = width < 8 ? ((uint64_t)1 << 8 * width) - 1 : UINT64_MAX;
  for (size_t i = 0; i < m; i++) {
    uint64_t x;
    memcpy(&x, code + i * width, sizeof x);
    key[i] = x & mask;
  }
}

/* The same for longer rows of bytes below 2^bits, width * bits <= 64. */
static void pack_bytes(size_t m, size_t width, const uint8_t *code, unsigned bits, uint64_t *key)
{
  uint64_t last = width % 8 ? ((uint64_t)1 << 8 * (width % 8)) - 1 : UINT64_MAX;
  for (size_t i = 0; i < m; i++) {
    uint64_t word = 0;
    for (size_t j = 0; j < width; j += 8) {
      uint64_t x;
      memcpy(&x, code + i * width + j, sizeof x);
      word |= squeeze(width - j <= 8 ? x & last : x, bits) << (j * bits);
    }
    key[i] = word;
  }
}

static unsigned bits_of(uint64_t n_codes)
{
  unsigned bits = 1;
  while (bits < 32 && (uint64_t)1 << bits < n_codes) bits++;
  return bits;
}

/* The same for rows of 9 to 12 bytes below 2^5: bytes 8 to 11 go into the three free bits of bytes 0 to 7, their low
 * bits into bytes 0 to 3 and their high ones into bytes 4 to 7. */
static void fold_bytes(size_t m, size_t width, const uint8_t *code, uint64_t *key)
{
  uint64_t last = ((uint64_t)1 << 8 * (width - 8)) - 1;
  for (size_t i = 0; i < m; i++) {
    uint64_t low, high;
    memcpy(&low, code + i * width, sizeof low);
    memcpy(&high, code + i * width + 8, sizeof high);
    high &= last;
    key[i] = low | (high & 0x07070707u) << 5 | (high & 0x18181818u) << 34;
  }
}

/* row (n, n_words) from bytes; bits of a byte are in use. */
static void rows_of_bytes(size_t m, size_t width, const uint8_t *code, unsigned bits, size_t n_words, uint64_t *row)
{
  if (width <= 8)
    load_bytes(m, width, code, row);
  else if (width <= 12 && bits <= 5)
    fold_bytes(m, width, code, row);
  else if (n_words == 1)
    pack_bytes(m, width, code, bits, row);
  else
    for (size_t k = 0; k < m; k++) memcpy(row + k * n_words, code + k * width, width);
}

static ip_status rows_open(const ip_samples *s, size_t n_words, ip_scratch *sc, ip_key_rows *rows)
{
  IP_REQUIRE(n_words <= SIZE_MAX / s->n, IP_ENOMEM, "%zu rows of %zu words of bin codes", s->n, n_words);
  rows->n_words = n_words;
  return IP_SCRATCH(sc, rows->word, s->n * n_words, "rows of bin codes");
}

/* Codes that are bytes: rows become one word each where they fit, whole bytes in words otherwise. */
static ip_status byte_rows(const ip_samples *s, const coder *c, ip_scratch *sc, ip_key_rows *rows)
{
  unsigned bits = bits_of(c->n_codes);
  bool one_word = s->width <= 8 || s->width <= 64 / bits;
  size_t n_words = one_word ? 1 : (s->width + 7) / 8, step = s->width < CHUNK ? CHUNK / s->width : 1;
  uint32_t *word; // (step, width)
  uint8_t *code;  // (step, width)
  IP_TRY(rows_open(s, n_words, sc, rows));
  IP_TRY(IP_SCRATCH(sc, word, c->even ? 0 : step * s->width, "bin codes"));
  IP_TRY(IP_SCRATCH(sc, code, step * s->width + SLACK, "bin codes"));
  for (size_t i = 0; i < s->n; i += step) {
    size_t m = s->n - i < step ? s->n - i : step;
    code_bytes(c, m * s->width, s->t + i * s->width, word, code);
    rows_of_bytes(m, s->width, code, bits, n_words, rows->word + i * n_words);
  }
  return IP_OK;
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

static ip_status make_rows(const ip_samples *s, const coder *c, ip_scratch *sc, ip_key_rows *rows)
{
  if (c->n_codes <= 256) return byte_rows(s, c, sc, rows);
  unsigned bits = bits_of(c->n_codes);
  size_t per_word = 64 / bits, n_words = (s->width + per_word - 1) / per_word;
  size_t step = s->width < CHUNK ? CHUNK / s->width : 1;
  uint32_t *code; // (step, width)
  IP_TRY(rows_open(s, n_words, sc, rows));
  IP_TRY(IP_SCRATCH(sc, code, step * s->width, "bin codes"));
  for (size_t i = 0; i < s->n; i += step) {
    size_t m = s->n - i < step ? s->n - i : step;
    code_some(c, m * s->width, s->t + i * s->width, code);
    pack_rows(m, s->width, code, bits, n_words, rows->word + i * n_words);
  }
  return IP_OK;
}

/* The smallest float that is >= edge: for every float t, t >= edge in float64 is t >= that in float32. */
static float reaching(double edge)
{
  float f = (float)edge;
  return (double)f < edge ? nextafterf(f, INFINITY) : f;
}

static void look_for_even_steps(coder *c)
{
  c->even = c->n_edges <= IP_MAX_EVEN_EDGES && ip_even_edges_open(c->n_edges, c->edge, &c->steps);
}

ip_status ip_codes_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc, ip_key_rows *rows)
{
  if (s->t64) return ip_codes64_by_edges(s, n_edges, edge, sc, rows);
  coder c = {.n_codes = n_edges + 1, .n_edges = n_edges};
  float *reached; // (n_edges)
  IP_TRY(IP_SCRATCH(sc, reached, n_edges, "bin edges"));
  for (size_t k = 0; k < n_edges; k++) reached[k] = reaching(edge[k]);
  c.edge = reached;
  look_for_even_steps(&c);
  return make_rows(s, &c, sc, rows);
}

/* Bins of one width as edges: edge (n_codes - 1) are the smallest floats with floor(t / size) > lowest, lowest + 1, ...
 */
static void use_edges(coder *c, float *edge)
{
  for (size_t k = 0; k + 1 < c->n_codes; k++) {
    double number = c->lowest + 1 + (double)k;
    float f = (float)(number * c->size), below;
    while ((double)f / c->size < number) f = nextafterf(f, INFINITY);
    while ((below = nextafterf(f, -INFINITY), (double)below / c->size >= number)) f = below;
    edge[k] = f;
  }
  c->n_edges = (size_t)c->n_codes - 1;
  c->edge = edge;
  look_for_even_steps(c);
  if (!c->even) c->n_edges = 0;
}

/* So wide a range of codes that they do not fit 32 bits: each code is the float64 floor(t / size) itself. */
static ip_status huge_codes(const ip_samples *s, double size, ip_scratch *sc, ip_key_rows *rows)
{
  IP_TRY(rows_open(s, s->width, sc, rows));
  for (size_t k = 0; k < s->n * s->width; k++) {
    double q = floor((double)s->t[k] / size) + 0.0; /* -0 becomes 0 */
    memcpy(&rows->word[k], &q, sizeof q);
  }
  return IP_OK;
}

ip_status ip_codes_by_width(const ip_samples *s, double size, ip_scratch *sc, ip_key_rows *rows)
{
  if (s->t64) return ip_codes64_by_width(s, size, sc, rows);
  double low, high;
  ip_codes_range(s, &low, &high);
  low = floor(low / size);
  high = floor(high / size);
  if (high - low < 4e9) {
    coder c = {.n_codes = (uint64_t)(high - low) + 1, .size = size, .lowest = low};
    float edge[IP_MAX_EVEN_EDGES];
    c.small = low > -2e9 && high < 2e9;
    if (c.small && c.n_codes > 1 && c.n_codes <= IP_MAX_EVEN_EDGES + 1) use_edges(&c, edge);
    return make_rows(s, &c, sc, rows);
  }
  return huge_codes(s, size, sc, rows);
}
