/* Options of datasets at the ends of their ranges, and what is counted, scaled and digested of them. */
#include "base/test/check.h"
#include "dataset/identity.h"
#include "dataset/source.h"
#include "dataset/split.h"
#include "dataset/transform.h"
#include "file/digest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

static ip_dataset *create(const ip_dataset_options *opt)
{
  ip_dataset *ds = NULL;
  CHECK_OK(ip_dataset_create(opt, 1, &ds));
  return ds;
}

static void fractions_and_limits_leave_as_many_rows_as_they_say(void **state)
{
  (void)state;
  static const struct {
    double fraction;
    int64_t max_train, max_test;
    size_t n_train, n_test;
  } known[] = {{1, 0, 0, 4096, 0},          {1e-9, 0, 0, 1, 4095},
               {0.5, 0, 0, 2048, 2048},     {0.99999, 0, 0, 4095, 1},
               {0.5, 2047, 0, 2047, 2048},  {0.5, 2048, 0, 2048, 2048},
               {0.5, 2049, 0, 2048, 2048},  {0.5, 1, 1, 1, 1},
               {0.5, 0, 2047, 2048, 2047},  {0.5, 0, 2049, 2048, 2048},
               {1, 0, 5, 4096, 0},          {1.0 / 4096, 0, 0, 1, 4095},
               {3 / 4096.0, 0, 0, 3, 4093}, {0.29 * 100 / 100, 0, 0, 1187, 2909}};
  for (int split = IP_SPLIT_BY_RANDOM; split <= IP_SPLIT_BY_FIRST; split++)
    for (size_t i = 0; i < COUNT(known); i++) {
      ip_dataset_options opt = ip_dataset_options_default();
      opt.split = split, opt.train_fraction = known[i].fraction;
      opt.max_train = known[i].max_train, opt.max_test = known[i].max_test;
      ip_dataset *ds = create(&opt);
      if (ds->n_train != known[i].n_train || ds->n_test != known[i].n_test)
        fail_msg("split %d, case %zu: %zu and %zu rows", split, i, ds->n_train, ds->n_test);
      assert_int_equal(ds->n, ds->n_train + ds->n_test);
      ip_dataset_destroy(&ds);
    }
}

static void a_fraction_that_is_a_rounding_error_below_an_integer_counts_as_that(void **state)
{
  (void)state;
  enum { N = 100 };
  static float x[N];
  static int32_t y[N];
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (int percent = 1; percent <= 100; percent++) { /* 0.29 * 100 is 28.999999999999996 */
    ip_dataset ds = {.n = N, .n_in = 1, .n_classes = 1, .x = x, .y = y};
    ip_dataset_options opt = ip_dataset_options_default();
    opt.split = IP_SPLIT_BY_FIRST, opt.train_fraction = percent / 100.0;
    CHECK_OK(ip_split_make(&opt, 1, sc, &ds));
    size_t n_train = 0;
    for (size_t r = 0; r < N; r++) n_train += ds.split[r] == IP_SPLIT_TRAIN;
    assert_int_equal(n_train, percent);
    ip_free(ds.split);
  }
  ip_scratch_destroy(&sc);
}

/* With a million classes a drawn label is the old one in one of a million rows. */
static void random_labels_are_as_many_as_their_fraction_says(void **state)
{
  (void)state;
  enum { N = 100, CLASSES = 1 << 20 };
  int32_t y[N];
  uint32_t train[N];
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (int percent = 0; percent <= 100; percent++) {
    size_t changed = 0;
    for (uint32_t i = 0; i < N; i++) y[i] = 7, train[i] = i;
    ip_dataset ds = {.n = N, .n_classes = CLASSES, .y = y, .train = train, .n_train = N};
    CHECK_OK(ip_transform_labels(percent / 100.0, 1, sc, &ds));
    for (size_t i = 0; i < N; i++) changed += y[i] != 7;
    assert_int_equal(changed, percent);
    for (size_t i = 0; i < N; i++) assert_true(y[i] >= 0 && y[i] < CLASSES);
  }
  static char name[] = "small";
  ip_dataset ds = {.name = name, .n = N, .n_classes = 1, .y = y, .train = train, .n_train = N};
  CHECK_FAILS(ip_transform_labels(0.5, 1, sc, &ds), IP_ECONFIG, "small has no classes to draw random labels from");
  CHECK_OK(ip_transform_labels(0, 1, sc, &ds));
  ip_scratch_destroy(&sc);
}

