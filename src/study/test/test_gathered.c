/* The values of one run for the tables and the report, against those that the run was made of. */
#include "study/gathered.h"

#include "base/test/check.h"
#include "study/test/made_runs.h"
#include "study/usable.h"

#include <math.h>

enum { N = 6, EDGES = 0, WIDTH = 1 };

static void near_or_nan(double got, double want)
{
  if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-12)) fail_msg("%.17g, expected %.17g", got, want);
}

static void add_group(const char *path, const ip_information *what, size_t n_series, const char *const *series)
{
  double value[3][N * MADE_LAYERS], *of[3];
  ip_information info = *what;
  for (size_t s = 0; s < 3; s++) {
    of[s] = value[s];
    for (size_t i = 0; i < N * MADE_LAYERS; i++) value[s][i] = (double)NAN;
  }
  info.n_epochs = N;
  info.n_layers = MADE_LAYERS;
  info.n_series = n_series;
  info.series = series;
  info.value = of;
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
}

static const char *write_run(void)
{
  static char path[512];
  const made_run m = {.file = "a.h5", .experiment = "a", .config = "", .n_epochs = N, .shift = 0.25, .below = 1.5};
  CHECK_OK(made_write(&m));
  snprintf(path, sizeof path, "%s", temp_path("a.h5"));
  return path;
}

static void every_measure_is_that_of_its_layer_and_estimator(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_gathered g;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_gathered_open(write_run(), sc, &g));
  assert_true(g.n_epochs == N && g.n_layers == MADE_LAYERS && g.n_estimators == 2);
  assert_string_equal(g.estimator[EDGES], "edges");
  assert_string_equal(g.estimator[WIDTH], "width:size=0.5");
  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < MADE_LAYERS; k++) {
      const double *m = g.measure + (i * MADE_LAYERS + k) * IP_N_MEASURES;
      double shift = i == EDGES ? -1.25 : 0.25, below = i == EDGES ? 1.5 : 0;
      double peak = made_ixt(0, k) + shift, end = made_ixt(N - 1, k) + shift, ity = made_ity(N - 1, k) - below;
      const double expected[IP_N_MEASURES] = {
          [IP_MEASURE_PEAK] = peak,
          [IP_MEASURE_PEAK_EPOCH] = 0,
          [IP_MEASURE_IXT] = end,
          [IP_MEASURE_DROP] = peak - end,
          [IP_MEASURE_DROP_FRACTION] = (peak - end) / peak,
          [IP_MEASURE_ITY] = fmax(0, ity),
          [IP_MEASURE_ITY_PEAK] = fmax(0, ity),
          [IP_MEASURE_ITY_PEAK_EPOCH] = i == EDGES ? 0 : (double)made_epoch(N - 1),
          [IP_MEASURE_IXT_RAW] = end,
          [IP_MEASURE_ITY_RAW] = ity,
          [IP_MEASURE_IXT_GIVEN_Y] = (double)NAN,
          [IP_MEASURE_IXT_FRACTION] = (double)NAN,
          [IP_MEASURE_ITY_FRACTION] = (double)NAN,
          [IP_MEASURE_BIN_LOSS] = (double)NAN,
          [IP_MEASURE_CROSSING] = k ? 15 : 13, /* 4 / e + k < 2 */
          [IP_MEASURE_TRAIN_ACCURACY] = 0.55,
          [IP_MEASURE_TEST_ACCURACY] = 0.4,
          [IP_MEASURE_TRAIN_LOSS] = 1. / 6,
          [IP_MEASURE_TEST_LOSS] = 2. / 6,
          [IP_MEASURE_ACCURACY_GAP] = 0.15,
          [IP_MEASURE_LOSS_GAP] = 1. / 6,
      };
      for (size_t j = 0; j < IP_N_MEASURES; j++) near_or_nan(m[j], expected[j]);
    }
  near_or_nan(g.best_epoch, (double)made_epoch(N - 1));
  ip_gathered_close(&g);
  ip_scratch_destroy(&sc);
}

