#include "base/mem.h"
#include "base/steps.h"
#include "base/stop.h"
#include "base/text.h"
#include "estimator/kind.h"
#include "run/estimates.h"
#include "run/workspace.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- one layer, one epoch */

enum { LEAST_SAMPLES = 2 }; /* of one side of the split */

static const char *too_few_samples(const ip_estimation *es)
{
  if (!es->view.row || es->n_samples >= LEAST_SAMPLES) return NULL;
  return strcmp(es->split, "test") ? "fewer than 2 training samples" : "fewer than 2 test samples";
}

/* Without estimates, for the reason `why`. */
static void leave_out(const ip_estimation *es, ip_run_place p, const char *why)
{
  ip_information_missing(es, p, why);
  ip_measures_missing(es, p, why);
}

/* A layer that is not finite at one epoch has no estimates there; the recorded error is the reason. */
static void leave_out_failed(const ip_estimation *es, ip_run_place p)
{
  char layer[40];
  int n = snprintf(layer, sizeof layer, "layer %zu, ", p.k + 1);
  const char *why = ip_error_message();
  if (strncmp(why, layer, (size_t)n) == 0) why += n;
  leave_out(es, p, why);
  ip_reason_set(&es->left_out[p.k], p.e, why);
  ip_error_clear();
}

static ip_status estimate_layer(const ip_estimation *es, size_t e, size_t k, ip_workspace *w)
{
  ip_run_place p = {e, k, e * es->n_layers + k};
  const char *too_few = too_few_samples(es);
  if (too_few) {
    leave_out(es, p, too_few);
    return IP_OK;
  }
  ip_measure_input in;
  ip_samples s;
  bool merged;
  ip_status st = ip_workspace_read(es, e, k, w, &s, &in, &merged);
  if (st == IP_ENUMERIC) {
    leave_out_failed(es, p);
    return IP_OK;
  }
  IP_TRY(st);
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
  size_t n_done;       /* of all passes */
  double n_passes;
} epochs;

static ip_status estimate_epoch(void *what, size_t e, size_t part)
{
  epochs *all = what;
  const ip_estimation *es = all->es;
  for (size_t k = 0; k < es->n_layers; k++) IP_TRY(estimate_layer(es, e, k, &all->space[part]));
  pthread_mutex_lock(es->lock);
  ip_progress_update(es->progress, (double)++all->n_done / all->n_passes, NULL);
  pthread_mutex_unlock(es->lock);
  return IP_OK;
}

/* Threads take epochs. Those that are more than epochs share the estimates of one. */
static ip_status open_workspaces(const ip_estimation *es, size_t n_threads, size_t n, ip_workspace *space)
{
  for (size_t p = 0; p < n; p++) IP_TRY(ip_workspace_open(es, n_threads * (p + 1) / n - n_threads * p / n, &space[p]));
  return IP_OK;
}

static ip_status estimate_epochs(const ip_estimation *es, size_t n_threads, size_t pass, size_t n_passes)
{
  size_t n = n_threads < es->n_epochs ? n_threads : es->n_epochs;
  if (n == 0) return IP_OK;
  epochs all = {.es = es, .n_done = pass * es->n_epochs, .n_passes = (double)n_passes};
  ip_team *team = NULL;
  IP_TRY(IP_NEW(all.space, n, "work of threads"));
  ip_status st = open_workspaces(es, n_threads, n, all.space);
  if (st == IP_OK) st = ip_team_create(n, &team);
  if (st == IP_OK) st = ip_team_steps(team, es->n_epochs, estimate_epoch, &all);
  ip_team_destroy(&team);
  for (size_t p = 0; p < n; p++) ip_workspace_close(&all.space[p]);
  ip_free(all.space);
  if (st == IP_OK) return IP_OK;
  bool is_all = !strcmp(es->split, "all");
  ip_error_prefix("%s%s%s%s", ip_run_path(es->run), is_all ? "" : ", of its ", is_all ? "" : es->split,
                  is_all ? "" : " samples");
  return st;
}

/* ---------------------------------------------------------------- estimators and measures without a single number */

/* The reason of the first of one measure's series. */
static ip_status reason_of_measure(const ip_estimation *es, size_t i, ip_scratch *sc, const char **why)
{
  return ip_reasons_text(ip_why_not(es, es->first_series[i]), es->n_layers, sc, why);
}

