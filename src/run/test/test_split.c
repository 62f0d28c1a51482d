/* test_split.c - estimates from the samples of one side of the split, or from a subset. */
#include "measure/test/inputs.h"
#include "run/choose.h"
#include "run/test/hand.h"

enum { N = 60, N_TEST = 15, N_EPOCHS = 2, N_LAYERS = 2, WIDTH = 4, N_OUT = 3 };

/* Which of the 60 samples a file holds, in the file's order. */
typedef struct {
  size_t n, row[N];
} rows;

static bool is_test(size_t i)
{
  return i % 4 == 3;
}

static rows rows_of(const char *which)
{
  rows r = {0};
  for (size_t i = 0; i < N; i++)
    if (!strcmp(which, "all") || is_test(i) == !strcmp(which, "test")) r.row[r.n++] = i;
  return r;
}

/* Epoch 0: u and the output; epoch 1: t, which has twice the range on training samples, and the output. */
static void write_run(const char *path, rows r)
{
  const formula_data *d = data_by_formula();
  static uint8_t split[N];
  static float x[N * 2], t[N_EPOCHS][N * WIDTH], out[N * N_OUT];
  static uint32_t x_id[N];
  static int32_t y[N];
  for (size_t i = 0; i < r.n; i++) {
    size_t from = r.row[i];
    x_id[i] = (uint32_t)i;
    y[i] = d->y2[from];
    split[i] = is_test(from);
    memcpy(x + 2 * i, d->x + 2 * from, 2 * sizeof *x);
    memcpy(t[0] + WIDTH * i, d->u + WIDTH * from, WIDTH * sizeof(float));
    for (size_t j = 0; j < WIDTH; j++) t[1][WIDTH * i + j] = d->t[WIDTH * from + j] * (is_test(from) ? 1 : 2);
    memcpy(out + N_OUT * i, d->out + N_OUT * from, N_OUT * sizeof *out);
  }
  ip_run_layer layer[N_LAYERS] = {{.kind = "hidden", .activation = "relu", .width = WIDTH},
                                  {.kind = "output", .activation = "softmax", .width = N_OUT}};
  ip_run_head head = head_by_hand(r.n, x_id, 3, y, N_LAYERS, layer);
  head.split = split;
  head.n_in = 2, head.x = x;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(path, &head, &w));
  for (size_t e = 0; e < N_EPOCHS; e++) {
    const float *layers[] = {t[e], out};
    CHECK_OK(ip_run_writer_append(w, &(ip_snapshot){.epoch = (int64_t)e, .t = layers, .next_epoch = (int64_t)e + 1}));
  }
  CHECK_OK(ip_run_writer_end(w, &(ip_run_end){.status = "done", .reason = ""}));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(path, true));
}

static const char *const splits[] = {"all", "train", "test"};
enum { N_SPLITS = 3 };

static double first(const char *path, const char *group, const char *series)
{
  double v[N_EPOCHS * N_LAYERS];
  series_of(path, group, series, v);
  return v[0];
}

static void both_sides_and_their_union_have_the_values_of_the_reference(void **state)
{
  (void)state;
  static const char *const spec[] = {"width:size=0.5"};
  static const char *const group[N_SPLITS] = {"width:size=0.5", "width:size=0.5@train", "width:size=0.5@test"};
  const double ixt[N_SPLITS] = {3.544316, 3.522890, 3.056565}, ity[N_SPLITS] = {1.070518, 1.216296, 1.248604};
  char path[128];
  in_folder(path, "values.h5");
  write_run(path, rows_of("all"));
  ip_estimate_options opt = estimators(1, spec);
  opt.n_splits = N_SPLITS, opt.split = splits;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  for (size_t s = 0; s < N_SPLITS; s++) {
    CHECK_NEAR(first(path, group[s], "ixt"), ixt[s], 5e-7);
    CHECK_NEAR(first(path, group[s], "ity"), ity[s], 5e-7);
    assert_string_equal(ip_run_split_of(group[s]), splits[s]);
  }
  ip_run *r = open_run(path);
  assert_int_equal(ip_run_n_estimated(r, group[0]), N);
  assert_int_equal(ip_run_n_estimated(r, group[1]), N - N_TEST);
  assert_int_equal(ip_run_n_estimated(r, group[2]), N_TEST);
  ip_run_close(&r);
}

