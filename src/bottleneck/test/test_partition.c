/* The deterministic bottleneck against all partitions. */
#include "bottleneck/agglomerative.h"
#include "bottleneck/curve.h"
#include "bottleneck/grid.h"
#include "bottleneck/partition.h"
#include "bottleneck/test/problems.h"

#include "base/stop.h"

static ip_ib_curve *deterministic_curve(const ip_ib_problem *p, const char *grid)
{
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  size_t n;
  double *beta;
  ip_ib_curve *c;
  opt.solve.alpha = 0;
  CHECK_OK(ip_ib_grid_parse(grid, &n, &beta));
  CHECK_OK(ip_ib_curve_create(p, &opt, n, beta, &c));
  ip_free(beta);
  return c;
}

/* All partitions of n inputs, by restricted growth strings: the least H(T) - beta I(T;Y). */
static double best_partition(const ip_ib_problem *p, double beta)
{
  uint32_t label[8] = {0};
  size_t n = p->n_x, n_y = p->n_y;
  double best = HUGE_VAL;
  for (;;) {
    double joint[8][8] = {{0}}, p_t[8] = {0}, l = 0;
    for (size_t x = 0; x < n; x++)
      for (size_t y = 0; y < n_y; y++) {
        joint[label[x]][y] += p->p_xy[x * (n_y + 1) + y];
        p_t[label[x]] += p->p_xy[x * (n_y + 1) + y];
      }
    for (size_t t = 0; t < n; t++) {
      if (p_t[t] > 0) l -= p_t[t] * log2(p_t[t]);
      for (size_t y = 0; y < n_y; y++)
        if (joint[t][y] > 0) l -= beta * joint[t][y] * log2(joint[t][y] / p_t[t] / p->p_y[y]);
    }
    best = fmin(best, l);
    size_t i = n; /* the next string: label[i] <= 1 + the largest before it */
    while (i-- > 1) {
      uint32_t most = 0;
      for (size_t j = 0; j < i; j++) most = label[j] > most ? label[j] : most;
      if (label[i] <= most) {
        label[i]++;
        for (size_t j = i + 1; j < n; j++) label[j] = 0;
        break;
      }
    }
    if (i == 0 || i > n) return best;
  }
}

/* H(T) - beta I(T;Y) of a clustering. */
static double lagrangian_of(const ip_ib_problem *p, double beta, const uint32_t *cluster)
{
  ip_ib_solution *s;
  double l = 0;
  CHECK_OK(ip_ib_partition_start(p, cluster, &s));
  for (size_t t = 0; t < s->n_t; t++) {
    double p_t = s->joint[p->n_y * s->n_t + t];
    l -= p_t * log2(p_t);
    for (size_t y = 0; y < p->n_y; y++) {
      double w = s->joint[y * s->n_t + t];
      if (w > 0) l -= beta * w * log2(w / p_t / p->p_y[y]);
    }
  }
  ip_ib_solution_destroy(&s);
  return l;
}

/* The proven clustering is the best; moves and merges from T = X come near it and never below. */
static void random_tables_have_their_best_partition(void **state)
{
  (void)state;
  size_t n_improved = 0, n_tables = 300;
  for (uint64_t seed = 0; seed < n_tables; seed++) {
    ip_rng r = ip_rng_open(seed, IP_RNG_TEST, 1);
    size_t n_x = 2 + ip_rng_below(&r, 6), n_y = 2 + ip_rng_below(&r, 4);
    double beta = exp(4 * ip_rng_uniform(&r));
    ip_ib_problem *p = problem_random(n_x, n_y, 0.5 + 2 * ip_rng_uniform(&r), seed);
    uint32_t cluster[8];
    double best = best_partition(p, beta);
    CHECK_OK(ip_ib_partition_best(p, beta, cluster));
    CHECK_NEAR(lagrangian_of(p, beta, cluster), best, 1e-12 * (1 + beta));
    for (uint32_t x = 0; x < n_x; x++) cluster[x] = x;
    CHECK_OK(ip_ib_partition_improve(p, beta, cluster));
    double improved = lagrangian_of(p, beta, cluster);
    assert_true(improved >= best - 1e-12 * (1 + beta));
    n_improved += improved <= best + 1e-9;
    ip_ib_problem_destroy(&p);
  }
  assert_true(n_improved > n_tables * 3 / 4);
}

