#include "estimator/subset.h"
#include "estimator/test/samples.h"

enum { N = 48 };

/* Groups of equal samples that the kernel does not reach between: the matrix has an eigenvalue m / N for each group of
 * m, all entropies are those of the sizes of groups, and of order alpha. */
static void groups_far_apart_have_the_entropy_of_their_sizes(void **state)
{
  float t[N * 2], p[2 * N];
  int32_t y[N];
  uint32_t x[N];
  for (size_t i = 0; i < N; i++) {
    size_t g = i % 8; /* groups of 6 */
    t[2 * i] = (float)(g / 4);
    t[2 * i + 1] = (float)(g % 4);
    y[i] = g < 2;
    x[i] = (uint32_t)(i % 16); /* an input gives one t */
    p[2 * i] = (float)!y[i];
    p[2 * i + 1] = (float)y[i];
  }
  double order[] = {0.5, 1.01, 2, 5};
  const char *const spec[] = {"renyi:alpha=0.5:x=index:factor=0.01", "renyi:x=index:factor=0.01",
                              "renyi:alpha=2:x=index:factor=0.01", "renyi:alpha=5:x=index:factor=0.01"};
  for (int k = 0; k < 4; k++) {
    double a = order[k], hy = log2(pow(0.25, a) + pow(0.75, a)) / (1 - a);
    ip_samples s = samples_of(N, 2, t, 2, y);
    ip_estimate e = estimate(spec[k], &s, *state);
    CHECK_NEAR(e.ixt_bits, 3, 1e-9);
    CHECK_NEAR(e.ity_bits, hy, 1e-9);
    s.x_id = x;
    s.n_x = 16;
    CHECK_NEAR(estimate(spec[k], &s, *state).ixt_bits, 3, 1e-9);
    s.p_y_given_x = p;
    CHECK_NEAR(estimate(spec[k], &s, *state).ity_bits, hy, 1e-9);
  }
}

/* Two samples at distance d = s sqrt(2 q): eigenvalues (1 +- exp(-q)) / 2; X the same, joint exp(-2 q). */
static void two_samples_have_the_closed_form(void **state)
{
  float t[] = {0, 1}, x[] = {5, 9};
  int32_t y[] = {0, 1};
  ip_samples s = samples_of(2, 1, t, 2, y);
  s.x = s.target = x;
  s.n_in = s.n_targets = 1;
  double width = 0.5 * 2 * pow(2, -1. / 5), q = 1 / (2 * width * width), a = 3, h[2];
  for (int k = 0; k < 2; k++) {
    double e = exp(-(k + 1) * q);
    h[k] = log2(pow((1 + e) / 2, a) + pow((1 - e) / 2, a)) / (1 - a);
  }
  ip_estimate e = estimate("renyi:alpha=3:factor=2", &s, *state);
  CHECK_NEAR(e.ixt_bits, 2 * h[0] - h[1], 1e-12);
  CHECK_NEAR(e.ity_bits, 2 * h[0] - h[1], 1e-12);
  double e1 = exp(-q), hy = 1; /* a class of each: equality, so the joint matrix is the identity / 2 */
  s.target = NULL;
  CHECK_NEAR(estimate("renyi:alpha=3:factor=2", &s, *state).ity_bits,
             hy + log2(pow((1 + e1) / 2, a) + pow((1 - e1) / 2, a)) / (1 - a) - 1, 1e-12);
}

