#include "estimator/mixture.h"

#include "info/discrete.h"
#include "num/kdtree.h"
#include "num/neighbour.h"
#include "num/sum.h"

#include <float.h>
#include <math.h>

/* Only distances of 0 are below it: columns of unit variance have no distances between 0 and that. */
#define TOUCHING DBL_MIN

/* Columns of samples and samples from which on trees are faster than all pairs. */
enum { TREE_COLUMNS = 15, TREE_SAMPLES = 300 };

/* Samples whose distance is below this are nearer than d, which another column may have scaled (IP_SCALED_TIE). */
static double below(double d)
{
  return d > 0 ? d * (1 - IP_SCALED_TIE) : TOUCHING;
}

enum { STRIP = 64 }; /* samples compared with all others at a time */

typedef struct work {
  size_t n, k;
  double log_n;
  const ip_neighbour *loops;
  double *psi;     // (n + 1) digamma of integers
  double *nearest; // (k + 1)
} work;

static ip_status prepare(size_t n, size_t k, ip_scratch *sc, work *w)
{
  *w = (work){.n = n, .k = k, .log_n = log((double)n), .loops = ip_neighbour_variant(0)};
  IP_TRY(IP_SCRATCH(sc, w->psi, n + 1, "digamma"));
  IP_TRY(IP_SCRATCH(sc, w->nearest, k + 1, "nearest neighbours"));
  w->psi[1] = -0.57721566490153286061; /* Euler's constant */
  for (size_t m = 1; m < n; m++) w->psi[m + 1] = w->psi[m] + 1 / (double)m;
  return IP_OK;
}

static double term(const work *w, size_t k, size_t n_a, size_t n_t)
{
  return w->psi[k] + w->log_n - w->psi[n_a] - w->psi[n_t];
}

static double mean_bits(size_t n, const ip_sum *sum)
{
  return ip_sum_value(sum) / (double)n / IP_NATS_PER_BIT;
}

static ip_status plant(const ip_scaled_columns *c, size_t n, size_t first, size_t size, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (width)
  IP_TRY(IP_SCRATCH(sc, column, c->width, "columns of a tree"));
  for (size_t k = 0; k < c->width; k++) column[k] = c->v + k * n + first;
  return ip_kdtree_create(size, c->width, column, NULL, sc, out);
}

/* ---------------------------------------------------------------- two variables */

/* The sample at distance 0 of both da (n) and dt (n). */
static double pair_term(const work *w, const double *da, const double *dt)
{
  size_t k = w->k;
  double d = w->loops->kth(k + 1, w->n, da, dt, w->nearest);
  double limit = below(d);
  if (!(d > 0)) {
    k = 0;
    for (size_t j = 0; j < w->n; j++) k += da[j] < limit && dt[j] < limit;
  }
  return term(w, k, w->loops->count_below(w->n, da, limit), w->loops->count_below(w->n, dt, limit));
}

static ip_status information_of_pairs(const work *w, const ip_scaled_columns *a, const ip_scaled_columns *t,
                                      ip_scratch *sc, ip_sum *sum)
{
  double *da, *dt; // (STRIP, n)
  IP_TRY(IP_SCRATCH(sc, da, STRIP * w->n, "distances"));
  IP_TRY(IP_SCRATCH(sc, dt, STRIP * w->n, "distances"));
  for (size_t i = 0; i < w->n; i += STRIP) {
    size_t rows = w->n - i < STRIP ? w->n - i : STRIP;
    w->loops->distances(rows, w->n, a->width, w->n, a->v + i, a->v, w->n, da);
    w->loops->distances(rows, w->n, t->width, w->n, t->v + i, t->v, w->n, dt);
    for (size_t r = 0; r < rows; r++) ip_sum_add(sum, pair_term(w, da + r * w->n, dt + r * w->n));
  }
  return IP_OK;
}

static ip_status join(const ip_scaled_columns *a, const ip_scaled_columns *t, size_t n, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (a->width + t->width)
  IP_TRY(IP_SCRATCH(sc, column, a->width + t->width, "columns of a tree"));
  for (size_t k = 0; k < a->width; k++) column[k] = a->v + k * n;
  for (size_t k = 0; k < t->width; k++) column[a->width + k] = t->v + k * n;
  return ip_kdtree_create(n, a->width + t->width, column, NULL, sc, out);
}

/* Samples are visited in the order of the tree, whose neighbours are near in memory, and added up in their own. */
static ip_status information_of_trees(const work *w, const ip_scaled_columns *a, const ip_scaled_columns *t,
                                      ip_scratch *sc, ip_sum *sum)
{
  ip_kdtree joint, of_a, of_t;
  double *of_sample; // (n)
  IP_TRY(IP_SCRATCH(sc, of_sample, w->n, "terms of samples"));
  IP_TRY(join(a, t, w->n, sc, &joint));
  IP_TRY(plant(a, w->n, 0, w->n, sc, &of_a));
  IP_TRY(plant(t, w->n, 0, w->n, sc, &of_t));
  for (size_t p = 0; p < w->n; p++) {
    const double *at = joint.point + p * joint.width;
    size_t k = w->k;
    double d = ip_kdtree_kth(&joint, at, k + 1, w->nearest), limit = below(d);
    if (!(d > 0)) k = ip_kdtree_count_below(&joint, at, limit);
    of_sample[joint.id[p]] =
        term(w, k, ip_kdtree_count_below(&of_a, at, limit), ip_kdtree_count_below(&of_t, at + a->width, limit));
  }
  for (size_t i = 0; i < w->n; i++) ip_sum_add(sum, of_sample[i]);
  return IP_OK;
}

