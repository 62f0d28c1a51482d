/* affine_body.h - the loops of affine.h for one instruction set; see bodies.h. */
#include "num/affine.h"
#include "num/correlate_body.h"
#include "num/simd.h"
#include "num/tile_body.h"
#include "num/transpose_body.h"
#include "num/variant.h"

/* Panels of PANEL columns of x are copied next to each other, PANELS of them at a time, where more than FEW rows of y
 * use them and they are of MANY inner indices. */
enum { PANELS = 4, PANEL = 32, FEW = 14 };

/* Panel p of `panel` (PANELS, INNER, PANEL) = columns p * PANEL .. of x. */
static void pack_columns(size_t inner, size_t columns, const float *x, size_t x_step, float *panel)
{
  for (size_t c = 0; c < columns; c += PANEL, panel += INNER * PANEL) {
    size_t m = at_most(columns - c, PANEL);
    for (size_t k = 0; k < inner; k++) memcpy(panel + k * PANEL, x + k * x_step + c, m * sizeof *x);
  }
}

static void combine(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                    const float *bias, const float *x, float *y, const float *slope_of)
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
                .go_on = k > 0,
                .slope_of = slope_of && k + INNER >= inner ? slope_of + c : NULL};
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
      tile strips = t;
      tile_rows(rows, whole, PANEL, INNER * PANEL, &strips);
      if (whole == width) continue;
      t.x = panel + whole / PANEL * PANEL * INNER + whole % PANEL;
      t.y += whole;
      tile_rest(rows, width - whole, &t);
    }
}

/* The weight gradient; gb NULL: not that of the biases. */
static void correlate(size_t rows, size_t inner, size_t columns, bool add, const float *d, const float *x, float *g,
                      float *gb)
{
  assert(columns % IP_COLUMNS == 0);
  if (inner < MANY) {
    correlate_few(rows, inner, columns, add, d, x, g, gb);
  } else {
    accumulate(rows, inner, columns, add, d, x, g);
    if (gb) correlate_few(rows, 0, columns, add, d, x, g, gb);
  }
}

const ip_affine IP_VARIANT(ip_affine) = {
    .name = IP_VARIANT_NAME,
    .combine = combine,
    .correlate = correlate,
};
