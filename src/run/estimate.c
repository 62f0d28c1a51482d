#include "base/mem.h"
#include "base/steps.h"
#include "base/stop.h"
#include "base/text.h"
#include "estimator/kind.h"
#include "run/estimates.h"
#include "run/workspace.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- one layer, one epoch */

static ip_status estimate_layer(const ip_estimation *es, size_t e, size_t k, ip_workspace *w)
{
  ip_run_place p = {e, k, e * es->n_layers + k};
  ip_measure_input in;
  ip_samples s;
  bool merged;
  IP_TRY(ip_workspace_read(es, e, k, w, &s, &in, &merged));
  if (merged) {
    pthread_mutex_lock(es->lock);
    es->merged[k] = true;
    pthread_mutex_unlock(es->lock);
  }
  if (es->opt->bin_loss) s.prediction = in.prediction;
  IP_TRY(ip_information_of_layer(es, &s, p, w->sc));
  return ip_measures_of_layer(es, &in, p, w->sc);
}

/* ---------------------------------------------------------------- all epochs */

typedef struct epochs {
  const ip_estimation *es;
  ip_workspace *space; // one for each thread
  size_t n_done;
} epochs;

static ip_status estimate_epoch(void *what, size_t e, size_t part)
{
  epochs *all = what;
  const ip_estimation *es = all->es;
  for (size_t k = 0; k < es->n_layers; k++) IP_TRY(estimate_layer(es, e, k, &all->space[part]));
  pthread_mutex_lock(es->lock);
  ip_progress_update(es->progress, (double)++all->n_done, NULL);
  pthread_mutex_unlock(es->lock);
  return IP_OK;
}

/* Threads take epochs. Those that are more than epochs share the estimates of one. */
static ip_status open_workspaces(const ip_estimation *es, size_t n_threads, size_t n, ip_workspace *space)
{
  for (size_t p = 0; p < n; p++) IP_TRY(ip_workspace_open(es, n_threads * (p + 1) / n - n_threads * p / n, &space[p]));
  return IP_OK;
}

static ip_status estimate_epochs(const ip_estimation *es, size_t n_threads)
{
  size_t n = n_threads < es->n_epochs ? n_threads : es->n_epochs;
  if (n == 0) return IP_OK;
  epochs all = {.es = es};
  ip_team *team = NULL;
  IP_TRY(IP_NEW(all.space, n, "work of threads"));
  ip_status st = open_workspaces(es, n_threads, n, all.space);
  if (st == IP_OK) st = ip_team_create(n, &team);
  if (st == IP_OK) st = ip_team_steps(team, es->n_epochs, estimate_epoch, &all);
  ip_team_destroy(&team);
  for (size_t p = 0; p < n; p++) ip_workspace_close(&all.space[p]);
  ip_free(all.space);
  if (st != IP_OK) ip_error_prefix("%s", ip_run_path(es->run));
  return st;
}

/* ---------------------------------------------------------------- estimators and measures without a single number */

/* The reason of the first of one measure's series. */
static ip_status reason_of_measure(const ip_estimation *es, size_t i, ip_scratch *sc, const char **why)
{
  return ip_reasons_text(ip_why_not(es, es->first_series[i]), es->n_layers, sc, why);
}

/* Fails when no estimator and no measure has any, with the reason of the first. */
static ip_status remark_on(const ip_estimation *es, bool all, ip_scratch *sc)
{
  for (size_t i = 0; i < es->opt->n_estimators; i++) {
    const char *why;
    if (!ip_estimates_are_empty(es, i)) continue;
    IP_TRY(ip_reasons_text(ip_reasons_of(es, i, IP_MISSING_IXT), es->n_layers, sc, &why));
    if (!why) continue;
    const char *label = ip_estimator_label(es->estimator[i]);
    IP_REQUIRE(!all, IP_EINVAL, "%s: estimator %s: %s", ip_run_path(es->run), label, why);
    if (es->opt->remark) es->opt->remark(es->opt->remark_context, label, why);
  }
  for (size_t i = 0; i < es->opt->n_measures; i++) {
    const char *why;
    if (!ip_measures_are_empty(es, i)) continue;
    IP_TRY(reason_of_measure(es, i, sc, &why));
    if (!why) continue;
    const char *label = ip_measure_label(es->measure[i]);
    IP_REQUIRE(!all, IP_EINVAL, "%s: measure %s: %s", ip_run_path(es->run), label, why);
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
  for (size_t i = 0; i < es->opt->n_measures; i++) all = all && ip_measures_are_empty(es, i);
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
  if (es->opt->bin_loss) es->needs |= IP_NEEDS_PREDICTION;
  IP_TRY(IP_NEW(es->hx, n, "entropies of inputs"));
  IP_TRY(IP_NEW(es->hy, n, "entropies of labels"));
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
  IP_TRY(ip_measures_create(es));
  if (es->needs & IP_NEEDS_RUN_RANGE) IP_TRY(ip_workspace_find_ranges(es));
  if (es->needs & IP_NEEDS_X) IP_TRY(ip_run_load_inputs(es->run));
  size_t n = es->opt->n_estimators;
  IP_TRY(IP_NEW(es->value, n * IP_N_INFORMATION_SERIES * es->n_epochs * es->n_layers, "information"));
  IP_TRY(IP_NEW(es->merged, es->n_layers, "layers"));
  IP_TRY(IP_NEW(es->reason, n * IP_N_MISSING * es->n_layers, "reasons"));
  IP_TRY(estimate_epochs(es, es->opt->n_threads ? es->opt->n_threads : ip_team_cores()));
  IP_TRY(ip_stop_check());
  IP_TRY(fail_with_reasons(es));
  for (size_t i = 0; i < n; i++) IP_TRY(ip_information_end(es, i));
  ip_run_close(&es->run);
  return ip_estimates_record(es, path);
}

ip_status ip_run_estimate(const char *path, const ip_estimate_options *opt, ip_progress *progress)
{
  pthread_mutex_t lock;
  pthread_mutex_init(&lock, NULL);
  ip_estimation es = {.opt = opt, .progress = progress, .lock = &lock};
  ip_status st = estimate(&es, path);
  for (size_t i = 0; es.estimator && i < opt->n_estimators; i++) ip_estimator_destroy(&es.estimator[i]);
  ip_free(es.estimator);
  ip_free(es.noisy);
  ip_free(es.low);
  ip_free(es.high);
  ip_free(es.value);
  ip_free(es.reason);
  ip_free(es.hx);
  ip_free(es.hy);
  ip_free(es.merged);
  ip_measures_free(&es);
  ip_run_close(&es.run);
  pthread_mutex_destroy(&lock);
  return st;
}
