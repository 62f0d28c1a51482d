#include "base/rng.h"
#include "base/test/check.h"
#include "info/discrete.h"
#include "info/loss.h"

#include <math.h>
#include <string.h>

static void the_parts_of_the_loss_add_up(void **state)
{
  (void)state;
  enum { N = 500, C = 3 };
  float p[N * C], q[N * C];
  double cross = 0, entropy = 0;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    double a[C], b[C], sum_a = 0, sum_b = 0;
    for (size_t k = 0; k < C; k++) {
      sum_a += a[k] = k == i % 7 ? 0 : ip_rng_uniform(&r);
      sum_b += b[k] = ip_rng_uniform(&r) + 1e-3;
    }
    for (size_t k = 0; k < C; k++) {
      p[i * C + k] = (float)(a[k] /= sum_a);
      q[i * C + k] = (float)(b[k] /= sum_b);
    }
    cross += ip_cross_entropy_bits(C, a, b) / N;
    entropy += ip_entropy_bits(C, a) / N;
  }
  ip_loss_parts parts = ip_loss_decompose(N, C, p, q);
  CHECK_NEAR(parts.cross_entropy_bits, parts.entropy_bits + parts.kl_bits, 1e-14);
  CHECK_NEAR(parts.cross_entropy_bits, cross, 1e-6); /* float32 rows */
  CHECK_NEAR(parts.entropy_bits, entropy, 1e-6);
}

static void hard_labels_have_no_floor_and_impossible_ones_cost_infinity(void **state)
{
  (void)state;
  float p[] = {1, 0, 0, 1}, q[] = {0.5f, 0.5f, 0.75f, 0.25f}, wrong[] = {1, 0, 1, 0};
  ip_loss_parts parts = ip_loss_decompose(2, 2, p, q);
  CHECK_NEAR(parts.entropy_bits, 0, 0);
  CHECK_NEAR(parts.cross_entropy_bits, 1.5, 0);
  CHECK_NEAR(parts.kl_bits, 1.5, 0);
  parts = ip_loss_decompose(2, 2, p, wrong);
  assert_true(isinf(parts.cross_entropy_bits) && isinf(parts.kl_bits));
  parts = ip_loss_decompose(0, 2, NULL, NULL);
  CHECK_NEAR(parts.cross_entropy_bits, 0, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_parts_of_the_loss_add_up),
      cmocka_unit_test(hard_labels_have_no_floor_and_impossible_ones_cost_infinity),
  };
  return cmocka_run_group_tests_name("info/loss", tests, NULL, NULL);
}
