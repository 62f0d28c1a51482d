/* information.c - the estimators of a run: one layer at one epoch, and the flags of all. */
#include "run/estimates.h"

#include "base/mem.h"
#include "base/stop.h"
#include "estimator/interval.h"
#include "estimator/kde.h"
#include "estimator/kind.h"
#include "measure/kind.h"

#include <math.h>
#include <stdio.h>

#define LOSSY_BINS_FRACTION 0.01 /* of H(Yhat): 1 of 100 samples in bins that mix two equally frequent predictions */

/* ---------------------------------------------------------------- what has no value */

static void set_missing(const ip_estimation *es, size_t i, ip_missing what, ip_run_place p, const char *text)
{
  ip_reason_set(&ip_reasons_of(es, i, what)[p.k], p.e, text);
}

static const char *bare_message(const ip_estimation *es, size_t i, const ip_samples *s)
{
  return ip_reason_of_failure(s, "estimator", ip_estimator_label(es->estimator[i]));
}

/* ---------------------------------------------------------------- one layer, one epoch, all estimators */

/* Confidence intervals of estimator i. */
static ip_status estimate_intervals(const ip_estimation *es, size_t i, const ip_samples *s, ip_run_place p,
                                    ip_scratch *sc)
{
  const ip_estimate_options *opt = es->opt;
  ip_interval ixt, ity;
  ip_status st =
      ip_estimator_bootstrap(es->estimator[i], s, (size_t)opt->bootstrap, opt->level, opt->seed, sc, &ixt, &ity);
  if (ip_failure_is_its_own(st)) {
    ixt = ity = (ip_interval){(double)NAN, (double)NAN, bare_message(es, i, s)};
    st = IP_OK;
  }
  IP_TRY(st);
  ip_series_of(es, i, IP_INFORMATION_IXT_LOW)[p.at] = ixt.low;
  ip_series_of(es, i, IP_INFORMATION_IXT_HIGH)[p.at] = ixt.high;
  ip_series_of(es, i, IP_INFORMATION_ITY_LOW)[p.at] = ity.low;
  ip_series_of(es, i, IP_INFORMATION_ITY_HIGH)[p.at] = ity.high;
  ip_series_of(es, i, IP_INFORMATION_IXT_INTERVAL_MISSING)[p.at] = ixt.refusal != NULL;
  ip_series_of(es, i, IP_INFORMATION_ITY_INTERVAL_MISSING)[p.at] = ity.refusal != NULL;
  if (ixt.refusal) set_missing(es, i, IP_MISSING_IXT_INTERVAL, p, ixt.refusal);
  if (ity.refusal) set_missing(es, i, IP_MISSING_ITY_INTERVAL, p, ity.refusal);
  ip_error_clear();
  return IP_OK;
}

static ip_status estimate_null(const ip_estimation *es, size_t i, const ip_samples *s, ip_run_place p, ip_scratch *sc)
{
  ip_null null;
  ip_status st = ip_estimator_null(es->estimator[i], s, (size_t)es->opt->null_shuffles, es->opt->seed, sc, &null);
  if (ip_failure_is_its_own(st)) {
    null = (ip_null){(double)NAN, (double)NAN, (double)NAN};
    set_missing(es, i, IP_MISSING_NULL, p, bare_message(es, i, s));
    ip_error_clear();
    st = IP_OK;
  }
  ip_series_of(es, i, IP_INFORMATION_NULL_MEAN)[p.at] = null.mean_bits;
  ip_series_of(es, i, IP_INFORMATION_NULL_HIGH)[p.at] = null.high_bits;
  return st;
}

static void set_no_trust(const ip_estimation *es, size_t i, ip_run_place p)
{
  for (ip_information_series series = IP_INFORMATION_IXT_LOW; series <= IP_INFORMATION_NULL_HIGH; series++)
    ip_series_of(es, i, series)[p.at] = (double)NAN;
  ip_series_of(es, i, IP_INFORMATION_IXT_INTERVAL_MISSING)[p.at] =
      ip_series_of(es, i, IP_INFORMATION_ITY_INTERVAL_MISSING)[p.at] = 1;
}

/* Intervals and null of estimator i; NaN where it has no value. Resamples and shuffles of all layers and epochs are the
 * same. */
static ip_status estimate_trust(const ip_estimation *es, size_t i, const ip_samples *s, ip_run_place p, bool has_value,
                                ip_scratch *sc)
{
  if (!has_value) {
    set_no_trust(es, i, p);
    return IP_OK;
  }
  if (es->opt->bootstrap) IP_TRY(estimate_intervals(es, i, s, p, sc));
  return es->opt->null_shuffles ? estimate_null(es, i, s, p, sc) : IP_OK;
}

