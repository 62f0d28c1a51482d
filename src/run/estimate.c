#include "base/mem.h"
#include "base/stop.h"
#include "estimator/interval.h"
#include "estimator/kde.h"
#include "num/digitize.h"
#include "run/estimates.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- what one thread works with */

typedef struct desk {
  float *t, *mean; // (n, max_width)
  ip_scratch *sc;
} desk;

static ip_status desk_open(const ip_estimation *es, desk *d)
{
  *d = (desk){0};
  IP_TRY(ip_scratch_create(&d->sc));
  IP_TRY(IP_NEW(d->t, es->head->n * es->max_width, "activations"));
  if (es->any_noisy) IP_TRY(IP_NEW(d->mean, es->head->n * es->max_width, "activations before noise"));
  return IP_OK;
}

static void desk_close(desk *d)
{
  ip_free(d->t);
  ip_free(d->mean);
  ip_scratch_destroy(&d->sc);
}

/* HDF5 serves one thread at a time. */
static ip_status read_layer(const ip_estimation *es, size_t e, size_t k, const desk *d, bool *has_mean)
{
  ip_status st;
  *has_mean = es->noisy[k];
#pragma omp critical(run_file)
  {
    st = ip_run_read_activation(es->run, k, e, d->t);
    if (st == IP_OK && *has_mean) st = ip_run_read_mean(es->run, k, e, d->mean);
  }
  return st;
}

/* ---------------------------------------------------------------- the range of every layer over the run */

/* Activations that are not finite are left to the estimate of their epoch, which names them. */
static void widen(const float *t, size_t n, double *low, double *high)
{
  if (!ip_all_finite(n, t)) return;
  float least = t[0], most = t[0];
  for (size_t i = 1; i < n; i++) {
    least = t[i] < least ? t[i] : least;
    most = t[i] > most ? t[i] : most;
  }
  if ((double)least < *low) *low = (double)least;
  if ((double)most > *high) *high = (double)most;
}

static ip_status find_ranges(ip_estimation *es)
{
  IP_TRY(IP_NEW(es->low, es->n_layers, "ranges"));
  IP_TRY(IP_NEW(es->high, es->n_layers, "ranges"));
  float *t;
  IP_TRY(IP_NEW(t, es->head->n * es->max_width, "activations"));
  ip_status st = IP_OK;
  for (size_t k = 0; k < es->n_layers && st == IP_OK; k++) {
    es->low[k] = INFINITY;
    es->high[k] = -INFINITY;
    for (size_t e = 0; e < es->n_epochs && st == IP_OK; e++) {
      st = ip_run_read_activation(es->run, k, e, t);
      if (st == IP_OK) widen(t, es->head->n * es->head->layer[k].width, &es->low[k], &es->high[k]);
    }
  }
  ip_free(t);
  return st;
}

/* ---------------------------------------------------------------- one layer, one epoch, all estimators */

static ip_samples samples_of(const ip_estimation *es, size_t e, size_t k, const desk *d, bool has_mean)
{
  const ip_run_head *h = es->head;
  bool ranged = es->low != NULL, is_output = !strcmp(h->layer[k].kind, "output");
  return (ip_samples){
      .n = h->n,
      .width = h->layer[k].width,
      .t = d->t,
      .n_x = h->n_x,
      .x_id = h->x_id,
      .n_in = h->x ? h->n_in : 0,
      .x = h->x,
      .n_y = h->n_classes,
      .y = h->y,
      .p_y_given_x = h->p_y_given_x,
      .n_targets = h->n_targets,
      .target = h->target,
      .has_run_range = ranged,
      .low = ranged ? es->low[k] : 0,
      .high = ranged ? es->high[k] : 0,
      .noise_variance = has_mean ? h->noise_variance : 0,
      .mean = has_mean ? d->mean : NULL,
      .quantised_bits = is_output ? 0 : h->quantised_bits,
      .is_output = is_output,
      .activation = h->layer[k].activation,
      .layer = k + 1,
      .epoch = ip_run_epochs(es->run)[e],
  };
}

