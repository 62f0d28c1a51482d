#include "bottleneck/concave.h"

#include "num/vmath.h"

#include <math.h>
#include <string.h>

enum { NEWTON_STEPS = 8 };

#define NEAR 0.5      /* of sum (q - q0)^2 / (q + q0): beyond, concavity is not tried */
#define RARE 1e-6     /* q0(y) below this may be on its way to 0, if the iterations lower it */
#define SMALL 1e-3    /* labels below this are off the second face of a cluster */
#define LOWERED 0.999 /* the factor of such a step */
#define SHIFT 2e-11   /* G grows by at most so much when every q(y) is raised by SHIFT / (beta n_y) */
#define MARGIN 1e-9   /* relative, of the pivots: far above rounding */
#define LOWEST (-700.0)
#define HIGHEST 700.0

static const double *row(const ib_concave *c, size_t x)
{
  return c->p->p_y_given_x + x * (c->p->n_y + 1);
}

/* Term x of G at q, from the labels on a face; 0 where a label with p(y|x) > 0 has q(y) = 0. */
static double term_at(const ib_concave *c, size_t x, const double *q)
{
  double sum = 0;
  for (size_t y = 0; y < c->p->n_y; y++) {
    double a = row(c, x)[y];
    if (a > 0 && !(q[y] > 0)) return 0;
    if (a > 0) sum += a * log(q[y]);
  }
  return exp(fmin(fmax(c->ln_w[x] + c->beta * sum, LOWEST), HIGHEST));
}

/* The factor of `matrix` (n, n), L L^T, in its lower half; false when it is not safely positive definite. */
static bool factorise(size_t n, double *matrix)
{
  for (size_t i = 0; i < n; i++) {
    double scale = fabs(matrix[i * n + i]);
    for (size_t j = 0; j <= i; j++) {
      double sum = matrix[i * n + j];
      for (size_t k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      if (i > j)
        matrix[i * n + j] = sum / matrix[j * n + j];
      else if (!(sum > MARGIN * scale))
        return false;
      else
        matrix[i * n + i] = sqrt(sum);
    }
  }
  return true;
}

/* Solves L L^T x = b in place. */
static void solve_factored(size_t n, const double *factor, double *b)
{
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < i; k++) b[i] -= factor[i * n + k] * b[k];
    b[i] /= factor[i * n + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++) b[i] -= factor[k * n + i] * b[k];
    b[i] /= factor[i * n + i];
  }
}

/* matrix = diag(weight low_diagonal) - sum_x high_x b_x b_x^T + tau q0 q0^T over the labels of the face, the others as
 * in the unit matrix; scaled to a unit diagonal by 1 / low_diagonal. */
static void fill(ib_concave *c, size_t t, double weight, double tau)
{
  size_t n = c->p->n_y;
  const double *q0 = c->q0 + t * n;
  const bool *on = c->on + t * n;
  for (size_t y = 0; y < n; y++)
    for (size_t z = 0; z <= y; z++) {
      double entry = 0;
      if (on[y] && on[z])
        entry = (tau * q0[y] * q0[z] - c->matrix[y * n + z]) / sqrt(c->low_diagonal[y] * c->low_diagonal[z]);
      if (y == z) entry += on[y] ? weight : 1;
      c->factor[y * n + z] = entry;
    }
}

/* matrix = sum_x high_x b_x b_x^T (lower half), low_diagonal = sum_x low_x b_x, over S. */
static void sum_terms(ib_concave *c, size_t t, const double *low, const double *high)
{
  size_t n = c->p->n_y;
  memset(c->matrix, 0, n * n * sizeof *c->matrix);
  memset(c->low_diagonal, 0, n * sizeof *c->low_diagonal);
  for (size_t x = 0; x < c->p->n_x; x++) {
    if (!c->in_s[t * c->p->n_x + x]) continue;
    const double *a = row(c, x);
    for (size_t y = 0; y < n; y++) {
      c->low_diagonal[y] += low[x] * c->beta * a[y];
      double factor = high[x] * c->beta * c->beta * a[y];
      for (size_t z = 0; z <= y; z++) c->matrix[y * n + z] += factor * a[z];
    }
  }
}

static double first_tau(double beta)
{
  return 1.5 * beta * (beta - 1) + 0.1 * beta;
}

