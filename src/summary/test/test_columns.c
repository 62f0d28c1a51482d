/* Flags, measures and units: every number below its own name. */
#include "file/h5.h"
#include "summary/test/gathered.h"

/* How many epochs have a flag, by layer: each flag has a column of its own. */
static void flags_are_counted_by_their_own_column(void **state)
{
  (void)state;
  enum { N_SERIES = 8, N_FLAGS = 6 };
  static const char *const series[N_SERIES] = {
      "ixt", "ity", "saturated", "dpi", "clipped", "lossy_bins", "ixt_interval_missing", "ity_interval_missing"};
  static const struct {
    const char *column;
    size_t n[SAMPLE_LAYERS];
  } flag[N_FLAGS] = {{"saturated_epochs", {1, 0}},
                     {"dpi_epochs", {0, 1}},
                     {"clipped_epochs", {2, 0}},
                     {"lossy_bins_epochs", {0, 2}},
                     {"ixt_interval_missing_epochs", {3, 0}},
                     {"ity_interval_missing_epochs", {0, 3}}};
  double value[N_SERIES][EPOCHS * SAMPLE_LAYERS] = {{0}}, *of[N_SERIES];
  for (size_t s = 0; s < N_SERIES; s++) of[s] = value[s];
  for (size_t f = 0; f < N_FLAGS; f++)
    for (size_t k = 0; k < SAMPLE_LAYERS; k++)
      for (size_t e = 0; e < flag[f].n[k]; e++) value[2 + f][e * SAMPLE_LAYERS + k] = 1;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, false);
  const ip_information info = {.estimator = "edges",
                               .n_epochs = EPOCHS,
                               .n_layers = SAMPLE_LAYERS,
                               .n_series = N_SERIES,
                               .series = series,
                               .value = of};
  CHECK_OK(ip_run_add_information(temp_path("runs/seed=5.h5"), 1, &info, NULL, true));
  CHECK_OK(gather(e, NULL));
  for (size_t f = 0; f < N_FLAGS; f++)
    for (size_t k = 0; k < SAMPLE_LAYERS; k++) {
      char text[24];
      snprintf(text, sizeof text, "%zu", flag[f].n[k]);
      check_cell("runs.csv", 1 + k, flag[f].column, text);
      check_cell("summary.csv", 1 + k, series[2 + f], flag[f].n[k] ? "1" : "0");
    }
  ip_experiment_destroy(&e);
}

/* Of fractions and counts without a unit, the attribute is missing. */
static void arrays_of_the_grid_have_their_units(void **state)
{
  (void)state;
  static const struct {
    const char *array, *units;
  } unit[] = {{"accuracy_gap", "accuracy"},
              {"loss_gap", "nats"},
              {"least_test_loss_epoch", "epochs"},
              {"final_train_loss", "nats"},
              {"test_loss", "nats"},
              {"train_usable_bits", "bits"},
              {"final_test_rate_bits", "bits"},
              {"constant_units", "units"},
              {"samples", "samples"},
              {"log2_samples", "bits"},
              {"hx_bits", "bits"},
              {"logged_epoch", "epochs"},
              {"gradient_crossing_epoch", "epochs"},
              {"ixt_peak", "bits"},
              {"ixt_peak_epoch", "epochs"},
              {"ixt_final", "bits"},
              {"ixt_drop", "bits"},
              {"ity_final", "bits"},
              {"ity_peak", "bits"},
              {"ity_peak_epoch", "epochs"},
              {"ixt_given_y_final", "bits"},
              {"bin_loss_final", "bits"},
              {"ixt", "bits"},
              {"ity", "bits"},
              {"ixt_raw", "bits"},
              {"bin_loss", "bits"},
              {"fits", "1: the network fits its training data, 0: it does not"}};
  ip_h5 *h;
  clear();
  ip_experiment *e = parse("");
  CHECK_OK(gather(e, NULL));
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &h));
  static const char *const plain[] = {"final_train_accuracy", "weight_norm",        "gradient_mean",
                                      "ixt_drop_fraction",    "ixt_fraction_final", "ity_fraction_final",
                                      "ixt_fraction",         "ity_fraction"};
  for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
    char *text;
    CHECK_OK(ip_h5_text(h, unit[i].array, "units", &text));
    if (strcmp(text, unit[i].units)) fail_msg("%s is in %s", unit[i].array, text);
    ip_free(text);
  }
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) assert_false(ip_h5_has(h, plain[i], "units"));
  CHECK_OK(ip_h5_close(&h));
  ip_experiment_destroy(&e);
}

