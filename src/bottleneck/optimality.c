#include "bottleneck/optimality.h"

#include "base/mem.h"
#include "bottleneck/certify.h"
#include "bottleneck/starts.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

enum {
  MOST_CANDIDATES = 96, /* ascents, from the most promising starts */
  FEW_CANDIDATES = 32,  /* the same in a quick search */
  MOST_LEAVING = 8,     /* candidates that ascend again from a little off where they ended */
  MOST_STEPS = 100,     /* of an ascent */
  MOST_INSERTED = 8     /* clusters inserted at a time */
};

#define LN_ZERO (-1e200) /* in place of ln 0, as in iterate.c */
#define FARTHEST 600.0   /* exponents are cut here, far below overflow */
#define CLOSE 0.003      /* ascents begin at least this far from each other */
#define ARRIVED 1e-9     /* an ascent ends when its steps are this short */
#define UNSETTLED 1.0    /* the length of a step that was taken back: not yet known */
#define SAME 1e-4        /* two ascents this close lead to the same q */

typedef struct {
  const ip_ib_problem *p;
  double beta;
  size_t most;                      /* candidates at most */
  size_t n_q;                       /* candidates */
  double *ln_z;                     // (n_x) of the solution
  double *q;                        // (n_y, n_q) candidates
  double *logs;                     // (n_y, n_q)
  double *terms;                    // (n_x, n_q) p(x) exp(...) / Z(x)
  double *g;                        // (n_q) G
  double *step, *g_before, *stride; // (n_y, n_q), (n_q), (n_q) of the ascents: q one step on, G before, steps at a time
} ascent;

/* out (n_x, n) = sum_y p(y|x) logs(y, .) */
static void divergences(const ip_ib_problem *p, size_t n, const double *logs, double *out)
{
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)p->n_x, (blasint)n, (blasint)p->n_y, 1,
              p->p_y_given_x, (blasint)p->n_y + 1, logs, (blasint)n, 0, out, (blasint)n);
}

/* G of the candidates, and the terms it is the sum of. */
static void take_g(ascent *a)
{
  const ip_ib_problem *p = a->p;
  size_t n_q = a->n_q;
  for (size_t i = 0; i < p->n_y * n_q; i++) a->logs[i] = a->q[i] > 0 ? log(a->q[i]) : LN_ZERO;
  divergences(p, n_q, a->logs, a->terms);
  memset(a->g, 0, n_q * sizeof *a->g);
  for (size_t x = 0; x < p->n_x; x++) {
    double *row = a->terms + x * n_q, p_x = p->p_xy[x * (p->n_y + 1) + p->n_y];
    for (size_t k = 0; k < n_q; k++) {
      double e = a->beta * row[k] - a->ln_z[x];
      row[k] = e < FARTHEST ? e : FARTHEST;
    }
    ip_vexp64(n_q, row, row);
    for (size_t k = 0; k < n_q; k++) a->g[k] += row[k] *= p_x;
  }
}

/* One round of all ascents. The step of EM, q(y) = sum_x terms p(y|x) / G, never lowers G; strides of several steps in
 * one go are tried, longer and longer, and taken back where G has fallen. Returns the largest step that was taken. */
static double climb(ascent *a, double *next)
{
  const ip_ib_problem *p = a->p;
  size_t n_q = a->n_q;
  double most = 0;
  cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)p->n_y, (blasint)n_q, (blasint)p->n_x, 1,
              p->p_y_given_x, (blasint)p->n_y + 1, a->terms, (blasint)n_q, 0, next, (blasint)n_q);
  for (size_t k = 0; k < n_q; k++) {
    bool fell = a->g[k] < a->g_before[k];
    double sum = 0;
    for (size_t y = 0; y < p->n_y; y++) {
      size_t i = y * n_q + k;
      if (fell) {
        a->q[i] = a->step[i];
      } else if (a->g[k] > 0 && a->q[i] > 0) {
        a->step[i] = next[i] / a->g[k];
        most = fmax(most, fabs(a->step[i] - a->q[i]));
        a->q[i] *= a->stride[k] > 1 ? pow(a->step[i] / a->q[i], a->stride[k]) : a->step[i] / a->q[i];
      } else {
        a->step[i] = a->q[i];
      }
      sum += a->q[i];
    }
    for (size_t y = 0; y < p->n_y; y++) a->q[y * n_q + k] /= sum;
    a->stride[k] = fell ? 1 : fmin(a->stride[k] * 1.5, 1e4);
    if (fell)
      most = fmax(most, UNSETTLED);
    else
      a->g_before[k] = a->g[k];
  }
  return most;
}

