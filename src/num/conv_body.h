/* conv_body.h - the loops of conv.h for one instruction set; see bodies.h. */
#include "num/conv.h"
#include "num/correlate_body.h"
#include "num/simd.h"
#include "num/tile_body.h"
#include "num/variant.h"

#include <assert.h>

/* One block of one tile of channels. */
typedef struct conv_tile {
  ip_patch patch;
  const float *a, *bias;
  size_t row_step, inner_step;
  const float *x;
  float *y;
  size_t y_step, length;
} conv_tile;

/* R channels and C vectors, from column `at` on; R and C are constants where this is inlined. */
IP_INLINE void conv_product(int R, int C, const conv_tile *t, size_t at)
{
  ip_vf sum[TILE_ROWS][FLAT_VECTORS];
  const float *x = t->x + at, *a = t->a, *bias = t->bias;
  const size_t *offset = t->patch.offset;
  const size_t inner = t->patch.inner, row_step = t->row_step, inner_step = t->inner_step, y_step = t->y_step;
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) sum[r][c] = vf_set(bias ? bias[r] : 0.0f);
  for (size_t k = 0; k < inner; k++) {
    const float *row = x + offset[k];
    ip_vf v[FLAT_VECTORS];
    for (int c = 0; c < C; c++) v[c] = vf_load(row + (size_t)c * IP_SIMD);
    for (int r = 0; r < R; r++) {
      ip_vf f = vf_set(a[(size_t)r * row_step]);
      for (int c = 0; c < C; c++) sum[r][c] = vf_fma(f, v[c], sum[r][c]);
    }
    a += inner_step;
  }
  float *y = t->y + at;
  for (int r = 0; r < R; r++, y += y_step)
    for (int c = 0; c < C; c++) vf_store(y + (size_t)c * IP_SIMD, sum[r][c]);
}

#define CONV_OF_ROWS(R, C)                                                                                             \
  case R:                                                                                                              \
    for (; at + (C)*IP_SIMD <= t->length; at += (C)*IP_SIMD) conv_product(R, C, t, at);                                \
    break;
#define FOR_FEW_ROWS(C, DO) DO(1, C) DO(2, C) DO(3, C) DO(4, C) DO(5, C) DO(6, C)
#define FOR_MORE_ROWS(C, DO) DO(7, C) DO(8, C) DO(9, C) DO(10, C) DO(11, C) DO(12, C) DO(13, C) DO(14, C)
#if IP_SIMD == 16
#define FOR_ROWS(C, DO) FOR_FEW_ROWS(C, DO) FOR_MORE_ROWS(C, DO)
#else
#define FOR_ROWS(C, DO) FOR_FEW_ROWS(C, DO)
#endif
#define DEFINE_CONV(name, C, ROWS)                                                                                     \
  static __attribute__((noinline)) size_t name(size_t rows, size_t at, const conv_tile *t)                             \
  {                                                                                                                    \
    switch (rows) {                                                                                                    \
      ROWS(C, CONV_OF_ROWS)                                                                                            \
    default:                                                                                                           \
      break;                                                                                                           \
    }                                                                                                                  \
    return at;                                                                                                         \
  }
DEFINE_CONV(conv_flat, FLAT_VECTORS, FOR_FEW_ROWS)
#if IP_SIMD != 4 /* there all tiles are flat */
DEFINE_CONV(conv_full, TILE_VECTORS, FOR_ROWS)
#endif
#if IP_SIMD == 16 /* elsewhere IP_COLUMNS fill the tiles */
DEFINE_CONV(conv_narrow, 1, FOR_ROWS)
#endif

static void conv_block(size_t rows, const conv_tile *t)
{
  size_t at = rows <= FLAT_ROWS ? conv_flat(rows, 0, t) : 0;
#if IP_SIMD != 4
  at = conv_full(rows, at, t);
#endif
#if IP_SIMD == 16
  at = conv_narrow(rows, at, t);
#endif
  assert(at == t->length);
}

static void conv_combine(size_t channels, ip_patch patch, ip_blocks blocks, const float *a, size_t row_step,
                         size_t inner_step, const float *bias, const float *x, float *y, size_t y_step)
{
  assert(blocks.length % IP_COLUMNS == 0);
  for (size_t i = 0; i < blocks.rows; i++)
    for (size_t r = 0, m; r < channels; r += m) {
      m = next_tile(channels - r, TILE_ROWS);
      conv_tile t = {.patch = patch,
                     .a = a + r * row_step,
                     .bias = bias ? bias + r : NULL,
                     .row_step = row_step,
                     .inner_step = inner_step,
                     .y_step = y_step,
                     .length = blocks.length};
      for (size_t j = 0; j < blocks.n; j++) {
        t.x = x + i * blocks.x_row + j * blocks.x_block;
        t.y = y + r * y_step + i * blocks.y_row + j * blocks.y_block;
        conv_block(m, &t);
      }
    }
}

