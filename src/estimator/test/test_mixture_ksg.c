#include "estimator/kind.h"
#include "estimator/test/formula_data.h"

#include <float.h>

static double raw_ixt(const char *spec, const ip_samples *s, ip_scratch *sc)
{
  return estimate(spec, s, sc).ixt_raw_bits;
}

static double raw_ity(const char *spec, const ip_samples *s, ip_scratch *sc)
{
  return estimate(spec, s, sc).ity_raw_bits;
}

static void sixty_samples_have_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  ip_samples xt = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  ip_samples xu = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_samples t0 = formula_samples(1, d.t0, 1, d.x0, d.z), u0 = formula_samples(1, d.u0, 1, d.x0, d.y2);
  ip_samples tz = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.z);
  CHECK_NEAR(raw_ixt("mixture_ksg", &xt, *state), 0.7692184959583367, 1e-12);
  CHECK_NEAR(raw_ixt("mixture_ksg", &xu, *state), 0.5930046190017295, 1e-12);
  CHECK_NEAR(raw_ity("mixture_ksg", &xt, *state), 1.4110715073514886, 1e-12);
  CHECK_NEAR(raw_ity("mixture_ksg", &xu, *state), 1.3303470994722215, 1e-12);
  CHECK_NEAR(raw_ixt("mixture_ksg", &t0, *state), 1.3881607070605015, 1e-12);
  CHECK_NEAR(raw_ixt("mixture_ksg", &u0, *state), 0.6114327345829632, 1e-12);
  CHECK_NEAR(raw_ity("mixture_ksg", &u0, *state), 0.7307881123037663, 1e-12);
  CHECK_NEAR(raw_ity("mixture_ksg", &tz, *state), -0.2185088312370334, 1e-12);
  assert_true(estimate("mixture_ksg", &tz, *state).ity_bits == 0);
  /* Without ties it is ksg with ln N for psi(N) */
  const double psi_60 = 4.0859880813671275, more = (log(60) - psi_60) / log(2);
  CHECK_NEAR(raw_ixt("ksg", &xt, *state), 0.7692184959583367 - more, 1e-6);
  CHECK_NEAR(raw_ity("ksg", &xt, *state), 1.4110715073514886 - more, 1e-6);
}

static void targets_and_numbers_of_inputs_have_the_same_formulas(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  s.target = d.x;
  s.n_targets = FORMULA_IN;
  CHECK_NEAR(raw_ity("mixture_ksg", &s, *state), 0.5930046190017295, 1e-12);
  s.x_id = (const uint32_t *)d.y2;
  s.n_x = 3;
  CHECK_NEAR(raw_ixt("mixture_ksg:x=index", &s, *state), 1.3303470994722215, 1e-12);
}

/* a = 0, 1, 2 for 40 each; b alternates where a > 0: the plug-in value 0.251629 with psi for ln. */
static void two_discrete_variables_have_the_plug_in_value_with_digammas(void **state)
{
  enum { M = 120 };
  float a[M], b[M];
  int32_t y[M];
  for (int i = 0; i < M; i++) {
    y[i] = i / 40;
    a[i] = (float)y[i];
    b[i] = y[i] ? (float)(i % 2) : 0;
  }
  ip_samples s = samples_of(M, 1, b, 3, y);
  s.x = a;
  s.n_in = 1;
  ip_estimate e = estimate("mixture_ksg", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 0.25151650198131204, 1e-12);
  CHECK_NEAR(e.ity_raw_bits, 0.25151650198131204, 1e-12);
}

/* T = X + noise, replaced by 0 half the time: I(X;T) = 1/2 I(X;X + noise). At this N, an independent program has a
 * bias of 0.03 and a standard deviation of 0.0175; the tolerance is 4 of these. */
static void a_signal_that_is_cut_half_the_time_has_half_its_information(void **state)
{
  enum { M = 4000 };
  static float x[M], t[M];
  static int32_t y[M];
  ip_rng r = ip_rng_open(35, IP_RNG_TEST, 0);
  for (int i = 0; i < M; i++) {
    x[i] = (float)ip_rng_normal(&r);
    float noisy = x[i] + (float)(0.3 * ip_rng_normal(&r));
    t[i] = ip_rng_u32(&r) & 1 ? noisy : 0;
    y[i] = i % 3;
  }
  ip_samples s = samples_of(M, 1, t, 3, y);
  s.x = x;
  s.n_in = 1;
  ip_estimate e = estimate("mixture_ksg", &s, *state);
  CHECK_NEAR(e.ixt_bits, 0.899565 + 0.03, 0.07);
  CHECK_NEAR(e.ity_bits, 0, 0.04);
}

