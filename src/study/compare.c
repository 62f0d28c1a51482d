#include "study/compare.h"

#include "config/settings.h"
#include "experiment/experiment.h"
#include "study/compare_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- runs and points */

/* What is known of a run before its numbers are read. */
typedef struct {
  const char *file;
  uint64_t seed;
  ip_settings settings;
  size_t point;
} one_run;

typedef struct {
  ip_scratch *sc;
  size_t n[2];
  one_run *run[2]; // (n) of A and of B
  ip_comparison *out;
  size_t room_points;
  ip_compared_point *point; // (n_points)
} comparer;

static ip_status read_head(ip_scratch *sc, one_run *r)
{
  ip_run *run;
  IP_TRY(ip_run_open(r->file, &run));
  const ip_run_head *head = ip_run_head_of(run);
  r->seed = head->seed;
  ip_status st = ip_settings_read(head->config, ip_experiment_schema()->renamed, sc, &r->settings);
  ip_run_close(&run);
  return st;
}

static ip_status read_heads(comparer *c, int side, size_t n, const char *const *file)
{
  c->n[side] = n;
  IP_TRY(IP_SCRATCH(c->sc, c->run[side], n, "runs"));
  for (size_t i = 0; i < n; i++) {
    c->run[side][i].file = file[i];
    IP_TRY(read_head(c->sc, &c->run[side][i]));
  }
  return IP_OK;
}

/* Adds the keys that differ between the runs of a side. */
static ip_status add_keys(comparer *c, int side, const char **key)
{
  ip_settings *all;
  size_t n;
  const char *const *differing;
  if (!c->n[side]) return IP_OK;
  IP_TRY(IP_SCRATCH(c->sc, all, c->n[side], "settings"));
  for (size_t i = 0; i < c->n[side]; i++) all[i] = c->run[side][i].settings;
  IP_TRY(ip_settings_differing(c->n[side], all, c->sc, &n, &differing));
  for (size_t i = 0; i < n; i++) {
    bool known = false;
    for (size_t j = 0; j < c->out->n_keys; j++) known |= !strcmp(key[j], differing[i]);
    if (!known) key[c->out->n_keys++] = differing[i];
  }
  return IP_OK;
}

static ip_status find_keys(comparer *c)
{
  size_t most = 0;
  const char **key;
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < c->n[side]; i++) most += c->run[side][i].settings.n;
  IP_TRY(IP_SCRATCH(c->sc, key, most, "keys"));
  c->out->key = key;
  IP_TRY(add_keys(c, 0, key));
  return add_keys(c, 1, key);
}

static bool is_at(const comparer *c, const one_run *r, const ip_compared_point *p)
{
  for (size_t k = 0; k < c->out->n_keys; k++)
    if (strcmp(ip_settings_get(&r->settings, c->out->key[k]), p->value[k]) != 0) return false;
  return true;
}

static ip_status find_point(comparer *c, int side, one_run *r)
{
  size_t i = 0;
  while (i < c->out->n_points && !is_at(c, r, &c->point[i])) i++;
  if (i == c->out->n_points) {
    const char **value;
    IP_TRY(IP_SCRATCH(c->sc, value, c->out->n_keys, "values"));
    for (size_t k = 0; k < c->out->n_keys; k++) value[k] = ip_settings_get(&r->settings, c->out->key[k]);
    IP_TRY(IP_SCRATCH_GROW(c->sc, c->point, i, &c->room_points, "points"));
    c->point[c->out->n_points++] = (ip_compared_point){.value = value};
  }
  r->point = i;
  c->point[i].n_a += side == 0;
  c->point[i].n_b += side == 1;
  return IP_OK;
}

/* The run of B with the same point and seed; NULL if there is none. */
static const one_run *partner_of(const comparer *c, const one_run *a)
{
  for (size_t j = 0; j < c->n[1]; j++)
    if (c->run[1][j].point == a->point && c->run[1][j].seed == a->seed) return &c->run[1][j];
  return NULL;
}

