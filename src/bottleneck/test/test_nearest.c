/* Where points of the plane stand to a curve of known corners. */
#include "bottleneck/curve.h"

#include "base/test/check.h"

#include <math.h>

static ip_ib_solution first = {.slope_beta = 2, .ixt_bits = 1, .ity_bits = 1};
static ip_ib_solution second = {.slope_beta = 32, .ixt_bits = 5, .ity_bits = 4};
static ip_ib_solution *point[] = {&first, &second};

/* (0,0), (1,1), (5,4) and the end at (7,4). */
static ip_ib_curve curve(size_t n, double end)
{
  return (ip_ib_curve){.n = n, .point = point, .ixy_bits = 4, .h_classes_bits = end};
}

static void every_piece_of_the_curve_is_looked_at(void **state)
{
  (void)state;
  static const struct {
    const char *where;
    double x, y, at, distance, beta, nearest_x, nearest_y;
  } of[] = {{"left of the origin", -3, -4, 0, -5, 2, 0, 0},
            {"the origin", 0, 0, 0, 0, 2, 0, 0},
            {"below the first line", 1, 0, 1, 0.70710678118654752, 2, 0.5, 0.5},
            {"at the first point", 1, 1, 1, 0, 2, 1, 1},
            {"below the second line", 3.6, 1.7, 2.95, 1, 8, 3, 2.5},
            {"above it", 2.4, 3.3, 2.05, -1, 8, 3, 2.5},
            {"at the second point", 5, 4, 4, 0, 32, 5, 4},
            {"below the way to the end", 6, 3.5, 4, 0.5, 32, 6, 4},
            {"above it", 6, 4.25, 4, -0.25, 32, 6, 4},
            {"beyond the end", 9, 3.5, 4, 0.5, 32, 9, 4}};
  ip_ib_curve c = curve(2, 7);
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
    ip_ib_nearest n = ip_ib_curve_nearest(&c, of[i].x, of[i].y);
    CHECK_NEAR(ip_ib_curve_at(&c, of[i].x), of[i].at, 1e-14);
    CHECK_NEAR(n.ity_gap_bits, of[i].at - of[i].y, 1e-14);
    if (i) CHECK_NEAR(n.distance_bits, of[i].distance, 1e-14);
    CHECK_NEAR(fabs(n.distance_bits), fabs(of[i].distance), 1e-14);
    if (!(fabs(n.beta - of[i].beta) < 1e-12)) fail_msg("%s: beta %g", of[i].where, n.beta);
    CHECK_NEAR(n.ixt_bits, of[i].nearest_x, 1e-14);
    CHECK_NEAR(n.ity_bits, of[i].nearest_y, 1e-14);
  }
}

/* Of a continuous X no T keeps all, and the curve stops at its last point. */
static void a_curve_without_an_end_goes_on_level(void **state)
{
  (void)state;
  ip_ib_curve c = curve(2, (double)INFINITY);
  CHECK_NEAR(ip_ib_curve_at(&c, 100), 4, 0);
  ip_ib_nearest n = ip_ib_curve_nearest(&c, 100, 3);
  assert_true(n.distance_bits == 1 && n.ixt_bits == 100 && n.ity_bits == 4 && n.beta == 32);
}

/* Without points it is the line to the end, with one point that is the end already, the line to it. */
static void few_points_leave_a_line(void **state)
{
  (void)state;
  ip_ib_curve none = curve(0, 8), one = curve(1, 0.5);
  CHECK_NEAR(ip_ib_curve_at(&none, 6), 3, 1e-15);
  CHECK_NEAR(ip_ib_curve_nearest(&none, 4, 2).distance_bits, 0, 1e-15);
  one.ixy_bits = 1;
  CHECK_NEAR(ip_ib_curve_at(&one, 0.25), 0.25, 1e-15);
  CHECK_NEAR(ip_ib_curve_at(&one, 3), 1, 0);
  CHECK_NEAR(ip_ib_curve_nearest(&one, 3, 0.5).distance_bits, 0.5, 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_piece_of_the_curve_is_looked_at),
      cmocka_unit_test(a_curve_without_an_end_goes_on_level),
      cmocka_unit_test(few_points_leave_a_line),
  };
  return cmocka_run_group_tests_name("bottleneck/nearest", tests, NULL, NULL);
}
