/* nsb.h - the entropy of Nemenman, Shafee & Bialek. */
#ifndef IP_ESTIMATOR_NSB_H
#define IP_ESTIMATOR_NSB_H

#include "estimator/counts.h"

/**
 * Posterior mean of the entropy in nats, under a prior that is nearly flat in the entropy.
 *
 *     H = int d(beta) dxi/dbeta rho(beta) H(beta) / int d(beta) dxi/dbeta rho(beta)
 *     rho(beta)  = Gamma(K beta)/Gamma(n + K beta) prod_k Gamma(n_k + beta)/Gamma(beta)
 *     xi(beta)   = psi(K beta + 1) - psi(beta + 1), the mean entropy under a Dirichlet prior of K pseudocounts beta
 *     H(beta)    = psi(n + K beta + 1) - sum_k (n_k + beta)/(n + K beta) psi(n_k + beta + 1)
 *
 * The integral is the trapezoidal rule in ln beta, refined until the result changes by less than 1e-12: it converges
 * exponentially for this integrand, which is analytic and falls off exponentially on both sides.
 *
 * @param distinct  (n_distinct) counts above 0 and how many symbols have each; n_distinct > 0
 * @param n         the sum of all counts
 * @param possible  K, the number of possible symbols: 2 or more, and at least as many as were seen
 *
 * Source: Nemenman, Shafee & Bialek, "Entropy and inference, revisited", NIPS 14, 2002, eqs. 6, 7 and 9; H(beta) is
 * Wolpert & Wolf, Phys. Rev. E 52, 1995.
 */
double ip_nsb_entropy_nats(size_t n_distinct, const ip_count_times *distinct, double n, double possible);

#endif
