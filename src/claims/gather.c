/* gather.c - the table of a claim from its run files. */
#include "claims/runs.h"

#include "base/build.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text.h"
#include "claims/gather_run.h"
#include "experiment/points.h"
#include "study/files.h"
#include "study/gathered.h"
#include "study/results.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const ip_claim *claim;
  const ip_claim_work *work;
  size_t n_seeds; /* of experiments */
  ip_claim_needs needs;
  ip_scratch *sc;
  ip_claim_table *table;
} gathering;

/* Position of a seed in the table; n_seeds if it has not got it. */
static size_t place_of(const ip_claim_table *t, uint64_t seed)
{
  size_t i = 0;
  while (i < t->n_seeds && t->seed[i] != seed) i++;
  return i;
}

/* ---------------------------------------------------------------- experiments */

static bool same_value(const char *a, const char *b)
{
  double x, y;
  if (ip_parse_real(a, &x) && ip_parse_real(b, &y)) return x == y;
  return !strcmp(a, b);
}

static ip_status check_where(const ip_claim_condition *k, size_t n, const char *const *key)
{
  for (size_t i = 0; i < k->n_where; i++) {
    bool is_swept = false;
    for (size_t j = 0; j < n; j++) is_swept |= !strcmp(key[j], k->where_key[i]);
    IP_REQUIRE(is_swept, IP_ECONFIG, "condition %s: where: '%s' is not swept by %s%s", k->name, k->where_key[i],
               k->experiment, ip_text_hint(k->where_key[i], n, key).text);
  }
  return IP_OK;
}

static bool is_selected(const ip_claim_condition *k, size_t n, const char *const *key, const char *const *value)
{
  for (size_t i = 0; i < k->n_where; i++)
    for (size_t j = 0; j < n; j++)
      if (!strcmp(key[j], k->where_key[i]) && !same_value(value[j], k->where_value[i])) return false;
  return true;
}

static ip_status copy_keys(gathering *g, ip_claim_block *b, size_t n, const char *const *key, const char *const *value)
{
  b->n_keys = n;
  IP_TRY(IP_SCRATCH(g->table->sc, b->key, n, "keys"));
  IP_TRY(IP_SCRATCH(g->table->sc, b->value, n, "keys"));
  for (size_t i = 0; i < n; i++) {
    IP_TRY(ip_scratch_text(g->table->sc, key[i], &b->key[i]));
    IP_TRY(ip_scratch_text(g->table->sc, value[i], &b->value[i]));
  }
  return IP_OK;
}

static ip_status gather_file(gathering *g, ip_claim_block *b, const char *path, size_t seed, bool failed,
                             const char *digest)
{
  if (access(path, F_OK)) return IP_OK; /* missing */
  return ip_claim_gather_run(g->claim, &g->needs, path, seed, failed, digest, g->table, b);
}

static ip_status gather_grid_point(gathering *g, const ip_claim_condition *k, ip_points *points, const char *folder,
                                   size_t at, size_t n, const char *const *key, const char *const *value)
{
  ip_claim_block *b;
  size_t repeats = (size_t)ip_points_experiment(points)->repeats;
  IP_TRY(ip_claim_table_add_block(g->table, &b));
  IP_TRY(ip_scratch_text(g->table->sc, k->name, &b->condition));
  IP_TRY(copy_keys(g, b, n, key, value));
  for (size_t i = 0; i < 2 * repeats; i++) { /* all, then all again for those that failed to fit */
    size_t j = i % repeats;
    const ip_point *point;
    char *path;
    IP_TRY(ip_stop_check());
    IP_TRY(ip_points_get(points, at * repeats + j, &point));
    size_t seed = place_of(g->table, point->seed);
    if (!j) IP_TRY(ip_scratch_text(g->table->sc, point->digest, &b->digest));
    IP_TRY(ip_results_run_path(folder, point->run_name, &path));
    ip_status st = gather_file(g, b, path, seed, i >= repeats, point->digest);
    ip_free(path);
    IP_TRY(st);
  }
  return IP_OK;
}

static ip_status gather_points(gathering *g, const ip_claim_condition *k, ip_points *points, const char *folder)
{
  const ip_grid *grid = ip_points_experiment(points)->grid;
  size_t n = ip_gathered_keys(grid, 0, NULL), selected = 0;
  const char **key, **value;
  IP_TRY(IP_SCRATCH(g->sc, key, n, "keys"));
  IP_TRY(IP_SCRATCH(g->sc, value, n, "keys"));
  ip_gathered_keys(grid, n, key);
  IP_TRY(check_where(k, n, key));
  for (size_t at = 0; at < ip_grid_count(grid); at++) {
    ip_gathered_values(grid, at, value);
    if (!is_selected(k, n, key, value)) continue;
    selected++;
    IP_TRY(gather_grid_point(g, k, points, folder, at, n, key, value));
  }
  IP_REQUIRE(selected, IP_ECONFIG, "condition %s: where: no point of the sweep has these values", k->name);
  return IP_OK;
}

