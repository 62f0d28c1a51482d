#include "summary/correlations.h"

#include "base/mem.h"
#include "file/table.h"
#include "num/correlation.h"
#include "num/pooled.h"

#include <math.h>
#include <string.h>

enum { ALL_RUNS = 0 }; /* the group of all; those of the keys follow */

/* What does not depend on an estimator: pairs of two series of measures. */
static const char NO_ESTIMATOR[] = "-";

/* Correlations of one layer in a group: by one estimator, or of series of measures with each other. */
typedef struct {
  const char *estimator;
  size_t layer, group;
  ip_correlation *c;
  ip_pair *measured; // (series of measures, IP_N_MEASURES) of their last values and the measures in c
  ip_pair *between;  // (series of measures, series of measures) [a][b], a < b; NULL unless NO_ESTIMATOR
} cell;

struct ip_correlations {
  const ip_gather_plan *p;
  ip_scratch *sc;
  size_t n_groups, groups_room, n_cells, cells_room;
  const char **group; // (n_groups) the values of the keys; "" for all runs
  cell *cells;
};

ip_status ip_correlations_create(const ip_gather_plan *p, ip_scratch *sc, ip_correlations **out)
{
  ip_correlations *c;
  IP_TRY(IP_SCRATCH(sc, c, 1, "correlations"));
  *c = (ip_correlations){.p = p, .sc = sc};
  IP_TRY(IP_SCRATCH_GROW(sc, c->group, c->n_groups, &c->groups_room, "groups"));
  c->group[c->n_groups++] = "";
  *out = c;
  return IP_OK;
}

/* ---------------------------------------------------------------- runs */

/* The run's values of the keys, one a line. */
static ip_status name_group(const ip_correlations *c, const ip_gathered *g, const char **name)
{
  size_t n = ip_gathered_keys(c->p->grid, 0, NULL);
  const char **key;
  *name = "";
  IP_TRY(IP_SCRATCH(c->sc, key, n, "swept keys"));
  ip_gathered_keys(c->p->grid, n, key);
  for (size_t i = 0; i < c->p->n_by; i++)
    for (size_t j = 0; j < n; j++)
      if (!strcmp(c->p->by[i], key[j])) IP_TRY(ip_scratch_format(c->sc, name, "%s\n%s", *name, g->axis_value[j]));
  return IP_OK;
}

static ip_status find_group(ip_correlations *c, const ip_gathered *g, size_t *group)
{
  size_t mark = ip_scratch_mark(c->sc);
  const char *name;
  IP_TRY(name_group(c, g, &name));
  for (*group = ALL_RUNS + 1; *group < c->n_groups && strcmp(c->group[*group], name) != 0;) ++*group;
  if (*group < c->n_groups) return ip_scratch_release(c->sc, mark), IP_OK;
  IP_TRY(IP_SCRATCH_GROW(c->sc, c->group, c->n_groups, &c->groups_room, "groups"));
  c->group[c->n_groups++] = name;
  return IP_OK;
}

static const cell *find_cell(const ip_correlations *c, const char *estimator, size_t layer, size_t group)
{
  for (size_t i = 0; i < c->n_cells; i++) {
    const cell *at = &c->cells[i];
    if (at->layer == layer && at->group == group && !strcmp(at->estimator, estimator)) return at;
  }
  return NULL;
}

static ip_status add_cell(ip_correlations *c, const char *estimator, size_t layer, size_t group, const cell **out)
{
  cell new = {.layer = layer, .group = group};
  IP_TRY(IP_SCRATCH_GROW(c->sc, c->cells, c->n_cells, &c->cells_room, "correlations"));
  size_t n = c->p->measured.n;
  IP_TRY(ip_scratch_text(c->sc, estimator, &new.estimator));
  if (!strcmp(estimator, NO_ESTIMATOR)) {
    IP_TRY(IP_SCRATCH(c->sc, new.between, n * n, "correlations"));
  } else {
    IP_TRY(IP_SCRATCH(c->sc, new.c, 1, "correlations"));
    IP_TRY(IP_SCRATCH(c->sc, new.measured, n * IP_N_MEASURES, "correlations"));
  }
  c->cells[c->n_cells] = new;
  *out = &c->cells[c->n_cells++];
  return IP_OK;
}

/* The last value of the j-th series of measures in layer k; NaN if the run lacks it. */
static double last_of(const ip_correlations *c, const ip_gathered *g, size_t j, size_t k)
{
  size_t of_run = ip_measured_find(&g->measured, c->p->measured.series[j].column);
  if (of_run == g->measured.n) return (double)NAN;
  return ip_measure_final(g->n_epochs, g->measured_value[of_run] + k, g->n_layers);
}

/* Layer k of a run: its series of measures with each other. */
static ip_status add_between(ip_correlations *c, const ip_gathered *g, size_t k, size_t group)
{
  size_t n = c->p->measured.n, mark = ip_scratch_mark(c->sc);
  const cell *at = find_cell(c, NO_ESTIMATOR, k, group);
  if (!at) {
    IP_TRY(add_cell(c, NO_ESTIMATOR, k, group, &at));
    mark = ip_scratch_mark(c->sc);
  }
  double *last;
  IP_TRY(IP_SCRATCH(c->sc, last, n, "series of measures"));
  for (size_t j = 0; j < n; j++) last[j] = last_of(c, g, j, k);
  for (size_t a = 0; a < n; a++)
    for (size_t b = a + 1; b < n; b++) ip_pair_add(&at->between[a * n + b], last[a], last[b]);
  ip_scratch_release(c->sc, mark);
  return IP_OK;
}

