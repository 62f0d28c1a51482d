#include "measure/measure.h"
#include "run/test/hand.h"
#include "run/workspace.h"

enum { N = 12, N_EPOCHS = 3, N_LAYERS = 3 };
static const size_t width_of[N_LAYERS] = {4, 2, 3};

/* Activations that tell layer, epoch, sample and unit; those of the output have a largest unit, at some samples twice.
 */
static float unit(size_t k, size_t e, size_t i, size_t j)
{
  if (k + 1 < N_LAYERS) return (float)sin(1 + (double)(1000 * k + 100 * e + 10 * i + j));
  return (i + e) % 4 == 3 ? (j > 0) : (i + e) % 4 == j;
}

static int32_t predicted(size_t e, size_t i)
{
  size_t at = (i + e) % 4;
  return (int32_t)(at == 3 ? 1 : at); /* units 1 and 2 are equal at 3: the first of them */
}

typedef struct layers {
  float t[N_LAYERS][N * 4];
} layers;

static void write_run(const char *path, const char *output, size_t n_targets)
{
  static const uint8_t split[N] = {0, 0, 1, 0, 1, 0, 0, 1};
  static float target[N], x[N * 2];
  uint32_t x_id[N];
  int32_t y[N];
  for (size_t i = 0; i < N; i++) {
    x_id[i] = (uint32_t)i;
    y[i] = (int32_t)(i % 3);
    target[i] = (float)i;
    x[2 * i] = (float)i, x[2 * i + 1] = (float)(i * i);
  }
  ip_run_layer layer[N_LAYERS] = {{.kind = "hidden", .activation = "tanh", .width = width_of[0]},
                                  {.kind = "hidden", .activation = "tanh", .width = width_of[1]},
                                  {.kind = output, .activation = "softmax", .width = width_of[2]}};
  ip_run_head head = head_by_hand(N, x_id, 3, y, N_LAYERS, layer);
  head.split = split;
  head.n_in = 2, head.x = x;
  head.n_targets = n_targets, head.target = n_targets ? target : NULL;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    static layers v;
    const float *t[N_LAYERS];
    for (size_t k = 0; k < N_LAYERS; k++) {
      for (size_t i = 0; i < N * width_of[k]; i++) v.t[k][i] = unit(k, e, i / width_of[k], i % width_of[k]);
      t[k] = v.t[k];
    }
    CHECK_OK(ip_run_writer_append(w, &(ip_snapshot){.epoch = (int64_t)e, .t = t, .next_epoch = (int64_t)e + 1}));
  }
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

static void check_layer(const float *t, size_t k, size_t e)
{
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < width_of[k]; j++) assert_true(t[i * width_of[k] + j] == unit(k, e, i, j));
}

/* What a measure with `needs` gets of every layer and epoch, the epochs in any order. */
static void check_inputs(const char *path, unsigned needs, bool predicts)
{
  ip_estimate_options opt = {0};
  bool noisy[N_LAYERS] = {false};
  ip_run *r = open_run(path);
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  ip_estimation es = {.opt = &opt,
                      .run = r,
                      .lock = &lock,
                      .head = ip_run_head_of(r),
                      .n_epochs = N_EPOCHS,
                      .n_layers = N_LAYERS,
                      .max_width = 4,
                      .needs = needs,
                      .noisy = noisy};
  ip_workspace w;
  CHECK_OK(ip_workspace_open(&es, 1, &w));
  for (size_t step = 0; step < N_EPOCHS * N_LAYERS; step++) {
    size_t e = (2 * step / N_LAYERS) % N_EPOCHS, k = step % N_LAYERS;
    ip_samples s;
    ip_measure_input in;
    bool merged;
    CHECK_OK(ip_workspace_read(&es, e, k, &w, &s, &in, &merged));
    check_layer(in.s->t, k, e);
    assert_int_equal(in.next != NULL, needs & IP_NEEDS_NEXT && k + 1 < N_LAYERS);
    if (in.next) check_layer(in.next, k + 1, e);
    assert_int_equal(in.next_width, in.next ? width_of[k + 1] : 0);
    assert_int_equal(in.output != NULL, !!(needs & IP_NEEDS_OUTPUT));
    if (in.output) check_layer(in.output, N_LAYERS - 1, e);
    assert_int_equal(in.prediction != NULL, needs & IP_NEEDS_PREDICTION && predicts);
    for (size_t i = 0; in.prediction && i < N; i++) assert_int_equal(in.prediction[i], predicted(e, i));
    assert_int_equal(in.split != NULL, !!(needs & IP_NEEDS_SPLIT));
    if (in.split) assert_int_equal(in.split[2], 1);
  }
  ip_workspace_close(&w);
  ip_run_close(&r);
}

static void measures_get_what_they_need_and_no_more(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "needs.h5");
  write_run(path, "output", 0);
  for (unsigned needs = 0; needs < 2 * IP_NEEDS_PREDICTION; needs += IP_NEEDS_SPLIT) check_inputs(path, needs, true);
  in_folder(path, "targets.h5");
  write_run(path, "output", 1);
  check_inputs(path, IP_NEEDS_PREDICTION | IP_NEEDS_OUTPUT, false);
}

static void files_without_an_output_layer_have_no_prediction(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "no_output.h5");
  write_run(path, "hidden", 0);
  check_inputs(path, IP_NEEDS_NEXT, false);
  check_inputs(path, IP_NEEDS_PREDICTION, false);
}