/* S(A) of order 2 is -log2 of the mean of the squared elements, without any eigenvalue. */
static void order_two_needs_no_eigenvalues(void **state)
{
  static float t[N * 3], x[N * 2], p[N * 3];
  static int32_t y[N];
  ip_rng r = ip_rng_open(51, IP_RNG_TEST, 0);
  for (size_t k = 0; k < N * 3; k++) t[k] = (float)ip_rng_normal(&r);
  for (size_t k = 0; k < N * 2; k++) x[k] = t[k] + (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)(i % 3);
    for (size_t c = 0; c < 3; c++) p[3 * i + c] = (float)(c + 1 + i % 5 * (c == 0)) / (float)(6 + i % 5);
  }
  double st = 0, sx = 0, sp = 0, sy = 0, stx = 0, stp = 0, sty = 0, spread[2] = {0};
  for (int which = 0; which < 2; which++)
    for (size_t d = which ? 2 : 3, k = 0; k < d; k++) {
      double mean = 0;
      const float *v = which ? x : t;
      for (size_t i = 0; i < N; i++) mean += (double)v[i * d + k] / N;
      for (size_t i = 0; i < N; i++) spread[which] += pow((double)v[i * d + k] - mean, 2) / N;
    }
  double wt = spread[0] * pow(N, -2. / 7), wx = spread[1] * pow(N, -2. / 6);
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++) {
      double dt = 0, dx = 0, ij = 0, ii = 0, jj = 0;
      for (size_t k = 0; k < 3; k++) dt += pow((double)t[3 * i + k] - (double)t[3 * j + k], 2);
      for (size_t k = 0; k < 2; k++) dx += pow((double)x[2 * i + k] - (double)x[2 * j + k], 2);
      for (size_t c = 0; c < 3; c++) {
        ij += (double)p[3 * i + c] * (double)p[3 * j + c];
        ii += pow((double)p[3 * i + c], 2);
        jj += pow((double)p[3 * j + c], 2);
      }
      double kt = exp(-dt / wt), kx = exp(-dx / wx), kp = ij * ij / ii / jj, ky = y[i] == y[j]; /* squared */
      st += kt / N / N;
      sx += kx / N / N;
      sp += kp / N / N;
      sy += ky / N / N;
      stx += kt * kx / N / N;
      stp += kt * kp / N / N;
      sty += kt * ky / N / N;
    }
  ip_samples s = samples_of(N, 3, t, 3, y);
  s.x = x;
  s.n_in = 2;
  ip_estimate e = estimate("renyi:alpha=2", &s, *state);
  CHECK_NEAR(e.ixt_bits, -log2(st) - log2(sx) + log2(stx), 1e-9);
  CHECK_NEAR(e.ity_bits, -log2(st) - log2(sy) + log2(sty), 1e-9);
  s.p_y_given_x = p;
  CHECK_NEAR(estimate("renyi:alpha=2", &s, *state).ity_bits, -log2(st) - log2(sp) + log2(stp), 1e-9);
}

static void a_subset_is_the_same_every_time_and_ordered(void **state)
{
  static float t[500];
  static int32_t y[500];
  ip_rng r = ip_rng_open(52, IP_RNG_TEST, 0);
  for (size_t i = 0; i < 500; i++) {
    t[i] = (float)ip_rng_normal(&r);
    y[i] = t[i] > 0;
  }
  ip_samples s = samples_of(500, 1, t, 2, y);
  ip_estimate all = estimate("renyi:x=index", &s, *state), some = estimate("renyi:x=index:max_samples=100", &s, *state);
  ip_estimate again = estimate("renyi:x=index:max_samples=100", &s, *state);
  assert_memory_equal(&some, &again, sizeof some);
  assert_true(some.ixt_bits != all.ixt_bits);
  CHECK_NEAR(some.ixt_bits, all.ixt_bits, 1);
  CHECK_NEAR(some.ity_bits, all.ity_bits, 0.3);
  ip_estimate exact = estimate("renyi:x=index:max_samples=500", &s, *state);
  assert_true(exact.ixt_bits == all.ixt_bits);
}