static ip_status gather_experiment(gathering *g, size_t i)
{
  const ip_claim_condition *k = &g->claim->condition[i];
  const char *folder;
  ip_experiment *e;
  ip_points *points = NULL;
  IP_TRY(ip_scratch_format(g->sc, &folder, "%s/%s", g->work->folder, g->claim->condition[k->runs_of].name));
  IP_TRY(ip_claim_experiment(g->claim, i, g->n_seeds, &g->needs, &e));
  ip_status st = ip_points_create(e, &points);
  if (st == IP_OK) st = gather_points(g, k, points, folder);
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
  return st;
}

/* ---------------------------------------------------------------- run files */

typedef struct {
  size_t n;
  const char *const *file; // (n)
  uint64_t *seed;          // (n)
} own_runs;

/* The files of a condition with their seeds; files that all have the same seed are numbered. */
static ip_status list_files(gathering *g, const ip_claim_condition *k, own_runs *o)
{
  bool all_equal = true;
  IP_TRY(ip_run_files(k->n_files, k->files, g->sc, &o->n, &o->file));
  IP_TRY(IP_SCRATCH(g->sc, o->seed, o->n, "seeds"));
  for (size_t i = 0; i < o->n; i++) {
    ip_run *run;
    IP_TRY(ip_run_open_series(o->file[i], &run));
    o->seed[i] = ip_run_head_of(run)->seed;
    ip_run_close(&run);
    all_equal &= o->seed[i] == o->seed[0];
  }
  for (size_t i = 0; i < o->n && all_equal && o->n > 1; i++) o->seed[i] = i + 1;
  return IP_OK;
}

static ip_status gather_files(gathering *g, const ip_claim_condition *k, const own_runs *o)
{
  ip_claim_block *b;
  IP_TRY(ip_claim_table_add_block(g->table, &b));
  IP_TRY(ip_scratch_text(g->table->sc, k->name, &b->condition));
  for (size_t i = 0; i < o->n; i++)
    for (size_t j = 0; j < i; j++)
      IP_REQUIRE(o->seed[i] != o->seed[j], IP_EINVAL,
                 "%s: a second run with seed %" PRIu64
                 " in condition %s; a condition has one run for each seed: give runs "
                 "of other configurations conditions of their own",
                 o->file[i], o->seed[i], k->name);
  for (size_t i = 0; i < 2 * o->n; i++) { /* all, then all again for those that failed to fit */
    size_t j = i % o->n;
    IP_TRY(ip_stop_check());
    IP_TRY(gather_file(g, b, o->file[j], place_of(g->table, o->seed[j]), i >= o->n, NULL));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the table */

static int by_size(const void *a, const void *b)
{
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

/* The union of the seeds of all conditions. */
static ip_status list_seeds(gathering *g, const own_runs *own)
{
  size_t most = g->n_seeds, n = 0;
  uint64_t *seed;
  for (size_t i = 0; i < g->claim->n_conditions; i++) most += own[i].n;
  IP_TRY(IP_SCRATCH(g->table->sc, seed, most, "seeds"));
  for (size_t j = 0; j < g->n_seeds && !ip_claim_has_only_files(g->claim); j++) seed[n++] = g->claim->first_seed + j;
  for (size_t i = 0; i < g->claim->n_conditions; i++)
    for (size_t j = 0; j < own[i].n; j++) seed[n++] = own[i].seed[j];
  qsort(seed, n, sizeof *seed, by_size);
  for (size_t j = 0; j < n; j++)
    if (!g->table->n_seeds || seed[g->table->n_seeds - 1] != seed[j]) seed[g->table->n_seeds++] = seed[j];
  g->table->seed = seed;
  return IP_OK;
}

static ip_status fill_head(gathering *g)
{
  char now[21];
  ip_clock_utc(now);
  ip_claim_table *t = g->table;
  IP_TRY(ip_scratch_text(t->sc, g->claim->name, &t->claim));
  IP_TRY(ip_scratch_text(t->sc, g->claim->digest, &t->rule_digest));
  IP_TRY(ip_scratch_text(t->sc, now, &t->made));
  return ip_scratch_format(t->sc, &t->version, "infoplane %s (%s)", IP_VERSION, IP_COMMIT);
}

static ip_status gather(gathering *g)
{
  own_runs *own;
  IP_TRY(fill_head(g));
  IP_TRY(ip_claim_find_needs(g->claim, g->sc, &g->needs));
  IP_TRY(IP_SCRATCH(g->sc, own, g->claim->n_conditions, "run files"));
  for (size_t i = 0; i < g->claim->n_conditions; i++)
    if (g->claim->condition[i].n_files) IP_TRY(list_files(g, &g->claim->condition[i], &own[i]));
  IP_TRY(list_seeds(g, own));
  for (size_t i = 0; i < g->claim->n_conditions; i++)
    IP_TRY(g->claim->condition[i].experiment ? gather_experiment(g, i)
                                             : gather_files(g, &g->claim->condition[i], &own[i]));
  return IP_OK;
}

ip_status ip_claim_gather(const ip_claim *c, const ip_claim_work *work, size_t n_seeds, ip_claim_table **out)
{
  gathering g = {.claim = c, .work = work, .n_seeds = n_seeds};
  *out = NULL;
  IP_TRY(ip_scratch_create(&g.sc));
  ip_status st = ip_claim_table_create(&g.table);
  if (st == IP_OK) st = gather(&g);
  if (st == IP_OK)
    *out = g.table;
  else
    ip_claim_table_destroy(&g.table);
  ip_scratch_destroy(&g.sc);
  return st;
}
