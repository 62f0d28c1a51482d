/* affine_body.h - the loops of affine.h for one instruction set; IP_SIMD and IP_ISA are set by the file including it.
 */
#include "num/affine.h"
#include "num/simd.h"
#include "num/variant.h"

#include <assert.h>

/* Tiles that keep their sums in registers: rows x vectors of `combine`; rows x columns of sums of `correlate`, each of
 * which takes IP_COLUMNS / IP_SIMD vectors. */
enum {
  PARTS = IP_COLUMNS / IP_SIMD,
  TILE_ROWS = 4,
  TILE_VECTORS = IP_SIMD == 16 ? 4 : 2,
  SUM_ROWS = IP_SIMD == 16  ? 4
             : IP_SIMD == 8 ? 2
                            : 1,
  SUM_COLUMNS = IP_SIMD == 16 ? 4 : 2
};

/* One tile of R rows and C vectors; R and C are constants where this is inlined. */
IP_INLINE void combine_tile(int R, int C, size_t inner, size_t columns, const float *a, size_t row_step,
                            size_t inner_step, const float *bias, const float *x, float *y)
{
  ip_vf sum[TILE_ROWS][TILE_VECTORS];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) sum[r][c] = vf_set(bias ? bias[r] : 0.0f);
  for (size_t k = 0; k < inner; k++) {
    ip_vf v[TILE_VECTORS];
    for (int c = 0; c < C; c++) v[c] = vf_load(x + k * columns + (size_t)c * IP_SIMD);
    for (int r = 0; r < R; r++) {
      ip_vf f = vf_set(a[(size_t)r * row_step + k * inner_step]);
      for (int c = 0; c < C; c++) sum[r][c] += f * v[c];
    }
  }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) vf_store(y + (size_t)r * columns + (size_t)c * IP_SIMD, sum[r][c]);
}

IP_INLINE void combine_rows(int R, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                            const float *bias, const float *x, float *y)
{
  size_t c = 0;
  for (; c + TILE_VECTORS * IP_SIMD <= columns; c += TILE_VECTORS * IP_SIMD)
    combine_tile(R, TILE_VECTORS, inner, columns, a, row_step, inner_step, bias, x + c, y + c);
  for (; c < columns; c += IP_SIMD) combine_tile(R, 1, inner, columns, a, row_step, inner_step, bias, x + c, y + c);
}

static void combine(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                    const float *bias, const float *x, float *y)
{
  assert(columns % IP_COLUMNS == 0);
  size_t r = 0;
  for (; r + TILE_ROWS <= rows; r += TILE_ROWS)
    combine_rows(TILE_ROWS, inner, columns, a + r * row_step, row_step, inner_step, bias ? bias + r : NULL, x,
                 y + r * columns);
  const float *rest = a + r * row_step, *b = bias ? bias + r : NULL;
  switch (rows - r) {
  case 3:
    combine_rows(3, inner, columns, rest, row_step, inner_step, b, x, y + r * columns);
    break;
  case 2:
    combine_rows(2, inner, columns, rest, row_step, inner_step, b, x, y + r * columns);
    break;
  case 1:
    combine_rows(1, inner, columns, rest, row_step, inner_step, b, x, y + r * columns);
    break;
  default:
    break;
  }
}

typedef float four __attribute__((vector_size(16)));

/* The sum of 16 numbers: halves are added until one is left. */
IP_INLINE float sum_of_parts(const ip_vf *part)
{
  float lane[IP_COLUMNS];
  four v[4];
  memcpy(lane, part, sizeof lane);
  memcpy(v, lane, sizeof v);
  four s = (v[0] + v[2]) + (v[1] + v[3]);
  return (s[0] + s[2]) + (s[1] + s[3]);
}

IP_INLINE void correlate_tile(int R, int K, size_t inner, size_t columns, const float *d, const float *x, float *g)
{
  ip_vf sum[SUM_ROWS][SUM_COLUMNS][PARTS];
  for (int r = 0; r < R; r++)
    for (int k = 0; k < K; k++)
      for (int p = 0; p < PARTS; p++) sum[r][k][p] = vf_set(0.0f);
  for (size_t c = 0; c < columns; c += IP_COLUMNS)
    for (int p = 0; p < PARTS; p++) {
      size_t at = c + (size_t)p * IP_SIMD;
      ip_vf v[SUM_COLUMNS];
      for (int k = 0; k < K; k++) v[k] = vf_load(x + (size_t)k * columns + at);
      for (int r = 0; r < R; r++) {
        ip_vf f = vf_load(d + (size_t)r * columns + at);
        for (int k = 0; k < K; k++) sum[r][k][p] += f * v[k];
      }
    }
  for (int r = 0; r < R; r++)
    for (int k = 0; k < K; k++) g[(size_t)r * inner + (size_t)k] += sum_of_parts(sum[r][k]);
}

IP_INLINE void correlate_rows(int R, size_t inner, size_t columns, const float *d, const float *x, float *g)
{
  size_t k = 0;
  for (; k + SUM_COLUMNS <= inner; k += SUM_COLUMNS)
    correlate_tile(R, SUM_COLUMNS, inner, columns, d, x + k * columns, g + k);
  if (SUM_COLUMNS > 2 && inner - k >= 2) {
    correlate_tile(R, 2, inner, columns, d, x + k * columns, g + k);
    k += 2;
  }
  if (k < inner) correlate_tile(R, 1, inner, columns, d, x + k * columns, g + k);
}

static void correlate(size_t rows, size_t inner, size_t columns, const float *d, const float *x, float *g)
{
  assert(columns % IP_COLUMNS == 0);
  size_t r = 0;
  for (; r + SUM_ROWS <= rows; r += SUM_ROWS)
    correlate_rows(SUM_ROWS, inner, columns, d + r * columns, x, g + r * inner);
  for (; r < rows; r++) correlate_rows(1, inner, columns, d + r * columns, x, g + r * inner);
}

static void total(size_t rows, size_t columns, const float *d, float *g)
{
  for (size_t r = 0; r < rows; r++) {
    ip_vf sum[PARTS];
    for (int p = 0; p < PARTS; p++) sum[p] = vf_set(0.0f);
    for (size_t c = 0; c < columns; c += IP_COLUMNS)
      for (int p = 0; p < PARTS; p++) sum[p] += vf_load(d + r * columns + c + (size_t)p * IP_SIMD);
    g[r] += sum_of_parts(sum);
  }
}

const ip_affine IP_VARIANT(ip_affine) = {
    .name = IP_VARIANT_NAME,
    .combine = combine,
    .correlate = correlate,
    .total = total,
};
