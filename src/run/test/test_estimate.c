#include "base/stop.h"
#include "estimator/estimator.h"
#include "run/test/hand.h"

static void make_run(const char *path, const char *set)
{
  ip_experiment *point = point_of(SMALL, set, NULL);
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  ip_experiment_destroy(&point);
}

static ip_estimate_options options(size_t n, const char *const *spec, size_t n_threads)
{
  return (ip_estimate_options){.n_estimators = n, .estimator = spec, .seed = 1, .n_threads = n_threads, .level = 0.95};
}

static void every_layer_and_epoch_has_the_estimate_of_its_activations(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "each.h5");
  make_run(path, NULL);
  ip_run *r = open_run(path);
  const ip_run_head *h = ip_run_head_of(r);
  double ixt[15], ity[15];
  ip_estimator *e;
  ip_scratch *sc;
  CHECK_OK(ip_estimator_create("width:size=0.07", 1, &e));
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_series(r, ip_estimator_label(e), "ixt", ixt));
  CHECK_OK(ip_run_read_series(r, ip_estimator_label(e), "ity", ity));
  for (size_t at = 0; at < 15; at++) {
    float t[4096 * 5];
    size_t k = at % 3;
    CHECK_OK(ip_run_read_activation(r, k, at / 3, t));
    ip_samples s = {.n = h->n, .width = h->layer[k].width, .t = t, .n_x = h->n_x, .x_id = h->x_id, .n_y = 2, .y = h->y};
    ip_estimate out;
    CHECK_OK(ip_estimator_run(e, &s, sc, &out));
    assert_true(ixt[at] == out.ixt_bits && ity[at] == out.ity_bits);
  }
  ip_scratch_destroy(&sc);
  ip_estimator_destroy(&e);
  ip_run_close(&r);
}

static void threads_do_not_change_a_bit(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_width:range=run", "edges"};
  char path[128];
  in_folder(path, "threads.h5");
  make_run(path, NULL);
  double one[15], three[15];
  for (size_t n = 1; n <= 3; n += 2) {
    ip_estimate_options opt = options(2, spec, n);
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    ip_run *r = open_run(path);
    CHECK_OK(ip_run_read_series(r, spec[0], "ixt", n == 1 ? one : three));
    ip_run_close(&r);
  }
  assert_memory_equal(one, three, sizeof one);
}

/* gaussian takes the noise that the network was trained with, whoever else is estimated; noisy needs it, and has
 * nothing to say of the output, which has none. */
static void estimates_do_not_depend_on_the_other_estimators(void **state)
{
  (void)state;
  static const char *const spec[] = {"gaussian", "noisy:draws=1"};
  char path[128];
  in_folder(path, "beside.h5");
  make_run(path, "network.noise_variance=0.1");
  double alone[15], beside[15], noisy[15];
  for (size_t n = 1; n <= 2; n++) {
    ip_estimate_options opt = options(n, spec, 1);
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    ip_run *r = open_run(path);
    CHECK_OK(ip_run_read_series(r, spec[0], "ixt", n == 1 ? alone : beside));
    if (n == 2) CHECK_OK(ip_run_read_series(r, spec[1], "ixt", noisy));
    ip_run_close(&r);
  }
  for (size_t at = 0; at < 15; at++) assert_true(at % 3 == 2 ? isnan(noisy[at]) : noisy[at] > 0);
  assert_memory_equal(alone, beside, sizeof alone);
}

static void a_request_to_stop_leaves_the_file_as_it_was(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_mass", "kde_upper", "kde_lower"};
  char path[128];
  in_folder(path, "stopped.h5");
  make_run(path, NULL);
  ip_estimate_options opt = options(3, spec, 2);
  ip_stop_set(true);
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_ESTOPPED, "stopped on request");
  ip_stop_set(false);
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_information(r), 2);
  ip_run_close(&r);
}

static void new_estimators_join_those_already_there(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_mass"};
  char path[128];
  in_folder(path, "join.h5");
  make_run(path, NULL);
  ip_estimate_options opt = options(1, spec, 1);
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_information(r), 3);
  double ixt[15];
  CHECK_OK(ip_run_read_series(r, "equal_mass", "ixt", ixt));
  for (size_t i = 0; i < 15; i++) assert_true(ixt[i] >= 0 && ixt[i] <= 12);
  ip_run_close(&r);
}

