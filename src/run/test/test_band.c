/* Estimates that are bands over a parameter, and standard errors of draws, in run files. */
#include "run/test/hand.h"

enum { N = 60, WIDTH = 2, EPOCHS = 2, LAYERS = 2 };

static void write_run(const char *path)
{
  static float t[EPOCHS * N * WIDTH], x[N];
  static int32_t y[N];
  for (size_t i = 0; i < N; i++) {
    x[i] = (float)sin((double)i);
    y[i] = x[i] > 0;
    for (size_t e = 0; e < EPOCHS; e++)
      for (size_t k = 0; k < WIDTH; k++) t[(e * N + i) * WIDTH + k] = e ? tanhf(x[i] * (float)(k + 1)) : 1;
  }
  write_by_hand(path, (hand_run){.n = N,
                                 .width = WIDTH,
                                 .n_epochs = EPOCHS,
                                 .n_layers = LAYERS,
                                 .t = t,
                                 .y = y,
                                 .n_classes = 2,
                                 .x = x,
                                 .n_in = 1});
}

static bool has_series(const char *path, const char *estimator, const char *series)
{
  ip_run *r = open_run(path);
  ip_scratch *sc;
  ip_information info;
  bool found = false;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_information(r, estimator, sc, &info));
  for (size_t s = 0; s < info.n_series; s++) found = found || !strcmp(info.series[s], series);
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
  return found;
}

static void bands_are_series_of_the_estimators_that_have_them(void **state)
{
  (void)state;
  static const char *const spec[] = {"edge", "mixture_ksg"};
  static const char *const band[] = {"ixt_band_low", "ixt", "ixt_band_high", "ity_band_low", "ity", "ity_band_high"};
  double v[6][EPOCHS * LAYERS];
  char path[128];
  in_folder(path, "band.h5");
  write_run(path);
  ip_estimate_options opt = estimators(2, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  for (size_t s = 0; s < 6; s++) {
    series_of(path, "edge", band[s], v[s]);
    if (s % 3 != 1) assert_false(has_series(path, "mixture_ksg", band[s]));
  }
  for (size_t k = 0; k < LAYERS; k++) { /* a constant layer at epoch 0, a curve at epoch 1 */
    for (size_t s = 0; s < 6; s++) assert_true(v[s][k] == 0);
    size_t at = LAYERS + k;
    assert_true(v[2][at] > v[0][at] + 0.1);
    for (size_t q = 0; q < 6; q += 3) {
      assert_true(v[q][at] <= v[q + 1][at] && v[q + 1][at] <= v[q + 2][at]);
    }
  }
}

/* Layers of the same units: I of the second is not above the first by more than the band. */
static void bands_serve_as_intervals_for_the_data_processing_inequality(void **state)
{
  (void)state;
  static const char *const spec[] = {"edge"};
  double dpi[EPOCHS * LAYERS];
  char path[128];
  in_folder(path, "dpi.h5");
  write_run(path);
  ip_estimate_options opt = estimators(1, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, "edge", "dpi", dpi);
  for (size_t at = 0; at < EPOCHS * LAYERS; at++) assert_true(dpi[at] == 0);
}

static void bands_of_an_estimator_that_cannot_run_are_missing(void **state)
{
  (void)state;
  static const char *const spec[] = {"edge", "exact"};
  float t[N];
  int32_t y[N];
  double v;
  char path[128];
  for (int i = 0; i < N; i++) t[i] = (float)i, y[i] = i % 2;
  in_folder(path, "without_x.h5");
  write_by_hand(path, (hand_run){.n = N, .width = 1, .n_epochs = 1, .t = t, .y = y, .n_classes = 2});
  ip_estimate_options opt = estimators(2, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  check_reason(path, "edge", "ixt", "needs the inputs themselves");
  series_of(path, "edge", "ixt_band_low", &v);
  assert_true(isnan(v));
  assert_false(has_series(path, "edge", "ixt_band_low"));
}

static void standard_errors_over_slices_are_written(void **state)
{
  (void)state;
  static const char *const spec[] = {"sliced:slices=9", "exact:pca=1"};
  double error[EPOCHS * LAYERS];
  char path[128];
  in_folder(path, "sliced.h5");
  write_run(path);
  ip_estimate_options opt = estimators(2, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, "sliced:slices=9", "ity_error", error);
  assert_true(error[0] == 0 && error[LAYERS] > 0);
  series_of(path, "exact:pca=1", "ixt", error);
  assert_true(error[0] == 0 && error[LAYERS] > 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bands_are_series_of_the_estimators_that_have_them),
      cmocka_unit_test(bands_serve_as_intervals_for_the_data_processing_inequality),
      cmocka_unit_test(bands_of_an_estimator_that_cannot_run_are_missing),
      cmocka_unit_test(standard_errors_over_slices_are_written),
  };
  return cmocka_run_group_tests_name("run/band", tests, NULL, remove_folder);
}
