#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "estimator/interval.h"
#include "estimator/kde.h"
#include "estimator/kind.h"
#include "run/estimates.h"
#include "run/failure.h"
#include "run/workspace.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- what has no value */

static void set_missing(const ip_estimation *es, size_t i, ip_missing what, size_t e, size_t k, const char *text)
{
#pragma omp critical(estimate_reason)
  {
    ip_reason *r = &ip_reasons_of(es, i, what)[k];
    if (!r->is_set || e < r->epoch) {
      r->is_set = true;
      r->epoch = e;
      snprintf(r->text, sizeof r->text, "%s", text);
    }
  }
}

/* The error of one estimator without the place that its message begins with. */
static const char *bare_message(const ip_estimation *es, size_t i, const ip_samples *s)
{
  char where[64], begin[640];
  ip_samples_where(s, where);
  int n = snprintf(begin, sizeof begin, "%s, estimator %s: ", where, ip_estimator_label(es->estimator[i]));
  return ip_error_message() + (strncmp(ip_error_message(), begin, (size_t)n) == 0 ? n : 0);
}

/* A failure that is one of this estimator on these samples, and not one of the program or of the samples, which have
 * been checked: the others go on. */
static bool is_its_own(ip_status st)
{
  return st == IP_EINVAL || st == IP_ENUMERIC;
}

/* ---------------------------------------------------------------- one layer, one epoch, all estimators */

typedef struct place {
  size_t e, k, at;
} place;

/* Confidence intervals of estimator i. */
static ip_status estimate_intervals(const ip_estimation *es, size_t i, const ip_samples *s, place p, ip_scratch *sc)
{
  const ip_estimate_options *opt = es->opt;
  ip_interval ixt, ity;
  ip_status st =
      ip_estimator_bootstrap(es->estimator[i], s, (size_t)opt->bootstrap, opt->level, opt->seed, sc, &ixt, &ity);
  if (is_its_own(st)) {
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
  if (ixt.refusal) set_missing(es, i, IP_MISSING_IXT_INTERVAL, p.e, p.k, ixt.refusal);
  if (ity.refusal) set_missing(es, i, IP_MISSING_ITY_INTERVAL, p.e, p.k, ity.refusal);
  ip_error_clear();
  return IP_OK;
}

static ip_status estimate_null(const ip_estimation *es, size_t i, const ip_samples *s, place p, ip_scratch *sc)
{
  ip_null null;
  ip_status st = ip_estimator_null(es->estimator[i], s, (size_t)es->opt->null_shuffles, es->opt->seed, sc, &null);
  if (is_its_own(st)) {
    null = (ip_null){(double)NAN, (double)NAN, (double)NAN};
    set_missing(es, i, IP_MISSING_NULL, p.e, p.k, bare_message(es, i, s));
    ip_error_clear();
    st = IP_OK;
  }
  ip_series_of(es, i, IP_INFORMATION_NULL_MEAN)[p.at] = null.mean_bits;
  ip_series_of(es, i, IP_INFORMATION_NULL_HIGH)[p.at] = null.high_bits;
  return st;
}

/* Intervals and null of estimator i; NaN where it has no value. Resamples and shuffles of all layers and epochs are the
 * same. */
static ip_status estimate_trust(const ip_estimation *es, size_t i, const ip_samples *s, place p, bool has_value,
                                ip_scratch *sc)
{
  if (!has_value) {
    for (ip_information_series series = IP_INFORMATION_IXT_LOW; series <= IP_INFORMATION_NULL_HIGH; series++)
      ip_series_of(es, i, series)[p.at] = (double)NAN;
    ip_series_of(es, i, IP_INFORMATION_IXT_INTERVAL_MISSING)[p.at] =
        ip_series_of(es, i, IP_INFORMATION_ITY_INTERVAL_MISSING)[p.at] = 1;
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
  if (!is_its_own(st)) return st;
  ip_scratch_release(sc, mark);
  snprintf(reasons, room, "%s", bare_message(es, i, s));
  out[i] = out[j] = no_estimate(reasons);
  ip_error_clear();
  return IP_OK;
}

enum { REASON_ROOM = sizeof(((ip_reason *)0)->text) };

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

static void keep_estimate(const ip_estimation *es, size_t i, const ip_estimate *out, place p)
{
  ip_series_of(es, i, IP_INFORMATION_IXT)[p.at] = out->ixt_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY)[p.at] = out->ity_bits;
  ip_series_of(es, i, IP_INFORMATION_IXT_RAW)[p.at] = out->ixt_raw_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY_RAW)[p.at] = out->ity_raw_bits;
  ip_series_of(es, i, IP_INFORMATION_IXT_ERROR)[p.at] = out->ixt_error_bits;
  ip_series_of(es, i, IP_INFORMATION_ITY_ERROR)[p.at] = out->ity_error_bits;
  ip_series_of(es, i, IP_INFORMATION_CLIPPED)[p.at] = out->ixt_clipped || out->ity_clipped;
  if (out->ixt_no_value) set_missing(es, i, IP_MISSING_IXT, p.e, p.k, out->ixt_no_value);
  if (out->ity_no_value) set_missing(es, i, IP_MISSING_ITY, p.e, p.k, out->ity_no_value);
}

