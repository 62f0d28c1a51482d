#include "calibrate/consistency.h"

#include "calibrate/family.h"
#include "file/table.h"
#include "info/discrete.h"

#include <math.h>

const char *ip_consistency_name(ip_consistency_test t)
{
  static const char *const name[] = {"independence", "data_processing", "additivity"};
  return name[t];
}

/* ---------------------------------------------------------------- samples */

typedef struct column {
  float *x, *t; // (n)
} column;

static ip_status draw_pair(double r, size_t n, ip_rng *rng, ip_scratch *sc, column *c)
{
  IP_TRY(IP_SCRATCH(sc, c->x, n, "inputs"));
  IP_TRY(IP_SCRATCH(sc, c->t, n, "activations"));
  for (size_t i = 0; i < n; i++) {
    double x = ip_rng_normal(rng);
    c->x[i] = (float)x;
    c->t[i] = (float)(r * x + sqrt((1 - r) * (1 + r)) * ip_rng_normal(rng));
  }
  return IP_OK;
}

/* Samples with so many columns of X and T. */
static ip_status join(size_t n, size_t n_in, const float *const *x, size_t width, const float *const *t, ip_scratch *sc,
                      ip_samples *out)
{
  ip_task_arrays a;
  IP_TRY(ip_task_allocate(n, width, n_in, 0, sc, &a, out));
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < n_in; k++) a.x[i * n_in + k] = x[k][i];
    for (size_t k = 0; k < width; k++) a.t[i * width + k] = t[k][i];
    a.y[i] = a.x[i * n_in] > 0;
  }
  return IP_OK;
}

enum { PAIR, UNRELATED, PROCESSED, TWO_PAIRS, N_SAMPLES };

static ip_status draw(double nats, size_t n, ip_rng *rng, ip_scratch *sc, ip_samples out[N_SAMPLES])
{
  column a, b;
  float *f; // (n)
  double r = sqrt(-expm1(-2 * nats));
  IP_TRY(draw_pair(r, n, rng, sc, &a));
  IP_TRY(draw_pair(r, n, rng, sc, &b));
  IP_TRY(IP_SCRATCH(sc, f, n, "a function of the activations"));
  for (size_t i = 0; i < n; i++) f[i] = a.t[i] * sqrtf(fabsf(a.t[i]));
  IP_TRY(join(n, 1, (const float *[]){a.x}, 1, (const float *[]){a.t}, sc, &out[PAIR]));
  IP_TRY(join(n, 1, (const float *[]){a.x}, 1, (const float *[]){b.t}, sc, &out[UNRELATED]));
  IP_TRY(join(n, 1, (const float *[]){a.x}, 2, (const float *[]){a.t, f}, sc, &out[PROCESSED]));
  return join(n, 2, (const float *[]){a.x, b.x}, 2, (const float *[]){a.t, b.t}, sc, &out[TWO_PAIRS]);
}

/* ---------------------------------------------------------------- estimates */

/* Raw I(X;T) in bits; NaN if the estimator rejects the samples. */
static ip_status estimate(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, double *bits)
{
  ip_estimate out;
  size_t mark = ip_scratch_mark(sc);
  ip_status st = ip_estimator_run(e, s, sc, &out);
  ip_scratch_release(sc, mark);
  *bits = st == IP_OK && !out.ixt_no_value ? out.ixt_raw_bits : (double)NAN;
  if (st != IP_EINVAL) return st;
  ip_error_clear();
  return IP_OK;
}

