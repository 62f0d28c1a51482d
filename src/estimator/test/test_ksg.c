#include "estimator/test/samples.h"

#include "num/neighbour.h"

#include <float.h>
#include <stdlib.h>

enum { N = 203, WIDTH = 3, N_IN = 2 };

/* --- the formulas again, by sorting all distances of a sample */

static double digamma(size_t n)
{
  double sum = -0.57721566490153286061;
  for (size_t m = 1; m < n; m++) sum += 1 / (double)m;
  return sum;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Maximum norm between rows i and j of v (n, width), columns in units of their standard deviations. */
static double apart(size_t n, size_t width, const float *v, size_t i, size_t j)
{
  double most = 0;
  for (size_t k = 0; k < width; k++) {
    double mean = 0, square = 0;
    for (size_t m = 0; m < n; m++) mean += (double)v[m * width + k] / (double)n;
    for (size_t m = 0; m < n; m++) square += pow((double)v[m * width + k] - mean, 2) / (double)n;
    most = fmax(most, fabs((double)v[i * width + k] - (double)v[j * width + k]) / sqrt(square));
  }
  return most;
}

static double naive_kraskov(size_t k, size_t n, size_t n_in, const float *x, size_t width, const float *t)
{
  double sum = 0, dx[N], dt[N], z[N];
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      dx[j] = apart(n, n_in, x, i, j);
      dt[j] = apart(n, width, t, i, j);
      z[j] = j == i ? HUGE_VAL : fmax(dx[j], dt[j]);
    }
    qsort(z, n, sizeof *z, ascending);
    size_t nx = 0, nt = 0;
    for (size_t j = 0; j < n; j++) {
      nx += j != i && dx[j] < z[k - 1];
      nt += j != i && dt[j] < z[k - 1];
    }
    sum += digamma(nx + 1) + digamma(nt + 1);
  }
  return (digamma(k) + digamma(n) - sum / (double)n) / log(2);
}

static double naive_ross(size_t k, size_t n, const int32_t *y, size_t width, const float *t)
{
  double sum = 0, dt[N], z[N];
  size_t used = 0;
  for (size_t i = 0; i < n; i++) {
    size_t same = 0, m = 0;
    for (size_t j = 0; j < n; j++) {
      dt[j] = apart(n, width, t, i, j);
      if (j != i && y[j] == y[i]) z[same++] = dt[j];
    }
    if (!same) continue;
    size_t ki = k < same ? k : same;
    qsort(z, same, sizeof *z, ascending);
    for (size_t j = 0; j < n; j++) m += j != i && dt[j] <= z[ki - 1];
    sum += digamma(ki) - digamma(same + 1) - digamma(m);
    used++;
  }
  return (digamma(n) + sum / (double)used) / log(2);
}

static void fill(size_t n, float *x, float *t, int32_t *y)
{
  ip_rng r = ip_rng_open(31, IP_RNG_TEST, 0);
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < N_IN; k++) x[i * N_IN + k] = (float)(3 * ip_rng_normal(&r));
    for (size_t k = 0; k < WIDTH; k++) t[i * WIDTH + k] = tanhf(x[i * N_IN] + (float)(0.5 * ip_rng_normal(&r)));
    y[i] = i == 7 ? 3 : i < 10 ? 2 : t[i * WIDTH] > (float)(0.5 * ip_rng_normal(&r));
  }
}

static void agrees_with_sorting_all_distances(void **state)
{
  static float x[N * N_IN], t[N * WIDTH];
  static int32_t y[N];
  fill(N, x, t, y);
  const size_t size[] = {5, 66, N};
  for (size_t a = 0; a < 3; a++)
    for (size_t k = 1; k <= 4; k += 3) {
      size_t n = size[a];
      ip_samples s = samples_of(n, WIDTH, t, 4, y);
      s.x = x;
      s.n_in = N_IN;
      ip_estimate e = estimate(k == 1 ? "ksg:k=1" : "ksg:k=4", &s, *state);
      CHECK_NEAR(e.ixt_bits, fmax(0, naive_kraskov(k, n, N_IN, x, WIDTH, t)), 1e-9);
      CHECK_NEAR(e.ity_bits, fmax(0, naive_ross(k, n, y, WIDTH, t)), 1e-9);
      s.target = x;
      s.n_targets = N_IN;
      CHECK_NEAR(estimate(k == 1 ? "ksg:k=1" : "ksg:k=4", &s, *state).ity_bits, e.ixt_bits, 1e-9);
    }
}