/* ---------------------------------------------------------------- as a file of these samples alone */

static const char *const all_specs[] = {"width:size=0.5",     "edges",     "equal_width:bins=4:range=run",
                                        "equal_width:bins=9", "kde_upper", "ksg",
                                        "mixture_ksg",        "gaussian",  "exact"};
static const char *const all_measures[] = {"geometry", "hsic", "invariants", "probe", "knn_probe"};
enum { N_SPECS = sizeof all_specs / sizeof *all_specs, N_MEASURES = 3, N_WITH_PROBES = 5 };

static ip_estimate_options everything(void)
{
  ip_estimate_options opt = estimators(N_SPECS, all_specs);
  opt.n_measures = N_MEASURES, opt.measure = all_measures;
  opt.bootstrap = 5, opt.null_shuffles = 3, opt.bin_loss = true;
  return opt;
}

static void check_same_group(const ip_information *a, const ip_information *b)
{
  assert_int_equal(a->n_series, b->n_series);
  assert_int_equal(a->n_attributes, b->n_attributes);
  for (size_t s = 0; s < a->n_series; s++) {
    assert_string_equal(a->series[s], b->series[s]);
    if (memcmp(a->value[s], b->value[s], N_EPOCHS * N_LAYERS * sizeof(double)))
      fail_msg("%s/%s differs from %s: %.17g, %.17g", a->estimator, a->series[s], b->estimator, a->value[s][0],
               b->value[s][0]);
  }
  for (size_t i = 0; i < a->n_attributes; i++) {
    assert_string_equal(a->attribute[i].name, b->attribute[i].name);
    if (strcmp(a->attribute[i].name, "split")) assert_string_equal(a->attribute[i].text, b->attribute[i].text);
  }
}

static void check_same(const char *whole, const char *side, const char *split, size_t n_measures)
{
  ip_run *a = open_run(whole), *b = open_run(side);
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  assert_int_equal(ip_run_n_information(b), N_SPECS);
  assert_int_equal(ip_run_n_measures(b), n_measures);
  for (size_t i = 0; i < N_SPECS + n_measures; i++) {
    ip_information x, y;
    bool is_measure = i >= N_SPECS;
    const char *name, *label = is_measure ? ip_run_measure_name(b, i - N_SPECS) : ip_run_information_name(b, i);
    CHECK_OK(ip_run_name_group(label, split, sc, &name));
    CHECK_OK((is_measure ? ip_run_read_measure : ip_run_read_information)(a, name, sc, &x));
    CHECK_OK((is_measure ? ip_run_read_measure : ip_run_read_information)(b, label, sc, &y));
    check_same_group(&x, &y);
  }
  ip_scratch_destroy(&sc);
  ip_run_close(&a);
  ip_run_close(&b);
}

static void a_side_has_what_a_file_of_its_samples_alone_has(void **state)
{
  (void)state;
  char whole[128], side[128];
  ip_estimate_options opt = everything();
  in_folder(whole, "whole.h5");
  write_run(whole, rows_of("all"));
  opt.n_splits = 2, opt.split = splits + 1;
  CHECK_OK(ip_run_estimate(whole, &opt, NULL));
  for (size_t s = 1; s < N_SPLITS; s++) {
    opt.n_splits = 0;
    in_folder(side, splits[s]);
    write_run(side, rows_of(splits[s]));
    CHECK_OK(ip_run_estimate(side, &opt, NULL));
    check_same(whole, side, splits[s], N_MEASURES);
  }
}

static ip_sample_source both_sides(void)
{
  static uint8_t split[N];
  for (size_t i = 0; i < N; i++) split[i] = is_test(i);
  return (ip_sample_source){N, 3, data_by_formula()->y2, split};
}

