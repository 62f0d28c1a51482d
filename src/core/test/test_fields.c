/* Every field of the structs of capi.h has the value of its name, and every range its ends. */
#include "core/test/layer.h"

#include "bottleneck/curve.h"
#include "bottleneck/grid.h"
#include "estimator/kind.h"

#define CHECK_REFUSED(call, expected, text)                                                                            \
  do {                                                                                                                 \
    assert_int_equal((call), (expected));                                                                              \
    if (!strstr(ip_capi_error(), (text))) fail_msg("message is: %s", ip_capi_error());                                 \
  } while (0)

/* ---------------------------------------------------------------- estimators */

static void kinds_and_parameters_are_described_as_in_their_tables(void **state)
{
  (void)state;
  assert_int_equal(ip_capi_n_kinds(), ip_estimator_n_kinds());
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    const ip_estimator_kind *k = ip_estimator_kind_at(i);
    ip_capi_kind got = {.struct_size = sizeof got};
    assert_int_equal(ip_capi_kind_at(i, &got), IP_CAPI_OK);
    assert_string_equal(got.name, k->name);
    assert_string_equal(got.help, k->help);
    assert_true(got.n_parameters == ip_estimator_kind_n_parameters(k) && got.struct_size == sizeof got);
    assert_true(got.is_discrete == (k->rows != NULL) && got.knows_targets == k->knows_targets);
    for (size_t j = 0; j < got.n_parameters; j++) {
      const ip_parameter *p = ip_estimator_kind_parameter(k, j);
      ip_capi_parameter q = {.struct_size = sizeof q};
      assert_int_equal(ip_capi_kind_parameter(i, j, &q), IP_CAPI_OK);
      assert_string_equal(q.name, p->name);
      assert_string_equal(q.help, p->help);
      assert_string_equal(q.fallback, p->fallback);
      assert_int_equal(q.type, p->type == IP_PARAMETER_INT    ? IP_CAPI_INT
                               : p->type == IP_PARAMETER_REAL ? IP_CAPI_REAL
                                                              : IP_CAPI_CHOICE);
      SAME(q.low, p->low);
      SAME(q.high, p->high);
      for (size_t c = 0; c < q.n_choices; c++) assert_string_equal(q.choices[c], p->choices[c]);
      assert_true(!p->choices || !p->choices[q.n_choices]);
    }
    ip_capi_parameter beyond = {.struct_size = sizeof beyond};
    assert_int_equal(ip_capi_kind_parameter(i, got.n_parameters, &beyond), IP_CAPI_EINVAL);
  }
  ip_capi_kind beyond = {.struct_size = sizeof beyond};
  CHECK_REFUSED(ip_capi_kind_at(ip_estimator_n_kinds(), &beyond), IP_CAPI_EINVAL, "expected below");
}

static void what_estimators_need_is_known_by_name(void **state)
{
  (void)state;
  const struct {
    const char *spec;
    uint32_t needs;
  } known[] = {{"edges", 0},
               {"equal_width:range=run", IP_CAPI_NEEDS_RUN_RANGE},
               {"ksg", IP_CAPI_NEEDS_X},
               {"noisy", IP_CAPI_NEEDS_NOISE},
               {"multiplicative", IP_CAPI_NEEDS_MULTIPLICATIVE},
               {"dropout", IP_CAPI_NEEDS_DROPOUT}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_capi_estimator *e;
    assert_int_equal(ip_capi_estimator_create(known[i].spec, 1, &e), IP_CAPI_OK);
    assert_string_equal(ip_capi_estimator_label(e), known[i].spec);
    assert_int_equal(ip_capi_estimator_needs(e), known[i].needs);
    ip_capi_estimator_destroy(e);
  }
}

