/* tile_body.h - the tiles that products of matrices are put together from, for one instruction set; see bodies.h.
 *
 * Every number of a product is one chain of fused multiply-adds in the order of the inner index. So neither the shape
 * of the tiles nor the length of the vectors, nor who computes which rows, changes a bit.
 */
#ifndef IP_NUM_TILE_BODY_H
#define IP_NUM_TILE_BODY_H

#include "num/affine.h"
#include "num/simd.h"
#include "num/tanh_body.h"

#include <assert.h>
#include <stdbool.h>

/* A tile of y keeps its sums in registers: rows x vectors. Few rows leave room for more vectors. */
#if IP_SIMD == 16
enum { TILE_ROWS = 14, TILE_VECTORS = 2, FLAT_ROWS = 6, FLAT_VECTORS = 4 };
#elif IP_SIMD == 8
enum { TILE_ROWS = 6, TILE_VECTORS = 2, FLAT_ROWS = 3, FLAT_VECTORS = 4 };
#else
enum { TILE_ROWS = 6, TILE_VECTORS = 4, FLAT_ROWS = 6, FLAT_VECTORS = 4 };
#endif

/* The most inner indices of a tile, and the distance from which on the rows of `a` are copied next to each other. */
enum { INNER = 392, FAR = 64 };

/* y[r] (+)= sum_k a[r * row_step + k * inner_step] x[k] of one matrix product. `go_on`: the sums begin with what y
 * holds, else with the bias, or 0 where that is NULL. */
typedef struct tile {
  size_t inner;
  const float *a;
  size_t row_step, inner_step;
  const float *bias;
  const float *x;
  size_t x_step; /* between the inner indices of x */
  float *y;
  size_t y_step; /* between the rows of y */
  bool go_on;
  const float *slope_of; /* NULL, or values of tanh, laid out as y, which is multiplied by their 1 - t^2 in the end */
} tile;

/* R rows and C vectors, from column `at` on; R and C are constants where this is inlined. */
IP_INLINE void tile_product(int R, int C, const tile *t, size_t at)
{
  ip_vf sum[TILE_ROWS][FLAT_VECTORS];
  const float *x = t->x + at, *a = t->a, *bias = t->bias;
  float *y = t->y + at;
  const size_t inner = t->inner, row_step = t->row_step, inner_step = t->inner_step, x_step = t->x_step,
               y_step = t->y_step;
  if (t->go_on) {
    for (int r = 0; r < R; r++)
      for (int c = 0; c < C; c++) sum[r][c] = vf_load(y + (size_t)r * y_step + (size_t)c * IP_SIMD);
  } else {
    for (int r = 0; r < R; r++)
      for (int c = 0; c < C; c++) sum[r][c] = vf_set(bias ? bias[r] : 0.0f);
  }
  for (size_t k = 0; k < inner; k++) {
    ip_vf v[FLAT_VECTORS];
    for (int c = 0; c < C; c++) v[c] = vf_load(x + (size_t)c * IP_SIMD);
    for (int r = 0; r < R; r++) {
      ip_vf f = vf_set(a[(size_t)r * row_step]);
      for (int c = 0; c < C; c++) sum[r][c] = vf_fma(f, v[c], sum[r][c]);
    }
    x += x_step;
    a += inner_step;
  }
  if (t->slope_of) {
    const float *slope_of = t->slope_of + at;
    for (int r = 0; r < R; r++)
      for (int c = 0; c < C; c++)
        sum[r][c] = vf_tanh_slope(vf_load(slope_of + (size_t)r * y_step + (size_t)c * IP_SIMD), sum[r][c]);
  }
  for (int r = 0; r < R; r++, y += y_step)
    for (int c = 0; c < C; c++) vf_store(y + (size_t)c * IP_SIMD, sum[r][c]);
}

/* Whole tiles from column c on; returns the first column that is left. */
#define TILE_OF_ROWS(R, C)                                                                                             \
  case R:                                                                                                              \
    for (; c + (C)*IP_SIMD <= columns; c += (C)*IP_SIMD) tile_product(R, C, t, c);                                     \
    break
#define TILES_OF_FEW_ROWS(C)                                                                                           \
  TILE_OF_ROWS(1, C);                                                                                                  \
  TILE_OF_ROWS(2, C);                                                                                                  \
  TILE_OF_ROWS(3, C);                                                                                                  \
  TILE_OF_ROWS(4, C);                                                                                                  \
  TILE_OF_ROWS(5, C);                                                                                                  \
  TILE_OF_ROWS(6, C)