/* Largest difference of square roots: small probabilities count as they do in a divergence. */
static double difference(const ascent *a, size_t k, size_t j)
{
  double most = 0;
  for (size_t y = 0; y < a->p->n_y; y++)
    most = fmax(most, fabs(sqrt(a->q[y * a->n_q + k]) - sqrt(a->q[y * a->n_q + j])));
  return most;
}

/* Drops the ascents that have met a better one. */
static void drop_duplicates(ascent *a)
{
  size_t keep[MOST_CANDIDATES], n = 0, n_q = a->n_q;
  for (size_t k = 0; k < n_q; k++) {
    bool is_new = true;
    for (size_t j = 0; j < n_q && is_new; j++) {
      bool better = a->g_before[j] > a->g_before[k] || (a->g_before[j] == a->g_before[k] && j < k);
      is_new = !better || difference(a, k, j) > SAME;
    }
    if (is_new) keep[n++] = k;
  }
  for (size_t y = 0; y < a->p->n_y; y++) /* columns only move to the left */
    for (size_t j = 0; j < n; j++) {
      a->q[y * n + j] = a->q[y * n_q + keep[j]];
      a->step[y * n + j] = a->step[y * n_q + keep[j]];
    }
  for (size_t j = 0; j < n; j++) {
    a->g_before[j] = a->g_before[keep[j]];
    a->stride[j] = a->stride[keep[j]];
  }
  a->n_q = n;
}

/* Ascends until all have arrived; in the end q holds the best of each and g its G. */
static void ascend(ascent *a, double *next)
{
  for (size_t k = 0; k < a->n_q; k++) {
    a->g_before[k] = 0;
    a->stride[k] = 1;
  }
  take_g(a);
  for (int step = 1; step <= MOST_STEPS && climb(a, next) > ARRIVED; step++) {
    if (step % 8 == 0) drop_duplicates(a);
    take_g(a);
  }
  take_g(a);
  for (size_t k = 0; k < a->n_q; k++) {
    if (a->g[k] >= a->g_before[k]) continue;
    a->g[k] = a->g_before[k]; /* its q is gone, a step on from it is better still */
    for (size_t y = 0; y < a->p->n_y; y++) a->q[y * a->n_q + k] = a->step[y * a->n_q + k];
  }
}

/* The candidate with the highest G not yet marked by a negative one; n_q when none is above `least`. */
static size_t highest(const ascent *a, double least)
{
  size_t best = a->n_q;
  for (size_t k = 0; k < a->n_q; k++)
    if (a->g[k] > least && (best == a->n_q || a->g[k] > a->g[best])) best = k;
  return best;
}

/* New candidates a little off the best, toward p(y): an ascent that has ended on a face of the simplex, with q(y) = 0,
 * may be at no maximum. Into the simplex G rises as q(y)^(beta p(y|x)), which is steep where beta p(y|x) < 1. */
static void leave_faces(ascent *a, double *kept)
{
  static const double part[] = {0, 1e-2, 1e-5, 1e-9};
  enum { PARTS = sizeof part / sizeof *part };
  size_t n_y = a->p->n_y, chosen[MOST_LEAVING], n = 0;
  for (size_t k; n < MOST_LEAVING && (k = highest(a, -1)) < a->n_q; a->g[k] = -2) chosen[n++] = k;
  for (size_t y = 0; y < n_y; y++)
    for (size_t j = 0; j < n * PARTS; j++)
      kept[y * n * PARTS + j] =
          (1 - part[j % PARTS]) * a->q[y * a->n_q + chosen[j / PARTS]] + part[j % PARTS] * a->p->p_y[y];
  a->n_q = n * PARTS;
  memcpy(a->q, kept, n_y * a->n_q * sizeof *kept);
}

/* G at every start; the best of each face and then the best of all, which are not too close to each other, become the
 * candidates. */
static void choose_candidates(ascent *a, const ib_starts *starts, bool *taken, double *kept)
{
  size_t n_y = a->p->n_y, n = 0, chosen[MOST_CANDIDATES];
  a->n_q = starts->n;
  for (size_t k = 0; k < starts->n; k++)
    for (size_t y = 0; y < n_y; y++) a->q[y * starts->n + k] = starts->q[k * n_y + y];
  take_g(a);
  for (int round = 0; round < 2; round++) {
    memcpy(a->g_before, a->g, starts->n * sizeof *a->g);
    for (size_t k; n < a->most && (k = highest(a, -1)) < a->n_q; a->g[k] = -2) {
      bool is_new = round > 0 || !taken[starts->face[k]];
      for (size_t j = 0; j < n && is_new; j++) is_new = difference(a, k, chosen[j]) > CLOSE;
      if (!is_new) continue;
      taken[starts->face[k]] = true;
      chosen[n++] = k;
    }
    memcpy(a->g, a->g_before, starts->n * sizeof *a->g);
  }
  for (size_t y = 0; y < n_y; y++)
    for (size_t k = 0; k < n; k++) kept[y * n + k] = a->q[y * starts->n + chosen[k]];
  memcpy(a->q, kept, n_y * n * sizeof *kept);
  a->n_q = n;
}

