#include "num/kernelsum.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "num/affine.h"
#include "num/variant.h"

#include <math.h>
#include <string.h>

enum { ROWS = 13, COLUMNS = 7 * IP_COLUMNS, UNITS = 5 };

/* Everything a tile gives, of one variant. */
typedef struct result {
  float d[ROWS * COLUMNS], value[2][ROWS * COLUMNS], row[2][ROWS], column[2][COLUMNS], own_row[2][ROWS],
      own_column[2][COLUMNS];
} result;

static void run_tile(const ip_kernel *loops, const float *x, const int32_t *label, bool store, result *out)
{
  memset(out, 0, sizeof *out);
  loops->distances(ROWS, COLUMNS, UNITS, COLUMNS, x + 3, x, out->d);
  ip_kernel_tile t = {.rows = ROWS, .columns = COLUMNS, .scale = 0.7f, .d = out->d};
  for (int k = 0; k < 2; k++) {
    t.value[k] = store ? out->value[k] : NULL;
    t.row[k] = out->row[k];
    t.column[k] = out->column[k];
    t.own_row[k] = out->own_row[k];
    t.own_column[k] = out->own_column[k];
  }
  t.row_label = label ? label + 3 : NULL;
  t.column_label = label;
  loops->sums(&t);
}

static void fill(float *x, int32_t *label)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t k = 0; k < UNITS * COLUMNS; k++) x[k] = (float)(ip_rng_normal(&r) * (k % 9 ? 1 : 6));
  for (size_t c = 0; c < COLUMNS; c++) label[c] = (int32_t)ip_rng_below(&r, 3);
}

static void every_variant_gives_the_same_bits(void **state)
{
  (void)state;
  static float x[UNITS * COLUMNS];
  static int32_t label[COLUMNS];
  static result first, again;
  fill(x, label);
  for (int store = 0; store < 2; store++)
    for (size_t k = 0; ip_kernel_variant(k); k++) {
      run_tile(ip_kernel_variant(k), x, store ? NULL : label, store, k ? &again : &first);
      if (k) assert_memory_equal(&first, &again, sizeof first);
    }
}

static void a_tile_agrees_with_libm(void **state)
{
  (void)state;
  static float x[UNITS * COLUMNS];
  static int32_t label[COLUMNS];
  static result got;
  fill(x, label);
  run_tile(ip_kernel_variant(0), x, label, false, &got);
  for (int k = 0; k < 2; k++) {
    double column[COLUMNS] = {0}, own_column[COLUMNS] = {0};
    for (size_t r = 0; r < ROWS; r++) {
      double row = 0, own = 0;
      for (size_t c = 0; c < COLUMNS; c++) {
        double d = 0;
        for (size_t u = 0; u < UNITS; u++) d += pow((double)x[u * COLUMNS + c] - (double)x[u * COLUMNS + 3 + r], 2);
        double value = exp(-(k == IP_KERNEL_OF_UPPER ? 4 : 1) * (double)0.7f * d);
        bool same = label[c] == label[r + 3];
        row += value;
        column[c] += value;
        own += same ? value : 0;
        own_column[c] += same ? value : 0;
      }
      CHECK_NEAR((double)got.row[k][r], row, 3e-5 * row);
      CHECK_NEAR((double)got.own_row[k][r], own, 3e-5 * row);
    }
    for (size_t c = 0; c < COLUMNS; c++) {
      CHECK_NEAR((double)got.column[k][c], column[c], 3e-5 * column[c] + 1e-30);
      CHECK_NEAR((double)got.own_column[k][c], own_column[c], 3e-5 * column[c] + 1e-30);
    }
  }
}

static void a_sample_has_a_kernel_of_one_with_itself(void **state)
{
  (void)state;
  for (size_t k = 0; ip_kernel_variant(k); k++) {
    float d[IP_COLUMNS] = {0}, row[2], column[2][IP_COLUMNS] = {{0}};
    for (size_t c = 1; c < IP_COLUMNS; c++) d[c] = 1e30f;
    d[IP_COLUMNS - 1] = INFINITY;
    ip_kernel_tile t = {.rows = 1, .columns = IP_COLUMNS, .scale = 3, .d = d};
    for (int j = 0; j < 2; j++) {
      t.row[j] = &row[j];
      t.column[j] = column[j];
    }
    ip_kernel_variant(k)->sums(&t);
    assert_true(row[0] == 1 && row[1] == 1 && column[0][0] == 1 && column[1][0] == 1 && column[0][15] < 1e-30f);
  }
}

