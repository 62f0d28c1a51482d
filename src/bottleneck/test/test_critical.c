/* Where clusters appear: stability, optimality, critical betas. */
#include "bottleneck/certify.h"
#include "bottleneck/critical.h"
#include "bottleneck/optimality.h"
#include "bottleneck/stability.h"
#include "bottleneck/test/problems.h"

static ip_ib_curve *curve_between(const ip_ib_problem *p, size_t n, const double *beta)
{
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  ip_ib_curve *c;
  CHECK_OK(ip_ib_curve_create(p, &opt, n, beta, &c));
  return c;
}

static void the_first_beta_is_that_of_the_maximal_correlation(void **state)
{
  (void)state;
  double beta;
  ip_ib_problem *p = problem_sphere();
  CHECK_OK(ip_ib_unstable_beta(p, &beta));
  CHECK_NEAR(beta, 1.081144, 5e-7);
  ip_ib_problem_destroy(&p);
  for (double crossover = 0.05; crossover < 0.5; crossover += 0.1) {
    p = problem_bsc(crossover);
    CHECK_OK(ip_ib_unstable_beta(p, &beta));
    CHECK_NEAR(beta, 1 / ((1 - 2 * crossover) * (1 - 2 * crossover)), 1e-12 * beta);
    ip_ib_problem_destroy(&p);
  }
  p = problem_of(2, 2, (double[]){0.1, 0.3, 0.15, 0.45}); /* independent */
  CHECK_OK(ip_ib_unstable_beta(p, &beta));
  assert_true(beta > 1e12);
  ip_ib_problem_destroy(&p);
  p = problem_of(2, 2, (double[]){0.4, 0, 0, 0.6}); /* Y = X */
  CHECK_OK(ip_ib_unstable_beta(p, &beta));
  CHECK_NEAR(beta, 1, 1e-12);
  ip_ib_problem_destroy(&p);
}

/* Both Gram matrices, of the rows and of the columns, have the same eigenvalues. */
static void the_first_beta_is_the_same_either_way_round(void **state)
{
  (void)state;
  double p_xy[6 * 3], turned[3 * 6], sum = 0, a, b;
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (size_t i = 0; i < 18; i++) sum += p_xy[i] = ip_rng_uniform(&r);
  for (size_t x = 0; x < 6; x++)
    for (size_t y = 0; y < 3; y++) turned[y * 6 + x] = p_xy[x * 3 + y] /= sum;
  ip_ib_problem *p = problem_of(6, 3, p_xy), *q = problem_of(3, 6, turned);
  CHECK_OK(ip_ib_unstable_beta(p, &a));
  CHECK_OK(ip_ib_unstable_beta(q, &b));
  CHECK_NEAR(a, b, 1e-10 * a);
  ip_ib_problem_destroy(&p);
  ip_ib_problem_destroy(&q);
}

/* The growth of a small difference of two halves in one plain step is beta lambda; with more inputs than labels, and
 * with fewer. */
static void check_split(size_t n_x, double beta)
{
  ip_ib_problem *p = problem_random(n_x, 4, 1.5, 3);
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_solution *start, *s, *halves, *next;
  ip_ib_stability st;
  CHECK_OK(ip_ib_start_trivial(p, &start));
  CHECK_OK(ip_ib_solve(p, &opt, beta, start, &s));
  CHECK_OK(ip_ib_stability_measure(p, &opt, s, &st));
  assert_true(beta * st.most > 1);
  CHECK_OK(ip_ib_solution_create(4, 2, &halves));
  const double small = 1e-5;
  for (size_t y = 0; y <= 4; y++) {
    double d = y < 4 ? small * st.direction[y] : 0;
    halves->joint[y * 2] = 0.5 * (s->joint[y] + d);
    halves->joint[y * 2 + 1] = 0.5 * (s->joint[y] - d);
  }
  opt.accelerate = opt.merge = false;
  opt.max_iterations = 1; /* the result is one step on */
  size_t n_moved = 0;
  CHECK_OK(ip_ib_solve(p, &opt, beta, halves, &next));
  for (size_t y = 0; y < 4; y++) {
    double grown = next->joint[y * 2] / next->joint[8] - next->joint[y * 2 + 1] / next->joint[9];
    n_moved += fabs(st.direction[y]) > 0.05;
    if (fabs(st.direction[y]) > 0.05) CHECK_NEAR(grown / (2 * small * st.direction[y]), beta * st.lambda[0], 1e-3);
  }
  assert_true(n_moved > 1);
  ip_ib_stability_free(&st);
  ip_ib_solution_destroy(&start);
  ip_ib_solution_destroy(&s);
  ip_ib_solution_destroy(&halves);
  ip_ib_solution_destroy(&next);
  ip_ib_problem_destroy(&p);
}