/* What was not asked for, and what an estimator has not, is NaN or nothing. */
static void values_that_do_not_exist_are_nan_with_a_reason(void **state)
{
  data *d = *state;
  ip_capi_samples s = capi_samples(d);
  ip_capi_estimate out;
  assert_int_equal(run("ksg", &s, NULL, &out), IP_CAPI_OK);
  const double none[] = {out.h_t,           out.ixt_band_low, out.ixt_band_high, out.ity_band_low,
                         out.ity_band_high, out.ixt_low,      out.ixt_high,      out.ity_low,
                         out.ity_high,      out.null_mean,    out.null_high,     out.null_p_value};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    if (!isnan(none[i])) fail_msg("value %zu is %g", i, none[i]);
  assert_true(out.n_symbols == 0 && !out.ixt_no_value && !out.ity_no_value);
  assert_int_equal(run("edge", &s, NULL, &out), IP_CAPI_OK);
  assert_true(out.ixt_band_low <= out.ixt && out.ixt <= out.ixt_band_high && out.ixt_band_low < out.ixt_band_high);
  assert_true(out.ity_band_low <= out.ity && out.ity <= out.ity_band_high && out.ity_band_low < out.ity_band_high);
  assert_int_equal(run("edges", &s, NULL, &out), IP_CAPI_OK);
  assert_true(out.n_symbols > 1 && out.h_t > 0 && isnan(out.ixt_band_low) && isnan(out.ity_band_high));
  ip_capi_options o = {.struct_size = sizeof o, .bootstrap = 2, .level = 0.9};
  assert_int_equal(run("ksg", &s, &o, &out), IP_CAPI_OK);
  assert_true(isnan(out.ixt_low) && isnan(out.null_mean));
  assert_non_null(strstr(out.ixt_interval_no_value, "distances"));
  assert_non_null(strstr(out.ity_interval_no_value, "distances"));
}

/* Noise below, the range of the run. */
static void fields_of_samples_reach_the_estimator(void **state)
{
  data *d = *state;
  ip_capi_samples s = capi_samples(d);
  ip_capi_estimate plain, below;
  s.noise_variance = 0.1, s.mean = d->mean;
  assert_int_equal(run("kde_lower:noise=network", &s, NULL, &plain), IP_CAPI_OK);
  assert_true(isfinite(plain.ixt));
  s.noise_below = 1; /* a lower bound cannot leave out the noise of the layers below */
  assert_int_equal(run("kde_lower:noise=network", &s, NULL, &below), IP_CAPI_OK);
  assert_true(isnan(below.ixt) && below.ixt_no_value);
  s = capi_samples(d);
  s.low = -4, s.high = 4;
  assert_int_equal(run("equal_width:bins=4:range=run", &s, NULL, &plain), IP_CAPI_OK);
  s.low = -1, s.high = 1;
  assert_int_equal(run("equal_width:bins=4:range=run", &s, NULL, &below), IP_CAPI_OK);
  assert_true(plain.n_symbols < below.n_symbols);
  s.has_run_range = 0;
  CHECK_REFUSED(run("equal_width:bins=4:range=run", &s, NULL, &below), IP_CAPI_EINVAL, "range");
}

typedef struct {
  const char *what;
  int32_t code;
  const char *text;
} expectation;

static void check_samples(const ip_capi_samples *s, expectation e)
{
  ip_capi_estimate out;
  int32_t code = run("edges", s, NULL, &out);
  if (code != e.code || !strstr(ip_capi_error(), e.text))
    fail_msg("%s: code %d, message: %s", e.what, (int)code, ip_capi_error());
}

static void samples_are_accepted_up_to_the_ends_of_their_ranges(void **state)
{
  data *d = *state;
  ip_capi_samples s = capi_samples(d);
  s.quantize_bits = 24, check_samples(&s, (expectation){"24 bits", IP_CAPI_OK, ""});
  s.quantize_bits = 25;
  check_samples(&s, (expectation){"25 bits", IP_CAPI_EINVAL, "quantize_bits: got 25, expected 0 to 24"});
  s.quantize_bits = -1;
  check_samples(&s, (expectation){"-1 bit", IP_CAPI_EINVAL, "quantize_bits: got -1, expected 0 to 24"});
  s = capi_samples(d);
  s.dropout = 0.999, check_samples(&s, (expectation){"dropout", IP_CAPI_OK, ""});
  s.dropout = 1;
  check_samples(&s, (expectation){"dropout 1", IP_CAPI_EINVAL, "dropout: got 1, expected 0 or more, and below 1"});
  s.dropout = 0.5, s.multiplicative_noise = 0.1;
  check_samples(&s, (expectation){"two kinds", IP_CAPI_EINVAL, "noise of 2 kinds, expected at most one"});
  s.multiplicative_noise = -1, s.dropout = 0;
  check_samples(&s, (expectation){"-1", IP_CAPI_EINVAL, "multiplicative_noise: got -1, expected 0 or more"});
  s.multiplicative_noise = HUGE_VAL;
  check_samples(&s, (expectation){"inf", IP_CAPI_EINVAL, "multiplicative_noise: got inf"});
  s = capi_samples(d);
  s.n = UINT32_MAX;
  check_samples(&s, (expectation){"n", IP_CAPI_EINVAL, "4294967295 samples of 3 units are beyond what can be counted"});
  s.n = N, s.n_targets = UINT64_MAX, s.target = d->x;
  check_samples(&s, (expectation){"targets", IP_CAPI_EINVAL, "targets: 200 times 18446744073709551615 numbers"});
  s.n_targets = 0, s.n_in = UINT64_MAX;
  check_samples(&s, (expectation){"inputs", IP_CAPI_EINVAL, "inputs: 200 times 18446744073709551615 numbers"});
}

