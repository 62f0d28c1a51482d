#include "measure/test/inputs.h"

enum { REDUNDANCY, VULNERABILITY, REDUNDANCY_SYNERGY, TOTAL_CORRELATION, DUAL_TOTAL_CORRELATION, O_INFORMATION };

static measured invariants(const char *spec, const ip_samples *s, ip_scratch *sc)
{
  ip_measure_input in = {.s = s};
  measured out = measure(spec, &in, sc);
  ip_measure_destroy(&out.m);
  return out;
}

static void check(const measured *m, double r, double v, double iy, double tc, double dtc, double tolerance)
{
  CHECK_NEAR(m->value[REDUNDANCY], r, tolerance);
  CHECK_NEAR(m->value[VULNERABILITY], v, tolerance);
  CHECK_NEAR(m->value[REDUNDANCY_SYNERGY], (r - 1) * iy, tolerance);
  CHECK_NEAR(m->value[TOTAL_CORRELATION], tc, tolerance);
  CHECK_NEAR(m->value[DUAL_TOTAL_CORRELATION], dtc, tolerance);
  CHECK_NEAR(m->value[O_INFORMATION], tc - dtc, tolerance);
}

/* All 2^bits patterns; unit j of a sample is bit j of its number. */
static void patterns(size_t bits, size_t width, float *t)
{
  for (size_t i = 0; i < (size_t)1 << bits; i++)
    for (size_t j = 0; j < bits; j++) t[i * width + j] = (float)(i >> j & 1);
}

static void parity_is_held_by_all_units_together(void **state)
{
  float t[16 * 4];
  int32_t y[16];
  patterns(4, 4, t);
  for (size_t i = 0; i < 16; i++) y[i] = (int32_t)(t[4 * i] + t[4 * i + 1] + t[4 * i + 2] + t[4 * i + 3]) % 2;
  ip_samples s = samples_of(16, 4, t, 2, y);
  measured m = invariants("invariants:codes=exact", &s, *state);
  check(&m, 0, 4, 1, 0, 0, 1e-14);
}

static void copies_are_redundant(void **state)
{
  float t[] = {0, 0, 0, 1, 1, 1};
  int32_t y[] = {0, 1};
  ip_samples s = samples_of(2, 3, t, 2, y);
  measured m = invariants("invariants", &s, *state);
  check(&m, 3, 0, 1, 2, 1, 1e-14);
}

static void a_unit_of_the_parity_of_others_is_synergy(void **state)
{
  float t[8 * 4];
  int32_t y[8] = {0};
  patterns(3, 4, t);
  for (size_t i = 0; i < 8; i++) t[4 * i + 3] = fmodf(t[4 * i] + t[4 * i + 1] + t[4 * i + 2], 2);
  ip_samples s = samples_of(8, 4, t, 1, y);
  measured m = invariants("invariants:codes=edges:bins=2", &s, *state);
  CHECK_NEAR(m.value[TOTAL_CORRELATION], 1, 1e-14);
  CHECK_NEAR(m.value[DUAL_TOTAL_CORRELATION], 3, 1e-14);
  CHECK_NEAR(m.value[O_INFORMATION], -2, 1e-14);
  assert_true(isnan(m.value[REDUNDANCY]) && isnan(m.value[VULNERABILITY]));
  assert_string_equal(m.reason[REDUNDANCY], "I(T;Y) is 0");
  assert_true(m.value[REDUNDANCY_SYNERGY] == 0);
}

static void and_of_two_bits_is_both(void **state)
{
  float t[8];
  int32_t y[] = {0, 0, 0, 1};
  patterns(2, 2, t);
  ip_samples s = samples_of(4, 2, t, 2, y);
  measured m = invariants("invariants", &s, *state);
  check(&m, 0.767377, 1.232623, 2 - 0.75 * log2(3), 0, 0, 1e-6);
}

/* Values of an independent program in NumPy. */
static void data_by_formula_agree_with_numpy(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  measured m = invariants("invariants:size=1", &s, *state);
  check(&m, 0.546411, 0.747624, 1.580145, 0.570364, 1.473057, 1.1e-6);
  s = samples_of(FORMULA_N, 4, d->u, 3, d->y2);
  m = invariants("invariants:size=0.5", &s, *state);
  check(&m, 0.679023, 1.115398, 1.070518, 0.191956, 0.425174, 1.1e-6);
}

static void one_unit_has_all_and_no_correlation(void **state)
{
  float t[] = {0, 1, 2, 2};
  int32_t y[] = {0, 1, 1, 0};
  ip_samples s = samples_of(4, 1, t, 2, y);
  measured m = invariants("invariants", &s, *state);
  check(&m, 1, 1, 0.5, 0, 0, 1e-14);
}

