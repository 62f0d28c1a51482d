/* test_activations.c - histograms and clouds of points have the activations of the run files. */
#include "report/activations.h"

#include "base/test/check.h"
#include "report/looking.h"
#include "study/test/made_runs.h"

#include <math.h>

#include "report/test/decode.h"

static ip_run_set *set;
static ip_facts *facts;
static ip_explore *x;
static ip_activations *a;

/* Runs of one configuration each, with `n_epochs` epochs. */
static void open_runs(size_t n, size_t n_epochs, bool failed)
{
  static char path[8][512], config[8][32], name[8][16];
  static const char *file[8];
  for (size_t i = 0; i < n; i++) {
    snprintf(name[i], sizeof name[i], "%zu.h5", i);
    snprintf(config[i], sizeof config[i], "name: r\na: %zu\n", i);
    made_run run = {.file = name[i],
                    .experiment = "r",
                    .config = config[i],
                    .seed = 1,
                    .n_epochs = n_epochs,
                    .failed_to_fit = failed && i == 0};
    CHECK_OK(made_write(&run));
    strcpy(path[i], temp_path(name[i]));
    file[i] = path[i];
  }
  CHECK_OK(ip_run_set_open(n, file, NULL, &set));
  CHECK_OK(ip_explore_read(set, &facts, &x));
}

static void close_runs(void)
{
  ip_activations_destroy(&a);
  ip_explore_destroy(&x);
  ip_facts_destroy(&facts);
  ip_run_set_close(&set);
}

/* made_runs.h: units (-0.75, -0.25) of the samples of class 0, (0.25, 0.75) of those of class 1, at all epochs. */
static void points_and_histograms_are_those_of_the_file(void **state)
{
  (void)state;
  enum { E = 5 };
  uint8_t cloud[2 * 2 * 4 * E], histogram[2 * 40 * E];
  size_t length[80];
  open_runs(1, E, false);
  CHECK_OK(ip_activations_create(x, &a));
  assert_string_equal(a->why_not, "");
  assert_int_equal(a->n_clouds, 1);
  const ip_cloud *c = &a->cloud[0];
  assert_int_equal(c->n_samples, 4);
  for (int i = 0; i < 4; i++) assert_int_equal(c->label[i], i % 2);
  for (size_t i = 0; i < 80; i++) length[i] = E;
  assert_int_equal(c->packed.n, sizeof cloud);
  decode_u8(&c->packed, 16, length, cloud);
  for (size_t i = 0; i < sizeof cloud; i++) assert_int_equal(cloud[i], i / E % 2 ? 255 : 0);
  for (size_t k = 0; k < 2; k++) {
    assert_int_equal(c->layer[k].n_units, 2);
    assert_false(c->layer[k].are_components);
    CHECK_NEAR(c->layer[k].low[0], -0.75, 0);
    CHECK_NEAR(c->layer[k].high[0], 0.25, 0);
    CHECK_NEAR(c->layer[k].low[1], -0.25, 0);
    CHECK_NEAR(c->layer[k].high[1], 0.75, 0);
    CHECK_NEAR(a->range[0][k][0], -0.75, 0);
    CHECK_NEAR(a->range[0][k][1], 0.75, 0);
  }
  decode_u8(&a->histogram, 80, length, histogram);
  for (size_t i = 0; i < sizeof histogram; i++) { /* a quarter of the units at each of four places */
    size_t field = i / E % 40;
    bool is_hit = field == 0 || field == 13 || field == 26 || field == 39;
    assert_int_equal(histogram[i], is_hit ? 128 : 0);
  }
  close_runs();
}

/* All activations are 0.25: the range does not reach to 0. */
static void a_range_has_the_values_alone(void **state)
{
  (void)state;
  const made_run run = {.file = "flat.h5", .experiment = "r", .config = "name: r\n", .n_epochs = 3, .flat = true};
  char path[512];
  const char *file = path;
  CHECK_OK(made_write(&run));
  strcpy(path, temp_path(run.file));
  CHECK_OK(ip_run_set_open(1, &file, NULL, &set));
  CHECK_OK(ip_explore_read(set, &facts, &x));
  CHECK_OK(ip_activations_create(x, &a));
  for (size_t k = 0; k < 2; k++)
    for (size_t end = 0; end < 2; end++) CHECK_NEAR(a->range[0][k][end], 0.25, 0);
  close_runs();
}

