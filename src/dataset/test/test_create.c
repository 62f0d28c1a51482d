#include "base/test/check.h"
#include "dataset/dataset.h"
#include "dataset/identity.h"
#include "dataset/source.h"
#include "dataset/split.h"
#include "dataset/transform.h"

#include <math.h>
#include <string.h>

static ip_dataset *create(const ip_dataset_options *opt, uint64_t seed)
{
  ip_dataset *ds = NULL;
  CHECK_OK(ip_dataset_create(opt, seed, &ds));
  return ds;
}

static void the_same_seed_gives_the_same_split_and_another_one_another(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *a = create(&opt, 7), *b = create(&opt, 7), *c = create(&opt, 8);
  assert_memory_equal(a->split, b->split, a->n);
  assert_memory_not_equal(a->split, c->split, a->n);
  assert_string_equal(a->sha256, b->sha256);
  assert_string_equal(a->sha256, c->sha256); /* the split is no part of the content */
  assert_int_equal(a->n_train, 3276);        /* floor(0.8 * 4096) */
  assert_int_equal(a->n_test, 820);
  for (size_t i = 0; i < a->n_train; i++) {
    assert_int_equal(a->split[a->train[i]], IP_SPLIT_TRAIN);
    assert_true(i == 0 || a->train[i - 1] < a->train[i]);
  }
  for (size_t i = 0; i < a->n_test; i++) assert_int_equal(a->split[a->test[i]], IP_SPLIT_TEST);
  ip_dataset_destroy(&a);
  ip_dataset_destroy(&b);
  ip_dataset_destroy(&c);
}

static void the_first_split_is_the_one_of_the_papers_code(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  opt.split = IP_SPLIT_BY_FIRST;
  ip_dataset *ds = create(&opt, 1);
  double train = 0, test = 0;
  for (size_t i = 0; i < ds->n_train; i++) {
    assert_int_equal(ds->train[i], i);
    train += ds->y[ds->train[i]];
  }
  for (size_t i = 0; i < ds->n_test; i++) test += ds->y[ds->test[i]];
  CHECK_NEAR(train / (double)ds->n_train, 0.44, 0.005);
  CHECK_NEAR(test / (double)ds->n_test, 0.84, 0.005);
  ip_dataset_destroy(&ds);
}

static void a_stratified_split_gives_each_class_its_share(void **state)
{
  (void)state;
  for (int percent = 1; percent <= 100; percent++) {
    ip_dataset_options opt = ip_dataset_options_default();
    opt.split = IP_SPLIT_BY_STRATIFIED;
    opt.train_fraction = percent / 100.0;
    ip_dataset *ds = create(&opt, 3);
    double ones = 0;
    for (size_t i = 0; i < ds->n_train; i++) ones += ds->y[ds->train[i]];
    CHECK_NEAR(ones, 2118 * (double)ds->n_train / 4096, 1);
    assert_int_equal(ds->n_train, 4096 * percent / 100);
    ip_dataset_destroy(&ds);
  }
}

static void the_last_rows_go_to_the_classes_with_the_largest_remainders(void **state)
{
  (void)state;
  float x[10] = {0};
  int32_t y[10] = {0, 1, 0, 0, 2, 0, 1, 0, 1, 0}; /* 6, 3 and 1 rows: of 7, their shares are 4.2, 2.1 and 0.7 */
  size_t count[3] = {0};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  ip_dataset ds = {.n = 10, .n_in = 1, .n_classes = 3, .x = x, .y = y};
  ip_dataset_options opt = ip_dataset_options_default();
  opt.split = IP_SPLIT_BY_STRATIFIED;
  opt.train_fraction = 0.7;
  CHECK_OK(ip_split_make(&opt, 1, sc, &ds));
  for (size_t r = 0; r < 10; r++) count[y[r]] += ds.split[r] == IP_SPLIT_TRAIN;
  assert_int_equal(count[0], 4);
  assert_int_equal(count[1], 2);
  assert_int_equal(count[2], 1);
  ip_free(ds.split);
  ip_scratch_destroy(&sc);
}