static ip_status estimate_layer(const ip_estimation *es, size_t e, size_t k, const ip_workspace *d)
{
  bool merged;
  ip_samples s;
  IP_TRY(ip_workspace_read(es, e, k, d, &s, &merged));
  if (merged) {
#pragma omp atomic write
    es->merged[k] = true;
  }
  place p = {e, k, e * es->n_layers + k};
  size_t mark = ip_scratch_mark(d->sc), n = es->opt->n_estimators;
  ip_estimate *out;           // (n)
  char(*reason)[REASON_ROOM]; // (n)
  IP_TRY(ip_samples_check(&s));
  IP_TRY(IP_SCRATCH(d->sc, out, n, "estimates"));
  IP_TRY(IP_SCRATCH(d->sc, reason, n, "reasons"));
  IP_TRY(run_estimators(es, &s, d->sc, out, reason));
  for (size_t i = 0; i < n; i++) {
    keep_estimate(es, i, &out[i], p);
    IP_TRY(estimate_trust(es, i, &s, p, !out[i].ixt_no_value || !out[i].ity_no_value, d->sc));
  }
  ip_scratch_release(d->sc, mark);
  return IP_OK;
}

static ip_status estimate_epoch(const ip_estimation *es, size_t e, const ip_workspace *d)
{
  for (size_t k = 0; k < es->n_layers; k++) IP_TRY(estimate_layer(es, e, k, d));
  return IP_OK;
}

/* ---------------------------------------------------------------- all epochs */

static ip_status estimate_epochs(ip_estimation *es, size_t n_threads)
{
  ip_failure first = {.code = IP_OK};
  size_t n_done = 0;
#pragma omp parallel num_threads((int)n_threads)
  {
    ip_workspace d;
    ip_status st = ip_workspace_open(es, &d);
#pragma omp for schedule(dynamic, 1)
    for (size_t e = 0; e < es->n_epochs; e++) {
      bool go;
#pragma omp critical(estimate_failure)
      go = ip_failure_allows(&first, e);
      ip_status now = go && st == IP_OK ? estimate_epoch(es, e, &d) : st;
#pragma omp critical(estimate_failure)
      {
        if (now != IP_OK) ip_failure_keep(&first, now, e);
        n_done += go && now == IP_OK;
        ip_progress_update(es->progress, (double)n_done, NULL);
      }
      ip_error_clear();
    }
    ip_workspace_close(&d);
  }
  if (first.code == IP_OK) return IP_OK;
  ip_error_clear();
  IP_FAIL(first.code, "%s: %s", ip_run_path(es->run), first.message);
}

/* ---------------------------------------------------------------- flags */