static void a_subset_has_what_a_file_of_its_samples_alone_has(void **state)
{
  (void)state;
  char whole[128], alone[128];
  ip_sample_source source = both_sides();
  rows some = {0};
  ip_scratch *sc;
  uint32_t *row;
  ip_estimate_options opt = everything();
  opt.samples = 24, opt.n_measures = N_WITH_PROBES;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_sample_choose(&source, &(ip_sample_rule){IP_LOG_ALL, 24, true, opt.seed}, sc, &some.n, &row));
  for (size_t i = 0; i < some.n; i++) some.row[i] = row[i];
  ip_scratch_destroy(&sc);
  in_folder(whole, "all.h5");
  in_folder(alone, "some.h5");
  write_run(whole, rows_of("all"));
  write_run(alone, some);
  CHECK_OK(ip_run_estimate(whole, &opt, NULL));
  CHECK_OK(ip_run_estimate(alone, &opt, NULL));
  check_same(whole, alone, "all", N_WITH_PROBES);
}

static void a_side_without_samples_has_no_values_and_says_why(void **state)
{
  (void)state;
  static const char *const spec[] = {"width:size=0.5"}, *const measure[] = {"geometry"};
  char path[128];
  double v[N_EPOCHS * N_LAYERS];
  in_folder(path, "one-side.h5");
  write_run(path, rows_of("train"));
  ip_estimate_options opt = estimators(1, spec);
  opt.n_measures = 1, opt.measure = measure;
  opt.n_splits = N_SPLITS, opt.split = splits;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  series_of(path, "width:size=0.5@test", "ixt", v);
  for (size_t i = 0; i < N_EPOCHS * N_LAYERS; i++) assert_true(isnan(v[i]));
  check_reason(path, "width:size=0.5@test", "ixt", "fewer than 2 test samples");
  check_reason(path, "width:size=0.5@train", "ixt", "");
  assert_true(first(path, "width:size=0.5@train", "ixt") == first(path, "width:size=0.5", "ixt"));
  opt.n_splits = 1, opt.split = splits + 2;
  CHECK_FAILS(ip_run_estimate(path, &opt, NULL), IP_EINVAL, "width:size=0.5@test: fewer than 2 test samples");
}

/* Two samples of a side are enough, one is not. */
static void two_samples_of_a_side_are_enough(void **state)
{
  (void)state;
  static const char *const spec[] = {"width:size=0.5"};
  char path[128];
  double v[N_EPOCHS * N_LAYERS];
  in_folder(path, "few.h5");
  for (size_t n = 1; n <= 2; n++) {
    rows r = rows_of("train"), test = rows_of("test");
    for (size_t i = 0; i < n; i++) r.row[r.n++] = test.row[i];
    write_run(path, r);
    ip_estimate_options opt = estimators(1, spec);
    opt.n_splits = N_SPLITS, opt.split = splits;
    CHECK_OK(ip_run_estimate(path, &opt, NULL));
    series_of(path, "width:size=0.5@test", "ixt", v);
    for (size_t i = 0; i < N_EPOCHS * N_LAYERS; i++) assert_true(isnan(v[i]) == (n < 2));
    check_reason(path, "width:size=0.5@test", "ixt", n < 2 ? "fewer than 2 test samples" : "");
  }
}

/* A probe is fitted on the training samples and evaluated on the test samples, whatever the split. */
static void a_measure_that_compares_the_sides_has_one_group_of_all_samples(void **state)
{
  (void)state;
  static const char *const measure[] = {"probe", "geometry"}, *const spec[] = {"exact"};
  char path[128], alone[128];
  double v[N_EPOCHS * N_LAYERS], w[N_EPOCHS * N_LAYERS];
  in_folder(path, "probe.h5");
  in_folder(alone, "probe-alone.h5");
  write_run(path, rows_of("all"));
  write_run(alone, rows_of("all"));
  ip_estimate_options opt = estimators(1, spec);
  opt.n_measures = 2, opt.measure = measure;
  CHECK_OK(ip_run_estimate(alone, &opt, NULL));
  opt.n_splits = 2, opt.split = splits + 1;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  ip_run *r = open_run(path), *a = open_run(alone);
  assert_int_equal(ip_run_n_information(r), 2);
  assert_int_equal(ip_run_n_measures(r), 3);
  bool found = false;
  for (size_t i = 0; i < 3; i++) found = found || !strcmp(ip_run_measure_name(r, i), "probe");
  assert_true(found);
  CHECK_OK(ip_run_read_measure_series(r, "probe", "v_information", v));
  CHECK_OK(ip_run_read_measure_series(a, "probe", "v_information", w));
  assert_memory_equal(v, w, sizeof v);
  ip_run_close(&r);
  ip_run_close(&a);
}