/* Each series is in its own measure: here the last value of a series is its number. */
static void further_series_have_their_own_measures(void **state)
{
  (void)state;
  static const struct {
    const char *series;
    ip_compression_measure measure;
  } cases[] = {{"ixt_given_y", IP_MEASURE_IXT_GIVEN_Y},
               {"ixt_fraction", IP_MEASURE_IXT_FRACTION},
               {"ity_fraction", IP_MEASURE_ITY_FRACTION},
               {"bin_loss", IP_MEASURE_BIN_LOSS}};
  const char *path = write_run(), *series[4];
  double value[4][N * MADE_LAYERS], *of[4];
  const ip_run_attribute made_from[] = {{.name = "n_samples", .text = "", .is_number = true, .number = 3},
                                        {.name = "hx_bits", .text = "", .is_number = true, .number = 0.75},
                                        {.name = "hy_bits", .text = "", .is_number = true, .number = 0.5}};
  for (size_t s = 0; s < 4; s++) {
    series[s] = cases[s].series;
    of[s] = value[s];
    for (size_t i = 0; i < N * MADE_LAYERS; i++) value[s][i] = 0.125 * (double)s + 0.01 * (double)i;
  }
  const ip_information info = {.estimator = "zeta",
                               .n_attributes = 3,
                               .attribute = made_from,
                               .n_epochs = N,
                               .n_layers = MADE_LAYERS,
                               .n_series = 4,
                               .series = series,
                               .value = of};
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
  ip_scratch *sc;
  ip_gathered g;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_gathered_open(path, sc, &g));
  assert_string_equal(g.estimator[2], "zeta");
  for (size_t k = 0; k < MADE_LAYERS; k++)
    for (size_t s = 0; s < 4; s++)
      near_or_nan(g.measure[(2 * MADE_LAYERS + k) * IP_N_MEASURES + cases[s].measure],
                  value[s][(N - 1) * MADE_LAYERS + k]);
  const double *fact = g.fact + 2 * IP_N_FACTS;
  near_or_nan(fact[IP_FACT_SAMPLES], 3);
  near_or_nan(fact[IP_FACT_LOG2_SAMPLES], log2(3));
  near_or_nan(fact[IP_FACT_HX], 0.75);
  near_or_nan(fact[IP_FACT_HY], 0.5);
  near_or_nan(g.fact[IP_FACT_HX], (double)NAN);
  near_or_nan(g.fact[IP_FACT_SAMPLES], MADE_SAMPLES); /* of edges, which does not say */
  ip_gathered_close(&g);
  ip_scratch_destroy(&sc);
}

/* Of an estimator and of measures: what is missing, and why, once for neighbours with the same reason. */
static void reasons_name_what_is_missing(void **state)
{
  (void)state;
  static const struct {
    const char *attribute[2], *text[2], *reason;
  } cases[] = {{{"missing_ixt_reason"}, {"too few samples"}, "I(X;T): too few samples"},
               {{"missing_ity_reason"}, {"no labels"}, "I(T;Y): no labels"},
               {{"missing_ity_reason", "missing_ixt_reason"},
                {"no labels", "too few samples"},
                "I(X;T): too few samples; I(T;Y): no labels"}};
  static const char *const ixt[] = {"ixt"}, *const shape[] = {"nc1", "nc2", "cka"}, *const units[] = {"1", "1", "1"};
  ip_scratch *sc;
  ip_gathered g;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t i = 0; i < 3; i++) {
    const char *path = write_run();
    ip_run_attribute attribute[2];
    for (size_t a = 0; a < 2; a++)
      attribute[a] = (ip_run_attribute){.name = cases[i].attribute[a], .text = cases[i].text[a]};
    add_group(path, &(ip_information){.estimator = "zeta", .n_attributes = i < 2 ? 1 : 2, .attribute = attribute}, 1,
              ixt);
    CHECK_OK(ip_gathered_open(path, sc, &g));
    assert_string_equal(g.reason[EDGES], "");
    assert_string_equal(g.reason[2], cases[i].reason);
    assert_string_equal(g.measured_reason, "");
    ip_gathered_close(&g);
  }
  const char *path = write_run();
  const ip_run_attribute missing[] = {{.name = "missing_nc1_reason", .text = "one class"},
                                      {.name = "missing_nc2_reason", .text = "one class"},
                                      {.name = "missing_cka_reason", .text = "one layer"}};
  add_group(
      path,
      &(ip_information){
          .part = IP_RUN_MEASURES, .estimator = "geometry", .n_attributes = 3, .attribute = missing, .unit = units},
      3, shape);
  CHECK_OK(ip_gathered_open(path, sc, &g));
  assert_string_equal(g.measured_reason, "geometry/nc1, geometry/nc2: one class; geometry/cka: one layer");
  ip_gathered_close(&g);
  ip_scratch_destroy(&sc);
}