/* Eight inputs at a time: 4140 partitions each. */
static void eight_inputs_have_their_best_partition_at_every_beta(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4; seed++) {
    ip_ib_problem *p = problem_random(8, 3, 1.5, seed);
    ip_ib_curve *c = deterministic_curve(p, "0.5:60:log8");
    for (size_t i = 0; i < c->n; i++) {
      const ip_ib_solution *s = c->point[i];
      CHECK_NEAR(s->lagrangian_bits, best_partition(p, s->beta), 1e-12 * (1 + s->beta));
      assert_true(s->certified && s->optimality_gap_bits == 0);
      assert_true(s->converged);
      CHECK_NEAR(s->ht_bits, s->ixt_bits, 1e-12);
      assert_true(isnan(s->slope_beta));
    }
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_curve *c = deterministic_curve(p, "2.32,3,3.6,3.7,100"); /* its corners: beta = 0.970951/0.419973, 3.649 */
  CHECK_NEAR(c->point[1]->ixt_bits, 0.970951, 5e-7);
  CHECK_NEAR(c->point[1]->ity_bits, 0.419973, 5e-7);
  CHECK_NEAR(c->point[2]->ixt_bits, 0.970951, 5e-7);
  CHECK_NEAR(c->point[3]->ixt_bits, 1.521928, 5e-7);
  CHECK_NEAR(c->point[4]->ity_bits, 0.570951, 5e-7);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

/* A table on which the iterations stay at T = constant from every start. */
static void a_clustering_that_no_iteration_reaches_is_found(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(7, 3, (double[]){0.014985026857908592,   0.045294586647301661,   0.073953138049501863,
                                                 0.0010785109726236519,  4.6440118904018056e-05, 0.091724285177268397,
                                                 0.00062788318324870211, 0.024692250206138001,   0.10189565974281752,
                                                 0.0059378085727865857,  0.054564640360978418,   0.046877588896890462,
                                                 0.010663239849175837,   0.12025641871755467,    0.0025378982957117292,
                                                 0.012009574262900339,   0.017726123409858473,   0.045444642678455049,
                                                 8.9969791099767744e-05, 0.0058152157729347851,  0.32377909843594138});
  ip_ib_curve *c = deterministic_curve(p, "3");
  CHECK_NEAR(c->point[0]->ht_bits, 0.566845, 5e-7);
  CHECK_NEAR(c->point[0]->ity_bits, 0.240685, 5e-7);
  assert_true(c->point[0]->certified);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

/* Thirteen classes of inputs are proved, fourteen are not. */
static void the_proof_ends_after_thirteen_inputs(void **state)
{
  (void)state;
  for (size_t n = 12; n < 15; n++) {
    ip_ib_problem *p = problem_random(n, 2, 1, 3);
    ip_ib_curve *c = deterministic_curve(p, "4");
    assert_int_equal(c->point[0]->certified, n <= 13);
    assert_true(n <= 13 ? c->point[0]->optimality_gap_bits == 0 : isnan(c->point[0]->optimality_gap_bits));
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
}

/* A class alone in a cluster with others is put into one of its own: the search can open clusters too. */
static void improving_opens_clusters_that_pay(void **state)
{
  (void)state;
  double cell[16] = {0};
  for (size_t i = 0; i < 4; i++) cell[5 * i] = 0.25;
  ip_ib_problem *p = problem_of(4, 4, cell); /* Y = X: at beta 3 every value wants its own cluster */
  uint32_t cluster[4] = {0};
  CHECK_OK(ip_ib_partition_improve(p, 3, cluster));
  for (uint32_t x = 0; x < 4; x++) assert_int_equal(cluster[x], x);
  CHECK_OK(ip_ib_partition_improve(p, 0.5, cluster)); /* and at beta 1/2 they are one */
  for (size_t x = 0; x < 4; x++) assert_int_equal(cluster[x], 0);
  ip_ib_problem_destroy(&p);
}

/* Of two clusters of four inputs each, H(T) of moving one input decreases less than beta I(T;Y); to merge them pays.
 * The cluster before them has a Y of its own. */
static void improving_merges_clusters_where_no_move_pays(void **state)
{
  (void)state;
  double cell[27] = {[2] = 0.5};
  for (size_t x = 1; x < 9; x++) {
    double near = 0.002 * (double)(x - 1) - 0.007; /* no two are alike */
    cell[3 * x] = (x < 5 ? 0.6 + near : 0.4 + near) / 16;
    cell[3 * x + 1] = 1.0 / 16 - cell[3 * x];
  }
  ip_ib_problem *p = problem_of(9, 3, cell);
  uint32_t cluster[9] = {0, 1, 1, 1, 1, 2, 2, 2, 2};
  assert_int_equal(p->n_x, 9);
  CHECK_OK(ip_ib_partition_improve(p, 40, cluster)); /* 40 (1 - h(.6)) > 1: they stay two */
  for (uint32_t x = 0; x < 9; x++) assert_int_equal(cluster[x], (x + 3) / 4);
  CHECK_OK(ip_ib_partition_improve(p, 10, cluster));
  for (uint32_t x = 0; x < 9; x++) assert_int_equal(cluster[x], x > 0);
  ip_ib_problem_destroy(&p);
}

/* More inputs than are proved: blocks of inputs that are nearly alike, whose best clusters are known. */
static void many_inputs_are_searched_and_not_certified(void **state)
{
  (void)state;
  enum { N = 24 };
  double p_xy[N * 3];
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t x = 0; x < N; x++) {
    double sum = 0;
    for (size_t y = 0; y < 3; y++) sum += p_xy[x * 3 + y] = (y == x % 3 ? 1 : 0.1) + 0.01 * ip_rng_uniform(&r);
    for (size_t y = 0; y < 3; y++) p_xy[x * 3 + y] /= N * sum;
  }
  ip_ib_problem *p = problem_of(N, 3, p_xy);
  ip_ib_curve *c = deterministic_curve(p, "5");
  assert_int_equal(c->point[0]->n_t, 3);
  CHECK_NEAR(c->point[0]->ht_bits, log2(3), 1e-6);
  assert_false(c->point[0]->certified);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

static void ctrl_c_ends_every_search(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_agglomeration *a;
  uint32_t cluster[3] = {0, 1, 2};
  ip_stop_set(true);
  CHECK_FAILS(ip_ib_partition_best(p, 3, cluster), IP_ESTOPPED, "");
  CHECK_FAILS(ip_ib_partition_improve(p, 3, cluster), IP_ESTOPPED, "");
  CHECK_FAILS(ip_ib_agglomerate(p, &a), IP_ESTOPPED, "");
  assert_null(a);
  ip_stop_set(false);
  ip_ib_problem_destroy(&p);
}

static ip_status both(const ip_ib_problem *p, uint32_t *cluster, ip_ib_solution **s)
{
  *s = NULL;
  IP_TRY(ip_ib_partition_best(p, 5, cluster));
  IP_TRY(ip_ib_partition_improve(p, 5, cluster));
  return ip_ib_partition_start(p, cluster, s);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_solution *s;
  uint32_t cluster[3];
  CHECK_EVERY_ALLOCATION(both(p, cluster, &s), ip_ib_solution_destroy(&s));
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_tables_have_their_best_partition),
      cmocka_unit_test(eight_inputs_have_their_best_partition_at_every_beta),
      cmocka_unit_test(a_clustering_that_no_iteration_reaches_is_found),
      cmocka_unit_test(the_proof_ends_after_thirteen_inputs),
      cmocka_unit_test(improving_opens_clusters_that_pay),
      cmocka_unit_test(improving_merges_clusters_where_no_move_pays),
      cmocka_unit_test(many_inputs_are_searched_and_not_certified),
      cmocka_unit_test(ctrl_c_ends_every_search),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/partition", tests, NULL, NULL);
}
