/* One estimate by several threads. */
#include "base/rng.h"
#include "base/stop.h"
#include "base/test/check.h"
#include "estimator/estimator.h"

#include <string.h>

enum { N = 1300, WIDTH = 30, N_IN = 3, N_Y = 3, N_X = 40, N_TARGETS = 2 };
static float units[N * WIDTH], x[N * N_IN], p[N * N_Y], target[N * N_TARGETS];
static int32_t y[N];
static uint32_t x_id[N];

static int draw_samples(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    for (size_t k = 0; k < N_IN; k++) x[i * N_IN + k] = (float)ip_rng_normal(&r);
    for (size_t k = 0; k < WIDTH; k++)
      units[i * WIDTH + k] = 0.5f * x[i * N_IN + k % N_IN] + 0.5f * (float)ip_rng_normal(&r);
    for (size_t k = 0; k < N_TARGETS; k++) target[i * N_TARGETS + k] = units[i * WIDTH] + (float)ip_rng_normal(&r);
    float q = (float)ip_rng_uniform(&r);
    p[i * N_Y] = q, p[i * N_Y + 1] = (1 - q) / 4, p[i * N_Y + 2] = 1 - q - p[i * N_Y + 1];
    y[i] = x[i * N_IN] > 1 ? 2 : x[i * N_IN] > 0;
    x_id[i] = (uint32_t)ip_rng_below(&r, N_X);
  }
  return 0;
}

/* `width` units of n samples. */
static ip_samples samples(size_t n, size_t width, size_t n_in)
{
  static float t[N * WIDTH], in[N * N_IN];
  for (size_t i = 0; i < n; i++) {
    memcpy(t + i * width, units + i * WIDTH, width * sizeof *t);
    memcpy(in + i * n_in, x + i * N_IN, n_in * sizeof *in);
  }
  return (ip_samples){.n = n, .width = width, .t = t, .n_x = n, .n_in = n_in, .x = in, .n_y = N_Y, .y = y, .layer = 1};
}

static ip_estimate run(const char *spec, const ip_samples *s)
{
  ip_estimator *e;
  ip_scratch *sc;
  ip_estimate out;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_estimator_run(e, s, sc, &out));
  ip_scratch_destroy(&sc);
  ip_estimator_destroy(&e);
  assert_true(out.ixt_bits > 0 && out.ity_bits > 0);
  return out;
}

static void check_threads(const char *spec, ip_samples s)
{
  s.n_threads = 1;
  ip_estimate one = run(spec, &s);
  for (size_t n = 2; n <= 8; n += n == 3 ? 5 : 1) {
    s.n_threads = n;
    ip_estimate several = run(spec, &s);
    assert_memory_equal(&several.ixt_raw_bits, &one.ixt_raw_bits, sizeof(double));
    assert_memory_equal(&several.ity_raw_bits, &one.ity_raw_bits, sizeof(double));
  }
}

static void kernel_bounds_do_not_depend_on_threads(void **state)
{
  (void)state;
  static const size_t size[] = {255, 257, N}; /* one block of samples, two, several */
  for (size_t k = 0; k < sizeof size / sizeof *size; k++)
    for (size_t width = 5; width <= WIDTH; width += WIDTH - 5) { /* narrow and wide layers */
      ip_samples s = samples(size[k], width, N_IN);
      check_threads("kde_upper:noise_variance=0.5", s);
      check_threads("kde_lower:noise_variance=0.5", s);
      s.p_y_given_x = p;
      check_threads("kde_upper:noise_variance=0.5", s);
    }
}

static void neighbours_do_not_depend_on_threads(void **state)
{
  (void)state;
  static const size_t width[] = {1, 2, WIDTH}; /* sorted columns, trees, all pairs */
  for (size_t k = 0; k < 3; k++) {
    ip_samples s = samples(N, width[k], width[k] < N_IN ? width[k] : N_IN);
    check_threads("ksg", s);
    s.n_targets = N_TARGETS;
    s.target = target;
    check_threads("ksg:k=5:scale=none", s);
  }
}

static void matrices_do_not_depend_on_threads(void **state)
{
  (void)state;
  ip_samples s = samples(150, 4, N_IN), soft = s, regression = s;
  s.x_id = x_id;
  s.n_x = N_X;
  soft.p_y_given_x = p;
  regression.target = target;
  regression.n_targets = N_TARGETS;
  check_threads("renyi", s);
  check_threads("renyi:x=index:max_samples=100", s);
  check_threads("renyi", soft);
  check_threads("renyi", regression);
}

static void memory_that_runs_out_is_reported_whatever_the_threads(void **state)
{
  (void)state;
  static const char *const spec[] = {"kde_upper", "ksg", "renyi:max_samples=70"};
  for (size_t k = 0; k < 3; k++)
    for (size_t width = 2; width <= WIDTH; width += WIDTH - 2) {
      ip_samples s = samples(600, width, N_IN);
      ip_estimator *e;
      ip_scratch *sc;
      ip_estimate out;
      s.n_threads = 3;
      CHECK_OK(ip_estimator_create(spec[k], 1, &e));
      CHECK_OK(ip_scratch_create(&sc));
      CHECK_EVERY_ALLOCATION(ip_estimator_run(e, &s, sc, &out), (ip_scratch_destroy(&sc), ip_scratch_create(&sc)));
      ip_scratch_destroy(&sc);
      ip_estimator_destroy(&e);
    }
  assert_int_equal(ip_mem_live(), 0);
}

static void a_request_to_stop_ends_an_estimate(void **state)
{
  (void)state;
  static const char *const spec[] = {"kde_lower", "ksg", "renyi:max_samples=70"};
  for (size_t k = 0; k < 3; k++)
    for (size_t n = 1; n <= 3; n++) {
      ip_samples s = samples(600, 4, N_IN);
      ip_estimator *e;
      ip_scratch *sc;
      ip_estimate out;
      s.n_threads = n;
      CHECK_OK(ip_estimator_create(spec[k], 1, &e));
      CHECK_OK(ip_scratch_create(&sc));
      ip_stop_set(true);
      CHECK_FAILS(ip_estimator_run(e, &s, sc, &out), IP_ESTOPPED, "stopped on request");
      ip_stop_set(false);
      ip_scratch_destroy(&sc);
      ip_estimator_destroy(&e);
    }
  assert_int_equal(ip_mem_live(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kernel_bounds_do_not_depend_on_threads),
      cmocka_unit_test(neighbours_do_not_depend_on_threads),
      cmocka_unit_test(matrices_do_not_depend_on_threads),
      cmocka_unit_test(memory_that_runs_out_is_reported_whatever_the_threads),
      cmocka_unit_test(a_request_to_stop_ends_an_estimate),
  };
  return cmocka_run_group_tests_name("estimator/threads", tests, draw_samples, NULL);
}
