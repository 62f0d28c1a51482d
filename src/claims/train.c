/* train.c - the experiments of a claim's conditions, and their missing runs. */
#include "claims/runs.h"

#include "base/plain.h"
#include "claims/estimator_name.h"
#include "experiment/points.h"
#include "sweep/sweep.h"

#include <inttypes.h>
#include <string.h>

bool ip_claim_has_only_files(const ip_claim *c)
{
  for (size_t k = 0; k < c->n_conditions; k++)
    if (c->condition[k].experiment) return false;
  return true;
}

/* "estimators=['edges', 'exact']" */
static ip_status list_text(const char *key, size_t n, const char *const *word, ip_scratch *sc, const char **out)
{
  size_t size = strlen(key) + 8;
  char *text;
  for (size_t i = 0; i < n; i++) size += strlen(word[i]) + 4;
  IP_TRY(IP_SCRATCH(sc, text, size, "settings"));
  strcat(strcpy(text, key), "=[");
  for (size_t i = 0; i < n; i++) strcat(strcat(strcat(text, i ? ", '" : "'"), word[i]), "'");
  strcat(text, "]");
  *out = text;
  return IP_OK;
}

/* Labels of the measures that the rules read: "geometry" of "geometry/nc1". */
static ip_status list_measures(const ip_claim_needs *needs, ip_scratch *sc, const char **out)
{
  const char **label;
  size_t n = 0;
  IP_TRY(IP_SCRATCH(sc, label, needs->n, "measures"));
  for (size_t i = 0; i < needs->n; i++) {
    if (needs->need[i].source != IP_SOURCE_MEASURE) continue;
    const char *slash = strrchr(needs->need[i].path, '/'), *text;
    bool is_new = true;
    IP_TRY(ip_scratch_format(sc, &text, "%.*s", (int)(slash - needs->need[i].path), needs->need[i].path));
    for (size_t j = 0; j < n; j++) is_new &= strcmp(label[j], text) != 0;
    if (is_new) label[n++] = text;
  }
  return list_text("measures", n, label, sc, out);
}

/* Specs of the estimators, and the sides of the split that they are of. */
static ip_status list_estimators(const ip_claim_needs *needs, ip_scratch *sc, const char **specs, const char **splits)
{
  static const char *const sides[] = {"all", "train", "test"};
  const char **spec, *split[3];
  size_t n = 0, n_splits = 0;
  IP_TRY(IP_SCRATCH(sc, spec, needs->n_estimators, "estimators"));
  for (size_t i = 0; i < needs->n_estimators; i++) {
    bool is_new = true;
    IP_TRY(ip_scratch_format(sc, &spec[n], "%.*s", (int)ip_estimator_name_length(needs->estimator[i]),
                             needs->estimator[i]));
    for (size_t j = 0; j < n; j++) is_new &= strcmp(spec[j], spec[n]) != 0;
    n += is_new;
  }
  for (size_t s = 0; s < 3; s++) {
    bool is_read = s == 0 && !needs->n_estimators;
    for (size_t i = 0; i < needs->n_estimators; i++)
      is_read |= !strcmp(ip_estimator_name_split(needs->estimator[i]), sides[s]);
    if (is_read) split[n_splits++] = sides[s];
  }
  IP_TRY(list_text("estimators", n, spec, sc, specs));
  return list_text("estimate.split", n_splits, split, sc, splits);
}

static ip_status load(const ip_claim *c, size_t k, size_t n_seeds, const ip_claim_needs *needs, ip_scratch *sc,
                      ip_experiment **out)
{
  enum { OURS = 7 };
  const ip_claim_condition *condition = &c->condition[k];
  size_t n = condition->n_set;
  const char **set;
  IP_TRY(IP_SCRATCH(sc, set, n + OURS, "settings"));
  for (size_t i = 0; i < n; i++) set[i] = condition->set[i];
  IP_TRY(ip_scratch_format(sc, &set[n], "seed=%" PRIu64, c->first_seed));
  IP_TRY(ip_scratch_format(sc, &set[n + 1], "repeats=%zu", n_seeds));
  IP_TRY(list_estimators(needs, sc, &set[n + 2], &set[n + 6]));
  IP_TRY(list_measures(needs, sc, &set[n + 3]));
  set[n + 4] = "log.keep=none";
  set[n + 5] = "figures=[]";
  return ip_experiment_load(condition->experiment, n + OURS, set, out);
}

ip_status ip_claim_experiment(const ip_claim *c, size_t k, size_t n_seeds, const ip_claim_needs *needs,
                              ip_experiment **out)
{
  ip_scratch *sc;
  *out = NULL;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = load(c, k, n_seeds, needs, sc, out);
  if (st == IP_ECONFIG && c->n_conditions > 1) ip_error_prefix("%s, condition %s", c->path, c->condition[k].name);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status run_points(const ip_experiment *e, const ip_claim_work *work, const char *folder)
{
  ip_points *points;
  ip_sweep_outcome outcome;
  ip_sweep_options opt = {.folder = folder,
                          .shard = {1, 1},
                          .jobs = work->jobs,
                          .threads = work->threads,
                          .force = work->force,
                          .messages = work->messages};
  IP_TRY(ip_experiment_check_noise(e));
  IP_TRY(ip_points_create(e, &points));
  ip_status st = ip_sweep_run(points, &opt, &outcome);
  ip_points_destroy(&points);
  return st;
}

static ip_status train_condition(const ip_claim *c, size_t k, const ip_claim_work *work, size_t n_seeds,
                                 const ip_claim_needs *needs, ip_scratch *sc)
{
  const char *folder;
  ip_experiment *e;
  IP_TRY(ip_scratch_format(sc, &folder, "%s/%s", work->folder, c->condition[k].name));
  IP_TRY(ip_claim_experiment(c, k, n_seeds, needs, &e));
  if (work->messages)
    ip_print(work->messages, "%s, condition %s: %zu runs\n", c->name, c->condition[k].name, ip_experiment_n_points(e));
  ip_status st = run_points(e, work, folder);
  ip_experiment_destroy(&e);
  return st;
}

ip_status ip_claim_train(const ip_claim *c, const ip_claim_work *work, size_t n_seeds)
{
  ip_scratch *sc;
  ip_claim_needs needs;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_claim_find_needs(c, sc, &needs);
  for (size_t k = 0; k < c->n_conditions && st == IP_OK; k++)
    if (c->condition[k].experiment && c->condition[k].runs_of == k)
      st = train_condition(c, k, work, n_seeds, &needs, sc);
  ip_scratch_destroy(&sc);
  return st;
}