static void one_class_and_samples_that_look_the_same_have_no_information(void **state)
{
  float t[N], x[N];
  int32_t y[N] = {0};
  for (size_t i = 0; i < N; i++) {
    t[i] = i == 0 ? 1 : 2;
    x[i] = 3;
  }
  ip_samples s = samples_of(N, 1, t, 1, y);
  s.x = x;
  s.n_in = 1;
  ip_estimate e = estimate("renyi", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0, 1e-12);
  assert_true(e.ity_bits == 0);
  e = estimate("renyi:max_samples=2", &s, *state); /* both drawn may be equal */
  CHECK_NEAR(e.ixt_bits, 0, 1e-12);
}

static void orders_and_samples_without_sense_are_refused(void **state)
{
  ip_estimator *e;
  CHECK_FAILS(ip_estimator_create("renyi:alpha=1", 0, &e), IP_ECONFIG, "alpha = 1 is the limit");
  CHECK_FAILS(ip_estimator_create("renyi:alpha=-2", 0, &e), IP_ECONFIG, "got '-2'");
  CHECK_FAILS(ip_estimator_create("renyi:max_samples=1", 0, &e), IP_ECONFIG, "got '1'");
  float t[] = {0, 1, INFINITY};
  int32_t y[] = {0, 1, 0};
  ip_samples s = samples_of(3, 1, t, 2, y);
  estimate_fails("renyi", &s, *state, IP_ENUMERIC, "layer 3, epoch 120: activation of unit 0, sample 2");
  s.n = 2;
  estimate_fails("renyi", &s, *state, IP_EINVAL, "needs the inputs themselves");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"renyi", "renyi:x=index:max_samples=3"};
  float t[] = {0, 1, 2, 5}, p[] = {0, 1, 0.5f, 0.5f, 1, 0, 0, 1};
  int32_t y[] = {0, 1, 0, 1};
  uint32_t x[] = {0, 1, 1, 1};
  ip_samples s = samples_of(4, 1, t, 2, y);
  s.x = t;
  s.n_in = 1;
  s.x_id = x;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
  s.p_y_given_x = p;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
}

/* Each of ten samples is among the four with probability .4, each two with 4 3 / 10 9; within five standard errors. */
static void subsets_are_drawn_without_preference(void **state)
{
  enum { ALL = 10, SOME = 4, DRAWS = 3000 };
  double seen[ALL] = {0}, both[ALL] = {0};
  for (uint64_t seed = 0; seed < DRAWS; seed++) {
    const uint32_t *sample;
    size_t n;
    CHECK_OK(ip_subset_choose(ALL, SOME, seed, *state, &n, &sample));
    assert_int_equal(n, SOME);
    for (size_t k = 0; k < SOME; k++) {
      assert_true(sample[k] < ALL && (k == 0 || sample[k] > sample[k - 1]));
      seen[sample[k]]++;
      if (k) both[sample[k]] += sample[k] == sample[k - 1] + 1;
    }
    ip_scratch_release(*state, 0);
  }
  for (size_t i = 0; i < ALL; i++) {
    CHECK_NEAR(seen[i] / DRAWS, 0.4, 5 * sqrt(0.4 * 0.6 / DRAWS));
    if (i) CHECK_NEAR(both[i] / DRAWS, 12 / 90.0, 5 * sqrt(12 / 90.0 * 78 / 90.0 / DRAWS));
  }
  const uint32_t *sample;
  size_t n;
  for (size_t most = SOME; most <= SOME + 1; most++) {
    CHECK_OK(ip_subset_choose(SOME, most, 1, *state, &n, &sample));
    assert_int_equal(n, SOME);
    for (size_t k = 0; k < SOME; k++) assert_int_equal(sample[k], k);
  }
  ip_scratch_release(*state, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(subsets_are_drawn_without_preference),
      TEST(groups_far_apart_have_the_entropy_of_their_sizes),
      TEST(two_samples_have_the_closed_form),
      TEST(order_two_needs_no_eigenvalues),
      TEST(a_subset_is_the_same_every_time_and_ordered),
      TEST(one_class_and_samples_that_look_the_same_have_no_information),
      TEST(orders_and_samples_without_sense_are_refused),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/renyi", tests, NULL, NULL);
}
