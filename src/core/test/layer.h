/* layer.h - a small layer for the tests of capi.h, new for every test. */
#ifndef IP_CORE_TEST_LAYER_H
#define IP_CORE_TEST_LAYER_H

#include "base/rng.h"
#include "base/test/check.h"
#include "core/capi.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 200, WIDTH = 3, N_IN = 2, N_CLASSES = 4, SEED = 7 };

typedef struct {
  float t[N * WIDTH], x[N * N_IN], mean[N * WIDTH];
  double t64[N * WIDTH];
  int32_t y[N];
  int64_t y64[N];
  uint8_t y8[N];
} data;

static inline void fill(data *d)
{
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    d->y[i] = (int32_t)((7 * i + i / 3) % N_CLASSES);
    d->y64[i] = d->y[i];
    d->y8[i] = (uint8_t)d->y[i];
    for (size_t j = 0; j < WIDTH; j++) {
      d->mean[i * WIDTH + j] = (float)(ip_rng_uniform(&r) - 0.5);
      d->t[i * WIDTH + j] = tanhf(d->mean[i * WIDTH + j] + 0.3F * (float)d->y[i]);
      d->t64[i * WIDTH + j] = (double)d->t[i * WIDTH + j];
    }
    for (size_t j = 0; j < N_IN; j++) d->x[i * N_IN + j] = (float)ip_rng_uniform(&r);
  }
}

static inline ip_capi_samples capi_samples(const data *d)
{
  return (ip_capi_samples){.struct_size = sizeof(ip_capi_samples),
                           .n = N,
                           .width = WIDTH,
                           .t = d->t,
                           .y = d->y,
                           .n_in = N_IN,
                           .x = d->x,
                           .low = -1,
                           .high = 1,
                           .has_run_range = 1,
                           .epoch = -1};
}

static inline int32_t run(const char *spec, const ip_capi_samples *s, const ip_capi_options *o, ip_capi_estimate *out)
{
  ip_capi_estimator *e;
  int32_t code = ip_capi_estimator_create(spec, SEED, &e);
  if (code) return code;
  *out = (ip_capi_estimate){.struct_size = sizeof *out};
  code = ip_capi_estimate_run(e, s, o, NULL, out);
  ip_capi_estimator_destroy(e);
  return code;
}

#define SAME(a, b)                                                                                                     \
  do {                                                                                                                 \
    double a_ = (a), b_ = (b);                                                                                         \
    if (memcmp(&a_, &b_, sizeof a_) && !(isnan(a_) && isnan(b_))) fail_msg("%s: %.17g, %s: %.17g", #a, a_, #b, b_);    \
  } while (0)

static inline int setup(void **state)
{
  if (!(*state = malloc(sizeof(data)))) return 1;
  fill(*state);
  return 0;
}

static inline int teardown(void **state)
{
  free(*state);
  return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
