/* knn_probe.c - usable information by a nearest-neighbour probe: what the labels of nearby training samples tell.
 *
 *     q(c|t) = (number of the k nearest training samples of class c + 1) / (k + C)
 *     V = mean over test samples of log2 q(y_i|t_i) - log2 q0(y_i)        (usable.h)
 *
 * C counts the classes of the training samples. Distances are in the maximum norm, of units scaled to unit variance
 * over the training samples. Training samples as far away as the k-th share the places that are left equally, so the
 * order of samples does not matter. Smoothing bounds q by (k + 1)/(k + C): V does not reach H(Y). 0 for a constant
 * layer and for one class.
 *
 * With hard labels and at most 15 units the neighbours are found by trees, one for every class; otherwise by comparing
 * all pairs, in time n_train n_test width. Both give the same numbers.
 */
#include "estimator/scaled.h"
#include "measure/usable.h"
#include "num/kdtree.h"
#include "num/neighbour.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { K };
static const ip_parameter knn_probe_parameters[] = {
    {"k", IP_PARAMETER_INT, "5", 1, 1000, NULL, "number of neighbours"},
};
enum { MOST_TREE_COLUMNS = 15 };

/* Training samples, then test samples, with units in rows. */
typedef struct search {
  const ip_usable *u;
  size_t k, stride;
  double *v;       // (width, stride)
  double *nearest; // (k)
} search;

static ip_status open(const ip_usable *u, size_t k, ip_scratch *sc, search *out)
{
  *out = (search){u, k < u->n_train ? k : u->n_train, u->n_train + u->n_test, NULL, NULL};
  IP_TRY(IP_SCRATCH(sc, out->nearest, out->k, "neighbours"));
  IP_TRY(IP_SCRATCH(sc, out->v, u->width * out->stride, "units of samples"));
  for (size_t i = 0; i < out->stride; i++) {
    const double *from = i < u->n_train ? u->train + i * (u->width + 1) : u->test + (i - u->n_train) * (u->width + 1);
    for (size_t j = 0; j < u->width; j++) out->v[j * out->stride + i] = from[j];
  }
  return IP_OK;
}

/* What is nearer than the k-th sample, at d, and what is as far away; units may have scaled d apart (IP_SCALED_TIE). */
typedef struct rim {
  double inner, outer;
} rim;

static rim rim_at(double d)
{
  return (rim){d * (1 - IP_SCALED_TIE), d > 0 ? d * (1 + IP_SCALED_TIE) : DBL_MIN};
}

/* ln q of one sample from the sums of the labels of nearer samples, and of those as far away as the k-th. */
static void predict(const search *s, size_t n_nearer, size_t n_tied, const double *nearer, const double *tied,
                    double *log_q)
{
  double share = (double)(s->k - n_nearer) / (double)n_tied;
  for (size_t c = 0; c < s->u->n_classes; c++)
    log_q[c] = log((nearer[c] + share * tied[c] + 1) / (double)(s->k + s->u->n_classes));
}

/* ---------------------------------------------------------------- all pairs */

enum { STRIP = 64, CACHED = 32768 }; /* test samples at a time; numbers of training samples that stay in the cache */

/* d (rows, n_train): distances of test samples i, i + 1, ... to all training samples. */
static void compare(const search *s, size_t i, size_t rows, double *d)
{
  const ip_usable *u = s->u;
  size_t piece = CACHED / (u->width + 1) / 16 * 16;
  if (piece < 16) piece = 16;
  for (size_t a = 0; a < u->n_train; a += piece) {
    size_t m = u->n_train - a < piece ? u->n_train - a : piece;
    ip_neighbour_variant(0)->distances(rows, m, u->width, s->stride, s->v + u->n_train + i, s->v + a, u->n_train,
                                       d + a);
  }
}

/* From the distances d (n_train) of one test sample; sum (2, n_classes) is working memory. */
static void predict_from_distances(const search *s, const double *d, double *sum, double *log_q)
{
  const ip_usable *u = s->u;
  size_t n[2] = {0, 0}, n_classes = u->n_classes; /* nearer, tied */
  rim at = rim_at(ip_neighbour_variant(0)->kth(s->k, u->n_train, d, d, s->nearest));
  memset(sum, 0, 2 * n_classes * sizeof *sum);
  for (size_t a = 0; a < u->n_train; a++) {
    if (d[a] >= at.outer) continue;
    int tied = !(d[a] < at.inner);
    n[tied]++;
    for (size_t c = 0; c < n_classes; c++) sum[(size_t)tied * n_classes + c] += u->p_train[a * n_classes + c];
  }
  predict(s, n[0], n[1], sum, sum + n_classes, log_q);
}