static void a_split_grows_by_beta_times_the_eigenvalue(void **state)
{
  (void)state;
  check_split(9, 4);
  check_split(3, 30);
}

static void a_split_start_is_a_distribution_with_the_same_mean(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_bsc(0.1);
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_solution *trivial, *split;
  ip_ib_stability st;
  CHECK_OK(ip_ib_start_trivial(p, &trivial));
  trivial->beta = 3;
  CHECK_OK(ip_ib_stability_measure(p, &opt, trivial, &st));
  CHECK_OK(ip_ib_split(trivial, &st, 3, &split));
  assert_int_equal(split->n_t, 2);
  for (size_t y = 0; y < 3; y++) {
    CHECK_NEAR(split->joint[2 * y] + split->joint[2 * y + 1], trivial->joint[y], 1e-15);
    assert_true(split->joint[2 * y] > 0 && split->joint[2 * y + 1] > 0);
  }
  assert_true(fabs(split->joint[0] - split->joint[1]) > 0.01);
  ip_ib_solution_destroy(&split);
  CHECK_OK(ip_ib_split(trivial, &st, 1.5, &split)); /* stable: nothing splits */
  assert_int_equal(split->n_t, 1);
  ip_ib_solution_destroy(&split);
  ip_ib_solution_destroy(&trivial);
  ip_ib_stability_free(&st);
  ip_ib_problem_destroy(&p);
}

/* ln of the largest G of one cluster at p(y), for two outcomes, on a grid of log odds: then exp(-beta KL(x||p(y))) is
 * Z(x). */
static double ln_largest_g(const ip_ib_problem *p, double beta)
{
  double most = 0;
  for (int i = -3000; i <= 3000; i++) {
    double g = 0, z = i / 200.0, d0 = -log1p(exp(z)) - log(p->p_y[0]), d1 = -log1p(exp(-z)) - log(p->p_y[1]);
    for (size_t x = 0; x < p->n_x; x++)
      g += p->p_xy[3 * x + 2] * exp(beta * (p->p_y_given_x[3 * x] * d0 + p->p_y_given_x[3 * x + 1] * d1));
    most = fmax(most, g);
  }
  return log(most);
}

static void a_missing_cluster_is_found_and_none_where_none_is_missing(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_sphere();
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_solution *trivial, *s, *start;
  double gain;
  CHECK_OK(ip_ib_start_trivial(p, &trivial));
  CHECK_OK(ip_ib_solve(p, &opt, 20, trivial, &s)); /* stays at one cluster, where four are best */
  CHECK_OK(ip_ib_check_optimality(p, s, false, 1e-9, 0.02, &gain, &start));
  CHECK_NEAR(gain, ln_largest_g(p, 20), 1e-4);
  assert_non_null(start);
  assert_true(start->n_t > 1);
  double sum = 0;
  for (size_t t = 0; t < start->n_t; t++) sum += start->joint[2 * start->n_t + t];
  CHECK_NEAR(sum, 1, 1e-12);
  ip_ib_solution_destroy(&start);
  ip_ib_solution_destroy(&s);
  CHECK_OK(ib_solve_complete(p, &opt, 20, trivial, &s));
  CHECK_NEAR(s->ixt_bits, 1.27692, 5e-6);
  assert_int_equal(s->n_t, 4);
  CHECK_OK(ip_ib_check_optimality(p, s, false, 1e-9, 0.02, &gain, &start));
  assert_null(start);
  assert_true(gain < 1e-9);
  ip_ib_solution_destroy(&s);
  ip_ib_solution_destroy(&trivial);
  ip_ib_problem_destroy(&p);
}

