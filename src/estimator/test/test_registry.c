#include "estimator/kind.h"

#include "base/test/check.h"
#include "estimator/test/parameters.h"

#include <math.h>
#include <string.h>

static void check_label(const char *spec, const char *label)
{
  ip_estimator *e, *again;
  CHECK_OK(ip_estimator_create(spec, 0, &e));
  assert_string_equal(ip_estimator_label(e), label);
  CHECK_OK(ip_estimator_create(label, 0, &again));
  assert_string_equal(ip_estimator_label(again), label);
  ip_estimator_destroy(&e);
  ip_estimator_destroy(&again);
  assert_null(e);
}

static void specs_with_one_meaning_have_one_label(void **state)
{
  (void)state;
  check_label("edges", "edges");
  check_label("edges:count=30", "edges");
  check_label("width:size=0.070", "width");
  check_label("width:size=5e-1", "width:size=0.5");
  check_label("equal_width:range=run:bins=100", "equal_width:bins=100:range=run");
  check_label("equal_width:bins=100:range=run", "equal_width:bins=100:range=run");
  check_label("ksg:pca=2:k=4", "ksg:k=4:pca=2");
  check_label("exact:pca=0", "exact");
  check_label("edges:low=-0.1:high=0.30000000000000004", "edges:low=-0.1:high=0.30000000000000004");
}

static void check_wrong(const char *spec, const char *text)
{
  ip_estimator *e = (ip_estimator *)&e;
  CHECK_FAILS(ip_estimator_create(spec, 0, &e), IP_ECONFIG, text);
  assert_null(e);
}

static void wrong_specs_are_told_what_was_expected(void **state)
{
  (void)state;
  check_wrong("equalwidth", "unknown estimator 'equalwidth'; did you mean 'equal_width'?");
  check_wrong("", "unknown estimator ''; expected one of edges, width");
  check_wrong("nonsense_of_some_length", "expected one of edges, width");
  check_wrong("edges:", "expected key=value after ':', got ''");
  check_wrong("edges:count", "expected key=value after ':', got 'count'");
  check_wrong("edges:count=", "expected key=value after ':', got 'count='");
  check_wrong("edges:=3", "expected key=value");
  check_wrong("edges:conut=3", "estimator edges: unknown parameter 'conut'; did you mean 'count'?");
  check_wrong("edges:zzzzzzzz=3", "expected one of count, low, high");
  check_wrong("edges:count=3:count=4", "estimator edges: count is given twice");
  check_wrong("edges:count=1e3", "edges: count: expected an integer from 2 to 65536, got '1e3'");
  check_wrong("edges:count=1", "from 2 to 65536, got '1'");
  check_wrong("width:size=0", "width: size: expected a number from 1e-30 to 1e+30, got '0'");
  check_wrong("width:size=nan", "got 'nan'");
  check_wrong("width:size=inf", "got 'inf'");
  check_wrong("width:size=-0.1", "got '-0.1'");
  check_wrong("edges:low=2", "low must be below high, got low=2 and high=1");
  check_wrong("equal_width:range=epcoh", "estimator equal_width: range: unknown value 'epcoh'; did you mean 'epoch'?");
  check_wrong("ksg:pca=-1", "estimator ksg: pca: expected an integer from 0 to 100000, got '-1'");
  check_wrong("equal_width:range=run:pca=2", "estimator equal_width: pca does not go with the range of the run");
  check_wrong("equal_width:low=0", "low and high only go with range=fixed");
}

static void every_kind_can_be_created_by_its_name_alone(void **state)
{
  (void)state;
  const char *const *name = ip_estimator_names();
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    const ip_estimator_kind *k = ip_estimator_kind_at(i);
    assert_string_equal(name[i], k->name);
    ip_estimator *e;
    CHECK_OK(ip_estimator_create(k->name, 5, &e));
    assert_string_equal(ip_estimator_label(e), k->name);
    assert_ptr_equal(ip_estimator_kind_of(e), k);
    assert_int_equal(ip_estimator_seed(e), 5);
    assert_int_equal(ip_estimator_n_parameters(e), k->n_parameters + 1);
    for (size_t j = 0; j <= k->n_parameters; j++) {
      const ip_parameter *p = ip_estimator_kind_parameter(k, j);
      ip_parameter_value v = ip_estimator_parameter(e, j);
      assert_string_equal(v.name, p->name);
      assert_true(p->help && p->help[0]);
      assert_true(v.number == ip_estimator_values(e)[j]);
      assert_int_equal(v.is_number, p->type != IP_PARAMETER_CHOICE);
    }
    ip_estimator_destroy(&e);
  }
  assert_null(name[ip_estimator_n_kinds()]);
}