/* Which rows are chosen, in which order they stand and which labels are drawn, of every stream by its seed. */
static void a_seed_chooses_the_same_rows_and_labels_for_ever(void **state)
{
  (void)state;
  static const char *const known[] = {"f882c2c43536acd0ecd53f493c224ab2263131df526c0d3759a080050c4d6014",
                                      "fd9dfd8c1e7a5e67b8af3cd500a5643acc354082521e0b92cf27158d9ba25904",
                                      "0597ad5387dccca884ecf07f8a928c9e7d8b5e48d5cc32c680af6fd54ea5e560",
                                      "3bb0aa84b0da91e9efa12982ad78cd45e48c8a79802aa4caf915a76930b7db91",
                                      "9f0fbb509689fb9ba6c020262f8cc6b1e03619fc9d01d27249b0af418ac8c2aa",
                                      "dc369d6e58f546e827e57e513d12f724e82fcfd9a8a398fe3c5adaadc63d9ded"};
  for (int i = 0; i < 6; i++) {
    ip_dataset_options opt = ip_dataset_options_default();
    opt.split = IP_SPLIT_BY_RANDOM + i / 2, opt.train_fraction = 0.7;
    if (i % 2) opt.max_train = 300, opt.max_test = 200;
    opt.random_labels = 0.25;
    ip_dataset *ds;
    char text[IP_DIGEST_TEXT];
    ip_digest d;
    CHECK_OK(ip_dataset_create(&opt, 40 + (uint64_t)i, &ds));
    ip_digest_begin(&d);
    ip_digest_add(&d, ds->x, ds->n * ds->n_in * sizeof *ds->x);
    ip_digest_add(&d, ds->y, ds->n * sizeof *ds->y);
    ip_digest_add(&d, ds->split, ds->n);
    ip_digest_end(&d, text);
    assert_string_equal(text, known[i]);
    ip_dataset_destroy(&ds);
  }
}

/* ---------------------------------------------------------------- scales */

/* One input of four rows, the last or the first held out, with a known range or none. */
static void check_scaled(ip_scale scale, ip_value_range range, const float *expected)
{
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  for (uint32_t out = 0; out < 2; out++) { /* rows held out at the beginning */
    const float values[4] = {0, 51, 255, 510};
    float x[4];
    uint32_t train[3] = {out, 1 + out, 2 + out};
    uint8_t split[4] = {(uint8_t)out, 0, 0, (uint8_t)(1 - out)};
    for (size_t i = 0; i < 4; i++) x[(i + out) % 4] = values[i];
    ip_dataset ds = {.n = 4, .n_in = 1, .x = x, .split = split, .train = train, .n_train = 3};
    CHECK_OK(ip_transform_scale(scale, &range, sc, &ds));
    for (size_t i = 0; i < 4; i++) {
      float got = x[(i + out) % 4];
      if (fabsf(got - expected[i]) > 1e-6F) fail_msg("scale %d: row %zu is %g", (int)scale, i, (double)got);
    }
  }
  ip_scratch_destroy(&sc);
}

static void every_scale_maps_its_range(void **state)
{
  (void)state;
  const ip_value_range none = {0}, bytes = {true, 0, 255, false}, image = {true, 0, 255, true};
  const ip_value_range wide = {true, -510, 510, false};
  const float as_is[] = {0, 51, 255, 510}, unit[] = {0, 0.2F, 1, 2}, symmetric[] = {-1, -0.6F, 1, 3};
  const float of_wide[] = {0.5F, 0.55F, 0.75F, 1}, of_wide_symmetric[] = {0, 0.1F, 0.5F, 1};
  const float sd =
      sqrtf((102 * 102 + 51 * 51 + 153 * 153) / 3.0F); /* of the population 0, 51, 255, whose mean is 102 */
  const float standard[] = {-102 / sd, -51 / sd, 153 / sd, 408 / sd};
  check_scaled(IP_SCALE_NONE, image, as_is);
  check_scaled(IP_SCALE_AUTO, bytes, as_is);
  check_scaled(IP_SCALE_AUTO, none, as_is);
  check_scaled(IP_SCALE_AUTO, image, unit);
  check_scaled(IP_SCALE_UNIT, none, unit);
  check_scaled(IP_SCALE_UNIT, bytes, unit);
  check_scaled(IP_SCALE_SYMMETRIC, none, symmetric);
  check_scaled(IP_SCALE_UNIT, wide, of_wide);
  check_scaled(IP_SCALE_SYMMETRIC, wide, of_wide_symmetric);
  check_scaled(IP_SCALE_STANDARD, wide, standard);
}

