/* bench_measures.c - time of every measure on one logged epoch, next to that of binning.
 *
 *     bench_measures FILE ROUNDS
 *
 * FILE is as bench/epoch.h says. The first layer takes the place of the inputs, the last that of the output; every
 * fourth sample is a test sample. In each round, `edges` and every measure with its default parameters see all layers
 * in turn. Prints a line for each: the spec, the median time of an epoch in seconds, the median ratio to `edges` of the
 * same round, and the smallest and largest ratio. scripts/bench/measures runs it.
 */
#include "base/text.h"
#include "bench/epoch.h"
#include "measure/kind.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_ROUNDS = 1000, MAX_SPECS = 64 };

typedef struct inputs {
  epoch e;
  uint8_t *split;      // (n)
  int32_t *prediction; // (n)
} inputs;

static ip_status read_inputs(const char *path, ip_scratch *sc, inputs *in)
{
  IP_TRY(read_epoch(path, sc, &in->e));
  IP_TRY(IP_SCRATCH(sc, in->split, in->e.n, "split"));
  IP_TRY(IP_SCRATCH(sc, in->prediction, in->e.n, "predictions"));
  size_t last = in->e.n_layers - 1, width = in->e.width[last];
  for (size_t i = 0; i < in->e.n; i++) {
    const float *row = in->e.t[last] + i * width;
    in->split[i] = i % 4 == 3;
    for (size_t j = 1; j < width; j++)
      if (row[j] > row[in->prediction[i]]) in->prediction[i] = (int32_t)j;
  }
  return IP_OK;
}

static ip_status measure_epoch(const ip_measure *m, const inputs *in, ip_scratch *sc)
{
  const epoch *e = &in->e;
  size_t last = e->n_layers - 1;
  for (size_t k = 0; k < e->n_layers; k++) {
    double value[IP_MAX_MEASURE_SERIES];
    const char *reason[IP_MAX_MEASURE_SERIES];
    ip_samples s = epoch_samples(e, k);
    s.x = e->t[0], s.n_in = e->width[0];
    s.activation = "tanh";
    ip_measure_input mi = {.s = &s,
                           .split = in->split,
                           .next = k < last ? e->t[k + 1] : NULL,
                           .next_width = k < last ? e->width[k + 1] : 0,
                           .output = e->t[last],
                           .output_width = e->width[last],
                           .prediction = in->prediction};
    IP_TRY(ip_measure_run(m, &mi, sc, value, reason));
  }
  return IP_OK;
}

static ip_status bin_epoch(const inputs *in, ip_scratch *sc)
{
  ip_estimator *edges;
  ip_estimate out;
  IP_TRY(ip_estimator_create("edges", 0, &edges));
  ip_status st = IP_OK;
  for (size_t k = 0; k < in->e.n_layers && !st; k++) {
    ip_samples s = epoch_samples(&in->e, k);
    st = ip_estimator_run(edges, &s, sc, &out);
  }
  ip_estimator_destroy(&edges);
  return st;
}

/* Processor time of an epoch; measure NULL: of `edges`. */
static ip_status time_epoch(const char *measure, const inputs *in, ip_scratch *sc, double *time_s)
{
  ip_measure *m = NULL;
  if (measure) IP_TRY(ip_measure_create(measure, 0, &m));
  double start = processor_s();
  ip_status st = measure ? measure_epoch(m, in, sc) : bin_epoch(in, sc);
  *time_s = processor_s() - start;
  ip_measure_destroy(&m);
  return st;
}

static void print(const char *spec, size_t rounds, double *time_s, double *ratio)
{
  qsort(time_s, rounds, sizeof *time_s, ascending);
  qsort(ratio, rounds, sizeof *ratio, ascending);
  printf("%s %.9f %.4g %.4g %.4g\n", spec, time_s[rounds / 2], ratio[rounds / 2], ratio[0], ratio[rounds - 1]);
}

static ip_status run(const char *path, size_t rounds, ip_scratch *sc)
{
  static double time_s[MAX_SPECS][MAX_ROUNDS], ratio[MAX_SPECS][MAX_ROUNDS];
  const char *const *name = ip_measure_names();
  inputs in;
  size_t n = 0;
  while (name[n]) n++;
  IP_REQUIRE(n < MAX_SPECS, IP_EINVAL, "more than %d measures", MAX_SPECS);
  IP_TRY(read_inputs(path, sc, &in));
  for (size_t r = 0; r < rounds; r++)
    for (size_t i = 0; i <= n; i++) {
      IP_TRY(time_epoch(i ? name[i - 1] : NULL, &in, sc, &time_s[i][r]));
      ratio[i][r] = time_s[i][r] / time_s[0][r];
    }
  for (size_t i = 1; i <= n; i++) print(name[i - 1], rounds, time_s[i], ratio[i]);
  print("edges", rounds, time_s[0], ratio[0]);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t rounds;
  if (argc != 3 || !ip_parse_int(argv[2], &rounds) || rounds < 1 || rounds > MAX_ROUNDS) {
    fprintf(stderr, "usage: bench_measures FILE ROUNDS   (see scripts/bench/measures)\n");
    return 2;
  }
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = run(argv[1], (size_t)rounds, sc);
  if (st) fprintf(stderr, "bench_measures: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
