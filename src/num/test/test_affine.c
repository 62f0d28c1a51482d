#include "num/affine.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "num/flush.h"

#include <math.h>
#include <string.h>

enum { MOST = 90, COLUMNS = 96, BLOCKS = 400 };
static float w[BLOCKS * MOST], b[BLOCKS], x[MOST * COLUMNS], rows[MOST * COLUMNS], d[MOST * COLUMNS];

static void draw(ip_rng *r, size_t n, float *v)
{
  for (size_t i = 0; i < n; i++) v[i] = (float)ip_rng_normal(r);
}

static void draw_all(uint64_t index)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, index);
  draw(&r, BLOCKS * MOST, w);
  draw(&r, BLOCKS, b);
  draw(&r, MOST * COLUMNS, x);
  draw(&r, MOST * COLUMNS, d);
}

/* Shapes that reach every tile, its remainders, and more than one block. */
static const struct {
  size_t out, in, columns;
} shape[] = {{1, 1, 16}, {2, 3, 32},   {3, 2, 48},   {4, 4, 80},       {5, 7, 96},       {10, 12, 64},     {7, 10, 16},
             {9, 6, 96}, {70, 90, 96}, {90, 70, 32}, {13, BLOCKS, 16}, {BLOCKS, 13, 16}, {BLOCKS, 66, 16}, {3, 81, 32}};
enum { N_SHAPES = sizeof shape / sizeof *shape };

static void all_three_products_equal_double_sums(void **state)
{
  (void)state;
  static float z[MOST * COLUMNS], dx[MOST * COLUMNS], gw[BLOCKS * MOST], gb[BLOCKS];
  for (size_t s = 0; s < N_SHAPES; s++) {
    size_t out = shape[s].out, in = shape[s].in, n = shape[s].columns;
    draw_all(s);
    ip_affine_forward(out, in, n, w, b, x, z);
    ip_affine_input_gradient(out, in, n, 0, in, w, d, NULL, dx);
    memset(gw, 0, sizeof gw);
    memset(gb, 0, sizeof gb);
    gw[0] = 1, gb[0] = 2; /* gradients are added to */
    ip_affine_weight_gradient(out, in, n, true, d, x, gw, gb);
    for (size_t c = 0; c < n; c++) {
      for (size_t o = 0; o < out; o++) {
        double sum = (double)b[o];
        for (size_t i = 0; i < in; i++) sum += (double)w[o * in + i] * (double)x[i * n + c];
        CHECK_NEAR((double)z[o * n + c], sum, 6e-5);
      }
      for (size_t i = 0; i < in; i++) {
        double sum = 0;
        for (size_t o = 0; o < out; o++) sum += (double)w[o * in + i] * (double)d[o * n + c];
        CHECK_NEAR((double)dx[i * n + c], sum, 6e-5);
      }
    }
    for (size_t o = 0; o < out; o++) {
      double bias = o == 0 ? 2 : 0;
      for (size_t c = 0; c < n; c++) bias += (double)d[o * n + c];
      CHECK_NEAR((double)gb[o], bias, 3e-5);
      for (size_t i = 0; i < in; i++) {
        double sum = o + i == 0 ? 1 : 0;
        for (size_t c = 0; c < n; c++) sum += (double)d[o * n + c] * (double)x[i * n + c];
        CHECK_NEAR((double)gw[o * in + i], sum, 3e-5);
      }
    }
  }
}

/* One product of the slope with what comes out without it. */
static void the_slope_of_tanh_is_multiplied_in_the_end(void **state)
{
  (void)state;
  static float plain[MOST * COLUMNS], dx[MOST * COLUMNS];
  for (size_t s = 0; s < N_SHAPES; s++) {
    size_t out = shape[s].out, in = shape[s].in, n = shape[s].columns, first = in / 3;
    draw_all(s);
    ip_affine_input_gradient(out, in, n, first, in, w, d, NULL, plain);
    ip_affine_input_gradient(out, in, n, first, in, w, d, x, dx);
    for (size_t i = first * n; i < in * n; i++) assert_true(dx[i] == plain[i] * fmaf(-x[i], x[i], 1));
  }
}

/* sgemm has no such property, which is why it is not used: equal samples must get equal activations. */
static void a_column_has_the_same_bits_wherever_it_stands(void **state)
{
  (void)state;
  static float z[MOST * COLUMNS], zr[MOST * COLUMNS], dx[MOST * COLUMNS], dxr[MOST * COLUMNS];
  size_t out = 70, in = 90, n = COLUMNS;
  draw_all(77);
  ip_affine_forward(out, in, n, w, b, x, z);
  ip_affine_input_gradient(out, in, n, 0, in, w, x, NULL, dx);
  for (size_t i = 0; i < in; i++) /* reversed, and only the first 48 */
    for (size_t c = 0; c < 48; c++) rows[i * 48 + c] = x[i * n + n - 1 - c];
  ip_affine_forward(out, in, 48, w, b, rows, zr);
  ip_affine_input_gradient(out, in, 48, 0, in, w, rows, NULL, dxr);
  for (size_t c = 0; c < 48; c++) {
    for (size_t o = 0; o < out; o++) assert_true(zr[o * 48 + c] == z[o * n + n - 1 - c]);
    for (size_t i = 0; i < in; i++) assert_true(dxr[i * 48 + c] == dx[i * n + n - 1 - c]);
  }
}

