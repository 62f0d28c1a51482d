#include "bottleneck/solve.h"
#include "bottleneck/test/problems.h"

#include "info/discrete.h"

static ip_ib_solution *solve_from(const ip_ib_problem *p, const ip_ib_options *opt, double beta, ip_ib_solution *start)
{
  ip_ib_solution *s;
  CHECK_OK(ip_ib_solve(p, opt, beta, start, &s));
  assert_true(s->converged);
  ip_ib_solution_destroy(&start);
  return s;
}

static ip_ib_solution *solve(const ip_ib_problem *p, const ip_ib_options *opt, double beta, double soft)
{
  ip_ib_solution *start;
  CHECK_OK(ip_ib_start_identity(p, soft, &start));
  return solve_from(p, opt, beta, start);
}

static void check_point(const ip_ib_problem *p, const ip_ib_options *opt, double beta, double ixt, double ity)
{
  ip_ib_solution *s = solve(p, opt, beta, 0);
  CHECK_NEAR(s->ixt_bits, ixt, 5e-6);
  CHECK_NEAR(s->ity_bits, ity, 5e-6);
  ip_ib_solution_destroy(&s);
}

static void the_sphere_has_the_reference_points(void **state)
{
  (void)state;
  const double points[][3] = {{1.05, 0, 0},          {1.2, 0.73200, 0.65508}, {2, 0.98602, 0.84266},
                              {7, 1.10800, 0.86680}, {20, 1.27692, 0.88080},  {100, 1.95652, 0.89702}};
  ip_ib_problem *p = problem_sphere();
  ip_ib_options opt = ip_ib_options_default();
  for (size_t i = 0; i < sizeof points / sizeof *points; i++)
    check_point(p, &opt, points[i][0], points[i][1], points[i][2]);
  ip_ib_problem_destroy(&p);
}

static void small_channels_have_the_reference_points(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_problem *p = problem_bsc(0.1);
  check_point(p, &opt, 2, 0.696432, 0.407234);
  check_point(p, &opt, 1.5, 0, 0); /* below 1 / 0.8^2 */
  ip_ib_problem_destroy(&p);
  p = problem_of(3, 3, five_cells);
  check_point(p, &opt, 2.5, 0.8, 0.4);
  check_point(p, &opt, 10, 1.512903, 0.570161);
  ip_ib_problem_destroy(&p);
}

/* T = X xor noise q: the optimum of a binary symmetric channel; its q solves a one-dimensional equation. */
static void a_symmetric_channel_follows_its_closed_form(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  for (double crossover = 0.02; crossover < 0.4; crossover += 0.09) {
    ip_ib_problem *p = problem_bsc(crossover);
    for (double factor = 1.1; factor < 20; factor *= 1.7) {
      double beta = factor / ((1 - 2 * crossover) * (1 - 2 * crossover));
      double low = 1e-15, high = 0.5 - 1e-9; /* slope dI(T;Y)/dI(X;T) = 1/beta, by bisection in q */
      for (int i = 0; i < 200; i++) {
        double q = (low + high) / 2, r = crossover + (1 - 2 * crossover) * q;
        double slope = (1 - 2 * crossover) * log((1 - r) / r) / log((1 - q) / q);
        if (slope > 1 / beta)
          high = q;
        else
          low = q;
      }
      double r = crossover + (1 - 2 * crossover) * low;
      check_point(p, &opt, beta, 1 - ip_binary_entropy_bits(low), 1 - ip_binary_entropy_bits(r));
    }
    ip_ib_problem_destroy(&p);
  }
}