/* One estimator; a layer has the flag dpi when it seems to know more than the one before of X or of Y. */
static ip_status flag(const ip_estimation *es, size_t i)
{
  size_t n = es->n_layers;
  bool *more; // (2, n_layers)
  IP_TRY(IP_NEW(more, 2 * n, "flags"));
  for (size_t at = 0; at < es->n_epochs * n; at += n) {
    for (size_t which = 0; which < 2; which++) {
      const double *value = ip_series_of(es, i, which ? IP_INFORMATION_ITY : IP_INFORMATION_IXT) + at;
      const double *low = ip_series_of(es, i, which ? IP_INFORMATION_ITY_LOW : IP_INFORMATION_IXT_LOW) + at;
      const double *high = ip_series_of(es, i, which ? IP_INFORMATION_ITY_HIGH : IP_INFORMATION_IXT_HIGH) + at;
      bool intervals = es->opt->bootstrap > 0;
      ip_flag_dpi(n, value, intervals ? low : NULL, intervals ? high : NULL, more + which * n);
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

/* ---------------------------------------------------------------- estimators without a single number */

/* Fails when no estimator has any, with the reason of the first. */
static ip_status remark_on(const ip_estimation *es, bool all, ip_scratch *sc)
{
  for (size_t i = 0; i < es->opt->n_estimators; i++) {
    const char *why;
    if (!ip_estimates_are_empty(es, i)) continue;
    IP_TRY(ip_estimates_reason(es, i, IP_MISSING_IXT, sc, &why));
    if (!why) continue;
    const char *label = ip_estimator_label(es->estimator[i]);
    IP_REQUIRE(!all, IP_EINVAL, "%s: estimator %s: %s", ip_run_path(es->run), label, why);
    if (es->opt->remark) es->opt->remark(es->opt->remark_context, label, why);
  }
  return IP_OK;
}

/* Estimators that read float32 see rows as equal that the file has apart. */
static void note_merged(const ip_estimation *es)
{
  for (size_t k = 0; k < es->n_layers && es->opt->note; k++) {
    if (!es->merged[k]) continue;
    for (size_t i = 0; i < es->opt->n_estimators; i++)
      if (!ip_estimator_kind_of(es->estimator[i])->rows)
        es->opt->note(ip_run_path(es->run), ip_estimator_label(es->estimator[i]),
                      "activations of the file are closer together than float32 tells apart, and some are taken as "
                      "equal");
    return;
  }
}

static ip_status fail_with_reasons(const ip_estimation *es)
{
  bool all = es->n_epochs > 0;
  ip_scratch *sc;
  for (size_t i = 0; i < es->opt->n_estimators; i++) all = all && ip_estimates_are_empty(es, i);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = remark_on(es, all, sc);
  if (st == IP_OK) note_merged(es);
  ip_scratch_destroy(&sc);
  return st;
}

/* ---------------------------------------------------------------- the stage */

static ip_status create_estimators(ip_estimation *es)
{
  size_t n = es->opt->n_estimators;
  IP_TRY(IP_NEW(es->estimator, n, "estimators"));
  for (size_t i = 0; i < n; i++) {
    IP_TRY(ip_estimator_create(es->opt->estimator[i], es->opt->seed, &es->estimator[i]));
    es->needs |= ip_estimator_needs(es->estimator[i]);
  }
  return IP_OK;
}

static ip_status open_run(ip_estimation *es, const char *path)
{
  IP_TRY(ip_run_open(path, &es->run));
  es->head = ip_run_head_of(es->run);
  es->n_epochs = ip_run_n_epochs(es->run);
  es->n_layers = es->head->n_layers;
  IP_REQUIRE(ip_run_has_activations(es->run), IP_EFORMAT,
             "%s: contains no activations (log.keep: none) to estimate from; train again with log.keep: all", path);
  IP_REQUIRE(
      es->opt->partial || strcmp(ip_run_status(es->run), IP_RUN_RUNNING) != 0, IP_EINVAL,
      "%s: training is unfinished (status: running); wait for it, or estimate its %zu complete epoch%s with --partial",
      path, es->n_epochs, ip_plural(es->n_epochs));
  IP_TRY(IP_NEW(es->noisy, es->n_layers, "layers with noise"));
  for (size_t k = 0; k < es->n_layers; k++) {
    if (es->head->layer[k].width > es->max_width) es->max_width = es->head->layer[k].width;
    es->noisy[k] = es->head->layer[k].has_mean;
    es->any_noisy |= es->noisy[k];
  }
  return IP_OK;
}

static ip_status estimate(ip_estimation *es, const char *path)
{
  IP_TRY(open_run(es, path));
  IP_TRY(create_estimators(es));
  if (es->needs & IP_NEEDS_RUN_RANGE) IP_TRY(ip_workspace_find_ranges(es));
  if (es->needs & IP_NEEDS_X) IP_TRY(ip_run_load_inputs(es->run));
  size_t n = es->opt->n_estimators;
  IP_TRY(IP_NEW(es->value, n * IP_N_INFORMATION_SERIES * es->n_epochs * es->n_layers, "information"));
  IP_TRY(IP_NEW(es->merged, es->n_layers, "layers"));
  IP_TRY(IP_NEW(es->reason, n * IP_N_MISSING * es->n_layers, "reasons"));
  size_t n_threads = es->opt->n_threads ? es->opt->n_threads : (size_t)omp_get_num_procs();
  if (n_threads > es->n_epochs) n_threads = es->n_epochs ? es->n_epochs : 1;
  IP_TRY(estimate_epochs(es, n_threads));
  IP_TRY(ip_stop_check());
  IP_TRY(fail_with_reasons(es));
  for (size_t i = 0; i < n; i++) IP_TRY(flag(es, i));
  ip_run_close(&es->run);
  return ip_estimates_record(es, path);
}

ip_status ip_run_estimate(const char *path, const ip_estimate_options *opt, ip_progress *progress)
{
  ip_estimation es = {.opt = opt, .progress = progress};
  ip_status st = estimate(&es, path);
  for (size_t i = 0; es.estimator && i < opt->n_estimators; i++) ip_estimator_destroy(&es.estimator[i]);
  ip_free(es.estimator);
  ip_free(es.noisy);
  ip_free(es.low);
  ip_free(es.high);
  ip_free(es.value);

  ip_free(es.reason);
  ip_free(es.merged);
  ip_run_close(&es.run);
  return st;
}
