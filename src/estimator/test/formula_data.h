/* formula_data.h - sixty samples given by formulas, rounded to float32: a layer t of sines, its ReLU u, inputs x, and
 * labels y2 and z. Values of estimators on them are pinned by tests; each was computed by a program of a few lines from
 * the formula of the estimator (NumPy, all pairs). */
#ifndef IP_ESTIMATOR_TEST_FORMULA_DATA_H
#define IP_ESTIMATOR_TEST_FORMULA_DATA_H

#include "estimator/test/samples.h"

enum { FORMULA_N = 60, FORMULA_WIDTH = 4, FORMULA_IN = 2 };

typedef struct formula_data {
  float t[FORMULA_N * FORMULA_WIDTH], u[FORMULA_N * FORMULA_WIDTH]; // (n, width)
  float t0[FORMULA_N], u0[FORMULA_N], x0[FORMULA_N];                // (n) their first columns
  float x[FORMULA_N * FORMULA_IN];                                  // (n, n_in)
  int32_t y2[FORMULA_N], z[FORMULA_N];                              // (n) three classes
} formula_data;

static inline formula_data formula_data_make(void)
{
  formula_data d;
  for (int i = 0; i < FORMULA_N; i++) {
    for (int j = 0; j < FORMULA_WIDTH; j++) {
      float v = (float)sin((double)i * (j + 1));
      d.t[i * FORMULA_WIDTH + j] = v;
      d.u[i * FORMULA_WIDTH + j] = v > 0 ? v : 0;
    }
    d.t0[i] = d.t[i * FORMULA_WIDTH];
    d.u0[i] = d.u[i * FORMULA_WIDTH];
    d.x[2 * i] = d.x0[i] = (float)cos((double)i);
    d.x[2 * i + 1] = (float)cos(1.5 * i);
    int quarter = (int)floor(4 * (double)i / (2 * 3.14159265358979323846)) % 4;
    d.y2[i] = quarter < 2 ? quarter : 2;
    d.z[i] = i % 3;
  }
  return d;
}

/* A layer t of some width with inputs x and labels y below 3. */
static inline ip_samples formula_samples(size_t width, const float *t, size_t n_in, const float *x, const int32_t *y)
{
  ip_samples s = samples_of(FORMULA_N, width, t, 3, y);
  s.n_in = n_in;
  s.x = x;
  return s;
}

#endif
