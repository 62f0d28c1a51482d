/* survey.c - what the runs have for the page to explore: their series with the ranges of them, and their epochs. */
#include "report/explore.h"
#include "study/series.h"

#include <math.h>
#include <string.h>

enum { MOST_WANTED = 40 }; /* epochs that are in the page in any case, besides those of histograms and clouds */

/* ---------------------------------------------------------------- one run */

static void extend_column(ip_explore_column *c, const ip_gathered *g, size_t at)
{
  size_t n_layers = c->of == IP_OF_METRICS ? 1 : g->n_layers;
  for (size_t e = 0; e < g->n_epochs && at != SIZE_MAX; e++)
    for (size_t k = 0; k < n_layers; k++) ip_code_extend(&c->extent, ip_explore_value(c, g, at, e, k));
}

static void extend_columns(ip_explore *x, const ip_gathered *g)
{
  for (size_t i = 0; i < x->n_columns; i++) {
    ip_explore_column *c = &x->column[i];
    bool is_estimate = c->of == IP_OF_ESTIMATES;
    for (size_t j = 0; j < (is_estimate ? g->n_estimators : 1); j++)
      extend_column(c, g, ip_explore_place(c, g, is_estimate ? g->estimator[j] : ""));
  }
}

static void want(ip_explore_run *r, double epoch, size_t *n_wanted)
{
  for (size_t e = 0; e < r->n_epochs && *n_wanted < MOST_WANTED; e++) {
    if ((double)r->epoch[e] != epoch || r->is_wanted[e]) continue;
    r->is_wanted[e] = true;
    ++*n_wanted;
  }
}

/* The first and last epoch, that of the least test loss, and those of the peaks of I(X;T). */
static void find_wanted(const ip_gathered *g, ip_explore_run *r)
{
  size_t n_wanted = 0;
  want(r, (double)r->epoch[0], &n_wanted);
  want(r, (double)r->epoch[r->n_epochs - 1], &n_wanted);
  want(r, g->best_epoch, &n_wanted);
  for (size_t i = 0; i < g->n_estimators * g->n_layers; i++)
    want(r, g->measure[i * IP_N_MEASURES + IP_MEASURE_PEAK_EPOCH], &n_wanted);
}

static ip_status keep_epochs(const ip_gathered *g, ip_scratch *sc, ip_scratch *mine, ip_explore_run *r)
{
  int64_t *epoch;
  size_t n, *index;
  r->n_epochs = g->n_epochs;
  r->n_layers = g->n_layers;
  r->best_test_epoch = g->best_epoch;
  r->has_activations = ip_run_has_activations(g->run);
  if (!g->n_epochs) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, epoch, g->n_epochs, "epochs"));
  IP_TRY(IP_SCRATCH(sc, r->is_wanted, g->n_epochs, "epochs"));
  IP_TRY(IP_SCRATCH(sc, r->is_few, g->n_epochs, "epochs"));
  memcpy(epoch, g->epoch, g->n_epochs * sizeof *epoch);
  r->epoch = epoch;
  find_wanted(g, r);
  IP_TRY(ip_series_thin(g->n_epochs, g->epoch, IP_EXPLORE_ACTIVATION_EPOCHS, mine, &n, &index));
  for (size_t i = 0; i < n; i++) r->is_few[index[i]] = true;
  return IP_OK;
}

static ip_status survey_run(void *context, size_t file, const ip_gathered *g, ip_scratch *mine)
{
  ip_explore *x = context;
  extend_columns(x, g);
  return keep_epochs(g, x->sc, mine, &x->run[file]);
}

/* The configuration of every run. */
static void find_groups(ip_explore *x, const ip_run_set *s)
{
  for (size_t i = 0; i < s->n_files; i++) x->run[i].group = x->run[i].set = SIZE_MAX;
  for (size_t g = 0; g < s->n_groups; g++)
    for (size_t j = 0; j < s->group[g].n_runs + s->group[g].n_failed_to_fit; j++) x->run[s->group[g].run[j]].group = g;
}

/* ---------------------------------------------------------------- what the page has */

/* Marks the epochs of a run that the page has: all, or some that are evenly spaced in the logarithm and those that are
 * in it in any case. */
static ip_status choose_epochs(const ip_explore_run *r, size_t most, ip_scratch *sc, bool **chosen)
{
  size_t n, *index, n_must = 0;
  IP_TRY(IP_SCRATCH(sc, *chosen, r->n_epochs, "epochs"));
  for (size_t e = 0; e < r->n_epochs; e++) n_must += (*chosen)[e] = r->is_wanted[e] || r->is_few[e];
  if (r->n_epochs <= most) n_must = 0;
  IP_TRY(ip_series_thin(r->n_epochs, r->epoch, most > n_must + 2 ? most - n_must : 2, sc, &n, &index));
  for (size_t i = 0; i < n; i++) (*chosen)[index[i]] = true;
  return IP_OK;
}

