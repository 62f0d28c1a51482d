/* relation.h - relations between the conditions of one seed: one number per seed again.
 *
 * `f` is (n_seeds, n_values): the values of a reducer at the swept values `key` (n_values), increasing. A missing value
 * at any swept value makes the seed's result missing with that reason, unless stated otherwise.
 */
#ifndef IP_CLAIMS_RELATION_H
#define IP_CLAIMS_RELATION_H

#include "claims/value.h"

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>

/* a - b of the same seed. Missing if either is missing or censored. */
ip_seed_value ip_relate_diff(ip_seed_value a, ip_seed_value b);

/* a / b of the same seed, for shares of one trajectory (rise / level); missing if b is 0. For ratios between conditions
 * use ip_summary_ratio, which divides means. */
ip_seed_value ip_relate_quotient(ip_seed_value a, ip_seed_value b);

/* Kendall's tau-b of f against the key; censored values share the last rank. Missing if f does not vary.
 * IP_ENOMEM. */
ip_status ip_relate_trend(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_scratch *sc,
                          ip_seed_value *out);

/* Least-squares slope of log2 f on log2 key: the exponent of a power law. Missing for values <= 0, and censored ones.
 * IP_ENOMEM. */
ip_status ip_relate_slope(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_scratch *sc,
                          ip_seed_value *out);

/* For each seed, the index of the swept value where the mean of f over the seeds of the other half (even, odd) is
 * smallest: the choice is independent of the seed's own noise, so f there has no winner's curse. Effects of f there are
 * cross-fitted: use the wider level of ip_claim_level. Seeds with a missing or censored value at a swept value do not
 * count there. n_values if the other half has no value anywhere. */
void ip_relate_best(size_t n_seeds, size_t n_values, const ip_seed_value *f, size_t *index /* (n_seeds) */);

/* Number of swept values with q M < f < (1 - q) M, M the largest f of the seed; missing if M <= 0. */
void ip_relate_inside(size_t n_seeds, size_t n_values, double q, const ip_seed_value *f, ip_seed_value *out);

/* Decades of the key between f = 0.9 M and f = 0.1 M, M the largest f of the seed. f is replaced by its running
 * minimum in the direction in which it falls (from its larger end), and is linear in log10 key between values. Missing
 * if M <= 0, if key <= 0, or if f does not fall below 0.1 M within the sweep. */
void ip_relate_span(size_t n_seeds, size_t n_values, const double *key, const ip_seed_value *f, ip_seed_value *out);

#endif