/* Hidden layers have noise, the output has none: estimators of noisy units give no number there and raise no flag. */
static void estimators_of_noisy_units_leave_out_layers_without_noise(void **state)
{
  (void)state;
  static const char *const spec[] = {"noisy:draws=1", "kde_lower:noise=network", "kde_upper:noise=network"};
  char path[128];
  double v[3][15], dpi[15];
  in_folder(path, "noisy.h5");
  make_run(path, "network.noise_variance=0.05");
  ip_estimate_options opt = options(3, spec, 2);
  opt.null_shuffles = 1;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path);
  for (size_t i = 0; i < 3; i++) {
    CHECK_OK(ip_run_read_series(r, spec[i], "ixt", v[i]));
    CHECK_OK(ip_run_read_series(r, spec[i], "dpi", dpi));
    for (size_t at = 0; at < 15; at++) {
      bool noise_counts = i == 1 && at % 3 == 1; /* a lower bound cannot leave out the noise of the first layer */
      assert_true(at % 3 == 2 || noise_counts ? isnan(v[i][at]) : v[i][at] > 0);
      assert_true(at % 3 != 2 || dpi[at] == 0);
    }
  }
  for (size_t at = 0; at < 15; at++) assert_true(at % 3 == 2 || v[0][at] <= v[2][at]);
  for (size_t at = 0; at < 15; at += 3) assert_true(v[1][at] <= v[0][at]);
  ip_run_close(&r);
  in_folder(path, "still.h5");
  make_run(path, NULL);
  opt = options(1, spec, 1);
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL, "needs a network trained with noise on its units");
}

static void a_layer_above_its_input_is_flagged_and_one_at_the_limit_too(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "flags.h5");
  make_run(path, NULL);
  ip_run *r = open_run(path);
  double ixt[15], ity[15], dpi[15], saturated[15];
  CHECK_OK(ip_run_read_series(r, "edges", "ixt", ixt));
  CHECK_OK(ip_run_read_series(r, "edges", "ity", ity));
  CHECK_OK(ip_run_read_series(r, "edges", "dpi", dpi));
  CHECK_OK(ip_run_read_series(r, "edges", "saturated", saturated));
  for (size_t at = 0; at < 15; at++) {
    assert_true(saturated[at] == (ixt[at] >= 0.99 * 12));
    if (at % 3 == 0) assert_true(dpi[at] == 0);
  }
  ip_run_close(&r);
}

static const char *text_attribute(const ip_information *info, const char *name)
{
  for (size_t i = 0; i < info->n_attributes; i++)
    if (!strcmp(info->attribute[i].name, name)) return info->attribute[i].text;
  return NULL;
}

/* 5, 3 and 2 units of 4096 inputs that occur once each: no interval of I(X;T); of I(T;Y) where three bins leave enough
 * samples to each. The null of I(T;Y) goes with every estimator. */
static void intervals_and_nulls_are_recorded_or_their_refusal_is(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges:count=2", "kde_upper"};
  char path[128];
  in_folder(path, "trust.h5");
  make_run(path, "log.list=[0, 12]");
  ip_estimate_options opt = options(2, spec, 2);
  opt.bootstrap = 30;
  opt.null_shuffles = 3;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path);
  ip_scratch *sc;
  ip_information info;
  double v[6], low[6], high[6];
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_information(r, "edges:count=2", sc, &info));
  assert_non_null(strstr(text_attribute(&info, "missing_ixt_interval_reason"), "every input occurs once"));
  assert_null(text_attribute(&info, "missing_ity_interval_reason"));
  assert_string_equal(text_attribute(&info, "bootstrap"), "30");
  assert_string_equal(text_attribute(&info, "level"), "0.95");
  CHECK_OK(ip_run_read_series(r, "edges:count=2", "ity", v));
  CHECK_OK(ip_run_read_series(r, "edges:count=2", "ity_low", low));
  CHECK_OK(ip_run_read_series(r, "edges:count=2", "ity_high", high));
  for (size_t at = 0; at < 6; at++) assert_true(0 <= low[at] && low[at] <= high[at] && low[at] <= v[at] + 0.02);
  CHECK_OK(ip_run_read_series(r, "edges:count=2", "ixt_low", low));
  for (size_t at = 0; at < 6; at++) assert_true(isnan(low[at]));
  CHECK_OK(ip_run_read_information(r, "kde_upper", sc, &info));
  assert_non_null(strstr(text_attribute(&info, "missing_ity_interval_reason"), "distances"));
  CHECK_OK(ip_run_read_series(r, "kde_upper", "ity_null_mean", low));
  CHECK_OK(ip_run_read_series(r, "kde_upper", "ity_null_high", high));
  for (size_t at = 0; at < 6; at++) assert_true(0 <= low[at] && low[at] <= high[at] && high[at] <= 1);
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
}

static void a_file_without_activations_is_refused_and_left_alone(void **state)
{
  (void)state;
  static const char *const spec[] = {"equal_mass"};
  char path[128];
  in_folder(path, "none.h5");
  make_run(path, "log.keep=none");
  ip_estimate_options opt = options(1, spec, 1);
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EFORMAT, "log.keep");
  ip_run *r = open_run(path);
  assert_false(ip_run_has_activations(r));
  assert_int_equal(ip_run_n_information(r), 2);
  ip_run_close(&r);
}

