/* rows.h - from samples in rows, as data sets have them, to samples in columns (num/affine.h), and back.
 */
#ifndef IP_NUM_ROWS_H
#define IP_NUM_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* to (width, columns): column i is the beginning of row index[i] of `from` (N, step), or of row i where `index` is
 * NULL, for i < n; the other columns are 0. step >= width. */
void ip_rows_gather(size_t width, size_t step, size_t n, const float *from, const uint32_t *index, size_t columns,
                    float *to);

/* to (n, width) = the first n columns of `from` (width, columns). */
void ip_rows_scatter(size_t width, size_t n, size_t columns, const float *from, float *to);

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_rows {
  const char *name;
  void (*gather)(size_t width, size_t step, size_t n, const float *from, const uint32_t *index, size_t columns,
                 float *to);
  void (*scatter)(size_t width, size_t n, size_t columns, const float *from, float *to);
} ip_rows;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_rows *ip_rows_variant(size_t k);

#endif