/* ---------------------------------------------------------------- shapes, digests, names */

static void a_shape_has_as_many_inputs_as_the_samples(void **state)
{
  (void)state;
  static const struct {
    size_t n, shape[3];
    const char *message; /* NULL: accepted */
  } known[] = {{0, {0}, NULL},
               {3, {1, 3, 4}, NULL},
               {3, {12, 1, 1}, NULL},
               {2, {3, 4}, "dataset.shape: expected channels, height and width, got 2 numbers"},
               {3, {1, 3, 5}, "dataset.shape: 1 x 3 x 5 is not the number of inputs of sphere, 12"},
               {3, {13, 1, 0}, "13 x 1 x 0 is not the number of inputs"},
               {3, {(size_t)1 << 62, 4, 12}, "is not the number of inputs of sphere, 12"}};
  for (size_t i = 0; i < COUNT(known); i++) {
    ip_dataset_options opt = ip_dataset_options_default();
    ip_dataset *ds;
    opt.n_shape = known[i].n;
    opt.shape = known[i].shape;
    if (known[i].message) {
      CHECK_FAILS(ip_dataset_create(&opt, 1, &ds), IP_ECONFIG, known[i].message);
      continue;
    }
    ds = create(&opt);
    assert_memory_equal(ds->shape, known[i].shape, sizeof ds->shape);
    ip_dataset_destroy(&ds);
  }
}

/* Changes of anything that a network learns from change the digest; the names and the split do not. */
static void the_digest_is_of_everything_that_is_learned_from(void **state)
{
  (void)state;
  float x[4] = {1, 2, 3, 4}, p[4] = {0, 1, 1, 0}, target[3] = {5, 6, 7};
  int32_t y[2] = {0, 1};
  char seen[16][sizeof((ip_dataset){0}).sha256];
  const ip_dataset plain = {.n = 2, .n_in = 2, .n_classes = 2, .x = x, .y = y};
  ip_dataset ds[8];
  size_t n = 0;
  for (size_t i = 0; i < COUNT(ds); i++) ds[i] = plain;
  ds[1].n_classes = 3;
  ds[2].p_y_given_x = p;
  ds[3].n_targets = 1, ds[3].targets = target;
  ds[4].n_targets = 1, ds[4].targets = target + 1;
  ds[5].x = x + 1, ds[5].n = 1;
  ds[6].y = (int32_t[]){1, 1};
  ds[7].n = 1, ds[7].n_in = 4;
  for (size_t i = 0; i < COUNT(ds); i++) {
    ip_identity_digest(&ds[i]);
    for (size_t k = 0; k < n; k++)
      if (!strcmp(seen[k], ds[i].sha256)) fail_msg("datasets %zu and %zu have the same digest", k, i);
    strcpy(seen[n++], ds[i].sha256);
  }
  p[0] = 1;
  ip_identity_digest(&ds[2]);
  assert_string_not_equal(ds[2].sha256, seen[2]);
}

