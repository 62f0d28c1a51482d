/* discrete.h - I(X;T) and I(T;Y) when T has been made discrete: from the joint counts of its symbols. */
#ifndef IP_ESTIMATOR_DISCRETE_H
#define IP_ESTIMATOR_DISCRETE_H

#include "estimator/estimator.h"

/**
 * Plug-in information of symbols, in bits, from joint frequencies.
 *
 *     I(X;T) = H(T) - H(T|X),  H(T|X) = H(X,T) - H(X)
 *     I(T;Y) = H(T) + H(Y) - H(T,Y)
 *
 * Repeated inputs are counted as such: H(T|X) is 0 only where equal inputs have equal symbols. With soft labels
 * p(t,y) = 1/N sum_{i in t} p(y|x_i), so nothing is sampled. Entropies are summed over the distribution of counts, so
 * that they do not depend on the order of samples, and neither result is ever below 0.
 *
 * @param symbol  (s->n) below n_symbols, each of them used at least once
 * @param out     ixt_bits, ity_bits, ht_bits and n_symbols are set
 *
 * Bias: I is too large by about (symbols of the pair - symbols of each + 1) / (2 N ln 2) bits (Miller 1955; Paninski
 * 2003, eq. 4), and bounded by log2 N whatever the truth.
 */
ip_status ip_discrete_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                  ip_estimate *out);

#endif
