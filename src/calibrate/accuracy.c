#include "calibrate/accuracy.h"

#include "calibrate/published.h"
#include "file/table.h"
#include "info/discrete.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- which problems */

static ip_status member(const ip_calibration_family *f, double nats, size_t pairs, int freedom, ip_scratch *sc,
                        const ip_calibration_task **task)
{
  const char *spec;
  if (f->has_freedom)
    IP_TRY(ip_scratch_format(sc, &spec, "%s:nats=%.17g:pairs=%zu:freedom=%d", f->name, nats, pairs, freedom));
  else
    IP_TRY(ip_scratch_format(sc, &spec, "%s:nats=%.17g:pairs=%zu", f->name, nats, pairs));
  return ip_family_member(spec, sc, task);
}

ip_status ip_accuracy_tasks(size_t n_families, const ip_calibration_family *const *family, size_t n_nats,
                            const double *nats, size_t n_pairs, const size_t *pairs, ip_scratch *sc, size_t *n_tasks,
                            const ip_calibration_task ***task)
{
  *n_tasks = 0;
  IP_TRY(IP_SCRATCH(sc, *task, n_families * n_nats * n_pairs * 2, "calibration tasks"));
  for (size_t f = 0; f < n_families; f++)
    for (size_t i = 0; i < n_nats; i++)
      for (size_t k = 0; k < n_pairs; k++)
        for (int freedom = 1; freedom <= (family[f]->has_freedom ? 2 : 1); freedom++) {
          if (pairs[k] < family[f]->min_pairs || nats[i] < ip_family_min_nats(family[f], pairs[k], freedom)) continue;
          IP_TRY(member(family[f], nats[i], pairs[k], freedom, sc, &(*task)[(*n_tasks)++]));
        }
  return IP_OK;
}

/* ---------------------------------------------------------------- means */

static bool is_same(const ip_accuracy_row *a, const ip_calibration_row *row)
{
  return !strcmp(a->family, row->task->family->name) && a->nats == row->task->nats && a->n == row->n &&
         a->estimator == row->estimator;
}

/* The published errors of a family at so many nats. */
static void add_published(const char *family, double nats, size_t *n_rows, ip_accuracy_row *out)
{
  size_t n;
  const ip_published_errors *all = ip_published(&n);
  if (nats != floor(nats) || nats >= IP_PUBLISHED_LEVELS) return;
  for (size_t i = 0; i < n; i++) {
    double mae = all[i].mae_nats[(size_t)nats];
    if (strcmp(all[i].family, family) != 0 || isnan(mae)) continue;
    out[(*n_rows)++] = (ip_accuracy_row){.family = family,
                                         .estimator = all[i].estimator,
                                         .nats = nats,
                                         .n = IP_PUBLISHED_SAMPLES,
                                         .mae_nats = mae,
                                         .source = "mutinfo"};
  }
}

/* Adds the error of one member to the row of its family. */
static void add_member(const ip_calibration_row *row, size_t first, size_t *n_rows, ip_accuracy_row *out)
{
  double error = fabs(row->mean_bits - row->true_bits) * IP_NATS_PER_BIT;
  for (size_t i = first; i < *n_rows; i++)
    if (is_same(&out[i], row)) {
      out[i].mae_nats += (error - out[i].mae_nats) / (double)++out[i].members;
      return;
    }
  const ip_calibration_task *t = row->task;
  out[(*n_rows)++] = (ip_accuracy_row){t->family->name, row->estimator, t->nats, row->n, row->repeats, 1, error, ""};
}

ip_status ip_accuracy(size_t n, const ip_calibration_row *row, ip_scratch *sc, size_t *n_rows, ip_accuracy_row **out)
{
  size_t n_published;
  ip_published(&n_published);
  *n_rows = 0;
  IP_TRY(IP_SCRATCH(sc, *out, n + n * n_published, "mean errors"));
  for (size_t k = 0; k < n;) {
    const ip_calibration_task *t = row[k].task;
    size_t first = *n_rows;
    bool published = false;
    for (; k < n && row[k].task->family == t->family && row[k].task->nats == t->nats; k++) {
      add_member(&row[k], first, n_rows, *out);
      published = published || row[k].n == IP_PUBLISHED_SAMPLES;
    }
    if (published) add_published(t->family->name, t->nats, n_rows, *out);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- tables */

static void write_head(ip_table *t, bool series)
{
  static const char *const head[] = {"family",  "nats",    "estimator", "samples",
                                     "repeats", "members", "mae_nats",  "source"};
  for (size_t k = 0; k < sizeof head / sizeof *head; k++) ip_table_text(t, head[k]);
  if (series) ip_table_text(t, "series");
  ip_table_end_row(t);
}

/* A row without its end. */
static void write_row(ip_table *t, const ip_accuracy_row *r)
{
  ip_table_text(t, r->family);
  ip_table_real(t, r->nats);
  ip_table_text(t, r->estimator);
  ip_table_int(t, (int64_t)r->n);
  ip_table_int(t, (int64_t)r->repeats);
  ip_table_int(t, (int64_t)r->members);
  ip_table_real(t, r->mae_nats);
  ip_table_text(t, *r->source ? r->source : "-");
}

ip_status ip_accuracy_write(const char *path, size_t n, const ip_accuracy_row *row)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  write_head(t, false);
  for (size_t k = 0; k < n; k++) {
    write_row(t, &row[k]);
    ip_table_end_row(t);
  }
  return ip_table_publish(&t);
}

/* Estimators by their first appearance; samples of an estimator are lines of their own. */
typedef struct series {
  const char *estimator;
  size_t n;
} series;

static ip_status find_series(size_t n, const ip_accuracy_row *row, ip_scratch *sc, size_t *n_series, series **out)
{
  *n_series = 0;
  IP_TRY(IP_SCRATCH(sc, *out, n, "names of estimators"));
  for (int published = 0; published < 2; published++)
    for (size_t k = 0; k < n; k++) {
      bool seen = (*row[k].source != '\0') != published;
      for (size_t s = 0; s < *n_series; s++)
        seen = seen || (!strcmp((*out)[s].estimator, row[k].estimator) && (*out)[s].n == row[k].n);
      if (!seen) (*out)[(*n_series)++] = (series){row[k].estimator, row[k].n};
    }
  return IP_OK;
}

ip_status ip_accuracy_write_figure(const char *path, size_t n, const ip_accuracy_row *row, ip_scratch *sc)
{
  ip_table *t;
  series *s;
  size_t n_series;
  IP_TRY(find_series(n, row, sc, &n_series, &s));
  IP_TRY(ip_table_create(path, &t));
  write_head(t, true);
  for (size_t first = 0, end; first < n; first = end) {
    size_t lines = 0;
    for (end = first; end < n && !strcmp(row[end].family, row[first].family);) end++;
    for (int gap = 0; first && gap < 2; gap++) ip_table_end_row(t);
    for (size_t i = 0; i < n_series; i++) {
      size_t points = 0;
      for (size_t k = first; k < end; k++) {
        if (strcmp(row[k].estimator, s[i].estimator) != 0 || row[k].n != s[i].n) continue;
        if (!points++ && lines++) ip_table_end_row(t);
        write_row(t, &row[k]);
        ip_table_int(t, (int64_t)i + 1);
        ip_table_end_row(t);
      }
    }
  }
  return ip_table_publish(&t);
}
