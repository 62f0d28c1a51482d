/* problem.h - a joint distribution p(x,y) made ready for the Information Bottleneck.
 *
 * Inputs with the same p(y|x) are one class: an optimal T does not tell them apart, and I(X;T) and I(T;Y) do not change
 * when they are merged, so the 4096 inputs of the sphere task become 64. The solvers see the classes only; class_of
 * leads back from the inputs. All probabilities are float64.
 */
#ifndef IP_BOTTLENECK_PROBLEM_H
#define IP_BOTTLENECK_PROBLEM_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct ip_ib_problem {
  size_t n_inputs;    /* rows of the table it was made of */
  size_t n_x, n_y;    /* classes of inputs, outcomes */
  uint32_t *class_of; // (n_inputs) the class of an input; classes are numbered by first appearance

  /* One row a class, with one column more than there are outcomes, so that one matrix product takes p(t) along. */
  double *p_xy;        // (n_x, n_y + 1) p(x,y), then p(x)
  double *p_y_given_x; // (n_x, n_y + 1) p(y|x), then 1
  double *p_y;         // (n_y)

  double hx_bits;         /* H(X) of the inputs as given */
  double h_classes_bits;  /* entropy of the classes, the I(X;T) at which I(T;Y) = I(X;Y) can be had */
  double hy_bits;         /* H(Y) */
  double hy_given_x_bits; /* H(Y|X) */
  double ixy_bits;        /* I(X;Y) */
} ip_ib_problem;

/* From p(x,y) (n_x, n_y). Rows whose p(y|x) are the same to 11 digits are merged. Fails with IP_EINVAL,
 * naming row and column from 1, unless the cells are a distribution (within IP_SUM_TOLERANCE) without a row of zeros;
 * with IP_ENOMEM. What is left of a sum off 1 is scaled away. */
ip_status ip_ib_problem_create(size_t n_x, size_t n_y, const double *p_xy, ip_ib_problem **out);
void ip_ib_problem_destroy(ip_ib_problem **p);

/* The same from n samples of equal weight, sample i being input x_id[i] < n_ids: with p(y|x) in the rows of
 * p_y_given_x (n, n_classes) or, where that is NULL, the labels y (n), 0 <= y < n_classes. Every id has a sample. */
ip_status ip_ib_problem_from_samples(size_t n, size_t n_classes, const float *p_y_given_x, const int32_t *y,
                                     size_t n_ids, const uint32_t *x_id, ip_ib_problem **out);

#endif
