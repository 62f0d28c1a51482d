/* mixture.h - information of variables that are continuous, discrete, or mixtures of both, from nearest neighbours.
 *
 * With d_i the distance (maximum norm) of sample i to its k-th nearest other sample in (a,t),
 *
 *     I(A;T) = 1/N sum_i [ psi(k_i) + ln N - psi(n_a) - psi(n_t) ] / ln 2
 *
 * d_i > 0: k_i = k, and n_a and n_t count the samples nearer than d_i in a alone and in t alone, sample i included.
 * d_i = 0: k_i, n_a and n_t count the samples at distance 0 in (a,t), in a and in t, sample i included.
 * For a label A the other classes are infinitely far: n_a = N_a, d_i is the distance to neighbour min(k, N_a - 1) of
 * the class, and samples alone in their class are no terms of the mean, but neighbours of others.
 *
 * Values of the formula, which may be below 0. Samples without ties have Kraskov's value (Ross's for a label) with ln N
 * for psi(N), larger by about 1 / (2 N ln 2) bits; two discrete variables have the plug-in value with psi for ln.
 * Exactly 0 if a or t has no column that varies, or there is one class.
 *
 * Up to 15 columns and from 300 samples on, neighbours come from trees, in time of about N log N, else from all pairs,
 * in time N^2 columns. Both give the same bits. n >= 2 samples, 1 <= k < n.
 *
 * Source: Gao, Kannan, Oh & Viswanath, "Estimating mutual information for discrete-continuous mixtures", NeurIPS 2017,
 * algorithm 1, with their program's count of sample i in n_a and n_t.
 */
#ifndef IP_ESTIMATOR_MIXTURE_H
#define IP_ESTIMATOR_MIXTURE_H

#include "estimator/scaled.h"

#include <stdint.h>

ip_status ip_mixture_information(size_t n, size_t k, const ip_scaled_columns *a, const ip_scaled_columns *t,
                                 ip_scratch *sc, double *bits);

/* label (n) below n_classes. NaN if every sample is alone in its class. */
ip_status ip_mixture_label_information(size_t n, size_t k, size_t n_classes, const uint32_t *label,
                                       const ip_scaled_columns *t, ip_scratch *sc, double *bits);

#endif
