/* softmax.h - softmax over samples that stand in columns (num/affine.h), and its derivative.
 */
#ifndef IP_NUM_SOFTMAX_H
#define IP_NUM_SOFTMAX_H

#include <stddef.h>

/* The loops of one variant (see num/vmath.h); `columns` is a multiple of IP_COLUMNS. */
typedef struct ip_softmax {
  const char *name;
  /* z less the largest z of its column. */
  void (*shift)(size_t width, size_t columns, float *z /* (width, columns) */);
  /* z = exp(z) / sum, with the sum of exp(z) over the column. */
  void (*normalize)(size_t width, size_t columns, float *z /* (width, columns) */, float *sum /* (columns) */);
  /* d = scale (y - target), in the columns from n on 0. */
  void (*delta)(size_t width, size_t n, size_t columns, const float *y, const float *target, float scale, float *d);
} ip_softmax;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_softmax *ip_softmax_variant(size_t k);

#endif
