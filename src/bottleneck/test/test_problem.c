#include "bottleneck/test/problems.h"

#include "bottleneck/agglomerative.h"
#include "bottleneck/channel.h"

static void inputs_with_the_same_conditional_become_one_class(void **state)
{
  (void)state;
  const double p_xy[] = {0.1, 0.2, 0.3, 0.1, 0.05, 0.1, 0.15, 0.0}; /* rows 1 and 3 are proportional */
  ip_ib_problem *p = problem_of(4, 2, p_xy);
  assert_int_equal(p->n_inputs, 4);
  assert_int_equal(p->n_x, 3);
  const uint32_t classes[] = {0, 1, 0, 2};
  assert_memory_equal(p->class_of, classes, sizeof classes);
  CHECK_NEAR(p->p_xy[0], 0.15, 1e-15);
  CHECK_NEAR(p->p_xy[2], 0.45, 1e-15);
  CHECK_NEAR(p->p_y_given_x[0], 1.0 / 3, 1e-15);
  assert_true(p->p_y_given_x[2] == 1);
  CHECK_NEAR(p->p_y[0], 0.6, 1e-15);
  CHECK_NEAR(p->hx_bits, -(0.3 * log2(0.3) + 0.4 * log2(0.4) + 2 * 0.15 * log2(0.15)), 1e-14);
  CHECK_NEAR(p->h_classes_bits, -(0.45 * log2(0.45) + 0.4 * log2(0.4) + 0.15 * log2(0.15)), 1e-14);
  CHECK_NEAR(p->hy_bits - p->hy_given_x_bits, p->ixy_bits, 1e-14);
  ip_ib_problem_destroy(&p);
  assert_null(p);
}

static void the_sphere_has_64_classes_and_the_known_information(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_sphere();
  assert_int_equal(p->n_x, 64);
  CHECK_NEAR(p->p_y[1], 0.500920, 5e-7);
  CHECK_NEAR(p->hy_given_x_bits, 0.100515, 5e-7);
  CHECK_NEAR(p->ixy_bits, 0.899483, 5e-7);
  CHECK_NEAR(p->hx_bits, 12, 1e-12);
  ip_ib_problem_destroy(&p);
}

static void merging_keeps_the_information_of_y(void **state)
{
  (void)state;
  double p_xy[60];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 1);
  double sum = 0, weights = 0, weight[20];
  for (size_t x = 0; x < 20; x++) weights += weight[x] = ip_rng_uniform(&r) + 0.01;
  for (size_t x = 0; x < 20; x++)
    for (size_t y = 0; y < 3; y++) sum += p_xy[x * 3 + y] = weight[x] / weights * (double)(1 + (x % 4) * y) / 3;
  for (size_t i = 0; i < 60; i++) p_xy[i] /= sum;
  ip_ib_problem *p = problem_of(20, 3, p_xy);
  assert_int_equal(p->n_x, 4);
  double mi = 0;
  for (size_t x = 0; x < p->n_x; x++)
    for (size_t y = 0; y < 3; y++) mi += p->p_xy[x * 4 + y] * log2(p->p_y_given_x[x * 4 + y] / p->p_y[y]);
  CHECK_NEAR(mi, p->ixy_bits, 1e-13);
  ip_ib_problem_destroy(&p);
}

static void samples_make_the_table_they_stand_for(void **state)
{
  (void)state;
  const int32_t y[] = {0, 1, 1, 1};
  const uint32_t id[] = {0, 0, 1, 2};
  ip_ib_problem *p;
  CHECK_OK(ip_ib_problem_from_samples(4, 2, NULL, y, 3, id, &p));
  assert_int_equal(p->n_inputs, 3);
  assert_int_equal(p->n_x, 2); /* inputs 2 and 3 always have label 1 */
  CHECK_NEAR(p->p_xy[0], 0.25, 1e-15);
  CHECK_NEAR(p->p_xy[3 + 1], 0.5, 1e-15);
  ip_ib_problem_destroy(&p);

  const float soft[] = {0.5F, 0.5F, 0.25F, 0.75F, 0.1F, 0.9F, 0.1F, 0.9F};
  CHECK_OK(ip_ib_problem_from_samples(4, 2, soft, NULL, 3, id, &p));
  CHECK_NEAR(p->p_y_given_x[0], 0.375, 1e-15);
  CHECK_NEAR(p->p_y_given_x[3], 0.1, 1e-7);
  CHECK_NEAR(p->p_y[0] + p->p_y[1], 1, 1e-15);
  ip_ib_problem_destroy(&p);
  CHECK_FAILS(ip_ib_problem_from_samples(0, 2, soft, NULL, 0, id, &p), IP_EINVAL, "0 samples");
}