/* Numbers of classes and inputs: without a count, up to 65536 + 4 n; with one, below it, which is 2^24 at most. */
static void numbers_of_classes_and_inputs_have_their_limits(void **state)
{
  data *d = *state;
  const int64_t limit = 65536 + 4 * N;
  for (int input = 0; input < 2; input++) {
    const char *what = input ? "input" : "label";
    char expected[128];
    ip_capi_samples s = capi_samples(d);
    if (input)
      s.x_id = d->y64, s.x_id_type = IP_CAPI_I64;
    else
      s.y = d->y64, s.y_type = IP_CAPI_I64;
    uint64_t *n = input ? &s.n_x : &s.n_y;
    d->y64[N - 1] = limit - 1;
    check_samples(&s, (expectation){what, IP_CAPI_OK, ""});
    d->y64[N - 1] = limit;
    snprintf(expected, sizeof expected, "%s 66336: expected below 66336; number them from 0 without gaps", what);
    check_samples(&s, (expectation){what, IP_CAPI_EINVAL, expected});
    *n = (uint64_t)limit + 1;
    check_samples(&s, (expectation){what, IP_CAPI_OK, ""});
    *n = (uint64_t)limit;
    snprintf(expected, sizeof expected, "sample 199 has %s 66336, expected 0 to 66335", what);
    check_samples(&s, (expectation){what, IP_CAPI_EINVAL, expected});
    *n = ((uint64_t)1 << 24) + 1;
    check_samples(&s, (expectation){what, IP_CAPI_EINVAL, "expected below 16777216"});
    *n = 0;
    d->y64[N - 1] = 0, d->y64[0] = -1;
    snprintf(expected, sizeof expected, "sample 0 has %s -1", what);
    check_samples(&s, (expectation){what, IP_CAPI_EINVAL, expected});
    d->y64[0] = d->y[0];
  }
}

/* ---------------------------------------------------------------- tables */

static void a_joint_table_has_each_measure_in_its_field(void **state)
{
  (void)state;
  const double p[] = {0.5, 0.25, 0, 0, 0.125, 0.125}; /* (2, 3): p(x) = 3/4, 1/4; p(y) = 1/2, 3/8, 1/8 */
  const uint32_t count[] = {4, 2, 0, 0, 1, 1};
  const double hx = 2 - 0.75 * log2(3), hy = 0.5 + 0.375 * log2(8.0 / 3) + 0.375, hxy = 1.75;
  for (int counts = 0; counts < 2; counts++) {
    ip_capi_joint m = {.struct_size = sizeof m};
    assert_int_equal(counts ? ip_capi_joint_measure_counts(2, 3, count, &m) : ip_capi_joint_measure(2, 3, p, &m),
                     IP_CAPI_OK);
    CHECK_NEAR(m.hx, hx, 1e-12);
    CHECK_NEAR(m.hy, hy, 1e-12);
    CHECK_NEAR(m.hxy, hxy, 1e-12);
    CHECK_NEAR(m.hx_given_y, hxy - hy, 1e-12);
    CHECK_NEAR(m.hy_given_x, hxy - hx, 1e-12);
    CHECK_NEAR(m.mi, hx + hy - hxy, 1e-12);
  }
  CHECK_REFUSED(ip_capi_joint_measure(2, 3, p, NULL), IP_CAPI_EINVAL, "ip_capi_joint is NULL");
  CHECK_REFUSED(ip_capi_joint_measure_counts(2, 3, count, NULL), IP_CAPI_EINVAL, "ip_capi_joint is NULL");
}

