/* What an estimator cannot estimate is NaN with its reason; what it clips keeps its raw value; the others go on. */
#include "run/reasons.h"
#include "run/test/hand.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { N = 40 };

static void fill(float *t, int32_t *y)
{
  for (size_t i = 0; i < N; i++) {
    t[i] = (float)(i * 7 % 13) / 6 - 1;
    y[i] = (int32_t)(i % 2);
  }
}

static void labels_that_are_all_different_have_no_neighbours(void **state)
{
  (void)state;
  static const char *const spec[] = {"ksg", "exact"};
  float t[N];
  int32_t y[N];
  double v;
  char path[128];
  fill(t, y);
  for (int32_t i = 0; i < N; i++) y[i] = i, t[i] = (float)sin(i);
  in_folder(path, "unique.h5");
  write_by_hand(path, (hand_run){.n = N, .width = 1, .n_epochs = 1, .t = t, .y = y, .n_classes = N, .n_in = 1, .x = t});
  ip_estimate_options opt = estimators(2, spec);
  opt.bootstrap = 5;
  opt.null_shuffles = 2;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, "ksg", "ixt", &v);
  assert_true(v > 1);
  series_of(path, "ksg", "ity", &v);
  assert_true(isnan(v));
  series_of(path, "ksg", "ity_null_mean", &v);
  assert_true(isnan(v));
  check_reason(path, "ksg", "ity", "alone in its class");
  check_reason(path, "ksg", "ixt", "");
  series_of(path, "exact", "ity", &v);
  CHECK_NEAR(v, log2(N), 1e-12);
}

static void a_regression_has_no_information_on_classes(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges", "kde_upper", "kde_lower", "ksg", "gaussian", "renyi"};
  float t[N];
  int32_t y[N] = {0};
  double v;
  char path[128];
  fill(t, y);
  memset(y, 0, sizeof y);
  in_folder(path, "regression.h5");
  write_by_hand(path, (hand_run){.n = N,
                                 .width = 1,
                                 .n_epochs = 1,
                                 .t = t,
                                 .y = y,
                                 .n_classes = 1,
                                 .n_in = 1,
                                 .x = t,
                                 .target = (const float[N]){3, 1, 4, 1, 5, 9, 2, 6}});
  ip_estimate_options opt = estimators(COUNT(spec), spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  for (size_t k = 0; k < COUNT(spec); k++) {
    series_of(path, spec[k], "ixt", &v);
    assert_true(v > 0);
    series_of(path, spec[k], "ity", &v);
    assert_true(k < 3 ? isnan(v) : v >= 0);
    check_reason(path, spec[k], "ity", k < 3 ? "knows classes only" : "");
  }
}

static void count_remarks(void *context, const char *estimator, const char *why)
{
  assert_string_equal(estimator, "kde_upper:noise=network");
  assert_non_null(strstr(why, "needs a network trained with noise"));
  ++*(size_t *)context;
}

static void one_that_cannot_run_leaves_the_others_alone(void **state)
{
  (void)state;
  static const char *const spec[] = {"kde_upper:noise=network", "edges", "ksg:k=39"};
  float t[2 * N];
  int32_t y[N];
  double v[6];
  char path[128];
  size_t n_remarks = 0;
  fill(t, y);
  fill(t + N, y);
  in_folder(path, "others.h5");
  write_by_hand(
      path,
      (hand_run){.n = N, .width = 1, .n_epochs = 2, .n_layers = 3, .t = t, .y = y, .n_classes = 2, .n_in = 1, .x = t});
  ip_estimate_options opt = estimators(3, spec);
  opt.bootstrap = 2;
  opt.null_shuffles = 1;
  opt.remark = count_remarks;
  opt.remark_context = &n_remarks;
  ip_error_clear();
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  assert_string_equal(ip_error_message(), "");
  assert_int_equal(n_remarks, 1);
  static const char *const all_nan[] = {"ixt",      "ity",     "ixt_raw",  "ity_raw",       "ixt_low",
                                        "ixt_high", "ity_low", "ity_high", "ity_null_mean", "ity_null_high"};
  for (size_t k = 0; k < COUNT(all_nan); k++) {
    series_of(path, spec[0], all_nan[k], v);
    for (size_t at = 0; at < 6; at++) assert_true(isnan(v[at]));
  }
  series_of(path, spec[0], "ixt_interval_missing", v);
  for (size_t at = 0; at < 6; at++) assert_true(v[at] == 1);
  series_of(path, spec[1], "ixt", v);
  for (size_t at = 0; at < 6; at++) assert_true(v[at] > 0);
  check_reason(path, spec[1], "ixt", "");
  opt = estimators(1, spec);
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL, "kde_upper:noise=network: needs a network");
}

/* The output of a network with noise has none of its own: its layer is named. */
static void the_reason_names_the_layers(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "layers.h5");
  ip_experiment *point = point_of(SMALL, "network.noise_variance=0.1", "estimators=['kde_upper:noise=network']");
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  ip_experiment_destroy(&point);
  check_reason(path, "kde_upper:noise=network", "ixt", "layer 3: needs a network trained with noise");
}

