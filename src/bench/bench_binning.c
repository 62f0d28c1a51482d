/* bench_binning.c - time to bin one logged epoch: I(X;T) and I(T;Y) of every layer.
 *
 *     bench_binning FILE SPEC REPEATS
 *
 * FILE holds, in the machine's byte order: u32 samples, u32 layers, u32 width of each layer, i32 labels (n, two
 * classes), f32 activations (n, width) layer after layer. Prints the median time of an epoch in seconds, then the
 * information of every layer, so that whoever compares times can compare results too. scripts/bench/binning runs it
 * against NumPy.
 */
#include "base/clock.h"
#include "base/text.h"
#include "estimator/estimator.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LAYERS = 32, MAX_REPEATS = 10000 };

typedef struct epoch {
  uint32_t n, n_layers, width[MAX_LAYERS];
  int32_t *y;           // (n)
  float *t[MAX_LAYERS]; // (n, width)
} epoch;

static bool read_array(FILE *f, size_t n, size_t size, void *to)
{
  return fread(to, size, n, f) == n;
}

static ip_status read_epoch(const char *path, ip_scratch *sc, epoch *e)
{
  FILE *f = fopen(path, "rb");
  IP_REQUIRE(f, IP_EIO, "%s: cannot be opened", path);
  ip_status st = IP_OK;
  bool whole = read_array(f, 1, 4, &e->n) && read_array(f, 1, 4, &e->n_layers) && e->n_layers <= MAX_LAYERS &&
               read_array(f, e->n_layers, 4, e->width);
  if (whole) st = IP_SCRATCH(sc, e->y, e->n, "labels");
  whole = whole && !st && read_array(f, e->n, 4, e->y);
  for (size_t k = 0; k < e->n_layers && whole && !st; k++) {
    st = IP_SCRATCH(sc, e->t[k], (size_t)e->n * e->width[k], "activations");
    whole = !st && read_array(f, (size_t)e->n * e->width[k], sizeof(float), e->t[k]);
  }
  fclose(f);
  IP_TRY(st);
  IP_REQUIRE(whole, IP_EFORMAT, "%s: too short", path);
  return IP_OK;
}

static ip_status estimate_epoch(const ip_estimator *estimator, const epoch *e, ip_scratch *sc, ip_estimate *out)
{
  for (size_t k = 0; k < e->n_layers; k++) {
    ip_samples s = {.n = e->n, .width = e->width[k], .t = e->t[k], .n_x = e->n, .n_y = 2, .y = e->y, .layer = k + 1};
    IP_TRY(ip_estimator_run(estimator, &s, sc, &out[k]));
  }
  return IP_OK;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static ip_status run(const char *path, const char *spec, size_t repeats, ip_scratch *sc)
{
  epoch e = {0};
  ip_estimator *estimator;
  ip_estimate out[MAX_LAYERS];
  static double time_s[MAX_REPEATS];
  IP_TRY(read_epoch(path, sc, &e));
  IP_TRY(ip_estimator_create(spec, 0, &estimator));
  ip_status st = IP_OK;
  for (size_t r = 0; r < repeats && !st; r++) {
    double start = ip_clock_s();
    st = estimate_epoch(estimator, &e, sc, out);
    time_s[r] = ip_clock_s() - start;
  }
  ip_estimator_destroy(&estimator);
  IP_TRY(st);
  qsort(time_s, repeats, sizeof *time_s, ascending);
  printf("%.9f\n", time_s[repeats / 2]);
  for (size_t k = 0; k < e.n_layers; k++) printf("%.17g %.17g\n", out[k].ixt_bits, out[k].ity_bits);
  return IP_OK;
}

int main(int argc, char **argv)
{
  int64_t repeats;
  if (argc != 4 || !ip_parse_int(argv[3], &repeats) || repeats < 1 || repeats > MAX_REPEATS) {
    fprintf(stderr, "usage: bench_binning FILE SPEC REPEATS   (see scripts/bench/binning)\n");
    return 2;
  }
  ip_scratch *sc;
  ip_status st = ip_scratch_create(&sc);
  if (!st) st = run(argv[1], argv[2], (size_t)repeats, sc);
  if (st) fprintf(stderr, "bench_binning: %s\n", ip_error_message());
  ip_scratch_destroy(&sc);
  return ip_status_exit(st);
}