/* Names, defaults and ranges of docs/estimators.md. */
static void parameters_are_the_documented_ones(void **state)
{
  (void)state;
  static const char corrections[] = "none miller_madow grassberger chao_shen jackknife chao_wang_jost shrinkage nsb";
  static const documented table[] = {
      {"edges", "count", "30", 2, 65536, NULL},
      {"edges", "low", "-1", -1e30, 1e30, NULL},
      {"edges", "high", "1", -1e30, 1e30, NULL},
      {"width", "size", "0.07", 1e-30, 1e30, NULL},
      {"equal_width", "bins", "30", 1, 65536, NULL},
      {"equal_width", "range", "epoch", 0, 0, "epoch run fixed"},
      {"equal_width", "low", "-1", -1e30, 1e30, NULL},
      {"equal_width", "high", "1", -1e30, 1e30, NULL},
      {"equal_mass", "bins", "30", 1, 65536, NULL},
      {"ebab", "bins", "30", 1, 65536, NULL},
      {"kde_upper", "noise_variance", "0.001", 1e-30, 1e30, NULL},
      {"kde_upper", "noise", "fixed", 0, 0, "fixed maximum variance network"},
      {"kde_lower", "noise_variance", "0.001", 1e-30, 1e30, NULL},
      {"kde_lower", "noise", "fixed", 0, 0, "fixed maximum variance network"},
      {"gaussian", "given", "noise", 0, 0, "noise inputs"},
      {"gaussian", "noise_variance", "0.001", 1e-30, 1e30, NULL},
      {"gaussian", "first_input", "1", 1, 1e6, NULL},
      {"gaussian", "last_input", "0", 0, 1e6, NULL},
      {"ksg", "k", "3", 1, 10000, NULL},
      {"ksg", "scale", "unit", 0, 0, "unit none"},
      {"mixture_ksg", "k", "3", 1, 10000, NULL},
      {"mixture_ksg", "x", "inputs", 0, 0, "inputs index"},
      {"sliced", "slices", "100", 2, 1e6, NULL},
      {"sliced", "k", "3", 1, 10000, NULL},
      {"sliced", "x", "inputs", 0, 0, "inputs index"},
      {"edge", "gamma", "1", 1e-6, 1e6, NULL},
      {"edge", "columns", "0", 0, 1e6, NULL},
      {"renyi", "alpha", "1.01", 0.01, 100, NULL},
      {"renyi", "x", "inputs", 0, 0, "inputs index"},
      {"renyi", "factor", "1", 1e-6, 1e6, NULL},
      {"renyi", "max_samples", "1000", 2, 20000, NULL},
      {"noisy", "draws", "4", 1, 100000, NULL},
      {"multiplicative", "draws", "4", 1, 100000, NULL},
      {"dropout", "draws", "100", 2, 100000, NULL},
      {"dropout", "exact", "10", 0, 16, NULL},
  };
  const documented correction = {"", "correction", "none", 0, 0, corrections}, pca = {"", "pca", "0", 0, 100000, NULL};
  size_t row = 0;
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    const ip_estimator_kind *k = ip_estimator_kind_at(i);
    size_t n = ip_estimator_kind_n_parameters(k), own = k->n_parameters - (k->rows != NULL);
    for (size_t j = 0; j < own; j++) check_parameter(k->name, ip_estimator_kind_parameter(k, j), &table[row++]);
    if (k->rows) {
      assert_int_equal(k->correction_at, own);
      check_parameter("", ip_estimator_kind_parameter(k, own), &correction);
    }
    check_parameter("", ip_estimator_kind_parameter(k, n - 1), &pca);
  }
  assert_int_equal(row, sizeof table / sizeof *table);
}

static void ranges_include_their_ends(void **state)
{
  (void)state;
  check_label("edges:count=2", "edges:count=2");
  check_label("edges:count=65536", "edges:count=65536");
  check_wrong("edges:count=65537", "from 2 to 65536, got '65537'");
  check_label("renyi:alpha=0.01", "renyi:alpha=0.01");
  check_label("renyi:alpha=100", "renyi:alpha=100");
  check_wrong("renyi:alpha=0.00999", "from 0.01 to 100, got '0.00999'");
  check_wrong("renyi:alpha=100.001", "got '100.001'");
  check_wrong("edges:low=1:high=1", "got low=1 and high=1");
  check_wrong("equal_width:range=fixed:low=1:high=1", "got low=1 and high=1");
  check_wrong("equal_width:high=2", "low and high only go with range=fixed");
  check_label("equal_width:range=fixed:low=0:high=2", "equal_width:range=fixed:low=0:high=2");
}