static void series_of_measures_have_their_columns(void **state)
{
  (void)state;
  static const char *const column[] = {"geometry/nc1", "geometry/effective_rank", "probe/v_information"},
                           *const unit[] = {"1", "1", "bits"};
  ip_scratch *sc;
  ip_gathered g;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_gathered_open(write_run(), sc, &g));
  assert_int_equal(g.measured.n, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_string_equal(g.measured.series[i].column, column[i]);
    assert_string_equal(g.measured.series[i].unit, unit[i]);
    assert_int_equal(ip_measured_find(&g.measured, column[i]), i);
    for (size_t e = 0; e < N; e++)
      for (size_t k = 0; k < MADE_LAYERS; k++)
        near_or_nan(g.measured_value[i][e * MADE_LAYERS + k], i == 0   ? made_nc1(e, k)
                                                              : i == 1 ? made_rank(e, k) + 0.25
                                                                       : made_v(e, k) + 0.25);
  }
  assert_int_equal(ip_measured_find(&g.measured, "nc1"), 3);
  CHECK_OK(ip_measured_add_run(&g.measured, g.run, sc)); /* which has nothing new */
  assert_int_equal(g.measured.n, 3);
  /* a spec adds what the list lacks: of one side for measures of one side, of all samples for those that compare */
  CHECK_OK(ip_measured_add_spec(&g.measured, "geometry", "all", sc));
  assert_int_equal(g.measured.n, 3);
  CHECK_OK(ip_measured_add_spec(&g.measured, "probe", "test", sc)); /* of both sides: "probe", not "probe@test" */
  assert_int_equal(g.measured.n, 3);
  CHECK_OK(ip_measured_add_spec(&g.measured, "geometry", "test", sc));
  assert_true(g.measured.n > 3);
  assert_string_equal(g.measured.series[3].measure, "geometry@test");
  size_t n = g.measured.n;
  CHECK_OK(ip_measured_add_spec(&g.measured, "geometry", "test", sc));
  assert_int_equal(g.measured.n, n);
  CHECK_FAILS(ip_measured_add_spec(&g.measured, "geometri", "all", sc), IP_ECONFIG, "unknown measure 'geometri'");
  ip_gathered_close(&g);
  ip_scratch_destroy(&sc);
}

/* H(Y) - loss / ln 2 of each part; H(Y) of the labels 0 1 0 for training, and 1 alone for testing, is 0.918 and 0. */
static void usable_information_is_that_of_the_loss(void **state)
{
  (void)state;
  ip_run *run;
  double v[N];
  CHECK_OK(ip_run_open(write_run(), &run));
  for (int part = 0; part < 2; part++) {
    CHECK_OK(ip_series_of_usable(run, part, v));
    for (size_t e = 0; e < N; e++)
      near_or_nan(v[e], (part ? 0 : log2(3) - 2. / 3) - (part ? 2 : 1) / (1 + (double)e) / log(2));
  }
  ip_run_close(&run);
  const made_run own = {.file = "own.h5",
                        .experiment = "own",
                        .config = "",
                        .n_epochs = N,
                        .objective = "cross_entropy",
                        .metric = "train/usable_bits",
                        .rate = 3};
  CHECK_OK(made_write(&own));
  CHECK_OK(ip_run_open(temp_path("own.h5"), &run));
  CHECK_OK(ip_series_of_usable(run, 0, v)); /* the series itself */
  for (size_t e = 0; e < N; e++) near_or_nan(v[e], 3 - 0.1 * (double)e);
  ip_run_close(&run);
}

/* Keys of a sweep become columns, except those that have one in any case. */
static void swept_keys_are_columns(void **state)
{
  (void)state;
  static const char *const first[] = {"seed", "network.activation"}, *const second[] = {"run", "a", "b"};
  static const char *const seeds[] = {"1", "2"}, *const activations[] = {"tanh", "relu"}, *const x[] = {"x", "y", "z"},
                           *const u[] = {"u", "v", "w"};
  static const char *const *const of_first[] = {seeds, activations}, *const *const of_second[] = {x, x, u};
  const ip_grid_axis axis[] = {{2, 2, first, of_first}, {3, 3, second, of_second}};
  const ip_grid grid = {.n_axes = 2, .axis = axis};
  const char *key[4] = {"", "", "", "end"}, *value[3];
  assert_int_equal(ip_gathered_keys(&grid, 3, key), 3);
  assert_true(!strcmp(key[0], "network.activation") && !strcmp(key[1], "a") && !strcmp(key[2], "b"));
  assert_int_equal(ip_gathered_keys(&grid, 0, NULL), 3);
  ip_gathered_values(&grid, 5, value);
  assert_true(!strcmp(value[0], "relu") && !strcmp(value[1], "z") && !strcmp(value[2], "w"));
  assert_string_equal(key[3], "end");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_measure_is_that_of_its_layer_and_estimator),
      cmocka_unit_test(further_series_have_their_own_measures),
      cmocka_unit_test(reasons_name_what_is_missing),
      cmocka_unit_test(series_of_measures_have_their_columns),
      cmocka_unit_test(swept_keys_are_columns),
      cmocka_unit_test(usable_information_is_that_of_the_loss),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
