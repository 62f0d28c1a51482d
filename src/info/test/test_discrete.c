#include "base/rng.h"
#include "base/test/check.h"
#include "info/discrete.h"

#include <math.h>
#include <string.h>

static ip_scratch *sc;

static int open_scratch(void **state)
{
  (void)state;
  return ip_scratch_create(&sc) != IP_OK;
}

static int close_scratch(void **state)
{
  (void)state;
  ip_scratch_destroy(&sc);
  return 0;
}

static void random_distribution(ip_rng *r, size_t n, double *p)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += p[i] = ip_rng_below(r, 4) == 0 ? 0 : -log1p(-ip_rng_uniform(r));
  for (size_t i = 0; i < n; i++) p[i] /= sum;
}

static void entropies_have_their_closed_forms(void **state)
{
  (void)state;
  CHECK_NEAR(ip_entropy_bits(1, (double[]){1}), 0, 0);
  CHECK_NEAR(ip_entropy_bits(4, (double[]){0.25, 0.25, 0.25, 0.25}), 2, 0);
  CHECK_NEAR(ip_entropy_bits(5, (double[]){0.5, 0.25, 0, 0.125, 0.125}), 1.75, 1e-15);
  CHECK_NEAR(ip_binary_entropy_bits(0.11), 0.49991595816452, 1e-13);
  CHECK_NEAR(ip_binary_entropy_bits(0), 0, 0);
  CHECK_NEAR(ip_binary_entropy_bits(1), 0, 0);
  assert_false(signbit(ip_binary_entropy_bits(1)));
}

static void a_one_hot_target_costs_the_logarithm_of_its_probability(void **state)
{
  (void)state;
  double p[] = {1, 0, 0}, far[] = {0.7, 0.2, 0.1}, near[] = {0.9, 0.05, 0.05};
  CHECK_NEAR(ip_cross_entropy_bits(3, p, far) * IP_NATS_PER_BIT, -log(0.7), 1e-15);
  CHECK_NEAR(ip_kl_bits(3, p, far) * IP_NATS_PER_BIT, 0.357, 5e-4);
  CHECK_NEAR(ip_kl_bits(3, p, near) * IP_NATS_PER_BIT, 0.105, 5e-4);
  CHECK_NEAR(ip_cross_entropy_bits(3, p, near) * IP_NATS_PER_BIT, 0.105, 5e-4);
}

static void divergence_is_infinite_only_where_q_is_zero_and_p_is_not(void **state)
{
  (void)state;
  double p[] = {0.5, 0.5, 0}, q[] = {1, 0, 0};
  assert_true(isinf(ip_kl_bits(3, p, q)));
  assert_true(isinf(ip_cross_entropy_bits(3, p, q)));
  CHECK_NEAR(ip_kl_bits(3, q, p), 1, 0);
  CHECK_NEAR(ip_kl_bits(3, p, p), 0, 0);
}

static void cross_entropy_is_entropy_plus_divergence(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (int k = 0; k < 200; k++) {
    double p[20], q[20];
    random_distribution(&r, 20, p);
    random_distribution(&r, 20, q);
    for (size_t i = 0; i < 20; i++) q[i] = 0.9 * q[i] + 0.1 / 20;
    CHECK_NEAR(ip_cross_entropy_bits(20, p, q), ip_entropy_bits(20, p) + ip_kl_bits(20, p, q), 1e-13);
    assert_true(ip_kl_bits(20, p, q) > 0);
  }
}

static void entropy_of_counts_is_that_of_their_frequencies(void **state)
{
  (void)state;
  uint32_t count[] = {1, 0, 7, 1, 1000000, 3000000000u, 12};
  double p[7], total = 0;
  for (size_t i = 0; i < 7; i++) total += count[i];
  for (size_t i = 0; i < 7; i++) p[i] = count[i] / total;
  CHECK_NEAR(ip_entropy_counts_bits(7, count), ip_entropy_bits(7, p), 1e-14);
  CHECK_NEAR(ip_entropy_counts_bits(4, (uint32_t[]){1, 1, 1, 1}), 2, 0);
  CHECK_NEAR(ip_entropy_counts_bits(3, (uint32_t[]){0, 5, 0}), 0, 0);
  CHECK_NEAR(ip_entropy_counts_bits(0, NULL), 0, 0);
}