static ip_status make_set(const ip_explore *x, const ip_explore_run *r, ip_explore_set *set)
{
  bool *chosen;
  int64_t *epoch;
  size_t *few;
  *set = (ip_explore_set){0};
  IP_TRY(choose_epochs(r, x->limits.most_epochs, x->chosen, &chosen));
  IP_TRY(IP_SCRATCH(x->chosen, epoch, r->n_epochs, "epochs"));
  IP_TRY(IP_SCRATCH(x->chosen, few, r->n_epochs, "epochs"));
  for (size_t e = 0; e < r->n_epochs; e++) {
    if (!chosen[e]) continue;
    if (r->is_few[e]) few[set->n_few++] = set->n;
    epoch[set->n++] = r->epoch[e];
  }
  set->epoch = epoch;
  set->few = few;
  return IP_OK;
}

static bool same_set(const ip_explore_set *a, const ip_explore_set *b)
{
  return a->n == b->n && a->n_few == b->n_few && !memcmp(a->epoch, b->epoch, a->n * sizeof *a->epoch) &&
         !memcmp(a->few, b->few, a->n_few * sizeof *a->few);
}

/* Gives run i its set of epochs, which other runs may have too. */
static ip_status choose_set(ip_explore *x, size_t i)
{
  ip_explore_run *r = &x->run[i];
  if (!r->n_epochs) return IP_OK;
  IP_TRY(make_set(x, r, &x->set[x->n_sets]));
  for (r->set = 0; !same_set(&x->set[r->set], &x->set[x->n_sets]);) r->set++;
  if (r->set == x->n_sets) x->n_sets++;
  return IP_OK;
}

static void own(ip_explore *x, size_t run, size_t of, size_t group, double quantile)
{
  const ip_explore_run *r = &x->run[of];
  if (r->set == SIZE_MAX) return;
  x->owner[x->n_owners++] = (ip_explore_owner){run, group, r->set, r->n_layers, quantile};
}

static ip_status choose_quantiles(ip_explore *x)
{
  static const double quantile[] = {0.05, 0.25, 0.5, 0.75, 0.95};
  enum { N_QUANTILES = sizeof quantile / sizeof *quantile };
  const ip_run_set *s = x->facts->set;
  IP_TRY(IP_SCRATCH(x->chosen, x->set, s->n_groups + 1, "sets of epochs"));
  IP_TRY(IP_SCRATCH(x->chosen, x->owner, s->n_groups * N_QUANTILES, "series"));
  for (size_t g = 0; g < s->n_groups; g++) {
    IP_TRY(choose_set(x, s->group[g].longest));
    for (size_t q = 0; q < N_QUANTILES; q++) own(x, SIZE_MAX, s->group[g].longest, g, quantile[q]);
  }
  for (size_t i = 0; i < s->n_files; i++) x->run[i].set = SIZE_MAX;
  return IP_OK;
}

ip_status ip_explore_choose(ip_explore *x)
{
  const ip_run_set *s = x->facts->set;
  ip_scratch_release(x->chosen, 0);
  x->n_sets = x->n_owners = 0;
  x->n_estimators = x->limits.one_estimator && x->facts->n_estimators ? 1 : x->facts->n_estimators;
  for (size_t i = 0; i < x->n_columns; i++) {
    ip_explore_column *c = &x->column[i];
    c->exists =
        ip_explore_found(c) && !(c->is_measure && x->limits.no_measures) && (c->is_main || !x->limits.quantiles);
    c->range = ip_explore_range(c);
  }
  for (size_t i = 0; i < s->n_files; i++) x->run[i].set = SIZE_MAX;
  if (x->limits.quantiles) return choose_quantiles(x);
  IP_TRY(IP_SCRATCH(x->chosen, x->set, s->n_files + 1, "sets of epochs"));
  IP_TRY(IP_SCRATCH(x->chosen, x->owner, s->n_files, "series"));
  for (size_t i = 0; i < s->n_files; i++) {
    IP_TRY(choose_set(x, i));
    own(x, i, i, x->run[i].group, (double)NAN);
  }
  return IP_OK;
}

static ip_status read_runs(const ip_run_set *s, ip_facts **f, ip_explore *x)
{
  const ip_facts_visitor visitor = {survey_run, x};
  IP_TRY(ip_scratch_create(&x->sc));
  IP_TRY(ip_scratch_create(&x->chosen));
  IP_TRY(ip_explore_columns(x, &s->measured));
  IP_TRY(ip_theory_curves(s, x->sc, &x->n_curves, &x->curve, &x->curve_of));
  IP_TRY(IP_SCRATCH(x->sc, x->run, s->n_files, "runs"));
  find_groups(x, s);
  IP_TRY(ip_facts_read(s, &visitor, f));
  x->facts = *f;
  return IP_OK;
}

static void free_blocks(ip_explore *x)
{
  for (size_t i = 0; i < x->n_columns; i++) ip_packed_free(&x->column[i].packed);
}

ip_status ip_explore_read(const ip_run_set *s, ip_facts **f, ip_explore **out)
{
  ip_explore *x;
  *f = NULL;
  *out = NULL;
  IP_TRY(IP_NEW(x, 1, "data to explore"));
  ip_status st = read_runs(s, f, x);
  if (st != IP_OK) ip_explore_destroy(&x);
  *out = x;
  return st;
}

void ip_explore_destroy(ip_explore **x)
{
  if (!*x) return;
  free_blocks(*x);
  ip_scratch_destroy(&(*x)->chosen);
  ip_scratch_destroy(&(*x)->sc);
  ip_free(*x);
  *x = NULL;
}
