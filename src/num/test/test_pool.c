#include "num/pool.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Two channels of 7 x 8 positions, of small integers, so that windows have equal largest numbers; sums are exact. */
enum { CHANNELS = 2, HEIGHT = 7, WIDTH = 8, COLUMNS = 16, ALL = CHANNELS * HEIGHT * WIDTH * COLUMNS };
static float x[ALL], y[ALL], dy[ALL], dx[ALL], expected[ALL];

static ip_pool_shape shape_of(size_t size, size_t stride)
{
  return (ip_pool_shape){HEIGHT, WIDTH,  (HEIGHT - size) / stride + 1, (WIDTH - size) / stride + 1, size,
                         stride, COLUMNS};
}

static void draw(void)
{
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < ALL; i++) {
    x[i] = (float)ip_rng_below(&r, 4) - 2;
    dy[i] = (float)ip_rng_below(&r, 100);
    dx[i] = 1e30f;
  }
  memset(expected, 0, sizeof expected);
}

static size_t at(size_t height, size_t width, size_t channel, size_t i, size_t j, size_t column)
{
  return ((channel * height + i) * width + j) * COLUMNS + column;
}

/* The place of the first largest number of the window (c, i, j), and the sum of the window. */
static size_t look(const ip_pool_shape *s, size_t c, size_t i, size_t j, size_t column, float *sum)
{
  size_t best = at(HEIGHT, WIDTH, c, i * s->stride, j * s->stride, column);
  *sum = 0;
  for (size_t u = 0; u < s->size; u++)
    for (size_t v = 0; v < s->size; v++) {
      size_t here = at(HEIGHT, WIDTH, c, i * s->stride + u, j * s->stride + v, column);
      *sum += x[here];
      if (x[here] > x[best]) best = here;
    }
  return best;
}

/* One window and column: what is expected of y and, added up, of dx. */
static void check_window(const ip_pool_shape *s, bool largest, size_t c, size_t i, size_t j, size_t column)
{
  float sum, share = 1.0f / (float)(s->size * s->size);
  size_t best = look(s, c, i, j, column, &sum), to = at(s->out_height, s->out_width, c, i, j, column);
  assert_true(y[to] == (largest ? x[best] : sum * share));
  if (largest) expected[best] += dy[to];
  for (size_t u = 0; u < s->size && !largest; u++)
    for (size_t v = 0; v < s->size; v++)
      expected[at(HEIGHT, WIDTH, c, i * s->stride + u, j * s->stride + v, column)] += dy[to] * share;
}

static void check(ip_pool_shape s, const ip_pool *loops, bool largest)
{
  draw();
  for (size_t c = 0; c < CHANNELS; c++) {
    size_t in = c * HEIGHT * WIDTH * COLUMNS, out = c * s.out_height * s.out_width * COLUMNS;
    if (largest) {
      loops->max(&s, x + in, y + out);
      loops->max_gradient(&s, x + in, y + out, dy + out, dx + in);
    } else {
      loops->mean(&s, x + in, y + out);
      loops->mean_gradient(&s, dy + out, dx + in);
    }
    for (size_t i = 0; i < s.out_height; i++)
      for (size_t j = 0; j < s.out_width; j++)
        for (size_t k = 0; k < COLUMNS; k++) check_window(&s, largest, c, i, j, k);
  }
  assert_memory_equal(dx, expected, sizeof dx);
}

static void windows_of_any_size_and_stride_are_as_a_loop_over_them_gives(void **state)
{
  (void)state;
  for (size_t v = 0; ip_pool_variant(v); v++)
    for (size_t size = 1; size <= 4; size++)
      for (size_t stride = 1; stride <= 5; stride++)
        for (int largest = 0; largest < 2; largest++) check(shape_of(size, stride), ip_pool_variant(v), largest);
}

static void nan_stays_nan(void **state)
{
  (void)state;
  for (size_t v = 0; ip_pool_variant(v); v++)
    for (size_t k = 0; k < 4; k++) {
      ip_pool_shape s = {2, 2, 1, 1, 2, 2, COLUMNS};
      draw();
      x[k * COLUMNS + 5] = NAN;
      ip_pool_variant(v)->max(&s, x, y);
      for (size_t i = 0; i < COLUMNS; i++) assert_int_equal(isnan(y[i]) != 0, i == 5);
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(windows_of_any_size_and_stride_are_as_a_loop_over_them_gives),
      cmocka_unit_test(nan_stays_nan),
  };
  return cmocka_run_group_tests_name("num/pool", tests, NULL, NULL);
}