#if IP_SIMD == 4
#define FOR_SUM_COLUMNS(R, DO) DO(R, 1) DO(R, 2)
#else
#define FOR_SUM_COLUMNS(R, DO) DO(R, 1) DO(R, 2) DO(R, 3) DO(R, 4)
#endif

/* The chains of R channels and K inner indices; R and K are constants where this is inlined. */
IP_INLINE void conv_chains(int R, int K, const ip_blocks *b, const float *x, const size_t *offset, const float *y,
                           size_t y_step, float *chain)
{
  for (size_t p = 0; p < IP_COLUMNS; p += IP_SIMD) {
    ip_vf sum[SUM_ROWS][SUM_COLUMNS];
    IP_UNROLL
    for (int r = 0; r < R; r++) {
      IP_UNROLL
      for (int k = 0; k < K; k++) sum[r][k] = vf_set(0.0f);
    }
    for (size_t i = 0; i < b->rows; i++)
      for (size_t j = 0; j < b->n; j++) {
        const float *from = x + i * b->x_row + j * b->x_block, *d = y + i * b->y_row + j * b->y_block;
        for (size_t c = p; c < b->length; c += IP_COLUMNS) {
          ip_vf v[SUM_COLUMNS];
          IP_UNROLL
          for (int k = 0; k < K; k++) v[k] = vf_load(from + offset[k] + c);
          IP_UNROLL
          for (int r = 0; r < R; r++) {
            ip_vf f = vf_load(d + (size_t)r * y_step + c);
            IP_UNROLL
            for (int k = 0; k < K; k++) sum[r][k] = vf_fma(f, v[k], sum[r][k]);
          }
        }
      }
    IP_UNROLL
    for (int r = 0; r < R; r++) {
      IP_UNROLL
      for (int k = 0; k < K; k++) vf_store(chain + (r * SUM_COLUMNS + k) * IP_COLUMNS + p, sum[r][k]);
    }
  }
}

#define DEFINE_CONV_CHAINS(R, K)                                                                                       \
  static __attribute__((noinline)) void conv_chains_##R##_##K(                                                         \
      const ip_blocks *b, const float *x, const size_t *offset, const float *y, size_t y_step, float *chain)           \
  {                                                                                                                    \
    conv_chains(R, K, b, x, offset, y, y_step, chain);                                                                 \
  }
#define ENTRY_OF_CHAINS(R, K) conv_chains_##R##_##K,
FOR_SUM_COLUMNS(1, DEFINE_CONV_CHAINS)
FOR_SUM_COLUMNS(2, DEFINE_CONV_CHAINS)
#if IP_SIMD == 16
FOR_SUM_COLUMNS(3, DEFINE_CONV_CHAINS)
FOR_SUM_COLUMNS(4, DEFINE_CONV_CHAINS)
FOR_SUM_COLUMNS(5, DEFINE_CONV_CHAINS)
#endif

/* Tiles by channels - 1, inner indices - 1. */
static void (*const conv_chain_tiles[SUM_ROWS][SUM_COLUMNS])(const ip_blocks *b, const float *x, const size_t *offset,
                                                             const float *y, size_t y_step, float *chain) = {
    {FOR_SUM_COLUMNS(1, ENTRY_OF_CHAINS)}, {FOR_SUM_COLUMNS(2, ENTRY_OF_CHAINS)},
#if IP_SIMD == 16
    {FOR_SUM_COLUMNS(3, ENTRY_OF_CHAINS)}, {FOR_SUM_COLUMNS(4, ENTRY_OF_CHAINS)}, {FOR_SUM_COLUMNS(5, ENTRY_OF_CHAINS)},
#endif
};

static void conv_correlate(size_t channels, ip_patch patch, size_t first, size_t end, ip_blocks blocks, bool add,
                           const float *x, const float *y, size_t y_step, float *g)
{
  assert(blocks.length % IP_COLUMNS == 0);
  _Alignas(64) float chain[(SUM_ROWS * SUM_COLUMNS + IP_SIMD) * IP_COLUMNS] = {0};
  for (size_t r = 0, m; r < channels; r += m) {
    m = next_tile(channels - r, SUM_ROWS);
    for (size_t k = first, n; k < end; k += n) {
      n = next_tile(end - k, SUM_COLUMNS);
      conv_chain_tiles[m - 1][n - 1](&blocks, x, patch.offset + k, y + r * y_step, y_step, chain);
      for (size_t q = 0; q < m; q++)
        sum_chains(n, chain + q * SUM_COLUMNS * IP_COLUMNS, add, g + (r + q) * patch.inner + k);
    }
  }
}

const ip_conv IP_VARIANT(ip_conv) = {
    .name = IP_VARIANT_NAME,
    .combine = conv_combine,
    .correlate = conv_correlate,
};
