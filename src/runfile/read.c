#include "runfile/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *ip_run_path(const ip_run *r)
{
  return r->path;
}

const ip_run_head *ip_run_head_of(const ip_run *r)
{
  return &r->head;
}

const char *ip_run_status(const ip_run *r)
{
  return r->status;
}

const char *ip_run_reason(const ip_run *r)
{
  return r->reason;
}

size_t ip_run_n_epochs(const ip_run *r)
{
  return r->n_epochs;
}

const int64_t *ip_run_epochs(const ip_run *r)
{
  return r->epoch;
}

bool ip_run_has_activations(const ip_run *r)
{
  return r->has_activations;
}

double ip_run_final(const ip_run *r, const char *name)
{
  char attribute[IP_RUN_NAME_SIZE];
  double value;
  ip_run_final_name(attribute, name);
  if (ip_h5_kind_of(r->h, "/final") != IP_H5_GROUP || !ip_h5_is_number(r->h, "/final", attribute)) return (double)NAN;
  return ip_h5_real(r->h, "/final", attribute, &value) == IP_OK ? value : (double)NAN;
}

/* ---------------------------------------------------------------- activations */

static ip_status read_layer(ip_run *r, size_t k, size_t e, const char *what, ip_h5_type type, void *t)
{
  IP_REQUIRE(k < r->head.n_layers && e < r->n_epochs, IP_EINVAL,
             "%s: got layer %zu at logged epoch %zu, expected below %zu and %zu", r->path, k, e, r->head.n_layers,
             r->n_epochs);
  char name[IP_RUN_NAME_SIZE];
  const size_t start[] = {e, 0, 0}, count[] = {1, r->head.n, r->head.layer[k].width};
  ip_status st = ip_h5_read_block(r->h, ip_run_layer_name(name, k, what), start, count, type, t);
  if (st != IP_OK) ip_error_prefix("layer %zu at epoch %lld", k + 1, (long long)r->epoch[e]);
  return st;
}

static ip_status read_activation(ip_run *r, size_t k, size_t e, ip_h5_type type, void *t)
{
  IP_REQUIRE(r->has_activations, IP_EFORMAT, "%s: contains no activations", r->path);
  return read_layer(r, k, e, "activation", type, t);
}

ip_status ip_run_read_activation(ip_run *r, size_t k, size_t e, float *t)
{
  return read_activation(r, k, e, IP_H5_F32, t);
}

ip_status ip_run_read_activation_f64(ip_run *r, size_t k, size_t e, double *t)
{
  return read_activation(r, k, e, IP_H5_F64, t);
}

ip_status ip_run_read_mean(ip_run *r, size_t k, size_t e, float *t)
{
  IP_REQUIRE(r->has_activations && (k >= r->head.n_layers || r->head.layer[k].has_mean), IP_EFORMAT,
             "%s: layer %zu contains no activations before the noise", r->path, k + 1);
  return read_layer(r, k, e, "mean", IP_H5_F32, t);
}

/* ---------------------------------------------------------------- series */

static void fill_nan(size_t n, double *v)
{
  for (size_t i = 0; i < n; i++) v[i] = (double)NAN;
}

/* The first n_epochs values of a series; a file being written has room for more. */
static ip_status read_column(ip_run *r, const char *name, double *v)
{
  fill_nan(r->n_epochs, v);
  if (ip_h5_kind_of(r->h, name) == IP_H5_NOTHING || !r->n_epochs) return IP_OK;
  ip_h5_shape shape;
  IP_TRY(ip_run_check(r, name, &shape));
  return ip_h5_read_block(r->h, name, (const size_t[]){0}, &r->n_epochs, IP_H5_F64, v);
}

ip_status ip_run_read_metric(ip_run *r, const char *metric, double *v)
{
  char name[IP_RUN_NAME_SIZE];
  return read_column(r, ip_run_metric_name(name, metric), v);
}

ip_status ip_run_read_layer_metric(ip_run *r, const char *metric, double *v)
{
  char name[IP_RUN_NAME_SIZE];
  size_t n_layers = r->head.n_layers, mark = ip_scratch_mark(r->sc);
  double *column;
  IP_TRY(IP_SCRATCH(r->sc, column, r->n_epochs, "series"));
  ip_status st = IP_OK;
  for (size_t k = 0; st == IP_OK && k < n_layers; k++) {
    st = read_column(r, ip_run_layer_name(name, k, metric), column);
    for (size_t e = 0; st == IP_OK && e < r->n_epochs; e++) v[e * n_layers + k] = column[e];
  }
  ip_scratch_release(r->sc, mark);
  return st;
}

/* The rows that the dataset `name` (epochs, layers) has of v (n_epochs, n_layers). */
static ip_status read_table(ip_run *r, const char *name, double *v)
{
  const size_t dim[] = {r->n_epochs, r->head.n_layers};
  fill_nan(dim[0] * dim[1], v);
  if (ip_h5_kind_of(r->h, name) == IP_H5_NOTHING || !r->n_epochs) return IP_OK;
  ip_h5_shape shape;
  IP_TRY(ip_run_check(r, name, &shape));
  return ip_h5_read_rows(r->h, name, 0, shape.dim[0] < dim[0] ? shape.dim[0] : dim[0], IP_H5_F64, v);
}

ip_status ip_run_read_measure_series(ip_run *r, const char *measure, const char *series, double *v)
{
  char name[IP_RUN_NAME_SIZE];
  return read_table(r, ip_run_part_path(name, IP_RUN_MEASURES, measure, series), v);
}

ip_status ip_run_read_series(ip_run *r, const char *estimator, const char *series, double *v)
{
  char name[IP_RUN_NAME_SIZE];
  ip_run_part_path(name, IP_RUN_INFORMATION, estimator, series);
  bool ixt = !strcmp(series, ip_information_series_name(IP_INFORMATION_IXT_RAW));
  bool ity = !strcmp(series, ip_information_series_name(IP_INFORMATION_ITY_RAW));
  if ((ixt || ity) && ip_h5_kind_of(r->h, name) == IP_H5_NOTHING)
    ip_run_part_path(name, IP_RUN_INFORMATION, estimator,
                     ip_information_series_name(ixt ? IP_INFORMATION_IXT : IP_INFORMATION_ITY));
  return read_table(r, name, v);
}

static ip_status read_no_value(ip_run *r, ip_run_part part, const char *label, const char *what, ip_scratch *sc,
                               const char **reason)
{
  char group[IP_RUN_NAME_SIZE], name[IP_RUN_NAME_SIZE], *text;
  *reason = "";
  ip_run_part_path(group, part, label, NULL);
  snprintf(name, sizeof name, "missing_%s_reason", what);
  if (ip_h5_kind_of(r->h, group) != IP_H5_GROUP || !ip_h5_has(r->h, group, name)) return IP_OK;
  IP_TRY(ip_h5_text(r->h, group, name, &text));
  ip_status st = ip_scratch_text(sc, text, reason);
  ip_free(text);
  return st;
}

ip_status ip_run_read_no_value(ip_run *r, const char *estimator, const char *what, ip_scratch *sc, const char **reason)
{
  return read_no_value(r, IP_RUN_INFORMATION, estimator, what, sc, reason);
}

ip_status ip_run_read_measure_no_value(ip_run *r, const char *measure, const char *series, ip_scratch *sc,
                                       const char **reason)
{
  return read_no_value(r, IP_RUN_MEASURES, measure, series, sc, reason);
}
