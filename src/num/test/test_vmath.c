#include "num/vmath.h"

#include "base/test/check.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef void map32(size_t n, const float *x, float *y);

static double ref_sigmoid(double x)
{
  return 1 / (1 + exp(-x));
}
static double ref_softplus(double x)
{
  return fmax(x, 0) + log1p(exp(-fabs(x)));
}
static double ref_elu(double x)
{
  return x > 0 ? x : expm1(x);
}

/* The functions with what the header promises of them. */
static const struct {
  const char *name;
  size_t offset; /* of the function in ip_vmath */
  double (*exact)(double);
  double ulp;
  float at_minus_inf, at_plus_inf;
} function[] = {
    {"exp", offsetof(ip_vmath, exp), exp, 1.5, 0, INFINITY},
    {"tanh", offsetof(ip_vmath, tanh), tanh, 1.5, -1, 1},
    {"sigmoid", offsetof(ip_vmath, sigmoid), ref_sigmoid, 3, 0, 1},
    {"softplus", offsetof(ip_vmath, softplus), ref_softplus, 4, 0, INFINITY},
    {"elu", offsetof(ip_vmath, elu), ref_elu, 2, -1, INFINITY},
};
enum { N_FUNCTIONS = sizeof function / sizeof *function, N = 4096 };

static map32 *get(const ip_vmath *v, size_t f)
{
  map32 *map;
  memcpy(&map, (const char *)v + function[f].offset, sizeof map);
  return map;
}

/* Distance of got from the exact value in units of the last place of the float nearest to it. */
static double ulps(float got, double exact)
{
  float nearest = (float)exact;
  double unit = (double)nextafterf(fabsf(nearest), INFINITY) - (double)fabsf(nearest);
  return fabs((double)got - exact) / unit;
}

/* Arguments over all scales of both signs: every 16411th float whose magnitude is at most 100. */
static size_t next_arguments(uint32_t *bits, float *x)
{
  size_t n = 0;
  while (n < N) {
    memcpy(&x[n], bits, sizeof *x);
    if (fabsf(x[n]) <= 100) n++;
    if (*bits > UINT32_MAX - 16411) break;
    *bits += 16411;
  }
  return n;
}

static void errors_stay_below_the_promised_ulps(void **state)
{
  (void)state;
  static float x[N], y[N];
  for (size_t f = 0; f < N_FUNCTIONS; f++) {
    double worst = 0;
    float where = 0;
    uint32_t bits = 0;
    for (size_t n; bits <= UINT32_MAX - 16411;) {
      n = next_arguments(&bits, x);
      get(ip_vmath_variant(0), f)(n, x, y);
      for (size_t i = 0; i < n; i++) {
        double exact = function[f].exact((double)x[i]);
        if (fabs(exact) < (double)FLT_MIN && x[i] != 0) { /* gradual underflow: within one and a half steps */
          assert_true(fabs((double)y[i] - exact) <= 1.5 * (double)nextafterf(0, 1));
          continue;
        }
        if (exact > (double)FLT_MAX) {
          assert_true(y[i] == INFINITY);
          continue;
        }
        double e = ulps(y[i], exact);
        if (!(e <= worst)) worst = e, where = x[i];
      }
    }
    print_message("%-8s worst error %.2f ulp at %.9g\n", function[f].name, worst, (double)where);
    if (!(worst <= function[f].ulp)) fail_msg("%s: %g ulp at %.9g", function[f].name, worst, (double)where);
  }
}

static void tanh_and_elu_are_accurate_around_zero_and_where_they_saturate(void **state)
{
  (void)state;
  static float x[N], y[N];
  for (size_t f = 0; f < N_FUNCTIONS; f++) {
    for (size_t i = 0; i < N; i++) x[i] = ((float)i - N / 2) * (20.0f / N);
    get(ip_vmath_variant(0), f)(N, x, y);
    for (size_t i = 0; i < N; i++) assert_true(ulps(y[i], function[f].exact((double)x[i])) <= function[f].ulp);
  }
}