ip_status ip_mixture_information(size_t n, size_t k, const ip_scaled_columns *a, const ip_scaled_columns *t,
                                 ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  work w;
  ip_sum sum = {0};
  *bits = 0;
  if (!a->width || !t->width) return IP_OK;
  IP_TRY(prepare(n, k, sc, &w));
  if (a->width + t->width <= TREE_COLUMNS && n >= TREE_SAMPLES)
    IP_TRY(information_of_trees(&w, a, t, sc, &sum));
  else
    IP_TRY(information_of_pairs(&w, a, t, sc, &sum));
  *bits = mean_bits(n, &sum);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* ---------------------------------------------------------------- a label and a variable */

/* The samples of t in the order of their classes; class c has those from first[c] to first[c + 1] - 1. */
typedef struct sorted {
  size_t n_classes, n_terms; /* samples that are not alone in their class */
  size_t *first;             // (n_classes + 2) of which the first n_classes + 1
  ip_scaled_columns t;
} sorted;

static ip_status sort_by_class(size_t n, size_t n_classes, const uint32_t *label, const ip_scaled_columns *t,
                               ip_scratch *sc, sorted *out)
{
  *out = (sorted){.n_classes = n_classes, .t.width = t->width};
  IP_TRY(IP_SCRATCH(sc, out->first, n_classes + 2, "class sizes"));
  IP_TRY(IP_SCRATCH(sc, out->t.v, t->width * n, "samples by class"));
  for (size_t i = 0; i < n; i++) out->first[label[i] + 2]++;
  for (size_t c = 0; c < n_classes; c++) {
    if (out->first[c + 2] > 1) out->n_terms += out->first[c + 2];
    out->first[c + 2] += out->first[c + 1];
  }
  for (size_t i = 0; i < n; i++) {
    size_t at = out->first[label[i] + 1]++;
    for (size_t k = 0; k < t->width; k++) out->t.v[k * n + at] = t->v[k * n + i];
  }
  return IP_OK;
}

/* Samples of the class first .. first + size - 1. */
static void add_pairs_of_class(const work *w, const ip_scaled_columns *t, size_t first, size_t size, double *dt,
                               ip_sum *sum)
{
  size_t most = w->k < size ? w->k : size - 1;
  for (size_t i = 0; i < size; i += STRIP) {
    size_t rows = size - i < STRIP ? size - i : STRIP;
    w->loops->distances(rows, w->n, t->width, w->n, t->v + first + i, t->v, w->n, dt);
    for (size_t r = 0; r < rows; r++) {
      const double *all = dt + r * w->n, *own = all + first;
      size_t k = most;
      double d = w->loops->kth(k + 1, size, own, own, w->nearest), limit = below(d);
      if (!(d > 0)) k = w->loops->count_below(size, own, limit);
      ip_sum_add(sum, term(w, k, size, w->loops->count_below(w->n, all, limit)));
    }
  }
}

static ip_status add_tree_of_class(const work *w, const ip_scaled_columns *t, size_t first, size_t size,
                                   const ip_kdtree *of_t, ip_scratch *sc, ip_sum *sum)
{
  size_t most = w->k < size ? w->k : size - 1, mark = ip_scratch_mark(sc);
  ip_kdtree own;
  double *of_sample; // (size)
  IP_TRY(IP_SCRATCH(sc, of_sample, size, "terms of samples"));
  IP_TRY(plant(t, w->n, first, size, sc, &own));
  for (size_t p = 0; p < size; p++) {
    const double *at = own.id ? own.point + p * own.width : t->v + first + p; /* one column has no order of its own */
    size_t k = most;
    double d = ip_kdtree_kth(&own, at, k + 1, w->nearest), limit = below(d);
    if (!(d > 0)) k = ip_kdtree_count_below(&own, at, limit);
    of_sample[own.id ? own.id[p] : p] = term(w, k, size, ip_kdtree_count_below(of_t, at, limit));
  }
  for (size_t i = 0; i < size; i++) ip_sum_add(sum, of_sample[i]);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status sum_classes(const work *w, const sorted *s, ip_scratch *sc, ip_sum *sum)
{
  bool trees = s->t.width <= TREE_COLUMNS && w->n >= TREE_SAMPLES;
  ip_kdtree of_t;
  double *dt = NULL; // (STRIP, n)
  if (trees)
    IP_TRY(plant(&s->t, w->n, 0, w->n, sc, &of_t));
  else
    IP_TRY(IP_SCRATCH(sc, dt, STRIP * w->n, "distances"));
  for (size_t c = 0; c < s->n_classes; c++) {
    size_t first = s->first[c], size = s->first[c + 1] - first;
    if (size < 2) continue;
    if (trees)
      IP_TRY(add_tree_of_class(w, &s->t, first, size, &of_t, sc, sum));
    else
      add_pairs_of_class(w, &s->t, first, size, dt, sum);
  }
  return IP_OK;
}

ip_status ip_mixture_label_information(size_t n, size_t k, size_t n_classes, const uint32_t *label,
                                       const ip_scaled_columns *t, ip_scratch *sc, double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  work w;
  sorted s;
  ip_sum sum = {0};
  *bits = 0;
  IP_TRY(prepare(n, k, sc, &w));
  IP_TRY(sort_by_class(n, n_classes, label, t, sc, &s));
  bool one_class = s.first[label[0] + 1] - s.first[label[0]] == n;
  if (!s.n_terms) {
    *bits = (double)NAN;
  } else if (!one_class && t->width) {
    IP_TRY(sum_classes(&w, &s, sc, &sum));
    *bits = mean_bits(s.n_terms, &sum);
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
