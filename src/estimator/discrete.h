/* discrete.h - I(X;T) and I(T;Y) when T has been made discrete: from the joint counts of its symbols. */
#ifndef IP_ESTIMATOR_DISCRETE_H
#define IP_ESTIMATOR_DISCRETE_H

#include "estimator/counts.h"
#include "estimator/estimator.h"
#include "num/unique.h"

/**
 * Information of symbols, in bits, from joint counts.
 *
 *     I(X;T) = H(T) - sum_x N_x/N H(T|X=x)
 *     I(T;Y) = H(T) - sum_y N_y/N H(T|Y=y)
 *
 * each entropy by the correction asked for. Repeated inputs are counted as such: H(T|X) is 0 only where equal inputs
 * have equal symbols. With soft labels p(t,y) = 1/N sum_{i in t} p(y|x_i), so nothing is sampled: no correction there
 * (IP_EINVAL). A difference of corrected entropies may be below 0 or above H(X) or H(Y): clipping is the caller's.
 *
 * @param s       n, x_id, n_x, y, n_y and p_y_given_x are looked at; the activations are not
 * @param symbol  (s->n) below n_symbols; not all of them need occur
 * @param out     ixt_bits, ity_bits, ht_bits and n_symbols are set
 *
 * Bias without correction: I is too large by about (symbols of the pair - symbols of each + 1) / (2 N ln 2) bits
 * (Miller 1955; Paninski 2003, eq. 4), and bounded by log2 N whatever the truth.
 */
ip_status ip_discrete_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_correction how,
                                  ip_scratch *sc, ip_estimate *out);

/* The same where samples with equal rows (s->n) have the same symbol. */
ip_status ip_discrete_information_of_rows(const ip_samples *s, const ip_key_rows *rows, ip_correction how,
                                          ip_scratch *sc, ip_estimate *out);

/* H of (n) symbols below n_symbols. */
ip_status ip_discrete_entropy(size_t n, const uint32_t *symbol, size_t n_symbols, ip_correction how, ip_scratch *sc,
                              double *bits);

/* Plug-in H(Y) of hard or soft labels: of the mean of p(y|x) for soft ones. */
ip_status ip_discrete_label_entropy(const ip_samples *s, ip_scratch *sc, double *bits);

/* No number of (n) below n_numbers occurs twice; NULL: each is its own. */
ip_status ip_discrete_each_once(size_t n, const uint32_t *number, size_t n_numbers, ip_scratch *sc, bool *once);

/* I(T;Y) alone, for hard or soft labels. */
ip_status ip_discrete_label_information(const ip_samples *s, const uint32_t *symbol, size_t n_symbols,
                                        ip_correction how, ip_scratch *sc, double *ity_bits);

/* sum_g N_g/N H(T|G=g), each entropy by the correction: group (n) below n_groups, symbol (n) below n_symbols. */
ip_status ip_discrete_entropy_given(size_t n, const uint32_t *symbol, size_t n_symbols, const uint32_t *group,
                                    size_t n_groups, ip_correction how, ip_scratch *sc, double *bits);

/* Plug-in H(T|X), 0 where T is a function of X. */
ip_status ip_discrete_entropy_given_input(const ip_samples *s, const uint32_t *symbol, size_t n_symbols, ip_scratch *sc,
                                          double *bits);

#endif