static void every_variant_gives_the_same_numbers(void **state)
{
  (void)state;
  enum { STRIDE = 77, ROWS = 6 };
  static double v[3 * STRIDE], first[ROWS * STRIDE], again[ROWS * STRIDE];
  ip_rng r = ip_rng_open(32, IP_RNG_TEST, 0);
  for (size_t k = 0; k < 3 * STRIDE; k++) v[k] = ip_rng_normal(&r);
  for (size_t rows = 1; rows <= ROWS; rows++)
    for (size_t n = 1; n <= STRIDE; n += 19) {
      double nearest[20], k_first = 0, k_again;
      size_t below = 0;
      for (size_t k = 0; ip_neighbour_variant(k); k++) {
        const ip_neighbour *loops = ip_neighbour_variant(k);
        loops->distances(rows, n, 3, STRIDE, v, v, STRIDE, k ? again : first);
        for (size_t i = 0; k && i < rows; i++)
          assert_memory_equal(first + i * STRIDE, again + i * STRIDE, n * sizeof *first);
        k_again = loops->kth(n < 20 ? n : 20, n, first, first, nearest);
        if (k) assert_true(k_again == k_first && loops->count_below(n, first, k_first) == below);
        k_first = k_again;
        below = loops->count_below(n, first, k_first);
        assert_int_equal(below, (n < 20 ? n : 20) - 1);
      }
    }
}

/* --- known information: tolerances are 4 standard deviations over independent draws, rounded up, plus the bias */

static void correlated_normals_have_their_information(void **state)
{
  enum { M = 2000 };
  static float x[M], t[M];
  static int32_t y[M];
  ip_rng r = ip_rng_open(33, IP_RNG_TEST, 0);
  for (size_t i = 0; i < M; i++) {
    x[i] = (float)ip_rng_normal(&r);
    t[i] = 50 * (0.9f * x[i] + (float)(sqrt(1 - 0.81) * ip_rng_normal(&r)));
    y[i] = (int32_t)(i % 3);
  }
  ip_samples s = samples_of(M, 1, t, 3, y);
  s.x = x;
  s.n_in = 1;
  ip_estimate e = estimate("ksg", &s, *state);
  CHECK_NEAR(e.ixt_bits, -0.5 * log2(1 - 0.81), 0.12);
  CHECK_NEAR(e.ity_bits, 0, 0.06);
  CHECK_NEAR(estimate("ksg:scale=none:k=6", &s, *state).ixt_bits, -0.5 * log2(1 - 0.81), 0.5);
}

/* T uniform on [y, y + 2): the halves that overlap tell nothing, I = 1 - 1/2 = 1/2 bit. */
static void overlapping_uniform_classes_have_half_a_bit(void **state)
{
  enum { M = 2000 };
  static float t[M], p[2 * M];
  static int32_t y[M];
  ip_rng r = ip_rng_open(34, IP_RNG_TEST, 0);
  for (size_t i = 0; i < M; i++) {
    y[i] = (int32_t)(i % 2);
    t[i] = (float)(2 * ip_rng_uniform(&r) + y[i]);
    p[2 * i] = t[i] < 1 ? 1 : t[i] < 2 ? 0.5f : 0;
    p[2 * i + 1] = 1 - p[2 * i];
  }
  ip_samples s = samples_of(M, 1, t, 2, y);
  s.x = t;
  s.n_in = 1;
  CHECK_NEAR(estimate("ksg", &s, *state).ity_bits, 0.5, 0.07);
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("ksg", &s, *state).ity_bits, 0.5, 0.07);
}

/* --- ties, edges, refusals */

static void ties_are_set_apart_and_draw_the_same_every_time(void **state)
{
  static float x[N * N_IN], t[N * WIDTH];
  static int32_t y[N];
  fill(N, x, t, y);
  for (size_t k = 0; k < N * WIDTH; k++) t[k] = t[k] > 0 ? 1.0f : -1.0f;
  for (size_t i = 0; i < N; i++) t[i * WIDTH + 1] = 4; /* a unit that is dead */
  ip_samples s = samples_of(N, WIDTH, t, 4, y);
  s.x = x;
  s.n_in = N_IN;
  ip_estimate e = estimate("ksg", &s, *state), again = estimate("ksg", &s, *state);
  assert_memory_equal(&e, &again, sizeof e);
  assert_true(e.ixt_bits >= 0 && e.ixt_bits < 2 && e.ity_bits < 1);
}