static void limits_and_nan_come_out(void **state)
{
  (void)state;
  const float x[] = {-INFINITY, INFINITY, NAN, -NAN, -1000, 1000, 0, -0.0f};
  float y[8];
  for (size_t k = 0; ip_vmath_variant(k); k++) {
    for (size_t f = 0; f < N_FUNCTIONS; f++) {
      get(ip_vmath_variant(k), f)(8, x, y);
      assert_true(y[0] == (float)function[f].at_minus_inf && y[1] == (float)function[f].at_plus_inf);
      assert_true(isnan(y[2]) && isnan(y[3]));
      assert_true(y[4] == function[f].at_minus_inf);
      assert_true(ulps(y[6], function[f].exact(0)) <= function[f].ulp);
    }
    ip_vmath_variant(k)->tanh(8, x, y);
    assert_true(y[6] == 0 && y[7] == 0 && signbit(y[7]));
  }
}

static void double_exp_is_within_its_bound(void **state)
{
  (void)state;
  static double x[N], y[N];
  for (size_t i = 0; i < N; i++) x[i] = -708 + 1417.0 * (double)i / N;
  for (size_t k = 0; ip_vmath_variant(k); k++) {
    ip_vmath_variant(k)->exp64(N, x, y);
    for (size_t i = 0; i < N; i++) assert_true(fabs(y[i] - exp(x[i])) <= 2 * DBL_EPSILON * exp(x[i]));
    const double special[] = {-HUGE_VAL, HUGE_VAL, nan(""), 0, -745.2, 709.9, -740};
    ip_vmath_variant(k)->exp64(7, special, y);
    assert_true(y[0] == 0 && y[1] == HUGE_VAL && isnan(y[2]) && y[3] == 1 && y[4] == 0 && y[5] == HUGE_VAL);
    assert_true(fabs(y[6] - exp(-740)) <= 2 * nextafter(0, 1));
  }
}

static void all_variants_give_the_same_bits_however_an_array_is_cut(void **state)
{
  (void)state;
  static float x[N], want[N], y[N + 1];
  uint32_t bits = 0x3c000000;
  next_arguments(&bits, x);
  for (size_t i = 1; i < N; i += 2) x[i] = -x[i];
  for (size_t f = 0; f < N_FUNCTIONS; f++) {
    get(ip_vmath_variant(0), f)(N, x, want);
    for (size_t k = 0; ip_vmath_variant(k); k++) {
      map32 *map = get(ip_vmath_variant(k), f);
      for (size_t n = 0; n < 40; n++) {
        y[n] = 42;
        map(n, x + n, y);
        assert_memory_equal(y, want + n, n * sizeof *y);
        assert_true(y[n] == 42.0f);
      }
      memcpy(y, x, sizeof x);
      map(N, y, y);
      assert_memory_equal(y, want, sizeof want);
    }
  }
}

static double ref_relu(double x, double d)
{
  (void)d;
  return x > 0 ? x : 0;
}
static double ref_leaky_relu(double x, double d)
{
  (void)d;
  return x > 0 ? x : 0.01 * x;
}
static double ref_softsign(double x, double d)
{
  (void)d;
  return x / (1 + fabs(x));
}
static double ref_tanh_slope(double t, double d)
{
  return d * (1 - t * t);
}
static double ref_sigmoid_slope(double t, double d)
{
  return d * t * (1 - t);
}
static double ref_softsign_slope(double t, double d)
{
  return d * (1 - fabs(t)) * (1 - fabs(t));
}
static double ref_elu_slope(double t, double d)
{
  return d * (t > 0 ? 1 : t + 1);
}
static double ref_relu_slope(double t, double d)
{
  return t > 0 ? d : 0;
}
static double ref_leaky_relu_slope(double t, double d)
{
  return t > 0 ? d : 0.01 * d;
}
static double ref_scale(double x, double d)
{
  return x * d;
}