/* A Newton step of q0 on its face: (D - N + tau q0 q0^T) e = gradient. False when G is not concave at q0. */
static bool step(ib_concave *c, size_t t)
{
  size_t n = c->p->n_y;
  double *q0 = c->q0 + t * n, *e = c->diagonal, g = 0, total = 0;
  for (size_t x = 0; x < c->p->n_x; x++) g += c->terms[x] = c->in_s[t * c->p->n_x + x] ? term_at(c, x, q0) : 0;
  sum_terms(c, t, c->terms, c->terms);
  for (size_t y = 0; y < n; y++)
    if (c->on[t * n + y] && !(c->low_diagonal[y] > 0)) return false;
  fill(c, t, 1, first_tau(c->beta));
  if (!factorise(n, c->factor)) return false;
  for (size_t y = 0; y < n; y++)
    e[y] = c->on[t * n + y] ? (c->low_diagonal[y] - c->beta * g * q0[y]) / sqrt(c->low_diagonal[y]) : 0;
  solve_factored(n, c->factor, e);
  for (size_t y = 0; y < n; y++) {
    if (c->on[t * n + y]) e[y] /= sqrt(c->low_diagonal[y]);
    if (!(fabs(e[y]) < 0.5)) return false;
  }
  for (size_t y = 0; y < n; y++) total += q0[y] *= 1 + e[y];
  for (size_t y = 0; y < n; y++) q0[y] /= total;
  return true;
}

/* plane(y) = dG/dq(y) + (1 - beta) G, of the terms in S. */
static void find_plane(ib_concave *c, size_t t)
{
  size_t n_y = c->p->n_y;
  double *plane = c->plane + t * n_y, g = 0;
  memset(plane, 0, n_y * sizeof *plane);
  for (size_t x = 0; x < c->p->n_x; x++) {
    if (!c->in_s[t * c->p->n_x + x]) continue;
    double term = term_at(c, x, c->q0 + t * n_y);
    g += term;
    for (size_t y = 0; y < n_y; y++)
      if (c->on[t * n_y + y]) plane[y] += term * c->beta * row(c, x)[y] / c->q0[t * n_y + y];
  }
  for (size_t y = 0; y < n_y; y++)
    if (c->on[t * n_y + y]) plane[y] += (1 - c->beta) * g;
}

/* Point t on the face of the labels that are on: q0 scaled to sum 1, S, and q0 moved to the maximum there. */
static void place(ib_concave *c, size_t t)
{
  size_t n_y = c->p->n_y;
  double *q0 = c->q0 + t * n_y, total = 0;
  for (size_t y = 0; y < n_y; y++) total += q0[y] = c->on[t * n_y + y] ? q0[y] : 0;
  for (size_t y = 0; y < n_y; y++) q0[y] /= total;
  for (size_t x = 0; x < c->p->n_x; x++) {
    bool inside = true;
    for (size_t y = 0; y < n_y; y++) inside = inside && (c->on[t * n_y + y] || !(row(c, x)[y] > 0));
    c->in_s[t * c->p->n_x + x] = inside;
  }
  for (int k = 0; k < NEWTON_STEPS && step(c, t); k++) {
  }
  find_plane(c, t);
}

/* The face of cluster t: without labels that have left it, or whose probability the iterations lower toward 0. */
static void find_face(ib_concave *c, size_t t)
{
  size_t n_y = c->p->n_y;
  const double *q0 = c->q0 + t * n_y;
  double g = 0;
  for (size_t x = 0; x < c->p->n_x; x++) g += c->terms[x] = term_at(c, x, q0);
  for (size_t y = 0; y < n_y; y++) {
    double next = 0;
    for (size_t x = 0; x < c->p->n_x; x++) next += c->terms[x] * row(c, x)[y] / g;
    c->on[t * n_y + y] = q0[y] > 0 && (q0[y] > RARE || next > LOWERED * q0[y]);
  }
}

/* The second point of a cluster: on the face without its small labels; false if it has none. */
static bool find_second(ib_concave *c, size_t t)
{
  size_t n_y = c->p->n_y, u = c->n_t + t;
  bool small = false;
  for (size_t y = 0; y < n_y; y++) {
    double q = c->q0[t * n_y + y];
    c->q0[u * n_y + y] = q;
    c->on[u * n_y + y] = q > SMALL;
    small = small || (c->on[t * n_y + y] && q <= SMALL);
  }
  return small;
}

