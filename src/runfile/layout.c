#include "runfile/layout.h"

#include "base/build.h"
#include "base/clock.h"
#include "num/vmath.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A chunk is one epoch of one layer, its rows split so that it stays near this many bytes. */
#define CHUNK_BYTES ((size_t)1 << 20)
/* Rows of a chunk of a series: what a snapshot writes of each. */
#define SERIES_CHUNK 64
/* /epoch grows with every snapshot. Within one chunk that moves nothing else. */
#define EPOCH_CHUNK ((size_t)1 << 17)

const char *ip_run_layer_name(char *text, size_t k, const char *what)
{
  snprintf(text, IP_RUN_NAME_SIZE, "/layers/%zu%s%s", k + 1, what ? "/" : "", what ? what : "");
  return text;
}

const char *ip_run_metric_name(char *text, const char *what)
{
  snprintf(text, IP_RUN_NAME_SIZE, "/metrics%s%s", what ? "/" : "", what ? what : "");
  return text;
}

const char *ip_run_part_group(ip_run_part part)
{
  return part == IP_RUN_MEASURES ? "/measures" : "/information";
}

const char *ip_run_part_path(char *text, ip_run_part part, const char *label, const char *series)
{
  snprintf(text, IP_RUN_NAME_SIZE, "%s/%s%s%s", ip_run_part_group(part), label, series ? "/" : "",
           series ? series : "");
  return text;
}

const char *ip_run_final_name(char *text, const char *metric)
{
  snprintf(text, IP_RUN_NAME_SIZE, "%s", metric);
  for (char *p = text; *p; p++)
    if (*p == '/') *p = '_';
  return text;
}

static size_t at_least_one(size_t n)
{
  return n ? n : 1;
}

/* ---------------------------------------------------------------- attributes of the file */

static ip_status put_text(ip_h5 *h, const char *name, const char *text)
{
  return text && *text ? ip_h5_set_text(h, "/", name, text) : IP_OK;
}

static ip_status put_real(ip_h5 *h, const char *name, double value)
{
  return isnan(value) ? IP_OK : ip_h5_set_real(h, "/", name, value);
}

static ip_status put_head(ip_h5 *h, const ip_run_head *head)
{
  IP_TRY(ip_h5_set_text(h, "/", "format", IP_RUN_FORMAT_NAME));
  IP_TRY(ip_h5_set_int(h, "/", "format_version", IP_RUN_FORMAT));
  IP_TRY(ip_h5_set_text(h, "/", "status", IP_RUN_RUNNING));
  IP_TRY(ip_h5_set_text(h, "/", "reason", ""));
  IP_TRY(put_text(h, "name", head->name));
  IP_TRY(put_text(h, "experiment", head->experiment));
  IP_TRY(put_text(h, "digest", head->digest));
  IP_TRY(put_text(h, "estimate_digest", head->estimate_digest));
  IP_TRY(put_text(h, "dataset", head->dataset));
  IP_TRY(put_text(h, "dataset_sha256", head->dataset_sha256));
  IP_TRY(put_text(h, "objective", head->objective));
  IP_TRY(ip_h5_set_int(h, "/", "seed", (int64_t)head->seed));
  IP_TRY(ip_h5_set_int(h, "/", "epochs", head->epochs));
  IP_TRY(ip_h5_set_int(h, "/", "classes", (int64_t)head->n_classes));
  IP_TRY(put_real(h, "hx_bits", head->hx_bits));
  IP_TRY(put_real(h, "hy_bits", head->hy_bits));
  IP_TRY(put_real(h, "ixy_bits", head->ixy_bits));
  IP_TRY(put_real(h, "noise_variance", head->noise_variance));
  if (head->multiplicative_noise > 0) IP_TRY(put_real(h, "multiplicative_noise", head->multiplicative_noise));
  if (head->dropout > 0) IP_TRY(put_real(h, "dropout", head->dropout));
  IP_TRY(ip_h5_set_int(h, "/", "quantize_bits", head->quantize_bits));
  if (head->quantize_output) IP_TRY(ip_h5_set_int(h, "/", "quantize_output", 1));
  return head->config && *head->config ? ip_h5_put_text(h, "/config", head->config) : IP_OK;
}