static void options_have_their_defaults_and_choices_their_names(void **state)
{
  (void)state;
  const ip_dataset_options o = ip_dataset_options_default();
  assert_string_equal(o.name, "sphere");
  assert_true(o.named_columns && o.labels == IP_LABELS_HARD && o.gamma == 12 && o.theta == 5.89);
  assert_true(o.n_samples == 4096 && o.n_in == 10 && o.n_targets == 1 && o.noise == 0.5 && o.train_fraction == 0.8);
  assert_true(o.split == IP_SPLIT_BY_AUTO && o.scale == IP_SCALE_AUTO && o.max_train == 0 && o.max_test == 0);
  assert_true(o.random_labels == 0 && !*o.label_file && !*o.test_file && !*o.label_column && !*o.index_column);
  assert_string_equal(ip_dataset_labels_names()[IP_LABELS_SOFT], "soft");
  assert_string_equal(ip_dataset_split_names()[IP_SPLIT_BY_STRATIFIED], "stratified");
  assert_string_equal(ip_dataset_split_names()[IP_SPLIT_BY_FIRST], "first");
  assert_string_equal(ip_dataset_split_names()[IP_SPLIT_BY_SOURCE], "source");
  assert_string_equal(ip_dataset_scale_names()[IP_SCALE_NONE], "none");
  assert_string_equal(ip_dataset_scale_names()[IP_SCALE_SYMMETRIC], "symmetric");
  assert_string_equal(ip_dataset_scale_names()[IP_SCALE_STANDARD], "standard");
}

/* Whatever only files have is refused by its name. */
static void options_of_files_are_refused_for_generated_data(void **state)
{
  (void)state;
  char word[] = "x", expected[80];
  for (int i = 0; i < 9; i++) {
    static const char *const name[] = {"label_file", "test_file", "label_column", "target_columns", "index_column",
                                       "separator",  "decimal",   "header",       "named_columns"};
    ip_dataset_options opt = ip_dataset_options_default();
    ip_dataset *ds;
    if (i == 0) opt.label_file = word;
    if (i == 1) opt.test_file = word;
    if (i == 2) opt.label_column = word;
    if (i == 3) opt.target_columns = word;
    if (i == 4) opt.index_column = word;
    if (i == 5) opt.text.separator = 1;
    if (i == 6) opt.text.decimal = 1;
    if (i == 7) opt.text.header = 1;
    if (i == 8) opt.named_columns = false;
    snprintf(expected, sizeof expected, "sphere is made by the program; %s is for datasets from files", name[i]);
    CHECK_FAILS(ip_dataset_create(&opt, 1, &ds), IP_ECONFIG, expected);
  }
}

/* H(X), H(Y) and I(X;Y) of soft labels: two inputs, one of them twice. */
static void soft_labels_are_measured_as_a_joint_distribution(void **state)
{
  (void)state;
  float p[6] = {1, 0, 1, 0, 0.25F, 0.75F};
  int32_t y[3] = {0, 0, 1};
  uint32_t x_id[3] = {0, 0, 1};
  const double h_third = log2(3) - 2 / 3.0, h_quarter = 2 - 0.75 * log2(3);
  ip_dataset ds = {.n = 3, .n_classes = 2, .n_x = 2, .y = y, .x_id = x_id, .p_y_given_x = p};
  ip_dataset_information info;
  CHECK_OK(ip_dataset_measure(&ds, &info));
  CHECK_NEAR(info.hx_bits, h_third, 1e-12);
  CHECK_NEAR(info.hy_bits, h_quarter, 1e-12); /* p(y) = (2 + 1/4) / 3 = 3/4 */
  CHECK_NEAR(info.hy_given_x_bits, h_quarter / 3, 1e-12);
  CHECK_NEAR(info.ixy_bits, h_quarter * 2 / 3, 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fractions_and_limits_leave_as_many_rows_as_they_say),
      cmocka_unit_test(a_fraction_that_is_a_rounding_error_below_an_integer_counts_as_that),
      cmocka_unit_test(random_labels_are_as_many_as_their_fraction_says),
      cmocka_unit_test(a_seed_chooses_the_same_rows_and_labels_for_ever),
      cmocka_unit_test(every_scale_maps_its_range),
      cmocka_unit_test(a_shape_has_as_many_inputs_as_the_samples),
      cmocka_unit_test(the_digest_is_of_everything_that_is_learned_from),
      cmocka_unit_test(options_have_their_defaults_and_choices_their_names),
      cmocka_unit_test(options_of_files_are_refused_for_generated_data),
      cmocka_unit_test(soft_labels_are_measured_as_a_joint_distribution),
  };
  return cmocka_run_group_tests_name("dataset/edges", tests, NULL, NULL);
}
