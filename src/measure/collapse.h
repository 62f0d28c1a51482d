/* collapse.h - scatter of a layer within and between classes (neural collapse). For geometry.c. */
#ifndef IP_MEASURE_COLLAPSE_H
#define IP_MEASURE_COLLAPSE_H

#include "estimator/estimator.h"
#include "measure/centred.h"

/**
 * NC1 in both forms in use.
 *
 *     nc1         tr S_W / tr S_B,  S_W = 1/N sum_i (t_i - m_y)(t_i - m_y)',  S_B = sum_c N_c/N (m_c - m)(m_c - m)'
 *     nc1_papyan  tr(S_W S_B^+) / C,  the same S_W, S_B = 1/C sum_c (m_c - g)(m_c - g)'
 *
 * m_c is the mean of class c, m that of all samples, g the mean of the C class means; C counts the classes that occur.
 * S_B^+ has the eigenvalues above 1e-10 of the largest. With soft labels, sample i belongs to class c with weight
 * p(c|x_i), so that S_W + S_B is the covariance as for hard labels.
 *
 * @param t       the centred activations
 * @param reason  (2) why there is no value of nc1, nc1_papyan; unchanged if there is
 * Source: nc1: Sakamoto & Sato, arXiv:2509.20829, 2025; nc1_papyan: Papyan, Han & Donoho, PNAS 117, 2020, fig. 6.
 */
ip_status ip_neural_collapse(const ip_samples *s, const ip_centred *t, ip_scratch *sc, double *nc1, double *nc1_papyan,
                             const char **reason);

#endif
