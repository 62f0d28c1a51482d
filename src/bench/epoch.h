/* epoch.h - one logged epoch in a file of its own, for the benchmarks of estimators.
 *
 * The file holds, in the machine's byte order: u32 samples, u32 layers, u32 width of each layer, i32 labels (n, two
 * classes), f32 activations (n, width) layer after layer.
 */
#ifndef IP_BENCH_EPOCH_H
#define IP_BENCH_EPOCH_H

#include "base/mem.h"
#include "bench/timing.h"
#include "estimator/estimator.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_LAYERS = 32 };

typedef struct epoch {
  uint32_t n, n_layers, width[MAX_LAYERS];
  int32_t *y;           // (n)
  float *t[MAX_LAYERS]; // (n, width)
} epoch;

static inline bool read_array(FILE *f, size_t n, size_t size, void *to)
{
  return fread(to, size, n, f) == n;
}

static inline ip_status read_epoch(const char *path, ip_scratch *sc, epoch *e)
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

/* Layer k of the epoch, every sample an input of its own. */
static inline ip_samples epoch_samples(const epoch *e, size_t k)
{
  return (ip_samples){.n = e->n, .width = e->width[k], .t = e->t[k], .n_x = e->n, .n_y = 2, .y = e->y, .layer = k + 1};
}

#endif
