/* problem.h - a joint distribution p(x,y), prepared for the Information Bottleneck.
 *
 * Inputs with the same p(y|x) are merged into one class. An optimal T does not distinguish them, so merging changes
 * neither I(X;T) nor I(T;Y): the 4096 inputs of the sphere task become 64 classes. The solvers work on classes;
 * class_of maps an input to its class. All probabilities are float64, all information is in bits.
 */
#ifndef IP_BOTTLENECK_PROBLEM_H
#define IP_BOTTLENECK_PROBLEM_H

#include "base/public.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

IP_PUBLIC_BEGIN

typedef struct ip_ib_problem {
  size_t n_inputs;    /* rows of the table p(x,y) */
  size_t n_x, n_y;    /* classes of inputs, outcomes */
  uint32_t *class_of; // (n_inputs) the class of an input; classes are numbered by first appearance

  /* One row for each class. The extra column lets one matrix product compute p(y,t) and p(t). */
  double *p_xy;        // (n_x, n_y + 1) p(x,y), then p(x)
  double *p_y_given_x; // (n_x, n_y + 1) p(y|x), then 1
  double *p_y;         // (n_y)

  double hx_bits;         /* H(X) of the inputs, before merging */
  double h_classes_bits;  /* entropy of the classes: the smallest I(X;T) at which I(T;Y) = I(X;Y) */
  double hy_bits;         /* H(Y) */
  double hy_given_x_bits; /* H(Y|X) */
  double ixy_bits;        /* I(X;Y) */
} ip_ib_problem;

/* Creates a problem from p_xy (n_x, n_y) with n_x, n_y >= 1. Rows whose p(y|x) agree to 11 digits are merged, and the
 * cells are scaled to sum to 1 exactly. Fails with IP_EINVAL, naming row and column (from 1), if a cell is negative or
 * not finite, the sum differs from 1 by more than IP_SUM_TOLERANCE (info/discrete.h), or a row is zero; with
 * IP_ENOMEM. */
ip_status ip_ib_problem_create(size_t n_x, size_t n_y, const double *p_xy, ip_ib_problem **out);
void ip_ib_problem_destroy(ip_ib_problem **p);

/* Creates a problem from n samples of equal weight. Sample i is input x_id[i] (n), below n_ids; every id must occur.
 * Labels are the rows p(y|x) of p_y_given_x (n, n_classes) or, if that is NULL, y (n), 0 <= y < n_classes. An input
 * that occurs several times gets the mean of its labels. If n_classes is above n, only the classes of y that occur are
 * outcomes. Errors as ip_ib_problem_create. */
ip_status ip_ib_problem_from_samples(size_t n, size_t n_classes, const float *p_y_given_x, const int32_t *y,
                                     size_t n_ids, const uint32_t *x_id, ip_ib_problem **out);

IP_PUBLIC_END

#endif