/* Series of a measure: first + i, the second one NaN at the last epoch. */
static void add_measure(const ip_experiment *e, size_t k, const char *label, double first)
{
  char path[512];
  ip_experiment *point;
  enum { N = EPOCHS * SAMPLE_LAYERS };
  double value[2][N];
  for (size_t i = 0; i < N; i++) {
    value[0][i] = first + (double)i;
    value[1][i] = i < N - SAMPLE_LAYERS ? first - (double)i : (double)NAN;
  }
  CHECK_OK(ip_experiment_point(e, k, &point));
  snprintf(path, sizeof path, "%s/runs/%s.h5", temp_folder, point->run_name);
  ip_experiment_destroy(&point);
  const char *const series[] = {"zeta", "alpha"}, *const unit[] = {"1", "bits"};
  double *const of[] = {value[0], value[1]};
  const ip_run_attribute why[] = {{.name = "missing_zeta_reason", .text = "too few samples"},
                                  {.name = "missing_alpha_reason", .text = "too few samples"}};
  ip_information info = {.n_attributes = 2,
                         .attribute = why,
                         .part = IP_RUN_MEASURES,
                         .estimator = label,
                         .n_epochs = EPOCHS,
                         .n_layers = SAMPLE_LAYERS,
                         .n_series = 2,
                         .series = series,
                         .unit = unit,
                         .value = of};
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
}

static const char *end_of(const char *line, size_t n_cells)
{
  const char *at = line + strlen(line);
  while (n_cells) n_cells -= *--at == ',';
  return at;
}

static void measures_have_columns_at_the_end(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("");
  write_run(e, 0, true);
  write_run(e, 1, false);
  add_measure(e, 0, "shape:k=2", 10);
  add_measure(e, 1, "shape:k=2", 20);
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  assert_string_equal(end_of(line_of("summary.csv", 0), 2), ",shape:k=2/zeta,shape:k=2/alpha");
  assert_string_equal(end_of(line_of("summary.csv", 1), 2), ",10,10");
  assert_string_equal(end_of(line_of("summary.csv", EPOCHS * SAMPLE_LAYERS), 2), ",15,nan");
  assert_string_equal(end_of(line_of("summary.csv", EPOCHS * SAMPLE_LAYERS + 1), 2), ",20,20");
  assert_int_equal(count_lines("runs.csv"), 1 + 2 * SAMPLE_LAYERS);
  assert_string_equal(end_of(line_of("runs.csv", 0), 2), ",shape:k=2/zeta,shape:k=2/alpha");
  assert_non_null(strstr(line_of("runs.csv", 2), "\"shape:k=2/zeta, shape:k=2/alpha: too few samples\""));
  assert_string_equal(end_of(line_of("runs.csv", 2), 2), ",15,7"); /* the last number of each */
  assert_string_equal(end_of(line_of("runs.csv", 3), 2), ",24,18");
  ip_h5 *grid;
  double zeta[2 * EPOCHS * SAMPLE_LAYERS];
  char *unit;
  CHECK_OK(ip_h5_open(temp_path("grid.h5"), false, &grid));
  CHECK_OK(ip_h5_read(grid, "measures/shape:k=2/zeta", IP_H5_F64, sizeof zeta, zeta));
  assert_true(zeta[0] == 10 && zeta[EPOCHS * SAMPLE_LAYERS] == 20);
  CHECK_OK(ip_h5_text(grid, "measures/shape:k=2/alpha", "units", &unit));
  assert_string_equal(unit, "bits");
  ip_free(unit);
  CHECK_OK(ip_h5_close(&grid));
  ip_experiment_destroy(&e);
}

/* I(X;T) of the runs is 100 apart, zeta starts at 10, 20, 60: r of (0, 1, 2) and (10, 20, 60). */
static void measures_are_correlated_with_those_of_compression(void **state)
{
  (void)state;
  clear();
  ip_experiment *e = parse("sweep:\n  training.batch_size: [16, 32]\n");
  static const double first[] = {10, 20, 60};
  const double r = 50 / sqrt(2.0 * 1400);
  char expected[200];
  for (size_t k = 0; k < 3; k++) {
    write_run(e, k, true);
    add_measure(e, k, "shape:k=2", first[k]);
  }
  ip_gather_counts counts;
  CHECK_OK(gather(e, &counts));
  size_t n = count_lines("correlations.csv"), found = 0;
  assert_int_equal(n, 1 + SAMPLE_LAYERS * (IP_N_MEASURES * (IP_N_MEASURES - 1) / 2 + 2 * IP_N_MEASURES + 1));
  for (size_t i = 1; i < n; i++) {
    snprintf(expected, sizeof expected, "edges,%zu,ixt_final,shape:k=2/zeta,3,", found + 1);
    const char *line = line_of("correlations.csv", i);
    if (strncmp(line, expected, strlen(expected)) != 0) continue;
    CHECK_NEAR(strtod(line + strlen(expected), NULL), r, 1e-12);
    found++;
  }
  assert_int_equal(found, SAMPLE_LAYERS);
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(flags_are_counted_by_their_own_column),
      cmocka_unit_test(arrays_of_the_grid_have_their_units),
      cmocka_unit_test(measures_have_columns_at_the_end),
      cmocka_unit_test(measures_are_correlated_with_those_of_compression),
  };
  return cmocka_run_group_tests_name("summary/columns", tests, temp_create, temp_remove);
}
