/* samples.h - small samples for the tests of estimators. */
#ifndef IP_ESTIMATOR_TEST_SAMPLES_H
#define IP_ESTIMATOR_TEST_SAMPLES_H

#include "base/rng.h"
#include "base/test/check.h"
#include "base/test/scratch.h"
#include "estimator/estimator.h"

#include <math.h>
#include <string.h>

/* A test whose *state is scratch. */
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

/* Hard labels, every sample an input of its own. */
static inline ip_samples samples_of(size_t n, size_t width, const float *t, size_t n_y, const int32_t *y)
{
  return (ip_samples){.n = n, .width = width, .t = t, .n_x = n, .n_y = n_y, .y = y, .layer = 3, .epoch = 120};
}

/* Runs `spec` on the samples. */
static inline ip_estimate estimate(const char *spec, const ip_samples *s, ip_scratch *sc)
{
  ip_estimator *e;
  ip_estimate out;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  ip_status st = ip_estimator_run(e, s, sc, &out);
  ip_estimator_destroy(&e);
  CHECK_OK(st);
  assert_int_equal(ip_scratch_mark(sc), 0);
  assert_true(isfinite(out.ixt_bits) && isfinite(out.ity_bits));
  return out;
}

/* Runs `spec`, which must fail with `code` and a message that contains `text`. */
static inline void estimate_fails(const char *spec, const ip_samples *s, ip_scratch *sc, ip_status code,
                                  const char *text)
{
  ip_estimator *e;
  ip_estimate out;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  ip_error_clear();
  ip_status st = ip_estimator_run(e, s, sc, &out);
  ip_estimator_destroy(&e);
  assert_int_equal(st, code);
  if (!strstr(ip_error_message(), text)) fail_msg("message is: %s", ip_error_message());
  ip_error_clear();
}

/* Runs every spec of `specs` (n) with an estimator and scratch of its own, up to the first that fails: for
 * CHECK_EVERY_ALLOCATION. */
static inline ip_status run_alone(size_t n, const char *const *specs, const ip_samples *s)
{
  ip_status st = IP_OK;
  for (size_t k = 0; k < n && !st; k++) {
    ip_estimator *e = NULL;
    ip_estimate out;
    ip_scratch *sc = NULL;
    st = ip_scratch_create(&sc);
    if (!st) st = ip_estimator_create(specs[k], 0, &e);
    if (!st) st = ip_estimator_run(e, s, sc, &out);
    ip_estimator_destroy(&e);
    ip_scratch_destroy(&sc);
  }
  return st;
}

/* One sample carries no information; of two samples, the last unit of the second is `bad`, and the message says so. */
static inline void one_sample_and_one_not_finite(const char *spec, float bad, const char *text, ip_scratch *sc)
{
  float t[4] = {1, 2, 3, bad};
  int32_t y[2] = {0, 1};
  ip_samples s = samples_of(1, 2, t, 2, y);
  ip_estimate e = estimate(spec, &s, sc);
  assert_true(e.ixt_bits == 0 && e.ity_bits == 0);
  s.n = s.n_x = 2;
  estimate_fails(spec, &s, sc, IP_ENUMERIC, text);
}

#endif