/* Writes a run file by hand, with one activation that is not a number. The other epoch and layer keep their estimates;
 * with nothing else in the file, no group is written. */
static void a_value_that_is_no_number_costs_its_layer_and_epoch_only(void **state)
{
  (void)state;
  static const char *const spec[] = {"edges", "kde_upper"}, *const measure[] = {"geometry"};
  static const uint32_t x_id[4] = {0, 1, 2, 3};
  static const int32_t y[4] = {0, 1, 0, 1};
  static const char *const no_metric[1] = {"train/loss"};
  ip_run_layer layer[2] = {{.kind = "hidden", .activation = "tanh", .width = 2},
                           {.kind = "output", .activation = "softmax", .width = 2}};
  ip_run_head head = head_by_hand(4, x_id, 2, y, 2, layer);
  head.n_metrics = 1;
  head.metric = no_metric;
  float fine[8] = {0, 0.5F, 1, -1, 0.25F, 0.5F, 0.1F, 0.3F}, bad[8] = {0, 0, 0, 0, 0, NAN, 0, 0};
  const float *t0[2] = {fine, fine}, *t7[2] = {fine, bad};
  double loss = 1;
  char path[128];
  in_folder(path, "nan.h5");
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  ip_snapshot s = {.epoch = 0, .metric = &loss, .t = t0, .next_epoch = 1};
  CHECK_OK(ip_run_writer_append(w, &s));
  s = (ip_snapshot){.epoch = 7, .metric = &loss, .t = t7, .next_epoch = 8};
  CHECK_OK(ip_run_writer_append(w, &s));
  ip_run_end end = {.status = "done", .reason = ""};
  CHECK_OK(ip_run_writer_end(w, &end));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
  ip_estimate_options opt = options(2, spec, 2);
  opt.n_measures = 1;
  opt.measure = measure;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  for (size_t i = 0; i < 2; i++) {
    double v[4];
    series_of(path, spec[i], "ixt", v);
    for (size_t at = 0; at < 4; at++) assert_true(at == 3 ? isnan(v[at]) : v[at] > 0);
    check_reason(path, spec[i], "ixt", "layer 2: epoch 7: activation of unit 1, sample 2: got NaN");
    check_reason(path, spec[i], "ity", "epoch 7");
  }
  const ip_snapshot bad_only = {.epoch = 0, .metric = &loss, .t = (const float *const[]){bad, bad}, .next_epoch = 1};
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  CHECK_OK(ip_run_writer_append(w, &bad_only));
  CHECK_OK(ip_run_writer_end(w, &end));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL, "edges: epoch 0: activation of unit 1, sample 2: got NaN");
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_information(r), 0);
  ip_run_close(&r);
}

static void a_finished_point_is_kept_and_new_estimators_need_no_training(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "point.h5");
  ip_experiment *point = point_of(SMALL, NULL, NULL), *other = point_of(SMALL, "estimators=[equal_mass]", NULL),
                *stale = point_of(SMALL, "training.epochs=13", NULL);
  ip_point_state is;
  CHECK_OK(ip_run_point_state(point, path, &is));
  assert_int_equal(is, IP_POINT_NEW);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_run_point_state(point, path, &is));
  assert_int_equal(is, IP_POINT_PARTIAL);
  CHECK_OK(ip_run_point(point, path, 1, NULL));
  CHECK_OK(ip_run_point_state(point, path, &is));
  assert_int_equal(is, IP_POINT_DONE);
  CHECK_OK(ip_run_point_state(other, path, &is));
  assert_int_equal(is, IP_POINT_ESTIMATE);
  CHECK_OK(ip_run_point_state(stale, path, &is));
  assert_int_equal(is, IP_POINT_STALE);
  CHECK_OK(ip_run_point(other, path, 1, NULL));
  CHECK_OK(ip_run_point_state(other, path, &is));
  assert_int_equal(is, IP_POINT_DONE);
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&other);
  ip_experiment_destroy(&stale);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_layer_and_epoch_has_the_estimate_of_its_activations),
      cmocka_unit_test(threads_do_not_change_a_bit),
      cmocka_unit_test(estimates_do_not_depend_on_the_other_estimators),
      cmocka_unit_test(a_request_to_stop_leaves_the_file_as_it_was),
      cmocka_unit_test(new_estimators_join_those_already_there),
      cmocka_unit_test(estimators_of_noisy_units_leave_out_layers_without_noise),
      cmocka_unit_test(a_layer_above_its_input_is_flagged_and_one_at_the_limit_too),
      cmocka_unit_test(intervals_and_nulls_are_recorded_or_their_refusal_is),
      cmocka_unit_test(a_file_without_activations_is_refused_and_left_alone),
      cmocka_unit_test(a_value_that_is_no_number_costs_its_layer_and_epoch_only),
      cmocka_unit_test(a_finished_point_is_kept_and_new_estimators_need_no_training),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
