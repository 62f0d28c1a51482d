/* affine.h - the products of a dense layer, over samples that stand in columns.
 *
 * An array of activations is feature-major, (width, columns): feature i of all samples, then feature i + 1. Widths of a
 * few units, where a call of sgemm costs more than its arithmetic, thus still fill whole vectors with samples.
 *
 * The products are loops of our own for layers of any width. Every number is one chain of fused multiply-adds in the
 * order of the inner index (the weight gradient of fewer than 64 inputs: 16 chains, of every 16th sample, and their
 * pairwise sum). So its bits depend neither on the processor nor on the number of threads nor, for a sample's columns,
 * on the position and number of the others; sgemm's depend on all three, so that equal inputs could get unequal
 * activations. x86-64 processors without the instruction (before 2013) put it together from float64 numbers, which is
 * some thirty times as slow.
 *
 * `columns` is a multiple of IP_COLUMNS; unused columns hold finite numbers (zeros in d, so that they don't enter
 * gradients). Arrays do not overlap.
 */
#ifndef IP_NUM_AFFINE_H
#define IP_NUM_AFFINE_H

#include <stdbool.h>
#include <stddef.h>

enum { IP_COLUMNS = 16 };

/* z = W x + b. */
void ip_affine_forward(size_t out, size_t in, size_t columns, const float *w /* (out, in) */,
                       const float *b /* (out) */, const float *x /* (in, columns) */, float *z /* (out, columns) */);

/* Rows first .. end-1 of dx = W' d: the gradient with respect to x from that with respect to z; if x = tanh(u) is
 * passed, with respect to u. */
void ip_affine_input_gradient(size_t out, size_t in, size_t columns, size_t first, size_t end,
                              const float *w /* (out, in) */, const float *d /* (out, columns) */,
                              const float *tanh_of_u /* (in, columns), or NULL */, float *dx /* (in, columns) */);

/* gw = d x', gb = d 1: the gradient with respect to weights and biases; `add`: added to what is there. */
void ip_affine_weight_gradient(size_t out, size_t in, size_t columns, bool add, const float *d /* (out, columns) */,
                               const float *x /* (in, columns) */, float *gw /* (out, in) */, float *gb /* (out) */);

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_affine {
  const char *name;
  /* y[r] = bias[r] + sum_k a[r * row_step + k * inner_step] x[k], in the order of k; bias NULL: 0. Then, unless
   * slope_of is NULL, times 1 - slope_of[r]^2. */
  void (*combine)(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                  const float *bias /* (rows) */, const float *x /* (inner, columns) */, float *y /* (rows, columns) */,
                  const float *slope_of /* (rows, columns) */);
  /* g[r, k] (+)= sum_c d[r, c] x[k, c], and gb[r] (+)= sum_c d[r, c] unless gb is NULL: 16 partial sums, of every 16th
   * column, then their pairwise sum; those of g for 64 or more inner indices one chain. */
  void (*correlate)(size_t rows, size_t inner, size_t columns, bool add, const float *d, const float *x,
                    float *g /* (rows, inner) */, float *gb /* (rows) */);
} ip_affine;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_affine *ip_affine_variant(size_t k);

#endif