/* The chain that affine.h promises, number by number; scale: for products and sums at the ends of the range of floats.
 */
static void numbers_are_chains_of_fused_multiply_adds(void **state)
{
  (void)state;
  static float z[MOST * COLUMNS], g[BLOCKS * MOST];
  const float scale[] = {1, 0x1p-62f, 0x1p-74f, 0x1p63f};
  for (size_t e = 0; e < sizeof scale / sizeof *scale; e++) {
    size_t out = 70, in = 90, n = COLUMNS;
    draw_all(5);
    for (size_t i = 0; i < out * in; i++) w[i] *= scale[e];
    for (size_t i = 0; i < in * n; i++) x[i] *= scale[e];
    for (size_t o = 0; o < out; o++) b[o] *= scale[e] * scale[e];
    for (size_t v = 0; ip_affine_variant(v); v++) {
      const ip_affine *loops = ip_affine_variant(v);
      loops->combine(out, in, n, w, in, 1, b, x, z, NULL);
      for (size_t o = 0; o < out; o++)
        for (size_t c = 0; c < n; c++) {
          float sum = b[o];
          for (size_t i = 0; i < in; i++) sum = fmaf(w[o * in + i], x[i * n + c], sum);
          assert_true(z[o * n + c] == sum || (isnan(sum) && isnan(z[o * n + c])));
        }
      loops->correlate(out, in, n, false, d, x, g, NULL);
      for (size_t o = 0; o < out; o++)
        for (size_t i = 0; i < in; i++) {
          float sum = 0;
          for (size_t c = 0; c < n; c++) sum = fmaf(d[o * n + c], x[i * n + c], sum);
          assert_true(g[o * in + i] == sum || (isnan(sum) && isnan(g[o * in + i])));
        }
    }
  }
}

/* Where rounding decides whether a result is a normal number: 2^-126 less a quarter of the last place rounds to it. */
static void every_variant_flushes_the_same_denormals(void **state)
{
  (void)state;
  const float edge = 0x1p-126f, below = 0x1.fffffep-127f;
  const float factor[] = {0x1.fffffep-64f, 0x1p-63f, 0x1.8p-64f, 0x1p-75f},
              other[] = {0x1p-63f, 0x1.000002p-63f, 0x1p-62f};
  const float start[] = {0, edge, -edge, below, -below, 0x1p-149f, 0x1p-127f};
  static float z[2][16 * 16];
  for (size_t s = 0; s < sizeof start / sizeof *start; s++)
    for (size_t k = 0; k < 4; k++)
      for (size_t v = 0; ip_affine_variant(v); v++) {
        for (size_t i = 0; i < 16; i++) x[i] = other[i % 3];
        uint64_t flags = ip_flush_begin();
        ip_affine_variant(v)->combine(1, 1, 16, &factor[k], 1, 1, &start[s], x, z[v > 0], NULL);
        ip_flush_end(flags);
        assert_memory_equal(z[v > 0], z[0], sizeof z[0]);
        for (size_t i = 0; i < 16; i++) assert_true(z[0][i] == 0 || fabsf(z[0][i]) >= edge);
      }
}

static void every_variant_gives_the_same_bits(void **state)
{
  (void)state;
  static float z[2][MOST * COLUMNS], dx[2][MOST * COLUMNS], g[2][BLOCKS * MOST], t[2][BLOCKS];
  for (size_t s = 0; s < N_SHAPES; s++) {
    size_t out = shape[s].out, in = shape[s].in, n = shape[s].columns;
    draw_all(s);
    for (size_t k = 0; ip_affine_variant(k); k++) {
      const ip_affine *loops = ip_affine_variant(k);
      size_t at = k > 0;
      memset(g[at], 0, sizeof g[at]);
      memset(t[at], 0, sizeof t[at]);
      loops->combine(out, in, n, w, in, 1, b, x, z[at], NULL);
      loops->combine(in, out, n, w, 1, in, NULL, d, dx[at], s % 3 ? x : NULL);
      loops->correlate(out, in, n, s % 2, d, x, g[at], t[at]);
      assert_memory_equal(z[at], z[0], out * n * sizeof(float));
      assert_memory_equal(dx[at], dx[0], in * n * sizeof(float));
      assert_memory_equal(g[at], g[0], out * in * sizeof(float));
      assert_memory_equal(t[at], t[0], out * sizeof(float));
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_three_products_equal_double_sums),
      cmocka_unit_test(the_slope_of_tanh_is_multiplied_in_the_end),
      cmocka_unit_test(a_column_has_the_same_bits_wherever_it_stands),
      cmocka_unit_test(numbers_are_chains_of_fused_multiply_adds),
      cmocka_unit_test(every_variant_flushes_the_same_denormals),
      cmocka_unit_test(every_variant_gives_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
