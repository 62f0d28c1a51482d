/* rows_body.h - the loops of rows.h for one instruction set; see bodies.h. */
#include "num/rows.h"
#include "num/simd.h"
#include "num/transpose_body.h"
#include "num/variant.h"

static void gather_rows(size_t width, size_t step, size_t n, const float *from, const uint32_t *index, size_t columns,
                        float *to)
{
  size_t i = 0;
  for (; i + IP_SIMD <= n; i += IP_SIMD) {
    const float *row[IP_SIMD];
    for (size_t r = 0; r < IP_SIMD; r++) row[r] = from + (index ? index[i + r] : i + r) * step;
    transpose_rows(width, row, to + i, columns);
  }
  for (; i < n; i++) {
    const float *row = from + (index ? index[i] : i) * step;
    for (size_t j = 0; j < width; j++) to[j * columns + i] = row[j];
  }
  for (size_t j = 0; j < width; j++)
    for (i = n; i < columns; i++) to[j * columns + i] = 0.0f;
}

static void scatter_rows(size_t width, size_t n, size_t columns, const float *from, float *to)
{
  transpose(width, n, from, columns, to, width);
}

const ip_rows IP_VARIANT(ip_rows) = {.name = IP_VARIANT_NAME, .gather = gather_rows, .scatter = scatter_rows};