static void parameters_are_handed_out_as_text_and_number(void **state)
{
  (void)state;
  ip_estimator *e;
  CHECK_OK(ip_estimator_create("equal_width:bins=7:range=run", 0, &e));
  assert_string_equal(ip_estimator_parameter(e, 0).text, "7");
  CHECK_NEAR(ip_estimator_parameter(e, 0).number, 7, 0);
  assert_string_equal(ip_estimator_parameter(e, 1).text, "run");
  assert_int_equal(ip_estimator_needs(e), IP_NEEDS_RUN_RANGE);
  ip_estimator_destroy(&e);
  CHECK_OK(ip_estimator_create("equal_width", 0, &e));
  assert_int_equal(ip_estimator_needs(e), 0);
  ip_estimator_destroy(&e);
}

static void every_allocation_failure_is_reported(void **state)
{
  (void)state;
  ip_estimator *e = NULL;
  size_t live = ip_mem_live();
  ip_mem_fail_at(1);
  assert_int_equal(ip_estimator_create("edges", 0, &e), IP_ENOMEM);
  ip_mem_fail_at(0);
  assert_null(e);
  assert_int_equal(ip_mem_live(), live);
  ip_error_clear();
}

/* H(X) and H(Y) bound an estimate, and its fractions refer to them, where X is the number of the input and Y a class.
 */
static void entropies_are_those_that_bound_the_estimate(void **state)
{
  (void)state;
  static const struct {
    const char *spec;
    bool hx, hy;
  } known[] = {{"edges", true, true},      {"width", true, true},          {"equal_width", true, true},
               {"equal_mass", true, true}, {"ebab", true, true},           {"exact", true, true},
               {"kde_upper", true, true},  {"kde_lower", true, true},      {"gaussian", false, true},
               {"ksg", false, true},       {"mixture_ksg", false, true},   {"mixture_ksg:x=index", true, true},
               {"sliced", false, true},    {"sliced:x=index", true, true}, {"edge", false, true},
               {"renyi", true, true},      {"renyi:alpha=2", true, true},  {"renyi:alpha=0.5", false, false},
               {"noisy", true, true},      {"multiplicative", true, true}, {"dropout", true, true}};
  const uint32_t x_id[] = {0, 1, 2, 3};
  const int32_t y[] = {0, 0, 0, 1};
  const ip_samples s = {.n = 4, .n_x = 4, .x_id = x_id, .n_y = 2, .y = y};
  bool seen[64] = {false};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_estimator *e;
    double hx, hy;
    CHECK_OK(ip_estimator_create(known[i].spec, 0, &e));
    CHECK_OK(ip_estimate_entropies(e, &s, sc, &hx, &hy));
    if (known[i].hx ? !(hx == 2) : !isnan(hx)) fail_msg("%s: H(X) is %g", known[i].spec, hx);
    if (known[i].hy ? !(fabs(hy - 0.8112781244591328) < 1e-12) : !isnan(hy))
      fail_msg("%s: H(Y) is %g", known[i].spec, hy);
    for (size_t k = 0; k < ip_estimator_n_kinds(); k++) seen[k] |= ip_estimator_kind_at(k) == ip_estimator_kind_of(e);
    ip_estimator_destroy(&e);
  }
  for (size_t k = 0; k < ip_estimator_n_kinds(); k++)
    if (!seen[k] && ip_estimator_kind_at(k)->bounds)
      fail_msg("%s, with bounds of its own, is not in the list of this test", ip_estimator_kind_at(k)->name);
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(specs_with_one_meaning_have_one_label),
      cmocka_unit_test(wrong_specs_are_told_what_was_expected),
      cmocka_unit_test(every_kind_can_be_created_by_its_name_alone),
      cmocka_unit_test(parameters_are_the_documented_ones),
      cmocka_unit_test(ranges_include_their_ends),
      cmocka_unit_test(parameters_are_handed_out_as_text_and_number),
      cmocka_unit_test(entropies_are_those_that_bound_the_estimate),
      cmocka_unit_test(every_allocation_failure_is_reported),
  };
  return cmocka_run_group_tests_name("estimator/registry", tests, NULL, NULL);
}