/* Samples 0 to 3 have the labels 0, 1, 0, 1; of each class, the first stays, with its points. */
static void half_of_the_points_of_each_class_can_stay(void **state)
{
  (void)state;
  enum { E = 5 };
  uint8_t cloud[2 * 2 * 2 * E];
  size_t length[8];
  open_runs(1, E, false);
  CHECK_OK(ip_activations_create(x, &a));
  ip_cloud *c = &a->cloud[0];
  for (size_t i = 0; i < 2 * 2 * 4 * E; i++) c->code[i] = (uint8_t)i; /* (layer, unit, sample, epoch) */
  for (int round = 0; round < 2; round++) {                           /* the second finds one sample of each class */
    CHECK_OK(ip_activations_thin(a));
    assert_int_equal(c->n_samples, 2);
    assert_int_equal(c->label[0], 0);
    assert_int_equal(c->label[1], 1);
    assert_int_equal(c->packed.n, sizeof cloud);
    for (size_t i = 0; i < 8; i++) length[i] = E;
    decode_u8(&c->packed, 8, length, cloud);
    for (size_t i = 0; i < sizeof cloud; i++) assert_int_equal(cloud[i], i / (2 * E) * 4 * E + i % (2 * E));
  }
  close_runs();
}

static void clouds_are_of_the_first_configurations_and_of_networks_that_fitted(void **state)
{
  (void)state;
  open_runs(6, 3, true);
  CHECK_OK(ip_activations_create(x, &a));
  assert_int_equal(a->n_clouds, 4);
  for (size_t i = 0; i < 4; i++) assert_int_equal(a->cloud[i].run, i + 1);
  assert_int_equal(a->n_histograms, 5);
  close_runs();
}

static void without_activations_the_reason_is_there(void **state)
{
  (void)state;
  open_runs(1, 3, false);
  x->run[0].has_activations = false;
  CHECK_OK(ip_activations_create(x, &a));
  assert_int_equal(a->n_clouds + a->n_histograms, 0);
  assert_string_equal(a->why_not,
                      "the run files have no activations (log.keep: none); runs with log.keep: all have them");
  close_runs();
}

/* Points m + a u + b v with orthogonal u, v: the axes are u and v, with shares 9 : 1 of the variance. */
static void components_are_the_axes_of_the_points(void **state)
{
  (void)state;
  enum { N = 4, W = 30 };
  float x_[N * W];
  double mean[W], axis[3 * W], share[3];
  const double first[] = {3, 3, -3, -3}, second[] = {1, -1, 1, -1};
  ip_scratch *sc;
  bool found;
  size_t k = 3;
  CHECK_OK(ip_scratch_create(&sc));
  memset(mean, 0, sizeof mean);
  memset(axis, 0, sizeof axis);
  for (size_t i = 0; i < N; i++)
    for (size_t w = 0; w < W; w++) x_[i * W + w] = (float)(0.5 + (w == 7 ? first[i] : 0) + (w == 20 ? second[i] : 0));
  CHECK_OK(ip_cloud_components(N, W, x_, &k, sc, mean, axis, share, &found));
  assert_true(found);
  assert_int_equal(k, 2); /* the points have no third */
  CHECK_NEAR(share[0], 0.9, 1e-12);
  CHECK_NEAR(share[1], 0.1, 1e-12);
  for (size_t w = 0; w < W; w++) {
    CHECK_NEAR(mean[w], 0.5, 1e-7);
    CHECK_NEAR(axis[w], w == 7, 1e-7);
    CHECK_NEAR(axis[W + w], w == 20, 1e-7);
  }
  for (size_t i = 0; i < N * W; i++) x_[i] = 1;
  k = 3;
  CHECK_OK(ip_cloud_components(N, W, x_, &k, sc, mean, axis, share, &found));
  assert_false(found); /* all points are equal */
  x_[3] = NAN;
  CHECK_OK(ip_cloud_components(N, W, x_, &k, sc, mean, axis, share, &found));
  assert_false(found);
  ip_scratch_destroy(&sc);
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  open_runs(1, 2, false);
  CHECK_EVERY_ALLOCATION(ip_activations_create(x, &a), ip_activations_destroy(&a));
  close_runs();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_and_histograms_are_those_of_the_file),
      cmocka_unit_test(a_range_has_the_values_alone),
      cmocka_unit_test(half_of_the_points_of_each_class_can_stay),
      cmocka_unit_test(clouds_are_of_the_first_configurations_and_of_networks_that_fitted),
      cmocka_unit_test(without_activations_the_reason_is_there),
      cmocka_unit_test(components_are_the_axes_of_the_points),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("report/activations", tests, temp_create, temp_remove);
}
