/* summary.h - summaries over seeds: an effect with its confidence interval.
 *
 * Seeds are the sample: n counts seeds (runs), never epochs, layers or estimators. Missing values are left out and
 * counted. A mean or a ratio with a censored value does not exist; medians and rank correlations accept them.
 * `level` is the confidence level, from ip_claim_level. Bootstraps are reproducible by `seed`.
 */
#ifndef IP_CLAIMS_SUMMARY_H
#define IP_CLAIMS_SUMMARY_H

#include "claims/series.h"
#include "claims/value.h"
#include "num/inference.h"

/* In which scale thresholds are halved and doubled (decide.h), and the number of seeds is extrapolated. */
typedef enum {
  IP_SCALE_PLAIN,
  IP_SCALE_RATIO,      /* logarithm: distance from 1 */
  IP_SCALE_SHARE,      /* odds p/(1-p) */
  IP_SCALE_CORRELATION /* Fisher's z */
} ip_effect_scale;

typedef struct ip_effect {
  double value;           /* NaN if it does not exist */
  ip_bounds interval;     /* NaN if it does not exist */
  double level;           /* of the interval */
  double p;               /* two-sided, for "no correlation" or "no difference"; NaN where none is defined */
  double p_heterogeneity; /* pooled correlation only: p of Cochran's Q; else NaN */
  size_t n;               /* values that entered */
  size_t n_missing, n_censored;
  ip_effect_scale scale;
  const char *reason; /* why value or interval is NaN; else NULL */
} ip_effect;

/* Mean over seeds, with Student's interval. For n < 15 or |skewness| > 1 its ends are the outer ones of Student's and
 * of the studentized bootstrap. p: of the t test against 0. IP_ENOMEM. */
ip_status ip_summary_mean(size_t n, const ip_seed_value *v, double level, uint64_t seed, ip_scratch *sc,
                          ip_effect *out);

/* Median, with the interval of order statistics. Censored values count as larger than all others. IP_ENOMEM. */
ip_status ip_summary_median(size_t n, const ip_seed_value *v, double level, ip_scratch *sc, ip_effect *out);

/* Share of seeds whose value is not 0, with Wilson's interval. Conditions on censored events are 0 or 1: the caller
 * decides (a miss is 0). */
void ip_summary_share(size_t n, const ip_seed_value *v, double level, ip_effect *out);

/* Ratio of means, mean(a) / mean(b), seeds paired. The interval has the outer ends of Fieller's and of the paired
 * percentile bootstrap: the bootstrap alone is too narrow for a dozen seeds. Refused (NaN with the reason) if the
 * interval of mean(b) contains 0. IP_ENOMEM. */
ip_status ip_summary_ratio(size_t n, const ip_seed_value *a, const ip_seed_value *b, double level, uint64_t seed,
                           ip_scratch *sc, ip_effect *out);

/* Correlation of two values over seeds, with Fisher's interval (num/correlation.h). Needs four seeds. IP_ENOMEM. */
ip_status ip_summary_corr(ip_correlation_kind kind, size_t n, const ip_seed_value *x, const ip_seed_value *y,
                          double level, ip_scratch *sc, ip_effect *out);

/* Correlation within groups, pooled by the random-effects model (num/pooled.h). Groups below four seeds or without
 * variation are left out; n counts the seeds in the others. x, y (n), group (n) in 0 ... n_groups - 1. IP_ENOMEM. */
ip_status ip_summary_pooled_corr(ip_correlation_kind kind, size_t n_groups, size_t n, const ip_seed_value *x,
                                 const ip_seed_value *y, const size_t *group, double level, ip_scratch *sc,
                                 ip_effect *out);

/* Share of the variance that lies between groups: s^2 / (s^2 + w), w the pooled variance within groups, s^2 the
 * variance of the group means minus what w explains of it, (MSB - w) / n0 (ANOVA estimate, 0 if negative). v (n_groups,
 * n_seeds). The groups are fixed, the seeds are the same in all of them. The interval is Student's around
 * ln(s^2/w + 1/n0), with the jackknife's standard error over seeds: its wrong decisions stay below 5 %, those of the
 * bootstrap reach 11 % with 12 seeds. IP_ENOMEM.
 * Source: Shrout & Fleiss, "Intraclass correlations", Psychological Bulletin 86, 1979, ICC(1,1); Arvesen, "Jackknifing
 * U-statistics", Ann. Math. Statist. 40, 1969, section 5 (variance components). */
ip_status ip_summary_variance_share(size_t n_groups, size_t n_seeds, const ip_seed_value *v, double level,
                                    ip_scratch *sc, ip_effect *out);

/* Permutation test of a correlation: value is r, p = (1 + number of |r*| >= |r|) / (1 + n_shuffles) over random
 * permutations of y. There is no interval. y = 0, 1 tests a difference of means. IP_ENOMEM. */
ip_status ip_summary_permutation(ip_correlation_kind kind, size_t n, const ip_seed_value *x, const ip_seed_value *y,
                                 size_t n_shuffles, uint64_t seed, ip_scratch *sc, ip_effect *out);

#endif
