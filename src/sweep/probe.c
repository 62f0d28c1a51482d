#include "sweep/probe.h"

#include "base/clock.h"
#include "base/mem.h"
#include "run/run.h"
#include "sweep/probe_data.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Starting a worker process and opening its files, not seen by runs inside this process. */
#define PROCESS_S 0.03

/* Epochs are added until they take this long together. */
#define ENOUGH_S 0.5

/* Logged epochs that are measured, of all samples and of a selection. */
enum { N_LOGGED = 8, N_LOGGED_OF_SELECTION = 4 };

/* What a run costs. */
typedef struct {
  double start_s, epoch_s, snapshot_s, fixed_bytes, snapshot_bytes;
} cost;

typedef struct probe {
  const ip_experiment *point; /* the most expensive point */
  char *folder, *path, *data; /* files: the run; the selection of samples, "" if all are used */
  size_t n_train, batch_size; /* of the selection or the dataset */
  int64_t n_epochs;           /* of the point */
  size_t n_updates;
  size_t shape[3]; /* of a sample of the dataset; 0: unknown */
  cost cost;
} probe;

/* ---------------------------------------------------------------- one run */

/* The point cut down to some epochs of which the first n_logged are logged, on the selection of samples. */
static ip_status cut_down(const probe *p, int64_t epochs, int n_logged, ip_experiment **short_point)
{
  char epochs_text[64], batch_text[64], name_text[512], list_text[128] = "log.list=[0",
                                                        shape_text[96] = "dataset.shape=[]";
  snprintf(epochs_text, sizeof epochs_text, "training.epochs=%lld", (long long)epochs);
  snprintf(batch_text, sizeof batch_text, "training.batch_size=%zu", p->batch_size);
  snprintf(name_text, sizeof name_text, "dataset.name=%s", p->data);
  for (int i = 1; i < n_logged; i++) {
    size_t used = strlen(list_text);
    snprintf(list_text + used, sizeof list_text - used, ",%d", i);
  }
  strcat(list_text, "]");
  if (p->shape[0])
    snprintf(shape_text, sizeof shape_text, "dataset.shape=[%zu,%zu,%zu]", p->shape[0], p->shape[1], p->shape[2]);
  const char *set[] = {epochs_text, "training.updates=0", "training.warmup=0", "log.schedule=list", list_text,
                       "log.final=false", "log.keep=all",
                       /* the file of a selection has its split, its labels and the scale of its inputs already */
                       batch_text, name_text, shape_text, "dataset.split=source", "dataset.scale=none",
                       "dataset.random_labels=0", "dataset.max_train=0", "dataset.max_test=0",
                       "dataset.label_file=", "dataset.test_file=", "dataset.label_column=", "dataset.target_columns=",
                       "dataset.index_column=", "dataset.named_columns=true", "dataset.separator=auto",
                       "dataset.decimal=auto", "dataset.header=auto"};
  enum { OF_SELECTION = 7 };
  char *text;
  ip_experiment *e;
  IP_TRY(ip_experiment_text(p->point, &text));
  ip_status st = ip_experiment_parse("probe", text, *p->data ? sizeof set / sizeof *set : OF_SELECTION, set, &e);
  ip_free(text);
  IP_TRY(st);
  st = ip_experiment_point(e, 0, short_point);
  ip_experiment_destroy(&e);
  return st;
}

static ip_status measure(probe *p, int64_t epochs, int n_logged, double *took_s, double *bytes)
{
  ip_experiment *short_point = NULL;
  IP_TRY(cut_down(p, epochs, n_logged, &short_point));
  double begin = ip_clock_s();
  ip_status st = ip_run_point(short_point, p->path, 1, NULL);
  *took_s = ip_clock_s() - begin;
  struct stat s = {0};
  if (st == IP_OK && stat(p->path, &s) == 0) *bytes = (double)s.st_size;
  unlink(p->path);
  ip_experiment_destroy(&short_point);
  size_t batch = p->batch_size ? p->batch_size : p->n_train;
  p->n_updates += (size_t)epochs * ((p->n_train + batch - 1) / batch);
  return st;
}

static double at_least_0(double x)
{
  return x > 0 ? x : 0;
}

