/* runs.h - small runs for the tests of run/. */
#ifndef IP_RUN_TEST_RUNS_H
#define IP_RUN_TEST_RUNS_H

#include "run/run.h"

#include "base/test/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL                                                                                                          \
  "name: small\n"                                                                                                      \
  "network: {hidden: [5, 3]}\n"                                                                                        \
  "training: {epochs: 12, batch_size: 256, learning_rate: 0.01}\n"                                                     \
  "log: {schedule: list, list: [0, 1, 4, 9, 12]}\n"                                                                    \
  "estimators: [edges, 'width:size=0.07']\n"

/* A directory of its own for every test program, gone afterwards. */
static inline const char *folder(void)
{
  static char path[64];
  if (!*path) {
    snprintf(path, sizeof path, "/tmp/infoplane-test-XXXXXX");
    assert_non_null(mkdtemp(path));
  }
  return path;
}

static inline int remove_folder(void **state)
{
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", folder());
  return system(command);
}

static inline void in_folder(char path[static 128], const char *name)
{
  snprintf(path, 128, "%s/%s", folder(), name);
}

/* The single point of a configuration, with up to two overrides. */
static inline ip_experiment *point_of(const char *text, const char *set1, const char *set2)
{
  const char *set[] = {set1, set2};
  size_t n = set2 ? 2 : set1 ? 1 : 0;
  ip_experiment *e, *point;
  CHECK_OK(ip_experiment_parse("test.yaml", text, n, set, &e));
  CHECK_OK(ip_experiment_point(e, 0, &point));
  ip_experiment_destroy(&e);
  return point;
}

/* Trains the point and gives its file the name. */
static inline void train_to(const char *path, const char *text, const char *set)
{
  ip_experiment *point = point_of(text, set, NULL);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_run_publish(path, true));
  ip_experiment_destroy(&point);
}

static inline ip_run *open_run(const char *path)
{
  ip_run *r;
  CHECK_OK(ip_run_open(path, &r));
  return r;
}

/* Every number of two run files but their information is the same, bit for bit. */
static inline void check_same_run(ip_run *a, ip_run *b)
{
  const ip_run_head *h = ip_run_head_of(a), *g = ip_run_head_of(b);
  size_t n_epochs = ip_run_n_epochs(a);
  assert_int_equal(n_epochs, ip_run_n_epochs(b));
  assert_int_equal(h->n_layers, g->n_layers);
  assert_string_equal(ip_run_status(a), ip_run_status(b));
  for (size_t k = 0; k < h->n_layers; k++)
    for (size_t e = 0; e < n_epochs; e++) {
      size_t n = h->n * h->layer[k].width;
      float *t = calloc(n, sizeof *t), *u = calloc(n, sizeof *u);
      assert_true(t && u);
      CHECK_OK(ip_run_read_activation(a, k, e, t));
      CHECK_OK(ip_run_read_activation(b, k, e, u));
      assert_memory_equal(t, u, n * sizeof *t);
      free(t);
      free(u);
    }
  double *v = calloc(n_epochs * h->n_layers, sizeof *v), *w = calloc(n_epochs * h->n_layers, sizeof *w);
  assert_true(v && w);
  for (size_t i = 0; i < h->n_layer_metrics; i++) {
    CHECK_OK(ip_run_read_layer_metric(a, h->layer_metric[i], v));
    CHECK_OK(ip_run_read_layer_metric(b, h->layer_metric[i], w));
    assert_memory_equal(v, w, n_epochs * h->n_layers * sizeof *v);
  }
  for (size_t i = 0; i < h->n_metrics; i++) {
    CHECK_OK(ip_run_read_metric(a, h->metric[i], v));
    CHECK_OK(ip_run_read_metric(b, h->metric[i], w));
    assert_memory_equal(v, w, n_epochs * sizeof *v);
  }
  free(v);
  free(w);
}

#endif
