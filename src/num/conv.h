/* conv.h - the products of a convolution, over samples that stand in columns (num/affine.h).
 *
 * An array of units is (channels, height, width, columns). A convolution is the dense product of its weights
 * (channels, inner) with the rows of a patch, at every output position; the rows of the patch are at fixed distances
 * from its first, the same for all positions of an image that has its zeros around it. Positions that are neighbours in
 * both images are nothing but more columns.
 *
 * Every number of `combine` is one chain of fused multiply-adds in the order of the inner index. Every number of
 * `correlate` is 16 chains, of every 16th column, over the positions in their order, and their pairwise sum. So no bit
 * depends on the processor, on the number of threads, or (combine) on the other samples.
 */
#ifndef IP_NUM_CONV_H
#define IP_NUM_CONV_H

#include <stdbool.h>
#include <stddef.h>

/* Blocks of `length` columns, a multiple of IP_COLUMNS: `rows` rows of `n` blocks, and where they begin in each of two
 * arrays, in floats. */
typedef struct ip_blocks {
  size_t rows, n, length;
  size_t x_row, x_block; /* from a row to the next, and from a block to the next */
  size_t y_row, y_block;
} ip_blocks;

/* A list of rows by their distance from the first, in floats, with the weights of each. */
typedef struct ip_patch {
  size_t inner;
  const size_t *offset; // (inner)
} ip_patch;

/* y[r, block] = bias[r] + sum_k a[r * row_step + k * inner_step] x[offset[k], block], r < channels; bias NULL: 0. The
 * channels of y are y_step apart. */
void ip_conv_combine(size_t channels, ip_patch patch, ip_blocks blocks, const float *a, size_t row_step,
                     size_t inner_step, const float *bias /* (channels) */, const float *x, float *y, size_t y_step);

/* g[r, k] (+)= sum over blocks and columns of y[r, block] x[offset[k], block], first <= k < end. */
void ip_conv_correlate(size_t channels, ip_patch patch, size_t first, size_t end, ip_blocks blocks, bool add,
                       const float *x, const float *y, size_t y_step, float *g /* (channels, inner) */);

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_conv {
  const char *name;
  void (*combine)(size_t channels, ip_patch patch, ip_blocks blocks, const float *a, size_t row_step, size_t inner_step,
                  const float *bias, const float *x, float *y, size_t y_step);
  void (*correlate)(size_t channels, ip_patch patch, size_t first, size_t end, ip_blocks blocks, bool add,
                    const float *x, const float *y, size_t y_step, float *g);
} ip_conv;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_conv *ip_conv_variant(size_t k);

#endif
