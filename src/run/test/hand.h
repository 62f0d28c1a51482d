/* hand.h - run files made by hand, for tests of what is estimated from them. */
#ifndef IP_RUN_TEST_HAND_H
#define IP_RUN_TEST_HAND_H

#include "run/test/runs.h"

/* One run of one layer: n samples of `width` units at n_epochs epochs 0, 1, ... */
typedef struct hand_run {
  size_t n, width, n_epochs, n_layers; /* n_layers 0: one; others repeat the same activations */
  const float *t;                      // (n_epochs, n, width)
  const uint32_t *x_id;                // (n); NULL: 0 .. n-1
  const int32_t *y;                    // (n)
  size_t n_classes;
  const float *x;      // (n, n_in); NULL: none
  const float *target; // (n, 1); NULL: none
  size_t n_in;
} hand_run;

/* A run of which nothing is known but its samples, each an input of its own number, and its layers. */
static inline ip_run_head head_by_hand(size_t n, const uint32_t *x_id, size_t n_classes, const int32_t *y,
                                       size_t n_layers, const ip_run_layer *layer)
{
  return (ip_run_head){.name = "by hand",
                       .experiment = "",
                       .config = "",
                       .digest = "",
                       .estimate_digest = "",
                       .dataset = "",
                       .dataset_sha256 = "",
                       .objective = "",
                       .hx_bits = (double)NAN,
                       .hy_bits = (double)NAN,
                       .ixy_bits = (double)NAN,
                       .n = n,
                       .n_x = n,
                       .n_classes = n_classes,
                       .x_id = x_id,
                       .y = y,
                       .n_layers = n_layers,
                       .layer = layer};
}

static inline void write_by_hand(const char *path, hand_run h)
{
  enum { MOST_LAYERS = 3 };
  uint32_t *own = calloc(h.n, sizeof *own);
  ip_run_layer layer[MOST_LAYERS];
  const float *t[MOST_LAYERS];
  size_t n_layers = h.n_layers ? h.n_layers : 1;
  assert_true(own && n_layers <= MOST_LAYERS);
  for (size_t i = 0; i < h.n; i++) own[i] = (uint32_t)i;
  for (size_t k = 0; k < n_layers; k++)
    layer[k] = (ip_run_layer){.kind = "hidden", .activation = "tanh", .width = h.width};
  ip_run_head head = head_by_hand(h.n, h.x_id ? h.x_id : own, h.n_classes, h.y, n_layers, layer);
  head.n_in = h.n_in;
  head.x = h.x;
  head.n_targets = h.target ? 1 : 0;
  head.target = h.target;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < h.n_epochs; e++) {
    for (size_t k = 0; k < n_layers; k++) t[k] = h.t + e * h.n * h.width;
    ip_snapshot s = {.epoch = (int64_t)e, .t = t, .next_epoch = (int64_t)e + 1};
    CHECK_OK(ip_run_writer_append(w, &s));
  }
  ip_run_end end = {.status = "done", .reason = ""};
  CHECK_OK(ip_run_writer_end(w, &end));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
  free(own);
}

/* The series of one estimator in a file, v (n_epochs, n_layers). */
static inline void series_of(const char *path, const char *estimator, const char *series, double *v)
{
  ip_run *r = open_run(path);
  CHECK_OK(ip_run_read_series(r, estimator, series, v));
  ip_run_close(&r);
}

/* Whether the reason why `what` is lacking contains `text`; an empty text: there is no reason. */
static inline void check_reason(const char *path, const char *estimator, const char *what, const char *text)
{
  ip_run *r = open_run(path);
  ip_scratch *sc;
  const char *reason;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_no_value(r, estimator, what, sc, &reason));
  if (*text ? !strstr(reason, text) : *reason) fail_msg("%s, %s: the reason is '%s'", estimator, what, reason);
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
}

static inline ip_estimate_options estimators(size_t n, const char *const *spec)
{
  return (ip_estimate_options){.n_estimators = n, .estimator = spec, .seed = 1, .n_threads = 1, .level = 0.95};
}

#endif
