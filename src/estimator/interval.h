/* interval.h - how far to trust an estimate: bootstrap intervals, the label-shuffle null, and flags.
 *
 * Replicate r of seed s always draws the same: its stream is (s, purpose, r) and nothing else, so results do not depend
 * on threads, and the layers and epochs of one run are resampled alike.
 *
 * Where an estimator makes T discrete, the symbols are those of the samples at hand and are computed once; a replicate
 * only counts them anew. Bin edges that come from the samples (equal_mass, ebab, equal_width over an epoch) therefore
 * stay what they are: intervals and nulls are those of T with the given edges. Other estimators are run again on every
 * replicate.
 */
#ifndef IP_ESTIMATOR_INTERVAL_H
#define IP_ESTIMATOR_INTERVAL_H

#include "estimator/estimator.h"

typedef struct ip_interval {
  double low, high;    /* bits; NaN where there is no interval */
  const char *refusal; /* why there is none, a constant text; NULL where there is one */
} ip_interval;

/**
 * Bootstrap confidence intervals of I(X;T) and I(T;Y) over samples.
 *
 * N samples are drawn with replacement `replicates` times and the estimate is repeated on each. The interval is the
 * basic one, [2 I - q(1-a/2), 2 I - q(a/2)] with a = 1 - level and q the quantiles of the replicates, cut off at 0:
 * it takes the bias of the estimator away once, so that the estimate itself lies outside where its bias is larger than
 * its spread. (Percentiles, which take the bias on twice, held the truth in 0 to 8 of 100 intervals where these held it
 * in 86 to 96: plug-in I(T;Y) with 64 symbols, two classes and 1000 samples.)
 *
 * Refused, with the reason:
 *   - estimators that read distances between samples (resampling makes duplicates);
 *   - I(X;T) of a discrete T when every input occurs once: I(X;T) is then H(T) of just these inputs, not of a sample;
 *   - a discrete T with so few samples per pair of symbol and class (or input) that bias outweighs spread: fewer than 5
 *     on average, or more than 1 in 100 alone in their pair.
 * One sample and constant layers have [0, 0].
 *
 * @param replicates  at least 2 (200 for a look, 1000 for a figure); level in (0, 1)
 * @return IP_EINVAL and IP_ENUMERIC as ip_estimator_run
 * Source: Davison & Hinkley, "Bootstrap Methods and their Application", 1997, eq. 5.6.
 */
ip_status ip_estimator_bootstrap(const ip_estimator *e, const ip_samples *s, size_t replicates, double level,
                                 uint64_t seed, ip_scratch *sc, ip_interval *ixt, ip_interval *ity);

/* I(T;Y) when labels have nothing to do with T. */
typedef struct ip_null {
  double mean_bits; /* what the estimator finds where there is nothing to find: its bias under independence; the mean of
                       raw values, or 0 where that is below */
  double high_bits; /* 95 % quantile */
  double p_value;   /* (1 + shuffles with at least the observed I(T;Y)) / (1 + shuffles) */
} ip_null;

/* NaN where there is no I(T;Y). Estimates I(T;Y) again under `shuffles` (at least 1) random permutations of the labels
 * over the samples. Errors as ip_estimator_run. Source: Phipson & Smyth 2010, for the p-value that is never 0. */
ip_status ip_estimator_null(const ip_estimator *e, const ip_samples *s, size_t shuffles, uint64_t seed, ip_scratch *sc,
                            ip_null *out);

/* I(X;T) is within 1 % of log2 n, the most that n samples with inputs of their own can show: the estimate says nothing
 * about T then but that the bins (or kernels) tell all samples apart. False for n < 2, for NaN, and for estimators
 * whose X is not the number of the input (`gaussian`, `ksg`): those may exceed log2 n. */
bool ip_flag_saturated(const ip_estimator *e, double ixt_bits, size_t n);

/* Layers that seem to know more than the one before them, against the data processing inequality: flag[k] when the low
 * end of layer k lies above the high end of layer k - 1 by more than rounding. Ends that are NaN, or arrays that are
 * NULL, are replaced by the estimate. All arrays (n_layers), in bits; flag[0] is false. */
void ip_flag_dpi(size_t n_layers, const double *value_bits, const double *low_bits, const double *high_bits,
                 bool *flag);

#endif