ip_status ib_concave_prepare(const ip_ib_problem *p, const ip_ib_solution *s, const double *ln_w, size_t n_v,
                             ip_scratch *sc, ib_concave *out)
{
  size_t n_x = p->n_x, n_y = p->n_y, n_t = s->n_t;
  *out = (ib_concave){.p = p, .beta = s->beta, .ln_w = ln_w, .n_t = n_t};
  out->shift = SHIFT / (s->beta * (double)n_y);
  out->growth = pow(1 + 2 * (double)n_y * out->shift, s->beta);
  IP_TRY(IP_SCRATCH(sc, out->q0, 2 * n_t * n_y, "clusters"));
  IP_TRY(IP_SCRATCH(sc, out->on, 2 * n_t * n_y, "faces of clusters"));
  IP_TRY(IP_SCRATCH(sc, out->in_s, 2 * n_t * n_x, "terms on faces"));
  IP_TRY(IP_SCRATCH(sc, out->plane, 2 * n_t * n_y, "tangent planes of G"));
  IP_TRY(IP_SCRATCH(sc, out->hull, 2 * (n_v + 1) * n_y, "a hull"));
  IP_TRY(IP_SCRATCH(sc, out->middle, 4 * n_y, "a hull"));
  IP_TRY(IP_SCRATCH(sc, out->matrix, 2 * n_y * n_y, "second derivatives of G"));
  IP_TRY(IP_SCRATCH(sc, out->terms, 2 * n_x, "terms of G"));
  IP_TRY(IP_SCRATCH(sc, out->second, n_t, "clusters with small labels"));
  out->logs = out->hull + (n_v + 1) * n_y;
  out->ln_middle = out->middle + n_y;
  out->diagonal = out->middle + 2 * n_y;
  out->low_diagonal = out->middle + 3 * n_y;
  out->factor = out->matrix + n_y * n_y;
  for (size_t t = 0; t < n_t; t++) {
    double p_t = s->joint[n_y * n_t + t];
    for (size_t y = 0; y < n_y; y++) out->q0[t * n_y + y] = p_t > 0 ? s->joint[y * n_t + t] / p_t : p->p_y[y];
    find_face(out, t);
    place(out, t);
    out->second[t] = find_second(out, t);
    if (out->second[t]) place(out, n_t + t);
  }
  return IP_OK;
}

bool ib_concave_nearest(const ib_concave *c, const double *q, size_t *t)
{
  size_t n_y = c->p->n_y;
  double nearest = NEAR;
  *t = c->n_t;
  for (size_t u = 0; u < c->n_t; u++) {
    double far = 0;
    for (size_t y = 0; y < n_y; y++) {
      double a = q[y], b = c->q0[u * n_y + y];
      if (a + b > 0) far += (a - b) * (a - b) / (a + b);
    }
    if (!(far < nearest)) continue;
    nearest = far;
    *t = u;
  }
  return *t < c->n_t;
}

/* The corners of the hull: q0, then those of the cell, moved a little away from 0 (G does not decrease by that) and
 * projected to the face. False when one has no mass there. */
static bool make_hull(ib_concave *c, size_t t, size_t n_v, const double *corner)
{
  size_t n_y = c->p->n_y;
  const bool *on = c->on + t * n_y;
  memcpy(c->hull, c->q0 + t * n_y, n_y * sizeof *c->hull);
  memcpy(c->middle, c->hull, n_y * sizeof *c->middle);
  for (size_t v = 0; v < n_v; v++) {
    double *q = c->hull + (v + 1) * n_y, mass = 0;
    for (size_t y = 0; y < n_y; y++) mass += q[y] = on[y] ? corner[v * n_y + y] + c->shift : 0;
    if (!(mass > 0.5)) return false;
    for (size_t y = 0; y < n_y; y++) c->middle[y] += q[y] /= mass;
  }
  for (size_t y = 0; y < n_y; y++) c->middle[y] /= (double)(n_v + 1);
  return true;
}

/* The range of the terms in the hull. ln g_x is concave: the least is at a corner; and g_x(c) (sum_y p(y|x) q(y) /
 * c(y))^beta, convex in q, is above it. */
