#include "bottleneck/certify.h"

#include "base/mem.h"
#include "base/stop.h"
#include "bottleneck/concave.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LN_ZERO (-1e200) /* in place of ln 0, as in iterate.c */
#define LOWEST (-700.0)  /* exponents are kept within the range of exp */
#define HIGHEST 700.0
#define ROUNDING 1e-13 /* relative, of a sum of exponentials; times 1 + beta */

enum {
  FEW_CORNERS = 5,  /* with more, the simplex has too many dimensions to be cut; it is looked at as a whole */
  MOST_CELLS = 4096 /* waiting at a time: as many as the search is deep */
};

#define CLOSE 1.01 /* times the limit: a concave cell can only be one whose bound by corners is that good */
#define NO_PLANE SIZE_MAX
#define LEAST 1e-300 /* probabilities of corners and centres are kept above 0; the bound holds for any c */

ip_status ib_ln_z(const ip_ib_problem *p, const ip_ib_solution *s, double *ln_z)
{
  size_t n_y = s->n_y, n_t = s->n_t;
  double *logs, *rows = NULL; // (n_y, n_t), (n_x, n_t)
  const double *p_t = s->joint + n_y * n_t;
  ip_status st = IP_NEW(logs, n_y * n_t, "logarithms of p(y|t)");
  if (st == IP_OK) st = IP_NEW(rows, p->n_x * n_t, "exponents");
  if (st == IP_OK) {
    for (size_t i = 0; i < n_y * n_t; i++) logs[i] = s->joint[i] > 0 ? log(s->joint[i] / p_t[i % n_t]) : LN_ZERO;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)p->n_x, (blasint)n_t, (blasint)n_y, 1,
                p->p_y_given_x, (blasint)n_y + 1, logs, (blasint)n_t, 0, rows, (blasint)n_t);
    for (size_t x = 0; x < p->n_x; x++) {
      double *row = rows + x * n_t;
      for (size_t t = 0; t < n_t; t++) row[t] = p_t[t] > 0 ? s->beta * row[t] + log(p_t[t]) : LN_ZERO;
      ln_z[x] = ip_logsumexp(n_t, row);
    }
  }
  ip_free(logs);
  ip_free(rows);
  return st;
}

typedef struct {
  const ip_ib_problem *p;
  double beta;
  size_t n_v;                        /* corners of a cell */
  size_t n_cells, most_cells, spent; /* exponentials */
  double *cells;                     // (most_cells, n_v, n_y) corners of the cells that wait: corner, y
  double *ln_w;                      // (n_x) ln p(x) - ln Z(x)
  double *peak;                      // (n_x) the exponent of a term at q = p(y|x)
  double *c, *high;                  // (n_y) a point inside the cell, the largest q(y) of the corners
  double *ln_c, *ln_high;
  double *ratio;         // (n_x, n_v) sum_y p(y|x) v(y)/c(y) of corner v
  double *term;          // (n_x, n_v) the bounds of the terms at the corners
  double *middle, *most; // (n_x) the terms at c, and the most each can be in the cell
  double *sums;          // (2, n_v)
  ib_concave concave;
  size_t plane; /* the point whose plane bounds part of the last cell, but not well enough; else NO_PLANE */
} search;