enum { N = 400, COPIES = 16 };

static void fill(bool ties, float *x, float *t, int32_t *y)
{
  ip_rng r = ip_rng_open(36, IP_RNG_TEST, ties);
  for (size_t i = 0; i < N; i++) {
    x[i] = (float)ip_rng_normal(&r);
    float v = x[i] + (float)(0.5 * ip_rng_normal(&r));
    if (ties) {
      v = i % 5 ? (v > 0 ? v : 0) : roundf(2 * v) / 2;
      x[i] = roundf(8 * x[i]) / 8;
    }
    t[i] = v;
    y[i] = i == 7 ? 3 : i < 10 ? 2 : x[i] + (float)ip_rng_normal(&r) > 0;
  }
}

/* Copies of a unit change no distance. One unit is searched in trees, sixteen are compared in pairs. */
static void trees_and_pairs_give_the_same_bits(void **state)
{
  static float x[N], t[N], wide[N * COPIES];
  static int32_t y[N];
  for (int ties = 0; ties < 2; ties++) {
    fill(ties, x, t, y);
    for (size_t width = 2; width <= COPIES; width++) {
      for (size_t k = 0; k < N * width; k++) wide[k] = t[k / width];
      ip_samples one = samples_of(N, 1, t, 4, y), many = samples_of(N, width, wide, 4, y);
      one.x = many.x = x;
      one.n_in = many.n_in = 1;
      ip_estimate a = estimate("mixture_ksg:k=4", &one, *state), b = estimate("mixture_ksg:k=4", &many, *state);
      assert_true(a.ixt_raw_bits == b.ixt_raw_bits && a.ity_raw_bits == b.ity_raw_bits);
    }
  }
}

/* Units scaled one by one and in another order, samples in another order, other names of classes. */
static void nothing_depends_on_scale_or_order(void **state)
{
  formula_data d = formula_data_make();
  float moved[FORMULA_N * FORMULA_WIDTH], x[FORMULA_N * FORMULA_IN];
  int32_t y[FORMULA_N];
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("mixture_ksg", &s, *state);
  for (size_t i = 0; i < FORMULA_N; i++) {
    size_t to = (7 * i + 5) % FORMULA_N;
    for (size_t k = 0; k < FORMULA_WIDTH; k++)
      moved[to * FORMULA_WIDTH + FORMULA_WIDTH - 1 - k] = ldexpf(d.u[i * FORMULA_WIDTH + k], 3 * (int)k - 20);
    for (size_t k = 0; k < FORMULA_IN; k++) x[to * FORMULA_IN + k] = -1024 * d.x[i * FORMULA_IN + k];
    y[to] = 2 - d.y2[i];
  }
  ip_samples m = formula_samples(FORMULA_WIDTH, moved, FORMULA_IN, x, y);
  ip_estimate f = estimate("mixture_ksg", &m, *state);
  CHECK_NEAR(f.ixt_raw_bits, e.ixt_raw_bits, 1e-12);
  CHECK_NEAR(f.ity_raw_bits, e.ity_raw_bits, 1e-12);
}

/* Units of whole numbers: most distances occur many times, and equal ones must be counted as equal wherever the units
 * are. The values are those of the formula with distances of whole numbers (NumPy). */
static void equal_distances_are_equal_at_any_shift_and_scale(void **state)
{
  static float t[N * 2], x[N];
  static int32_t y[N];
  static const struct {
    size_t n;
    float scale, shift;
  } cases[] = {{60, 1, 0}, {60, 1, 8}, {60, 3, 1000}, {N, 1, 0}, {N, 7, -11}, {N, 3, 100000}};
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    for (size_t i = 0; i < cases[c].n; i++) {
      t[2 * i] = cases[c].scale * (float)(i * i % 7 + i % 3) + cases[c].shift;
      t[2 * i + 1] = cases[c].scale * (float)(i * 11 % 13 % 6) - cases[c].shift;
      x[i] = (float)(i * i % 7 + i * 5 % 9) + cases[c].shift;
      y[i] = (i * i % 7 > 2) + (i % 10 == 0);
    }
    ip_samples s = samples_of(cases[c].n, 2, t, 3, y);
    s.x = x;
    s.n_in = 1;
    CHECK_NEAR(raw_ixt("mixture_ksg", &s, *state), cases[c].n == 60 ? 0.7681594287187 : 0.7353929428561, 1e-12);
    CHECK_NEAR(raw_ity("mixture_ksg", &s, *state), cases[c].n == 60 ? 1.241004825765 : 0.4954313759447, 1e-12);
  }
}