/* Confidence intervals and the null of estimator i. Resamples and shuffles of all layers and epochs are the same. */
static ip_status estimate_trust(const ip_estimation *es, size_t i, const ip_samples *s, size_t at, ip_scratch *sc)
{
  const ip_estimate_options *opt = es->opt;
  if (!ip_has_estimate(es, i, s->layer - 1)) {
    for (size_t series = IP_SERIES_IXT_LOW; series <= IP_SERIES_NULL_HIGH; series++)
      ip_series_of(es, i, series)[at] = (double)NAN;
    return IP_OK;
  }
  if (opt->bootstrap) {
    ip_interval ixt, ity;
    IP_TRY(ip_estimator_bootstrap(es->estimator[i], s, (size_t)opt->bootstrap, opt->level, opt->seed, sc, &ixt, &ity));
    ip_series_of(es, i, IP_SERIES_IXT_LOW)[at] = ixt.low;
    ip_series_of(es, i, IP_SERIES_IXT_HIGH)[at] = ixt.high;
    ip_series_of(es, i, IP_SERIES_ITY_LOW)[at] = ity.low;
    ip_series_of(es, i, IP_SERIES_ITY_HIGH)[at] = ity.high;
    ip_refusals_of(es, i, 0)[at] = ixt.refusal;
    ip_refusals_of(es, i, 1)[at] = ity.refusal;
  }
  if (opt->null_shuffles) {
    ip_null null;
    IP_TRY(ip_estimator_null(es->estimator[i], s, (size_t)opt->null_shuffles, opt->seed, sc, &null));
    ip_series_of(es, i, IP_SERIES_NULL_MEAN)[at] = null.mean_bits;
    ip_series_of(es, i, IP_SERIES_NULL_HIGH)[at] = null.high_bits;
  }
  return IP_OK;
}

/* The estimate of every estimator, out (n_estimators), NaN where the layer has none; both bounds of equal kernels come
 * out of one pass over pairs. */
static ip_status run_estimators(const ip_estimation *es, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  size_t n = es->opt->n_estimators;
  bool *done; // (n)
  IP_TRY(IP_SCRATCH(sc, done, n, "estimators that have run"));
  for (size_t i = 0; i < n; i++)
    if (!ip_has_estimate(es, i, s->layer - 1)) {
      const double none = (double)NAN;
      out[i] = (ip_estimate){none, none, none, none, 0, 0};
      done[i] = true;
    }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      if (done[i] || done[j] || !ip_kde_is_pair(es->estimator[i], es->estimator[j])) continue;
      IP_TRY(ip_stop_check());
      IP_TRY(ip_kde_run_both(es->estimator[i], s, sc, &out[i], &out[j]));
      done[i] = done[j] = true;
    }
  for (size_t i = 0; i < n; i++)
    if (!done[i]) {
      IP_TRY(ip_stop_check());
      IP_TRY(ip_estimator_run(es->estimator[i], s, sc, &out[i]));
    }
  return IP_OK;
}

static ip_status estimate_layer(const ip_estimation *es, size_t e, size_t k, const desk *d)
{
  bool has_mean;
  IP_TRY(read_layer(es, e, k, d, &has_mean));
  ip_samples s = samples_of(es, e, k, d, has_mean);
  size_t at = e * es->n_layers + k, mark = ip_scratch_mark(d->sc);
  ip_estimate *out; // (n_estimators)
  IP_TRY(IP_SCRATCH(d->sc, out, es->opt->n_estimators, "estimates"));
  IP_TRY(run_estimators(es, &s, d->sc, out));
  for (size_t i = 0; i < es->opt->n_estimators; i++) {
    ip_series_of(es, i, IP_SERIES_IXT)[at] = out[i].ixt_bits;
    ip_series_of(es, i, IP_SERIES_ITY)[at] = out[i].ity_bits;
    ip_series_of(es, i, IP_SERIES_IXT_ERROR)[at] = out[i].ixt_error_bits;
    ip_series_of(es, i, IP_SERIES_ITY_ERROR)[at] = out[i].ity_error_bits;
    IP_TRY(estimate_trust(es, i, &s, at, d->sc));
  }
  ip_scratch_release(d->sc, mark);
  return IP_OK;
}

