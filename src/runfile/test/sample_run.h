/* sample_run.h - a small run whose every number follows from its place, for tests. */
#ifndef IP_RUNFILE_TEST_SAMPLE_RUN_H
#define IP_RUNFILE_TEST_SAMPLE_RUN_H

#include "runfile/runfile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE_N = 7, SAMPLE_LAYERS = 2, SAMPLE_METRICS = 3, SAMPLE_STATE = 100, SAMPLE_WIDTH = 3 };
static const uint32_t sample_x_id[SAMPLE_N] = {0, 1, 2, 3, 4, 5, 0};
static const int32_t sample_y[SAMPLE_N] = {0, 1, 1, 0, 1, 0, 1};
static const uint8_t sample_split[SAMPLE_N] = {0, 0, 0, 0, 0, 1, 1};
static const ip_run_layer sample_layer[SAMPLE_LAYERS] = {
    {.kind = "hidden", .activation = "tanh", .width = SAMPLE_WIDTH, .has_mean = true},
    {.kind = "output", .activation = "softmax", .width = 2}};
static const char *const sample_metric[SAMPLE_METRICS] = {"train/loss", "train/accuracy", "test/loss"};
static const char *const sample_layer_metric[] = {"weight_norm", "gradient_mean"};

static inline ip_run_head sample_head(size_t n_planned)
{
  return (ip_run_head){.name = "seed=3",
                       .experiment = "sample",
                       .config = "training:\n  epochs: 10\n",
                       .digest = "0123456789abcdef",
                       .estimate_digest = "",
                       .seed = 3,
                       .dataset = "sphere",
                       .dataset_sha256 = "fedcba",
                       .objective = "cross_entropy",
                       .hx_bits = 2.5,
                       .hy_bits = 1,
                       .ixy_bits = (double)NAN,
                       .epochs = 10,
                       .n_planned = n_planned,
                       .n = SAMPLE_N,
                       .n_x = 6,
                       .n_classes = 2,
                       .x_id = sample_x_id,
                       .y = sample_y,
                       .split = sample_split,
                       .n_layers = SAMPLE_LAYERS,
                       .layer = sample_layer,
                       .n_metrics = SAMPLE_METRICS,
                       .metric = sample_metric,
                       .n_layer_metrics = 2,
                       .layer_metric = sample_layer_metric};
}

static inline float sample_value(int64_t epoch, size_t k, size_t i)
{
  return (float)epoch + (float)k / 4 + (float)i / 64;
}

/* Appends the e-th logged epoch, which is epoch 3 e. */
static inline ip_status sample_append(ip_run_writer *w, size_t e)
{
  float t[SAMPLE_LAYERS][SAMPLE_N * SAMPLE_WIDTH], mean[SAMPLE_N * SAMPLE_WIDTH];
  int64_t epoch = 3 * (int64_t)e;
  double metric[SAMPLE_METRICS], layer_metric[2 * SAMPLE_LAYERS];
  unsigned char state[SAMPLE_STATE];
  for (size_t k = 0; k < SAMPLE_LAYERS; k++)
    for (size_t i = 0; i < SAMPLE_N * SAMPLE_WIDTH; i++) t[k][i] = sample_value(epoch, k, i);
  for (size_t i = 0; i < SAMPLE_N * SAMPLE_WIDTH; i++) mean[i] = -t[0][i];
  for (size_t m = 0; m < SAMPLE_METRICS; m++) metric[m] = m == 2 ? (double)NAN : (double)epoch + (double)m / 8;
  for (size_t i = 0; i < 2 * SAMPLE_LAYERS; i++) layer_metric[i] = (double)epoch * 10 + (double)i;
  memset(state, (int)e + 1, sizeof state);
  const float *ts[] = {t[0], t[1]}, *means[] = {mean, NULL};
  ip_snapshot s = {.epoch = epoch,
                   .metric = metric,
                   .layer_metric = layer_metric,
                   .t = ts,
                   .mean = means,
                   .next_epoch = epoch + 1,
                   .n_state = sizeof state,
                   .state = state};
  return ip_run_writer_append(w, &s);
}

static inline ip_status sample_end(ip_run_writer *w)
{
  const double value[SAMPLE_METRICS] = {0.25, 0.5, 0.75};
  ip_run_end end = {.status = "done", .reason = "", .n_metrics = 3, .metric = sample_metric, .value = value};
  return ip_run_writer_end(w, &end);
}

/* Writes epochs `from` to n_epochs - 1 and the end, then the name. */
static inline ip_status sample_write(const char *path, size_t n_planned, size_t n_epochs)
{
  ip_run_writer *w = NULL;
  ip_run_head head = sample_head(n_planned);
  ip_status st;
  IP_TRY_GOTO(st, ip_run_writer_create(path, &head, &w), end);
  for (size_t e = 0; e < n_epochs; e++) IP_TRY_GOTO(st, sample_append(w, e), end);
  IP_TRY_GOTO(st, sample_end(w), end);
  ip_run_writer_destroy(&w);
  return ip_run_publish(path, true);
end:
  ip_run_writer_destroy(&w);
  return st;
}

/* Information with two series, of n_epochs x SAMPLE_LAYERS values each. */
static inline ip_status sample_inform(const char *path, const char *estimator, size_t n_epochs, double offset)
{
  double ixt[256], ity[256];
  for (size_t i = 0; i < n_epochs * SAMPLE_LAYERS; i++) {
    ixt[i] = offset + (double)i;
    ity[i] = offset - (double)i;
  }
  const ip_run_attribute attribute[] = {{.name = "bins", .text = "30", .is_number = true, .number = 30},
                                        {.name = "range", .text = "run"}};
  const char *const series[] = {"ixt", "ity"};
  double *const value[] = {ixt, ity};
  ip_information info = {.estimator = estimator,
                         .n_epochs = n_epochs,
                         .n_layers = SAMPLE_LAYERS,
                         .n_attributes = 2,
                         .attribute = attribute,
                         .n_series = 2,
                         .series = series,
                         .value = value};
  return ip_run_add_information(path, 1, &info, "estimated", true);
}

#endif
