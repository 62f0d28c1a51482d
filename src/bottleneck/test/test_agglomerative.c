#include "bottleneck/agglomerative.h"
#include "bottleneck/test/problems.h"

/* I(T;Y) and H(T) of a clustering, from first principles. */
static void measure(const ip_ib_problem *p, const uint32_t *cluster, double *ht, double *ity)
{
  size_t n_y = p->n_y;
  double *joint = calloc(p->n_x * n_y, sizeof *joint), *p_t = calloc(p->n_x, sizeof *p_t);
  for (size_t x = 0; x < p->n_x; x++)
    for (size_t y = 0; y < n_y; y++) {
      joint[cluster[x] * n_y + y] += p->p_xy[x * (n_y + 1) + y];
      p_t[cluster[x]] += p->p_xy[x * (n_y + 1) + y];
    }
  *ht = *ity = 0;
  for (size_t t = 0; t < p->n_x; t++) {
    if (p_t[t] > 0) *ht -= p_t[t] * log2(p_t[t]);
    for (size_t y = 0; y < n_y; y++)
      if (joint[t * n_y + y] > 0) *ity += joint[t * n_y + y] * log2(joint[t * n_y + y] / p_t[t] / p->p_y[y]);
  }
  free(joint);
  free(p_t);
}

static void every_cut_has_the_information_it_says(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_random(14, 4, 1.5, 1);
  ip_ib_agglomeration *a;
  CHECK_OK(ip_ib_agglomerate(p, &a));
  for (size_t n_t = 1; n_t <= 14; n_t++) {
    uint32_t cluster[14], most = 0;
    double ht, ity;
    CHECK_OK(ip_ib_agglomeration_cut(a, n_t, cluster));
    for (size_t x = 0; x < 14; x++) most = cluster[x] > most ? cluster[x] : most;
    assert_int_equal(most + 1, n_t);
    measure(p, cluster, &ht, &ity);
    CHECK_NEAR(a->ht_bits[14 - n_t], ht, 1e-12);
    CHECK_NEAR(a->ity_bits[14 - n_t], ity, 1e-12);
  }
  CHECK_NEAR(a->ity_bits[0], p->ixy_bits, 1e-12);
  CHECK_NEAR(a->ht_bits[0], p->h_classes_bits, 1e-12);
  CHECK_NEAR(a->ity_bits[13], 0, 1e-12);
  ip_ib_agglomeration_destroy(&a);
  ip_ib_problem_destroy(&p);
}

/* Every step loses no more than any other pair of the clusters before it would. */
static void every_step_merges_the_cheapest_pair(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4; seed++) {
    ip_ib_problem *p = problem_random(10, 3, 1.5, seed);
    ip_ib_agglomeration *a;
    CHECK_OK(ip_ib_agglomerate(p, &a));
    for (size_t n_t = 10; n_t > 1; n_t--) {
      uint32_t cluster[10], merged[10];
      double ht, ity, best = -1;
      CHECK_OK(ip_ib_agglomeration_cut(a, n_t, cluster));
      for (uint32_t i = 0; i < n_t; i++)
        for (uint32_t j = i + 1; j < n_t; j++) {
          for (size_t x = 0; x < 10; x++) merged[x] = cluster[x] == j ? i : cluster[x];
          measure(p, merged, &ht, &ity);
          best = fmax(best, ity);
        }
      CHECK_NEAR(a->ity_bits[10 - n_t + 1], best, 1e-12);
    }
    ip_ib_agglomeration_destroy(&a);
    ip_ib_problem_destroy(&p);
  }
}

static void small_tables_cluster_as_by_hand(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_agglomeration *a;
  CHECK_OK(ip_ib_agglomerate(p, &a));
  CHECK_NEAR(a->ht_bits[0], 1.521928, 5e-7);
  CHECK_NEAR(a->ity_bits[0], 0.570951, 5e-7);
  CHECK_NEAR(a->ht_bits[1], 0.970951, 5e-7); /* x1 joins one of the others */
  CHECK_NEAR(a->ity_bits[1], 0.419973, 5e-7);
  assert_int_equal(ip_ib_agglomeration_best(a, 100), 3);
  assert_int_equal(ip_ib_agglomeration_best(a, 0.1), 1);
  ip_ib_solution *s;
  CHECK_OK(ip_ib_start_agglomerated(p, a, 2, &s));
  assert_int_equal(s->n_t, 2);
  double sum = 0;
  for (size_t i = 0; i < 6; i++) sum += s->joint[i];
  CHECK_NEAR(sum, 1, 1e-15);
  ip_ib_solution_destroy(&s);
  ip_ib_agglomeration_destroy(&a);
  assert_null(a);
  ip_ib_problem_destroy(&p);

  p = problem_of(1, 2, (double[]){0.5, 0.5}); /* nothing to merge */
  CHECK_OK(ip_ib_agglomerate(p, &a));
  uint32_t cluster = 7;
  CHECK_OK(ip_ib_agglomeration_cut(a, 1, &cluster));
  assert_int_equal(cluster, 0);
  assert_int_equal(ip_ib_agglomeration_best(a, 3), 1);
  ip_ib_agglomeration_destroy(&a);
  ip_ib_problem_destroy(&p);
}

