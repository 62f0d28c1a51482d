#include "sweep/probe.h"

#include "base/clock.h"
#include "base/mem.h"
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Starting a worker process and opening its files, not seen by runs inside this process. */
#define PROCESS_S 0.03

/* Epochs are added until they take this long together. */
#define ENOUGH_S 0.5

enum { N_LOGGED = 8 };

typedef struct probe {
  const ip_experiment *point; /* the most expensive point */
  char *folder, *path;
  double start_s, epoch_s, snapshot_s;
  double fixed_bytes, snapshot_bytes;
} probe;

/* One run of the point cut down to some epochs of which the first n_logged are logged. */
static ip_status measure(const probe *p, int64_t epochs, int n_logged, double *took_s, double *bytes)
{
  char epochs_text[64], list_text[128] = "log.list=[0";
  snprintf(epochs_text, sizeof epochs_text, "training.epochs=%lld", (long long)epochs);
  for (int i = 1; i < n_logged; i++) {
    size_t used = strlen(list_text);
    snprintf(list_text + used, sizeof list_text - used, ",%d", i);
  }
  strcat(list_text, "]");
  const char *set[] = {epochs_text, "log.schedule=list", list_text, "log.final=false", "log.keep=all"};
  char *text;
  ip_experiment *e, *short_point = NULL;
  IP_TRY(ip_experiment_text(p->point, &text));
  ip_status st = ip_experiment_parse("probe", text, sizeof set / sizeof *set, set, &e);
  ip_free(text);
  IP_TRY(st);
  st = ip_experiment_point(e, 0, &short_point);
  double begin = ip_clock_s();
  if (st == IP_OK) st = ip_run_point(short_point, p->path, 1, NULL);
  *took_s = ip_clock_s() - begin;
  struct stat s = {0};
  if (st == IP_OK && stat(p->path, &s) == 0) *bytes = (double)s.st_size;
  unlink(p->path);
  ip_experiment_destroy(&short_point);
  ip_experiment_destroy(&e);
  return st;
}

static double at_least_0(double x)
{
  return x > 0 ? x : 0;
}

static ip_status measure_all(probe *p)
{
  double one_s = 0, one_bytes = 0, more_s = 0, more_bytes = 0, logged_s = 0, logged_bytes = 0;
  int64_t epochs = 1, most = p->point->training.epochs;
  IP_TRY(measure(p, 1, 1, &one_s, &one_bytes));
  while (epochs < most && more_s - one_s < ENOUGH_S) {
    epochs = epochs * 4 < most ? epochs * 4 : most;
    IP_TRY(measure(p, epochs, 1, &more_s, &more_bytes));
  }
  p->epoch_s = epochs > 1 ? at_least_0((more_s - one_s) / (double)(epochs - 1)) : one_s;
  int n_logged = most < N_LOGGED ? (int)most : N_LOGGED;
  if (n_logged > 1) {
    IP_TRY(measure(p, n_logged, n_logged, &logged_s, &logged_bytes));
    p->snapshot_s = at_least_0((logged_s - one_s) / (n_logged - 1) - p->epoch_s);
    p->snapshot_bytes = at_least_0((logged_bytes - one_bytes) / (n_logged - 1));
  }
  p->fixed_bytes = at_least_0(one_bytes - p->snapshot_bytes);
  p->start_s = at_least_0(one_s - p->epoch_s - p->snapshot_s) + PROCESS_S;
  return IP_OK;
}

/* The first of the most expensive point points. */
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

static ip_status add_up(const probe *p, ip_points *points, const ip_point *costliest, size_t jobs, ip_probe *out)
{
  *out = (ip_probe){0};
  size_t n = ip_points_count(points), step = (size_t)ip_points_experiment(points)->repeats;
  double epoch_cost = costliest->cost / (double)costliest->epochs, largest = 0;
  for (size_t k = 0; k < n; k += step) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, k, &point));
    double epochs = (double)point->epochs, scale = point->cost / epochs / epoch_cost;
    double whole = p->fixed_bytes + p->snapshot_bytes * (double)point->n_logged;
    double bytes = point->keep == IP_KEEP_ALL ? whole : p->fixed_bytes;
    double run_s = p->start_s + scale * epochs * p->epoch_s + p->snapshot_s * (double)point->n_logged;
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
  ip_experiment *costliest;
  const ip_point *point;
  size_t k = 0;
  const char *tmp = getenv("TMPDIR");
  IP_TRY(find_most_expensive(points, &k));
  IP_TRY(ip_points_get(points, k, &point));
  IP_TRY(ip_experiment_point(ip_points_experiment(points), k, &costliest));
  p.point = costliest;
  ip_status st = IP_FORMAT(p.folder, "%s/infoplane-probe-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (st == IP_OK && !mkdtemp(p.folder))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO,
                      "%s: cannot be created: %s; set TMPDIR to a writable directory with free space", p.folder,
                      strerror(errno));
  if (st == IP_OK) {
    st = IP_FORMAT(p.path, "%s/run.h5", p.folder);
    if (st == IP_OK) st = measure_all(&p);
    if (st == IP_OK) st = add_up(&p, points, point, jobs, out);
    rmdir(p.folder);
  }
  ip_free(p.path);
  ip_free(p.folder);
  ip_experiment_destroy(&costliest);
  return st;
}