/* The terms of G at c and their bounds over the cell. */
static void take_terms(search *s, const double *corner)
{
  const ip_ib_problem *p = s->p;
  size_t n_y = p->n_y, n_x = p->n_x, n_v = s->n_v;
  for (size_t y = 0; y < n_y; y++) {
    s->high[y] = LEAST;
    for (size_t v = 0; v < n_v; v++) s->high[y] = fmax(s->high[y], corner[v * n_y + y]);
    s->c[y] = fmax(s->c[y], LEAST);
    s->ln_c[y] = log(s->c[y]);
    s->ln_high[y] = log(s->high[y]);
  }
  for (size_t x = 0; x < n_x; x++) {
    const double *a = p->p_y_given_x + x * (n_y + 1);
    double at_c = 0, at_high = 0;
    for (size_t y = 0; y < n_y; y++) {
      at_c += a[y] * s->ln_c[y];
      at_high += a[y] * s->ln_high[y];
    }
    s->middle[x] = fmin(fmax(s->ln_w[x] + s->beta * at_c, LOWEST), HIGHEST);
    s->most[x] = fmin(fmax(s->ln_w[x] + fmin(s->beta * at_high, s->peak[x]), LOWEST), HIGHEST);
    for (size_t v = 0; v < n_v; v++) {
      double r = 0;
      for (size_t y = 0; y < n_y; y++) r += a[y] * corner[v * n_y + y] / s->c[y];
      s->ratio[x * n_v + v] = r;
      s->term[x * n_v + v] = r > 0 ? fmin(fmax(s->ln_w[x] + s->beta * (at_c + log(r)), LOWEST), HIGHEST) : LOWEST;
    }
  }
  ip_vexp64(n_x, s->middle, s->middle);
  ip_vexp64(n_x, s->most, s->most);
  ip_vexp64(n_x * n_v, s->term, s->term);
}

/* An upper bound of G in the cell: all terms at the corners; or those of some x by the most that each can be alone. */
static double bound_of_cell(const search *s)
{
  size_t n_v = s->n_v, n_x = s->p->n_x;
  double alone = 0, every = 0, *all = s->sums, *rest = s->sums + n_v;
  memset(s->sums, 0, 2 * n_v * sizeof *s->sums);
  for (size_t x = 0; x < n_x; x++) {
    const double *term = s->term + x * n_v;
    double high = 0;
    for (size_t v = 0; v < n_v; v++) high = fmax(high, term[v]);
    bool apart = s->most[x] < 0.5 * high;
    for (size_t v = 0; v < n_v; v++) {
      all[v] += term[v];
      if (!apart) rest[v] += term[v];
    }
    if (apart) alone += s->most[x];
    every += s->most[x];
  }
  double most_of_all = 0, most_of_rest = 0;
  for (size_t v = 0; v < n_v; v++) {
    most_of_all = fmax(most_of_all, all[v]);
    most_of_rest = fmax(most_of_rest, rest[v]);
  }
  return fmin(fmin(most_of_all, alone + most_of_rest), every);
}

/* The terms in S at the corners, (n_v), by the plane of point t, and the mass `off` its face: with m = 1 - off they are
 * at most m^(beta - 1) times the plane, and the power has a linear bound as long as m >= 1 - off_high. */
static void bound_on_face(const search *s, const double *corner, size_t t, double *sum, double *off, double *off_high)
{
  const ib_concave *c = &s->concave;
  size_t n_y = s->p->n_y, n_v = s->n_v;
  double least = HUGE_VAL, power = s->beta - 1;
  *off_high = 0;
  for (size_t v = 0; v < n_v; v++) {
    sum[v] = off[v] = 0;
    for (size_t y = 0; y < n_y; y++) {
      double q = corner[v * n_y + y];
      if (c->on[t * n_y + y])
        sum[v] += c->growth * c->plane[t * n_y + y] * (q + c->shift);
      else
        off[v] += q;
    }
    least = fmin(least, sum[v]);
    *off_high = fmax(*off_high, off[v]);
  }
  double slope = power >= 1 && *off_high > 0 ? (1 - pow(1 - fmin(*off_high, 1), power)) / *off_high : power;
  for (size_t v = 0; v < n_v; v++) sum[v] -= slope * off[v] * fmax(least, 0);
}

/* An upper bound of G by the plane of point t of concave.h, if that is above the terms in S; the others by Jensen or,
 * where that is less at the plane's highest corner, linear in the mass off the face. */
