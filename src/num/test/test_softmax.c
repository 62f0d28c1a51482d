#include "num/softmax.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 5, COLUMNS = 48 };
static float z[WIDTH * COLUMNS];

static void draw(void)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < WIDTH * COLUMNS; i++) z[i] = 20 * (float)ip_rng_normal(&r);
  z[COLUMNS] = 3e38f, z[2] = NAN;
}

static void outputs_are_exponentials_over_their_sum(void **state)
{
  (void)state;
  static float y[2][WIDTH * COLUMNS], sum[COLUMNS];
  draw();
  for (size_t v = 0; ip_softmax_variant(v); v++)
    for (size_t width = 1; width <= WIDTH; width++) {
      float *out = y[v > 0];
      memcpy(out, z, sizeof z);
      ip_softmax_variant(v)->shift(width, COLUMNS, out);
      ip_softmax_variant(v)->normalize(width, COLUMNS, out, sum);
      for (size_t i = 0; i < COLUMNS; i++) {
        double most = (double)z[i], total = 0;
        for (size_t c = 0; c < width; c++) most = fmax(most, (double)z[c * COLUMNS + i]);
        for (size_t c = 0; c < width; c++) total += exp((double)z[c * COLUMNS + i] - most);
        for (size_t c = 0; c < width && i != 2; c++) /* column 2 begins with NaN */
          CHECK_NEAR((double)out[c * COLUMNS + i], exp((double)z[c * COLUMNS + i] - most) / total, 3e-6);
        assert_true(i != 2 || isnan(out[i]));
      }
    }
}

static void every_variant_gives_the_same_bits(void **state)
{
  (void)state;
  static float y[2][WIDTH * COLUMNS], d[2][WIDTH * COLUMNS], sum[2][COLUMNS];
  draw();
  for (size_t v = 0; ip_softmax_variant(v); v++) {
    size_t at = v > 0;
    const ip_softmax *loops = ip_softmax_variant(v);
    memcpy(y[at], z, sizeof z);
    loops->shift(WIDTH, COLUMNS, y[at]);
    loops->normalize(WIDTH, COLUMNS, y[at], sum[at]);
    loops->delta(WIDTH, 37, COLUMNS, y[at], z, 0.1f, d[at]);
    for (size_t i = 0; i < COLUMNS; i++)
      for (size_t c = 0; i != 2 && c < WIDTH; c++) /* of column 2, the bits of NaN are free */
        assert_true(y[at][c * COLUMNS + i] == y[0][c * COLUMNS + i] && sum[at][i] == sum[0][i]);
    for (size_t i = 3; i < COLUMNS; i++)
      for (size_t c = 0; c < WIDTH; c++) {
        size_t k = c * COLUMNS + i;
        assert_true(d[at][k] == (i < 37 ? 0.1f * (y[0][k] - z[k]) : 0));
      }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(outputs_are_exponentials_over_their_sum),
      cmocka_unit_test(every_variant_gives_the_same_bits),
  };
  return cmocka_run_group_tests_name("num/softmax", tests, NULL, NULL);
}