/* ---------------------------------------------------------------- subsets */

static void a_subset_has_as_many_training_as_test_samples_and_every_class_its_share(void **state)
{
  (void)state;
  const ip_sample_source source = both_sides();
  const struct {
    ip_sample_rule rule;
    size_t n_train, n_test;
  } cases[] = {
      {{IP_LOG_ALL, 0, true, 1}, 45, 15},   {{IP_LOG_ALL, 20, true, 1}, 10, 10},  {{IP_LOG_ALL, 21, false, 1}, 11, 10},
      {{IP_LOG_ALL, 40, true, 1}, 25, 15},  {{IP_LOG_ALL, 60, false, 1}, 45, 15}, {{IP_LOG_TRAIN, 8, true, 1}, 8, 0},
      {{IP_LOG_TRAIN, 40, true, 1}, 15, 0}, {{IP_LOG_TEST, 40, true, 1}, 0, 15},  {{IP_LOG_TRAIN, 40, false, 1}, 40, 0},
      {{IP_LOG_TEST, 8, true, 1}, 0, 8},
  };
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    size_t n, count[2] = {0}, of_class[2][3] = {{0}}, all[2][3] = {{0}};
    uint32_t *row;
    CHECK_OK(ip_sample_choose(&source, &cases[c].rule, sc, &n, &row));
    for (size_t i = 0; i < n; i++) {
      assert_true(!i || row[i] > row[i - 1]);
      count[source.split[row[i]]]++;
      of_class[source.split[row[i]]][source.y[row[i]]]++;
    }
    assert_int_equal(count[0], cases[c].n_train);
    assert_int_equal(count[1], cases[c].n_test);
    for (size_t i = 0; i < N; i++) all[source.split[i]][source.y[i]]++;
    for (size_t side = 0; side < 2; side++)
      for (size_t y = 0; y < 3; y++) {
        double share = (double)count[side] * (double)all[side][y] / (side ? 15 : 45);
        assert_true(fabs((double)of_class[side][y] - share) < 1);
      }
  }
  ip_scratch_destroy(&sc);
}

static void a_subset_depends_on_the_seed_alone(void **state)
{
  (void)state;
  const formula_data *d = data_by_formula();
  const ip_sample_source source = {N, 3, d->y2, NULL};
  ip_scratch *sc;
  uint32_t *a, *b, *c;
  size_t n_a, n_b, n_c;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_sample_choose(&source, &(ip_sample_rule){IP_LOG_ALL, 30, true, 7}, sc, &n_a, &a));
  CHECK_OK(ip_sample_choose(&source, &(ip_sample_rule){IP_LOG_TRAIN, 30, true, 7}, sc, &n_b, &b));
  CHECK_OK(ip_sample_choose(&source, &(ip_sample_rule){IP_LOG_ALL, 30, true, 8}, sc, &n_c, &c));
  assert_true(n_a == 30 && n_b == 30 && n_c == 30); /* without a split, all samples are training samples */
  assert_memory_equal(a, b, n_a * sizeof *a);
  assert_true(memcmp(a, c, n_a * sizeof *a) != 0);
  ip_scratch_destroy(&sc);
}

static void estimates_of_a_subset_count_its_samples(void **state)
{
  (void)state;
  static const char *const spec[] = {"exact"};
  char path[128];
  in_folder(path, "subset.h5");
  write_run(path, rows_of("all"));
  ip_estimate_options opt = estimators(1, spec);
  opt.n_splits = N_SPLITS, opt.split = splits, opt.samples = 8;
  CHECK_OK(ip_run_estimate(path, &opt, NULL));
  static const char *const group[N_SPLITS] = {"exact", "exact@train", "exact@test"};
  ip_run *r = open_run(path);
  for (size_t s = 0; s < N_SPLITS; s++) assert_int_equal(ip_run_n_estimated(r, group[s]), 8);
  ip_run_close(&r);
  for (size_t s = 0; s < N_SPLITS; s++) { /* all samples differ: the ceiling */
    double v[N_EPOCHS * N_LAYERS];
    series_of(path, group[s], "ixt", v);
    CHECK_NEAR(v[N_LAYERS], 3, 1e-14);
    series_of(path, group[s], "saturated", v);
    assert_true(v[N_LAYERS] == 1);
  }
}