/* ---------------------------------------------------------------- the curve */

static const double table[] = {0.2, 0.05, 0.05, 0.05, 0.2, 0.05, 0.05, 0.05, 0.3}; /* (3, 3) */

static void check_points(const ip_capi_curve *c, const ip_ib_curve *want)
{
  for (size_t i = 0; i < want->n; i++) {
    const ip_ib_solution *s = want->point[i];
    ip_capi_curve_point got = {.struct_size = sizeof got};
    assert_int_equal(ip_capi_curve_point_at(c, i, &got), IP_CAPI_OK);
    SAME(got.beta, s->beta);
    SAME(got.slope_beta, s->slope_beta);
    SAME(got.ixt, s->ixt_bits);
    SAME(got.ity, s->ity_bits);
    SAME(got.h_t, s->ht_bits);
    SAME(got.lagrangian, s->lagrangian_bits);
    SAME(got.optimality_gap, s->optimality_gap_bits);
    assert_true(got.n_clusters == s->n_t && got.converged == s->converged && got.certified == s->certified);
  }
  for (size_t i = 0; i < want->n_critical; i++) {
    const ip_ib_critical *k = &want->critical[i];
    ip_capi_critical got = {.struct_size = sizeof got};
    assert_int_equal(ip_capi_curve_critical_at(c, i, &got), IP_CAPI_OK);
    SAME(got.critical_beta, k->critical_beta);
    SAME(got.split_beta, k->split_beta);
    SAME(got.ixt, k->ixt_bits);
    SAME(got.ity, k->ity_bits);
    assert_true(got.n_before == k->n_before && got.n_after == k->n_after);
  }
  ip_capi_critical beyond = {.struct_size = sizeof beyond};
  assert_int_equal(ip_capi_curve_critical_at(c, want->n_critical, &beyond), IP_CAPI_EINVAL);
}

static void check_summary(const ip_capi_curve *c, const ip_ib_problem *p, const ip_ib_curve *want)
{
  ip_capi_curve_summary got = {.struct_size = sizeof got};
  assert_int_equal(ip_capi_curve_summarize(c, &got), IP_CAPI_OK);
  assert_true(got.n_points == want->n && got.n_critical == want->n_critical && got.n_classes == p->n_x);
  SAME(got.hx, p->hx_bits);
  SAME(got.hy, p->hy_bits);
  SAME(got.ixy, p->ixy_bits);
  SAME(got.h_classes, p->h_classes_bits);
  SAME(got.critical_beta, want->constant.critical_beta);
  SAME(got.unstable_beta, want->constant.unstable_beta);
  assert_int_equal(got.critical_certified, want->constant.certified);
}

static void check_nearest(const ip_capi_curve *c, const ip_ib_curve *curve)
{
  ip_capi_nearest got = {.struct_size = sizeof got};
  ip_ib_nearest want = ip_ib_curve_nearest(curve, 0.75, 0.0625);
  assert_int_equal(ip_capi_curve_nearest(c, 0.75, 0.0625, &got), IP_CAPI_OK);
  SAME(got.distance, want.distance_bits);
  SAME(got.ity_gap, want.ity_gap_bits);
  SAME(got.beta, want.beta);
  SAME(got.ixt, want.ixt_bits);
  SAME(got.ity, want.ity_bits);
  SAME(ip_capi_curve_at(c, 0.75), ip_ib_curve_at(curve, 0.75));
}