static ip_estimate no_estimate(const char *reason)
{
  const double none = (double)NAN;
  return (ip_estimate){.ixt_bits = none,
                       .ity_bits = none,
                       .ixt_raw_bits = none,
                       .ity_raw_bits = none,
                       .ixt_error_bits = none,
                       .ity_error_bits = none,
                       .ixt_given_y_bits = none,
                       .ixt_given_y_no_value = reason,
                       .bin_loss_bits = none,
                       .prediction_bits = none,
                       .ixt_no_value = reason,
                       .ity_no_value = reason};
}

/* Estimator i, and estimator j where that is not i and both come out of one pass over pairs. What they cannot estimate
 * has NaN, and the reason in `reasons`. */
static ip_status run_one_or_two(const ip_estimation *es, size_t i, size_t j, const ip_samples *s, ip_scratch *sc,
                                ip_estimate *out, char *reasons, size_t room)
{
  size_t mark = ip_scratch_mark(sc);
  IP_TRY(ip_stop_check());
  ip_status st = i == j ? ip_estimator_run(es->estimator[i], s, sc, &out[i])
                        : ip_kde_run_both(es->estimator[i], s, sc, &out[i], &out[j]);
  if (!ip_failure_is_its_own(st)) return st;
  ip_scratch_release(sc, mark);
  snprintf(reasons, room, "%s", bare_message(es, i, s));
  out[i] = out[j] = no_estimate(reasons);
  ip_error_clear();
  return IP_OK;
}

enum { REASON_ROOM = IP_REASON_ROOM };

/* The estimate of every estimator, out (n_estimators), and room for reasons (n_estimators, REASON_ROOM). */
static ip_status run_estimators(const ip_estimation *es, const ip_samples *s, ip_scratch *sc, ip_estimate *out,
                                char (*reason)[REASON_ROOM])
{
  size_t n = es->opt->n_estimators;
  bool *done; // (n)
  IP_TRY(IP_SCRATCH(sc, done, n, "estimators that have run"));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      if (done[i] || done[j] || !ip_kde_is_pair(es->estimator[i], es->estimator[j])) continue;
      IP_TRY(run_one_or_two(es, i, j, s, sc, out, reason[i], REASON_ROOM));
      done[i] = done[j] = true;
    }
  for (size_t i = 0; i < n; i++)
    if (!done[i]) IP_TRY(run_one_or_two(es, i, i, s, sc, out, reason[i], REASON_ROOM));
  return IP_OK;
}

/* The ends of the band; NaN for an estimator of numbers, and where there is no estimate. */
static void keep_band(const ip_estimation *es, size_t i, const ip_estimate *out, size_t at)
{
  bool band = ip_estimator_kind_of(es->estimator[i])->band != NULL;
  bool ixt = band && !out->ixt_no_value, ity = band && !out->ity_no_value;
  ip_series_of(es, i, IP_INFORMATION_IXT_BAND_LOW)[at] = ixt ? out->ixt_band_low : (double)NAN;
  ip_series_of(es, i, IP_INFORMATION_IXT_BAND_HIGH)[at] = ixt ? out->ixt_band_high : (double)NAN;
  ip_series_of(es, i, IP_INFORMATION_ITY_BAND_LOW)[at] = ity ? out->ity_band_low : (double)NAN;
  ip_series_of(es, i, IP_INFORMATION_ITY_BAND_HIGH)[at] = ity ? out->ity_band_high : (double)NAN;
}

static void keep_estimate(const ip_estimation *es, size_t i, const ip_estimate *out, ip_run_place p)
{
  ip_series_of(es, i, IP_INFORMATION_IXT)[p.at] = out->ixt_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY)[p.at] = out->ity_bits;
  ip_series_of(es, i, IP_INFORMATION_IXT_RAW)[p.at] = out->ixt_raw_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY_RAW)[p.at] = out->ity_raw_bits;
  ip_series_of(es, i, IP_INFORMATION_IXT_ERROR)[p.at] = out->ixt_error_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY_ERROR)[p.at] = out->ity_error_bits;
  ip_series_of(es, i, IP_INFORMATION_IXT_GIVEN_Y)[p.at] = out->ixt_given_y_bits;
  ip_series_of(es, i, IP_INFORMATION_BIN_LOSS)[p.at] = out->bin_loss_bits;
  ip_series_of(es, i, IP_INFORMATION_PREDICTION_ENTROPY)[p.at] = out->prediction_bits;
  keep_band(es, i, out, p.at);
  ip_series_of(es, i, IP_INFORMATION_CLIPPED)[p.at] = out->ixt_clipped || out->ity_clipped;
  if (out->ixt_no_value) set_missing(es, i, IP_MISSING_IXT, p, out->ixt_no_value);
  if (out->ity_no_value) set_missing(es, i, IP_MISSING_ITY, p, out->ity_no_value);
  if (out->ixt_given_y_no_value) set_missing(es, i, IP_MISSING_IXT_GIVEN_Y, p, out->ixt_given_y_no_value);
}

