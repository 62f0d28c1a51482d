/* project.h - a layer in its first principal components, before any estimator: the parameter pca=k of all of them. */
#ifndef IP_ESTIMATOR_PROJECT_H
#define IP_ESTIMATOR_PROJECT_H

#include "estimator/estimator.h"

/**
 * The samples with T replaced by its first k principal components.
 *
 *     t_i -> V' (t_i - m),  m the mean, V (width, k) the eigenvectors of the largest eigenvalues of the covariance
 *     1/n sum_i (t_i - m)(t_i - m)'
 *
 * Units are not scaled. Components whose variance is at most 10^-10 of the largest are left out, so that copies of a
 * unit leave one column; k may be larger than the width. Each eigenvector has the sign that makes its component of
 * largest size positive. Equal rows stay equal. The columns of V are orthonormal: distances within the plane and the
 * variance of isotropic noise are those of the layer, so the units before the noise are projected along with T and the
 * noise keeps its variance. The range of the run and the number of bits describe units, and are left out.
 *
 * I(X;V'T) <= I(X;T) of the true values, not of estimates.
 *
 * @param k    at least 1
 * @param out  `s` with t, t64, mean and width in scratch memory
 * @return IP_EINVAL: a component is beyond float32; IP_ENUMERIC: no eigenvectors; IP_ENOMEM
 * Source: Jolliffe, "Principal component analysis", 2002, sec. 2.1. Time n width min(n, width).
 */
ip_status ip_samples_project(const ip_samples *s, size_t k, ip_scratch *sc, ip_samples *out);

#endif