/* Every kind of codes: all units of the layer are cut at the same edges. */
static void codes_are_those_of_the_whole_layer(void **state)
{
  formula_data *d = data_by_formula();
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  static const struct {
    const char *measure, *estimator;
  } pair[] = {{"invariants:codes=edges", "edges"},
              {"invariants:size=1", "width:size=1"},
              {"invariants:codes=equal_width:bins=3", "equal_width:bins=3"},
              {"invariants:codes=equal_mass:bins=3", "equal_mass:bins=3"},
              {"invariants:codes=ebab:bins=3", "ebab:bins=3"},
              {"invariants:codes=exact", "exact"}};
  for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) {
    ip_estimator *e;
    ip_estimate all;
    double single = 0;
    CHECK_OK(ip_estimator_create(pair[k].estimator, 1, &e));
    CHECK_OK(ip_estimator_run(e, &s, *state, &all));
    ip_estimator_destroy(&e);
    measured m = invariants(pair[k].measure, &s, *state);
    single = m.value[REDUNDANCY] * all.ity_bits;
    CHECK_NEAR(m.value[REDUNDANCY_SYNERGY], single - all.ity_bits, 1e-12);
  }
}

/* Order of samples, order of units, and a shift by whole bins change nothing. */
static void invariances_hold(void **state)
{
  formula_data *d = data_by_formula();
  static float other[FORMULA_N * 4];
  static int32_t y[FORMULA_N];
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  measured m = invariants("invariants:size=1", &s, *state);
  for (size_t i = 0; i < FORMULA_N; i++) {
    size_t from = i * 7 % FORMULA_N;
    y[i] = d->y[from];
    for (size_t j = 0; j < 4; j++) other[4 * i + j] = d->t[4 * from + (j + 1) % 4] + 3;
  }
  s = samples_of(FORMULA_N, 4, other, 3, y);
  measured same = invariants("invariants:size=1", &s, *state);
  for (size_t k = 0; k < 6; k++) CHECK_NEAR(same.value[k], m.value[k], 1e-12);
}

static void soft_labels_are_counted_by_their_probabilities(void **state)
{
  formula_data *d = data_by_formula();
  static float p[FORMULA_N * 3];
  for (size_t i = 0; i < FORMULA_N; i++) p[3 * i + (size_t)d->y[i]] = 1;
  ip_samples s = samples_of(FORMULA_N, 4, d->t, 3, d->y);
  measured hard = invariants("invariants:size=1", &s, *state);
  s.p_y_given_x = p;
  s.y = NULL;
  measured soft = invariants("invariants:size=1", &s, *state);
  for (size_t k = 0; k < 6; k++) CHECK_NEAR(soft.value[k], hard.value[k], 1e-12);
}

static void constant_layers_and_regressions_say_what_is_missing(void **state)
{
  float t[] = {1, 2, 1, 2}, target[] = {0.5f, 0.7f};
  int32_t y[] = {0, 1}, zero[] = {0, 0};
  ip_samples s = samples_of(2, 2, t, 2, y);
  measured m = invariants("invariants", &s, *state);
  assert_string_equal(m.reason[VULNERABILITY], "I(T;Y) is 0");
  assert_true(m.value[O_INFORMATION] == 0 && m.value[TOTAL_CORRELATION] == 0);
  t[0] = 5;
  s = samples_of(2, 2, t, 1, zero);
  s.target = target;
  s.n_targets = 1;
  m = invariants("invariants", &s, *state);
  assert_string_equal(m.reason[REDUNDANCY_SYNERGY], IP_WHY_NO_CLASSES);
  assert_true(m.value[TOTAL_CORRELATION] == 0);
}

static void every_allocation_failure_is_reported_and_leaks_nothing(void **state)
{
  (void)state;
  float t[] = {0, 1, 1, 0, 2, 2, 3, 1};
  int32_t y[] = {0, 1, 1, 0};
  ip_samples s = samples_of(4, 2, t, 2, y);
  ip_measure_input in = {.s = &s};
  CHECK_EVERY_ALLOCATION(measure_alone("invariants:codes=equal_mass:bins=2", &in), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(parity_is_held_by_all_units_together),
      TEST(copies_are_redundant),
      TEST(a_unit_of_the_parity_of_others_is_synergy),
      TEST(and_of_two_bits_is_both),
      TEST(data_by_formula_agree_with_numpy),
      TEST(one_unit_has_all_and_no_correlation),
      TEST(codes_are_those_of_the_whole_layer),
      TEST(invariances_hold),
      TEST(soft_labels_are_counted_by_their_probabilities),
      cmocka_unit_test(every_allocation_failure_is_reported_and_leaks_nothing),
      TEST(constant_layers_and_regressions_say_what_is_missing),
  };
  return cmocka_run_group_tests_name("measure/invariants", tests, NULL, NULL);
}