/* Reports or, if `all` lack numbers, fails with the reason of one estimator or measure. */
static ip_status remark_on_one(const ip_estimation *es, const char *kind, const char *label, const char *why, bool all,
                               ip_scratch *sc)
{
  const char *name;
  if (!why) return IP_OK;
  IP_TRY(ip_run_name_group(label, es->split, sc, &name));
  IP_REQUIRE(!all, IP_EINVAL, "%s: %s %s: %s", es->path, kind, name, why);
  if (es->opt->remark) es->opt->remark(es->opt->remark_context, name, why);
  return IP_OK;
}

/* Fails when no estimator and no measure has any, with the reason of the first. */
static ip_status remark_on(const ip_estimation *es, bool all, ip_scratch *sc)
{
  const char *why;
  for (size_t i = 0; i < es->opt->n_estimators; i++) {
    if (!ip_estimates_are_empty(es, i)) continue;
    IP_TRY(ip_reasons_text(ip_reasons_of(es, i, IP_MISSING_IXT), es->n_layers, sc, &why));
    IP_TRY(remark_on_one(es, "estimator", ip_estimator_label(es->estimator[i]), why, all, sc));
  }
  for (size_t i = 0; i < es->opt->n_measures; i++) {
    if (!ip_measures_are_empty(es, i)) continue;
    IP_TRY(reason_of_measure(es, i, sc, &why));
    IP_TRY(remark_on_one(es, "measure", ip_measure_label(es->measure[i]), why, all, sc));
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
        es->opt->note(es->path, ip_estimator_label(es->estimator[i]),
                      "activations of the file are closer together than float32 tells apart, and some are taken as "
                      "equal");
    return;
  }
}

static ip_status note_left_out(const ip_estimation *es, ip_scratch *sc)
{
  const char *why;
  IP_TRY(ip_reasons_text(es->left_out, es->n_layers, sc, &why));
  if (why && es->opt->note) es->opt->note(es->path, "NaN in place of estimates", why);
  return IP_OK;
}

static bool is_empty(const ip_estimation *es)
{
  bool empty = es->n_epochs > 0;
  for (size_t i = 0; i < es->opt->n_estimators; i++) empty = empty && ip_estimates_are_empty(es, i);
  for (size_t i = 0; i < es->opt->n_measures; i++) empty = empty && ip_measures_are_empty(es, i);
  return empty;
}

