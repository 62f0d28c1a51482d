#include "estimator/hashed.h"
#include "estimator/kind.h"
#include "estimator/test/formula_data.h"

enum { MOST = FORMULA_N * FORMULA_WIDTH };

typedef struct columns {
  double v[MOST], cell[FORMULA_WIDTH];
} columns;

/* v (n, width) as columns with cells of one width. */
static ip_hashed hash(size_t width, const float *v, double cell, columns *c)
{
  for (size_t i = 0; i < FORMULA_N; i++)
    for (size_t k = 0; k < width; k++) c->v[k * FORMULA_N + i] = (double)v[i * width + k];
  for (size_t k = 0; k < width; k++) c->cell[k] = cell;
  return (ip_hashed){width, c->v, c->cell};
}

static void cells_of_a_fixed_width_have_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  columns of_x, of_t;
  double bits;
  ip_hashed x = hash(FORMULA_IN, d.x, 0.5, &of_x), t = hash(FORMULA_WIDTH, d.t, 0.25, &of_t);
  for (size_t k = 0; k < FORMULA_WIDTH; k++) of_t.cell[k] *= 2;
  CHECK_OK(ip_hashed_grid(FORMULA_N, &x, &t, 1, 0, *state, &bits));
  CHECK_NEAR(bits, 3.2159248151547257, 1e-12);
  CHECK_OK(ip_hashed_ensemble(FORMULA_N, &x, &t, 1, *state, &bits));
  CHECK_NEAR(bits, 3.3453278678115215, 1e-12);
  x = hash(1, d.x0, 0.25, &of_x);
  t = hash(1, d.t0, 0.25, &of_t);
  CHECK_OK(ip_hashed_ensemble(FORMULA_N, &x, &t, 2, *state, &bits));
  CHECK_NEAR(bits, 0.729239110435217, 1e-12);
  assert_int_equal(ip_scratch_mark(*state), 0);
}

static void spacings_are_mean_distances_to_a_neighbour(void **state)
{
  formula_data d = formula_data_make();
  columns c;
  double b;
  hash(1, d.t0, 1, &c);
  CHECK_OK(ip_hashed_spacing(FORMULA_N, 1, c.v, *state, &b));
  CHECK_NEAR(b, 0.15298335, 5e-9);
  hash(1, d.x0, 1, &c);
  CHECK_OK(ip_hashed_spacing(FORMULA_N, 1, c.v, *state, &b));
  CHECK_NEAR(b, 0.14810241, 5e-9);
  CHECK_OK(ip_hashed_spacing(2, 1, c.v, *state, &b)); /* the sample itself, at least */
  CHECK_NEAR(b, 1e-4, 1e-18);
}

static ip_estimate at(const char *gamma, const ip_samples *s, ip_scratch *sc)
{
  char spec[64] = "edge:gamma=";
  return estimate(strcat(spec, gamma), s, sc);
}

static void the_rule_for_cells_has_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  ip_samples one = formula_samples(1, d.t0, 1, d.x0, d.y2);
  ip_samples all = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2), relu = all;
  relu.t = d.u;
  static const char *const gamma[] = {"0.5", "1", "2"};
  static const double of_one[] = {3.3738438755692344, 1.7002147451232466, 0.03415629601530738};
  static const double of_all[] = {5.294309137239128, 3.8263738542744408, 0.001};
  static const double labels[] = {1.4923172873984156, 1.4772612305534074, 0.001};
  static const double relus[] = {1.4236715328097038, 1.4236715328097038, 0.001};
  for (size_t k = 0; k < 3; k++) {
    CHECK_NEAR(at(gamma[k], &one, *state).ixt_raw_bits, of_one[k], 1e-12);
    ip_estimate e = at(gamma[k], &all, *state);
    CHECK_NEAR(e.ixt_raw_bits, of_all[k], 1e-12);
    CHECK_NEAR(e.ity_raw_bits, labels[k], 1e-12);
    CHECK_NEAR(at(gamma[k], &relu, *state).ity_raw_bits, relus[k], 1e-12);
  }
}