/* What may differ between equal runs. */
static ip_status put_provenance(ip_h5 *h)
{
  char now[21], host[256] = "";
  ip_clock_utc(now);
  gethostname(host, sizeof host - 1);
  IP_TRY(ip_h5_group(h, "/provenance"));
  IP_TRY(ip_h5_set_text(h, "/provenance", "program", "infoplane " IP_VERSION));
  IP_TRY(ip_h5_set_text(h, "/provenance", "commit", IP_COMMIT));
  IP_TRY(ip_h5_set_text(h, "/provenance", "compiler", IP_COMPILER));
  IP_TRY(ip_h5_set_text(h, "/provenance", "vector_math", ip_vmath_name()));
  IP_TRY(ip_h5_set_text(h, "/provenance", "host", host));
  IP_TRY(ip_h5_set_text(h, "/provenance", "started", now));
  return ip_h5_set_text(h, "/provenance", "ended", "");
}

/* ---------------------------------------------------------------- datasets */

/* 0, 1, 2, ... or 1, 2, 3, ...: the numbers of samples, classes, layers and units, as dimension scales. */
static ip_status put_numbers(ip_h5 *h, const char *name, const char *label, size_t n, uint32_t first)
{
  uint32_t *number;
  IP_TRY(IP_NEW(number, n, label));
  for (size_t i = 0; i < n; i++) number[i] = (uint32_t)i + first;
  ip_status st = ip_h5_put(h, name, IP_H5_U32, 1, &n, number);
  if (st == IP_OK) st = ip_h5_scale(h, name, label);
  ip_free(number);
  return st;
}

/* One dataset under /data with the samples as its first dimension. */
static ip_status put_samples(ip_h5 *h, const char *name, ip_h5_type type, size_t n, size_t width, const void *data)
{
  if (!data) return IP_OK;
  IP_TRY(ip_h5_put(h, name, type, width ? 2 : 1, (const size_t[]){n, width}, data));
  return ip_h5_attach(h, name, 0, "/sample");
}

static ip_status put_data(ip_h5 *h, const ip_run_head *head)
{
  IP_TRY(put_numbers(h, "/sample", "sample", head->n, 0));
  IP_TRY(put_numbers(h, "/class", "class", head->n_classes, 0));
  IP_TRY(put_numbers(h, "/layer", "layer", head->n_layers, 1));
  IP_TRY(put_samples(h, "/data/x_id", IP_H5_U32, head->n, 0, head->x_id));
  IP_TRY(put_samples(h, "/data/y", IP_H5_I32, head->n, 0, head->y));
  IP_TRY(put_samples(h, "/data/split", IP_H5_U8, head->n, 0, head->split));
  if (head->p_y_given_x) {
    IP_TRY(put_samples(h, "/data/p_y_given_x", IP_H5_F32, head->n, head->n_classes, head->p_y_given_x));
    IP_TRY(ip_h5_attach(h, "/data/p_y_given_x", 1, "/class"));
  }
  if (head->target && head->n_targets)
    IP_TRY(put_samples(h, "/data/target", IP_H5_F32, head->n, head->n_targets, head->target));
  if (head->x && head->n_in) IP_TRY(put_samples(h, "/data/x", IP_H5_F32, head->n, head->n_in, head->x));
  return IP_OK;
}

/* A series with one value an epoch. */
static ip_status put_series(ip_h5 *h, const char *name, size_t n_rows)
{
  size_t chunk = n_rows < SERIES_CHUNK ? at_least_one(n_rows) : SERIES_CHUNK;
  ip_h5_layout layout = {
      .type = IP_H5_F64, .rank = 1, .dim = {n_rows}, .chunk = {chunk}, .grows = true, .reserve = true};
  IP_TRY(ip_h5_dataset(h, name, &layout));
  return ip_h5_attach(h, name, 0, "/epoch");
}

