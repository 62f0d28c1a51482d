#include "calibrate/calibrate.h"

#include "file/table.h"

#include <math.h>
#include <string.h>

const char *ip_quantity_name(ip_quantity q)
{
  return q == IP_QUANTITY_IXT ? "I(X;T)" : "I(T;Y)";
}

/* Running mean and squared deviations (Welford 1962). */
typedef struct moments {
  size_t n;
  double mean, square;
} moments;

static void add(moments *m, double v)
{
  double off = v - m->mean;
  m->n++;
  m->mean += off / (double)m->n;
  m->square += off * (v - m->mean);
}

/* One estimator on one drawn sample; *taken is false when it refuses the task. An estimate that does not exist is not
 * counted. */
static ip_status estimate(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, bool *taken, moments *of)
{
  ip_estimate out;
  size_t mark = ip_scratch_mark(sc);
  ip_status st = ip_estimator_run(e, s, sc, &out);
  ip_scratch_release(sc, mark);
  *taken = st == IP_OK;
  if (st == IP_EINVAL) {
    ip_error_clear();
    return IP_OK;
  }
  IP_TRY(st);
  if (!out.ixt_no_value) add(&of[IP_QUANTITY_IXT], out.ixt_bits);
  if (!out.ity_no_value) add(&of[IP_QUANTITY_ITY], out.ity_bits);
  return IP_OK;
}

/* Rows of one task and size, those of all repeats; n_rows grows. */
typedef struct job {
  const ip_calibration_options *o;
  ip_estimator **estimator; // (n_estimators)
  size_t done;
} job;