static void limits_keep_nested_subsets_of_each_side(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *full = create(&opt, 5);
  opt.max_test = 10;
  bool had[4096] = {false};
  for (int64_t m = 4000; m >= 50; m /= 3) {
    opt.max_train = m;
    ip_dataset *ds = create(&opt, 5);
    bool has[4096] = {false};
    assert_int_equal(ds->n_train, m < 3276 ? m : 3276);
    assert_int_equal(ds->n_test, 10);
    assert_int_equal(ds->n, ds->n_train + 10);
    for (size_t r = 0; r < ds->n; r++) {
      size_t pattern = 0;
      for (size_t k = 0; k < 12; k++) pattern = 2 * pattern + (ds->x[r * 12 + k] > 0);
      assert_int_equal(ds->split[r], full->split[pattern]);
      assert_int_equal(ds->y[r], full->y[pattern]);
      assert_true(m == 4000 || had[pattern]);
      has[pattern] = true;
    }
    memcpy(had, has, sizeof had);
    ip_dataset_destroy(&ds);
  }
  ip_dataset_destroy(&full);
}

static void random_labels_touch_the_asked_part_of_training_rows_only(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *before = create(&opt, 2);
  opt.random_labels = 0.5;
  ip_dataset *after = create(&opt, 2);
  size_t changed = 0;
  for (size_t i = 0; i < before->n_train; i++) changed += before->y[before->train[i]] != after->y[before->train[i]];
  for (size_t i = 0; i < before->n_test; i++) assert_int_equal(before->y[before->test[i]], after->y[before->test[i]]);
  /* half of the 1638 drawn labels are the old ones: binomial, standard deviation 20 */
  CHECK_NEAR((double)changed, 819, 5 * 20.3);
  assert_string_not_equal(before->sha256, after->sha256);
  ip_dataset_destroy(&before);
  ip_dataset_destroy(&after);
}

static void scales_reach_their_range(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  opt.scale = IP_SCALE_SYMMETRIC;
  ip_dataset *ds = create(&opt, 2);
  for (size_t i = 0; i < ds->n * ds->n_in; i++) assert_true(ds->x[i] == 1 || ds->x[i] == -1);
  ip_dataset_destroy(&ds);
  opt.scale = IP_SCALE_STANDARD;
  ds = create(&opt, 2);
  for (size_t k = 0; k < 12; k++) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < ds->n_train; i++) {
      double x = (double)ds->x[ds->train[i] * 12 + k] / sqrt((double)ds->n_train);
      mean += x / sqrt((double)ds->n_train);
      square += x * x;
    }
    CHECK_NEAR(mean, 0, 1e-6);
    CHECK_NEAR(square, 1, 1e-6);
  }
  ip_dataset_destroy(&ds);
}

/* Four rows, the last held out; the second input is constant, the first leaves its range in the last row. */
static ip_dataset small(float *x, uint8_t *split, uint32_t *train)
{
  const float values[8] = {1, 7, 2, 7, 5, 7, 9, 8};
  memcpy(x, values, sizeof values);
  memcpy(split, (uint8_t[]){0, 0, 0, 1}, 4);
  memcpy(train, (uint32_t[]){0, 1, 2}, 12);
  static char name[] = "small";
  return (ip_dataset){.name = name, .n = 4, .n_in = 2, .x = x, .split = split, .train = train, .n_train = 3};
}

static void ranges_come_from_training_rows_and_constants_become_zero(void **state)
{
  (void)state;
  float x[8];
  uint8_t split[4];
  uint32_t train[4];
  ip_value_range none = {0};
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  ip_dataset ds = small(x, split, train);
  CHECK_OK(ip_transform_scale(IP_SCALE_UNIT, &none, sc, &ds));
  const float unit[8] = {0, 0, 0.25f, 0, 1, 0, 2, 0};
  assert_memory_equal(x, unit, sizeof unit);
  ds = small(x, split, train);
  CHECK_OK(ip_transform_scale(IP_SCALE_STANDARD, &none, sc, &ds));
  CHECK_NEAR(x[0] + x[2] + x[4], 0, 1e-6);
  CHECK_NEAR(x[1], 0, 0);
  ds = small(x, split, train);
  x[6] = 3e38f;
  x[0] = 0, x[2] = 0, x[4] = 1e-30f;
  CHECK_FAILS(ip_transform_scale(IP_SCALE_UNIT, &none, sc, &ds), IP_ENUMERIC, "row 4, input 1");
  ip_scratch_destroy(&sc);
}

