/* affine_body.h - the loops of affine.h for one instruction set; see bodies.h. */
#include "num/affine.h"
#include "num/simd.h"
#include "num/variant.h"

#include <assert.h>
#include <stdbool.h>

/* Tiles that keep their sums in registers: rows x vectors of `combine`; rows x columns of `correlate`, IP_SIMD sums. */
enum {
  COMBINE_ROWS = 4,
  COMBINE_VECTORS = IP_SIMD == 16 ? 4 : 2,
  SUM_ROWS = IP_SIMD == 4 ? 2 : 4,
  SUM_COLUMNS = IP_SIMD / SUM_ROWS
};

/* What `combine` works on at a time: INNER_BLOCK inner indices, whose rows of x stay in the cache, and ROW_GROUP rows
 * of a, which are copied next to each other where they stand in columns. */
enum { INNER_BLOCK = 256, ROW_GROUP = 16, FAR = 64 };

/* Numbers of x that `correlate` takes with all rows of d before the next: half of a small first cache. */
enum { NEAR = 4096 };

/* One tile of R rows and C vectors; R and C are constants where this is inlined. */
IP_INLINE void combine_tile(int R, int C, size_t inner, size_t columns, const float *a, size_t row_step,
                            size_t inner_step, bool go_on, const float *bias, const float *x, float *y)
{
  ip_vf sum[COMBINE_ROWS][COMBINE_VECTORS];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++)
      sum[r][c] = go_on ? vf_load(y + (size_t)r * columns + (size_t)c * IP_SIMD) : vf_set(bias ? bias[r] : 0.0f);
  for (size_t k = 0; k < inner; k++) {
    ip_vf v[COMBINE_VECTORS];
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
                            bool go_on, const float *bias, const float *x, float *y)
{
  size_t c = 0;
  for (; c + COMBINE_VECTORS * IP_SIMD <= columns; c += COMBINE_VECTORS * IP_SIMD)
    combine_tile(R, COMBINE_VECTORS, inner, columns, a, row_step, inner_step, go_on, bias, x + c, y + c);
#if IP_SIMD == 16 /* elsewhere tiles divide IP_COLUMNS */
  size_t rest = (columns - c) / IP_SIMD;
  if (rest == 3) combine_tile(R, 3, inner, columns, a, row_step, inner_step, go_on, bias, x + c, y + c);
  if (rest == 2) combine_tile(R, 2, inner, columns, a, row_step, inner_step, go_on, bias, x + c, y + c);
  if (rest == 1) combine_tile(R, 1, inner, columns, a, row_step, inner_step, go_on, bias, x + c, y + c);
#endif
}

/* At most ROW_GROUP rows and INNER_BLOCK inner indices; go_on: y holds the sum over the indices before. */
static void combine_group(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                          bool go_on, const float *bias, const float *x, float *y)
{
  size_t r = 0;
  for (; r + COMBINE_ROWS <= rows; r += COMBINE_ROWS)
    combine_rows(COMBINE_ROWS, inner, columns, a + r * row_step, row_step, inner_step, go_on, bias ? bias + r : NULL, x,
                 y + r * columns);
  const float *rest = a + r * row_step, *b = bias ? bias + r : NULL;
  switch (rows - r) {
  case 3:
    combine_rows(3, inner, columns, rest, row_step, inner_step, go_on, b, x, y + r * columns);
    break;
  case 2:
    combine_rows(2, inner, columns, rest, row_step, inner_step, go_on, b, x, y + r * columns);
    break;
  case 1:
    combine_rows(1, inner, columns, rest, row_step, inner_step, go_on, b, x, y + r * columns);
    break;
  default:
    break;
  }
}

/* packed (inner, ROW_GROUP) = m <= ROW_GROUP neighbours of each of `inner` rows. */
static void pack(size_t m, size_t inner, const float *a, size_t inner_step, float *packed)
{
  if (m == ROW_GROUP) {
    for (size_t i = 0; i < inner; i++) memcpy(packed + i * ROW_GROUP, a + i * inner_step, ROW_GROUP * sizeof *a);
  } else {
    for (size_t i = 0; i < inner; i++) memcpy(packed + i * ROW_GROUP, a + i * inner_step, m * sizeof *a);
  }
}