static ip_status run_size(job *j, const ip_calibration_task *task, size_t n, ip_scratch *sc,
                          moments *of /* (n_estimators, 2) */)
{
  for (size_t r = 0; r < j->o->repeats; r++) {
    size_t mark = ip_scratch_mark(sc);
    ip_rng rng = ip_rng_open(j->o->seed, IP_RNG_TASK, ip_task_stream(task) << 32 | r);
    ip_samples s;
    IP_TRY(ip_task_draw(task, n, &rng, sc, &s));
    for (size_t e = 0; e < j->o->n_estimators; e++) {
      bool taken = true;
      if (r == 0 || of[2 * e].n || of[2 * e + 1].n) IP_TRY(estimate(j->estimator[e], &s, sc, &taken, of + 2 * e));
      ip_progress_update(j->o->progress, (double)++j->done, task->name);
    }
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

static ip_calibration_row row_of(const ip_calibration_task *task, ip_quantity q, const char *label, size_t n,
                                 const moments *m)
{
  ip_calibration_row row = {task, q, label, n, m->n, 0, m->mean, 0, NAN, NAN};
  row.true_bits = q == IP_QUANTITY_IXT ? ip_task_ixt_bits(task) : ip_task_ity_bits(task);
  row.sd_bits = sqrt(m->square / ((double)m->n - 1));
  ip_bias_bounds_find(task->name, q, label, n, &row.low_bits, &row.high_bits);
  return row;
}

static ip_status run_task(job *j, const ip_calibration_task *task, const char *const *label, ip_scratch *sc,
                          size_t *n_rows, ip_calibration_row *row)
{
  const ip_calibration_options *o = j->o;
  size_t mark = ip_scratch_mark(sc);
  moments *of; // (n_sizes, n_estimators, 2)
  IP_TRY(IP_SCRATCH(sc, of, o->n_sizes * o->n_estimators * 2, "results"));
  for (size_t k = 0; k < o->n_sizes; k++) IP_TRY(run_size(j, task, o->size[k], sc, of + k * o->n_estimators * 2));
  ip_quantity last = task->ity_bits ? IP_QUANTITY_ITY : IP_QUANTITY_IXT;
  for (ip_quantity q = IP_QUANTITY_IXT; q <= last; q++)
    for (size_t e = 0; e < o->n_estimators; e++)
      for (size_t k = 0; k < o->n_sizes; k++) {
        const moments *m = &of[(k * o->n_estimators + e) * 2 + q];
        if (m->n) row[(*n_rows)++] = row_of(task, q, label[e], o->size[k], m);
      }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status run_tasks(job *j, ip_scratch *sc, size_t *n_rows, ip_calibration_row **row)
{
  const ip_calibration_options *o = j->o;
  const char **label; // (n_estimators)
  *n_rows = 0;
  IP_TRY(IP_SCRATCH(sc, *row, o->n_tasks * o->n_sizes * o->n_estimators * 2, "results"));
  IP_TRY(IP_SCRATCH(sc, label, o->n_estimators, "labels"));
  for (size_t e = 0; e < o->n_estimators; e++) {
    const char *text = ip_estimator_label(j->estimator[e]);
    char *copy;
    IP_TRY(IP_SCRATCH(sc, copy, strlen(text) + 1, "labels"));
    memcpy(copy, text, strlen(text) + 1);
    label[e] = copy;
  }
  for (size_t t = 0; t < o->n_tasks; t++) IP_TRY(run_task(j, o->task[t], label, sc, n_rows, *row));
  return IP_OK;
}

ip_status ip_calibrate(const ip_calibration_options *o, ip_scratch *sc, size_t *n_rows, ip_calibration_row **row)
{
  job j = {.o = o};
  IP_REQUIRE(o->repeats >= 2, IP_EINVAL, "%zu repeats have no spread; at least 2 are needed", o->repeats);
  for (size_t k = 0; k < o->n_sizes; k++)
    IP_REQUIRE(o->size[k] >= 2, IP_EINVAL, "%zu samples carry no information; at least 2 are needed", o->size[k]);
  IP_TRY(IP_NEW(j.estimator, o->n_estimators, "estimators"));
  ip_status st = IP_OK;
  for (size_t e = 0; e < o->n_estimators && !st; e++)
    st = ip_estimator_create(o->estimator[e], o->seed, &j.estimator[e]);
  if (!st) st = run_tasks(&j, sc, n_rows, row);
  for (size_t e = 0; e < o->n_estimators; e++) ip_estimator_destroy(&j.estimator[e]);
  ip_free(j.estimator);
  return st;
}

bool ip_calibration_holds(const ip_calibration_row *row)
{
  double bias = row->mean_bits - row->true_bits, error = 4 * row->sd_bits / sqrt((double)row->repeats);
  return isnan(row->low_bits) || (bias >= row->low_bits - error && bias <= row->high_bits + error);
}

/* A row without its end. */
static void write_row(ip_table *t, const ip_calibration_row *r)
{
  ip_table_text(t, r->task->name);
  ip_table_text(t, ip_quantity_name(r->quantity));
  ip_table_text(t, r->estimator);
  ip_table_int(t, (int64_t)r->n);
  ip_table_int(t, (int64_t)r->repeats);
  ip_table_real(t, r->true_bits);
  ip_table_real(t, r->mean_bits);
  ip_table_real(t, r->mean_bits - r->true_bits);
  ip_table_real(t, r->sd_bits);
  ip_table_real(t, r->low_bits);
  ip_table_real(t, r->high_bits);
  ip_table_text(t, isnan(r->low_bits) ? "" : ip_calibration_holds(r) ? "yes" : "no");
}

static void write_head(ip_table *t, bool series)
{
  static const char *const head[] = {"task",      "quantity",  "estimator", "samples",  "repeats",   "true_bits",
                                     "mean_bits", "bias_bits", "sd_bits",   "low_bits", "high_bits", "within"};
  for (size_t k = 0; k < sizeof head / sizeof *head; k++) ip_table_text(t, head[k]);
  if (series) ip_table_text(t, "series");
  ip_table_end_row(t);
}

ip_status ip_calibration_write(const char *path, size_t n, const ip_calibration_row *row)
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

/* The number, from 1, of `label` among the *n_seen names so far, which it joins. */
static int64_t series_of(const char *label, size_t *n_seen, const char **seen)
{
  for (size_t k = 0; k < *n_seen; k++)
    if (!strcmp(seen[k], label)) return (int64_t)k + 1;
  seen[(*n_seen)++] = label;
  return (int64_t)*n_seen;
}

ip_status ip_calibration_write_figure(const char *path, size_t n, const ip_calibration_row *row, ip_scratch *sc)
{
  ip_table *t;
  const char **seen; // (n)
  size_t n_seen = 0;
  IP_TRY(IP_SCRATCH(sc, seen, n, "names of estimators"));
  IP_TRY(ip_table_create(path, &t));
  write_head(t, true);
  const ip_calibration_row *last = NULL;
  for (size_t k = 0; k < n; k++) {
    if (isnan(row[k].low_bits)) continue;
    bool panel = last && (last->task != row[k].task || last->quantity != row[k].quantity);
    bool line = last && strcmp(last->estimator, row[k].estimator) != 0;
    for (int gap = 0; gap < (panel ? 2 : line); gap++) ip_table_end_row(t);
    write_row(t, &row[k]);
    ip_table_int(t, series_of(row[k].estimator, &n_seen, seen));
    ip_table_end_row(t);
    last = &row[k];
  }
  return ip_table_publish(&t);
}