static void a_log_of_so_many_samples_has_half_of_each_side(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "log.h5");
  train_to(path, SMALL, "log.max_samples=101");
  ip_run *r = open_run(path);
  const ip_run_head *h = ip_run_head_of(r);
  size_t n_test = 0;
  for (size_t i = 0; i < h->n; i++) n_test += h->split[i];
  assert_int_equal(h->n, 101);
  assert_int_equal(n_test, 50);
  assert_int_equal(h->n_x, 101); /* distinct inputs are numbered among these */
  ip_run_close(&r);
}

/* The logged activations of a sample are the same whatever else is logged. */
static void a_smaller_log_has_rows_of_the_full_one(void **state)
{
  (void)state;
  enum { WIDE = 5, FULL = 4096, FEW = 64 };
  char full[128], few[128];
  static float all[FULL * WIDE], some[FEW * WIDE];
  in_folder(full, "full.h5");
  in_folder(few, "few.h5");
  train_to(full, SMALL, NULL);
  train_to(few, SMALL, "log.max_samples=64");
  ip_run *a = open_run(full), *b = open_run(few);
  CHECK_OK(ip_run_read_activation(a, 0, 4, all));
  CHECK_OK(ip_run_read_activation(b, 0, 4, some));
  size_t at = 0;
  for (size_t i = 0; i < FEW; i++) {
    while (at < FULL && memcmp(all + at * WIDE, some + i * WIDE, WIDE * sizeof *all)) at++;
    assert_true(at < FULL);
  }
  ip_run_close(&a);
  ip_run_close(&b);
}

/* Whichever allocation fails, and one of an estimate among them. */
static void a_failure_names_the_file_and_the_side(void **state)
{
  (void)state;
  static const char *const spec[] = {"width:size=0.5"}, *const side[] = {"all", "train"};
  char path[128], text[200];
  in_folder(path, "failure.h5");
  write_run(path, rows_of("all"));
  for (size_t i = 0; i < 2; i++) {
    ip_estimate_options opt = estimators(1, spec);
    opt.n_splits = 1;
    opt.split = &side[i];
    size_t n_named = 0;
    ip_status st = IP_ENOMEM;
    snprintf(text, sizeof text, i ? "%s, of its train samples: " : "%s: ", path);
    for (size_t k = 1; st != IP_OK && !n_named; k += 5) {
      ip_error_clear();
      ip_mem_fail_at(k);
      st = ip_run_estimate(path, &opt, NULL);
      ip_mem_fail_at(0);
      n_named += strncmp(ip_error_message(), text, strlen(text)) == 0;
    }
    assert_true(st == IP_ENOMEM && n_named);
  }
  ip_error_clear();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_sides_and_their_union_have_the_values_of_the_reference),
      cmocka_unit_test(a_side_has_what_a_file_of_its_samples_alone_has),
      cmocka_unit_test(a_subset_has_what_a_file_of_its_samples_alone_has),
      cmocka_unit_test(a_side_without_samples_has_no_values_and_says_why),
      cmocka_unit_test(two_samples_of_a_side_are_enough),
      cmocka_unit_test(a_measure_that_compares_the_sides_has_one_group_of_all_samples),
      cmocka_unit_test(a_subset_has_as_many_training_as_test_samples_and_every_class_its_share),
      cmocka_unit_test(a_subset_depends_on_the_seed_alone),
      cmocka_unit_test(estimates_of_a_subset_count_its_samples),
      cmocka_unit_test(a_log_of_so_many_samples_has_half_of_each_side),
      cmocka_unit_test(a_smaller_log_has_rows_of_the_full_one),
      cmocka_unit_test(a_failure_names_the_file_and_the_side),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