static void combine(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                    const float *bias, const float *x, float *y)
{
  assert(columns % IP_COLUMNS == 0 && inner > 0);
  float packed[INNER_BLOCK * ROW_GROUP];
  for (size_t k = 0; k < inner; k += INNER_BLOCK)
    for (size_t r = 0; r < rows; r += ROW_GROUP) {
      size_t n = inner - k < INNER_BLOCK ? inner - k : INNER_BLOCK, m = rows - r < ROW_GROUP ? rows - r : ROW_GROUP;
      const float *block = a + r * row_step + k * inner_step, *b = bias ? bias + r : NULL;
      if (row_step == 1 && inner_step >= FAR) {
        pack(m, n, block, inner_step, packed);
        combine_group(m, n, columns, packed, 1, ROW_GROUP, k > 0, b, x + k * columns, y + r * columns);
      } else {
        combine_group(m, n, columns, block, row_step, inner_step, k > 0, b, x + k * columns, y + r * columns);
      }
    }
}

/* a and b with the upper half of each 2h lanes added to the lower: h lanes of a, h lanes of b, and so on. */
#define FOLD(a, b, lower, upper) (__builtin_shufflevector(a, b, lower) + __builtin_shufflevector(a, b, upper))
#if IP_SIMD == 16
#define LOW8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define HIGH8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31
#define LOW4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define HIGH4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define LOW2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LOW1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define HIGH1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#elif IP_SIMD == 8
#define LOW4 0, 1, 2, 3, 8, 9, 10, 11
#define HIGH4 4, 5, 6, 7, 12, 13, 14, 15
#define LOW2 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH2 2, 3, 10, 11, 6, 7, 14, 15
#define LOW1 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH1 1, 9, 3, 11, 5, 13, 7, 15
#else
#define LOW2 0, 1, 4, 5
#define HIGH2 2, 3, 6, 7
#define LOW1 0, 4, 2, 6
#define HIGH1 1, 5, 3, 7
#endif

/* Lane i is the sum of the lanes of v[i]: their halves are added until one is left. */
IP_INLINE ip_vf sums_of_lanes(ip_vf *v)
{
#if IP_SIMD == 16
  for (int i = 0; i < 8; i++) v[i] = FOLD(v[i], v[i + 8], LOW8, HIGH8);
#endif
#if IP_SIMD >= 8
  for (int i = 0; i < 4; i++) v[i] = FOLD(v[i], v[i + 4], LOW4, HIGH4);
#endif
  for (int i = 0; i < 2; i++) v[i] = FOLD(v[i], v[i + 2], LOW2, HIGH2);
  return FOLD(v[0], v[1], LOW1, HIGH1);
}

/* The same for numbers that take IP_COLUMN_VECTORS vectors each. */
IP_INLINE ip_vf sums_of_parts(ip_vf v[IP_COLUMN_VECTORS][IP_SIMD])
{
  for (int h = IP_COLUMN_VECTORS / 2; h > 0; h /= 2)
    for (int p = 0; p < h; p++)
      for (int i = 0; i < IP_SIMD; i++) v[p][i] += v[p + h][i];
  return sums_of_lanes(v[0]);
}