static double bound_by_plane(search *s, const double *corner, size_t t)
{
  ib_concave *c = &s->concave;
  size_t n_v = s->n_v, top = 0;
  double *sum = s->sums, *off = s->sums + n_v, high = 0, mass = 0, off_high;
  if (!ib_concave_holds(c, t, n_v, corner)) return HUGE_VAL;
  bound_on_face(s, corner, t, sum, off, &off_high);
  for (size_t v = 0; v < n_v; v++) {
    mass += off[v] / (double)n_v;
    if (sum[v] > sum[top]) top = v;
  }
  for (size_t x = 0; x < s->p->n_x; x++) {
    double constant, slope;
    if (c->in_s[t * s->p->n_x + x]) continue;
    ib_concave_off_face(c, t, x, s->ln_high, mass, off_high, &constant, &slope);
    bool linear = constant + slope * off[top] < s->term[x * n_v + top];
    for (size_t v = 0; v < n_v; v++) sum[v] += linear ? constant + slope * off[v] : s->term[x * n_v + v];
  }
  for (size_t v = 0; v < n_v; v++) high = fmax(high, sum[v]);
  return high;
}

/* G <= limit in the cell, by its corners or, near a cluster, by a tangent plane there. */
static bool is_below(search *s, const double *corner, double here, double limit)
{
  const ib_concave *c = &s->concave;
  size_t t;
  double bound = bound_of_cell(s);
  s->plane = NO_PLANE;
  if (bound <= limit) return true;
  if (bound > limit * CLOSE || !ib_concave_nearest(c, s->c, &t)) return false;
  s->spent += 2 * s->p->n_x * (s->n_v + 2);
  for (size_t k = t; k == t || (c->second[t] && k == t + c->n_t); k += c->n_t) {
    double by_plane = bound_by_plane(s, corner, k);
    if (by_plane <= limit) return true;
    if (by_plane < HUGE_VAL) {
      if (by_plane - limit > limit - here) s->plane = k;
      return false;
    }
  }
  return false;
}

/* The edge along which the bounds of the terms differ most, those without a plane; the longest one when none do. */
static void worst_edge(const search *s, const double *corner, size_t *from, size_t *to)
{
  size_t n_y = s->p->n_y, n_v = s->n_v;
  double worst = -1, longest = 0;
  *from = 0;
  *to = 1;
  for (size_t u = 0; u < n_v; u++)
    for (size_t v = u + 1; v < n_v; v++) {
      double score = 0, length = 0;
      for (size_t x = 0; x < s->p->n_x; x++) {
        if (s->plane != NO_PLANE && s->concave.in_s[s->plane * s->p->n_x + x]) continue;
        const double *r = s->ratio + x * n_v, *term = s->term + x * n_v;
        double high = fmax(r[u], r[v]), slope = high > 0 ? (r[u] - r[v]) / high : 0;
        score += fmin(fmax(term[u], term[v]), s->most[x]) * slope * slope;
      }
      for (size_t y = 0; y < n_y; y++) length = fmax(length, fabs(corner[u * n_y + y] - corner[v * n_y + y]));
      if (score > worst || (score == worst && length > longest)) {
        worst = score;
        longest = length;
        *from = u;
        *to = v;
      }
    }
}

/* Replaces the last cell by its two halves. */
static void halve(search *s)
{
  size_t n_y = s->p->n_y, size = s->n_v * n_y, from, to;
  double *a = s->cells + (s->n_cells - 1) * size, *b = a + size;
  worst_edge(s, a, &from, &to);
  memcpy(b, a, size * sizeof *b);
  for (size_t y = 0; y < n_y; y++) {
    double middle = (a[from * n_y + y] + a[to * n_y + y]) / 2;
    a[from * n_y + y] = middle;
    b[to * n_y + y] = middle;
  }
  s->n_cells++;
}