/* Layer k of a run by its i-th estimator. */
static ip_status add(ip_correlations *c, const ip_gathered *g, size_t i, size_t k, size_t group)
{
  const double *measure = g->measure + (i * g->n_layers + k) * IP_N_MEASURES;
  const cell *at = find_cell(c, g->estimator[i], k, group);
  if (!at) IP_TRY(add_cell(c, g->estimator[i], k, group, &at));
  ip_correlation_add(at->c, measure);
  for (size_t j = 0; j < c->p->measured.n; j++) {
    double last = last_of(c, g, j, k);
    for (size_t m = 0; m < IP_N_MEASURES; m++) ip_pair_add(&at->measured[j * IP_N_MEASURES + m], measure[m], last);
  }
  return IP_OK;
}

ip_status ip_correlations_add(ip_correlations *c, const ip_gathered *g)
{
  size_t group = ALL_RUNS;
  if (c->p->n_by) IP_TRY(find_group(c, g, &group));
  for (size_t i = 0; i < g->n_estimators; i++)
    for (size_t k = 0; k < g->n_layers; k++) {
      IP_TRY(add(c, g, i, k, ALL_RUNS));
      if (group != ALL_RUNS) IP_TRY(add(c, g, i, k, group));
    }
  for (size_t k = 0; k < g->n_layers && c->p->measured.n > 1; k++) {
    IP_TRY(add_between(c, g, k, ALL_RUNS));
    if (group != ALL_RUNS) IP_TRY(add_between(c, g, k, group));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the table */

/* Numbers a < b count the measures of compression, then the n series of measures. */
static const ip_pair *pair_of(const cell *at, size_t n, size_t a, size_t b)
{
  if (at->between) return &at->between[(a - IP_N_MEASURES) * n + b - IP_N_MEASURES];
  return b < IP_N_MEASURES ? &at->c->pair[a][b] : &at->measured[(b - IP_N_MEASURES) * IP_N_MEASURES + a];
}

static ip_status put_pooled(const ip_correlations *c, const cell *all, size_t a, size_t b, ip_table *out)
{
  size_t mark = ip_scratch_mark(c->sc), k = 0;
  double *z, *variance, n_runs = 0;
  IP_TRY(IP_SCRATCH(c->sc, z, c->n_groups, "correlations"));
  IP_TRY(IP_SCRATCH(c->sc, variance, c->n_groups, "correlations"));
  for (size_t group = ALL_RUNS + 1; group < c->n_groups; group++) {
    const cell *at = find_cell(c, all->estimator, all->layer, group);
    double n, r, low, high;
    if (!at) continue;
    ip_pair_correlate(pair_of(at, c->p->measured.n, a, b), c->p->level, &n, &r, &low, &high);
    if (isnan(r) || isinf(ip_pearson_variance((size_t)n))) continue;
    z[k] = ip_fisher_z(r, (size_t)n);
    variance[k++] = ip_pearson_variance((size_t)n);
    n_runs += n;
  }
  ip_pooled pooled = ip_pool_correlations(k, z, variance, c->p->level);
  ip_table_int(out, (int64_t)k);
  ip_table_int(out, (int64_t)n_runs);
  ip_table_real(out, pooled.r);
  ip_table_real(out, pooled.low);
  ip_table_real(out, pooled.high);
  ip_table_real(out, pooled.p);
  ip_table_real(out, pooled.p_heterogeneity);
  ip_scratch_release(c->sc, mark);
  return IP_OK;
}

static const char *name_of(const ip_correlations *c, size_t a)
{
  return a < IP_N_MEASURES ? ip_measure_name((ip_compression_measure)a)
                           : c->p->measured.series[a - IP_N_MEASURES].column;
}

static ip_status put_cell(const ip_correlations *c, const cell *at, ip_table *out)
{
  size_t end = IP_N_MEASURES + c->p->measured.n;
  for (size_t a = at->between ? IP_N_MEASURES : 0; a < (at->between ? end : IP_N_MEASURES); a++)
    for (size_t b = a + 1; b < end; b++) {
      double n, r, low, high;
      ip_pair_correlate(pair_of(at, c->p->measured.n, a, b), c->p->level, &n, &r, &low, &high);
      ip_table_text(out, at->estimator);
      ip_table_int(out, (int64_t)at->layer + 1);
      ip_table_text(out, name_of(c, a));
      ip_table_text(out, name_of(c, b));
      ip_table_int(out, (int64_t)n);
      ip_table_real(out, r);
      ip_table_real(out, low);
      ip_table_real(out, high);
      if (c->p->n_by) IP_TRY(put_pooled(c, at, a, b, out));
      ip_table_end_row(out);
    }
  return IP_OK;
}

ip_status ip_correlations_publish(const ip_correlations *c, const char *path)
{
  static const char *const head[] = {"estimator", "layer", "a", "b", "runs", "r", "r_low", "r_high"};
  static const char *const pooled[] = {"groups",        "pooled_runs", "pooled_r",       "pooled_r_low",
                                       "pooled_r_high", "pooled_p",    "heterogeneity_p"};
  ip_table *out;
  IP_TRY(ip_table_create(path, &out));
  for (size_t i = 0; i < sizeof head / sizeof *head; i++) ip_table_text(out, head[i]);
  for (size_t i = 0; i < sizeof pooled / sizeof *pooled && c->p->n_by; i++) ip_table_text(out, pooled[i]);
  ip_table_end_row(out);
  ip_status st = IP_OK;
  for (size_t i = 0; i < c->n_cells && st == IP_OK; i++)
    if (c->cells[i].group == ALL_RUNS) st = put_cell(c, &c->cells[i], out);
  if (st == IP_OK) return ip_table_publish(&out);
  ip_table_discard(&out);
  return st;
}