static ip_estimate any_estimate(const char *spec, const ip_samples *s, ip_scratch *sc)
{
  ip_estimator *e;
  ip_estimate out;
  CHECK_OK(ip_estimator_create(spec, 1, &e));
  CHECK_OK(ip_estimator_run(e, s, sc, &out));
  ip_estimator_destroy(&e);
  return out;
}

/* A multiple of X has the scaled distances of X, and two samples are two standard deviations apart along any column. */
static void equal_distances_of_two_columns_are_equal(void **state)
{
  float t[FORMULA_N], x[FORMULA_N];
  int32_t y[FORMULA_N];
  for (int scale = 1; scale <= 13; scale += 2) {
    for (int i = 0; i < FORMULA_N; i++) {
      x[i] = (float)(i * i % 97 / 2);
      t[i] = x[i] * (float)scale;
      y[i] = i % 2;
    }
    ip_samples s = samples_of(FORMULA_N, 1, t, 2, y);
    s.x = x;
    s.n_in = 1;
    CHECK_NEAR(raw_ixt("mixture_ksg", &s, *state), 5.9221095830482975, 1e-12);
    s.n = 2;
    x[1] = 0.7f;
    t[1] = (float)scale;
    CHECK_NEAR(any_estimate("mixture_ksg:k=1", &s, *state).ixt_raw_bits, 1 + 0.57721566490153286 / log(2), 1e-12);
  }
}

/* Soft labels are drawn from the stream of the seed: given as hard ones, they change nothing. */
static void soft_labels_are_drawn_once_for_each_sample(void **state)
{
  formula_data d = formula_data_make();
  float p[FORMULA_N * 3];
  int32_t drawn[FORMULA_N];
  ip_rng labels = ip_rng_open(1, IP_RNG_ESTIMATOR, 0); /* the seed of estimate() */
  for (int i = 0; i < FORMULA_N; i++) {
    p[3 * i] = (float)(1 + i % 3) / 4;
    p[3 * i + 1] = 1 - p[3 * i];
    p[3 * i + 2] = 0;
    drawn[i] = ip_rng_uniform(&labels) >= (double)p[3 * i];
  }
  ip_samples soft = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2), hard = soft;
  soft.p_y_given_x = p;
  hard.y = drawn;
  assert_true(raw_ity("mixture_ksg", &soft, *state) == raw_ity("mixture_ksg", &hard, *state));
}

static void samples_without_neighbours_of_their_class_have_no_estimate(void **state)
{
  formula_data d = formula_data_make();
  int32_t y[FORMULA_N];
  for (int i = 0; i < FORMULA_N; i++) y[i] = i;
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, y);
  s.n_y = FORMULA_N;
  ip_estimate e = any_estimate("mixture_ksg:x=index", &s, *state);
  assert_true(isnan(e.ixt_bits) && isnan(e.ity_bits));
  assert_string_equal(e.ixt_no_value, "every input occurs once, so no sample has a neighbour of its input");
  assert_string_equal(e.ity_no_value, "every sample is alone in its class, so none has a neighbour of its class");
  y[1] = 0; /* two of one class, and 58 alone, which are neighbours of those */
  e = any_estimate("mixture_ksg", &s, *state);
  assert_null(e.ity_no_value);
  assert_true(isfinite(e.ity_raw_bits));
}

static double psi(size_t n)
{
  double value = -0.57721566490153286061;
  for (size_t k = 1; k < n; k++) value += 1 / (double)k;
  return value;
}