/* One cell after the other, the latest first, until none waits. */
static ip_status look_everywhere(search *s, double bound, size_t work, ib_proof *proof, double *q)
{
  size_t n_y = s->p->n_y, size = s->n_v * n_y, cost = s->p->n_x * (s->n_v + 2);
  double limit = exp(bound), slack = 1 - ROUNDING * (1 + s->beta);
  *proof = IB_UNDECIDED;
  for (s->n_cells = 1, s->spent = 0; s->n_cells > 0;) {
    const double *corner = s->cells + (s->n_cells - 1) * size;
    take_terms(s, corner);
    s->spent += cost;
    double here = ip_sum_pairwise(s->p->n_x, s->middle);
    if (here * slack > limit) {
      memcpy(q, s->c, n_y * sizeof *q);
      *proof = IB_REFUTED;
      return IP_OK;
    }
    if (is_below(s, corner, here, limit * slack))
      s->n_cells--;
    else if (s->spent > work || s->n_cells == s->most_cells)
      return IP_OK;
    else
      halve(s);
    for (size_t y = 0; y < n_y && s->n_cells > 0; y++) {
      const double *next = s->cells + (s->n_cells - 1) * size;
      s->c[y] = 0;
      for (size_t v = 0; v < s->n_v; v++) s->c[y] += next[v * n_y + y] / (double)s->n_v;
    }
    IP_TRY(ip_stop_check());
  }
  *proof = IB_PROVED;
  return IP_OK;
}

/* All q that can have the largest G, as the first cell, around p(y): the p(y|x) are its corners, if there are no more
 * of them than labels; else the labels. */
static void first_cell(search *s)
{
  size_t n_y = s->p->n_y;
  memcpy(s->c, s->p->p_y, n_y * sizeof *s->c);
  for (size_t v = 0; v < s->n_v; v++) {
    double *corner = s->cells + v * n_y;
    if (s->p->n_x < n_y)
      memcpy(corner, s->p->p_y_given_x + v * (n_y + 1), n_y * sizeof *corner);
    else
      corner[v] = 1;
  }
}

static ip_status prepare(const ip_ib_problem *p, const ip_ib_solution *s, ip_scratch *sc, search *out)
{
  size_t n_x = p->n_x, n_y = p->n_y;
  size_t n_v = n_x < n_y ? n_x : n_y;
  *out = (search){.p = p, .beta = s->beta, .n_v = n_v, .most_cells = n_v <= FEW_CORNERS ? MOST_CELLS : 1};
  IP_TRY(IP_SCRATCH(sc, out->cells, out->most_cells * n_v * n_y, "cells of the simplex"));
  IP_TRY(IP_SCRATCH(sc, out->ln_w, n_x, "weights of G"));
  IP_TRY(IP_SCRATCH(sc, out->peak, n_x, "largest terms of G"));
  IP_TRY(IP_SCRATCH(sc, out->c, 4 * n_y, "a point of a cell"));
  IP_TRY(IP_SCRATCH(sc, out->ratio, n_x * n_v, "corners of a cell"));
  IP_TRY(IP_SCRATCH(sc, out->term, n_x * n_v, "terms of G"));
  IP_TRY(IP_SCRATCH(sc, out->middle, n_x, "terms of G"));
  IP_TRY(IP_SCRATCH(sc, out->most, n_x, "terms of G"));
  IP_TRY(IP_SCRATCH(sc, out->sums, 2 * n_v, "sums at corners"));
  out->high = out->c + n_y;
  out->ln_c = out->c + 2 * n_y;
  out->ln_high = out->c + 3 * n_y;
  IP_TRY(ib_ln_z(p, s, out->ln_w));
  first_cell(out);
  for (size_t x = 0; x < n_x; x++) {
    const double *a = p->p_y_given_x + x * (n_y + 1);
    out->ln_w[x] = log(p->p_xy[x * (n_y + 1) + n_y]) - out->ln_w[x];
    for (size_t y = 0; y < n_y; y++) out->peak[x] += a[y] > 0 ? s->beta * a[y] * log(a[y]) : 0;
  }
  return n_v <= FEW_CORNERS ? ib_concave_prepare(p, s, out->ln_w, n_v, sc, &out->concave) : IP_OK;
}

ip_status ib_certify(const ip_ib_problem *p, const ip_ib_solution *s, double bound, size_t work, ib_proof *proof,
                     double *q)
{
  ip_scratch *sc;
  search here;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = prepare(p, s, sc, &here);
  if (st == IP_OK) st = look_everywhere(&here, bound, work, proof, q);
  ip_scratch_destroy(&sc);
  return st;
}
