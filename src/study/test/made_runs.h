/* made_runs.h - small run files with values that a test can predict. */
#ifndef IP_FIGURE_TEST_MADE_RUNS_H
#define IP_FIGURE_TEST_MADE_RUNS_H

#include "file/test/temp.h"
#include "runfile/runfile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Two layers, 4 samples, 2 classes; epochs 0, 1, 2, ... with one gap of ten: 0 1 2 13 14 ... */
typedef struct made_run {
  const char *file, *experiment, *config;
  uint64_t seed;
  size_t n_epochs;
  bool failed_to_fit, no_information, no_metrics;
  double shift; /* added to every I(X;T) of estimator "edges" */
  const char *objective;
  double noise_variance, multiplicative_noise, dropout;
  double rate;           /* the first of train/rate_bits, falling by 0.1; written with an objective */
  const char *refused;   /* why there is no interval of I(X;T) */
  bool is_logged_rate;   /* it is logged/rate_bits */
  const char *metric;    /* it is this metric; written with an objective */
  const char *estimator; /* instead of width:size=0.5 */
  bool flagged;          /* layer 2 of edges is saturated in every epoch from the second */
  bool lossy;            /* bins of edges lose predictions in layer 1 at epoch 0 */
  double below;          /* taken from the raw values of edges, which are clipped to 0 */
  double band;           /* half the width of a band around I(X;T) and I(T;Y); 0: no series of bands */
  bool pools;            /* layer 1 has no weights, so that its gradients are NaN */
  const char *name;      /* of layer 1; NULL: none */
  bool one_label;        /* all samples have the same */
  bool rare;             /* the first sample alone has label 0 */
  bool no_test;          /* no sample of the test part was logged */
  bool no_activations, no_measures;
  bool flat;       /* all activations are 0.25 */
  double worse;    /* train/loss times 1 + this, test/loss times 1 + twice this; accuracies less 0.1 and 0.2 of this */
  double gradient; /* times gradient_mean; 0: as 1 */
  size_t best;     /* the epoch of the least test/loss, by its number in the file; 0: the last */
} made_run;

enum { MADE_LAYERS = 2, MADE_SAMPLES = 4, MADE_WIDTH = 2, MADE_EPOCHS = 128 /* at most */ };

static inline int64_t made_epoch(size_t e)
{
  return (int64_t)e + (e > 2 ? 10 : 0);
}

/* I(X;T) and I(T;Y) of layer k (from 0) at the e-th epoch, without the shift. */
static inline double made_ixt(size_t e, size_t k)
{
  return 2 - 0.5 * (double)k - 0.01 * (double)e;
}

static inline double made_ity(size_t e, size_t k)
{
  return 0.5 + 0.01 * (double)e - 0.1 * (double)k;
}

static inline double made_gradient(size_t e, size_t k)
{
  return e == 0 ? 0 : 4.0 / (double)e + (double)k;
}

static inline ip_status made_append(const made_run *m, ip_run_writer *w, size_t e)
{
  float t[MADE_SAMPLES * MADE_WIDTH];
  const float *layers[MADE_LAYERS] = {t, t};
  double loss = 1.0 / (1 + (double)e),
         metric[5] = {loss * (1 + m->worse), 0.5 + 0.01 * (double)e - 0.1 * m->worse, 2 * loss * (1 + 2 * m->worse),
                      0.4 - 0.2 * m->worse, m->rate - 0.1 * (double)e},
         layer[4];
  if (m->best) metric[2] = 0.1 + 0.01 * fabs((double)e - (double)m->best);
  for (int i = 0; i < MADE_SAMPLES * MADE_WIDTH; i++) t[i] = m->flat ? 0.25f : (float)(i % 4) * 0.5f - 0.75f;
  for (size_t k = 0; k < MADE_LAYERS; k++) {
    bool pools = m->pools && k == 0;
    layer[k] = pools ? (double)NAN : made_gradient(e, k) * (m->gradient > 0 ? m->gradient : 1);
    layer[MADE_LAYERS + k] = pools ? (double)NAN : e == 0 ? 0 : 2;
  }
  ip_snapshot s = {.epoch = made_epoch(e),
                   .metric = metric,
                   .layer_metric = layer,
                   .t = layers,
                   .next_epoch = 1,
                   .n_state = 1,
                   .state = "x"};
  return ip_run_writer_append(w, &s);
}