IP_INLINE void correlate_tile(int R, int K, size_t inner, size_t columns, const float *d, const float *x, float *g)
{
  ip_vf part[IP_COLUMN_VECTORS][IP_SIMD];
  for (size_t p = 0; p < IP_COLUMN_VECTORS; p++) {
    ip_vf sum[SUM_ROWS][SUM_COLUMNS];
    for (int r = 0; r < SUM_ROWS; r++)
      for (int k = 0; k < SUM_COLUMNS; k++) sum[r][k] = vf_set(0.0f);
    for (size_t c = p * IP_SIMD; c < columns; c += IP_COLUMNS) {
      ip_vf v[SUM_COLUMNS];
      for (int k = 0; k < K; k++) v[k] = vf_load(x + (size_t)k * columns + c);
      for (int r = 0; r < R; r++) {
        ip_vf f = vf_load(d + (size_t)r * columns + c);
        for (int k = 0; k < K; k++) sum[r][k] += f * v[k];
      }
    }
    memcpy(part[p], sum, sizeof sum);
  }
  float total[IP_SIMD];
  vf_store(total, sums_of_parts(part));
  for (int r = 0; r < R; r++)
    for (int k = 0; k < K; k++) g[(size_t)r * inner + (size_t)k] += total[r * SUM_COLUMNS + k];
}

/* R rows of d with columns first .. end-1 of g; `inner` columns are in a row. */
IP_INLINE void correlate_rows(int R, size_t first, size_t end, size_t inner, size_t columns, const float *d,
                              const float *x, float *g)
{
  size_t k = first;
  for (; k + SUM_COLUMNS <= end; k += SUM_COLUMNS)
    correlate_tile(R, SUM_COLUMNS, inner, columns, d, x + k * columns, g + k);
  if (SUM_COLUMNS > 2 && end - k >= 2) {
    correlate_tile(R, 2, inner, columns, d, x + k * columns, g + k);
    k += 2;
  }
  if (k < end) correlate_tile(R, 1, inner, columns, d, x + k * columns, g + k);
}

static void correlate(size_t rows, size_t inner, size_t columns, const float *d, const float *x, float *g)
{
  assert(columns % IP_COLUMNS == 0);
  size_t some = NEAR / columns < SUM_COLUMNS ? SUM_COLUMNS : NEAR / columns / SUM_COLUMNS * SUM_COLUMNS;
  for (size_t k = 0; k < inner; k += some) {
    size_t end = inner - k < some ? inner : k + some, r = 0;
    for (; r + SUM_ROWS <= rows; r += SUM_ROWS)
      correlate_rows(SUM_ROWS, k, end, inner, columns, d + r * columns, x, g + r * inner);
    if (SUM_ROWS > 2 && rows - r >= 2) {
      correlate_rows(2, k, end, inner, columns, d + r * columns, x, g + r * inner);
      r += 2;
    }
    if (r < rows) correlate_rows(1, k, end, inner, columns, d + r * columns, x, g + r * inner);
  }
}

/* Sums of R rows, at part[..][at ..]. */
IP_INLINE void total_rows(size_t R, size_t columns, const float *d, size_t at, ip_vf part[IP_COLUMN_VECTORS][IP_SIMD])
{
  for (size_t p = 0; p < IP_COLUMN_VECTORS; p++) {
    ip_vf sum[4] = {0};
    for (size_t c = p * IP_SIMD; c < columns; c += IP_COLUMNS)
      for (size_t r = 0; r < R; r++) sum[r] += vf_load(d + r * columns + c);
    for (size_t r = 0; r < R; r++) part[p][at + r] = sum[r];
  }
}

static void total(size_t rows, size_t columns, const float *d, float *g)
{
  for (size_t r = 0; r < rows; r += IP_SIMD) {
    size_t n = rows - r < IP_SIMD ? rows - r : IP_SIMD, i = 0;
    ip_vf part[IP_COLUMN_VECTORS][IP_SIMD] = {0};
    for (; i + 4 <= n; i += 4) total_rows(4, columns, d + (r + i) * columns, i, part);
    for (; i < n; i++) total_rows(1, columns, d + (r + i) * columns, i, part);
    float sum[IP_SIMD];
    vf_store(sum, sums_of_parts(part));
    for (i = 0; i < n; i++) g[r + i] += sum[i];
  }
}

const ip_affine IP_VARIANT(ip_affine) = {
    .name = IP_VARIANT_NAME,
    .combine = combine,
    .correlate = correlate,
    .total = total,
};
