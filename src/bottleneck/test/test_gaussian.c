/* Gaussian bottleneck and named channels against their closed forms and the solver. */
#include "bottleneck/channel.h"
#include "bottleneck/gaussian.h"
#include "bottleneck/solve.h"
#include "bottleneck/test/problems.h"

#include "info/discrete.h"

static void a_scalar_follows_its_closed_form(void **state)
{
  (void)state;
  for (double rho = 0.1; rho < 1; rho += 0.2)
    for (double beta = 0.5; beta < 1000; beta *= 1.9) {
      ip_ib_gaussian_point at = ip_ib_gaussian_optimum(1, &rho, beta);
      CHECK_NEAR(at.ity_bits, -0.5 * log2(1 - rho * rho * (1 - exp2(-2 * at.ixt_bits))), 1e-12);
      assert_int_equal(at.n_directions, beta > 1 / (rho * rho));
      if (at.n_directions) { /* slope 1/beta */
        ip_ib_gaussian_point next = ip_ib_gaussian_optimum(1, &rho, beta * (1 + 1e-6));
        double slope = (next.ity_bits - at.ity_bits) / (next.ixt_bits - at.ixt_bits);
        CHECK_NEAR(slope * beta, 1, 1e-4);
      }
    }
  double rho = 0.75;
  CHECK_NEAR(ip_ib_gaussian_ixy_bits(1, &rho), -0.5 * log2(1 - 0.5625), 1e-15);
  CHECK_NEAR(ip_ib_gaussian_optimum(1, &rho, 1e9).ity_bits, -0.5 * log2(1 - 0.5625), 1e-6);
}

static void directions_add_up_and_come_in_at_their_own_beta(void **state)
{
  (void)state;
  const double rho[] = {0.9, 0.6, 0.6, 0}, beta[] = {1, 1.5, 2.5, 5, 50};
  ip_ib_curve *c;
  CHECK_OK(ip_ib_gaussian_curve(4, rho, false, 5, beta, &c));
  assert_int_equal(c->n_critical, 2);
  CHECK_NEAR(c->critical[0].critical_beta, 1 / 0.81, 1e-12);
  CHECK_NEAR(c->critical[1].critical_beta, 1 / 0.36, 1e-12);
  assert_int_equal(c->critical[1].n_before, 2);
  assert_int_equal(c->critical[1].n_after, 4);
  const size_t directions[] = {0, 1, 1, 3, 3};
  for (size_t i = 0; i < 5; i++) {
    double ixt = 0, ity = 0;
    for (size_t k = 0; k < 4; k++) {
      ip_ib_gaussian_point one = ip_ib_gaussian_optimum(1, &rho[k], beta[i]);
      ixt += one.ixt_bits;
      ity += one.ity_bits;
    }
    assert_int_equal(c->point[i]->n_t, 1 + directions[i]);
    const ip_ib_solution *s = c->point[i];
    CHECK_NEAR(s->ixt_bits, ixt, 1e-12);
    CHECK_NEAR(s->ity_bits, ity, 1e-12);
    CHECK_NEAR(s->lagrangian_bits, ixt - beta[i] * ity, 1e-12);
    assert_true(s->beta == beta[i] && s->slope_beta == beta[i]);
    assert_true(isnan(s->ht_bits)); /* T is continuous */
    assert_true(s->converged && s->certified && s->optimality_gap_bits == 0);
  }
  for (size_t i = 0; i < 2; i++) { /* I(X;T) is continuous: at 1/0.36 only the first direction has any */
    const ip_ib_critical *k = &c->critical[i];
    ip_ib_gaussian_point at = ip_ib_gaussian_optimum(1, rho, k->critical_beta);
    CHECK_NEAR(k->ixt_bits, at.ixt_bits, 1e-12);
    CHECK_NEAR(k->ity_bits, at.ity_bits, 1e-12);
    assert_true(k->split_beta == k->critical_beta);
  }
  assert_true(c->critical[1].ixt_bits > 0.5 && c->critical[1].ity_bits < c->critical[1].ixt_bits);
  CHECK_NEAR(c->constant.critical_beta, 1 / 0.81, 1e-12);
  CHECK_NEAR(c->constant.unstable_beta, 1 / 0.81, 1e-12);
  assert_true(c->constant.certified && !c->squared && isinf(c->h_classes_bits));
  CHECK_NEAR(c->ixy_bits, ip_ib_gaussian_ixy_bits(4, rho), 1e-15);
  ip_ib_nearest far = ip_ib_curve_nearest(c, 1000, 0);
  CHECK_NEAR(far.distance_bits, c->point[4]->ity_bits, 1e-12); /* I(X;Y) is never reached: level from the last point */
  CHECK_NEAR(ip_ib_curve_at(c, 1000), c->point[4]->ity_bits, 1e-12);
  ip_ib_curve_destroy(&c);
}

