/* logistic.h - multinomial logistic regression with an L2 penalty, to its optimum. */
#ifndef IP_MEASURE_LOGISTIC_H
#define IP_MEASURE_LOGISTIC_H

#include "base/mem.h"

#include <stddef.h>

/**
 * Fits q(c|x) = softmax(W x)_c.
 *
 * Minimizes  -1/n sum_i sum_c p_ic ln q(c|x_i) + lambda/2 sum_c sum_{j < d} W_cj^2  over W. The last column of x is 1:
 * its weights are the biases, which have no penalty. The optimum is one point, up to a constant in the biases, found
 * with a gradient of at most 1e-10 in every element.
 *
 * Newton's method with conjugate gradients. Time per Newton step: n d^2 + d^3 / 3 for the preconditioner, and 4 n d C
 * for each iteration of the conjugate gradients, a few to some dozens; memory d^2 and 3 n d numbers.
 *
 * @param x  (n, d + 1) the last column is 1
 * @param p  (n, n_classes) probabilities of the classes, each of which occurs
 * @param w  (n_classes, d + 1) the optimum
 * @return IP_ENUMERIC: no convergence, because lambda is too small for the data or the columns are badly scaled
 */
ip_status ip_logistic_fit(size_t n, size_t d, size_t n_classes, const double *x, const double *p, double lambda,
                          ip_scratch *sc, double *w);

/* ln q (n, n_classes) of the rows of x (n, d + 1). */
void ip_logistic_predict(size_t n, size_t d, size_t n_classes, const double *x, const double *w, double *log_q);

#endif