static ip_status put_activations(ip_h5 *h, const char *name, const char *unit, size_t n_rows, size_t n, size_t width)
{
  size_t pieces = (n * width * sizeof(float) + CHUNK_BYTES - 1) / CHUNK_BYTES;
  ip_h5_layout layout = {.type = IP_H5_F32,
                         .rank = 3,
                         .dim = {n_rows, n, width},
                         .chunk = {1, (n + pieces - 1) / pieces, width},
                         .grows = true,
                         .reserve = true};
  IP_TRY(ip_h5_dataset(h, name, &layout));
  IP_TRY(ip_h5_attach(h, name, 0, "/epoch"));
  IP_TRY(ip_h5_attach(h, name, 1, "/sample"));
  return ip_h5_attach(h, name, 2, unit);
}

static ip_status put_layer(ip_h5 *h, const ip_run_head *head, size_t k, size_t n_rows, bool with_activations)
{
  const ip_run_layer *layer = &head->layer[k];
  char group[IP_RUN_NAME_SIZE], name[IP_RUN_NAME_SIZE], unit[IP_RUN_NAME_SIZE];
  ip_run_layer_name(group, k, NULL);
  IP_TRY(ip_h5_group(h, group));
  IP_TRY(ip_h5_set_text(h, group, "kind", layer->kind));
  IP_TRY(ip_h5_set_text(h, group, "activation", layer->activation));
  if (layer->name && *layer->name) IP_TRY(ip_h5_set_text(h, group, "name", layer->name));
  IP_TRY(ip_h5_set_int(h, group, "width", (int64_t)layer->width));
  IP_TRY(put_numbers(h, ip_run_layer_name(unit, k, "unit"), "unit", layer->width, 0));
  for (size_t m = 0; m < head->n_layer_metrics; m++)
    IP_TRY(put_series(h, ip_run_layer_name(name, k, head->layer_metric[m]), n_rows));
  if (!with_activations) return IP_OK;
  IP_TRY(put_activations(h, ip_run_layer_name(name, k, "activation"), unit, n_rows, head->n, layer->width));
  if (layer->has_mean)
    IP_TRY(put_activations(h, ip_run_layer_name(name, k, "mean"), unit, n_rows, head->n, layer->width));
  return IP_OK;
}

/* The names of series in their order, which the groups themselves do not keep, as one text. */
static ip_status put_order(ip_h5 *h, const char *group, size_t n, const char *const *name)
{
  size_t size = 1;
  for (size_t i = 0; i < n; i++) size += strlen(name[i]) + 1;
  char *order;
  IP_TRY(IP_NEW(order, size, "names of series"));
  for (size_t i = 0; i < n; i++) {
    if (i) strcat(order, " ");
    strcat(order, name[i]);
  }
  ip_status st = ip_h5_set_text(h, group, "series", order);
  ip_free(order);
  return st;
}

ip_status ip_run_layout(ip_h5 *h, const ip_run_head *head, size_t n_rows, bool with_activations)
{
  IP_TRY(put_head(h, head));
  IP_TRY(put_provenance(h));
  size_t chunk = n_rows < EPOCH_CHUNK ? at_least_one(n_rows) : EPOCH_CHUNK;
  ip_h5_layout epochs = {.type = IP_H5_I64, .rank = 1, .chunk = {chunk}, .grows = true, .reserve = true};
  IP_TRY(ip_h5_dataset(h, "/epoch", &epochs));
  IP_TRY(ip_h5_scale(h, "/epoch", "epoch"));
  IP_TRY(put_data(h, head));
  IP_TRY(ip_h5_group(h, "/metrics"));
  IP_TRY(ip_h5_group(h, "/layers"));
  IP_TRY(ip_h5_group(h, "/final"));
  IP_TRY(ip_h5_group(h, "/information"));
  IP_TRY(put_order(h, "/metrics", head->n_metrics, head->metric));
  IP_TRY(put_order(h, "/layers", head->n_layer_metrics, head->layer_metric));
  char name[IP_RUN_NAME_SIZE];
  for (size_t m = 0; m < head->n_metrics; m++) {
    IP_TRY(put_series(h, ip_run_metric_name(name, head->metric[m]), n_rows));
    IP_TRY(ip_h5_set_real(h, "/final", ip_run_final_name(name, head->metric[m]), (double)NAN));
  }
  for (size_t k = 0; k < head->n_layers; k++) IP_TRY(put_layer(h, head, k, n_rows, with_activations));
  return IP_OK;
}