/* 1/rho^2 = 4 is exact: at this beta the direction still carries nothing, and a range that begins or ends there has it.
 */
static void the_ends_of_the_betas_belong_to_them(void **state)
{
  (void)state;
  const double rho = 0.5, range[][2] = {{1, 4}, {4, 8}, {1, 3.999}, {4.001, 8}};
  for (size_t i = 0; i < 4; i++) {
    ip_ib_curve *c;
    CHECK_OK(ip_ib_gaussian_curve(1, &rho, false, 2, range[i], &c));
    assert_int_equal(c->n_critical, i < 2);
    if (i < 2) assert_true(c->critical[0].critical_beta == 4 && c->critical[0].n_after == 2);
    ip_ib_curve_destroy(&c);
  }
  assert_int_equal(ip_ib_gaussian_optimum(1, &rho, 4).n_directions, 0);
  assert_int_equal(ip_ib_gaussian_optimum(1, &rho, nextafter(4, 5)).n_directions, 1);
}

/* I^2 - beta I(T;Y) is least where 2 I = beta dI(T;Y)/dI: no other point of the curve has less. */
static void squared_points_are_the_least_of_the_closed_form(void **state)
{
  (void)state;
  const double rho[] = {0.9, 0.6}, beta[] = {0.01, 0.5, 2, 10, 200};
  ip_ib_curve *c;
  CHECK_OK(ip_ib_gaussian_curve(2, rho, true, 5, beta, &c));
  assert_int_equal(c->n_critical, 0);
  assert_true(c->squared && !c->constant.certified);
  assert_true(isnan(c->constant.unstable_beta) && isnan(c->constant.critical_beta)); /* T = constant is never best */
  for (size_t i = 0; i < 5; i++) {
    const ip_ib_solution *s = c->point[i];
    CHECK_NEAR(2 * s->ixt_bits * IP_NATS_PER_BIT, beta[i] / s->slope_beta, 1e-12 * beta[i]);
    CHECK_NEAR(s->lagrangian_bits, IP_NATS_PER_BIT * s->ixt_bits * s->ixt_bits - beta[i] * s->ity_bits, 1e-12);
    for (double slope = 1; slope < 1000; slope *= 1.02) {
      ip_ib_gaussian_point at = ip_ib_gaussian_optimum(2, rho, slope);
      double l = IP_NATS_PER_BIT * at.ixt_bits * at.ixt_bits - beta[i] * at.ity_bits;
      assert_true(l >= s->lagrangian_bits - 1e-12);
    }
  }
  ip_ib_curve_destroy(&c);
}