/* The textbook equations as they stand in the paper, without matrices, merging or acceleration. */
static void few_lines(const ip_ib_problem *p, double beta, size_t n_steps, double *ixt, double *ity)
{
  size_t nx = p->n_x, ny = p->n_y, nt = nx;
  double *w = calloc(nx * nt, sizeof *w), *pt = calloc(nt, sizeof *pt), *pyt = calloc(ny * nt, sizeof *pyt);
  for (size_t x = 0; x < nx; x++) w[x * nt + x] = 1;
  for (size_t step = 0; step <= n_steps; step++) {
    for (size_t t = 0; t < nt; t++) {
      pt[t] = 0;
      for (size_t x = 0; x < nx; x++) pt[t] += p->p_xy[x * (ny + 1) + ny] * w[x * nt + t];
      for (size_t y = 0; y < ny; y++) {
        pyt[y * nt + t] = 0;
        for (size_t x = 0; x < nx; x++) pyt[y * nt + t] += p->p_xy[x * (ny + 1) + y] * w[x * nt + t] / pt[t];
      }
    }
    if (step == n_steps) break;
    for (size_t x = 0; x < nx; x++) {
      double z = 0;
      for (size_t t = 0; t < nt; t++) {
        double kl = 0;
        for (size_t y = 0; y < ny; y++) {
          double q = p->p_y_given_x[x * (ny + 1) + y];
          if (q > 0) kl += q * log(q / pyt[y * nt + t]);
        }
        z += w[x * nt + t] = pt[t] * exp(-beta * kl);
      }
      for (size_t t = 0; t < nt; t++) w[x * nt + t] /= z;
    }
  }
  *ixt = *ity = 0;
  for (size_t x = 0; x < nx; x++)
    for (size_t t = 0; t < nt; t++)
      if (w[x * nt + t] > 0) *ixt += p->p_xy[x * (ny + 1) + ny] * w[x * nt + t] * log2(w[x * nt + t] / pt[t]);
  for (size_t y = 0; y < ny; y++)
    for (size_t t = 0; t < nt; t++)
      if (pyt[y * nt + t] > 0) *ity += pt[t] * pyt[y * nt + t] * log2(pyt[y * nt + t] / p->p_y[y]);
  free(w);
  free(pt);
  free(pyt);
}

static void plain_iterations_are_those_of_a_few_lines(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  opt.accelerate = opt.merge = false;
  const size_t n_y[] = {2, 3, 7, 8, 20}; /* loops below, matrix products above */
  for (size_t k = 0; k < sizeof n_y / sizeof *n_y; k++) {
    ip_ib_problem *p = problem_random(70, n_y[k], 1, k);
    ip_ib_solution *start, *s;
    double ixt, ity;
    CHECK_OK(ip_ib_start_identity(p, 0, &start));
    opt.max_iterations = 20;
    CHECK_OK(ip_ib_solve(p, &opt, 6, start, &s));
    few_lines(p, 6, s->iterations, &ixt, &ity);
    CHECK_NEAR(s->ixt_bits, ixt, 1e-11);
    CHECK_NEAR(s->ity_bits, ity, 1e-11);
    ip_ib_solution_destroy(&s);
    ip_ib_solution_destroy(&start);
    ip_ib_problem_destroy(&p);
  }
}

static void acceleration_and_merging_change_the_way_and_not_the_end(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 3; seed++) {
    ip_ib_problem *p = problem_random(12, 4, 1.5, seed);
    ip_ib_options fast = ip_ib_options_default(), plain = fast;
    plain.accelerate = plain.merge = false;
    ip_ib_solution *a = solve(p, &fast, 5, 0), *b = solve(p, &plain, 5, 0);
    CHECK_NEAR(a->lagrangian_bits, b->lagrangian_bits, 1e-9);
    CHECK_NEAR(a->ixt_bits, b->ixt_bits, 1e-5);
    CHECK_NEAR(a->ity_bits, b->ity_bits, 1e-5);
    assert_true(a->iterations < b->iterations);
    assert_true(a->n_t < b->n_t);
    ip_ib_solution_destroy(&a);
    ip_ib_solution_destroy(&b);
    ip_ib_problem_destroy(&p);
  }
}