static void the_band_is_that_of_half_and_double_the_smoothness(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("edge", &s, *state);
  CHECK_NEAR(e.ixt_band_low, 0.001, 1e-12);
  CHECK_NEAR(e.ixt_band_high, 5.294309137239128, 1e-12);
  CHECK_NEAR(e.ity_band_low, 0.001, 1e-12);
  CHECK_NEAR(e.ity_band_high, 1.4923172873984156, 1e-12);
  for (int i = 0; i < FORMULA_N; i++) d.y2[i] = 1; /* one class: clipped to H(Y) = 0 */
  e = estimate("edge", &s, *state);
  CHECK_NEAR(e.ity_raw_bits, 0.001, 1e-15);
  assert_true(e.ity_bits == 0 && e.ity_band_low == 0 && e.ity_band_high == 0);
  for (int i = 0; i < MOST; i++) d.t[i] = 2;
  e = estimate("edge", &s, *state);
  assert_true(e.ixt_bits == 0 && e.ixt_band_high == 0);
}

/* Inputs on a line, all cells with one sample: every term is clamped to 10 bits, where the truth is 12. */
static void no_estimate_is_above_ten_bits(void **state)
{
  enum { M = 4096 };
  static float t[M];
  static int32_t y[M];
  for (int i = 0; i < M; i++) t[i] = (float)i;
  for (int i = 0; i < M; i++) y[i] = i % 2;
  ip_samples s = samples_of(M, 1, t, 2, y);
  s.x = t;
  s.n_in = 1;
  CHECK_NEAR(at("0.0001", &s, *state).ixt_raw_bits, 10, 1e-12);
}

static void nothing_depends_on_the_order_of_units_and_samples(void **state)
{
  formula_data d = formula_data_make();
  float moved[MOST], x[FORMULA_N * FORMULA_IN];
  int32_t y[FORMULA_N];
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  ip_estimate e = estimate("edge", &s, *state);
  for (size_t i = 0; i < FORMULA_N; i++) {
    size_t to = (7 * i + 5) % FORMULA_N;
    for (size_t k = 0; k < FORMULA_WIDTH; k++)
      moved[to * FORMULA_WIDTH + FORMULA_WIDTH - 1 - k] = d.u[i * FORMULA_WIDTH + k];
    for (size_t k = 0; k < FORMULA_IN; k++) x[to * FORMULA_IN + k] = d.x[i * FORMULA_IN + k];
    y[to] = d.y2[i];
  }
  ip_samples m = formula_samples(FORMULA_WIDTH, moved, FORMULA_IN, x, y);
  ip_estimate f = estimate("edge", &m, *state);
  CHECK_NEAR(f.ixt_raw_bits, e.ixt_raw_bits, 1e-12);
  CHECK_NEAR(f.ity_raw_bits, e.ity_raw_bits, 1e-12);
}

/* Beside large activations the 10^-4 of the rule for cells is nothing. */
static void large_scales_change_nothing(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  for (int i = 0; i < MOST; i++) d.u[i] = ldexpf(d.u[i], 20);
  ip_estimate e = estimate("edge", &s, *state);
  for (int i = 0; i < FORMULA_N; i++)
    for (int k = 0; k < FORMULA_WIDTH; k++) d.u[i * FORMULA_WIDTH + k] = ldexpf(d.u[i * FORMULA_WIDTH + k], 10 + k);
  ip_estimate f = estimate("edge", &s, *state);
  CHECK_NEAR(f.ixt_raw_bits, e.ixt_raw_bits, 1e-12);
  CHECK_NEAR(f.ity_raw_bits, e.ity_raw_bits, 1e-12);
}

