/* affine_body.h - the loops of affine.h for one instruction set; see bodies.h. */
#include "num/affine.h"
#include "num/simd.h"
#include "num/tile_body.h"
#include "num/transpose_body.h"
#include "num/variant.h"

/* Panels of PANEL columns of x are copied next to each other, PANELS of them at a time, where more than FEW rows of y
 * use them and they are of MANY inner indices. */
enum { PANELS = 4, PANEL = 32, FEW = 14, MANY = 64 };

/* Tiles of `correlate`, rows x columns of IP_SIMD sums each; and the numbers of x that it takes with all rows of d
 * before the next: half of a small first cache. */
enum { SUM_ROWS = IP_SIMD == 4 ? 2 : 4, SUM_COLUMNS = IP_SIMD / SUM_ROWS, NEAR = 4096 };

/* Panel p of `panel` (PANELS, INNER, PANEL) = columns p * PANEL .. of x. */
static void pack_columns(size_t inner, size_t columns, const float *x, size_t x_step, float *panel)
{
  for (size_t c = 0; c < columns; c += PANEL, panel += INNER * PANEL) {
    size_t m = at_most(columns - c, PANEL);
    for (size_t k = 0; k < inner; k++) memcpy(panel + k * PANEL, x + k * x_step + c, m * sizeof *x);
  }
}

static void combine(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                    const float *bias, const float *x, float *y)
{
  assert(columns % IP_COLUMNS == 0 && inner > 0);
  bool pack = rows > FEW && inner >= MANY;
  _Alignas(64) float panel[PANELS * INNER * PANEL];
  size_t group = pack ? PANELS * PANEL : columns;
  for (size_t c = 0; c < columns; c += group)
    for (size_t k = 0; k < inner; k += INNER) {
      size_t width = at_most(columns - c, group);
      tile t = {.inner = at_most(inner - k, INNER),
                .a = a + k * inner_step,
                .row_step = row_step,
                .inner_step = inner_step,
                .bias = bias,
                .x = x + k * columns + c,
                .x_step = columns,
                .y = y + c,
                .y_step = columns,
                .go_on = k > 0};
      if (pack) {
        pack_columns(t.inner, width, t.x, columns, panel);
        t.x = panel;
        t.x_step = PANEL;
        tile_rows(rows, width, PANEL, INNER * PANEL, &t);
      } else {
        tile_rows(rows, width, width, 0, &t);
      }
    }
}

/* The weight gradient of many inputs: vectors are inputs, so that x is needed transposed and nothing is summed over
 * lanes. */
static void accumulate(size_t rows, size_t inner, size_t columns, bool add, const float *d, const float *x, float *g)
{
  _Alignas(64) float panel[PANELS * INNER * PANEL];
  for (size_t k = 0; k < inner; k += PANELS * PANEL)
    for (size_t c = 0; c < columns; c += INNER) {
      size_t width = at_most(inner - k, PANELS * PANEL), whole = width / IP_COLUMNS * IP_COLUMNS;
      tile t = {.inner = at_most(columns - c, INNER),
                .a = d + c,
                .row_step = columns,
                .inner_step = 1,
                .x = panel,
                .x_step = PANEL,
                .y = g + k,
                .y_step = inner,
                .go_on = add || c > 0};
      for (size_t p = 0; p < width; p += PANEL)
        transpose(at_most(width - p, PANEL), t.inner, x + (k + p) * columns + c, columns, panel + p * INNER, PANEL);
      tile_rows(rows, whole, PANEL, INNER * PANEL, &t);
      if (whole == width) continue;
      t.x = panel + whole / PANEL * PANEL * INNER + whole % PANEL;
      t.y += whole;
      tile_rest(rows, width - whole, &t);
    }
}

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

IP_INLINE void correlate_tile(int R, int K, size_t inner, size_t columns, bool add, const float *d, const float *x,
                              float *g)
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
        for (int k = 0; k < K; k++) sum[r][k] = vf_fma(f, v[k], sum[r][k]);
      }
    }
    memcpy(part[p], sum, sizeof sum);
  }
  float total[IP_SIMD];
  vf_store(total, sums_of_parts(part));
  for (int r = 0; r < R; r++)
    for (int k = 0; k < K; k++) {
      float *to = &g[(size_t)r * inner + (size_t)k], sum = total[r * SUM_COLUMNS + k];
      *to = add ? *to + sum : sum;
    }
}

/* R rows of d with columns first .. end-1 of g; `inner` columns are in a row. */
IP_INLINE void correlate_rows(int R, size_t first, size_t end, size_t inner, size_t columns, bool add, const float *d,
                              const float *x, float *g)
{
  size_t k = first;
  for (; k + SUM_COLUMNS <= end; k += SUM_COLUMNS)
    correlate_tile(R, SUM_COLUMNS, inner, columns, add, d, x + k * columns, g + k);
  if (SUM_COLUMNS > 2 && end - k >= 2) {
    correlate_tile(R, 2, inner, columns, add, d, x + k * columns, g + k);
    k += 2;
  }
  if (k < end) correlate_tile(R, 1, inner, columns, add, d, x + k * columns, g + k);
}

static void correlate(size_t rows, size_t inner, size_t columns, bool add, const float *d, const float *x, float *g)
{
  assert(columns % IP_COLUMNS == 0);
  if (inner >= MANY) {
    accumulate(rows, inner, columns, add, d, x, g);
    return;
  }
  size_t some = NEAR / columns < SUM_COLUMNS ? SUM_COLUMNS : NEAR / columns / SUM_COLUMNS * SUM_COLUMNS;
  for (size_t k = 0; k < inner; k += some) {
    size_t end = inner - k < some ? inner : k + some, r = 0;
    for (; r + SUM_ROWS <= rows; r += SUM_ROWS)
      correlate_rows(SUM_ROWS, k, end, inner, columns, add, d + r * columns, x, g + r * inner);
    if (SUM_ROWS > 2 && rows - r >= 2) {
      correlate_rows(2, k, end, inner, columns, add, d + r * columns, x, g + r * inner);
      r += 2;
    }
    if (r < rows) correlate_rows(1, k, end, inner, columns, add, d + r * columns, x, g + r * inner);
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

static void total(size_t rows, size_t columns, bool add, const float *d, float *g)
{
  for (size_t r = 0; r < rows; r += IP_SIMD) {
    size_t n = rows - r < IP_SIMD ? rows - r : IP_SIMD, i = 0;
    ip_vf part[IP_COLUMN_VECTORS][IP_SIMD] = {0};
    for (; i + 4 <= n; i += 4) total_rows(4, columns, d + (r + i) * columns, i, part);
    for (; i < n; i++) total_rows(1, columns, d + (r + i) * columns, i, part);
    float sum[IP_SIMD];
    vf_store(sum, sums_of_parts(part));
    for (i = 0; i < n; i++) g[r + i] = add ? g[r + i] + sum[i] : sum[i];
  }
}

const ip_affine IP_VARIANT(ip_affine) = {
    .name = IP_VARIANT_NAME,
    .combine = combine,
    .correlate = correlate,
    .total = total,
};