/* Of all passes. */
static ip_status fail_with_reasons(size_t n, const ip_estimation *es)
{
  bool all = true;
  ip_scratch *sc;
  for (size_t i = 0; i < n; i++) all = all && is_empty(&es[i]);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = IP_OK;
  for (size_t i = 0; i < n && st == IP_OK; i++) {
    st = remark_on(&es[i], all, sc);
    if (st == IP_OK) st = note_left_out(&es[i], sc);
    if (st == IP_OK) note_merged(&es[i]);
  }
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
  for (size_t i = 0; i < n; i++) es->hx[i] = es->hy[i] = (double)NAN;
  return IP_NEW(es->has_entropies, 1, "entropies");
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

/* Inputs have been loaded. */
static ip_status choose_samples(ip_estimation *es)
{
  ip_sample_rule rule = {.most = es->opt->samples, .equal_sides = true, .seed = es->opt->seed};
  IP_TRY(ip_log_samples_find(es->split, &rule.which));
  IP_TRY(ip_run_view_open(es->run, &rule, &es->view));
  es->head = &es->view.head;
  es->n_samples = es->head->n;
  return IP_OK;
}

static ip_status estimate(ip_estimation *es, size_t pass, size_t n_passes)
{
  IP_TRY(open_run(es, es->path));
  IP_TRY(create_estimators(es));
  IP_TRY(ip_measures_create(es));
  if (es->needs & IP_NEEDS_X) IP_TRY(ip_run_load_inputs(es->run));
  IP_TRY(choose_samples(es));
  if (es->needs & IP_NEEDS_RUN_RANGE) IP_TRY(ip_workspace_find_ranges(es));
  size_t n = es->opt->n_estimators;
  IP_TRY(IP_NEW(es->value, n * IP_N_INFORMATION_SERIES * es->n_epochs * es->n_layers, "information"));
  IP_TRY(IP_NEW(es->merged, es->n_layers, "layers"));
  IP_TRY(IP_NEW(es->left_out, es->n_layers, "reasons"));
  IP_TRY(IP_NEW(es->reason, n * IP_N_MISSING * es->n_layers, "reasons"));
  IP_TRY(estimate_epochs(es, es->opt->n_threads ? es->opt->n_threads : ip_team_cores(), pass, n_passes));
  IP_TRY(ip_stop_check());
  for (size_t i = 0; i < n; i++) IP_TRY(ip_information_end(es, i));
  ip_run_view_close(&es->view);
  ip_run_close(&es->run);
  return IP_OK;
}

static void release(ip_estimation *es)
{
  for (size_t i = 0; es->estimator && i < es->opt->n_estimators; i++) ip_estimator_destroy(&es->estimator[i]);
  ip_free(es->estimator);
  ip_free(es->noisy);
  ip_free(es->low);
  ip_free(es->high);
  ip_free(es->value);
  ip_free(es->reason);
  ip_free(es->hx);
  ip_free(es->hy);
  ip_free(es->has_entropies);
  ip_free(es->left_out);
  ip_free(es->merged);
  ip_measures_free(es);
  ip_run_view_close(&es->view);
  ip_run_close(&es->run);
}

/* ---------------------------------------------------------------- all choices of samples */

enum { MOST_SPLITS = 3, MOST_PASSES = MOST_SPLITS + 1 };

/* A pass estimates from one choice of samples. */
typedef struct {
  size_t n;
  ip_estimate_options opt[MOST_PASSES];
  ip_estimation es[MOST_PASSES];
} passes;

/* The measures that compare the sides of the split, `both`, and the others, `one`: (n_measures) each. */
static ip_status sort_measures(const ip_estimate_options *opt, size_t *n_both, const char **both, size_t *n_one,
                               const char **one)
{
  *n_both = *n_one = 0;
  for (size_t i = 0; i < opt->n_measures; i++) {
    ip_measure *m;
    IP_TRY(ip_measure_create(opt->measure[i], opt->seed, &m));
    if (ip_measure_needs(m) & IP_NEEDS_SPLIT)
      both[(*n_both)++] = opt->measure[i];
    else
      one[(*n_one)++] = opt->measure[i];
    ip_measure_destroy(&m);
  }
  return IP_OK;
}

static void add_pass(passes *p, const char *split, const ip_estimate_options *opt, size_t n_measures,
                     const char *const *measure)
{
  p->opt[p->n] = *opt;
  p->opt[p->n].n_measures = n_measures;
  p->opt[p->n].measure = measure;
  p->es[p->n++].split = split;
}

static ip_status plan(const ip_estimate_options *opt, ip_scratch *sc, passes *p)
{
  static const char *const all[] = {"all"};
  size_t n = opt->n_splits ? opt->n_splits : 1, n_both, n_one;
  const char *const *split = opt->n_splits ? opt->split : all;
  const char **both, **one;
  bool has_all = false;
  IP_REQUIRE(n <= MOST_SPLITS, IP_ECONFIG, "expected at most %d choices of samples: all, train, test", MOST_SPLITS);
  IP_TRY(IP_SCRATCH(sc, both, opt->n_measures, "measures"));
  IP_TRY(IP_SCRATCH(sc, one, opt->n_measures, "measures"));
  IP_TRY(sort_measures(opt, &n_both, both, &n_one, one));
  for (size_t i = 0; i < n; i++) {
    bool is_all = !strcmp(split[i], "all");
    if (is_all)
      add_pass(p, split[i], opt, opt->n_measures, opt->measure);
    else
      add_pass(p, split[i], opt, n_one, one);
    has_all |= is_all;
  }
  if (!has_all && n_both) {
    add_pass(p, "all", opt, n_both, both);
    p->opt[n].n_estimators = 0;
  }
  return IP_OK;
}

static ip_status estimate_all(const char *path, const ip_estimate_options *opt, ip_progress *progress, ip_scratch *sc,
                              passes *p)
{
  pthread_mutex_t lock;
  IP_TRY(plan(opt, sc, p));
  pthread_mutex_init(&lock, NULL);
  ip_status st = IP_OK;
  for (size_t i = 0; i < p->n && st == IP_OK; i++) {
    p->es[i].opt = &p->opt[i];
    p->es[i].path = path;
    p->es[i].progress = progress;
    p->es[i].lock = &lock;
    st = estimate(&p->es[i], i, p->n);
  }
  if (st == IP_OK) st = fail_with_reasons(p->n, p->es);
  if (st == IP_OK) st = ip_estimates_record(p->n, p->es, path);
  pthread_mutex_destroy(&lock);
  return st;
}

ip_status ip_run_estimate(const char *path, const ip_estimate_options *opt, ip_progress *progress)
{
  passes p = {0};
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = estimate_all(path, opt, progress, sc, &p);
  for (size_t i = 0; i < p.n; i++)
    if (p.es[i].opt) release(&p.es[i]);
  ip_scratch_destroy(&sc);
  return st;
}