static ip_status measure_cost(probe *p, cost *c)
{
  double one_s = 0, one_bytes = 0, more_s = 0, more_bytes = 0, logged_s = 0, logged_bytes = 0;
  int64_t epochs = 1, most = p->n_epochs;
  IP_TRY(measure(p, 1, 1, &one_s, &one_bytes));
  while (epochs < most && more_s - one_s < ENOUGH_S) {
    epochs = epochs * 4 < most ? epochs * 4 : most;
    IP_TRY(measure(p, epochs, 1, &more_s, &more_bytes));
  }
  *c = (cost){.epoch_s = epochs > 1 ? at_least_0((more_s - one_s) / (double)(epochs - 1)) : one_s};
  int n_logged = *p->data ? N_LOGGED_OF_SELECTION : N_LOGGED;
  if (most < n_logged) n_logged = (int)most;
  if (n_logged > 1) {
    IP_TRY(measure(p, n_logged, n_logged, &logged_s, &logged_bytes));
    c->snapshot_s = at_least_0((logged_s - one_s) / (n_logged - 1) - c->epoch_s);
    c->snapshot_bytes = at_least_0((logged_bytes - one_bytes) / (n_logged - 1));
  }
  c->fixed_bytes = at_least_0(one_bytes - c->snapshot_bytes);
  c->start_s = at_least_0(one_s - c->epoch_s - c->snapshot_s);
  return IP_OK;
}

/* ---------------------------------------------------------------- a selection of the samples */

static ip_status measure_selection(probe *p, const ip_dataset *ds, ip_probe_size size, cost *c)
{
  size_t batch = (size_t)p->point->training.batch_size;
  p->n_train = size.n_train;
  p->batch_size = batch > size.n_train ? size.n_train : batch;
  IP_TRY(ip_probe_select(ds, size, p->data));
  ip_status st = measure_cost(p, c);
  unlink(p->data);
  return st;
}

static ip_probe_size half_of(ip_probe_size size)
{
  return (ip_probe_size){(size.n_train + 1) / 2, (size.n_test + 1) / 2};
}

static double n_logged_samples(const ip_experiment *e, ip_probe_size size)
{
  return (double)(e->log.samples == IP_LOG_TRAIN  ? size.n_train
                  : e->log.samples == IP_LOG_TEST ? size.n_test
                                                  : size.n_train + size.n_test);
}

/* The cost with all samples, from those of a selection and of half of it. */
static cost scale(const ip_experiment *e, const ip_dataset *ds, ip_probe_size size, const cost *c, const cost *half)
{
  ip_probe_size all = {ds->n_train, ds->n_test}, smaller = half_of(size);
  double ratio = (double)ds->n / (double)(size.n_train + size.n_test), power = 1;
  if (e->n_estimators && half->snapshot_s > 0 && c->snapshot_s > 0)
    power = fmin(fmax(log2(c->snapshot_s / half->snapshot_s), 1), 2);
  double logged = n_logged_samples(e, size), difference = logged - n_logged_samples(e, smaller);
  double steps = difference > 0 ? (n_logged_samples(e, all) - logged) / difference : 0;
  return (cost){.start_s = c->start_s * ratio,
                .epoch_s = c->epoch_s * (double)ds->n_train / (double)size.n_train,
                .snapshot_s = c->snapshot_s * pow(ratio, power),
                .fixed_bytes = c->fixed_bytes + steps * at_least_0(c->fixed_bytes - half->fixed_bytes),
                .snapshot_bytes = c->snapshot_bytes + steps * at_least_0(c->snapshot_bytes - half->snapshot_bytes)};
}

static double count_weights(const ip_experiment *e, const ip_dataset *ds)
{
  ip_network_options o = e->network;
  ip_network_size size;
  memcpy(o.shape, ds->shape, sizeof o.shape);
  if (o.n_layers && ip_network_measure(&o, ds->n_in, ds->n_classes, &size) == IP_OK) return size.products;
  double weights = 0, below = (double)ds->n_in;
  for (size_t k = 0; k < e->network.n_hidden; k++) {
    weights += below * (double)e->network.hidden[k];
    below = (double)e->network.hidden[k];
  }
  return weights + below * (double)ip_dataset_target_width(ds, e->network.output == IP_OUTPUT_LINEAR);
}