static void targets_are_hashed_like_inputs(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  s.target = d.x;
  s.n_targets = FORMULA_IN;
  ip_estimate e = estimate("edge", &s, *state);
  CHECK_NEAR(e.ity_raw_bits, 3.8263738542744408, 1e-12);
  CHECK_NEAR(e.ity_band_high, 5.294309137239128, 1e-12);
}

/* The same program with the columns multiplied by the matrix of the seed's stream: X stream 1, T 2, targets 3. */
static void projections_have_the_values_of_the_formula(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2), of_targets = s;
  of_targets.target = d.x;
  of_targets.n_targets = FORMULA_IN;
  static const struct {
    const char *spec;
    double ixt, ity, targets;
  } value[] = {
      {"0.5:columns=1", 2.1573408332135733, 0.7327808760387904, 2.058374316030948},
      {"1:columns=1", 0.3936024547305135, 0.48398989289933664, 0.4645117408639027},
      {"2:columns=1", 0.001, 0.32820849092108967, 0.05025511343403019},
      {"0.5:columns=2", 4.703178329159568, 1.1354088049324917, 4.703178329159568},
      {"1:columns=2", 2.5944705547017763, 0.8079377207231743, 2.5944705547017763},
      {"2:columns=2", 0.0816990984185996, 0.45213637951830077, 0.0816990984185996},
      {"1:columns=3", 2.216844127939587, 1.0554350368568852, 2.216844127939587},
      {"1:columns=4", 3.826373854274444, 1.4772612305534083, 3.826373854274444},
  };
  for (size_t k = 0; k < sizeof value / sizeof *value; k++) {
    ip_estimate e = at(value[k].spec, &s, *state);
    CHECK_NEAR(e.ixt_raw_bits, value[k].ixt, 1e-12);
    CHECK_NEAR(e.ity_raw_bits, value[k].ity, 1e-12);
    CHECK_NEAR(at(value[k].spec, &of_targets, *state).ity_raw_bits, value[k].targets, 1e-12);
  }
}

/* Below a deviation of 10^-4, a unit keeps its scale. */
static void nearly_constant_units_are_not_scaled_up(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.u, FORMULA_IN, d.x, d.y2);
  for (size_t i = 2; i < MOST; i += FORMULA_WIDTH) d.u[i] = (float)((double)d.u[i] * 1e-5);
  ip_estimate e = at("1:columns=2", &s, *state);
  CHECK_NEAR(e.ixt_raw_bits, 2.6862792666358395, 1e-12);
  CHECK_NEAR(e.ity_raw_bits, 1.234656459877618, 1e-12);
}

static void wide_variables_are_in_one_cell_unless_projected(void **state)
{
  enum { UNITS = 40, INPUTS = 50 };
  static float t[FORMULA_N * UNITS], x[FORMULA_N * INPUTS];
  formula_data d = formula_data_make();
  for (int i = 0; i < FORMULA_N; i++) {
    for (int k = 0; k < UNITS; k++) t[i * UNITS + k] = (float)fmax(sin((double)i * (k + 1)), 0);
    for (int k = 0; k < INPUTS; k++) x[i * INPUTS + k] = (float)cos((double)i * (k + 1) / 2);
  }
  ip_samples s = formula_samples(UNITS, t, INPUTS, x, d.y2);
  CHECK_NEAR(at("0.5", &s, *state).ixt_raw_bits, 0.001, 1e-12);
  CHECK_NEAR(at("0.5:columns=2", &s, *state).ixt_raw_bits, 5.460975803905795, 1e-12);
  CHECK_NEAR(at("1:columns=2", &s, *state).ixt_raw_bits, 1.1017189885881156, 1e-12);
  CHECK_NEAR(at("0.5:columns=5", &s, *state).ixt_raw_bits, 5.856890595608518, 1e-12);
  CHECK_NEAR(at("1:columns=5", &s, *state).ixt_raw_bits, 0.4869977732015742, 1e-12);
}