/* By duality no L is lower than that of any solution minus ln of its largest G. */
static void the_gap_bounds_the_best_from_below(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4; seed++) {
    ip_ib_problem *p = problem_random(10, 4, 1.5, seed);
    ip_ib_options opt = ip_ib_options_default();
    ip_ib_solution *trivial, *best, *s, *start;
    CHECK_OK(ip_ib_start_trivial(p, &trivial));
    CHECK_OK(ib_solve_complete(p, &opt, 8, trivial, &best));
    for (size_t n_t = 1; n_t < 6; n_t++) {
      double gain;
      ip_rng r = ip_rng_open(seed, IP_RNG_RESTART, n_t);
      CHECK_OK(ip_ib_start_random(p, n_t, &r, &start));
      CHECK_OK(ip_ib_solve(p, &opt, 8, start, &s));
      CHECK_OK(ip_ib_check_optimality(p, s, false, 0, 0, &gain, NULL));
      assert_true(s->lagrangian_bits >= best->lagrangian_bits - 1e-9);
      assert_true(s->lagrangian_bits - gain / log(2) <= best->lagrangian_bits + 1e-9);
      ip_ib_solution_destroy(&start);
      ip_ib_solution_destroy(&s);
    }
    ip_ib_solution_destroy(&trivial);
    ip_ib_solution_destroy(&best);
    ip_ib_problem_destroy(&p);
  }
}

/* p(x,y) from whole counts. */
static ip_ib_problem *problem_of_counts(size_t n_x, size_t n_y, const double *count)
{
  double p_xy[64], sum = 0;
  for (size_t i = 0; i < n_x * n_y; i++) sum += count[i];
  for (size_t i = 0; i < n_x * n_y; i++) p_xy[i] = count[i] / sum;
  return problem_of(n_x, n_y, p_xy);
}

/* Tables with zeros whose missing cluster is inside the simplex, where an ascent that begins on a face never comes; in
 * the second one it has q(y) = 1.6e-5 for one y. The betas are the smallest root of G(q) = 1 over all q, by an
 * independent search (scipy.optimize over every face). */