ip_status ip_run_layout_resize(ip_h5 *h, const ip_run_head *head, size_t n_rows, bool with_activations)
{
  char name[IP_RUN_NAME_SIZE];
  for (size_t m = 0; m < head->n_metrics; m++)
    IP_TRY(ip_h5_resize(h, ip_run_metric_name(name, head->metric[m]), n_rows));
  for (size_t k = 0; k < head->n_layers; k++) {
    for (size_t m = 0; m < head->n_layer_metrics; m++)
      IP_TRY(ip_h5_resize(h, ip_run_layer_name(name, k, head->layer_metric[m]), n_rows));
    if (with_activations) IP_TRY(ip_h5_resize(h, ip_run_layer_name(name, k, "activation"), n_rows));
    if (with_activations && head->layer[k].has_mean)
      IP_TRY(ip_h5_resize(h, ip_run_layer_name(name, k, "mean"), n_rows));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- information and measures */

/* One series, with NaN at the epochs of /epoch beyond the n_epochs. */
static ip_status put_estimates(ip_h5 *h, const char *name, size_t n_epochs, size_t n_layers, const double *value)
{
  ip_h5_shape epochs;
  IP_TRY(ip_h5_shape_of(h, "/epoch", &epochs));
  size_t n_rows = epochs.dim[0] > n_epochs ? epochs.dim[0] : n_epochs, n = n_epochs * n_layers;
  double *all;
  IP_TRY(IP_NEW(all, n_rows * n_layers, "estimates"));
  if (n) memcpy(all, value, n * sizeof *all);
  for (size_t i = n; i < n_rows * n_layers; i++) all[i] = (double)NAN;
  ip_status st = ip_h5_put(h, name, IP_H5_F64, 2, (const size_t[]){n_rows, n_layers}, all);
  ip_free(all);
  return st;
}

ip_status ip_run_put_information(ip_h5 *h, const ip_information *info)
{
  char group[IP_RUN_NAME_SIZE], name[IP_RUN_NAME_SIZE];
  ip_run_part_path(group, info->part, info->estimator, NULL);
  if (ip_h5_kind_of(h, group) != IP_H5_NOTHING) IP_TRY(ip_h5_remove(h, group));
  IP_TRY(ip_h5_group(h, group));
  for (size_t i = 0; i < info->n_attributes; i++) {
    const ip_run_attribute *a = &info->attribute[i];
    IP_TRY(a->is_number ? ip_h5_set_real(h, group, a->name, a->number) : ip_h5_set_text(h, group, a->name, a->text));
  }
  if (info->part == IP_RUN_MEASURES) IP_TRY(put_order(h, group, info->n_series, info->series));
  for (size_t s = 0; s < info->n_series; s++) {
    ip_run_part_path(name, info->part, info->estimator, info->series[s]);
    IP_TRY(put_estimates(h, name, info->n_epochs, info->n_layers, info->value[s]));
    IP_TRY(ip_h5_attach(h, name, 0, "/epoch"));
    if (ip_h5_kind_of(h, "/layer") == IP_H5_DATASET) IP_TRY(ip_h5_attach(h, name, 1, "/layer"));
    if (info->unit) IP_TRY(ip_h5_set_text(h, name, "units", info->unit[s]));
  }
  return IP_OK;
}
