/* inputs.h - inputs of measures with known values, for the tests of measures.
 *
 * Data by formula, rounded to float32: i = 0 .. 59, t_ij = sin(i (j + 1)) of width 4, u = max(t, 0), x = cos(i),
 * cos(1.5 i), out = cos(i), cos(2i), cos(3i), y = floor(3i / 2 pi) mod 3, y2 = min(floor(4i / 2 pi) mod 4, 2),
 * z = i mod 3; test samples: i mod 4 = 3.
 */
#ifndef IP_MEASURE_TEST_INPUTS_H
#define IP_MEASURE_TEST_INPUTS_H

#include "base/rng.h"
#include "base/test/check.h"
#include "base/test/scratch.h"
#include "measure/kind.h"

#include <math.h>
#include <string.h>

enum { FORMULA_N = 60 };

typedef struct formula_data {
  float t[FORMULA_N * 4], u[FORMULA_N * 4], x[FORMULA_N * 2], out[FORMULA_N * 3];
  int32_t y[FORMULA_N], y2[FORMULA_N], z[FORMULA_N];
  uint8_t split[FORMULA_N];
} formula_data;

static inline formula_data *data_by_formula(void)
{
  static formula_data d;
  const double turn = 2 * 3.14159265358979323846;
  for (int i = 0; i < FORMULA_N; i++) {
    for (int j = 0; j < 4; j++) {
      d.t[i * 4 + j] = (float)sin(i * (j + 1));
      d.u[i * 4 + j] = d.t[i * 4 + j] > 0 ? d.t[i * 4 + j] : 0;
    }
    d.x[i * 2] = (float)cos(i);
    d.x[i * 2 + 1] = (float)cos(1.5 * i);
    for (int j = 0; j < 3; j++) d.out[i * 3 + j] = (float)cos(i * (j + 1));
    d.y[i] = (int32_t)floor(3 * i / turn) % 3;
    d.y2[i] = (int32_t)floor(4 * i / turn) % 4;
    if (d.y2[i] > 2) d.y2[i] = 2;
    d.z[i] = i % 3;
    d.split[i] = i % 4 == 3;
  }
  return &d;
}

/* A test whose *state is scratch. */
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

/* Hard labels, every sample an input of its own. */
static inline ip_samples samples_of(size_t n, size_t width, const float *t, size_t n_y, const int32_t *y)
{
  return (ip_samples){.n = n, .width = width, .t = t, .n_x = n, .n_y = n_y, .y = y, .layer = 3, .epoch = 120};
}

/* What a measure gave: a value for each series, or NaN and the reason. */
typedef struct measured {
  ip_measure *m;
  double value[IP_MAX_MEASURE_SERIES];
  const char *reason[IP_MAX_MEASURE_SERIES];
} measured;

static inline ip_status measure_once(const char *spec, const ip_measure_input *in, ip_scratch *sc, measured *out)
{
  ip_status st = ip_measure_create(spec, 1, &out->m);
  if (st == IP_OK) st = ip_measure_run(out->m, in, sc, out->value, out->reason);
  return st;
}

/* Runs `spec`; every series has either a number or NaN with a reason. */
static inline measured measure(const char *spec, const ip_measure_input *in, ip_scratch *sc)
{
  measured out;
  CHECK_OK(measure_once(spec, in, sc, &out));
  assert_int_equal(ip_scratch_mark(sc), 0);
  for (size_t i = 0; i < ip_measure_n_series(out.m); i++) {
    assert_true(isnan(out.value[i]) || isfinite(out.value[i]));
    assert_int_equal(isnan(out.value[i]), out.reason[i] != NULL);
  }
  return out;
}

static inline size_t series_named(const ip_measure *m, const char *name)
{
  for (size_t i = 0; i < ip_measure_n_series(m); i++)
    if (!strcmp(ip_measure_series_at(m, i)->name, name)) return i;
  fail_msg("no series %s", name);
  return 0;
}

/* One series of `spec`. */
static inline double measure_series(const char *spec, const char *name, const ip_measure_input *in, ip_scratch *sc)
{
  measured out = measure(spec, in, sc);
  double value = out.value[series_named(out.m, name)];
  ip_measure_destroy(&out.m);
  return value;
}

/* The series is NaN, and its reason contains `text`. */
static inline void check_no_value(const char *spec, const char *name, const ip_measure_input *in, const char *text,
                                  ip_scratch *sc)
{
  measured out = measure(spec, in, sc);
  size_t i = series_named(out.m, name);
  if (!out.reason[i] || !strstr(out.reason[i], text))
    fail_msg("%s = %g, reason: %s", name, out.value[i], out.reason[i] ? out.reason[i] : "none");
  ip_measure_destroy(&out.m);
}

/* All of a run with scratch of its own, for CHECK_EVERY_ALLOCATION. */
static inline ip_status measure_alone(const char *spec, const ip_measure_input *in)
{
  measured out = {0};
  ip_scratch *sc = NULL;
  ip_status st = ip_scratch_create(&sc);
  if (st == IP_OK) st = measure_once(spec, in, sc, &out);
  ip_measure_destroy(&out.m);
  ip_scratch_destroy(&sc);
  return st;
}

#endif