static void equal_rows_share_a_number_whatever_the_sign_of_zero(void **state)
{
  (void)state;
  enum { N = 300, WIDTH = 70 }; /* three chunks */
  static float x[N * WIDTH];
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t r = 0; r < N; r++) x[r * WIDTH + (r % 3 == 0 ? 69 : 3)] = (float)(r % 50);
  x[1 * WIDTH + 5] = -0.0f;
  ip_dataset ds = {.n = N, .n_in = WIDTH, .x = x};
  CHECK_OK(ip_identity_number_rows(sc, &ds));
  size_t distinct = 0;
  for (size_t r = 0; r < N; r++) {
    size_t first = 0;
    while (memcmp(x + first * WIDTH, x + r * WIDTH, WIDTH * sizeof *x) != 0) first++;
    if (first == r)
      assert_int_equal(ds.x_id[r], distinct++);
    else
      assert_int_equal(ds.x_id[r], ds.x_id[first]);
  }
  assert_int_equal(ds.n_x, distinct);
  assert_false(signbit(x[1 * WIDTH + 5]));
  ip_free(ds.x_id);
  ip_scratch_destroy(&sc);
}

static void the_digest_knows_every_value_and_shape(void **state)
{
  (void)state;
  float x[4] = {1, 2, 3, 4};
  int32_t y[4] = {0, 1, 0, 1};
  ip_dataset a = {.n = 2, .n_in = 2, .n_classes = 2, .x = x, .y = y}, b = a;
  ip_identity_digest(&a);
  /* "infoplane data 1 2 2 2 0 0\n" and the six words through hashlib.sha256 */
  assert_string_equal(a.sha256, "7a7f21e785d4401456069c3d60228a6c7c05cf7af262b5ef58749579e4b848a5");
  b.n = 4, b.n_in = 1;
  ip_identity_digest(&b);
  assert_string_not_equal(a.sha256, b.sha256);
  b = a;
  y[1] = 0;
  ip_identity_digest(&b);
  assert_string_not_equal(a.sha256, b.sha256);
}

static void repeated_inputs_leave_the_label_uncertain(void **state)
{
  (void)state;
  int32_t y[4] = {0, 1, 0, 0};
  uint32_t x_id[4] = {0, 0, 1, 2};
  ip_dataset ds = {.n = 4, .n_classes = 2, .n_x = 3, .y = y, .x_id = x_id};
  ip_dataset_information info;
  CHECK_OK(ip_dataset_measure(&ds, &info));
  CHECK_NEAR(info.hx_bits, 1.5, 1e-15);
  CHECK_NEAR(info.hy_given_x_bits, 0.5, 1e-15);
  CHECK_NEAR(info.hy_bits, 0.25 * 2 + 0.75 * log2(4 / 3.0), 1e-15);
  CHECK_NEAR(info.ixy_bits, info.hy_bits - 0.5, 1e-15);
}

static void targets_are_one_hot_soft_or_real(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *ds = create(&opt, 0);
  static float target[4096 * 2];
  assert_int_equal(ip_dataset_target_width(ds, true), 2);
  ip_dataset_fill_target(ds, false, target);
  for (size_t r = 0; r < ds->n; r++)
    assert_true(target[2 * r + (size_t)ds->y[r]] == 1 && target[2 * r] + target[2 * r + 1] == 1);
  ip_dataset_destroy(&ds);
  opt.labels = IP_LABELS_SOFT;
  ds = create(&opt, 0);
  ip_dataset_fill_target(ds, false, target);
  assert_memory_equal(target, ds->p_y_given_x, sizeof target);
  float real[3] = {1.5f, 2, 3}, got[3];
  int32_t y[3] = {0, 0, 0};
  ip_dataset regression = {.n = 3, .n_classes = 1, .n_targets = 1, .targets = real, .y = y};
  ip_dataset_fill_target(&regression, true, got);
  assert_memory_equal(got, real, sizeof got);
  ip_dataset_fill_target(&regression, false, got);
  assert_true(got[0] == 1 && got[2] == 1);
  ip_dataset_destroy(&ds);
}

