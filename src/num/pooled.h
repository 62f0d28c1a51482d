/* pooled.h - correlations of several groups, pooled by the random-effects model. */
#ifndef IP_NUM_POOLED_H
#define IP_NUM_POOLED_H

#include <stddef.h>

typedef struct ip_pooled {
  double r;               /* NaN without groups, like all below */
  double low, high;       /* confidence interval */
  double p;               /* two-sided, of "no correlation" */
  double p_heterogeneity; /* of "all groups have the same correlation" (Cochran's Q); NaN for one group */
} ip_pooled;

/* Fisher's z = atanh r of a correlation over n >= 2 cases. That of +-1 is infinite; it counts as half a swap of
 * neighbouring ranks (12 / (n^3 - n) in Spearman's rho) away from it, for Pearson's r as well. */
double ip_fisher_z(double r, size_t n);

/* Pools (k) values of Fisher's z with their variances (num/correlation.h). With w_g = 1 / (v_g + b), b the moment
 * estimate of the variance between groups, z = sum w_g z_g / sum w_g and r = tanh z. Differences between the groups'
 * means do not enter. The interval is Hartung & Knapp's, z -+ t(level, k - 1) sqrt(sum w_g (z_g - z)^2 / ((k - 1)
 * sum w_g)): the normal one is wrong in 10 of 100 cases if five groups differ. Its price is width for few groups. One
 * group has Fisher's interval.
 * Source: DerSimonian & Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7, 1986, equations 8, 9;
 * Hartung & Knapp, "On tests of the overall treatment effect in meta-analysis with normally distributed responses",
 * Statistics in Medicine 20, 2001; Cochran, "The combination of estimates from different experiments", Biometrics 10,
 * 1954 (heterogeneity). */
ip_pooled ip_pool_correlations(size_t k, const double *z, const double *variance, double level);

#endif