/* The measure geometry: NC1 and the effective rank. */
static inline double made_nc1(size_t e, size_t k)
{
  return 100 / (1 + (double)(e * e)) + (double)k;
}

static inline double made_rank(size_t e, size_t k)
{
  return 2 - 0.01 * (double)e - 0.5 * (double)k;
}

/* The measure probe: usable information. */
static inline double made_v(size_t e, size_t k)
{
  return 0.05 * (double)e - 0.3 * (double)k;
}

static inline ip_status made_measures(const made_run *m, const char *path)
{
  static const char *const shape[] = {"nc1", "effective_rank"}, *const ones[] = {"1", "1"};
  static const char *const usable[] = {"v_information"}, *const bits[] = {"bits"};
  double nc1[MADE_EPOCHS * MADE_LAYERS], rank[MADE_EPOCHS * MADE_LAYERS], v[MADE_EPOCHS * MADE_LAYERS];
  double *const of_shape[] = {nc1, rank}, *const of_usable[] = {v};
  for (size_t at = 0; at < m->n_epochs * MADE_LAYERS; at++) {
    nc1[at] = made_nc1(at / MADE_LAYERS, at % MADE_LAYERS);
    rank[at] = made_rank(at / MADE_LAYERS, at % MADE_LAYERS) + m->shift;
    v[at] = made_v(at / MADE_LAYERS, at % MADE_LAYERS) + m->shift;
  }
  ip_information info[] = {
      {.part = IP_RUN_MEASURES,
       .estimator = "geometry",
       .n_series = 2,
       .series = shape,
       .unit = ones,
       .value = of_shape},
      {.part = IP_RUN_MEASURES,
       .estimator = "probe",
       .n_series = 1,
       .series = usable,
       .unit = bits,
       .value = of_usable},
  };
  for (size_t i = 0; i < 2; i++) {
    info[i].n_epochs = m->n_epochs;
    info[i].n_layers = MADE_LAYERS;
  }
  return ip_run_add_information(path, 2, info, NULL, true);
}

static inline ip_status made_information(const made_run *m, const char *path)
{
  static const char *const series[] = {"ixt",           "ity",          "saturated",    "ixt_raw",
                                       "ity_raw",       "clipped",      "lossy_bins",   "ixt_band_low",
                                       "ixt_band_high", "ity_band_low", "ity_band_high"};
  enum { N_SERIES = sizeof series / sizeof *series };
  double value[2][N_SERIES][MADE_EPOCHS * MADE_LAYERS];
  const ip_run_attribute refused = {.name = "missing_ixt_interval_reason", .text = m->refused};
  ip_information info[2];
  double *of[2][N_SERIES];
  for (int i = 0; i < 2; i++) {
    for (size_t e = 0; e < m->n_epochs; e++)
      for (size_t k = 0; k < MADE_LAYERS; k++) {
        size_t at = e * MADE_LAYERS + k;
        value[i][3][at] = made_ixt(e, k) + (i ? 0.25 : m->shift - m->below);
        value[i][4][at] = made_ity(e, k) - (i ? 0 : m->below);
        value[i][0][at] = fmax(0, value[i][3][at]);
        value[i][1][at] = fmax(0, value[i][4][at]);
        value[i][2][at] = !i && m->flagged && k == 1 && e > 0;
        value[i][6][at] = !i && k == 0 && e == 0;
        for (int end = 0; end < 4; end++)
          value[i][7 + end][at] = value[i][end / 2][at] + (end % 2 ? m->band : -m->band);
        value[i][5][at] = value[i][3][at] < 0 || value[i][4][at] < 0;
      }
    for (int s = 0; s < N_SERIES; s++) of[i][s] = value[i][s];
    info[i] = (ip_information){.estimator = !i             ? "edges"
                                            : m->estimator ? m->estimator
                                                           : "width:size=0.5",
                               .n_attributes = m->refused != NULL,
                               .attribute = &refused,
                               .n_epochs = m->n_epochs,
                               .n_layers = MADE_LAYERS,
                               .n_series = m->band > 0 ? N_SERIES
                                           : m->lossy  ? N_SERIES - 4
                                                       : N_SERIES - 5,
                               .series = series,
                               .value = of[i]};
  }
  return ip_run_add_information(path, 2, info, "e", true);
}

