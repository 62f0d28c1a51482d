/* Optima of random tables beside those of an independent annealing; src/bench/bench_curve.c does the same for more. */
#include "bottleneck/curve.h"
#include "bottleneck/test/annealing.h"
#include "bottleneck/test/problems.h"

enum { TABLES = 150 };

static void no_optimum_is_above_that_of_an_annealing(void **state)
{
  (void)state;
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  size_t n_few = 0, n_certified = 0;
  for (uint64_t number = 0; number < TABLES; number++) {
    double cell[MOST_X * MOST_Y];
    size_t n_x, n_y;
    if (!draw_table(number, &n_x, &n_y, cell)) continue;
    ip_rng r = ip_rng_open(number, IP_RNG_TEST, 100);
    double beta = exp(0.1 + 2.5 * ip_rng_uniform(&r));
    ip_ib_problem *p = problem_of(n_x, n_y, cell);
    ip_ib_curve *c;
    annealing a;
    CHECK_OK(ip_ib_curve_create(p, &opt, 1, &beta, &c));
    fill(&a, n_x, n_y, cell);
    const ip_ib_solution *s = c->point[0];
    double above = s->lagrangian_bits - anneal(&a, number, beta);
    assert_true(above <= 1e-9 * (1 + beta));
    if (s->certified) assert_true(above <= s->optimality_gap_bits + 1e-12 * (1 + beta));
    n_few += n_y <= 4;
    n_certified += n_y <= 4 && s->certified;
    ip_ib_curve_destroy(&c);
    ip_ib_problem_destroy(&p);
  }
  assert_true(n_few > 40 && 50 * n_certified > 49 * n_few);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_optimum_is_above_that_of_an_annealing),
  };
  return cmocka_run_group_tests_name("bottleneck/global", tests, NULL, NULL);
}
