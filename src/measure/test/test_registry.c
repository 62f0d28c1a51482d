/* Names, units, needs and parameters of all measures, as in docs/measures.md. */
#include "estimator/test/parameters.h"
#include "measure/kind.h"

static void parameters_are_the_documented_ones(void **state)
{
  (void)state;
  static const documented table[] = {
      {"hsic", "width", "median", 0, 0, "median fixed"},
      {"hsic", "s", "5", 1e-6, 1e6, NULL},
      {"hsic", "epsilon", "1e-05", 1e-12, 1, NULL},
      {"hsic", "max_samples", "1000", 2, 20000, NULL},
      {"invariants", "codes", "width", 0, 0, "width edges equal_width equal_mass ebab exact"},
      {"invariants", "size", "0.5", 1e-30, 1e30, NULL},
      {"invariants", "bins", "30", 1, 65536, NULL},
      {"probe", "lambda", "0.001", 1e-12, 1e6, NULL},
      {"probe", "scale", "unit", 0, 0, "unit none"},
      {"probe", "evaluate", "test", 0, 0, "test train"},
      {"knn_probe", "k", "5", 1, 1000, NULL},
  };
  size_t row = 0;
  for (size_t i = 0; i < ip_measure_n_kinds(); i++) {
    const ip_measure_kind *k = ip_measure_kind_at(i);
    for (size_t j = 0; j < k->n_parameters; j++) check_parameter(k->name, &k->parameter[j], &table[row++]);
  }
  assert_int_equal(row, sizeof table / sizeof *table);
}

static void series_have_their_units(void **state)
{
  (void)state;
  static const struct {
    const char *measure, *name, *unit;
  } want[] = {{"geometry", "nc1", "1"},
              {"geometry", "nc1_papyan", "1"},
              {"geometry", "participation_ratio", "1"},
              {"geometry", "effective_rank", "1"},
              {"geometry", "cka_x", "fraction"},
              {"geometry", "cka_y", "fraction"},
              {"geometry", "cka_next", "fraction"},
              {"geometry", "saturated_units", "fraction"},
              {"geometry", "dead_units", "fraction"},
              {"hsic", "kernel_cka_x", "fraction"},
              {"hsic", "kernel_cka_y", "fraction"},
              {"hsic", "nhsic_x", "1"},
              {"hsic", "nhsic_y", "1"},
              {"invariants", "redundancy", "1"},
              {"invariants", "vulnerability", "1"},
              {"invariants", "redundancy_synergy", "bits"},
              {"invariants", "total_correlation", "bits"},
              {"invariants", "dual_total_correlation", "bits"},
              {"invariants", "o_information", "bits"},
              {"probe", "v_information", "bits"},
              {"probe", "accuracy", "fraction"},
              {"knn_probe", "v_information", "bits"},
              {"knn_probe", "accuracy", "fraction"}};
  size_t row = 0;
  for (size_t i = 0; i < ip_measure_n_kinds(); i++) {
    ip_measure *m;
    CHECK_OK(ip_measure_create(ip_measure_names()[i], 0, &m));
    for (size_t j = 0; j < ip_measure_n_series(m); j++, row++) {
      assert_string_equal(ip_measure_label(m), want[row].measure);
      assert_string_equal(ip_measure_series_at(m, j)->name, want[row].name);
      assert_string_equal(ip_measure_series_at(m, j)->unit, want[row].unit);
    }
    ip_measure_destroy(&m);
  }
  assert_int_equal(row, sizeof want / sizeof *want);
  assert_null(ip_measure_names()[ip_measure_n_kinds()]);
}

/* What is not needed is not read from a file, so a need that is not stated has no value. */
static void needs_are_stated(void **state)
{
  (void)state;
  static const struct {
    const char *measure;
    unsigned needs;
  } want[] = {{"geometry", IP_NEEDS_X | IP_NEEDS_NEXT},
              {"hsic", IP_NEEDS_X},
              {"invariants", 0},
              {"probe", IP_NEEDS_SPLIT},
              {"knn_probe", IP_NEEDS_SPLIT}};
  assert_int_equal(ip_measure_n_kinds(), sizeof want / sizeof *want);
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    ip_measure *m;
    CHECK_OK(ip_measure_create(want[i].measure, 0, &m));
    assert_int_equal(ip_measure_needs(m), want[i].needs);
    ip_measure_destroy(&m);
  }
}

static void wrong_specs_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *spec, *message;
  } wrong[] = {{"geometri", "unknown measure 'geometri'; did you mean 'geometry'?"},
               {"hsic:epsilon=0", "measure hsic: epsilon: expected a number from 1e-12 to 1, got '0'"},
               {"knn_probe:k=1001", "measure knn_probe: k: expected an integer from 1 to 1000, got '1001'"},
               {"probe:evaluate=all", "measure probe: evaluate: unknown value 'all'"},
               {"geometry:k=3", "geometry"}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ip_measure *m = (ip_measure *)&m;
    CHECK_FAILS(ip_measure_create(wrong[i].spec, 0, &m), IP_ECONFIG, wrong[i].message);
    assert_null(m);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parameters_are_the_documented_ones),
      cmocka_unit_test(series_have_their_units),
      cmocka_unit_test(needs_are_stated),
      cmocka_unit_test(wrong_specs_are_refused),
  };
  return cmocka_run_group_tests_name("measure/registry", tests, NULL, NULL);
}