/* The solution with the best candidates as new clusters, each another q. */
static ip_status insert_clusters(ascent *a, const ip_ib_solution *s, double least, double mass, ip_ib_solution **start)
{
  size_t inserted[MOST_INSERTED], n = 0, n_y = s->n_y, n_t = s->n_t;
  for (size_t k; n < MOST_INSERTED && (k = highest(a, least)) < a->n_q; a->g[k] = -1) {
    bool is_new = true;
    for (size_t j = 0; j < n && is_new; j++) is_new = difference(a, k, inserted[j]) > SAME;
    if (is_new) inserted[n++] = k;
  }
  IP_TRY(ip_ib_solution_create(n_y, n_t + n, start));
  double *joint = (*start)->joint, share = mass / (double)n;
  for (size_t y = 0; y <= n_y; y++) {
    for (size_t t = 0; t < n_t; t++) joint[y * (n_t + n) + t] = (1 - mass) * s->joint[y * n_t + t];
    for (size_t j = 0; j < n; j++)
      joint[y * (n_t + n) + n_t + j] = share * (y < n_y ? a->q[y * a->n_q + inserted[j]] : 1);
  }
  return IP_OK;
}

/* Room for (n) starts, of which MOST_CANDIDATES at most ascend. */
static ip_status make_room(ascent *a, size_t n, ip_scratch *sc)
{
  size_t n_x = a->p->n_x, n_y = a->p->n_y, most = n > MOST_CANDIDATES ? n : MOST_CANDIDATES;
  IP_TRY(IP_SCRATCH(sc, a->ln_z, n_x, "ln Z(x)"));
  IP_TRY(IP_SCRATCH(sc, a->q, n_y * most, "candidates"));
  IP_TRY(IP_SCRATCH(sc, a->logs, n_y * most, "logarithms of candidates"));
  IP_TRY(IP_SCRATCH(sc, a->terms, n_x * most, "terms of G"));
  IP_TRY(IP_SCRATCH(sc, a->g, most, "G"));
  IP_TRY(IP_SCRATCH(sc, a->g_before, most, "G"));
  IP_TRY(IP_SCRATCH(sc, a->step, n_y * MOST_CANDIDATES, "steps of candidates"));
  return IP_SCRATCH(sc, a->stride, MOST_CANDIDATES, "strides of candidates");
}

static ip_status search(const ip_ib_problem *p, const ip_ib_solution *s, const ib_starts *starts, size_t most,
                        bool leave, double least, double mass, ip_scratch *sc, double *gain, ip_ib_solution **start)
{
  ascent a = {.p = p, .beta = s->beta, .most = most};
  double *next;
  bool *taken;
  IP_TRY(make_room(&a, starts->n, sc));
  IP_TRY(IP_SCRATCH(sc, next, p->n_y * (starts->n > MOST_CANDIDATES ? starts->n : MOST_CANDIDATES), "candidates"));
  IP_TRY(IP_SCRATCH(sc, taken, starts->n_faces, "faces with a candidate"));
  IP_TRY(ib_ln_z(p, s, a.ln_z));
  choose_candidates(&a, starts, taken, next);
  ascend(&a, next);
  if (leave) {
    leave_faces(&a, next);
    ascend(&a, next);
  }
  *gain = log(fmax(a.g[highest(&a, -1)], 1));
  if (start && *gain > least) IP_TRY(insert_clusters(&a, s, exp(least), mass, start));
  return IP_OK;
}

ip_status ip_ib_check_optimality(const ip_ib_problem *p, const ip_ib_solution *s, bool thorough, double least,
                                 double mass, double *gain, ip_ib_solution **start)
{
  ip_scratch *sc;
  ib_starts starts;
  if (start) *start = NULL;
  *gain = 0;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ib_starts_make(p, thorough, sc, &starts);
  if (st == IP_OK)
    st = search(p, s, &starts, thorough ? MOST_CANDIDATES : FEW_CANDIDATES, thorough, least, mass, sc, gain, start);
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ib_check_optimality_from(const ip_ib_problem *p, const ip_ib_solution *s, double *q, double mass,
                                   double *gain, ip_ib_solution **start)
{
  ip_scratch *sc;
  uint32_t face = 0;
  const ib_starts one = {.n = 1, .q = q, .face = &face, .n_faces = 1};
  if (start) *start = NULL;
  *gain = 0;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = search(p, s, &one, 1, true, 0, mass, sc, gain, start);
  ip_scratch_destroy(&sc);
  return st;
}