/* The entropies of the samples are those of any layer and epoch: the first that is finite sets them. */
static ip_status find_entropies(const ip_estimation *es, const ip_samples *s, ip_scratch *sc)
{
  ip_status st = IP_OK;
  pthread_mutex_lock(es->lock);
  for (size_t i = 0; i < es->opt->n_estimators && !*es->has_entropies && st == IP_OK; i++)
    st = ip_estimate_entropies(es->estimator[i], s, sc, &es->hx[i], &es->hy[i]);
  *es->has_entropies = true;
  pthread_mutex_unlock(es->lock);
  return st;
}

ip_status ip_information_of_layer(const ip_estimation *es, const ip_samples *s, ip_run_place p, ip_scratch *sc)
{
  size_t mark = ip_scratch_mark(sc), n = es->opt->n_estimators;
  ip_estimate *out;           // (n)
  char(*reason)[REASON_ROOM]; // (n)
  IP_TRY(IP_SCRATCH(sc, out, n, "estimates"));
  IP_TRY(IP_SCRATCH(sc, reason, n, "reasons"));
  IP_TRY(find_entropies(es, s, sc));
  IP_TRY(run_estimators(es, s, sc, out, reason));
  for (size_t i = 0; i < n; i++) {
    keep_estimate(es, i, &out[i], p);
    if (es->opt->bin_loss && ip_estimator_kind_of(es->estimator[i])->rows && !s->prediction)
      set_missing(es, i, IP_MISSING_BIN_LOSS, p, IP_WHY_NO_PREDICTION);
    IP_TRY(estimate_trust(es, i, s, p, !out[i].ixt_no_value || !out[i].ity_no_value, sc));
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

void ip_information_missing(const ip_estimation *es, ip_run_place p, const char *why)
{
  const ip_estimate none = no_estimate(why);
  for (size_t i = 0; i < es->opt->n_estimators; i++) {
    keep_estimate(es, i, &none, p);
    set_no_trust(es, i, p);
  }
}

/* ---------------------------------------------------------------- what follows from the estimates */

static double fraction(double bits, double most)
{
  return most > 0 ? bits / most : (double)NAN;
}

static void set_fractions(const ip_estimation *es, size_t i)
{
  for (size_t at = 0; at < es->n_epochs * es->n_layers; at++) {
    double ixt = ip_series_of(es, i, IP_INFORMATION_IXT_RAW)[at], ity = ip_series_of(es, i, IP_INFORMATION_ITY_RAW)[at];
    double lost = ip_series_of(es, i, IP_INFORMATION_BIN_LOSS)[at];
    ip_series_of(es, i, IP_INFORMATION_IXT_FRACTION)[at] = fraction(ixt, es->hx[i]);
    ip_series_of(es, i, IP_INFORMATION_ITY_FRACTION)[at] = fraction(ity, es->hy[i]);
    ip_series_of(es, i, IP_INFORMATION_LOSSY_BINS)[at] =
        isnan(lost) ? lost : lost > LOSSY_BINS_FRACTION * ip_series_of(es, i, IP_INFORMATION_PREDICTION_ENTROPY)[at];
  }
}

/* One estimator; a layer has the flag dpi when it seems to know more than the one before of X or of Y. */
static ip_status set_flags(const ip_estimation *es, size_t i)
{
  static const ip_information_series ends[2][2] = {{IP_INFORMATION_IXT_LOW, IP_INFORMATION_ITY_LOW},
                                                   {IP_INFORMATION_IXT_BAND_LOW, IP_INFORMATION_ITY_BAND_LOW}};
  size_t n = es->n_layers;
  bool *more; // (2, n_layers)
  bool band = ip_estimator_kind_of(es->estimator[i])->band != NULL;
  IP_TRY(IP_NEW(more, 2 * n, "flags"));
  for (size_t at = 0; at < es->n_epochs * n; at += n) {
    for (size_t which = 0; which < 2; which++) {
      const double *value = ip_series_of(es, i, which ? IP_INFORMATION_ITY : IP_INFORMATION_IXT) + at;
      const double *low = ip_series_of(es, i, ends[band][which]) + at;
      const double *high = ip_series_of(es, i, ends[band][which] + 1) + at;
      bool has_ends = band || es->opt->bootstrap > 0;
      ip_flag_dpi(n, value, has_ends ? low : NULL, has_ends ? high : NULL, more + which * n);
    }
    for (size_t k = 0; k < n; k++) {
      ip_series_of(es, i, IP_INFORMATION_SATURATED)[at + k] =
          ip_flag_saturated(es->estimator[i], ip_series_of(es, i, IP_INFORMATION_IXT)[at + k], es->head->n);
      ip_series_of(es, i, IP_INFORMATION_DPI)[at + k] = more[k] || more[n + k];
    }
  }
  ip_free(more);
  return IP_OK;
}

ip_status ip_information_end(const ip_estimation *es, size_t i)
{
  set_fractions(es, i);
  return set_flags(es, i);
}
