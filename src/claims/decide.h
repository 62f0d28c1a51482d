/* decide.h - decisions on an effect: holds, fails, or cannot be told.
 */
#ifndef IP_CLAIMS_DECIDE_H
#define IP_CLAIMS_DECIDE_H

#include "claims/summary.h"

/* Three-valued truth (Kleene): `and` is the smallest, `or` the largest. */
typedef enum { IP_FAILS = -1, IP_UNDECIDED = 0, IP_HOLDS = 1 } ip_decision;

ip_decision ip_and(ip_decision a, ip_decision b);
ip_decision ip_or(ip_decision a, ip_decision b);
ip_decision ip_not(ip_decision a);

/* Confidence level of each interval, such that all wrong decisions on one effect together have a probability of at most
 * 5 %: 1 - a / n_looks (Bonferroni) with a = 0.05, or 0.025 for cross-fitted statistics, whose seeds share peak epochs
 * and so are not independent (docs/claims.md has the measured rates). n_looks >= 1: at how many numbers of seeds the
 * claim may be decided. */
double ip_claim_level(bool is_cross_fitted, size_t n_looks);

/* The level that each of n_alternatives effects needs if one of them is enough ("some layer"): 1 - (1 - level) /
 * n_alternatives, the first step of Holm, which alone decides whether any is rejected. `any` holds if one effect holds
 * at this level, and fails if all fail at `level` itself. */
double ip_any_level(double level, size_t n_alternatives);

/* A test of an effect against thresholds:
 *     > t          holds: low > t                  fails: high < t
 *     < t          holds: high < t                 fails: low > t
 *     within m     holds: -m < low and high < m    fails: low > m or high < -m
 *     within a..b  holds: a < low and high < b     fails: low > b or high < a
 * IP_WITHIN m is IP_BETWEEN -m, m. */
typedef enum { IP_ABOVE, IP_BELOW, IP_WITHIN, IP_BETWEEN } ip_test_kind;

typedef struct ip_test {
  ip_test_kind kind;
  double a, b; /* t or m in a; b for IP_BETWEEN only */
} ip_test;

/* Undecided without an interval. */
ip_decision ip_test_decide(const ip_test *t, const ip_effect *e);

/* The test with its thresholds moved by `factor` (0.5, 2) in the scale of the effect: t is multiplied; for ratios above
 * one half ln t, for shares of runs t / (1 - t), for correlations atanh t is. A range a..b of other effects becomes
 * narrower or wider about its middle: -1.3..-0.7 becomes -1.15..-0.85 and -1.6..-0.4. */
ip_test ip_test_scaled(const ip_test *t, ip_effect_scale scale, double factor);

/* Whether the decision is the same at thresholds x 1/2 and x 2. A threshold of 0 (1 for a ratio) has no scale. */
typedef enum { IP_FIRM, IP_NOT_FIRM, IP_NO_SCALE } ip_firmness;
ip_firmness ip_test_firmness(const ip_test *t, const ip_effect *e, ip_decision *at_half, ip_decision *at_double);

/* How many values (e->n are there now) would decide, were the effect to remain as it is: the smallest n' > n at which
 * the end of the interval that lies towards the threshold does not reach it any more. The distance r of this end
 * shrinks as r(n') = r t(level, n' - 1) / sqrt n' * sqrt n / t(e->level, n - 1), so that an interval that is wider than
 * Student's, or longer on that side, needs more. `level` is that of the decision: e->level, or ip_any_level of it. For
 * ratios and correlations distances are in the scale of the effect; shares follow Wilson's interval. INFINITY if the
 * effect is so near the threshold that 10000 would not be enough; NaN without an interval. */
double ip_seeds_needed(const ip_test *t, const ip_effect *e, double level);

/* The verdict over estimators (n decisions, of those that can measure it). */
typedef enum { IP_VERDICT_HOLDS, IP_VERDICT_FAILS, IP_VERDICT_DEPENDS, IP_VERDICT_UNDECIDED } ip_verdict;

/* Undecided if fewer than half of them are decided, or n = 0. Else by the decided ones: holds or fails if all of them
 * do, depends on the estimator if one holds and one fails. */
ip_verdict ip_verdict_over(size_t n, const ip_decision *d);

/* "holds", "fails", "depends on the estimator", "cannot be told". */
const char *ip_verdict_text(ip_verdict v);

#endif
