/* The squared Lagrangian: plain optima at their slope, and mixtures on straight pieces of the curve. */
#include "bottleneck/curve.h"
#include "bottleneck/grid.h"
#include "bottleneck/squared.h"
#include "bottleneck/test/problems.h"

#include "info/discrete.h"

static ip_ib_curve *squared_curve(const ip_ib_problem *p, const char *grid)
{
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  size_t n;
  double *beta;
  ip_ib_curve *c;
  opt.squared = true;
  CHECK_OK(ip_ib_grid_parse(grid, &n, &beta));
  CHECK_OK(ip_ib_curve_create(p, &opt, n, beta, &c));
  ip_free(beta);
  return c;
}

/* I(X;T), I(T;Y) and H(T) from p(t|x) and nothing else. */
static void check_encoder(const ip_ib_problem *p, const ip_ib_solution *s)
{
  ip_ib_options opt = ip_ib_options_default();
  double *w = calloc(p->n_x * s->n_t, sizeof *w), ixt = 0, ity = 0, ht = 0;
  CHECK_OK(ip_ib_encoder(p, &opt, s, w));
  for (size_t t = 0; t < s->n_t; t++) {
    double p_t = 0;
    for (size_t x = 0; x < p->n_x; x++) p_t += p->p_xy[x * (p->n_y + 1) + p->n_y] * w[x * s->n_t + t];
    ht -= p_t > 0 ? p_t * log2(p_t) : 0;
    for (size_t x = 0; x < p->n_x; x++) {
      double v = w[x * s->n_t + t];
      if (v > 0) ixt += p->p_xy[x * (p->n_y + 1) + p->n_y] * v * log2(v / p_t);
    }
    for (size_t y = 0; y < p->n_y; y++) {
      double p_yt = 0;
      for (size_t x = 0; x < p->n_x; x++) p_yt += p->p_xy[x * (p->n_y + 1) + y] * w[x * s->n_t + t];
      if (p_yt > 0) ity += p_yt * log2(p_yt / p_t / p->p_y[y]);
    }
  }
  CHECK_NEAR(ixt, s->ixt_bits, 1e-6);
  CHECK_NEAR(ity, s->ity_bits, 1e-6);
  CHECK_NEAR(ht, s->ht_bits, 1e-6);
  free(w);
}

/* Y = X, uniform on n values: I(X;T) = I(T;Y) = min(beta / 2 nats, log2 n bits). */
static void a_copy_of_n_values_has_its_closed_form(void **state)
{
  (void)state;
  const size_t sizes[] = {2, 3, 4, 10};
  for (size_t k = 0; k < 4; k++) {
    size_t n = sizes[k];
    double p_xy[100] = {0};
    for (size_t i = 0; i < n; i++) p_xy[i * n + i] = 1 / (double)n;
    ip_ib_problem *p = problem_of(n, n, p_xy);
    ip_ib_curve *c = squared_curve(p, "0.05:6:lin60");
    for (size_t i = 0; i < c->n; i++) {
      const ip_ib_solution *s = c->point[i];
      double want = fmin(s->beta / 2 / IP_NATS_PER_BIT, log2((double)n));
      CHECK_NEAR(s->ixt_bits, want, 1e-9);
      CHECK_NEAR(s->ity_bits, want, 1e-9);
      CHECK_NEAR(s->slope_beta, s->beta / (2 * s->ixt_bits * IP_NATS_PER_BIT), 1e-9);
      CHECK_NEAR(s->lagrangian_bits, IP_NATS_PER_BIT * want * want - s->beta * want, 1e-8); /* in bits */
      assert_true(s->certified && s->converged);
      check_encoder(p, s);
    }
    assert_true(isnan(c->constant.unstable_beta) && isnan(c->constant.critical_beta));
    assert_int_equal(c->n_critical, 0);
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
}

static void hard_labels_are_traced_up_to_the_corner(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(4, 3, (double[]){0.2, 0, 0, 0.1, 0, 0, 0, 0.4, 0, 0, 0, 0.3});
  ip_ib_curve *c = squared_curve(p, "0.1,0.35,1.1,2,2.1,3,100");
  for (size_t i = 0; i < c->n; i++) {
    double want = fmin(c->point[i]->beta / 2 / IP_NATS_PER_BIT, p->hy_bits);
    CHECK_NEAR(c->point[i]->ixt_bits, want, 1e-9);
    CHECK_NEAR(c->point[i]->ity_bits, want, 1e-9);
  }
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

/* On random curves: 2 I = beta times the slope, a plain optimum at slope_beta, and no plain optimum is lower. */
static void squared_optima_are_plain_ones_and_the_least_of_the_curve(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < 4; seed++) {
    ip_ib_problem *p = seed ? problem_random(7, 2 + seed, 2, seed) : problem_bsc(0.1);
    ip_ib_curve_options opt = ip_ib_curve_options_default();
    ip_ib_curve *c = squared_curve(p, "0.02:40:log8"), *plain;
    double beta[40];
    for (size_t i = 0; i < 40; i++) beta[i] = pow(1.1, (double)i + 1);
    CHECK_OK(ip_ib_curve_create(p, &opt, 40, beta, &plain));
    for (size_t i = 0; i < c->n; i++) {
      const ip_ib_solution *s = c->point[i];
      CHECK_NEAR(2 * s->ixt_bits * IP_NATS_PER_BIT * s->slope_beta, s->beta, 1e-9 * s->beta);
      double own = IP_NATS_PER_BIT * s->ixt_bits * s->ixt_bits - s->beta * s->ity_bits;
      CHECK_NEAR(s->lagrangian_bits, own, 1e-12 * (1 + s->beta));
      check_encoder(p, s);
      for (size_t k = 0; k < plain->n; k++) {
        const ip_ib_solution *q = plain->point[k];
        double l = IP_NATS_PER_BIT * q->ixt_bits * q->ixt_bits - s->beta * q->ity_bits;
        assert_true(l >= s->lagrangian_bits - 1e-9 * (1 + s->beta));
      }
    }
    ip_ib_curve_destroy(&plain);
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
}

static void independent_variables_have_no_slope(void **state)
{
  (void)state;
  ip_ib_problem *p = problem_of(2, 2, (double[]){0.1, 0.3, 0.15, 0.45});
  ip_ib_curve *c = squared_curve(p, "1,5");
  assert_true(c->point[1]->ixt_bits == 0 && c->point[1]->certified && isnan(c->point[1]->slope_beta));
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  ip_ib_curve *c;
  opt.squared = true;
  opt.n_refine = 1;
  ip_ib_problem *p = problem_bsc(0);
  CHECK_EVERY_ALLOCATION(ip_ib_curve_create(p, &opt, 2, (double[]){0.5, 2}, &c), ip_ib_curve_destroy(&c));
  opt.solve.alpha = 0.5;
  CHECK_FAILS(ip_ib_curve_create(p, &opt, 1, (double[]){1}, &c), IP_EINVAL, "needs alpha = 1");
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_copy_of_n_values_has_its_closed_form),
      cmocka_unit_test(hard_labels_are_traced_up_to_the_corner),
      cmocka_unit_test(squared_optima_are_plain_ones_and_the_least_of_the_curve),
      cmocka_unit_test(independent_variables_have_no_slope),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/squared", tests, NULL, NULL);
}