/* An outcome of 1e-320 or inputs and outcomes of 1e-200, whose product is below every number: nothing becomes inf or
 * NaN, and the information is that of the large cells, I(X;Y) = 0.25 log2(.25/.275) + .25 log2(.25/.225) + ... */
static void tiny_probabilities_do_not_spoil_the_others(void **state)
{
  (void)state;
  static const double cells[][9] = {{0.25, 0.25, 0, 0.3, 0.2, 0, 0, 0, 1e-320},
                                    {0.25, 0.25, 1e-200, 0.3, 0.2, 0, 1e-200, 0, 1e-200}};
  const double ixy =
      0.25 * log2(0.25 / 0.275) + 0.25 * log2(0.25 / 0.225) + 0.3 * log2(0.3 / 0.275) + 0.2 * log2(0.2 / 0.225);
  for (size_t i = 0; i < 2; i++) {
    ip_ib_problem *p = problem_of(3, 3, cells[i]);
    ip_ib_agglomeration *a;
    ip_ib_solution *start, *s;
    const ip_ib_options opt = ip_ib_options_default();
    CHECK_OK(ip_ib_agglomerate(p, &a));
    for (size_t k = 0; k < 2; k++) CHECK_NEAR(a->ity_bits[k], ixy, 1e-14); /* the tiny input costs nothing to merge */
    CHECK_NEAR(a->ity_bits[2], 0, 1e-14);
    CHECK_OK(ip_ib_start_agglomerated(p, a, 3, &start));
    CHECK_OK(ip_ib_solve(p, &opt, 1e4, start, &s));
    CHECK_NEAR(s->ity_bits, ixy, 1e-6);
    ip_ib_solution_destroy(&s);
    ip_ib_solution_destroy(&start);
    ip_ib_agglomeration_destroy(&a);
    ip_ib_problem_destroy(&p);
  }
}

/* Y = X, uniform on 4 values: every merge lowers H(T) and I(T;Y) by the same, so at beta 1 all clusterings are equal
 * and the fewest clusters are taken. */
static void of_equal_clusterings_the_coarsest_is_best(void **state)
{
  (void)state;
  double cell[16] = {0};
  for (size_t i = 0; i < 4; i++) cell[5 * i] = 0.25;
  ip_ib_problem *p = problem_of(4, 4, cell);
  ip_ib_agglomeration *a;
  CHECK_OK(ip_ib_agglomerate(p, &a));
  for (size_t k = 0; k < 4; k++) assert_true(a->ht_bits[k] == a->ity_bits[k]);
  assert_int_equal(ip_ib_agglomeration_best(a, 1), 1);
  assert_int_equal(ip_ib_agglomeration_best(a, 1.001), 4);
  ip_ib_agglomeration_destroy(&a);
  ip_ib_problem_destroy(&p);
}

static ip_status cluster_and_start(const ip_ib_problem *p, ip_ib_agglomeration **a, ip_ib_solution **s)
{
  *s = NULL;
  IP_TRY(ip_ib_agglomerate(p, a));
  return ip_ib_start_agglomerated(p, *a, 2, s);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_agglomeration *a;
  ip_ib_solution *s;
  CHECK_EVERY_ALLOCATION(cluster_and_start(p, &a, &s), (ip_ib_agglomeration_destroy(&a), ip_ib_solution_destroy(&s)));
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_cut_has_the_information_it_says),
      cmocka_unit_test(every_step_merges_the_cheapest_pair),
      cmocka_unit_test(small_tables_cluster_as_by_hand),
      cmocka_unit_test(of_equal_clusterings_the_coarsest_is_best),
      cmocka_unit_test(tiny_probabilities_do_not_spoil_the_others),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/agglomerative", tests, NULL, NULL);
}