#define TILES_OF_MORE_ROWS(C)                                                                                          \
  TILE_OF_ROWS(7, C);                                                                                                  \
  TILE_OF_ROWS(8, C);                                                                                                  \
  TILE_OF_ROWS(9, C);                                                                                                  \
  TILE_OF_ROWS(10, C);                                                                                                 \
  TILE_OF_ROWS(11, C);                                                                                                 \
  TILE_OF_ROWS(12, C);                                                                                                 \
  TILE_OF_ROWS(13, C);                                                                                                 \
  TILE_OF_ROWS(14, C)

static size_t tile_flat(size_t rows, size_t columns, size_t c, const tile *t)
{
  switch (rows) {
    TILES_OF_FEW_ROWS(FLAT_VECTORS);
  default:
    break;
  }
  return c;
}

#if IP_SIMD != 4 /* there all tiles are flat */
static size_t tile_full(size_t rows, size_t columns, size_t c, const tile *t)
{
  switch (rows) {
    TILES_OF_FEW_ROWS(TILE_VECTORS);
#if IP_SIMD == 16
    TILES_OF_MORE_ROWS(TILE_VECTORS);
#endif
  default:
    break;
  }
  return c;
}
#endif

#if IP_SIMD == 16 /* elsewhere IP_COLUMNS fill the tiles */
static size_t tile_narrow(size_t rows, size_t columns, size_t c, const tile *t)
{
  switch (rows) {
    TILES_OF_FEW_ROWS(1);
    TILES_OF_MORE_ROWS(1);
  default:
    break;
  }
  return c;
}
#endif

/* At most TILE_ROWS rows of y, `columns` wide. */
static void tile_strip(size_t rows, size_t columns, const tile *t)
{
  size_t c = rows <= FLAT_ROWS ? tile_flat(rows, columns, 0, t) : 0;
#if IP_SIMD != 4
  c = tile_full(rows, columns, c, t);
#endif
#if IP_SIMD == 16
  c = tile_narrow(rows, columns, c, t);
#endif
  assert(c == columns);
}

IP_INLINE size_t at_most(size_t n, size_t most)
{
  return n < most ? n : most;
}

/* packed (inner, TILE_ROWS) = m neighbours of each of `inner` rows. */
static void pack_rows(size_t m, size_t inner, const float *a, size_t inner_step, float *packed)
{
  for (size_t i = 0; i < inner; i++) memcpy(packed + i * TILE_ROWS, a + i * inner_step, m * sizeof *a);
}

/* All rows of y for some columns, `width` of which are next to each other in x, the next ones `step` later. Changes t:
 * a copy of it would wait for its parts to reach the cache. */
static void tile_rows(size_t rows, size_t columns, size_t width, size_t step, tile *t)
{
  float packed[INNER * TILE_ROWS];
  const tile all = {
      .a = t->a, .inner_step = t->inner_step, .bias = t->bias, .x = t->x, .y = t->y, .slope_of = t->slope_of};
  bool pack = t->row_step == 1 && t->inner_step >= FAR;
  for (size_t r = 0, m; r < rows; r += m) {
    m = next_tile(rows - r, TILE_ROWS);
    t->a = all.a + r * t->row_step;
    if (pack) {
      pack_rows(m, t->inner, t->a, all.inner_step, packed);
      t->a = packed;
      t->inner_step = TILE_ROWS;
    }
    if (all.bias) t->bias = all.bias + r;
    t->x = all.x;
    t->y = all.y + r * t->y_step;
    if (all.slope_of) t->slope_of = all.slope_of + r * t->y_step;
    for (size_t c = 0; c < columns; c += width) {
      tile_strip(m, at_most(columns - c, width), t);
      t->x += step;
      t->y += width;
      if (all.slope_of) t->slope_of += width;
    }
  }
}

/* The last columns of y, fewer than IP_COLUMNS; x has whole vectors of them. */
static void tile_rest(size_t rows, size_t columns, const tile *all)
{
  float y[TILE_ROWS * IP_COLUMNS] = {0};
  for (size_t r = 0; r < rows; r += TILE_ROWS) {
    size_t m = at_most(rows - r, TILE_ROWS);
    tile t = *all;
    t.a += r * t.row_step;
    t.y = y;
    t.y_step = IP_COLUMNS;
    float *to = all->y + r * all->y_step;
    for (size_t i = 0; i < m; i++) memcpy(y + i * IP_COLUMNS, to + i * all->y_step, columns * sizeof *y);
    tile_strip(m, IP_COLUMNS, &t);
    for (size_t i = 0; i < m; i++) memcpy(to + i * all->y_step, y + i * IP_COLUMNS, columns * sizeof *y);
  }
}

#endif
