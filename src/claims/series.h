/* series.h - reducers: a series over the logged epochs of each seed becomes one number per seed.
 *
 * s(x) is the running mean over 3 logged epochs; beyond its ends a series continues with its end value. The final
 * window W consists of the logged epochs >= 0.8 of the last one. A missing value (NaN) stays missing in s(x); its
 * neighbours are averages of the values that exist.
 *
 * The cross-fitted peak. Seeds are split by their index into even and odd ones. The peak epoch e* of a seed is the
 * epoch before W where the mean of s(x) over the seeds of the other half is largest (the first of equal ones). Because
 * e* is independent of the seed's own noise, s(x) at e* minus last(x) has expectation 0 if the mean trajectory is
 * constant, however the noise is correlated in time. The maximum of the seed's own series minus last(x) is positive on
 * any noise. Only seeds with a value in W count, and only epochs where all of them in the half have a value. The level
 * is conservative: if seeds peak at different epochs, it is below the mean of their own peaks.
 */
#ifndef IP_CLAIMS_SERIES_H
#define IP_CLAIMS_SERIES_H

#include "base/mem.h"
#include "base/status.h"
#include "claims/value.h"

#include <stddef.h>
#include <stdint.h>

/* One quantity over the epochs of several seeds. Does not own its arrays. */
typedef struct ip_seed_series {
  size_t n_seeds, n_epochs;
  const int64_t *epoch; // (n_epochs) increasing, >= 0
  const double *x;      // (n_seeds, n_epochs) NaN: missing
} ip_seed_series;

/* symbol, name in rules, whether the seeds share a cross-fitted epoch (their interval must be wider: see
 * ip_claim_level), meaning. */
#define IP_REDUCER_LIST(X)                                                                                             \
  X(IP_REDUCE_FIRST, first, false, "x at epoch 0")                                                                     \
  X(IP_REDUCE_LAST, last, false, "mean of x over W")                                                                   \
  X(IP_REDUCE_LEVEL, level, true, "s(x) at the cross-fitted peak e*")                                                  \
  X(IP_REDUCE_PEAK_EPOCH, peak_epoch, true, "e*")                                                                      \
  X(IP_REDUCE_DROP, drop, true, "level - last")                                                                        \
  X(IP_REDUCE_SHARE, share, true, "drop / level")                                                                      \
  X(IP_REDUCE_RISE, rise, true, "level - first")                                                                       \
  X(IP_REDUCE_DROP_HALF, drop_half, false,                                                                             \
    "mean of both neighbours of the highest value among every second epoch before W, minus last")                      \
  X(IP_REDUCE_SHARE_HALF, share_half, false, "drop_half / the run's own highest s(x) before W")                        \
  X(IP_REDUCE_DROP_RUN, drop_run, false, "the run's own highest s(x) before W, minus last")                            \
  X(IP_REDUCE_SHARE_RUN, share_run, false, "drop_run / the run's own highest s(x) before W")                           \
  X(IP_REDUCE_RESIDUAL_SD, residual_sd, false,                                                                         \
    "standard deviation of x about its running mean over 5 epochs, times sqrt(5/4): that of white noise")              \
  X(IP_REDUCE_FALL_P, fall_p, true,                                                                                    \
    "p of the decrease after e* in this run: fraction of the ways to give signs to its 12 changes that decrease as "   \
    "much")                                                                                                            \
  X(IP_REDUCE_LOWEST, lowest, false, "smallest x")                                                                     \
  X(IP_REDUCE_HIGHEST, highest, false, "largest x")                                                                    \
  X(IP_REDUCE_ONSET, onset, false,                                                                                     \
    "first epoch after the run's own peak of s(x) before W where 0.1 of (peak - last) is lost; censored if that "      \
    "difference is < 0.1 of the peak")                                                                                 \
  X(IP_REDUCE_ARGMIN_EPOCH, argmin_epoch, false, "epoch of the smallest s(x)")                                         \
  X(IP_REDUCE_SLOPE_EPOCHS, slope_epochs, false, "least-squares slope of x on ln(1 + epoch)")

typedef enum ip_reducer {
#define X(symbol, name, is_cross_fitted, meaning) symbol,
  IP_REDUCER_LIST(X) IP_N_REDUCERS
#undef X
} ip_reducer;

const char *ip_reducer_name(ip_reducer r);
const char *ip_reducer_meaning(ip_reducer r);
bool ip_reducer_is_cross_fitted(ip_reducer r);

/* The reducer of that name; IP_N_REDUCERS if none has it. */
ip_reducer ip_reducer_of(const char *name);

/* One value per seed. drop_half has no bias from white noise, but counts a slow wander as a fall; drop_run is biased
 * upwards by any noise; residual_sd measures white noise and misses a wander slower than 5 epochs; fall_p is below 0.05
 * in at most 5 % of runs that wander without a trend (fall.h); lowest and highest suit only statements on every epoch.
 * A share needs a level > 0, first needs epoch 0. IP_ENOMEM. */
ip_status ip_reduce(ip_reducer r, const ip_seed_series *x, ip_scratch *sc, ip_seed_value *out /* (n_seeds) */);

/* The value of y, a series with the seeds and epochs of x, at the cross-fitted peak e* of x. Cross-fitted. IP_ENOMEM.
 */
ip_status ip_reduce_at_peak(const ip_seed_series *x, const double *y, ip_scratch *sc, ip_seed_value *out);

/* Whether correlations over epochs are of values or of ranks. */
typedef enum { IP_PEARSON, IP_SPEARMAN } ip_correlation_kind;

/* Correlation of x and y over the logged epochs of each seed that have both; of their first differences if
 * `differences` (two monotone series always correlate; differences do so only if they move together). At least four
 * epochs or differences. IP_ENOMEM. */
ip_status ip_reduce_over_epochs(ip_correlation_kind kind, bool differences, const ip_seed_series *x, const double *y,
                                ip_scratch *sc, ip_seed_value *out /* (n_seeds) */);

/* Running mean over `width` (odd) logged epochs, as described above. out (n_seeds, n_epochs). */
void ip_running_mean(const ip_seed_series *x, size_t width, double *out);

/* When a condition becomes lasting: the first logged epoch e at which it is true, and remains true in all logged epochs
 * up to 2e, in at least IP_LASTING_EPOCHS of them (without that, epoch 0 alone would last from 0 to 0). Training that
 * ends before 2e decides with the epochs it has. Censored if there is no such epoch; a seed without any value is
 * missing. Noise reverses a condition: compute it from running means over 5 epochs. is_true (n_seeds, n_epochs): 1, 0,
 * or -1 for missing, which does not last. */
enum { IP_LASTING_EPOCHS = 3, IP_LASTING_SMOOTHING = 5 };
void ip_reduce_when(size_t n_seeds, size_t n_epochs, const int64_t *epoch, const int8_t *is_true,
                    ip_seed_value *out /* (n_seeds) */);

#endif