static void every_field_of_a_curve_is_that_of_the_archive(void **state)
{
  (void)state;
  static const double beta[] = {1, 2, 4, 8, 30};
  static const struct {
    ip_capi_curve_options o;
    size_t n;
  } known[] = {{{.alpha = 1, .restarts = 3, .seed = 1}, 5},
               {{.alpha = 0.5, .restarts = 2, .seed = 9}, 5},
               {{.alpha = 0}, 5},
               {{.alpha = 1, .squared = 1, .restarts = 1, .seed = 4}, 3},
               {{.alpha = 1, .restarts = 2, .seed = 3, .refine = 4, .tolerance = 0.001}, 4}};
  for (size_t i = 0; i <= sizeof known / sizeof *known; i++) {
    bool plain = i == sizeof known / sizeof *known; /* without options, at 40 betas */
    ip_ib_curve_options opt = ip_ib_curve_options_default();
    ip_capi_curve_options o = plain ? (ip_capi_curve_options){0} : known[i].o;
    size_t n = plain ? 0 : known[i].n, n_grid = n;
    double *grid = NULL;
    ip_ib_problem *p;
    ip_ib_curve *want;
    ip_capi_curve *c;
    o.struct_size = sizeof o;
    if (plain)
      CHECK_OK(ip_ib_grid_parse("1:300:log40", &n_grid, &grid));
    else {
      opt.solve.alpha = o.alpha, opt.squared = o.squared, opt.tolerance_bits = o.tolerance;
      opt.n_refine = (size_t)o.refine, opt.n_restarts = (size_t)o.restarts, opt.seed = o.seed;
    }
    CHECK_OK(ip_ib_problem_create(3, 3, table, &p));
    CHECK_OK(ip_ib_curve_create(p, &opt, n_grid, plain ? grid : beta, &want));
    assert_int_equal(ip_capi_curve_create(3, 3, table, plain ? NULL : &o, n, n ? beta : NULL, &c), IP_CAPI_OK);
    check_points(c, want);
    check_summary(c, p, want);
    check_nearest(c, want);
    ip_capi_curve_destroy(c);
    ip_ib_curve_destroy(&want);
    ip_ib_problem_destroy(&p);
    ip_free(grid);
  }
}

static void options_of_a_curve_are_accepted_up_to_the_ends_of_their_ranges(void **state)
{
  (void)state;
  static const double beta = 1; /* T is constant, for which there is a proof: no restarts */
  static const struct {
    ip_capi_curve_options o;
    const char *text; /* NULL: accepted */
  } known[] = {{{.alpha = 0}, NULL},
               {{.alpha = 1}, NULL},
               {{.alpha = -0.001}, "alpha: got -0.001, expected 0 (deterministic) to 1"},
               {{.alpha = 1.001}, "alpha: got 1.001"},
               {{.alpha = 0.5, .squared = 1}, "squared: got alpha 0.5, expected 1"},
               {{.alpha = 1, .tolerance = -0.001}, "tolerance: got -0.001 bits, expected 0 or more"},
               {{.alpha = 1, .tolerance = HUGE_VAL}, "tolerance: got inf bits"},
               {{.alpha = 1, .restarts = 10000}, NULL},
               {{.alpha = 1, .restarts = 10001}, "restarts: got 10001, expected at most 10000"},
               {{.alpha = 1, .refine = 100000}, NULL},
               {{.alpha = 1, .refine = 100001}, "refine: got 100001, expected at most 100000"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_capi_curve_options o = known[i].o;
    ip_capi_curve *c = NULL;
    o.struct_size = sizeof o;
    if (known[i].text) {
      CHECK_REFUSED(ip_capi_curve_create(3, 3, table, &o, 1, &beta, &c), IP_CAPI_ECONFIG, known[i].text);
      const char *rest = strstr(ip_capi_error(), known[i].text) + strlen(known[i].text);
      assert_true(!strspn(rest, "0123456789")); /* the whole number */
      assert_null(c);
    } else if (ip_capi_curve_create(3, 3, table, &o, 1, &beta, &c))
      fail_msg("options %zu: %s", i, ip_capi_error());
    ip_capi_curve_destroy(c);
  }
  ip_capi_curve *c;
  CHECK_REFUSED(ip_capi_curve_create(3, 3, table, NULL, 100001, &beta, &c), IP_CAPI_ECONFIG,
                "100001 betas, expected at most 100000");
  CHECK_REFUSED(ip_capi_curve_create(3, 3, table, NULL, 1, &beta, NULL), IP_CAPI_EINVAL, "no place for the curve");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(kinds_and_parameters_are_described_as_in_their_tables),
      TEST(what_estimators_need_is_known_by_name),
      TEST(values_that_do_not_exist_are_nan_with_a_reason),
      TEST(fields_of_samples_reach_the_estimator),
      TEST(samples_are_accepted_up_to_the_ends_of_their_ranges),
      TEST(numbers_of_classes_and_inputs_have_their_limits),
      TEST(a_joint_table_has_each_measure_in_its_field),
      TEST(every_field_of_a_curve_is_that_of_the_archive),
      TEST(options_of_a_curve_are_accepted_up_to_the_ends_of_their_ranges),
  };
  return cmocka_run_group_tests_name("core/fields", tests, NULL, NULL);
}