static void one_class_constant_inputs_and_huge_values_have_no_information(void **state)
{
  static float x[N * N_IN], t[N * WIDTH];
  static int32_t y[N];
  fill(N, x, t, y);
  for (size_t i = 0; i < N; i++) y[i] = 2;
  for (size_t k = 0; k < N * N_IN; k++) x[k] = 0.25f;
  ip_samples s = samples_of(N, WIDTH, t, 4, y);
  s.x = x;
  s.n_in = N_IN;
  ip_estimate e = estimate("ksg", &s, *state);
  assert_true(e.ity_bits == 0);
  CHECK_NEAR(e.ixt_bits, 0, 1e-12);
  for (size_t i = 0; i < N; i++) y[i] = (int32_t)(i % 4);
  for (size_t i = 0; i < N; i++) {
    t[i * WIDTH] = i % 2 ? FLT_MAX : -FLT_MAX;
    t[i * WIDTH + 1] = i % 2 ? FLT_TRUE_MIN : 0;
  }
  estimate("ksg", &s, *state);
  s.n = 1;
  assert_true(estimate("ksg", &s, *state).ixt_bits == 0);
}

/* Soft labels are drawn from a stream of their own: the labels drawn, given as hard ones, change nothing, although
 * values repeat and what sets them apart is drawn too. */
static void labels_and_ties_are_drawn_independently(void **state)
{
  enum { M = 120 };
  float t[M], x[M], p[2 * M];
  int32_t y[M], drawn[M];
  ip_rng labels = ip_rng_open(1, IP_RNG_ESTIMATOR, 0); /* the seed of estimate() */
  for (int i = 0; i < M; i++) {
    t[i] = (float)(i * 5 % 7);
    x[i] = (float)(i % 4);
    y[i] = 0;
    p[2 * i] = (float)(1 + i % 3) / 4;
    p[2 * i + 1] = 1 - p[2 * i];
    drawn[i] = ip_rng_uniform(&labels) >= (double)p[2 * i];
  }
  ip_samples soft = samples_of(M, 1, t, 2, y), hard = samples_of(M, 1, t, 2, drawn);
  soft.x = hard.x = x;
  soft.n_in = hard.n_in = 1;
  soft.p_y_given_x = p;
  ip_estimate a = estimate("ksg", &soft, *state), b = estimate("ksg", &hard, *state);
  assert_true(a.ixt_raw_bits == b.ixt_raw_bits && a.ity_raw_bits == b.ity_raw_bits);
}

static void too_many_neighbours_and_missing_inputs_are_refused(void **state)
{
  static float x[N * N_IN], t[N * WIDTH];
  static int32_t y[N];
  fill(N, x, t, y);
  ip_samples s = samples_of(5, WIDTH, t, 4, y);
  estimate_fails("ksg", &s, *state, IP_EINVAL, "needs the inputs themselves");
  s.x = x;
  s.n_in = N_IN;
  estimate_fails("ksg:k=5", &s, *state, IP_EINVAL,
                 "layer 3, epoch 120, estimator ksg:k=5: k = 5 neighbours need more than 5 samples, got 5");
  t[5] = NAN;
  estimate_fails("ksg", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 2, sample 1: got NaN");
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("ksg:k=0", 0, &e), IP_ECONFIG, "got '0'");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"ksg"};
  static float x[N * N_IN], t[N * WIDTH];
  static int32_t y[N];
  fill(N, x, t, y);
  ip_samples s = samples_of(9, WIDTH, t, 4, y);
  s.x = s.target = x;
  s.n_in = s.n_targets = N_IN;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(agrees_with_sorting_all_distances),
      TEST(every_variant_gives_the_same_numbers),
      TEST(correlated_normals_have_their_information),
      TEST(overlapping_uniform_classes_have_half_a_bit),
      TEST(ties_are_set_apart_and_draw_the_same_every_time),
      TEST(one_class_constant_inputs_and_huge_values_have_no_information),
      TEST(labels_and_ties_are_drawn_independently),
      TEST(too_many_neighbours_and_missing_inputs_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/ksg", tests, NULL, NULL);
}