static ip_status by_pairs(const search *s, ip_scratch *sc, double *log_q)
{
  const ip_usable *u = s->u;
  double *d, *sum; // (STRIP, n_train), (2, n_classes)
  IP_TRY(IP_SCRATCH(sc, d, STRIP * u->n_train, "distances"));
  IP_TRY(IP_SCRATCH(sc, sum, 2 * u->n_classes, "labels of neighbours"));
  for (size_t i = 0; i < u->n_test; i += STRIP) {
    size_t rows = u->n_test - i < STRIP ? u->n_test - i : STRIP;
    compare(s, i, rows, d);
    for (size_t r = 0; r < rows; r++)
      predict_from_distances(s, d + r * u->n_train, sum, log_q + (i + r) * u->n_classes);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- trees */

/* The tree of the training samples of class c; of all if c is n_classes. */
static ip_status plant(const search *s, size_t c, ip_scratch *sc, ip_kdtree *tree)
{
  const ip_usable *u = s->u;
  const double **column; // (width)
  size_t n = 0;
  IP_TRY(IP_SCRATCH(sc, column, u->width, "columns of a tree"));
  for (size_t j = 0; j < u->width; j++) {
    double *to; // (n)
    IP_TRY(IP_SCRATCH(sc, to, u->n_train, "columns of a tree"));
    n = 0;
    for (size_t i = 0; i < u->n_train; i++)
      if (c == u->n_classes || u->p_train[i * u->n_classes + c] > 0) to[n++] = s->v[j * s->stride + i];
    column[j] = to;
  }
  return ip_kdtree_create(n, u->width, column, NULL, sc, tree);
}

static ip_status by_trees(const search *s, ip_scratch *sc, double *log_q)
{
  const ip_usable *u = s->u;
  size_t n_classes = u->n_classes;
  ip_kdtree *tree;       // (n_classes + 1)
  double *nearer, *tied; // (n_classes)
  IP_TRY(IP_SCRATCH(sc, tree, n_classes + 1, "trees"));
  IP_TRY(IP_SCRATCH(sc, nearer, n_classes, "labels of neighbours"));
  IP_TRY(IP_SCRATCH(sc, tied, n_classes, "labels of neighbours"));
  for (size_t c = 0; c <= n_classes; c++) IP_TRY(plant(s, c, sc, &tree[c]));
  for (size_t i = 0; i < u->n_test; i++) {
    const double *at = u->test + i * (u->width + 1);
    rim limit = rim_at(ip_kdtree_kth(&tree[n_classes], at, s->k, s->nearest));
    size_t n_nearer = 0, n_tied = 0;
    for (size_t c = 0; c < n_classes; c++) {
      size_t inside = ip_kdtree_count_below(&tree[c], at, limit.inner);
      size_t within = ip_kdtree_count_below(&tree[c], at, limit.outer) - inside;
      n_nearer += inside;
      n_tied += within;
      nearer[c] = (double)inside;
      tied[c] = (double)within;
    }
    predict(s, n_nearer, n_tied, nearer, tied, log_q + i * n_classes);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the measure */

static ip_status knn_probe_run(const double *v, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                               const char **reason)
{
  (void)seed;
  ip_usable u;
  const char *why;
  search s;
  double *log_q; // (n_test, n_classes)
  IP_TRY(ip_usable_read(in, IP_UNITS_COMPARED, false, sc, &u, &why));
  if (why) {
    ip_measure_no_value(reason, 0, IP_N_USABLE, why);
    return IP_OK;
  }
  if (!u.width || u.n_classes == 1) {
    ip_usable_score(&u, NULL, out);
    return IP_OK;
  }
  IP_TRY(IP_SCRATCH(sc, log_q, u.n_test * u.n_classes, "predictions of a probe"));
  IP_TRY(open(&u, (size_t)v[K], sc, &s));
  bool by_tree = !in->s->p_y_given_x && u.width <= MOST_TREE_COLUMNS;
  IP_TRY(by_tree ? by_trees(&s, sc, log_q) : by_pairs(&s, sc, log_q));
  ip_usable_score(&u, log_q, out);
  return IP_OK;
}

const ip_measure_kind ip_measure_knn_probe = {
    .name = "knn_probe",
    .help = "usable information (V-information) by the classes of the nearest training samples",
    .parameter = knn_probe_parameters,
    .n_parameters = sizeof knn_probe_parameters / sizeof *knn_probe_parameters,
    .series = ip_usable_series,
    .n_series = IP_N_USABLE,
    .needs = IP_NEEDS_SPLIT,
    .run = knn_probe_run,
};
