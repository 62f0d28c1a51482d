/* problems.h - joint distributions that the tests of this folder share. */
#ifndef IP_BOTTLENECK_TEST_PROBLEMS_H
#define IP_BOTTLENECK_TEST_PROBLEMS_H

#include "base/test/check.h"

#include "base/rng.h"
#include "bottleneck/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* p(x,y) = 1/5 on {00, 02, 12, 21, 22}. */
static const double five_cells[9] = {0.2, 0, 0.2, 0, 0, 0.2, 0, 0.2, 0.2};

static ip_ib_problem *problem_of(size_t n_x, size_t n_y, const double *p_xy)
{
  ip_ib_problem *p;
  CHECK_OK(ip_ib_problem_create(n_x, n_y, p_xy, &p));
  return p;
}

/* Binary symmetric channel with crossover p and uniform input. */
static inline ip_ib_problem *problem_bsc(double p)
{
  return problem_of(2, 2, (double[]){(1 - p) / 2, p / 2, p / 2, (1 - p) / 2});
}

/* Cells are exponentials of normal numbers, `spread` wide. */
static inline ip_ib_problem *problem_random(size_t n_x, size_t n_y, double spread, uint64_t seed)
{
  ip_rng r = ip_rng_open(seed, IP_RNG_TEST, 0);
  double *p = calloc(n_x * n_y, sizeof *p), sum = 0;
  assert_non_null(p);
  for (size_t i = 0; i < n_x * n_y; i++) sum += p[i] = exp(spread * ip_rng_normal(&r));
  for (size_t i = 0; i < n_x * n_y; i++) p[i] /= sum;
  ip_ib_problem *problem = problem_of(n_x, n_y, p);
  free(p);
  return problem;
}

/* The 4096 patterns of the sphere task with their soft labels, from the vertices of the icosahedron: the norms of the
 * real spherical harmonics of degree 0, 1 and 2 summed over the ones of a pattern. */
static inline void fill_sphere(double gamma, double theta, double p_xy[static 8192])
{
  const double pi = 3.14159265358979323846, phi = (1 + sqrt(5)) / 2, a = 1 / sqrt(1 + phi * phi), b = phi * a;
  const double v[12][3] = {{0, a, b},  {a, b, 0},   {0, a, -b},  {-a, b, 0},  {b, 0, -a}, {0, -a, b},
                           {a, -b, 0}, {-a, -b, 0}, {-b, 0, -a}, {0, -a, -b}, {-b, 0, a}, {b, 0, a}};
  for (int row = 0; row < 4096; row++) {
    double ones = 0, first[3] = {0}, second[5] = {0};
    for (int i = 0; i < 12; i++) {
      if (!(row >> (11 - i) & 1)) continue;
      double x = v[i][0], y = v[i][1], z = v[i][2];
      ones++;
      for (int k = 0; k < 3; k++) first[k] += v[i][k];
      second[0] += sqrt(15 / (4 * pi)) * x * y;
      second[1] += sqrt(15 / (4 * pi)) * y * z;
      second[2] += sqrt(15 / (4 * pi)) * x * z;
      second[3] += sqrt(5 / (16 * pi)) * (3 * z * z - 1);
      second[4] += sqrt(15 / (16 * pi)) * (x * x - y * y);
    }
    double n1 = 0, n2 = 0;
    for (int k = 0; k < 3; k++) n1 += first[k] * first[k] * 3 / (4 * pi);
    for (int k = 0; k < 5; k++) n2 += second[k] * second[k];
    double f = 4 * pi / 12 * (2 * ones / sqrt(4 * pi) + 5 * sqrt(n1) / 3 + 4 * sqrt(n2) / 5);
    double q = 1 / (1 + exp(-gamma * (f - theta)));
    p_xy[2 * row] = 1 / (1 + exp(gamma * (f - theta))) / 4096;
    p_xy[2 * row + 1] = q / 4096;
  }
}

static inline ip_ib_problem *problem_sphere(void)
{
  static double p_xy[8192];
  fill_sphere(12, 5.89, p_xy);
  return problem_of(4096, 2, p_xy);
}

#endif
