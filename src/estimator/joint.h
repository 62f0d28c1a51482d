/* joint.h - what the symbols of a discrete T have to do with X and Y together, and with the network's own prediction.
 */
#ifndef IP_ESTIMATOR_JOINT_H
#define IP_ESTIMATOR_JOINT_H

#include "estimator/counts.h"
#include "estimator/estimator.h"

/* Equal inputs have unlike labels somewhere: hard labels are then no function of X. Soft labels p(y|x) count as drawn
 * from X alone. */
ip_status ip_joint_labels_vary(const ip_samples *s, ip_scratch *sc, bool *vary);

/**
 * I(T;Y|X) = H(T|X) - H(T|X,Y) in bits, each entropy by the correction: what T has of Y beyond X. For true values of a
 * T made from X it is 0; for counts it is not where inputs repeat with unlike labels, and then
 *
 *     I(X;T|Y) = H(T|Y) - H(T|X,Y) = I(X;T) - I(T;Y) + I(T;Y|X).
 *
 * Hard labels; inputs s->x_id are not NULL. symbol (s->n) below n_symbols. IP_ENOMEM.
 */
ip_status ip_joint_ity_given_x(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                               ip_scratch *sc, double *bits);

/**
 * H(Yhat|T) and H(Yhat) in bits, plug-in: what the symbols lose of the class that the network predicts. 0 exactly where
 * no symbol has two predictions. Too small where symbols are rarely repeated, as every plug-in entropy.
 *
 * symbol (n) below n_symbols; prediction (n) not negative, below 2^31 - 1. IP_ENOMEM.
 */
ip_status ip_joint_bin_loss(size_t n, const uint32_t *symbol, size_t n_symbols, const int32_t *prediction,
                            ip_scratch *sc, double *lost_bits, double *prediction_bits);

#endif
