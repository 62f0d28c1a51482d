#include "estimator/mixture.h"
#include "estimator/test/formula_data.h"

/* The column of v (n, width) along a direction drawn from r, scaled. */
static ip_scaled_columns along(size_t width, const float *v, ip_rng *r, double *column)
{
  double direction[8], length = 0;
  for (size_t k = 0; k < width; k++) direction[k] = ip_rng_normal(r);
  for (size_t k = 0; k < width; k++) length = hypot(length, direction[k]);
  for (size_t i = 0; i < FORMULA_N; i++) {
    column[i] = 0;
    for (size_t k = 0; k < width; k++) column[i] += direction[k] / length * (double)v[i * width + k];
  }
  return (ip_scaled_columns){ip_column_scale(FORMULA_N, column), column};
}

static void mean_and_error(size_t m, const double *v, double *mean, double *error)
{
  double square = 0;
  *mean = 0;
  for (size_t i = 0; i < m; i++) *mean += v[i] / (double)m;
  for (size_t i = 0; i < m; i++) square += pow(v[i] - *mean, 2) / (double)(m - 1);
  *error = sqrt(square / (double)m);
}

static void slices_are_mixtures_along_random_directions(void **state)
{
  enum { SLICES = 7 };
  formula_data d = formula_data_make();
  double ixt[SLICES], ity[SLICES], x[FORMULA_N], t[FORMULA_N], mean, error;
  for (size_t i = 0; i < SLICES; i++) {
    ip_rng r = ip_rng_open(1, IP_RNG_ESTIMATOR, i + 1); /* the seed of estimate() */
    ip_scaled_columns of_x = along(FORMULA_IN, d.x, &r, x), of_t = along(FORMULA_WIDTH, d.u, &r, t);
    CHECK_OK(ip_mixture_information(FORMULA_N, 4, &of_x, &of_t, *state, &ixt[i]));
    CHECK_OK(ip_mixture_label_information(FORMULA_N, 4, 3, (const uint32_t *)d.y2, &of_t, *state, &ity[i]));
  }
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("sliced:slices=7:k=4", &s, *state);
  mean_and_error(SLICES, ixt, &mean, &error);
  CHECK_NEAR(e.ixt_raw_bits, mean, 1e-12);
  CHECK_NEAR(e.ixt_error_bits, error, 1e-12);
  mean_and_error(SLICES, ity, &mean, &error);
  CHECK_NEAR(e.ity_raw_bits, mean, 1e-12);
  CHECK_NEAR(e.ity_error_bits, error, 1e-12);
  assert_true(e.ity_error_bits > 0.01);
}

/* Four slices by hand. */
static void the_axes_of_sines_have_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  double ity[FORMULA_WIDTH], mean, error;
  for (size_t k = 0; k < FORMULA_WIDTH; k++) {
    float unit[FORMULA_N];
    for (size_t i = 0; i < FORMULA_N; i++) unit[i] = d.u[i * FORMULA_WIDTH + k];
    ip_samples s = formula_samples(1, unit, FORMULA_IN, d.x, d.y2);
    ity[k] = estimate("mixture_ksg", &s, *state).ity_raw_bits;
  }
  mean_and_error(FORMULA_WIDTH, ity, &mean, &error);
  CHECK_NEAR(mean, 0.269997, 5e-7);
  CHECK_NEAR(2 * error, 0.361375, 5e-7);
}

static void one_unit_and_one_input_have_the_estimate_itself(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(1, d.u0, 1, d.x0, d.y2);
  ip_estimate e = estimate("sliced", &s, *state), whole = estimate("mixture_ksg", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, whole.ixt_raw_bits, 1e-12);
  CHECK_NEAR(e.ity_raw_bits, whole.ity_raw_bits, 1e-12);
  CHECK_NEAR(e.ixt_error_bits, 0, 1e-12);
  CHECK_NEAR(e.ity_error_bits, 0, 1e-12);
}

/* d pairs of normals with correlation 0.8: along directions whose cosine is s, I = -1/2 log2(1 - 0.64 s^2), and s has
 * the density (1 - s^2)^((d - 3)/2). Tolerance: 4 standard errors of the slices and of the samples, which all slices
 * share (an independent program has a standard deviation of 0.053 for d = 1 and of 0.015 for d = 2), and a bias of
 * 0.01.
 */
