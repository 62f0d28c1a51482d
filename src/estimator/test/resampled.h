/* resampled.h - samples of known information, and what resampling says of them. */
#ifndef IP_ESTIMATOR_TEST_RESAMPLED_H
#define IP_ESTIMATOR_TEST_RESAMPLED_H

#include "estimator/interval.h"
#include "estimator/test/samples.h"

enum { N = 400, SYMBOLS = 4 };

/* p(y = 1 | t) of four equally likely symbols. */
static const double p_one[SYMBOLS] = {0.1, 0.9, 0.3, 0.7};

static inline void draw(uint64_t index, float *t, int32_t *y)
{
  ip_rng r = ip_rng_open(21, IP_RNG_TEST, index);
  for (size_t i = 0; i < N; i++) {
    size_t k = ip_rng_below(&r, SYMBOLS);
    t[i] = 0.1f + 0.25f * (float)k;
    y[i] = ip_rng_uniform(&r) < p_one[k];
  }
}

static inline void bootstrap(const char *spec, const ip_samples *s, size_t replicates, uint64_t seed, ip_scratch *sc,
                             ip_interval *ixt, ip_interval *ity)
{
  ip_estimator *e;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  ip_status st = ip_estimator_bootstrap(e, s, replicates, 0.95, seed, sc, ixt, ity);
  ip_estimator_destroy(&e);
  CHECK_OK(st);
  assert_int_equal(ip_scratch_mark(sc), 0);
}

static inline ip_null null_of(const char *spec, const ip_samples *s, size_t shuffles, ip_scratch *sc)
{
  ip_estimator *e;
  ip_null out;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  ip_status st = ip_estimator_null(e, s, shuffles, 5, sc, &out);
  ip_estimator_destroy(&e);
  CHECK_OK(st);
  assert_int_equal(ip_scratch_mark(sc), 0);
  return out;
}

#endif