static void enclose(ib_concave *c, size_t t, size_t n_v)
{
  size_t n_y = c->p->n_y, n_x = c->p->n_x;
  double *low = c->terms, *high = c->terms + n_x;
  for (size_t i = 0; i < (n_v + 1) * n_y; i++) c->logs[i] = c->hull[i] > 0 ? log(c->hull[i]) : 0;
  for (size_t y = 0; y < n_y; y++) c->ln_middle[y] = c->middle[y] > 0 ? log(c->middle[y]) : 0;
  for (size_t x = 0; x < n_x; x++) {
    const double *a = row(c, x);
    double least = HUGE_VAL, most = 0, at_middle = 0;
    low[x] = high[x] = LOWEST;
    if (!c->in_s[t * n_x + x]) continue;
    for (size_t y = 0; y < n_y; y++) at_middle += a[y] * c->ln_middle[y];
    for (size_t v = 0; v <= n_v; v++) {
      double sum = 0, ratio = 0;
      for (size_t y = 0; y < n_y; y++) {
        sum += a[y] * c->logs[v * n_y + y];
        if (a[y] > 0) ratio += a[y] * c->hull[v * n_y + y] / c->middle[y];
      }
      least = fmin(least, sum);
      most = fmax(most, ratio);
    }
    low[x] = fmin(fmax(c->ln_w[x] + c->beta * least, LOWEST), HIGHEST);
    high[x] = fmin(fmax(c->ln_w[x] + c->beta * (at_middle + log(most)), LOWEST), HIGHEST);
  }
  ip_vexp64(2 * n_x, c->terms, c->terms);
}

/* rho^2; it is convex in q, so that the corners have the largest. */
static double farthest(const ib_concave *c, size_t t, size_t n_v)
{
  size_t n_y = c->p->n_y;
  double most = 0;
  for (size_t v = 1; v <= n_v; v++) {
    double far = 0;
    for (size_t y = 0; y < n_y; y++) {
      double d = c->hull[v * n_y + y] - c->q0[t * n_y + y];
      if (c->on[t * n_y + y]) far += d * d / c->low_diagonal[y];
    }
    most = fmax(most, far);
  }
  return most;
}

static bool is_negative(ib_concave *c, size_t t, size_t n_v)
{
  size_t n_y = c->p->n_y;
  for (size_t y = 0; y < n_y; y++)
    if (c->on[t * n_y + y] && !(c->low_diagonal[y] > 0)) return false;
  double far = farthest(c, t, n_v);
  for (double tau = first_tau(c->beta), k = 0; k < 3; tau *= 2.5, k++) {
    if (!(tau * far < 1)) return false;
    fill(c, t, 1 - tau * far, tau);
    if (factorise(n_y, c->factor)) return true;
  }
  return false;
}

bool ib_concave_holds(ib_concave *c, size_t t, size_t n_v, const double *corner)
{
  size_t n_y = c->p->n_y, n_x = c->p->n_x, n_on = 0;
  for (size_t y = 0; y < n_y; y++) n_on += c->on[t * n_y + y];
  if (!make_hull(c, t, n_v, corner)) return false;
  if (n_on == 1) return true; /* the face is a corner of the simplex */
  enclose(c, t, n_v);
  sum_terms(c, t, c->terms, c->terms + n_x);
  if (c->beta > 2 && is_negative(c, t, n_v)) return true;
  double wide = fmax(c->beta - 1, 1);
  for (size_t x = 0; x < n_x; x++) { /* g = middle +- half: |form of x| <= wide sum_y b_x(y) e(y)^2 */
    double middle = (c->terms[x] + c->terms[n_x + x]) / 2, half = (c->terms[n_x + x] - c->terms[x]) / 2;
    c->terms[x] = middle - wide * half;
    c->terms[n_x + x] = middle;
  }
  sum_terms(c, t, c->terms, c->terms + n_x);
  return is_negative(c, t, n_v);
}

void ib_concave_off_face(const ib_concave *c, size_t t, size_t x, const double *ln_high, double mass, double mass_high,
                         double *constant, double *slope)
{
  size_t n_y = c->p->n_y;
  double sum = 0, off = 0;
  for (size_t y = 0; y < n_y; y++) {
    double b = c->beta * row(c, x)[y];
    if (!(b > 0)) continue;
    sum += c->on[t * n_y + y] ? b * ln_high[y] : b * log(b);
    if (!c->on[t * n_y + y]) off += b;
  }
  double at = off >= 1 ? mass_high : mass;
  double power = exp(fmin(fmax(c->ln_w[x] + sum - off * log(off) + off * log(fmax(at, 1e-300)), LOWEST), HIGHEST));
  *slope = (off >= 1 ? 1 : off) * power / fmax(at, 1e-300);
  *constant = off >= 1 ? 0 : (1 - off) * power;
}