static void pairs_of_normals_have_their_sliced_information(void **state)
{
  enum { M = 1000, MOST = 10 };
  static const struct {
    size_t d;
    double bits;
  } truth[] = {{1, 0.736966}, {2, 0.321928}, {3, 0.198458}, {MOST, 0.050584}};
  static float x[M * MOST], t[M * MOST];
  static int32_t y[M];
  for (size_t k = 0; k < 4; k++) {
    ip_rng r = ip_rng_open(39, IP_RNG_TEST, k);
    for (size_t i = 0; i < M * truth[k].d; i++) {
      x[i] = (float)ip_rng_normal(&r);
      t[i] = 0.8f * x[i] + 0.6f * (float)ip_rng_normal(&r);
    }
    for (size_t i = 0; i < M; i++) y[i] = (int32_t)(i % 2);
    ip_samples s = samples_of(M, truth[k].d, t, 2, y);
    s.x = x;
    s.n_in = truth[k].d;
    ip_estimate e = estimate("sliced:slices=200", &s, *state);
    double sd = truth[k].d == 1 ? 0.053 : 0.015;
    CHECK_NEAR(e.ixt_raw_bits, truth[k].bits, 0.01 + 4 * hypot(e.ixt_error_bits, sd));
    CHECK_NEAR(e.ity_raw_bits, 0, 0.01 + 4 * hypot(e.ity_error_bits, truth[k].d == 1 ? 0.02 : 0.01));
    assert_true(truth[k].d == 1 || (e.ixt_error_bits > 0.002 && e.ixt_error_bits < 0.03));
  }
}

/* Standard errors describe the directions: seeds differ by them. */
static void other_seeds_are_other_directions(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate first, again, other;
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("sliced", 4, &e));
  CHECK_OK(ip_estimator_run(e, &s, *state, &first));
  CHECK_OK(ip_estimator_run(e, &s, *state, &again));
  ip_estimator_destroy(&e);
  CHECK_OK(ip_estimator_create("sliced", 5, &e));
  CHECK_OK(ip_estimator_run(e, &s, *state, &other));
  ip_estimator_destroy(&e);
  assert_memory_equal(&first, &again, sizeof first);
  assert_true(first.ity_raw_bits != other.ity_raw_bits);
  CHECK_NEAR(first.ity_raw_bits, other.ity_raw_bits, 4 * hypot(first.ity_error_bits, other.ity_error_bits));
}

static void one_scale_for_all_units_changes_nothing(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("sliced", &s, *state);
  for (int k = 0; k < FORMULA_N * FORMULA_WIDTH; k++) d.u[k] *= 1024;
  ip_estimate f = estimate("sliced", &s, *state);
  assert_true(e.ixt_raw_bits == f.ixt_raw_bits && e.ity_raw_bits == f.ity_raw_bits);
}

static void targets_and_numbers_of_inputs_are_taken(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("sliced", &s, *state);
  s.x_id = (const uint32_t *)d.y2;
  s.n_x = 3;
  ip_estimate by_index = estimate("sliced:x=index", &s, *state);
  CHECK_NEAR(by_index.ixt_raw_bits, by_index.ity_raw_bits, 1e-12);
  s.target = d.x;
  s.n_targets = FORMULA_IN;
  ip_estimate of_target = estimate("sliced", &s, *state);
  CHECK_NEAR(of_target.ity_raw_bits, e.ixt_raw_bits, 4 * hypot(of_target.ity_error_bits, e.ixt_error_bits));
}

static void what_does_not_exist_has_a_reason(void **state)
{
  formula_data d = formula_data_make();
  int32_t y[FORMULA_N];
  for (int i = 0; i < FORMULA_N; i++) y[i] = i;
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, y);
  s.n_y = FORMULA_N;
  ip_estimator *e;
  ip_estimate out;
  CHECK_OK(ip_estimator_create("sliced:x=index:slices=3", 1, &e));
  CHECK_OK(ip_estimator_run(e, &s, *state, &out));
  ip_estimator_destroy(&e);
  assert_true(isnan(out.ixt_bits) && isnan(out.ity_bits) && isnan(out.ity_error_bits));
  assert_string_equal(out.ixt_no_value, "every input occurs once, so no sample has a neighbour of its input");
  assert_string_equal(out.ity_no_value, "every sample is alone in its class, so none has a neighbour of its class");
  estimate_fails("sliced:k=60", &s, *state, IP_EINVAL, "k = 60 neighbours need more than 60 samples, got 60");
  ip_scratch_release(*state, 0);
  s.n_in = 0;
  s.x = NULL;
  estimate_fails("sliced", &s, *state, IP_EINVAL, "needs the inputs themselves");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"sliced:slices=2", "sliced:slices=2:x=index"};
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  s.x_id = (const uint32_t *)d.y2;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
  s.target = d.x;
  s.n_targets = FORMULA_IN;
  CHECK_EVERY_ALLOCATION(run_alone(1, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(slices_are_mixtures_along_random_directions),
      TEST(the_axes_of_sines_have_the_values_of_the_formula),
      TEST(one_unit_and_one_input_have_the_estimate_itself),
      TEST(pairs_of_normals_have_their_sliced_information),
      TEST(other_seeds_are_other_directions),
      TEST(one_scale_for_all_units_changes_nothing),
      TEST(targets_and_numbers_of_inputs_are_taken),
      TEST(what_does_not_exist_has_a_reason),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/sliced", tests, NULL, NULL);
}
