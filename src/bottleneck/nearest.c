/* nearest.c - where a point of the plane stands to the curve. */
#include "bottleneck/curve.h"

#include <math.h>

typedef struct {
  double x, y, beta; /* beta of the optimum there */
} vertex;

/* The corners of the curve: the origin, its points, and the end at which T keeps all that X tells. */
static vertex corner(const ip_ib_curve *c, size_t i)
{
  if (i == 0) return (vertex){0, 0, c->n ? c->point[0]->slope_beta : 0};
  if (i <= c->n) return (vertex){c->point[i - 1]->ixt_bits, c->point[i - 1]->ity_bits, c->point[i - 1]->slope_beta};
  vertex last = corner(c, c->n);
  if (!isfinite(c->h_classes_bits)) return last; /* continuous X: the end is never reached */
  return (vertex){fmax(c->h_classes_bits, last.x), c->ixy_bits, last.beta};
}

double ip_ib_curve_at(const ip_ib_curve *c, double ixt_bits)
{
  if (ixt_bits <= 0) return 0;
  for (size_t i = 1; i <= c->n + 1; i++) {
    vertex a = corner(c, i - 1), b = corner(c, i);
    if (ixt_bits > b.x) continue;
    return b.x > a.x ? a.y + (b.y - a.y) * (ixt_bits - a.x) / (b.x - a.x) : b.y;
  }
  return corner(c, c->n + 1).y;
}

/* The nearest point of the line from a to b, or of the half line to the right where b is the end. Its beta is between
 * those of a and b, in proportion of logarithms. */
static vertex nearest_on(vertex a, vertex b, double x, double y)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  double part = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0;
  part = fmin(fmax(part, 0), 1);
  double beta = a.beta > 0 && b.beta > 0 ? a.beta * pow(b.beta / a.beta, part) : b.beta;
  return (vertex){a.x + part * dx, a.y + part * dy, beta};
}

ip_ib_nearest ip_ib_curve_nearest(const ip_ib_curve *c, double ixt_bits, double ity_bits)
{
  vertex end = corner(c, c->n + 1), beyond = {fmax(ixt_bits, end.x), end.y, end.beta};
  vertex best = nearest_on(end, beyond, ixt_bits, ity_bits);
  double least = hypot(best.x - ixt_bits, best.y - ity_bits);
  for (size_t i = 1; i <= c->n + 1; i++) {
    vertex v = nearest_on(corner(c, i - 1), corner(c, i), ixt_bits, ity_bits);
    double distance = hypot(v.x - ixt_bits, v.y - ity_bits);
    if (distance < least) {
      least = distance;
      best = v;
    }
  }
  double gap = ip_ib_curve_at(c, ixt_bits) - ity_bits;
  return (ip_ib_nearest){.distance_bits = gap < 0 ? -least : least,
                         .ity_gap_bits = gap,
                         .beta = best.beta,
                         .ixt_bits = best.x,
                         .ity_bits = best.y};
}