static void joint_measures_obey_the_chain_rules(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (int k = 0; k < 100; k++) {
    enum { N_X = 7, N_Y = 5 };
    double p[N_X * N_Y];
    ip_joint_measures m;
    random_distribution(&r, N_X * N_Y, p);
    CHECK_OK(ip_joint_measure(N_X, N_Y, p, sc, &m));
    CHECK_NEAR(m.hxy_bits, ip_entropy_bits(N_X * N_Y, p), 1e-13);
    CHECK_NEAR(m.hx_bits + m.hy_given_x_bits, m.hxy_bits, 1e-13);
    CHECK_NEAR(m.hy_bits + m.hx_given_y_bits, m.hxy_bits, 1e-13);
    CHECK_NEAR(m.hx_bits + m.hy_bits - m.hxy_bits, m.mi_bits, 1e-13);
  }
}

static void a_channel_has_its_capacity_at_the_uniform_input(void **state)
{
  (void)state;
  ip_joint_measures m;
  CHECK_OK(ip_joint_measure(2, 2, (double[]){0.45, 0.05, 0.05, 0.45}, sc, &m));
  CHECK_NEAR(m.mi_bits, 1 - ip_binary_entropy_bits(0.1), 1e-15);
  CHECK_OK(ip_joint_measure(2, 3, (double[]){0.4, 0.1, 0, 0, 0.1, 0.4}, sc, &m));
  CHECK_NEAR(m.mi_bits, 0.8, 1e-15);
}

static void independence_gives_zero_and_near_independence_keeps_its_digits(void **state)
{
  (void)state;
  ip_joint_measures m;
  double e = 1e-7;
  CHECK_OK(ip_joint_measure(2, 2, (double[]){0.25, 0.25, 0.25, 0.25}, sc, &m));
  CHECK_NEAR(m.mi_bits, 0, 0);
  CHECK_OK(ip_joint_measure(2, 2, (double[]){0.25 + e, 0.25 - e, 0.25 - e, 0.25 + e}, sc, &m));
  CHECK_NEAR(m.mi_bits / (8 * e * e / IP_NATS_PER_BIT), 1, 1e-2); /* I = 8 e^2 nats + O(e^4) */
}