/* Series of the file, in the order of the measure, with units and reasons, equal to the measure of the activations. */
static void every_series_is_that_of_the_activations(void **state)
{
  (void)state;
  static const char *const spec[] = {"geometry", "hsic:width=fixed"}, *const edges[] = {"edges"};
  char path[128];
  in_folder(path, "series.h5");
  write_run(path, "output", 0);
  ip_estimate_options opt = estimators(1, edges);
  opt.n_measures = 2, opt.measure = spec, opt.n_threads = 2;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path);
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_load_inputs(r));
  const ip_run_head *h = ip_run_head_of(r);
  assert_int_equal(ip_run_n_information(r), 1);
  assert_int_equal(ip_run_n_measures(r), 2);
  for (size_t m = 0; m < 2; m++) {
    ip_measure *measure;
    ip_information info;
    assert_string_equal(ip_run_measure_name(r, m), spec[m]);
    CHECK_OK(ip_measure_create(spec[m], 1, &measure));
    CHECK_OK(ip_run_read_measure(r, spec[m], sc, &info));
    assert_int_equal(info.n_series, ip_measure_n_series(measure));
    for (size_t at = 0; at < N_EPOCHS * N_LAYERS; at++) {
      float t[N * 4], next[N * 4];
      double value[16];
      const char *reason[16];
      size_t e = at / N_LAYERS, k = at % N_LAYERS;
      for (size_t i = 0; i < N * width_of[k]; i++) t[i] = unit(k, e, i / width_of[k], i % width_of[k]);
      bool has_next = k + 1 < N_LAYERS;
      for (size_t i = 0; has_next && i < N * width_of[k + 1]; i++)
        next[i] = unit(k + 1, e, i / width_of[k + 1], i % width_of[k + 1]);
      ip_samples s = {.n = N,
                      .width = width_of[k],
                      .t = t,
                      .n_x = N,
                      .x_id = h->x_id,
                      .n_in = 2,
                      .x = h->x,
                      .n_y = 3,
                      .y = h->y,
                      .activation = h->layer[k].activation};
      ip_measure_input in = {.s = &s, .next = has_next ? next : NULL, .next_width = has_next ? width_of[k + 1] : 0};
      CHECK_OK(ip_measure_run(measure, &in, sc, value, reason));
      for (size_t i = 0; i < info.n_series; i++) {
        const ip_measure_series *series = ip_measure_series_at(measure, i);
        assert_string_equal(info.series[i], series->name);
        assert_string_equal(info.unit[i], series->unit);
        assert_true(info.value[i][at] == value[i] || (isnan(info.value[i][at]) && reason[i]));
      }
    }
    ip_measure_destroy(&measure);
  }
  const char *why;
  CHECK_OK(ip_run_read_measure_no_value(r, "geometry", "cka_next", sc, &why));
  assert_string_equal(why, "layer 3: no layer follows the last one");
  CHECK_OK(ip_run_read_measure_no_value(r, "geometry", "cka_x", sc, &why));
  assert_string_equal(why, "");
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
}

/* Groups of measures are replaced one by one, and kept when the activations are dropped. */
static void measures_are_added_to_those_of_the_file(void **state)
{
  (void)state;
  static const char *const geometry[] = {"geometry"}, *const hsic[] = {"hsic"};
  char path[128];
  double rank[N_EPOCHS * N_LAYERS];
  in_folder(path, "added.h5");
  write_run(path, "output", 0);
  ip_estimate_options opt = {.n_measures = 1, .measure = geometry, .seed = 1, .n_threads = 1};
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  opt.measure = hsic, opt.drop_activations = true;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path);
  assert_false(ip_run_has_activations(r));
  assert_int_equal(ip_run_n_information(r), 0);
  assert_int_equal(ip_run_n_measures(r), 2);
  CHECK_OK(ip_run_read_measure_series(r, "geometry", "effective_rank", rank));
  for (size_t i = 0; i < N_EPOCHS * N_LAYERS; i++) assert_true(rank[i] >= 1);
  CHECK_OK(ip_run_read_measure_series(r, "geometry", "no such series", rank));
  assert_true(isnan(rank[0]));
  ip_scratch *sc;
  ip_information info;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_read_measure(r, "geometry", sc, &info));
  assert_string_equal(info.series[0], "nc1");
  assert_string_equal(info.unit[0], "1");
  CHECK_FAILS(ip_run_read_measure(r, "shape", sc, &info), IP_EINVAL, "no measure 'shape'; the file has geometry, hsic");
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
}

static void failing_allocations_leave_the_file_as_it_was(void **state)
{
  (void)state;
  static const char *const geometry[] = {"geometry"};
  char path[128];
  in_folder(path, "allocations.h5");
  write_run(path, "output", 0);
  ip_estimate_options opt = {.n_measures = 1, .measure = geometry, .seed = 1, .n_threads = 1};
  CHECK_EVERY_ALLOCATION(ip_run_estimate(path, &opt, NULL), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(measures_get_what_they_need_and_no_more),
      cmocka_unit_test(files_without_an_output_layer_have_no_prediction),
      cmocka_unit_test(every_series_is_that_of_the_activations),
      cmocka_unit_test(measures_are_added_to_those_of_the_file),
      cmocka_unit_test(failing_allocations_leave_the_file_as_it_was),
  };
  return cmocka_run_group_tests_name("run/measuring", tests, NULL, remove_folder);
}