/* What is not a transcendental function: each by its formula, in every variant, for every number of values up to 40.
 * Slopes read y, the derivative that they multiply; at t = 0 the left one counts. */
static void formulas_hold_in_every_variant(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    size_t offset;
    double (*exact)(double x, double d);
    bool keeps_nan;
  } simple[] = {{"relu", offsetof(ip_vmath, relu), ref_relu, true},
                {"leaky_relu", offsetof(ip_vmath, leaky_relu), ref_leaky_relu, true},
                {"softsign", offsetof(ip_vmath, softsign), ref_softsign, true},
                {"tanh_slope", offsetof(ip_vmath, tanh_slope), ref_tanh_slope, true},
                {"sigmoid_slope", offsetof(ip_vmath, sigmoid_slope), ref_sigmoid_slope, true},
                {"softsign_slope", offsetof(ip_vmath, softsign_slope), ref_softsign_slope, true},
                {"elu_slope", offsetof(ip_vmath, elu_slope), ref_elu_slope, false},
                {"relu_slope", offsetof(ip_vmath, relu_slope), ref_relu_slope, false},
                {"leaky_relu_slope", offsetof(ip_vmath, leaky_relu_slope), ref_leaky_relu_slope, false},
                {"scale", offsetof(ip_vmath, scale), ref_scale, true}};
  enum { MOST = 40 };
  float x[MOST + 1], d[MOST + 1], y[MOST + 1];
  for (size_t i = 0; i <= MOST; i++) {
    x[i] = i % 7 == 3 ? 0 : (float)sin((double)(i * i + 1)) * 0.99f;
    d[i] = 1 + (float)i / 8;
  }
  for (size_t f = 0; f < sizeof simple / sizeof *simple; f++)
    for (size_t k = 0; ip_vmath_variant(k); k++) {
      map32 *map;
      memcpy(&map, (const char *)ip_vmath_variant(k) + simple[f].offset, sizeof map);
      for (size_t n = 0; n <= MOST; n++) {
        memcpy(y, d, sizeof d);
        map(n, x, y);
        for (size_t i = 0; i < n; i++) {
          double want = simple[f].exact((double)x[i], (double)d[i]);
          if (!(fabs((double)y[i] - want) <= 4 * (double)FLT_EPSILON * fmax(fabs(want), 0.01)))
            fail_msg("%s of %s: %.9g at %.9g, not %.9g", simple[f].name, ip_vmath_variant(k)->name, (double)y[i],
                     (double)x[i], want);
        }
        for (size_t i = n; i <= MOST; i++) assert_true(y[i] >= d[i] && y[i] <= d[i]);
      }
      const float nan_then_one[] = {NAN, 1};
      float out[] = {1, 1};
      map(2, nan_then_one, out);
      if (simple[f].keeps_nan) assert_true(isnan(out[0]) && !isnan(out[1]));
    }
}

static void the_name_is_that_of_the_first_variant(void **state)
{
  (void)state;
  assert_string_equal(ip_vmath_name(), ip_vmath_variant(0)->name);
  size_t n = 0;
  while (ip_vmath_variant(n)) n++;
  assert_string_equal(ip_vmath_variant(n - 1)->name, "base");
  float x = 0.5f, a, b;
  ip_vtanh(1, &x, &a);
  ip_vmath_variant(0)->tanh(1, &x, &b);
  assert_true(a == b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_stay_below_the_promised_ulps),
      cmocka_unit_test(tanh_and_elu_are_accurate_around_zero_and_where_they_saturate),
      cmocka_unit_test(limits_and_nan_come_out),
      cmocka_unit_test(double_exp_is_within_its_bound),
      cmocka_unit_test(all_variants_give_the_same_bits_however_an_array_is_cut),
      cmocka_unit_test(formulas_hold_in_every_variant),
      cmocka_unit_test(the_name_is_that_of_the_first_variant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
