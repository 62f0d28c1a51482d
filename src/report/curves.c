/* curves.c - the blocks of curves, filled from the run files and packed. */
#include "report/explore.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Codes of all columns while they are filled. Numbers of one owner stand together in each. */
typedef struct filling {
  ip_explore *x;
  uint16_t **code;  // (n_columns) of all owners; NULL for columns of flags and those that are not there
  uint8_t **flags;  // (n_columns) of columns of flags
  size_t *at;       // (n_columns) where the next owner begins
  double *one;      // numbers of one owner in one column
  ip_scratch *mine; /* of the run that is open */
} filling;

static size_t n_numbers(const ip_explore *x, const ip_explore_column *c, const ip_explore_owner *o)
{
  return ip_explore_n_series(x, c, o) * x->set[o->set].n;
}

/* Indices, in the open run's epochs, of those of a set; SIZE_MAX for one that the run did not log. */
static ip_status find_epochs(const ip_gathered *g, const ip_explore_set *set, ip_scratch *sc, size_t **index)
{
  IP_TRY(IP_SCRATCH(sc, *index, set->n, "epochs"));
  for (size_t i = 0, e = 0; i < set->n; i++) {
    while (e < g->n_epochs && g->epoch[e] < set->epoch[i]) e++;
    (*index)[i] = e < g->n_epochs && g->epoch[e] == set->epoch[i] ? e : SIZE_MAX;
  }
  return IP_OK;
}

/* The numbers of the open run in a column, in the order of the page. */
static void read_column(const ip_explore *x, const ip_explore_column *c, const ip_gathered *g, size_t n_layers,
                        size_t n_epochs, const size_t *index, double *v)
{
  size_t n_estimators = c->of == IP_OF_ESTIMATES ? x->n_estimators : 1;
  if (c->of == IP_OF_METRICS) n_layers = 1;
  for (size_t i = 0; i < n_estimators; i++) {
    size_t at = ip_explore_place(c, g, x->facts->n_estimators ? x->facts->estimator[i] : "");
    for (size_t k = 0; k < n_layers; k++)
      for (size_t e = 0; e < n_epochs; e++)
        *v++ = index[e] == SIZE_MAX ? (double)NAN : ip_explore_value(c, g, at, index[e], k);
  }
}

/* The numbers of an owner become codes behind those of the owners before it. */
static void put(filling *f, size_t i, size_t n, const double *v)
{
  const ip_explore_column *c = &f->x->column[i];
  for (size_t j = 0; j < n; j++) {
    if (c->is_flags)
      f->flags[i][f->at[i] + j] = v[j] > 0 ? (uint8_t)v[j] : 0;
    else
      f->code[i][f->at[i] + j] = ip_code(&c->range, v[j]);
  }
  f->at[i] += n;
}

static ip_status fill_run(filling *f, const ip_explore_owner *o)
{
  const ip_explore *x = f->x;
  const ip_explore_set *set = &x->set[o->set];
  ip_gathered g = {0};
  size_t *index;
  IP_TRY(ip_gathered_open(x->facts->set->file[o->run], f->mine, &g));
  ip_status st = find_epochs(&g, set, f->mine, &index);
  for (size_t i = 0; i < x->n_columns && st == IP_OK; i++) {
    const ip_explore_column *c = &x->column[i];
    if (!c->exists) continue;
    read_column(x, c, &g, o->n_layers, set->n, index, f->one);
    put(f, i, n_numbers(x, c, o), f->one);
  }
  ip_gathered_close(&g);
  return st;
}

/* ---------------------------------------------------------------- quantiles */

/* Numbers of the runs of a group, a row of (n) for each run: those of one column after those of another. */
typedef struct matrix {
  size_t n, n_runs;
  float *row; // (n_runs, n)
} matrix;

static ip_status read_rows(filling *f, const ip_explore_owner *o, const ip_run_group *group, matrix *m)
{
  const ip_explore *x = f->x;
  for (size_t j = 0; j < group->n_runs; j++) {
    ip_gathered g = {0};
    size_t *index;
    float *row = m->row + j * m->n;
    IP_TRY(ip_gathered_open(x->facts->set->file[group->run[j]], f->mine, &g));
    ip_status st = find_epochs(&g, &x->set[o->set], f->mine, &index);
    for (size_t i = 0; i < x->n_columns && st == IP_OK; i++) {
      if (!x->column[i].exists) continue;
      read_column(x, &x->column[i], &g, o->n_layers, x->set[o->set].n, index, f->one);
      size_t n = n_numbers(x, &x->column[i], o);
      for (size_t e = 0; e < n; e++) *row++ = (float)f->one[e];
    }
    ip_gathered_close(&g);
    ip_scratch_release(f->mine, 0);
    IP_TRY(st);
  }
  return IP_OK;
}