static void rows_that_lost_digits_are_pointed_out(void **state)
{
  (void)state;
  float na[2] = {4, 100}, nb[2 * IP_COLUMNS], d[4 * IP_COLUMNS];
  uint8_t doubtful[2];
  for (size_t k = 0; ip_kernel_variant(k); k++) {
    for (size_t c = 0; c < 2 * IP_COLUMNS; c++) {
      nb[c] = 9;
      d[c] = 6; /* 4 + 9 - 12 = 1 */
      d[2 * IP_COLUMNS + c] = c == 17 ? 54.4f : -5;
    }
    ip_kernel_variant(k)->from_products(2, 2 * IP_COLUMNS, na, nb, 2, 1e-3f, 50, d, doubtful);
    assert_true(d[3] == 1 && d[2 * IP_COLUMNS] == 119 && fabsf(d[2 * IP_COLUMNS + 17] - 0.2f) < 1e-5f);
    assert_true(!doubtful[0] && doubtful[1]);
    float a[21] = {3, 4, 5, [20] = 7}, b[21] = {1, 4, 5, [20] = 10};
    assert_true(ip_kernel_variant(k)->distance(21, a, b, 2) == 52);
  }
}

enum { MANY = 333, WIDE = 41, LABELS = 3 }; /* several blocks and strips, none of them whole */

/* Sums of one wide layer: all of the upper bound, all of the lower one, then those of one label. */
static void sum_wide(const float *t, const int32_t *label, ip_scratch *sc, double *sum)
{
  ip_kernel_sums out = {{sum, sum + MANY}, {sum + 2 * MANY, sum + 3 * MANY}};
  assert_int_equal(ip_kernel_sum(MANY, WIDE, t, 0.02, LABELS, label, NULL, NULL, sc, &out), IP_OK);
}

static void sums_of_wide_layers_have_the_same_bits_in_every_variant(void **state)
{
  (void)state;
  static float t[MANY * WIDE];
  static int32_t label[MANY];
  static double sum[4 * MANY], again[4 * MANY];
  ip_scratch *sc;
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  assert_int_equal(ip_scratch_create(&sc), IP_OK);
  for (size_t k = 0; k < MANY * WIDE; k++) t[k] = (float)(3 + ip_rng_normal(&r));
  for (size_t i = 0; i < MANY; i++) label[i] = (int32_t)ip_rng_below(&r, LABELS);
  sum_wide(t, label, sc, sum);
  for (int bits = 128; bits <= 256; bits *= 2) {
    ip_variant_limit(bits);
    sum_wide(t, label, sc, again);
    ip_variant_limit(0);
    assert_memory_equal(sum, again, sizeof sum);
  }
  for (size_t i = 0; i < MANY; i += 7) {
    double all = 0, own = 0;
    for (size_t j = 0; j < MANY; j++) {
      double d = 0;
      for (size_t k = 0; k < WIDE; k++) d += pow((double)t[i * WIDE + k] - (double)t[j * WIDE + k], 2);
      all += exp(-0.02 * d);
      own += label[i] == label[j] ? exp(-0.02 * d) : 0;
    }
    CHECK_NEAR(sum[MANY + i], all, 3e-6 * all);
    CHECK_NEAR(sum[3 * MANY + i], own, 3e-6 * all);
  }
  ip_scratch_destroy(&sc);
}

/* One sample so far away that squares of it are no float32: it is alone, and the others have the sums they had. */
static void one_huge_activation_anywhere_leaves_the_others_alone(void **state)
{
  (void)state;
  enum { FEW = 20, WIDTHS = 2 };
  static const size_t widths[WIDTHS] = {2, WIDE};
  static float t[FEW * WIDE];
  static int32_t label[FEW];
  ip_scratch *sc;
  assert_int_equal(ip_scratch_create(&sc), IP_OK);
  for (size_t w = 0; w < WIDTHS; w++)
    for (size_t at = 0; at < FEW * widths[w]; at += at < 40 ? 1 : 17) {
      double sum[4 * FEW];
      ip_kernel_sums out = {{sum, sum + FEW}, {sum + 2 * FEW, sum + 3 * FEW}};
      for (size_t k = 0; k < FEW * widths[w]; k++) t[k] = (float)(k % 3);
      t[at] = at % 2 ? -1e20f : 1e20f;
      assert_int_equal(ip_kernel_sum(FEW, widths[w], t, 0.02, 1, label, NULL, NULL, sc, &out), IP_OK);
      for (size_t i = 0; i < FEW; i++) {
        double all = 0;
        for (size_t j = 0; j < FEW; j++) {
          double d = 0;
          for (size_t k = 0; k < widths[w]; k++)
            d += pow((double)t[i * widths[w] + k] - (double)t[j * widths[w] + k], 2);
          all += exp(-0.02 * d);
        }
        CHECK_NEAR(sum[FEW + i], all, 3e-6 * all);
      }
    }
  ip_scratch_destroy(&sc);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_variant_gives_the_same_bits),
      cmocka_unit_test(a_tile_agrees_with_libm),
      cmocka_unit_test(a_sample_has_a_kernel_of_one_with_itself),
      cmocka_unit_test(rows_that_lost_digits_are_pointed_out),
      cmocka_unit_test(one_huge_activation_anywhere_leaves_the_others_alone),
      cmocka_unit_test(sums_of_wide_layers_have_the_same_bits_in_every_variant),
  };
  return cmocka_run_group_tests_name("num/kernelsum", tests, NULL, NULL);
}