static void information_obeys_the_data_processing_inequality(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  for (uint64_t seed = 0; seed < 8; seed++) {
    ip_ib_problem *p = problem_random(15, 3 + seed, 1.5, seed);
    for (double beta = 0.5; beta < 200; beta *= 2) {
      opt.alpha = seed % 2 ? 1 : 0.5;
      ip_ib_solution *s = solve(p, &opt, beta, 0);
      assert_true(s->ity_bits <= s->ixt_bits + 1e-12);
      assert_true(s->ity_bits <= p->ixy_bits + 1e-12);
      assert_true(s->ixt_bits <= s->ht_bits + 1e-12);
      CHECK_NEAR(s->lagrangian_bits, s->ht_bits - opt.alpha * (s->ht_bits - s->ixt_bits) - beta * s->ity_bits, 1e-12);
      ip_ib_solution_destroy(&s);
    }
    ip_ib_problem_destroy(&p);
  }
}

/* All ways of putting three inputs into clusters: H(T) - beta I(T;Y) of the best. */
static void the_deterministic_bottleneck_finds_the_best_partition(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  opt.alpha = 0;
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  check_point(p, &opt, 100, 1.521928, 0.570951); /* everything apart */
  ip_ib_solution *start, *s;
  CHECK_OK(ip_ib_solution_create(3, 2, &start)); /* {x0, x1}, {x2}, and the iterations stay there */
  const double joint[] = {0.2, 0, 0, 0.2, 0.4, 0.2, 0.6, 0.4};
  memcpy(start->joint, joint, sizeof joint);
  s = solve_from(p, &opt, 3, start);
  CHECK_NEAR(s->ixt_bits, 0.970951, 5e-7);
  CHECK_NEAR(s->ity_bits, 0.419973, 5e-7);
  CHECK_NEAR(s->ht_bits, s->ixt_bits, 1e-15);
  ip_ib_solution_destroy(&s);
  ip_ib_problem_destroy(&p);
}

static void check_encoder(size_t n_x)
{
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_problem *p = problem_random(n_x, 4, 1.5, 3);
  ip_ib_solution *s = solve(p, &opt, 10, 0);
  double *w = calloc(p->n_x * s->n_t, sizeof *w), ity = 0, ixt = 0;
  CHECK_OK(ip_ib_encoder(p, &opt, s, w));
  for (size_t t = 0; t < s->n_t; t++) {
    double p_t = 0, p_yt[4] = {0};
    for (size_t x = 0; x < p->n_x; x++) {
      p_t += p->p_xy[x * 5 + 4] * w[x * s->n_t + t];
      for (size_t y = 0; y < 4; y++) p_yt[y] += p->p_xy[x * 5 + y] * w[x * s->n_t + t];
    }
    for (size_t y = 0; y < 4; y++) ity += p_yt[y] * log2(p_yt[y] / p_t / p->p_y[y]);
    for (size_t x = 0; x < p->n_x; x++)
      if (w[x * s->n_t + t] > 0) ixt += p->p_xy[x * 5 + 4] * w[x * s->n_t + t] * log2(w[x * s->n_t + t] / p_t);
  }
  CHECK_NEAR(ixt, s->ixt_bits, 1e-8);
  CHECK_NEAR(ity, s->ity_bits, 1e-8);
  free(w);
  ip_ib_solution_destroy(&s);
  ip_ib_problem_destroy(&p);
}

/* Also of more inputs than are mapped at a time. */
static void a_solution_gives_its_encoder_back(void **state)
{
  (void)state;
  check_encoder(9);
  check_encoder(150);
}

static void random_starts_are_distributions_and_repeat(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_random(6, 3, 1, 4);
  ip_ib_solution *a, *b;
  ip_rng r = ip_rng_open(5, IP_RNG_RESTART, 0), again = r;
  CHECK_OK(ip_ib_start_random(p, 4, &r, &a));
  CHECK_OK(ip_ib_start_random(p, 4, &again, &b));
  assert_memory_equal(a->joint, b->joint, 16 * sizeof *a->joint);
  double sum = 0;
  for (size_t t = 0; t < 4; t++) {
    CHECK_NEAR(a->joint[t] + a->joint[4 + t] + a->joint[8 + t], a->joint[12 + t], 1e-15);
    sum += a->joint[12 + t];
  }
  CHECK_NEAR(sum, 1, 1e-14);
  ip_ib_solution_destroy(&a);
  ip_ib_solution_destroy(&b);
  ip_ib_problem_destroy(&p);
}