static inline ip_status made_write(const made_run *m)
{
  const char *const metric[] = {"train/loss", "train/accuracy", "test/loss", "test/accuracy",
                                m->metric           ? m->metric
                                : m->is_logged_rate ? "logged/rate_bits"
                                                    : "train/rate_bits"};
  static const char *const layer_metric[] = {"gradient_mean", "gradient_std"};
  const ip_run_layer layer[] = {{.kind = "hidden", .activation = "tanh", .width = MADE_WIDTH, .name = m->name},
                                {.kind = "output", .activation = "softmax", .width = MADE_WIDTH}};
  static const uint32_t x_id[] = {0, 1, 2, 3};
  static const int32_t y[] = {0, 1, 0, 1}, same[] = {1, 1, 1, 1}, rare[] = {0, 1, 1, 1};
  static const uint8_t split[] = {0, 0, 0, 1}, train[] = {0, 0, 0, 0};
  ip_run_head h = {.name = m->file,
                   .experiment = m->experiment,
                   .config = m->config,
                   .digest = "d",
                   .estimate_digest = "",
                   .seed = m->seed,
                   .dataset = "made",
                   .dataset_sha256 = "",
                   .objective = m->objective ? m->objective : "cross_entropy",
                   .noise_variance = m->noise_variance,
                   .multiplicative_noise = m->multiplicative_noise,
                   .dropout = m->dropout,
                   .hx_bits = 2,
                   .hy_bits = m->one_label ? 0 : 1,
                   .ixy_bits = m->one_label ? 0 : 1,
                   .epochs = 100,
                   .n = MADE_SAMPLES,
                   .n_x = 4,
                   .n_classes = 2,
                   .x_id = x_id,
                   .y = m->one_label ? same
                        : m->rare    ? rare
                                     : y,
                   .split = m->no_test ? train : split,
                   .n_layers = MADE_LAYERS,
                   .layer = layer,
                   .n_metrics = m->no_metrics  ? 0
                                : m->objective ? 5
                                               : 4,
                   .metric = metric,
                   .n_layer_metrics = m->no_metrics ? 0 : 2,
                   .layer_metric = layer_metric};
  char path[512];
  ip_run_writer *w;
  snprintf(path, sizeof path, "%s", temp_path(m->file));
  IP_TRY(ip_run_writer_create(path, &h, &w));
  ip_status st = IP_OK;
  for (size_t e = 0; e < m->n_epochs && st == IP_OK; e++) st = made_append(m, w, e);
  ip_run_end end = {.status = m->failed_to_fit ? "failed_to_fit" : "done", .reason = ""};
  if (st == IP_OK) st = ip_run_writer_end(w, &end);
  ip_run_writer_destroy(&w);
  IP_TRY(st);
  IP_TRY(ip_run_publish(path, !m->no_activations));
  if (m->no_information) return IP_OK;
  IP_TRY(made_information(m, path));
  return m->no_measures ? IP_OK : made_measures(m, path);
}

#endif