static void other_seeds_are_other_projections(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  double bits[2];
  for (uint64_t seed = 1; seed <= 2; seed++) {
    ip_estimator *e;
    ip_estimate found;
    CHECK_OK(ip_estimator_create("edge:columns=2", seed, &e));
    CHECK_OK(ip_estimator_run(e, &s, *state, &found));
    ip_estimator_destroy(&e);
    bits[seed - 1] = found.ixt_raw_bits;
  }
  assert_true(bits[0] != bits[1]);
}

/* Twenty classes of three samples: by the rule for cells, their columns share one. */
static void classes_are_cells_of_their_own_beside_projections(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  s.n_y = 20;
  for (int i = 0; i < FORMULA_N; i++) d.y2[i] = i % 20;
  for (int i = 0; i < MOST; i++) d.t[i] = (float)sin((double)(i / FORMULA_WIDTH % 20) * (i % FORMULA_WIDTH + 1));
  CHECK_NEAR(at("1", &s, *state).ity_raw_bits, 0.001, 1e-12);
  CHECK_NEAR(at("1:columns=2", &s, *state).ity_raw_bits, 3.6816870830264463, 1e-12);
  CHECK_NEAR(at("0.001:columns=2", &s, *state).ity_raw_bits, log2(20), 1e-12);
}

/* Classes 0, 7000 and 9000 of 10000 are three columns, as 0, 1 and 2 are. */
static void classes_that_do_not_occur_change_nothing(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  const char *const gammas[] = {"0.3", "1", "2", "1:columns=2"};
  static const int32_t names[] = {7000, 0, 9000};
  int32_t y[FORMULA_N];
  for (int i = 0; i < FORMULA_N; i++) y[i] = names[d.y2[i]];
  for (size_t g = 0; g < sizeof gammas / sizeof *gammas; g++) {
    s.y = d.y2, s.n_y = 3;
    ip_estimate few = at(gammas[g], &s, *state);
    s.y = y, s.n_y = 10000;
    ip_estimate gaps = at(gammas[g], &s, *state);
    CHECK_NEAR(gaps.ity_raw_bits, few.ity_raw_bits, 1e-12);
    CHECK_NEAR(gaps.ity_band_low, few.ity_band_low, 1e-12);
    CHECK_NEAR(gaps.ity_band_high, few.ity_band_high, 1e-12);
  }
}

static void inputs_are_required(void **state)
{
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, 0, NULL, d.y2);
  estimate_fails("edge", &s, *state, IP_EINVAL, "needs the inputs themselves");
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  const char *const spec[] = {"edge", "edge:columns=1"};
  formula_data d = formula_data_make();
  ip_samples s = formula_samples(FORMULA_WIDTH, d.t, FORMULA_IN, d.x, d.y2);
  s.n = 9;
  CHECK_EVERY_ALLOCATION(run_alone(2, spec, &s), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(cells_of_a_fixed_width_have_the_values_of_the_formula),
      TEST(spacings_are_mean_distances_to_a_neighbour),
      TEST(the_rule_for_cells_has_the_values_of_the_formula),
      TEST(the_band_is_that_of_half_and_double_the_smoothness),
      TEST(no_estimate_is_above_ten_bits),
      TEST(nothing_depends_on_the_order_of_units_and_samples),
      TEST(large_scales_change_nothing),
      TEST(targets_are_hashed_like_inputs),
      TEST(projections_have_the_values_of_the_formula),
      TEST(nearly_constant_units_are_not_scaled_up),
      TEST(wide_variables_are_in_one_cell_unless_projected),
      TEST(other_seeds_are_other_projections),
      TEST(classes_are_cells_of_their_own_beside_projections),
      TEST(classes_that_do_not_occur_change_nothing),
      TEST(inputs_are_required),
      TEST(every_allocation_failure_is_reported_and_leaks_nothing),
  };
  return cmocka_run_group_tests_name("estimator/edge", tests, NULL, NULL);
}
