/* kde.h - both kernel bounds on the information of a layer from one pass over its pairs of samples. */
#ifndef IP_ESTIMATOR_KDE_H
#define IP_ESTIMATOR_KDE_H

#include "estimator/estimator.h"

/**
 * Bounds on the information of T plus Gaussian noise of variance s^2 on each unit, a mixture of N Gaussians.
 *
 *     I(X;T) = -1/N sum_i log2( 1/N sum_j exp(-|t_i - t_j|^2 / (2 a s^2)) ),  a = 1: upper bound, a = 4: lower bound
 *     I(T;Y) = I(X;T) - sum_y p(y) I(X;T | Y = y),  the same bound for every term
 *
 * With soft labels the samples of class y have the weights p(y|x_i) / sum_j p(y|x_j). I(X;T) is between the two bounds,
 * exactly so for the empirical distribution of the samples; both are at most log2 N. I(T;Y) is a difference of bounds,
 * hence an estimate and no bound.
 *
 * Source: Kolchinsky & Tracey, "Estimating mixture entropy with pairwise distances", Entropy 19, 2017, eq. 10 with the
 * distances of eq. 16 (Kullback-Leibler, upper) and eq. 13 at alpha = 1/2 (Bhattacharyya, lower); used for layers by
 * Saxe et al. 2018.
 *
 * Sets ixt_bits and ity_bits to the values of the formula, without clipping; raw values are not set.
 *
 * @param noise_variance  s^2 > 0
 * @return IP_EINVAL, IP_ENUMERIC: samples that every estimator rejects; IP_ENOMEM
 * Time N^2 (width + 20) / 2, memory of the samples once more and blocks of fixed size (num/kernelsum.h).
 */
ip_status ip_kde_bounds(const ip_samples *s, double noise_variance, ip_scratch *sc, ip_estimate *upper,
                        ip_estimate *lower);

/* Whether a and b are kde_upper and kde_lower with the same parameters, so that ip_kde_run_both serves both; in this
 * order. */
bool ip_kde_is_pair(const ip_estimator *a, const ip_estimator *b);

/* The results of ip_estimator_run for both estimators of such a pair, at the cost of one. */
ip_status ip_kde_run_both(const ip_estimator *upper, const ip_samples *s, ip_scratch *sc, ip_estimate *out_upper,
                          ip_estimate *out_lower);

#endif