/* A sample that is alone in its class is a neighbour, but has no term: of 7 samples, 6 have one. */
static void samples_alone_in_their_class_have_no_term(void **state)
{
  const float t[] = {0, 1, 2.5f, 0.75f, 4, 6.5f, 2};
  int32_t y[] = {0, 0, 0, 1, 1, 1, 2};
  enum { COUNT = 7 };
  double sum = 0;
  for (size_t i = 0; i < 6; i++) {
    double d = (double)INFINITY;
    size_t below = 0;
    for (size_t j = 0; j < COUNT; j++)
      if (j != i && y[j] == y[i]) d = fmin(d, fabs((double)t[i] - (double)t[j]));
    for (size_t j = 0; j < COUNT; j++) below += fabs((double)t[i] - (double)t[j]) < d;
    sum += psi(1) + log(COUNT) - psi(3) - psi(below);
  }
  ip_samples s = samples_of(COUNT, 1, t, 3, y);
  s.x = t;
  s.n_in = 1;
  ip_estimate e = any_estimate("mixture_ksg:k=1", &s, *state);
  CHECK_NEAR(e.ity_raw_bits, sum / 6 / log(2), 1e-12);
}

/* Probabilities need not add up to 1 exactly; no class of probability 0 is drawn for what is missing. */
static void classes_without_probability_are_not_drawn(void **state)
{
  (void)state;
  const float p[] = {0.5f, 0.4999f, 0};
  const ip_samples s = {.n = 1, .n_y = 3, .p_y_given_x = p};
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  size_t n[3] = {0};
  for (size_t i = 0; i < 200000; i++) n[ip_samples_draw_label(&s, 0, &r)]++;
  assert_int_equal(n[2], 0);
  assert_in_range(n[0], 99000, 101000);
}

static void edges_of_sense_have_no_information(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  for (int i = 0; i < FORMULA_N; i++) d.y2[i] = 2;
  for (int k = 0; k < FORMULA_N * FORMULA_IN; k++) d.x[k] = 0.1f;
  ip_estimate e = estimate("mixture_ksg", &s, *state);
  assert_true(e.ixt_raw_bits == 0 && e.ity_raw_bits == 0);
  for (int i = 0; i < FORMULA_N; i++) {
    d.x[2 * i] = d.u[FORMULA_WIDTH * i] = i % 2 ? FLT_MAX : -FLT_MAX;
    d.u[FORMULA_WIDTH * i + 1] = i % 2 ? FLT_TRUE_MIN : 0;
    d.y2[i] = i % 2;
  }
  e = estimate("mixture_ksg", &s, *state);
  assert_true(e.ixt_raw_bits > 0.9 && e.ity_bits > 0.9);
}

static void too_many_neighbours_and_missing_inputs_are_rejected(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, 0, NULL, d.y2);
  estimate_fails("mixture_ksg", &s, *state, IP_EINVAL, "needs the inputs themselves");
  s.x = d.x;
  s.n_in = FORMULA_IN;
  estimate_fails("mixture_ksg:k=60", &s, *state, IP_EINVAL, "k = 60 neighbours need more than 60 samples, got 60");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  static float x[N], t[N];
  static int32_t y[N];
  const char *const spec[] = {"mixture_ksg", "mixture_ksg:x=index"};
  fill(true, x, t, y);
  ip_samples s = samples_of(N, 1, t, 4, y);
  s.x = x;
  s.n_in = 1;
  s.x_id = (const uint32_t *)y;
  s.n_x = 4;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
  s.n = 20;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
  s.target = x;
  s.n_targets = 1;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(sixty_samples_have_the_values_of_the_formula),
      TEST(targets_and_numbers_of_inputs_have_the_same_formulas),
      TEST(two_discrete_variables_have_the_plug_in_value_with_digammas),
      TEST(a_signal_that_is_cut_half_the_time_has_half_its_information),
      TEST(trees_and_pairs_give_the_same_bits),
      TEST(nothing_depends_on_scale_or_order),
      TEST(equal_distances_are_equal_at_any_shift_and_scale),
      TEST(equal_distances_of_two_columns_are_equal),
      TEST(soft_labels_are_drawn_once_for_each_sample),
      TEST(samples_without_neighbours_of_their_class_have_no_estimate),
      TEST(samples_alone_in_their_class_have_no_term),
      TEST(classes_without_probability_are_not_drawn),
      TEST(edges_of_sense_have_no_information),
      TEST(too_many_neighbours_and_missing_inputs_are_rejected),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/mixture_ksg", tests, NULL, NULL);
}