static void options_that_make_no_sense_are_named(void **state)
{
  (void)state;
  ip_dataset *ds;
  const ip_dataset_options good = ip_dataset_options_default();
  ip_dataset_options opt = good;
  opt.train_fraction = NAN;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "train_fraction: expected a number in (0, 1]");
  opt = good, opt.train_fraction = 0;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "train_fraction: expected a number in (0, 1]");
  opt = good, opt.random_labels = 1.5;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "random_labels: expected");
  ip_dataset empty = {0};
  CHECK_FAILS(ip_source_allocate(&empty, UINT32_MAX, 1, "it"), IP_EFORMAT, "more than this program can number");
  CHECK_FAILS(ip_source_allocate(&empty, 2, SIZE_MAX / 4, "it"), IP_EFORMAT, "use fewer");
  opt = good, opt.max_test = -1;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "max_test: expected a number of at least 0");
  opt = good, opt.gamma = INFINITY;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "gamma");
  opt = good, opt.split = IP_SPLIT_BY_SOURCE;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "no split of its own");
  opt = good, opt.split = IP_SPLIT_BY_SOURCE + 1;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "unknown split number");
  opt = good, opt.scale = IP_SCALE_STANDARD + 1;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "unknown scale number");
  opt = good, opt.labels = IP_LABELS_SOFT, opt.random_labels = 0.1;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "soft labels");
  opt = good, opt.test_file = (char[]){"test.csv"};
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "sphere is made by the program; test_file is for");
  opt = good, opt.name = (char[]){"linear_gaussian"}, opt.labels = IP_LABELS_SOFT;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "linear_gaussian: soft labels require p(y|x)");
  opt = good, opt.name = (char[]){"shpere"};
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_EIO, "did you mean 'sphere'?");
  opt = good, opt.name = NULL;
  CHECK_FAILS(ip_dataset_create(&opt, 0, &ds), IP_ECONFIG, "no name");
  assert_null(ds);
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  opt.labels = IP_LABELS_SOFT;
  opt.split = IP_SPLIT_BY_STRATIFIED;
  opt.scale = IP_SCALE_STANDARD;
  opt.max_train = 100;
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
  opt.labels = IP_LABELS_HARD;
  opt.random_labels = 0.2;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
  ds = create(&opt, 1);
  ip_dataset_information info;
  CHECK_EVERY_ALLOCATION(ip_dataset_measure(ds, &info), (void)0);
  ip_dataset_destroy(&ds);
  opt.labels = IP_LABELS_SOFT;
  opt.random_labels = 0;
  ds = create(&opt, 1);
  CHECK_EVERY_ALLOCATION(ip_dataset_measure(ds, &info), (void)0);
  ip_dataset_destroy(&ds);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_seed_gives_the_same_split_and_another_one_another),
      cmocka_unit_test(the_first_split_is_the_one_of_the_papers_code),
      cmocka_unit_test(a_stratified_split_gives_each_class_its_share),
      cmocka_unit_test(the_last_rows_go_to_the_classes_with_the_largest_remainders),
      cmocka_unit_test(limits_keep_nested_subsets_of_each_side),
      cmocka_unit_test(random_labels_touch_the_asked_part_of_training_rows_only),
      cmocka_unit_test(scales_reach_their_range),
      cmocka_unit_test(ranges_come_from_training_rows_and_constants_become_zero),
      cmocka_unit_test(equal_rows_share_a_number_whatever_the_sign_of_zero),
      cmocka_unit_test(the_digest_knows_every_value_and_shape),
      cmocka_unit_test(repeated_inputs_leave_the_label_uncertain),
      cmocka_unit_test(targets_are_one_hot_soft_or_real),
      cmocka_unit_test(options_that_make_no_sense_are_named),
      cmocka_unit_test(failing_allocations_are_reported_and_leak_nothing),
  };
  return cmocka_run_group_tests_name("dataset/create", tests, NULL, NULL);
}