static void counts_and_their_frequencies_measure_the_same(void **state)
{
  (void)state;
  uint32_t count[] = {3, 0, 5, 1, 1, 0};
  double p[6];
  ip_joint_measures a, b;
  double mi;
  for (size_t i = 0; i < 6; i++) p[i] = count[i] / 10.0;
  CHECK_OK(ip_joint_measure_counts(2, 3, count, sc, &a));
  CHECK_OK(ip_joint_measure(2, 3, p, sc, &b));
  CHECK_NEAR(a.mi_bits, b.mi_bits, 1e-15);
  CHECK_NEAR(a.hxy_bits, b.hxy_bits, 1e-15);
  uint32_t x[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, y[] = {0, 0, 0, 2, 2, 2, 2, 2, 0, 1};
  CHECK_OK(ip_mi_labels(10, x, 2, y, 3, sc, &mi));
  CHECK_NEAR(mi, a.mi_bits, 1e-15);
}

static void what_is_no_distribution_is_refused_by_cell(void **state)
{
  (void)state;
  CHECK_OK(ip_distribution_check(1, 3, (double[]){0.333333, 0.333333, 0.333333}, "p"));
  CHECK_OK(ip_distribution_check(1, 2, (double[]){1, 0}, "p"));
  CHECK_FAILS(ip_distribution_check(2, 2, (double[]){0.5, 0.6, -0.1, 0}, "p.csv"), IP_EINVAL,
              "p.csv: row 2, column 1 holds -0.1");
  CHECK_FAILS(ip_distribution_check(2, 2, (double[]){0.5, NAN, 0.5, 0}, "p"), IP_EINVAL, "row 1, column 2 holds nan");
  CHECK_FAILS(ip_distribution_check(1, 1, (double[]){INFINITY}, "p"), IP_EINVAL, "column 1 holds inf");
  CHECK_FAILS(ip_distribution_check(1, 2, (double[]){0.5, 0.499}, "p"), IP_EINVAL, "sum to 0.999");
  CHECK_FAILS(ip_distribution_check(1, 2, (double[]){0.5, 0.5000015}, "p"), IP_EINVAL, "sum to 1.0000015");
  CHECK_FAILS(ip_distribution_check(0, 3, NULL, "p"), IP_EINVAL, "0 x 3");
}

static void labels_outside_and_empty_tables_are_refused(void **state)
{
  (void)state;
  double mi;
  ip_joint_measures m;
  CHECK_FAILS(ip_mi_labels(0, NULL, 2, NULL, 2, sc, &mi), IP_EINVAL, "no samples");
  CHECK_FAILS(ip_mi_labels(2, (uint32_t[]){0, 2}, 2, (uint32_t[]){0, 0}, 1, sc, &mi), IP_EINVAL, "sample 2");
  CHECK_FAILS(ip_mi_labels(2, (uint32_t[]){0, 1}, 2, (uint32_t[]){0, 1}, 1, sc, &mi), IP_EINVAL, "sample 2");
  CHECK_FAILS(ip_joint_measure_counts(1, 2, (uint32_t[]){0, 0}, sc, &m), IP_EINVAL, "nothing but zeros");
}

/* log2 of the double nearest to 1e-310 is -1029.7977094150824. */
static void probabilities_near_the_smallest_number_stay_finite(void **state)
{
  (void)state;
  const double half[2] = {0.5, 0.5}, tiny[2] = {1, 1e-310}, least[2] = {1, 5e-324};
  CHECK_NEAR(ip_kl_bits(2, half, tiny), 513.8988547075412, 1e-11); /* -1 - log2(1e-310) / 2 */
  CHECK_NEAR(ip_kl_bits(2, half, least), 536, 1e-11);
  CHECK_NEAR(ip_kl_bits(2, tiny, half), 1, 1e-12);
  CHECK_NEAR(ip_kl_bits(2, tiny, tiny), 0, 0);
  CHECK_NEAR(ip_cross_entropy_bits(2, half, tiny), 514.8988547075412, 1e-11);
  CHECK_NEAR(ip_entropy_bits(2, tiny), 0, 1e-300);
  assert_true(isinf(ip_kl_bits(2, half, (double[]){1, 0})));
  CHECK_NEAR(ip_log2_ratio(3, 3), 0, 0);
  CHECK_NEAR(ip_log2_ratio(1 + 1e-15, 1), 1.6017132519074588e-15, 1e-30); /* 1 + 5 ulp */

  /* a row, a column or a cell that is all but nothing leaves I(X;Y) of the rest */
  ip_joint_measures m;
  const double row[4] = {0.5, 0.5, 1e-310, 1e-320}, cell[4] = {0.5, 1e-310, 1e-310, 0.5}, both[4] = {1, 5e-324, 0, 0};
  CHECK_OK(ip_joint_measure(2, 2, row, sc, &m));
  CHECK_NEAR(m.mi_bits, 0, 1e-300);
  assert_true(isfinite(m.hx_given_y_bits) && isfinite(m.hy_given_x_bits));
  CHECK_OK(ip_joint_measure(2, 2, cell, sc, &m));
  CHECK_NEAR(m.mi_bits, 1, 1e-12);
  CHECK_NEAR(m.hy_given_x_bits, 0, 1e-300);
  CHECK_OK(ip_joint_measure(2, 2, both, sc, &m));
  CHECK_NEAR(m.mi_bits, 0, 1e-300);
  CHECK_NEAR(m.hx_given_y_bits, 0, 1e-300);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(probabilities_near_the_smallest_number_stay_finite),
      cmocka_unit_test(entropies_have_their_closed_forms),
      cmocka_unit_test(a_one_hot_target_costs_the_logarithm_of_its_probability),
      cmocka_unit_test(divergence_is_infinite_only_where_q_is_zero_and_p_is_not),
      cmocka_unit_test(cross_entropy_is_entropy_plus_divergence),
      cmocka_unit_test(entropy_of_counts_is_that_of_their_frequencies),
      cmocka_unit_test(joint_measures_obey_the_chain_rules),
      cmocka_unit_test(a_channel_has_its_capacity_at_the_uniform_input),
      cmocka_unit_test(independence_gives_zero_and_near_independence_keeps_its_digits),
      cmocka_unit_test(counts_and_their_frequencies_measure_the_same),
      cmocka_unit_test(what_is_no_distribution_is_refused_by_cell),
      cmocka_unit_test(labels_outside_and_empty_tables_are_refused),
  };
  return cmocka_run_group_tests_name("info/discrete", tests, open_scratch, close_scratch);
}