static int by_value(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* The quantile of the numbers of a column of the matrix that exist, by linear interpolation; NaN for none. `room` is of
 * (n_runs). */
static double quantile_of(const matrix *m, size_t column, double quantile, float *room)
{
  size_t n = 0;
  for (size_t j = 0; j < m->n_runs; j++) {
    room[n] = m->row[j * m->n + column];
    n += isfinite(room[n]) != 0;
  }
  if (!n) return (double)NAN;
  qsort(room, n, sizeof *room, by_value);
  double at = quantile * (double)(n - 1);
  size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
  return (double)room[below] + (at - (double)below) * ((double)room[above] - (double)room[below]);
}

static ip_status fill_quantiles(filling *f, size_t first, size_t n_owners, ip_scratch *sc)
{
  const ip_explore *x = f->x;
  const ip_explore_owner *o = &x->owner[first];
  const ip_run_group *group = &x->facts->set->group[o->group];
  matrix m = {.n_runs = group->n_runs};
  float *room;
  for (size_t i = 0; i < x->n_columns; i++)
    if (x->column[i].exists) m.n += n_numbers(x, &x->column[i], o);
  IP_TRY(IP_SCRATCH(sc, m.row, m.n_runs * m.n, "numbers of all runs"));
  IP_TRY(IP_SCRATCH(sc, room, m.n_runs, "numbers"));
  IP_TRY(read_rows(f, o, group, &m));
  for (size_t q = 0; q < n_owners; q++)
    for (size_t i = 0, column = 0; i < x->n_columns; i++) {
      if (!x->column[i].exists) continue;
      size_t n = n_numbers(x, &x->column[i], o);
      for (size_t e = 0; e < n; e++) f->one[e] = quantile_of(&m, column++, o[q].quantile, room);
      put(f, i, n, f->one);
    }
  return IP_OK;
}

/* ---------------------------------------------------------------- all */

static ip_status fill_owners(filling *f, ip_scratch *sc)
{
  const ip_explore *x = f->x;
  for (size_t o = 0, n = 1; o < x->n_owners; o += n) {
    size_t mark = ip_scratch_mark(sc);
    if (x->owner[o].run != SIZE_MAX) {
      IP_TRY(fill_run(f, &x->owner[o]));
    } else {
      for (n = 1; o + n < x->n_owners && x->owner[o + n].group == x->owner[o].group;) n++;
      IP_TRY(fill_quantiles(f, o, n, sc));
    }
    ip_scratch_release(f->mine, 0);
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

static ip_status begin(filling *f, ip_scratch *sc)
{
  const ip_explore *x = f->x;
  size_t most = 0;
  IP_TRY(IP_SCRATCH(sc, f->code, x->n_columns, "blocks"));
  IP_TRY(IP_SCRATCH(sc, f->flags, x->n_columns, "blocks"));
  IP_TRY(IP_SCRATCH(sc, f->at, x->n_columns, "blocks"));
  for (size_t i = 0; i < x->n_columns; i++) {
    size_t n = 0;
    for (size_t o = 0; o < x->n_owners; o++) {
      size_t one = n_numbers(x, &x->column[i], &x->owner[o]);
      n += one;
      most = one > most ? one : most;
    }
    if (!x->column[i].exists) continue;
    if (x->column[i].is_flags)
      IP_TRY(IP_SCRATCH(sc, f->flags[i], n, "flags"));
    else
      IP_TRY(IP_SCRATCH(sc, f->code[i], n, "codes"));
  }
  return IP_SCRATCH(sc, f->one, most, "numbers");
}

static ip_status pack(filling *f, ip_scratch *sc)
{
  ip_explore *x = f->x;
  size_t *length, most = 0;
  for (size_t o = 0; o < x->n_owners; o++) most += x->owner[o].n_layers * (x->n_estimators + 1) + 1;
  IP_TRY(IP_SCRATCH(sc, length, most, "lengths"));
  for (size_t i = 0; i < x->n_columns; i++) {
    ip_explore_column *c = &x->column[i];
    size_t n = 0;
    ip_packed_free(&c->packed);
    if (!c->exists) continue;
    for (size_t o = 0; o < x->n_owners; o++)
      for (size_t s = ip_explore_n_series(x, c, &x->owner[o]); s-- > 0;) length[n++] = x->set[x->owner[o].set].n;
    IP_TRY(c->is_flags ? ip_pack_u8(n, length, f->flags[i], &c->packed)
                       : ip_pack_u16(n, length, f->code[i], &c->packed));
  }
  return IP_OK;
}

static ip_status fill(ip_explore *x, ip_scratch *sc)
{
  filling f = {.x = x};
  IP_TRY(begin(&f, sc));
  IP_TRY(ip_scratch_create(&f.mine));
  ip_status st = fill_owners(&f, sc);
  ip_scratch_destroy(&f.mine);
  IP_TRY(st);
  return pack(&f, sc);
}

ip_status ip_explore_fill(ip_explore *x, const ip_explore_limits *limits)
{
  ip_scratch *sc;
  x->limits = *limits;
  IP_TRY(ip_explore_choose(x));
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = fill(x, sc);
  ip_scratch_destroy(&sc);
  return st;
}