/* The values of the tests on sample r. */
static ip_status run_repeat(const ip_calibration_options *o, const ip_estimator *e, double nats, size_t n, size_t r,
                            ip_scratch *sc, double value[IP_N_CONSISTENCY])
{
  size_t mark = ip_scratch_mark(sc);
  ip_rng rng = ip_rng_open(o->seed, IP_RNG_TASK, (uint64_t)IP_CONSISTENCY_STREAM << 32 | r);
  ip_samples s[N_SAMPLES];
  double bits[N_SAMPLES];
  IP_TRY(draw(nats, n, &rng, sc, s));
  for (int i = 0; i < N_SAMPLES; i++) IP_TRY(estimate(e, &s[i], sc, &bits[i]));
  value[IP_INDEPENDENCE] = bits[UNRELATED] * IP_NATS_PER_BIT;
  value[IP_DATA_PROCESSING] = bits[PROCESSED] / bits[PAIR];
  value[IP_ADDITIVITY] = bits[TWO_PAIRS] / bits[PAIR];
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status run_estimator(const ip_calibration_options *o, const ip_estimator *e, const char *label, double nats,
                               size_t n, ip_scratch *sc, size_t *n_rows, ip_consistency_row *row)
{
  static const double expected[IP_N_CONSISTENCY] = {0, 1, 2};
  size_t mark = ip_scratch_mark(sc);
  double *value; // (repeats, IP_N_CONSISTENCY)
  IP_TRY(IP_SCRATCH(sc, value, o->repeats * IP_N_CONSISTENCY, "values"));
  for (size_t r = 0; r < o->repeats; r++) IP_TRY(run_repeat(o, e, nats, n, r, sc, value + r * IP_N_CONSISTENCY));
  for (int t = 0; t < IP_N_CONSISTENCY; t++) {
    double mean = 0, square = 0;
    for (size_t r = 0; r < o->repeats; r++) mean += value[r * IP_N_CONSISTENCY + (size_t)t] / (double)o->repeats;
    for (size_t r = 0; r < o->repeats; r++) {
      double off = value[r * IP_N_CONSISTENCY + (size_t)t] - mean;
      square += off * off;
    }
    if (!isfinite(mean)) continue;
    row[(*n_rows)++] = (ip_consistency_row){
        (ip_consistency_test)t, label, nats, n, o->repeats, expected[t], mean, sqrt(square / ((double)o->repeats - 1))};
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

ip_status ip_consistency(const ip_calibration_options *o, size_t n_nats, const double *nats, ip_scratch *sc,
                         size_t *n_rows, ip_consistency_row **row)
{
  size_t done = 0;
  *n_rows = 0;
  IP_REQUIRE(o->repeats >= 2, IP_EINVAL, "%zu repeats have no spread; at least 2 are needed", o->repeats);
  IP_TRY(IP_SCRATCH(sc, *row, o->n_estimators * n_nats * o->n_sizes * IP_N_CONSISTENCY, "results"));
  for (size_t i = 0; i < o->n_estimators; i++) {
    ip_estimator *e;
    const char *label;
    IP_TRY(ip_estimator_create(o->estimator[i], o->seed, &e));
    ip_status st = ip_scratch_text(sc, ip_estimator_label(e), &label);
    for (size_t k = 0; k < n_nats; k++)
      for (size_t s = 0; s < o->n_sizes && st == IP_OK; s++) {
        st = run_estimator(o, e, label, nats[k], o->size[s], sc, n_rows, *row);
        ip_progress_update(o->progress, (double)++done, label);
      }
    ip_estimator_destroy(&e);
    IP_TRY(st);
  }
  return IP_OK;
}

bool ip_consistency_holds(const ip_consistency_row *row)
{
  return fabs(row->mean - row->expected) <= 0.05 + 4 * row->sd / sqrt((double)row->repeats);
}

ip_status ip_consistency_write(const char *path, size_t n, const ip_consistency_row *row)
{
  static const char *const head[] = {"estimator", "nats", "samples", "repeats", "test",
                                     "expected",  "mean", "sd",      "holds"};
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  for (size_t k = 0; k < sizeof head / sizeof *head; k++) ip_table_text(t, head[k]);
  ip_table_end_row(t);
  for (size_t k = 0; k < n; k++) {
    ip_table_text(t, row[k].estimator);
    ip_table_real(t, row[k].nats);
    ip_table_int(t, (int64_t)row[k].n);
    ip_table_int(t, (int64_t)row[k].repeats);
    ip_table_text(t, ip_consistency_name(row[k].test));
    ip_table_real(t, row[k].expected);
    ip_table_real(t, row[k].mean);
    ip_table_real(t, row[k].sd);
    ip_table_text(t, ip_consistency_holds(&row[k]) ? "yes" : "no");
    ip_table_end_row(t);
  }
  return ip_table_publish(&t);
}
