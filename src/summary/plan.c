#include "summary/plan.h"

#include "base/mem.h"
#include "config/settings.h"
#include "estimator/estimator.h"
#include "experiment/experiment.h"
#include "runfile/runfile.h"
#include "study/files.h"
#include "study/paths.h"

#include <string.h>

static void take_first_epochs(ip_gather_plan *p, size_t n, const int64_t *epoch)
{
  p->epoch = epoch;
  p->n_epochs = n;
  p->same_epochs = true;
}

static void take_epochs(ip_gather_plan *p, size_t n, const int64_t *epoch)
{
  if (n != p->n_epochs || (n && epoch != p->epoch && memcmp(epoch, p->epoch, n * sizeof *epoch) != 0))
    p->same_epochs = false;
  if (n > p->n_epochs) p->n_epochs = n;
}

size_t ip_gather_plan_find(const ip_gather_plan *p, const char *label)
{
  size_t i = 0;
  while (i < p->n_estimators && strcmp(p->estimator[i], label) != 0) i++;
  return i;
}

/* ---------------------------------------------------------------- of an experiment */

typedef struct {
  ip_points *points;
  const ip_experiment *e;
  ip_scratch *sc;
  ip_gather_plan *p;
} planning;

/* In the order in which the run files have them. */
static ip_status label_estimators(planning *c)
{
  const ip_experiment *e = c->e;
  IP_TRY(IP_SCRATCH(c->sc, c->p->estimator, e->n_estimators * e->estimate.n_splits, "estimators"));
  IP_TRY(IP_SCRATCH(c->sc, c->p->spec, e->n_estimators * e->estimate.n_splits, "estimators"));
  for (size_t s = 0; s < e->estimate.n_splits; s++)
    for (size_t i = 0; i < e->n_estimators; i++) {
      IP_TRY(ip_scratch_text(c->sc, e->estimators[i], &c->p->spec[c->p->n_estimators]));
      ip_estimator *estimator;
      IP_TRY(ip_estimator_create(e->estimators[i], 0, &estimator));
      ip_status st = ip_run_name_group(ip_estimator_label(estimator), e->estimate.split[s], c->sc,
                                       &c->p->estimator[c->p->n_estimators++]);
      ip_estimator_destroy(&estimator);
      IP_TRY(st);
    }
  return IP_OK;
}

static ip_status take_size(planning *c, size_t k)
{
  const ip_point *point;
  ip_gather_plan *p = c->p;
  IP_TRY(ip_points_get(c->points, k, &point));
  if (point->n_layers > p->n_layers) p->n_layers = point->n_layers;
  if (k == 0)
    take_first_epochs(p, point->n_logged, point->logged);
  else
    take_epochs(p, point->n_logged, point->logged);
  return IP_OK;
}

/* Repeats have the same sizes. */
static ip_status take_sizes(planning *c)
{
  size_t n = ip_points_count(c->points);
  for (size_t k = 0; k < n; k += (size_t)c->e->repeats) IP_TRY(take_size(c, k));
  for (size_t s = 0; s < c->e->estimate.n_splits; s++)
    for (size_t i = 0; i < c->e->n_measures; i++)
      IP_TRY(ip_measured_add_spec(&c->p->measured, c->e->measures[i], c->e->estimate.split[s], c->sc));
  return label_estimators(c);
}

ip_status ip_gather_plan_experiment(ip_points *points, ip_scratch *sc, ip_gather_plan *p)
{
  const ip_experiment *e = ip_points_experiment(points);
  *p = (ip_gather_plan){.name = e->name ? e->name : "",
                        .level = e->estimate.level,
                        .n_by = e->correlations.n_by,
                        .by = e->correlations.by,
                        .grid = e->grid,
                        .repeats = e->repeats,
                        .seed = e->seed};
  return take_sizes(&(planning){points, e, sc, p});
}

/* ---------------------------------------------------------------- of files */

enum { LEVEL_PERCENT = 95 };

ip_status ip_gather_run_name(const char *file, ip_scratch *sc, const char **name)
{
  const char *base = ip_file_name(file);
  size_t n = strlen(base), m = strlen(IP_ENDING_RUN);
  if (n > m && !strcmp(base + n - m, IP_ENDING_RUN)) n -= m;
  return ip_scratch_format(sc, name, "%.*s", (int)n, base);
}

static ip_status keep_epochs(ip_gather_plan *p, const ip_run *run, ip_scratch *sc, bool first)
{
  size_t n = ip_run_n_epochs(run);
  int64_t *copy;
  if (!first) return take_epochs(p, n, ip_run_epochs(run)), IP_OK;
  IP_TRY(IP_SCRATCH(sc, copy, n, "logged epochs"));
  if (n) memcpy(copy, ip_run_epochs(run), n * sizeof *copy);
  take_first_epochs(p, n, copy);
  return IP_OK;
}

