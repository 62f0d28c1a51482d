#include "num/conv.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "num/affine.h"

#include <math.h>
#include <string.h>

/* An image of IN channels, 5 x 6 positions and 32 columns, kernels of 2 x 2 and up to 17 channels. */
enum { IN = 2, HEIGHT = 5, WIDTH = 6, COLUMNS = 32, KERNEL = 2, INNER = IN * KERNEL * KERNEL, MOST = 17 };
static float x[IN * HEIGHT * WIDTH * COLUMNS], w[MOST * INNER], bias[MOST], y[2][MOST * HEIGHT * WIDTH * COLUMNS];
static size_t offset[INNER];

typedef struct shape {
  size_t stride, height, width; /* of the output */
  ip_blocks blocks;
} shape;

static shape prepare(size_t stride)
{
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < sizeof x / sizeof *x; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < MOST * INNER; i++) w[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < MOST; i++) bias[i] = (float)ip_rng_normal(&r);
  for (size_t k = 0; k < INNER; k++)
    offset[k] = ((k / (KERNEL * KERNEL) * HEIGHT + k / KERNEL % KERNEL) * WIDTH + k % KERNEL) * COLUMNS;
  shape s = {stride, (HEIGHT - KERNEL) / stride + 1, (WIDTH - KERNEL) / stride + 1, {0}};
  s.blocks = (ip_blocks){.rows = s.height,
                         .n = stride == 1 ? 1 : s.width,
                         .length = stride == 1 ? s.width * COLUMNS : COLUMNS,
                         .x_row = stride * WIDTH * COLUMNS,
                         .x_block = stride * COLUMNS,
                         .y_row = s.width * COLUMNS,
                         .y_block = COLUMNS};
  return s;
}

static size_t pixel(const shape *s, size_t i, size_t j)
{
  return (i * s->stride * WIDTH + j * s->stride) * COLUMNS;
}

static void every_number_of_combine_is_one_chain_in_the_order_of_the_weights(void **state)
{
  (void)state;
  for (size_t v = 0; ip_conv_variant(v); v++)
    for (size_t stride = 1; stride <= 3; stride++)
      for (size_t channels = 1; channels <= MOST; channels++) {
        shape s = prepare(stride);
        size_t area = s.height * s.width * COLUMNS;
        ip_conv_variant(v)->combine(channels, (ip_patch){INNER, offset}, s.blocks, w, INNER, 1, bias, x, y[0], area);
        for (size_t c = 0; c < channels; c++)
          for (size_t i = 0; i < s.height; i++)
            for (size_t j = 0; j < s.width * COLUMNS; j++) {
              float sum = bias[c];
              for (size_t k = 0; k < INNER; k++)
                sum = fmaf(w[c * INNER + k], x[offset[k] + pixel(&s, i, j / COLUMNS) + j % COLUMNS], sum);
              assert_true(y[0][c * area + i * s.width * COLUMNS + j] == sum);
            }
      }
}

static void without_weights_and_bias_everything_is_zero(void **state)
{
  (void)state;
  shape s = prepare(1);
  for (size_t v = 0; ip_conv_variant(v); v++) {
    memset(y[0], 1, sizeof y[0]);
    ip_conv_variant(v)->combine(1, (ip_patch){0, offset}, s.blocks, w, 1, 1, NULL, x, y[0], 0);
    for (size_t i = 0; i < s.height * s.width * COLUMNS; i++) assert_true(y[0][i] == 0);
  }
}

static void correlate_sums_over_positions_and_columns_with_the_same_bits_in_every_variant(void **state)
{
  (void)state;
  static float g[2][MOST * INNER];
  for (size_t stride = 1; stride <= 3; stride++)
    for (size_t channels = 1; channels <= MOST; channels++)
      for (size_t v = 0; ip_conv_variant(v); v++) {
        shape s = prepare(stride);
        size_t area = s.height * s.width * COLUMNS;
        ip_rng r = ip_rng_open(4, IP_RNG_TEST, 0);
        for (size_t i = 0; i < channels * area; i++) y[0][i] = (float)ip_rng_normal(&r);
        float *to = g[v > 0];
        ip_patch patch = {INNER, offset};
        for (size_t k = 0; k < INNER * channels; k++) to[k] = 1;
        ip_conv_variant(v)->correlate(channels, patch, 0, 3, s.blocks, true, x, y[0], area, to);
        ip_conv_variant(v)->correlate(channels, patch, 3, INNER, s.blocks, false, x, y[0], area, to);
        for (size_t c = 0; c < channels; c++)
          for (size_t k = 0; k < INNER; k++) {
            double sum = k < 3 ? 1 : 0;
            for (size_t i = 0; i < s.height; i++)
              for (size_t j = 0; j < s.width * COLUMNS; j++)
                sum += (double)y[0][c * area + i * s.width * COLUMNS + j] *
                       (double)x[offset[k] + pixel(&s, i, j / COLUMNS) + j % COLUMNS];
            CHECK_NEAR((double)to[c * INNER + k], sum, 1e-4);
            assert_true(to[c * INNER + k] == g[0][c * INNER + k]);
          }
      }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_of_combine_is_one_chain_in_the_order_of_the_weights),
      cmocka_unit_test(without_weights_and_bias_everything_is_zero),
      cmocka_unit_test(correlate_sums_over_positions_and_columns_with_the_same_bits_in_every_variant),
  };
  return cmocka_run_group_tests_name("num/conv", tests, NULL, NULL);
}