static void impossible_betas_are_rejected(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_problem *p = problem_bsc(0.1);
  ip_ib_solution *start, *s;
  CHECK_OK(ip_ib_start_trivial(p, &start));
  const double bad[] = {0, -1, NAN, INFINITY};
  for (size_t i = 0; i < 4; i++) {
    CHECK_FAILS(ip_ib_solve(p, &opt, bad[i], start, &s), IP_EINVAL, "needs a finite beta above 0");
    assert_null(s);
  }
  opt.alpha = -0.1;
  CHECK_FAILS(ip_ib_solve(p, &opt, 1, start, &s), IP_EINVAL, "alpha is -0.1");
  opt = ip_ib_options_default();
  CHECK_OK(ip_ib_solve(p, &opt, 1e9, start, &s)); /* extreme, and fine */
  ip_ib_solution_destroy(&s);
  ip_ib_solution_destroy(&start);
  CHECK_OK(ip_ib_start_identity(p, 0, &start));
  CHECK_OK(ip_ib_solve(p, &opt, 1e9, start, &s));
  CHECK_NEAR(s->ity_bits, p->ixy_bits, 1e-12);
  ip_ib_solution_destroy(&s);
  CHECK_OK(ip_ib_solve(p, &opt, 1e-9, start, &s));
  CHECK_NEAR(s->ixt_bits, 0, 1e-12);
  ip_ib_solution_destroy(&s);
  ip_ib_solution_destroy(&start);
  ip_ib_problem_destroy(&p);
}

static void a_single_input_or_outcome_has_nothing_to_tell(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_problem *p = problem_of(1, 3, (double[]){0.2, 0.3, 0.5});
  check_point(p, &opt, 5, 0, 0);
  ip_ib_problem_destroy(&p);
  p = problem_of(3, 1, (double[]){0.2, 0.3, 0.5});
  assert_int_equal(p->n_x, 1);
  check_point(p, &opt, 5, 0, 0);
  ip_ib_problem_destroy(&p);
  p = problem_of(2, 3, (double[]){0.5, 0, 0, 0.1, 0, 0.4}); /* an outcome that never happens */
  check_point(p, &opt, 1e6, 1, p->ixy_bits);
  ip_ib_problem_destroy(&p);
}

static ip_status solve_and_encode(const ip_ib_problem *p, const ip_ib_options *opt, ip_ib_solution **s)
{
  ip_ib_solution *start = NULL;
  double w[9];
  *s = NULL;
  ip_status st = ip_ib_start_identity(p, 0.1, &start);
  if (st == IP_OK) st = ip_ib_solve(p, opt, 3, start, s);
  if (st == IP_OK) st = ip_ib_encoder(p, opt, *s, w);
  ip_ib_solution_destroy(&start);
  return st;
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_options opt = ip_ib_options_default();
  ip_ib_problem *p = problem_of(3, 3, five_cells);
  ip_ib_solution *s;
  ip_rng r = ip_rng_open(5, IP_RNG_RESTART, 0);
  CHECK_EVERY_ALLOCATION(solve_and_encode(p, &opt, &s), ip_ib_solution_destroy(&s));
  CHECK_EVERY_ALLOCATION(ip_ib_start_random(p, 2, &r, &s), ip_ib_solution_destroy(&s));
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_sphere_has_the_reference_points),
      cmocka_unit_test(small_channels_have_the_reference_points),
      cmocka_unit_test(a_symmetric_channel_follows_its_closed_form),
      cmocka_unit_test(plain_iterations_are_those_of_a_few_lines),
      cmocka_unit_test(acceleration_and_merging_change_the_way_and_not_the_end),
      cmocka_unit_test(information_obeys_the_data_processing_inequality),
      cmocka_unit_test(the_deterministic_bottleneck_finds_the_best_partition),
      cmocka_unit_test(a_solution_gives_its_encoder_back),
      cmocka_unit_test(random_starts_are_distributions_and_repeat),
      cmocka_unit_test(impossible_betas_are_rejected),
      cmocka_unit_test(a_single_input_or_outcome_has_nothing_to_tell),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/solve", tests, NULL, NULL);
}
