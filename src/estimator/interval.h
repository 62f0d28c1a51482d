/* interval.h - the uncertainty of an estimate: bootstrap intervals, the label-shuffle null, and flags.
 *
 * Replicate r of seed s uses the random stream (s, purpose, r) only. Results therefore do not depend on threads, and
 * all layers and epochs of a run use the same resamples.
 *
 * If an estimator makes T discrete, the symbols of the given samples are computed once, and a replicate only counts
 * them again. Bin edges that depend on the samples (equal_mass, ebab, equal_width over an epoch) are therefore fixed:
 * intervals and nulls are those of T with the given edges. Other estimators run again on every replicate.
 */
#ifndef IP_ESTIMATOR_INTERVAL_H
#define IP_ESTIMATOR_INTERVAL_H

#include "base/public.h"
#include "estimator/estimator.h"

IP_PUBLIC_BEGIN

typedef struct ip_interval {
  double low, high;    /* bits; NaN if the interval is not defined */
  const char *refusal; /* why it is not defined, a constant string; NULL if it is */
} ip_interval;

/**
 * Bootstrap confidence intervals of I(X;T) and I(T;Y) over samples.
 *
 * Draws N samples with replacement `replicates` times and repeats the estimate on each. The intervals are for the
 * information, not for the estimator: if its bias exceeds its standard deviation, the estimate itself may lie outside.
 *
 * Discrete T with hard labels, whatever the correction of the estimate:
 *
 *     I_J -+ z sqrt( s^2 + (I_J - I_M)^2 )
 *
 * with z the normal quantile, s the standard deviation of the plug-in replicates, and I_J and I_M the estimates with
 * the corrections `jackknife` and `miller_madow`: their difference measures the bias that remains in I_J. The basic
 * interval around a corrected estimate would subtract the bias twice: it covered H(T) of 64 equally likely symbols in 9
 * to 25 of 200 draws of 1000 samples, and this interval in 199 and 200.
 *
 * Others: the basic interval [2 I - q(1-a/2), 2 I - q(a/2)] with a = 1 - level and q the quantiles of the replicates
 * (Davison & Hinkley, "Bootstrap Methods and their Application", 1997, eq. 5.6), which subtracts the bias once.
 *
 * Negative ends are replaced by 0. One sample and constant layers have [0, 0]. The interval is not defined, with the
 * reason in `refusal`, for
 *   - estimators that use distances between samples, because resampling creates duplicates;
 *   - I(X;T) of a discrete T if every input occurs once: I(X;T) is then H(T) of these inputs, not of a sample;
 *   - a discrete T with so few samples per pair of symbol and class (or input) that bias exceeds the standard
 * deviation: fewer than 5 on average, or more than 1 in 40 alone in their pair;
 *   - an estimate that does not exist.
 *
 * @param replicates  at least 2 (200 for exploration, 1000 for publication)
 * @param level       in (0, 1), for example 0.95
 * @return IP_EINVAL and IP_ENUMERIC as ip_estimator_run
 */
ip_status ip_estimator_bootstrap(const ip_estimator *e, const ip_samples *s, size_t replicates, double level,
                                 uint64_t seed, ip_scratch *sc, ip_interval *ixt, ip_interval *ity);

/* Estimates of I(T;Y) if the labels are independent of T. */
typedef struct ip_null {
  double mean_bits; /* the estimator's bias under independence: the mean of the raw values, or 0 if that is negative */
  double high_bits; /* 95 % quantile */
  double p_value;   /* (1 + shuffles with at least the observed I(T;Y)) / (1 + shuffles) */
} ip_null;

/* Estimates I(T;Y) again under `shuffles` (at least 1) random permutations of the labels over the samples. The values
 * are NaN if I(T;Y) does not exist. Errors as ip_estimator_run. Source of the p-value, which is never 0: Phipson &
 * Smyth 2010. */
ip_status ip_estimator_null(const ip_estimator *e, const ip_samples *s, size_t shuffles, uint64_t seed, ip_scratch *sc,
                            ip_null *out);

/* True if I(X;T) is within 1 % of log2 n, the maximum for n samples with distinct inputs. The estimate then only shows
 * that the bins (or kernels) separate all samples. False for n < 2, for NaN, and for estimators of continuous X
 * (`gaussian`, `ksg`, `mixture_ksg`, `sliced`, `edge`), which may exceed log2 n. */
bool ip_flag_saturated(const ip_estimator *e, double ixt_bits, size_t n);

/* Flags layers that violate the data processing inequality I(T_k) <= I(T_{k-1}): flag[k] is true if the low end of
 * layer k's interval exceeds the high end of layer k - 1's by more than rounding. The estimate replaces ends that are
 * NaN and arrays that are NULL. All arrays (n_layers), in bits; flag[0] is false. */
void ip_flag_dpi(size_t n_layers, const double *value_bits, const double *low_bits, const double *high_bits,
                 bool *flag);

IP_PUBLIC_END

#endif
