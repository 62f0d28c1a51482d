#include "experiment/points.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

static ip_experiment *parse(void)
{
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test",
                               "name: p\nrepeats: 2\nseed: 5\nnetwork: {hidden: [3]}\ntraining: {epochs: 40}\n"
                               "log: {schedule: every, every: 10}\nestimators: [edges]\nfigures: []\n"
                               "sweep:\n  network.hidden: [[3], [4, 2]]\n  log.every: [10, 20]\n",
                               0, NULL, &e));
  return e;
}

static void a_point_is_what_the_experiment_makes_of_it(void **state)
{
  (void)state;
  ip_experiment *e = parse();
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  assert_ptr_equal(ip_points_experiment(points), e);
  assert_int_equal(ip_points_count(points), 8);
  for (size_t k = 8; k-- > 0;) { /* in any order */
    ip_experiment *made;
    const ip_point *p, *again;
    size_t n;
    int64_t *epoch;
    CHECK_OK(ip_experiment_point(e, k, &made));
    CHECK_OK(ip_points_get(points, k, &p));
    CHECK_OK(ip_points_get(points, k, &again));
    assert_ptr_equal(p, again);
    assert_string_equal(p->run_name, made->run_name);
    assert_string_equal(p->digest, made->digest);
    assert_string_equal(p->estimate_digest, made->estimate_digest);
    assert_true(p->seed == 5 + k % 2 && p->epochs == 40 && p->keep == made->log.keep);
    CHECK_OK(ip_experiment_epochs(made, made->training.epochs, &n, &epoch));
    assert_int_equal(p->n_logged, n);
    assert_memory_equal(p->logged, epoch, n * sizeof *epoch);
    ip_free(epoch);
    ip_experiment_destroy(&made);
  }
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

/* [3]: 3 units below 3, then the output; [4, 2]: 4 * (4 + 20) + 2 * (4 + 20) and 20 * 2 for the output, 40 epochs. */
static void the_cost_is_epochs_times_weights(void **state)
{
  (void)state;
  ip_experiment *e = parse();
  ip_points *points;
  const ip_point *small, *large;
  CHECK_OK(ip_points_create(e, &points));
  CHECK_OK(ip_points_get(points, 0, &small));
  CHECK_OK(ip_points_get(points, 4, &large));
  CHECK_NEAR(small->cost, 40 * (3 * (3 + 20) + 20 * 3), 1e-9);
  CHECK_NEAR(large->cost, 40 * (4 * (4 + 20) + 2 * (4 + 20) + 20 * 2), 1e-9);
  assert_true(small->n_layers == 2 && large->n_layers == 3);
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

/* Products of one sample, of ten classes: 8 units of an image of the given shape, or of MNIST's; 9 products for each of
 * 2 channels at 2 x 2 places. */
static void the_cost_of_layers_is_their_products(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double products;
  } cases[] = {
      {"dataset: {shape: [1, 4, 4]}\nnetwork: {layers: [flatten, 8]}\n", 16 * 8 + 8 * 10},
      {"network: {layers: [flatten, 8]}\n", 784 * 8 + 8 * 10},
      {"dataset: {shape: [1, 4, 4]}\nnetwork: {layers: [conv:channels=2:kernel=3, flatten]}\n", 2 * 9 * 4 + 8 * 10}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_experiment *e;
    ip_points *points;
    const ip_point *p;
    const char *set = "training.epochs=7";
    CHECK_OK(ip_experiment_parse("test", cases[i].text, 1, &set, &e));
    CHECK_OK(ip_points_create(e, &points));
    CHECK_OK(ip_points_get(points, 0, &p));
    CHECK_NEAR(p->cost, 7 * cases[i].products, 1e-9);
    ip_points_destroy(&points);
    ip_experiment_destroy(&e);
  }
}

/* 3277 training samples of the sphere: 4 batches of 1000, or one; the dataset is read for its size. */
static void updates_give_the_epochs_that_the_data_make_of_them(void **state)
{
  (void)state;
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("test",
                               "name: p\ntraining: {updates: 22}\nlog: {schedule: every, every: 2, final: true}\n"
                               "sweep:\n  training.batch_size: [1000, 0]\n  dataset.max_train: [0, 1500]\n",
                               0, NULL, &e));
  ip_points *points;
  CHECK_OK(ip_points_create(e, &points));
  const int64_t epochs[] = {6, 11, 22, 22};
  for (size_t k = 0; k < 4; k++) {
    const ip_point *p;
    CHECK_OK(ip_points_get(points, k, &p));
    assert_int_equal(p->epochs, epochs[k]);
    assert_int_equal(p->logged[p->n_logged - 1], epochs[k]);
  }
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
  CHECK_OK(ip_experiment_parse("test", /* the same data, one after the other */
                               "name: p\ntraining: {updates: 22}\nsweep:\n  training.batch_size: [1000, 0, 2000]\n", 0,
                               NULL, &e));
  CHECK_OK(ip_points_create(e, &points));
  const int64_t of_size[] = {6, 22, 11};
  for (size_t k = 0; k < 3; k++) {
    const ip_point *p;
    CHECK_OK(ip_points_get(points, k, &p));
    assert_int_equal(p->epochs, of_size[k]);
  }
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

static void repeats_share_their_schedule(void **state)
{
  (void)state;
  ip_experiment *e = parse();
  ip_points *points;
  const ip_point *p[3];
  CHECK_OK(ip_points_create(e, &points));
  for (size_t k = 0; k < 3; k++) CHECK_OK(ip_points_get(points, k, &p[k]));
  assert_ptr_equal(p[0]->logged, p[1]->logged);
  assert_true(p[2]->logged != p[0]->logged);
  ip_points_destroy(&points);
  ip_experiment_destroy(&e);
}

static ip_status make_two(const ip_experiment *e)
{
  ip_points *points;
  const ip_point *p;
  IP_TRY(ip_points_create(e, &points));
  ip_status st = ip_points_get(points, 1, &p);
  if (st == IP_OK) st = ip_points_get(points, 3, &p);
  ip_points_destroy(&points);
  return st;
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  ip_experiment *e = parse();
  CHECK_EVERY_ALLOCATION(make_two(e), (void)0);
  ip_experiment_destroy(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_point_is_what_the_experiment_makes_of_it),
      cmocka_unit_test(the_cost_is_epochs_times_weights),
      cmocka_unit_test(the_cost_of_layers_is_their_products),
      cmocka_unit_test(updates_give_the_epochs_that_the_data_make_of_them),
      cmocka_unit_test(repeats_share_their_schedule),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