static void of_more_classes_than_samples_those_that_occur_count(void **state)
{
  (void)state;
  const int32_t few[] = {0, 1, 1, 2}, far[] = {7, 900000, 900000, 1048575};
  const uint32_t id[] = {0, 0, 1, 2};
  ip_ib_problem *p, *q;
  CHECK_OK(ip_ib_problem_from_samples(4, 3, NULL, few, 3, id, &p));
  CHECK_OK(ip_ib_problem_from_samples(4, 1048576, NULL, far, 3, id, &q));
  assert_int_equal(q->n_y, 3);
  assert_int_equal(q->n_x, p->n_x);
  CHECK_NEAR(q->hy_bits, p->hy_bits, 1e-15);
  CHECK_NEAR(q->hy_bits, 1.5, 1e-15);
  ip_ib_problem_destroy(&q);
  CHECK_OK(ip_ib_problem_from_samples(4, 4, NULL, few, 3, id, &q)); /* no more classes than samples: all are outcomes */
  assert_int_equal(q->n_y, 4);
  assert_true(q->p_y[3] == 0 && q->p_y[1] == 0.5);
  ip_ib_problem_destroy(&q);
  CHECK_EVERY_ALLOCATION(ip_ib_problem_from_samples(4, 1048576, NULL, far, 3, id, &q), ip_ib_problem_destroy(&q));
  ip_ib_problem_destroy(&p);
}

static void tables_that_are_no_distribution_are_refused_by_cell(void **state)
{
  (void)state;
  ip_ib_problem *p = (ip_ib_problem *)&p;
  CHECK_FAILS(ip_ib_problem_create(2, 2, (double[]){0.5, 0.5, 0, 0}, &p), IP_EINVAL, "row 2 holds nothing but zeros");
  assert_null(p);
  CHECK_FAILS(ip_ib_problem_create(2, 2, (double[]){0.5, 0.6, -0.1, 0}, &p), IP_EINVAL, "row 2, column 1 holds -0.1");
  CHECK_FAILS(ip_ib_problem_create(2, 2, (double[]){0.5, NAN, 0.5, 0}, &p), IP_EINVAL, "row 1, column 2 holds nan");
  CHECK_FAILS(ip_ib_problem_create(2, 2, (double[]){0.5, 0.1, 0.2, 0.1}, &p), IP_EINVAL, "sum to 0.9");
  CHECK_FAILS(ip_ib_problem_create(0, 2, NULL, &p), IP_EINVAL, "0 x 2");
}

static void samples_outside_their_range_are_an_error(void **state)
{
  (void)state;
  const uint32_t x_id[] = {0, 1, 2};
  const int32_t y[] = {0, 1, -1};
  ip_ib_problem *p;
  CHECK_FAILS(ip_ib_problem_from_samples(3, 2, NULL, y, 2, x_id, &p), IP_EINVAL, "sample 2: got input 2");
  assert_null(p);
  CHECK_FAILS(ip_ib_problem_from_samples(3, 2, NULL, y, 3, x_id, &p), IP_EINVAL, "sample 2: got label -1");
  CHECK_FAILS(ip_ib_problem_from_samples(2, 1, NULL, y, 2, x_id, &p), IP_EINVAL, "sample 1: got label 1");
  const ip_channel gaussian = {IP_CHANNEL_GAUSSIAN, 0.5};
  CHECK_FAILS(ip_channel_problem(&gaussian, &p), IP_EINVAL, "ip_ib_gaussian_curve");
  assert_null(p);
}

static void starts_and_cuts_that_do_not_fit_the_problem_are_an_error(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(2, 2, (const double[]){0.4, 0.1, 0.1, 0.4});
  ip_ib_agglomeration *a;
  uint32_t cluster[2];
  CHECK_OK(ip_ib_agglomerate(p, &a));
  CHECK_FAILS(ip_ib_agglomeration_cut(a, 0, cluster), IP_EINVAL, "got 0 clusters, expected 1 to 2");
  CHECK_FAILS(ip_ib_agglomeration_cut(a, 3, cluster), IP_EINVAL, "got 3 clusters, expected 1 to 2");
  ip_ib_agglomeration_destroy(&a);
  ip_ib_solution *start, *s;
  const ip_ib_options opt = ip_ib_options_default();
  CHECK_OK(ip_ib_solution_create(3, 1, &start));
  CHECK_FAILS(ip_ib_solve(p, &opt, 2, start, &s), IP_EINVAL, "got 3 outcomes, expected 2");
  assert_null(s);
  ip_ib_solution_destroy(&start);
  CHECK_OK(ip_ib_solution_create(2, 1, &start));
  start->n_t = 0;
  CHECK_FAILS(ip_ib_solve(p, &opt, 2, start, &s), IP_EINVAL, "without a value");
  assert_null(s);
  ip_ib_solution_destroy(&start);
  ip_ib_problem_destroy(&p);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_problem *p;
  CHECK_EVERY_ALLOCATION(ip_ib_problem_create(3, 3, five_cells, &p), ip_ib_problem_destroy(&p));
  const int32_t y[] = {0, 1};
  const uint32_t id[] = {0, 1};
  CHECK_EVERY_ALLOCATION(ip_ib_problem_from_samples(2, 2, NULL, y, 2, id, &p), ip_ib_problem_destroy(&p));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(inputs_with_the_same_conditional_become_one_class),
      cmocka_unit_test(the_sphere_has_64_classes_and_the_known_information),
      cmocka_unit_test(merging_keeps_the_information_of_y),
      cmocka_unit_test(samples_make_the_table_they_stand_for),
      cmocka_unit_test(of_more_classes_than_samples_those_that_occur_count),
      cmocka_unit_test(tables_that_are_no_distribution_are_refused_by_cell),
      cmocka_unit_test(samples_outside_their_range_are_an_error),
      cmocka_unit_test(starts_and_cuts_that_do_not_fit_the_problem_are_an_error),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/problem", tests, NULL, NULL);
}