static ip_status measure_all(probe *p, ip_probe *out)
{
  const ip_experiment *e = p->point;
  ip_dataset *ds;
  cost half = {0};
  double begin = ip_clock_s();
  IP_TRY(ip_dataset_create(&e->dataset, e->seed, &ds));
  double read_s = ip_clock_s() - begin;
  memcpy(p->shape, ds->shape, sizeof p->shape);
  ip_probe_size size = ip_probe_choose(ds, count_weights(e, ds), (size_t)e->training.batch_size);
  out->n_train = ds->n_train;
  out->used_train = size.n_train;
  ip_status st;
  if (size.n_train + size.n_test == ds->n) {
    *p->data = 0;
    p->n_train = ds->n_train;
    p->batch_size = (size_t)e->training.batch_size;
    st = measure_cost(p, &p->cost);
  } else {
    st = measure_selection(p, ds, size, &p->cost);
    if (st == IP_OK) st = measure_selection(p, ds, half_of(size), &half);
    p->cost = scale(e, ds, size, &p->cost, &half);
    p->cost.start_s += read_s;
  }
  p->cost.start_s += PROCESS_S;
  out->n_updates = p->n_updates;
  ip_dataset_destroy(&ds);
  return st;
}

/* ---------------------------------------------------------------- all points */

/* The first of the most expensive points. */
static ip_status find_most_expensive(ip_points *points, size_t *costliest)
{
  const ip_experiment *e = ip_points_experiment(points);
  double most = -1;
  for (size_t k = 0; k < ip_points_count(points); k += (size_t)e->repeats) { /* repeats cost the same */
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point));
    if (point->cost <= most) continue;
    most = point->cost;
    *costliest = k;
  }
  return IP_OK;
}

static ip_status add_up(const cost *c, ip_points *points, const ip_point *costliest, size_t jobs, ip_probe *out)
{
  size_t n = ip_points_count(points), step = (size_t)ip_points_experiment(points)->repeats;
  double epoch_cost = costliest->cost / (double)costliest->epochs, largest = 0;
  for (size_t k = 0; k < n; k += step) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point));
    double epochs = (double)point->epochs, ratio = point->cost / epochs / epoch_cost;
    double whole = c->fixed_bytes + c->snapshot_bytes * (double)point->n_logged;
    double bytes = point->keep == IP_KEEP_ALL ? whole : c->fixed_bytes;
    double run_s = c->start_s + ratio * epochs * c->epoch_s + c->snapshot_s * (double)point->n_logged;
    out->total_s += run_s * (double)step;
    out->bytes += bytes * (double)step;
    if (run_s > out->longest_s) out->longest_s = run_s;
    if (whole > largest) largest = whole;
  }
  double shared = out->total_s / (double)(jobs < n ? jobs : n);
  out->wall_s = shared > out->longest_s ? shared : out->longest_s;
  out->peak_bytes = out->bytes + largest * (double)(jobs < n ? jobs : n);
  return IP_OK;
}

ip_status ip_sweep_probe(ip_points *points, size_t jobs, ip_probe *out)
{
  probe p = {0};
  *out = (ip_probe){0};
  ip_experiment *costliest;
  const ip_point *point;
  size_t k = 0;
  const char *tmp = getenv("TMPDIR");
  IP_TRY(find_most_expensive(points, &k));
  IP_TRY(ip_points_get(points, k, &point));
  IP_TRY(ip_experiment_point(ip_points_experiment(points), k, &costliest));
  p.point = costliest;
  p.n_epochs = point->epochs;
  ip_status st = IP_FORMAT(p.folder, "%s/infoplane-probe-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (st == IP_OK && !mkdtemp(p.folder))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO,
                      "%s: cannot be created: %s; set TMPDIR to a writable directory with free space", p.folder,
                      strerror(errno));
  if (st == IP_OK) {
    st = IP_FORMAT(p.path, "%s/run.h5", p.folder);
    if (st == IP_OK) st = IP_FORMAT(p.data, "%s/data.h5", p.folder);
    if (st == IP_OK) st = measure_all(&p, out);
    if (st == IP_OK) st = add_up(&p.cost, points, point, jobs, out);
    rmdir(p.folder);
  }
  ip_free(p.data);
  ip_free(p.path);
  ip_free(p.folder);
  ip_experiment_destroy(&costliest);
  return st;
}
