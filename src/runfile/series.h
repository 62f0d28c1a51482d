/* series.h - the series that infoplane writes to a group /information/<estimator>: one list for all code that writes,
 * tabulates or plots them.
 *
 * Every series is (n_epochs, n_layers). Values are in bits (fractions without a unit), NaN if there is none; flags are
 * 0 or 1, NaN if there is nothing to flag. Older files and those of other programs may lack all but `ixt` and `ity`:
 * ip_run_read_series then returns NaN throughout, except for the raw values, which equal the estimates there.
 */
#ifndef IP_RUNFILE_SERIES_H
#define IP_RUNFILE_SERIES_H

#include "runfile/names.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/public.h"

IP_PUBLIC_BEGIN

/* symbol, name, is it a flag */
#define IP_INFORMATION_SERIES(X)                                                                                       \
  X(IXT, IP_NAME_IXT, false)                                                                                           \
  X(ITY, IP_NAME_ITY, false)                                                                                           \
  X(IXT_RAW, IP_NAME_IXT_RAW, false) /* before clipping to the bounds of theory */                                     \
  X(ITY_RAW, IP_NAME_ITY_RAW, false)                                                                                   \
  X(IXT_ERROR, "ixt_error", false) /* standard error of the estimator's own random draws */                            \
  X(ITY_ERROR, "ity_error", false)                                                                                     \
  X(IXT_BAND_LOW, "ixt_band_low", false) /* of an estimator whose result is a band over one of its parameters */       \
  X(IXT_BAND_HIGH, "ixt_band_high", false)                                                                             \
  X(ITY_BAND_LOW, "ity_band_low", false)                                                                               \
  X(ITY_BAND_HIGH, "ity_band_high", false)                                                                             \
  X(IXT_LOW, "ixt_low", false) /* confidence interval */                                                               \
  X(IXT_HIGH, "ixt_high", false)                                                                                       \
  X(ITY_LOW, "ity_low", false)                                                                                         \
  X(ITY_HIGH, "ity_high", false)                                                                                       \
  X(NULL_MEAN, "ity_null_mean", false) /* I(T;Y) under shuffled labels */                                              \
  X(NULL_HIGH, "ity_null_high", false)                                                                                 \
  X(IXT_GIVEN_Y, "ixt_given_y", false)                  /* I(X;T|Y) of raw values */                                   \
  X(IXT_FRACTION, "ixt_fraction", false)                /* ixt_raw / H(X), a number without a unit */                  \
  X(ITY_FRACTION, "ity_fraction", false)                /* ity_raw / H(Y) */                                           \
  X(BIN_LOSS, "bin_loss", false)                        /* H(Yhat|T), of a discrete T */                               \
  X(PREDICTION_ENTROPY, "prediction_entropy", false)    /* H(Yhat) */                                                  \
  X(CLIPPED, IP_NAME_CLIPPED, true)                     /* ixt or ity was outside the bounds */                        \
  X(SATURATED, IP_NAME_SATURATED, true)                 /* I(X;T) is at the most that so many samples can show */      \
  X(DPI, IP_NAME_DPI, true)                             /* more information than the layer before */                   \
  X(LOSSY_BINS, IP_NAME_LOSSY_BINS, true)               /* bin_loss is above 1 % of prediction_entropy */              \
  X(IXT_INTERVAL_MISSING, "ixt_interval_missing", true) /* an interval was asked for, and there is none */             \
  X(ITY_INTERVAL_MISSING, "ity_interval_missing", true)

typedef enum ip_information_series {
#define X(symbol, name, flag) IP_INFORMATION_##symbol,
  IP_INFORMATION_SERIES(X)
#undef X
      IP_N_INFORMATION_SERIES
} ip_information_series;

/* Name of a series, below IP_N_INFORMATION_SERIES, and whether it is a flag. */
const char *ip_information_series_name(size_t series); /* "ixt_raw" */
bool ip_information_series_is_flag(size_t series);

IP_PUBLIC_END

#endif
