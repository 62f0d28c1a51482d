/* affine.h - the products of a dense layer, over samples that stand in columns.
 *
 * An array of activations is feature-major, (width, columns): feature i of all samples, then feature i + 1. Widths of a
 * few units, where a call of sgemm costs more than its arithmetic, thus still fill whole vectors with samples. Such
 * products are computed by loops of our own, whose bits depend on neither the processor nor the number of columns;
 * those with ip_affine_is_wide weights go through sgemm.
 *
 * `columns` is a multiple of IP_COLUMNS; unused columns hold finite numbers (zeros in d, so that they don't enter
 * gradients). Arrays do not overlap.
 */
#ifndef IP_NUM_AFFINE_H
#define IP_NUM_AFFINE_H

#include <stdbool.h>
#include <stddef.h>

enum { IP_COLUMNS = 16 };

/* Whether a layer of so many weights is left to sgemm. */
static inline bool ip_affine_is_wide(size_t out, size_t in)
{
  return out * in > 4096;
}

/* z = W x + b. */
void ip_affine_forward(size_t out, size_t in, size_t columns, const float *w /* (out, in) */,
                       const float *b /* (out) */, const float *x /* (in, columns) */, float *z /* (out, columns) */);

/* dx = W' d: the gradient with respect to x from that with respect to z. */
void ip_affine_input_gradient(size_t out, size_t in, size_t columns, const float *w /* (out, in) */,
                              const float *d /* (out, columns) */, float *dx /* (in, columns) */);

/* gw += d x', gb += d 1: the gradient with respect to weights and biases. */
void ip_affine_weight_gradient(size_t out, size_t in, size_t columns, const float *d /* (out, columns) */,
                               const float *x /* (in, columns) */, float *gw /* (out, in) */, float *gb /* (out) */);

/* The same for a wide layer whose inputs stand in rows, as in data sets: x (columns, in). */
void ip_affine_forward_rows(size_t out, size_t in, size_t columns, const float *w, const float *b, const float *x,
                            float *z);
void ip_affine_weight_gradient_rows(size_t out, size_t in, size_t columns, const float *d, const float *x, float *gw,
                                    float *gb);

/* The loops of one variant (see num/vmath.h). */
typedef struct ip_affine {
  const char *name;
  /* y[r] = bias[r] + sum_k a[r * row_step + k * inner_step] x[k], in the order of k; bias NULL: 0. */
  void (*combine)(size_t rows, size_t inner, size_t columns, const float *a, size_t row_step, size_t inner_step,
                  const float *bias /* (rows) */, const float *x /* (inner, columns) */,
                  float *y /* (rows, columns) */);
  /* g[r, k] += sum_c d[r, c] x[k, c]: 16 partial sums, of every 16th column, then their pairwise sum. */
  void (*correlate)(size_t rows, size_t inner, size_t columns, const float *d, const float *x, float *g);
  /* g[r] += sum_c d[r, c], in the same order. */
  void (*total)(size_t rows, size_t columns, const float *d, float *g);
} ip_affine;

const ip_affine *ip_affine_variant(size_t k);

#endif