/* 64 values of 100 samples: corrected entropies of T given Y add up to more than that of T. */
static void a_clipped_estimate_keeps_its_raw_value(void **state)
{
  (void)state;
  static const char *const spec[] = {"exact:correction=chao_shen", "exact"};
  float t[N];
  int32_t y[N];
  uint32_t x_id[N];
  double ixt, raw, clipped;
  char path[128];
  fill(t, y);
  for (uint32_t i = 0; i < N; i++) {
    x_id[i] = i / 2;
    t[i] = (float)i; /* every sample a value of its own: chao_shen finds far more than log2 N */
  }
  in_folder(path, "clipped.h5");
  write_by_hand(path, (hand_run){.n = N, .width = 1, .n_epochs = 1, .t = t, .y = y, .x_id = x_id, .n_classes = 2});
  ip_estimate_options opt = estimators(2, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, spec[0], "ity", &ixt);
  series_of(path, spec[0], "ity_raw", &raw);
  series_of(path, spec[0], "clipped", &clipped);
  assert_true(clipped == 1 && ixt >= 0 && ixt <= 1 && (raw < 0 || raw > 1));
  series_of(path, spec[1], "ity", &ixt);
  series_of(path, spec[1], "ity_raw", &raw);
  series_of(path, spec[1], "clipped", &clipped);
  assert_true(clipped == 0 && ixt == raw);
}

/* The largest activation of the run is in its last epoch, the smallest in its first. */
static void the_range_over_the_run_has_every_epoch(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_width:bins=2:range=run"};
  static const float t[3][4] = {{-4, -1, 0, 1}, {0, 1, 2, 3}, {-1, 3, 5, 8}}; /* bins [-4, 2) and [2, 8] */
  static const int32_t y[4] = {0, 1, 0, 1};
  double ixt[3];
  char path[128];
  in_folder(path, "range.h5");
  write_by_hand(path, (hand_run){.n = 4, .width = 1, .n_epochs = 3, .t = t[0], .y = y, .n_classes = 2});
  ip_estimate_options opt = estimators(1, spec);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, spec[0], "ixt", ixt);
  assert_true(ixt[0] == 0);
  CHECK_NEAR(ixt[1], 1, 1e-12);
  CHECK_NEAR(ixt[2], 2 - 0.75 * log2(3), 1e-12);
}

static void memory_that_runs_out_anywhere_is_reported_and_nothing_is_lost(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_width:range=run", "kde_upper", "kde_lower", "noisy"};
  float t[2 * N];
  int32_t y[N];
  char path[128];
  fill(t, y);
  fill(t + N, y);
  in_folder(path, "memory.h5");
  write_by_hand(path, (hand_run){.n = N, .width = 1, .n_epochs = 2, .t = t, .y = y, .n_classes = 2});
  ip_estimate_options opt = estimators(COUNT(spec), spec);
  opt.bootstrap = 2;
  opt.null_shuffles = 1;
  CHECK_EVERY_ALLOCATION(ip_run_estimate(path, &opt, NULL), (void)0);
}

typedef struct {
  size_t n;
  char said[600];
} notes;

static notes heard;

static void hear(const char *path, const char *of, const char *text)
{
  assert_non_null(strstr(path, "diverged.h5"));
  heard.n++;
  snprintf(heard.said, sizeof heard.said, "%s: %s", of, text);
}

/* A network that diverged has no estimates from then on: one note says where, and the others are numbers. */
static void activations_that_are_not_finite_are_noted_once(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges", "ksg"};
  float t[3 * N];
  int32_t y[N];
  double v[3];
  char path[128];
  for (size_t e = 0; e < 3; e++) fill(t + e * N, y);
  t[N + 7] = NAN;
  t[2 * N + 3] = INFINITY;
  in_folder(path, "diverged.h5");
  write_by_hand(path, (hand_run){.n = N, .width = 1, .n_epochs = 3, .t = t, .y = y, .n_classes = 2, .n_in = 1, .x = t});
  ip_estimate_options opt = estimators(2, spec);
  opt.note = hear;
  heard = (notes){0};
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  assert_int_equal(heard.n, 1);
  assert_non_null(strstr(heard.said, "NaN in place of estimates: "));
  assert_non_null(strstr(heard.said, "sample 7"));
  for (size_t k = 0; k < COUNT(spec); k++) {
    series_of(path, spec[k], "ixt", v);
    assert_true(v[0] > 0 && isnan(v[1]) && isnan(v[2]));
  }
}

/* Threads find reasons in any order. */
static void the_reason_is_that_of_the_first_epoch(void **state)
{
  (void)state;
  ip_reason r[3] = {{0}};
  ip_scratch *sc;
  const char *text;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_reasons_text(r, 3, sc, &text));
  assert_null(text);
  ip_reason_set(&r[1], 5, "later");
  ip_reason_set(&r[1], 3, "first");
  ip_reason_set(&r[1], 3, "again");
  ip_reason_set(&r[1], 4, "between");
  ip_reason_set(&r[2], 0, "first");
  CHECK_OK(ip_reasons_text(r, 3, sc, &text));
  assert_string_equal(text, "layers 2, 3: first");
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(activations_that_are_not_finite_are_noted_once),
      cmocka_unit_test(the_reason_is_that_of_the_first_epoch),
      cmocka_unit_test(labels_that_are_all_different_have_no_neighbours),
      cmocka_unit_test(a_regression_has_no_information_on_classes),
      cmocka_unit_test(one_that_cannot_run_leaves_the_others_alone),
      cmocka_unit_test(the_reason_names_the_layers),
      cmocka_unit_test(a_clipped_estimate_keeps_its_raw_value),
      cmocka_unit_test(the_range_over_the_run_has_every_epoch),
      cmocka_unit_test(memory_that_runs_out_anywhere_is_reported_and_nothing_is_lost),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