static void t_constant_ends_where_another_t_is_better(void **state)
{
  (void)state;
  const double small[] = {0, 1, 3, 3, 0, 1, 1, 1, 1};
  const double large[] = {1, 0, 4, 0, 1, 0, 1, 1, 0, 0, 4, 4, 2, 0, 1, 4, 0, 2, 4, 0, 1, 1, 1, 4};
  const struct {
    size_t n_x, n_y;
    const double *count;
    double critical_beta, unstable_beta, beta, lagrangian_bits;
  } table[] = {{3, 3, small, 2.156363, 2.236717, 2.2, -4.6351e-4},
               {6, 4, large, 2.164334, 2.676484, 2.404892, -0.01327146}};
  for (size_t i = 0; i < 2; i++) {
    ip_ib_problem *p = problem_of_counts(table[i].n_x, table[i].n_y, table[i].count);
    ip_ib_curve *c = curve_between(p, 3, (double[]){1.5, table[i].beta, 3});
    CHECK_NEAR(c->constant.critical_beta, table[i].critical_beta, 1e-6);
    CHECK_NEAR(c->constant.unstable_beta, table[i].unstable_beta, 1e-6);
    assert_true(c->constant.certified);
    assert_true(c->critical[0].critical_beta == c->constant.critical_beta);
    assert_int_equal(c->critical[0].n_before, 1);
    assert_int_equal(c->point[0]->n_t, 1);
    CHECK_NEAR(c->point[1]->lagrangian_bits, table[i].lagrangian_bits, 1e-8);
    assert_true(c->point[1]->certified && c->point[1]->optimality_gap_bits < 1e-9 * (1 + table[i].beta));
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
}

/* Where X tells nothing T = constant is always best; where Y = X, up to beta = 1. */
static void t_constant_has_no_critical_beta_or_beta_one(void **state)
{
  (void)state;
  ip_ib_constant k;
  ip_ib_problem *p = problem_of(2, 2, (double[]){0.1, 0.3, 0.15, 0.45});
  CHECK_OK(ip_ib_constant_measure(p, &k));
  assert_true(isinf(k.critical_beta) && k.certified);
  ip_ib_problem_destroy(&p);
  p = problem_of(2, 2, (double[]){0.4, 0, 0, 0.6});
  CHECK_OK(ip_ib_constant_measure(p, &k));
  CHECK_NEAR(k.critical_beta, 1, 1e-12);
  assert_true(k.certified);
  ip_ib_problem_destroy(&p);
}

/* Soft labels of many classes: the work does not suffice for a proof, and what is not proved is not certified. */
static void an_end_of_t_constant_that_is_not_proved_is_not_certified(void **state)
{
  (void)state;
  ip_ib_constant k;
  ip_ib_problem *p = problem_random(40, 16, 1, 3);
  CHECK_OK(ip_ib_constant_measure(p, &k));
  assert_true(isfinite(k.critical_beta) && k.critical_beta <= k.unstable_beta);
  assert_false(k.certified);
  ip_ib_problem_destroy(&p);
}

/* The proof that the sphere's optimum lacks nothing; that of T = constant fails, at a q where G is above 1. */
static void proofs_hold_for_optima_and_fail_elsewhere(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_sphere();
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_solution *trivial, *s, *start;
  ib_proof proof;
  double q[2], gain;
  CHECK_OK(ip_ib_start_trivial(p, &trivial));
  CHECK_OK(ib_solve_certified(p, &opt, 20, trivial, &s));
  assert_true(s->certified);
  CHECK_NEAR(s->optimality_gap_bits, 5e-10 * (1 + 20) / log(2), 1e-10); /* what is proved in nats, in bits */
  CHECK_OK(ib_certify(p, s, 1e-9, 1000000, &proof, q));
  assert_int_equal(proof, IB_PROVED);
  CHECK_OK(ib_certify(p, s, 1e-9, 1000, &proof, q)); /* too little work */
  assert_int_equal(proof, IB_UNDECIDED);
  CHECK_OK(ib_certify(p, s, -1e-6, 1000000, &proof, q)); /* G = 1 at the clusters */
  assert_int_equal(proof, IB_REFUTED);
  trivial->beta = 20;
  CHECK_OK(ib_certify(p, trivial, 1e-9, 1000000, &proof, q));
  assert_int_equal(proof, IB_REFUTED);
  CHECK_OK(ib_check_optimality_from(p, trivial, q, 0.02, &gain, &start));
  assert_true(gain > 1e-9);
  ip_ib_solution_destroy(&start);
  ip_ib_solution_destroy(&s);
  ip_ib_solution_destroy(&trivial);
  ip_ib_problem_destroy(&p);
}

/* Hard labels: the bound is exact, however many there are. */
static void hard_labels_are_certified_whatever_their_number(void **state)
{
  (void)state;
  double p_xy[100] = {0};
  for (size_t i = 0; i < 10; i++) p_xy[11 * i] = 0.1;
  ip_ib_problem *p = problem_of(10, 10, p_xy);
  ip_ib_curve *c = curve_between(p, 3, (double[]){0.9, 1.1, 5});
  for (size_t i = 0; i < 3; i++) {
    assert_true(c->point[i]->certified && c->point[i]->optimality_gap_bits < 1e-9 * (1 + 4));
    CHECK_NEAR(c->point[i]->ixt_bits, i ? log2(10) : 0, 1e-9);
  }
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

static void the_symmetric_channel_splits_at_its_closed_form(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_bsc(0.1);
  ip_ib_curve *c = curve_between(p, 3, (double[]){1, 1.4, 3});
  assert_int_equal(c->n_critical, 1);
  CHECK_NEAR(c->critical[0].critical_beta, 1 / 0.64, 1e-4); /* symmetric: critical and split beta are equal */
  CHECK_NEAR(c->critical[0].split_beta, 1 / 0.64, 1e-7);
  assert_int_equal(c->critical[0].n_before, 1);
  assert_int_equal(c->critical[0].n_after, 2);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

static void the_clusters_of_the_sphere_appear_in_order(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_sphere();
  ip_ib_curve *c = curve_between(p, 7, (double[]){1, 1.2, 3, 8, 20, 36, 60});
  assert_int_equal(c->n_critical, 5);
  for (size_t i = 0; i < 5; i++) {
    const ip_ib_critical *k = &c->critical[i];
    assert_int_equal(k->n_before, i + 1);
    assert_int_equal(k->n_after, i + 2);
    assert_true(!(k->split_beta < k->critical_beta));
    /* just below nothing is missing, just above something is */
    ip_ib_curve *at = curve_between(p, 2, (double[]){k->critical_beta * 0.999, k->critical_beta * 1.01});
    assert_int_equal(at->point[0]->n_t, i + 1);
    assert_int_equal(at->point[1]->n_t, i + 2);
    CHECK_NEAR(at->point[0]->ixt_bits, k->ixt_bits, 0.02);
    ip_ib_curve_destroy(&at);
  }
  CHECK_NEAR(c->critical[0].split_beta, 1.081144, 5e-7);
  CHECK_NEAR(c->critical[1].split_beta, 5.478737, 5e-6);
  ip_ib_curve_destroy(&c);
  c = curve_between(p, 2, (double[]){5, 5.3}); /* which ends between the two */
  assert_int_equal(c->n_critical, 1);
  CHECK_NEAR(c->critical[0].critical_beta, 5.242931, 5e-6);
  assert_true(isnan(c->critical[0].split_beta));
  ip_ib_curve_destroy(&c);
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  opt.critical_clusters = 2; /* not that of three clusters, in the same range */
  CHECK_OK(ip_ib_curve_create(p, &opt, 2, (double[]){5, 20}, &c));
  assert_int_equal(c->n_critical, 1);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

/* Cells from 1e-7 to 1: a cluster that is missing may want a millionth of the mass. */
static void rare_inputs_get_their_clusters(void **state)
{
  (void)state;
  for (uint64_t seed = 66; seed < 73; seed++) { /* at seed 69 two hundredths of it lead back to where one was */
    ip_ib_problem *p = problem_random(10, 4, 4, seed);
    ip_ib_curve *c = curve_between(p, 3, (double[]){1.5, 3, 9});
    for (size_t i = 0; i < c->n; i++) assert_true(c->point[i]->optimality_gap_bits < 1e-7);
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
}

/* Two classes of hard labels from beta = 1 on: probabilities underflow, and nothing overflows for it. */
static void hard_labels_have_a_curve_from_beta_one(void **state)
{
  (void)state;
  const int32_t y[] = {0, 1, 0, 1};
  const uint32_t id[] = {0, 1, 2, 3};
  double beta[40];
  for (size_t i = 0; i < 40; i++) beta[i] = pow(300, (double)i / 39);
  ip_ib_problem *p;
  CHECK_OK(ip_ib_problem_from_samples(4, 2, NULL, y, 4, id, &p));
  ip_ib_curve *c = curve_between(p, 40, beta);
  CHECK_NEAR(c->point[1]->ity_bits, 1, 1e-9);
  CHECK_NEAR(c->point[39]->ixt_bits, 1, 1e-9);
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

static ip_status measure_all(const ip_ib_problem *p, const ip_ib_solution *s, ip_ib_stability *st,
                             ip_ib_solution **split, ip_ib_solution **start)
{
  ip_ib_options opt = ip_ib_options_default();
  double gain;
  *st = (ip_ib_stability){0};
  *split = *start = NULL;
  IP_TRY(ip_ib_stability_measure(p, &opt, s, st));
  IP_TRY(ip_ib_split(s, st, s->beta, split));
  return ip_ib_check_optimality(p, s, false, 1e-9, 0.02, &gain, start);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_bsc(0.1);
  ip_ib_solution *s, *split, *start;
  ip_ib_stability st;
  CHECK_OK(ip_ib_start_trivial(p, &s));
  s->beta = 4;
  CHECK_EVERY_ALLOCATION(measure_all(p, s, &st, &split, &start),
                         (ip_ib_stability_free(&st), ip_ib_solution_destroy(&split), ip_ib_solution_destroy(&start)));
  ip_ib_solution_destroy(&s);
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_beta_is_that_of_the_maximal_correlation),
      cmocka_unit_test(the_first_beta_is_the_same_either_way_round),
      cmocka_unit_test(a_split_grows_by_beta_times_the_eigenvalue),
      cmocka_unit_test(a_split_start_is_a_distribution_with_the_same_mean),
      cmocka_unit_test(a_missing_cluster_is_found_and_none_where_none_is_missing),
      cmocka_unit_test(the_gap_bounds_the_best_from_below),
      cmocka_unit_test(t_constant_ends_where_another_t_is_better),
      cmocka_unit_test(t_constant_has_no_critical_beta_or_beta_one),
      cmocka_unit_test(an_end_of_t_constant_that_is_not_proved_is_not_certified),
      cmocka_unit_test(proofs_hold_for_optima_and_fail_elsewhere),
      cmocka_unit_test(hard_labels_are_certified_whatever_their_number),
      cmocka_unit_test(the_symmetric_channel_splits_at_its_closed_form),
      cmocka_unit_test(the_clusters_of_the_sphere_appear_in_order),
      cmocka_unit_test(rare_inputs_get_their_clusters),
      cmocka_unit_test(hard_labels_have_a_curve_from_beta_one),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/critical", tests, NULL, NULL);
}