/* X and Y cut into bins of a fifth of a deviation: the solver of discrete distributions comes out at the same place. */
static void the_solver_agrees_on_a_gaussian_cut_into_bins(void **state)
{
  (void)state;
  enum { N = 41 };
  static double p_xy[N * N];
  const double rho = 0.75, step = 0.2;
  double sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      double x = (i - N / 2) * step, y = (j - N / 2) * step;
      sum += p_xy[i * N + j] = exp(-(x * x - 2 * rho * x * y + y * y) / (2 * (1 - rho * rho)));
    }
  for (int i = 0; i < N * N; i++) p_xy[i] /= sum;
  ip_ib_problem *p = problem_of(N, N, p_xy);
  CHECK_NEAR(p->ixy_bits, ip_ib_gaussian_ixy_bits(1, &rho), 1e-3);
  ip_ib_options opt = ip_ib_options_default();
  opt.max_iterations = 1000;
  for (double beta = 3; beta < 13; beta *= 2) {
    ip_ib_solution *start, *s;
    ip_ib_gaussian_point want = ip_ib_gaussian_optimum(1, &rho, beta);
    CHECK_OK(ip_ib_start_identity(p, 0, &start));
    CHECK_OK(ip_ib_solve(p, &opt, beta, start, &s));
    CHECK_NEAR(s->ixt_bits - beta * s->ity_bits, want.ixt_bits - beta * want.ity_bits, 2e-3 * beta);
    CHECK_NEAR(s->ity_bits, want.ity_bits, 5e-3);
    ip_ib_solution_destroy(&start);
    ip_ib_solution_destroy(&s);
  }
  ip_ib_problem_destroy(&p);
}

static void correlations_come_out_of_covariances(void **state)
{
  (void)state;
  double rho[3];
  const double one = 4, other = 9, cross = 0.75 * 6;
  CHECK_OK(ip_ib_gaussian_correlations(1, 1, &one, &other, &cross, rho));
  CHECK_NEAR(rho[0], 0.75, 1e-14);
  /* Y = first two of X's three variables, mixed by an invertible map, plus noise: canonical correlations do not see
   * maps */
  const double cov_x[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  const double a[2][3] = {{2, 1, 0}, {-1, 1, 0}}; /* Y = A (X + noise of variance 0.25 in each) */
  double cov_y[4] = {0}, cov_xy[6];
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      for (int k = 0; k < 3; k++) cov_y[i * 2 + j] += 1.25 * a[i][k] * a[j][k];
  for (int k = 0; k < 3; k++)
    for (int j = 0; j < 2; j++) cov_xy[k * 2 + j] = a[j][k];
  CHECK_OK(ip_ib_gaussian_correlations(3, 2, cov_x, cov_y, cov_xy, rho));
  CHECK_NEAR(rho[0], sqrt(0.8), 1e-12);
  CHECK_NEAR(rho[1], sqrt(0.8), 1e-12);
}

static void covariances_that_are_none_are_refused(void **state)
{
  (void)state;
  double rho[2];
  const double unit[] = {1, 0, 0, 1}, skew[] = {1, 0.5, 0, 1}, flat[] = {1, 1, 1, 1}, nothing[] = {1, NAN, NAN, 1};
  const double one = 1, two = 2, cross[] = {0.5, 0}, broken[] = {NAN, 0};
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 1, skew, &one, cross, rho), IP_EINVAL, "not symmetric");
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 1, flat, &one, cross, rho), IP_EINVAL, "X is not positive definite");
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 1, nothing, &one, cross, rho), IP_EINVAL, "row 1, column 2 holds nan");
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 1, unit, &one, broken, rho), IP_EINVAL, "X and Y: row 1, column 1");
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 2, unit, flat, (const double[]){0, 0, 0, 0}, rho), IP_EINVAL,
              "Y is not positive definite");
  CHECK_FAILS(ip_ib_gaussian_correlations(2, 3, unit, NULL, (const double[]){0, 0, 0, 0, 0, NAN}, rho), IP_EINVAL,
              "X and Y: row 2, column 3 holds nan");
  CHECK_FAILS(ip_ib_gaussian_correlations(1, 1, &one, &one, &two, rho), IP_EINVAL, "a correlation of 2");
  CHECK_FAILS(ip_ib_gaussian_correlations(0, 1, NULL, &one, NULL, rho), IP_EINVAL, "0 and 1 variables");
  ip_ib_curve *c;
  const double beta[] = {2, 1};
  CHECK_FAILS(ip_ib_gaussian_curve(1, &one, false, 1, beta, &c), IP_EINVAL, "a correlation of 1");
  CHECK_FAILS(ip_ib_gaussian_curve(1, cross, false, 2, beta, &c), IP_EINVAL, "beta 1");
  CHECK_FAILS(ip_ib_gaussian_curve(1, cross, false, 0, beta, &c), IP_EINVAL, "0 betas");
  CHECK_FAILS(ip_ib_gaussian_curve(0, cross, false, 1, beta, &c), IP_EINVAL, "a curve of 0 correlations");
  CHECK_FAILS(ip_ib_gaussian_curve(1, (const double[]){-0.5}, false, 1, beta, &c), IP_EINVAL, "a correlation of -0.5");
  CHECK_FAILS(ip_ib_gaussian_curve(1, cross, false, 2, (const double[]){2, 2}, &c), IP_EINVAL, "beta 2");
  CHECK_FAILS(ip_ib_gaussian_curve(1, cross, false, 1, (const double[]){0}, &c), IP_EINVAL, "beta 0");
  assert_null(c);
}