/* ---------------------------------------------------------------- numbers */

static ip_status read_pair(ip_pairs_of_values *v, size_t pair, const one_run *a, const one_run *b)
{
  IP_TRY(ip_pairs_read(v, pair, 0, a->file));
  return ip_pairs_read(v, pair, 1, b->file);
}

/* Means and interval of a quantity over the pairs that have it on both sides. */
static void summarize(const comparer *c, const ip_pair_values *v, size_t n_pairs, double *difference, ip_compared *row)
{
  double sum[2] = {0, 0};
  size_t n = 0;
  for (size_t i = 0; i < n_pairs; i++) {
    double a = v->value[0][i], b = v->value[1][i];
    if (!isfinite(a) || !isfinite(b)) continue;
    sum[0] += a;
    sum[1] += b;
    difference[n++] = b - a;
  }
  double nan = (double)NAN, count = (double)n;
  *row = v->row;
  row->n = n;
  row->mean_a = n ? sum[0] / count : nan;
  row->mean_b = n ? sum[1] / count : nan;
  row->difference = n ? ip_moments_of(n, difference).mean : nan;
  row->interval = ip_mean_interval(n, difference, c->out->level);
}

static ip_status compare_point(comparer *c, size_t at, size_t *room, ip_compared **rows)
{
  ip_pairs_of_values v = {.sc = c->sc};
  ip_compared_point *p = &c->point[at];
  for (size_t i = 0; i < c->n[0]; i++) p->n_pairs += c->run[0][i].point == at && partner_of(c, &c->run[0][i]) != NULL;
  v.n_pairs = p->n_pairs;
  size_t pair = 0;
  for (size_t i = 0; i < c->n[0]; i++) {
    const one_run *a = &c->run[0][i], *b = a->point == at ? partner_of(c, a) : NULL;
    if (b) IP_TRY(read_pair(&v, pair++, a, b));
  }
  double *difference;
  IP_TRY(IP_SCRATCH(c->sc, difference, p->n_pairs, "differences"));
  for (size_t i = 0; i < v.n; i++) {
    IP_TRY(IP_SCRATCH_GROW(c->sc, *rows, c->out->n, room, "differences"));
    ip_compared *row = &(*rows)[c->out->n];
    summarize(c, &v.values[i], p->n_pairs, difference, row);
    row->point = at;
    c->out->n += row->n > 0;
  }
  return IP_OK;
}

/* Networks before layers; layers in order, the output last; the order of the file within a layer. */
static long rank_of(const ip_compared *row)
{
  return !*row->layer ? 0 : !strcmp(row->layer, "output") ? 1L << 30 : atol(row->layer);
}

static int by_layer(const void *a, const void *b)
{
  const ip_compared *p = a, *q = b;
  if (p->point != q->point) return p->point < q->point ? -1 : 1;
  long r = rank_of(p), s = rank_of(q);
  return r != s ? (r > s) - (r < s) : (p->order > q->order) - (p->order < q->order);
}

ip_status ip_compare_runs(size_t n_a, const char *const *a, size_t n_b, const char *const *b, double level,
                          ip_scratch *sc, ip_comparison *out)
{
  comparer c = {.sc = sc, .out = out};
  ip_compared *rows = NULL;
  size_t room = 0;
  *out = (ip_comparison){.level = level};
  IP_TRY(read_heads(&c, 0, n_a, a));
  IP_TRY(read_heads(&c, 1, n_b, b));
  IP_TRY(find_keys(&c));
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < c.n[side]; i++) IP_TRY(find_point(&c, side, &c.run[side][i]));
  for (size_t at = 0; at < out->n_points; at++) IP_TRY(compare_point(&c, at, &room, &rows));
  if (out->n) qsort(rows, out->n, sizeof *rows, by_layer);
  out->row = rows;
  out->point = c.point;
  return IP_OK;
}
