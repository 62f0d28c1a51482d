/* test_prediction.c - what estimators find of the network's prediction, of I(X;T|Y) and of fractions, in the run file.
 */
#include "run/test/hand.h"

enum { N = 4, N_EPOCHS = 2, N_LAYERS = 2 };

/* A layer of one unit and an output of two. The first two samples are predicted as class 0 and 1, the others 0 and 0.
 */
static const float hidden[N_EPOCHS][N] = {{0, 1, 2, 3}, {0, 0, 1, 2}};
static const float output[N_EPOCHS][2 * N] = {{1, 0, 0, 1, 0.5f, 0.5f, 1, 0}, {1, 0, 0, 1, 0.5f, 0.5f, 1, 0}};
static const int32_t label[N] = {0, 1, 0, 1};

static void write_run(const char *path, const char *kind)
{
  static const uint32_t x_id[N] = {0, 1, 2, 3};
  ip_run_layer layer[] = {{.kind = "hidden", .activation = "tanh", .width = 1},
                          {.kind = kind, .activation = "softmax", .width = 2}};
  ip_run_head head = head_by_hand(N, x_id, 2, label, N_LAYERS, layer);
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    const float *t[] = {hidden[e], output[e]};
    CHECK_OK(ip_run_writer_append(w, &(ip_snapshot){.epoch = (int64_t)e, .t = t, .next_epoch = (int64_t)e + 1}));
  }
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

static void estimate(const char *path, bool bin_loss)
{
  static const char *const spec[] = {"exact", "kde_upper", "renyi:x=index"};
  ip_estimate_options opt = estimators(3, spec);
  opt.bin_loss = bin_loss;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
}

static double at(const char *path, const char *estimator, const char *series, size_t e, size_t k)
{
  double v[N_EPOCHS * N_LAYERS];
  series_of(path, estimator, series, v);
  return v[e * N_LAYERS + k];
}

/* The value of a text or numeric attribute of a group; NAN or NULL if it is not there. */
static void attribute(const char *path, const char *estimator, const char *name, double *number, char text[256])
{
  ip_run *r = open_run(path);
  ip_scratch *sc;
  ip_information info;
  *number = (double)NAN;
  *text = '\0';
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_information(r, estimator, sc, &info));
  for (size_t i = 0; i < info.n_attributes; i++)
    if (!strcmp(info.attribute[i].name, name)) {
      if (info.attribute[i].is_number) *number = info.attribute[i].number;
      snprintf(text, 256, "%s", info.attribute[i].text);
    }
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
}

static void lost_predictions_are_series_of_bins_and_flagged(void **state)
{
  (void)state;
  char path[128], text[256];
  double number;
  const double h = 2 - 0.75 * log2(3);
  in_folder(path, "output.h5");
  write_run(path, "output");
  estimate(path, true);
  for (size_t e = 0; e < N_EPOCHS; e++)
    for (size_t k = 0; k < N_LAYERS; k++) {
      bool lossy = e == 1 && k == 0; /* two samples in one bin, predicted as 0 and 1 */
      CHECK_NEAR(at(path, "exact", "prediction_entropy", e, k), h, 1e-14);
      CHECK_NEAR(at(path, "exact", "bin_loss", e, k), lossy ? 0.5 : 0, lossy ? 1e-15 : 0);
      assert_true(at(path, "exact", "lossy_bins", e, k) == lossy);
      assert_true(isnan(at(path, "kde_upper", "bin_loss", e, k)) && isnan(at(path, "kde_upper", "lossy_bins", e, k)));
    }
  attribute(path, "exact", "missing_bin_loss_reason", &number, text);
  assert_string_equal(text, "");
  attribute(path, "kde_upper", "missing_bin_loss_reason", &number, text);
  assert_string_equal(text, "");
}

static void without_an_output_layer_the_reason_is_there(void **state)
{
  (void)state;
  char path[128], text[256];
  double number;
  in_folder(path, "none.h5");
  write_run(path, "hidden");
  estimate(path, true);
  assert_true(isnan(at(path, "exact", "bin_loss", 0, 0)));
  attribute(path, "exact", "missing_bin_loss_reason", &number, text);
  if (!strstr(text, "no output layer")) fail_msg("reason: %s", text);
}

static void nobody_who_does_not_ask_has_the_series(void **state)
{
  (void)state;
  char path[128], text[256];
  double number;
  in_folder(path, "unasked.h5");
  write_run(path, "output");
  estimate(path, false);
  assert_true(isnan(at(path, "exact", "bin_loss", 1, 0)) && isnan(at(path, "exact", "lossy_bins", 1, 0)));
  attribute(path, "exact", "missing_bin_loss_reason", &number, text);
  assert_string_equal(text, "");
}

static void conditional_information_and_fractions_are_series(void **state)
{
  (void)state;
  char path[128], text[256];
  double number;
  in_folder(path, "given.h5");
  write_run(path, "output");
  estimate(path, false);
  /* epoch 1, layer 1: T = 0, 0, 1, 2; H(T) = 1.5, I(T;Y) = 1/2 of 1 bit */
  CHECK_NEAR(at(path, "exact", "ixt_given_y", 1, 0), 1, 1e-14);
  CHECK_NEAR(at(path, "exact", "ixt_fraction", 1, 0), 0.75, 1e-14);
  CHECK_NEAR(at(path, "exact", "ity_fraction", 1, 0), 0.5, 1e-14);
  attribute(path, "exact", "hx_bits", &number, text);
  CHECK_NEAR(number, 2, 1e-14);
  attribute(path, "exact", "hy_bits", &number, text);
  CHECK_NEAR(number, 1, 1e-14);
  double ixt = at(path, "kde_upper", "ixt_raw", 1, 0), ity = at(path, "kde_upper", "ity_raw", 1, 0);
  CHECK_NEAR(at(path, "kde_upper", "ixt_given_y", 1, 0), ixt - ity, 1e-14);
  CHECK_NEAR(at(path, "kde_upper", "ixt_fraction", 1, 0), ixt / 2, 1e-14);
  assert_true(isnan(at(path, "renyi:x=index", "ixt_given_y", 1, 0)));
  attribute(path, "renyi:x=index", "missing_ixt_given_y_reason", &number, text);
  if (!strstr(text, "no chain rule")) fail_msg("reason: %s", text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lost_predictions_are_series_of_bins_and_flagged),
      cmocka_unit_test(without_an_output_layer_the_reason_is_there),
      cmocka_unit_test(nobody_who_does_not_ask_has_the_series),
      cmocka_unit_test(conditional_information_and_fractions_are_series),
  };
  return cmocka_run_group_tests_name("run/prediction", tests, NULL, remove_folder);
}