static void channels_are_read_by_name(void **state)
{
  (void)state;
  ip_channel c;
  ip_ib_problem *p;
  CHECK_OK(ip_channel_parse("bsc:0.1", &c));
  CHECK_OK(ip_channel_problem(&c, &p));
  CHECK_NEAR(p->ixy_bits, 1 - ip_binary_entropy_bits(0.1), 1e-14);
  ip_ib_problem_destroy(&p);
  CHECK_OK(ip_channel_parse("bec:0.2", &c));
  CHECK_OK(ip_channel_problem(&c, &p));
  CHECK_NEAR(p->ixy_bits, 0.8, 1e-14);
  assert_int_equal(p->n_y, 3);
  ip_ib_problem_destroy(&p);
  CHECK_OK(ip_channel_parse("gaussian:-0.75", &c));
  assert_true(c.kind == IP_CHANNEL_GAUSSIAN && c.parameter == -0.75);
  assert_true(ip_channel_is("bsc:") && !ip_channel_is("bsc") && !ip_channel_is("p.csv"));
  const char *ends[] = {"bsc:0", "bsc:1", "bec:0", "bec:1", "gaussian:0.999", "gaussian:-0.999", "gaussian:0"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) CHECK_OK(ip_channel_parse(ends[i], &c));
  CHECK_FAILS(ip_channel_parse("bsc:", &c), IP_EUSAGE, "'' is no number");
  CHECK_FAILS(ip_channel_parse("bsc:1.1", &c), IP_EUSAGE, "from 0 to 1");
  CHECK_FAILS(ip_channel_parse("bec:-0.1", &c), IP_EUSAGE, "from 0 to 1");
  CHECK_FAILS(ip_channel_parse("bec:nan", &c), IP_EUSAGE, "'nan' is no number");
  CHECK_FAILS(ip_channel_parse("gaussian:1", &c), IP_EUSAGE, "below 1");
  CHECK_FAILS(ip_channel_parse("gaussian:-1", &c), IP_EUSAGE, "above -1");
  CHECK_FAILS(ip_channel_parse("bsc:-1e-9", &c), IP_EUSAGE, "from 0 to 1");
  CHECK_FAILS(ip_channel_parse("awgn:1", &c), IP_EUSAGE, "'awgn:1' is no channel");
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  const double rho[] = {0.9, 0.5}, beta[] = {1, 2, 5}, one = 1, cross = 0.5;
  double out[1];
  ip_ib_curve *c;
  CHECK_EVERY_ALLOCATION(ip_ib_gaussian_curve(2, rho, false, 3, beta, &c), ip_ib_curve_destroy(&c));
  CHECK_EVERY_ALLOCATION(ip_ib_gaussian_correlations(1, 1, &one, &one, &cross, out), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_scalar_follows_its_closed_form),
      cmocka_unit_test(directions_add_up_and_come_in_at_their_own_beta),
      cmocka_unit_test(the_ends_of_the_betas_belong_to_them),
      cmocka_unit_test(squared_points_are_the_least_of_the_closed_form),
      cmocka_unit_test(the_solver_agrees_on_a_gaussian_cut_into_bins),
      cmocka_unit_test(correlations_come_out_of_covariances),
      cmocka_unit_test(covariances_that_are_none_are_refused),
      cmocka_unit_test(channels_are_read_by_name),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/gaussian", tests, NULL, NULL);
}