/* Adds the labels of the file that are new. */
static ip_status keep_estimators(ip_gather_plan *p, const ip_run *run, ip_scratch *sc)
{
  size_t n = ip_run_n_information(run);
  const char **all;
  IP_TRY(IP_SCRATCH(sc, all, p->n_estimators + n, "estimators"));
  if (p->n_estimators) memcpy(all, p->estimator, p->n_estimators * sizeof *all);
  p->estimator = all;
  for (size_t i = 0; i < n; i++) {
    bool known = ip_gather_plan_find(p, ip_run_information_name(run, i)) < p->n_estimators;
    if (!known) IP_TRY(ip_scratch_text(sc, ip_run_information_name(run, i), &all[p->n_estimators++]));
  }
  return IP_OK;
}

/* One column of the axis: the value of a key in every file. */
typedef struct {
  const char **key;    // (n_keys)
  const char ***value; // (n_keys, n)
  size_t n_keys;
} columns;

static ip_status read_file(ip_gather_plan *p, const char *file, ip_scratch *sc, bool first, const char **seed,
                           ip_settings *settings)
{
  ip_run *run;
  IP_TRY(ip_run_open_series(file, &run));
  const ip_run_head *h = ip_run_head_of(run);
  ip_status st = ip_scratch_format(sc, seed, "%llu", (unsigned long long)h->seed);
  const char *config;
  if (st == IP_OK) st = ip_scratch_text(sc, h->config, &config);
  if (st == IP_OK) st = ip_settings_read(config, ip_experiment_schema()->renamed, sc, settings);
  if (st == IP_OK) st = keep_epochs(p, run, sc, first);
  if (st == IP_OK) st = keep_estimators(p, run, sc);
  if (st == IP_OK) st = ip_measured_add_run(&p->measured, run, sc);
  if (st == IP_OK && !*p->name && *h->experiment) st = ip_scratch_text(sc, h->experiment, &p->name);
  if (h->n_layers > p->n_layers) p->n_layers = h->n_layers;
  ip_run_close(&run);
  return st;
}

/* Adds a column for every key whose values differ. */
static ip_status find_keys(size_t n, const ip_settings *s, ip_scratch *sc, columns *c)
{
  size_t n_keys;
  const char *const *key;
  IP_TRY(ip_settings_differing(n, s, sc, &n_keys, &key));
  for (size_t i = 0; i < n_keys; i++) {
    const char **value;
    IP_TRY(IP_SCRATCH(sc, value, n, "values of a key"));
    for (size_t k = 0; k < n; k++) value[k] = ip_settings_get(&s[k], key[i]);
    c->key[c->n_keys] = key[i];
    c->value[c->n_keys++] = value;
  }
  return IP_OK;
}

static ip_status make_grid(size_t n, const columns *c, ip_scratch *sc, ip_gather_plan *p)
{
  ip_grid *grid;
  ip_grid_axis *axis;
  IP_TRY(IP_SCRATCH(sc, grid, 1, "grid"));
  IP_TRY(IP_SCRATCH(sc, axis, 1, "axis"));
  *axis = (ip_grid_axis){.n = n, .n_keys = c->n_keys, .key = c->key, .value = (const char *const *const *)c->value};
  *grid = (ip_grid){.n_axes = 1, .axis = axis};
  p->grid = grid;
  return IP_OK;
}

ip_status ip_gather_plan_files(const char *name, size_t n, const char *const *file, ip_scratch *sc, ip_gather_plan *p)
{
  columns c = {.n_keys = 2};
  ip_settings *settings; // (n)
  size_t most = 2;
  const char **run, **seed;
  *p = (ip_gather_plan){.name = "", .level = LEVEL_PERCENT / 100.0};
  IP_TRY(IP_SCRATCH(sc, settings, n, "settings"));
  IP_TRY(IP_SCRATCH(sc, run, n, "names of runs"));
  IP_TRY(IP_SCRATCH(sc, seed, n, "seeds"));
  for (size_t i = 0; i < n; i++) {
    IP_TRY(ip_gather_run_name(file[i], sc, &run[i]));
    IP_TRY(read_file(p, file[i], sc, i == 0, &seed[i], &settings[i]));
    most += settings[i].n;
  }
  if (!*p->name) p->name = name;
  IP_TRY(IP_SCRATCH(sc, c.key, most, "keys"));
  IP_TRY(IP_SCRATCH(sc, c.value, most, "keys"));
  c.key[0] = "run";
  c.value[0] = run;
  c.key[1] = "seed";
  c.value[1] = seed;
  IP_TRY(find_keys(n, settings, sc, &c));
  return make_grid(n, &c, sc, p);
}