static ip_status estimate_epoch(const ip_estimation *es, size_t e, const desk *d)
{
  for (size_t k = 0; k < es->n_layers; k++) IP_TRY(estimate_layer(es, e, k, d));
  return IP_OK;
}

/* ---------------------------------------------------------------- all epochs */

/* The failure of the earliest epoch: the record belongs to a thread, so it is carried to the caller's. */
typedef struct failure {
  ip_status code;
  size_t epoch;
  char message[1024];
} failure;

static void keep_first(failure *f, ip_status code, size_t epoch)
{
  bool told = *ip_error_message() == 0; /* a thread that could not even begin fails at each of its epochs */
  if (f->code != IP_OK && (epoch >= f->epoch || told)) return;
  f->code = code;
  f->epoch = epoch;
  snprintf(f->message, sizeof f->message, "%s", ip_error_message());
}

static ip_status estimate_epochs(ip_estimation *es, size_t n_threads)
{
  failure first = {.code = IP_OK};
  size_t n_done = 0;
#pragma omp parallel num_threads((int)n_threads)
  {
    desk d;
    ip_status st = desk_open(es, &d);
#pragma omp for schedule(dynamic, 1)
    for (size_t e = 0; e < es->n_epochs; e++) {
      bool go;
#pragma omp critical(estimate_failure)
      go = first.code == IP_OK;
      ip_status now = go && st == IP_OK ? estimate_epoch(es, e, &d) : st;
#pragma omp critical(estimate_failure)
      {
        if (now != IP_OK) keep_first(&first, now, e);
        n_done += go && now == IP_OK;
        ip_progress_update(es->progress, (double)n_done, NULL);
      }
      ip_error_clear();
    }
    desk_close(&d);
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
      const double *value = ip_series_of(es, i, which ? IP_SERIES_ITY : IP_SERIES_IXT) + at;
      const double *low = ip_series_of(es, i, which ? IP_SERIES_ITY_LOW : IP_SERIES_IXT_LOW) + at;
      const double *high = ip_series_of(es, i, which ? IP_SERIES_ITY_HIGH : IP_SERIES_IXT_HIGH) + at;
      bool intervals = es->opt->bootstrap > 0;
      ip_flag_dpi(n, value, intervals ? low : NULL, intervals ? high : NULL, more + which * n);
    }
    for (size_t k = 0; k < n; k++) {
      ip_series_of(es, i, IP_SERIES_SATURATED)[at + k] =
          ip_flag_saturated(ip_series_of(es, i, IP_SERIES_IXT)[at + k], es->head->n);
      ip_series_of(es, i, IP_SERIES_DPI)[at + k] = more[k] || more[n + k];
    }
  }
  ip_free(more);
  return IP_OK;
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
             "%s: holds no activations (log.keep: none), so nothing can be estimated from it; train again with "
             "log.keep: all",
             path);
  IP_REQUIRE(strcmp(ip_run_status(es->run), "running") != 0, IP_EINVAL, "%s: its training has not ended", path);
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
  if (es->needs & IP_NEEDS_RUN_RANGE) IP_TRY(find_ranges(es));
  if (es->needs & IP_NEEDS_X) IP_TRY(ip_run_load_inputs(es->run));
  size_t n = es->opt->n_estimators;
  IP_TRY(IP_NEW(es->value, n * IP_N_SERIES * es->n_epochs * es->n_layers, "information"));
  IP_TRY(IP_NEW(es->refusal, n * 2 * es->n_epochs * es->n_layers, "refused intervals"));
  size_t n_threads = es->opt->n_threads ? es->opt->n_threads : (size_t)omp_get_num_procs();
  if (n_threads > es->n_epochs) n_threads = es->n_epochs ? es->n_epochs : 1;
  IP_TRY(estimate_epochs(es, n_threads));
  IP_TRY(ip_stop_check());
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
  ip_free(es.refusal);
  ip_run_close(&es.run);
  return st;
}
