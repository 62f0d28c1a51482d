#include "dataset/sphere.h"

#include "dataset/source.h"

#include <math.h>
#include <stdint.h>

#define THRESHOLD 7.632

/* With the vertices (0, +-1, +-phi) and its rotations, in the order
 *   (0, 1, phi) (1, phi, 0) (0, 1, -phi) (-1, phi, 0) (phi, 0, -1) (0, -1, phi)
 *   (1, -phi, 0) (-1, -phi, 0) (-phi, 0, -1) (0, -1, -phi) (-phi, 0, 1) (phi, 0, 1):
 * for vertex i, the vertices at an edge's distance, and the opposite one, as bits of a pattern. */
static const uint16_t near[IP_SPHERE_VERTICES] = {0x543, 0xb81, 0x58c, 0xe0a, 0x625, 0x833,
                                                  0x0d5, 0x06e, 0x316, 0x2b8, 0x958, 0xce0};
static const uint16_t opposite[IP_SPHERE_VERTICES] = {0x004, 0x010, 0x040, 0x020, 0x002, 0x200,
                                                      0x100, 0x400, 0x001, 0x800, 0x080, 0x008};

/* Lit vertices and pairs of lit vertices by their inner product: 1/sqrt 5, -1/sqrt 5, -1. */
typedef struct {
  int lit, near, far, opposite;
} pair_counts;

static pair_counts count_pairs(unsigned pattern)
{
  pair_counts c = {0};
  for (int i = 0; i < IP_SPHERE_VERTICES; i++) {
    unsigned bit = 1u << (IP_SPHERE_VERTICES - 1 - i), before = pattern & ~(2 * bit - 1); /* of vertices below i */
    if (!(pattern & bit)) continue;
    c.lit++;
    c.near += __builtin_popcount(before & near[i]);
    c.opposite += __builtin_popcount(before & opposite[i]);
  }
  c.far = c.lit * (c.lit - 1) / 2 - c.near - c.opposite;
  return c;
}

/* sum_ij x_i x_j P_n(v_i.v_j) for n = 1 and 2; not below 0, which it is exactly where rounding says otherwise. */
static double legendre_sum(pair_counts c, int n)
{
  double s = n == 1 ? c.lit + 2 * (c.near - c.far) / sqrt(5) - 2 * c.opposite
                    : c.lit - 0.4 * (c.near + c.far) + 2 * c.opposite;
  return s > 1e-12 ? s : 0;
}

bool ip_sphere_label(unsigned pattern)
{
  pair_counts c = count_pairs(pattern);
  return c.lit + sqrt(legendre_sum(c, 1)) > THRESHOLD;
}

double ip_sphere_f(unsigned pattern)
{
  const double pi = 3.14159265358979323846;
  pair_counts c = count_pairs(pattern);
  double a0 = 4 * pi / 12 * sqrt(1 / (4 * pi)) * c.lit;
  double a1 = 4 * pi / 12 * sqrt(3 / (4 * pi) * legendre_sum(c, 1));
  double a2 = 4 * pi / 12 * sqrt(5 / (4 * pi) * legendre_sum(c, 2));
  return 2 * a0 + 5.0 / 3 * a1 + 4.0 / 5 * a2;
}

double ip_sphere_probability(unsigned pattern, double gamma, double theta)
{
  return 1 / (1 + exp(-gamma * (ip_sphere_f(pattern) - theta)));
}

ip_status ip_source_sphere(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds, ip_value_range *range)
{
  (void)seed;
  bool soft = opt->labels == IP_LABELS_SOFT;
  IP_TRY(ip_source_allocate(ds, IP_SPHERE_PATTERNS, IP_SPHERE_VERTICES, "sphere"));
  IP_TRY(ip_source_number_classes(ds, 2));
  if (soft) IP_TRY(IP_NEW(ds->p_y_given_x, (size_t)IP_SPHERE_PATTERNS * 2, "soft labels"));
  for (unsigned r = 0; r < IP_SPHERE_PATTERNS; r++) {
    for (unsigned i = 0; i < IP_SPHERE_VERTICES; i++)
      ds->x[(size_t)r * IP_SPHERE_VERTICES + i] = (float)(r >> (IP_SPHERE_VERTICES - 1 - i) & 1);
    if (soft) {
      double p = ip_sphere_probability(r, opt->gamma, opt->theta);
      ds->p_y_given_x[2 * (size_t)r] = (float)(1 - p);
      ds->p_y_given_x[2 * (size_t)r + 1] = (float)p;
      ds->y[r] = p >= 0.5;
    } else {
      ds->y[r] = ip_sphere_label(r);
    }
  }
  *range = (ip_value_range){.known = true, .low = 0, .high = 1};
  return IP_OK;
}
