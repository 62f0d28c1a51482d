/* ksg.c - mutual information from nearest neighbours.
 *
 * I(X;T) of continuous X and T, with the maximum norm everywhere: e_i is the distance of sample i to its k-th neighbour
 * in (x,t), n_x and n_t count the other samples nearer than e_i in x alone and in t alone,
 *     I(X;T) = psi(k) + psi(N) - 1/N sum_i [ psi(n_x + 1) + psi(n_t + 1) ]
 * (Kraskov, Stoegbauer & Grassberger, "Estimating mutual information", Phys. Rev. E 69, 2004, eq. 8, algorithm 1).
 *
 * I(T;Y) of a class: e_i is the distance to the k_i-th neighbour among the N_y samples of the same class, k_i = min(k,
 * N_y - 1), and m_i counts the samples nearer than e_i, sample i included; samples that are alone in their class are
 * left out of the means,
 *     I(T;Y) = psi(N) - <psi(N_y)> + <psi(k_i)> - <psi(m_i)>
 * (Ross, "Mutual information between discrete and continuous datasets", PLoS ONE 9, 2014, eq. 2). With soft labels one
 * label is drawn for each sample. Targets of a regression, where there are some, are taken for Y by the first formula.
 *
 * Columns are scaled to unit variance, unless scale=none, and equal values set apart by normal noise of 1e-10 of that
 * (Kraskov et al., sec. II). Results below 0 are reported as 0.
 *
 * Bias: small for continuous variables of few dimensions; towards 0 in more, and for strong dependence, of which N
 * samples show no more than about log2 N bits (Gao, Ver Steeg & Galstyan 2015). The truth is infinite where T is a
 * function of a continuous X without noise, and the estimate then only says how many samples there were. Where T or X
 * repeat values the densities that the formula is about do not exist, and the noise decides.
 *
 * Up to TREE_COLUMNS columns of X and T together, neighbours come from trees: time about N log N. Above, from all
 * pairs: time N^2 (n_in + width). Both give the same bits. Memory N (3 (n_in + width) + 128) numbers at most.
 */
#include "base/rng.h"
#include "estimator/kind.h"
#include "info/discrete.h"
#include "num/kdtree.h"
#include "num/neighbour.h"
#include "num/sum.h"

#include <math.h>

enum { K, SCALE };
enum { SCALE_UNIT, SCALE_NONE };
static const char *const scales[] = {"unit", "none", NULL};
static const ip_parameter ksg_parameters[] = {
    {"k", IP_PARAMETER_INT, "3", 1, 10000, NULL, "number of the neighbour whose distance is taken"},
    {"scale", IP_PARAMETER_CHOICE, "unit", 0, 0, scales, "columns scaled to unit variance, or left as they are"},
};

static unsigned ksg_bounds(const double *v)
{
  (void)v;
  return IP_BELOW_HY; /* X is continuous */
}

static unsigned ksg_needs(const double *v)
{
  (void)v;
  return IP_NEEDS_X;
}

/* Columns of the samples, in the order of their classes. */
typedef struct columns {
  size_t width;
  double *v; // (width, n)
} columns;

typedef struct work {
  size_t n, k;
  const ip_neighbour *loops;
  double *psi;     // (n + 1) digamma of integers
  double *nearest; // (k + 1)
  uint32_t *order; // (n) samples by class
  int32_t *label;  // (n) of the samples in that order
  size_t *first;   // (n_y + 1) where each class begins
} work;

/* Column k of v (n, width): its mean and standard deviation. */
static void moments(size_t n, size_t width, const float *v, size_t k, double *mean, double *sd)
{
  ip_sum sum = {0}, square = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&sum, (double)v[i * width + k]);
  *mean = ip_sum_value(&sum) / (double)n;
  for (size_t i = 0; i < n; i++) {
    double d = (double)v[i * width + k] - *mean;
    ip_sum_add(&square, d * d);
  }
  *sd = sqrt(ip_sum_value(&square) / (double)n);
}

/* Columns of v (n, width) that are not constant, scaled and with ties set apart. */
static ip_status take_columns(const work *w, bool scale, size_t width, const float *v, ip_rng *r, ip_scratch *sc,
                              columns *out)
{
  out->width = 0;
  IP_TRY(IP_SCRATCH(sc, out->v, width * w->n, "columns of samples"));
  for (size_t k = 0; k < width; k++) {
    double mean, sd;
    moments(w->n, width, v, k, &mean, &sd);
    if (!(sd > 0)) continue;
    double *to = out->v + out->width++ * w->n, unit = scale ? 1 / sd : 1;
    for (size_t i = 0; i < w->n; i++)
      to[i] = unit * (((double)v[w->order[i] * width + k] - mean) + 1e-10 * sd * ip_rng_normal(r));
  }
  return IP_OK;
}

static ip_status sort_by_class(work *w, const ip_samples *s, ip_rng *r, ip_scratch *sc)
{
  int32_t *label; // (n) in the samples' own order
  IP_TRY(IP_SCRATCH(sc, label, w->n, "labels"));
  IP_TRY(IP_SCRATCH(sc, w->label, w->n, "labels"));
  IP_TRY(IP_SCRATCH(sc, w->order, w->n, "samples by class"));
  IP_TRY(IP_SCRATCH(sc, w->first, s->n_y + 2, "class sizes"));
  for (size_t i = 0; i < w->n; i++) w->first[2 + (label[i] = ip_samples_draw_label(s, i, r))]++;
  for (size_t c = 0; c < s->n_y; c++) w->first[c + 2] += w->first[c + 1];
  for (size_t i = 0; i < w->n; i++) {
    size_t at = w->first[1 + label[i]]++;
    w->order[at] = (uint32_t)i;
    w->label[at] = label[i];
  }
  return IP_OK;
}

static ip_status prepare(work *w, const ip_samples *s, ip_rng *r, ip_scratch *sc)
{
  IP_TRY(IP_SCRATCH(sc, w->psi, w->n + 1, "digamma"));
  IP_TRY(IP_SCRATCH(sc, w->nearest, w->k + 1, "nearest neighbours"));
  w->psi[1] = -0.57721566490153286061; /* Euler's constant */
  for (size_t m = 1; m < w->n; m++) w->psi[m + 1] = w->psi[m] + 1 / (double)m;
  return sort_by_class(w, s, r, sc);
}

/* psi(n_a + 1) + psi(n_t + 1) for one sample with distances da (n), dt (n); the sample itself is at 0 in both. */
static double joint_term(work *w, const double *da, const double *dt)
{
  double e = w->loops->kth(w->k + 1, w->n, da, dt, w->nearest);
  return w->psi[w->loops->count_below(w->n, da, e)] + w->psi[w->loops->count_below(w->n, dt, e)];
}

/* psi(N_y) - psi(k_i) + psi(m_i) for sample i, or false when it is alone in its class. */
static bool class_term(work *w, size_t i, const double *dt, double *term)
{
  size_t begin = w->first[w->label[i]], size = w->first[w->label[i] + 1] - begin;
  size_t k = w->k < size ? w->k : size - 1;
  if (k == 0) return false;
  double e = w->loops->kth(k + 1, size, dt + begin, dt + begin, w->nearest);
  *term = w->psi[size] - w->psi[k] + w->psi[w->loops->count_below(w->n, dt, e)];
  return true;
}

/* Sums over all samples of the terms of I(A;T), for A = X and A = targets, and of I(T;Y). */
typedef struct sums {
  ip_sum x, target, y;
  size_t n_y; /* samples in the sum over classes */
} sums;

enum { STRIP = 64, CACHED = 32768 }; /* samples compared with all others at a time; numbers of those kept at hand */

/* d (rows, n): distances of samples i.. to all, in pieces of columns that stay in the cache for all rows. */
static void compare(const work *w, const columns *c, size_t i, size_t rows, double *d)
{
  size_t piece = CACHED / (c->width + 1) / 16 * 16;
  if (piece < 16) piece = 16;
  for (size_t j = 0; j < w->n; j += piece) {
    size_t m = w->n - j < piece ? w->n - j : piece;
    w->loops->distances(rows, m, c->width, w->n, c->v + i, c->v + j, w->n, d + j);
  }
}

static ip_status sum_terms_of_pairs(work *w, const columns *t, const columns *x, const columns *target, ip_scratch *sc,
                                    sums *out)
{
  double *dt, *da; // (STRIP, n)
  IP_TRY(IP_SCRATCH(sc, dt, STRIP * w->n, "distances"));
  IP_TRY(IP_SCRATCH(sc, da, STRIP * w->n, "distances"));
  for (size_t i = 0; i < w->n; i += STRIP) {
    size_t rows = w->n - i < STRIP ? w->n - i : STRIP;
    compare(w, t, i, rows, dt);
    compare(w, x, i, rows, da);
    for (size_t r = 0; r < rows; r++) {
      double term;
      ip_sum_add(&out->x, joint_term(w, da + r * w->n, dt + r * w->n));
      if (target || !class_term(w, i + r, dt + r * w->n, &term)) continue;
      ip_sum_add(&out->y, term);
      out->n_y++;
    }
    if (!target) continue;
    compare(w, target, i, rows, da);
    for (size_t r = 0; r < rows; r++) ip_sum_add(&out->target, joint_term(w, da + r * w->n, dt + r * w->n));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the same from trees */

/* Columns of samples and samples from which on trees are faster than all pairs. */
enum { TREE_COLUMNS = 15, TREE_SAMPLES = 300 };

static bool trees_are_faster(const work *w, const columns *t, const columns *a)
{
  return a->width > 0 && t->width > 0 && a->width + t->width <= TREE_COLUMNS && w->n >= TREE_SAMPLES;
}

static ip_status plant(const columns *c, size_t n, size_t first, size_t size, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (width)
  IP_TRY(IP_SCRATCH(sc, column, c->width, "columns of a tree"));
  for (size_t k = 0; k < c->width; k++) column[k] = c->v + k * n + first;
  return ip_kdtree_create(size, c->width, column, sc, out);
}

static ip_status join(const columns *a, const columns *t, size_t n, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (a->width + t->width)
  IP_TRY(IP_SCRATCH(sc, column, a->width + t->width, "columns of a tree"));
  for (size_t k = 0; k < a->width; k++) column[k] = a->v + k * n;
  for (size_t k = 0; k < t->width; k++) column[a->width + k] = t->v + k * n;
  return ip_kdtree_create(n, a->width + t->width, column, sc, out);
}

/* Samples are visited in the order of the tree, whose neighbours are near in memory, and added up in their own. */
static ip_status sum_joint_terms(work *w, const columns *a, const columns *t, const ip_kdtree *of_t, ip_scratch *sc,
                                 ip_sum *sum)
{
  size_t mark = ip_scratch_mark(sc);
  ip_kdtree joint, of_a;
  double *term; // (n)
  IP_TRY(IP_SCRATCH(sc, term, w->n, "terms of samples"));
  IP_TRY(join(a, t, w->n, sc, &joint));
  IP_TRY(plant(a, w->n, 0, w->n, sc, &of_a));
  for (size_t p = 0; p < w->n; p++) {
    const double *at = joint.point + p * joint.width;
    double e = ip_kdtree_kth(&joint, at, w->k + 1, w->nearest);
    term[joint.id[p]] =
        w->psi[ip_kdtree_count_below(&of_a, at, e)] + w->psi[ip_kdtree_count_below(of_t, at + a->width, e)];
  }
  for (size_t i = 0; i < w->n; i++) ip_sum_add(sum, term[i]);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Terms of the samples first .. first + size - 1, which are a class. */
static ip_status add_class_terms(work *w, size_t first, size_t size, const columns *t, const ip_kdtree *of_t,
                                 ip_scratch *sc, sums *out)
{
  if (size < 2) return IP_OK; /* alone in its class, or a class without samples */
  size_t k = w->k < size ? w->k : size - 1, mark = ip_scratch_mark(sc);
  ip_kdtree of_class;
  double *term, *at; // (size), (width)
  IP_TRY(IP_SCRATCH(sc, term, size, "terms of samples"));
  IP_TRY(IP_SCRATCH(sc, at, t->width, "a sample"));
  IP_TRY(plant(t, w->n, first, size, sc, &of_class));
  for (size_t p = 0; p < size; p++) {
    size_t i = of_class.id ? of_class.id[p] : p;
    for (size_t c = 0; c < t->width; c++) at[c] = t->v[c * w->n + first + i];
    double e = ip_kdtree_kth(&of_class, at, k + 1, w->nearest);
    term[i] = w->psi[size] - w->psi[k] + w->psi[ip_kdtree_count_below(of_t, at, e)];
  }
  for (size_t i = 0; i < size; i++) ip_sum_add(&out->y, term[i]);
  out->n_y += size;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status sum_terms_of_trees(work *w, const columns *t, const columns *x, const columns *target, size_t n_y,
                                    ip_scratch *sc, sums *out)
{
  ip_kdtree of_t;
  IP_TRY(plant(t, w->n, 0, w->n, sc, &of_t));
  IP_TRY(sum_joint_terms(w, x, t, &of_t, sc, &out->x));
  if (target) return sum_joint_terms(w, target, t, &of_t, sc, &out->target);
  for (size_t c = 0; c < n_y; c++)
    IP_TRY(add_class_terms(w, w->first[c], w->first[c + 1] - w->first[c], t, &of_t, sc, out));
  return IP_OK;
}

static bool one_class(const work *w)
{
  return w->label[0] == w->label[w->n - 1];
}

static ip_status ksg_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  work w = {.n = s->n, .k = (size_t)v[K], .loops = ip_neighbour_variant(0)};
  IP_REQUIRE(w.k < w.n, IP_EINVAL, "k = %zu neighbours need more than %zu samples, got %zu", w.k, w.k, w.n);
  columns t, x, target;
  sums sum = {0};
  bool scale = v[SCALE] == SCALE_UNIT;
  ip_rng labels = ip_rng_open(seed, IP_RNG_ESTIMATOR, 0), ties = ip_rng_open(seed, IP_RNG_ESTIMATOR, 1);
  IP_TRY(prepare(&w, s, &labels, sc));
  IP_TRY(take_columns(&w, scale, s->width, s->t, &ties, sc, &t));
  IP_TRY(take_columns(&w, scale, s->n_in, s->x, &ties, sc, &x));
  if (s->target) IP_TRY(take_columns(&w, scale, s->n_targets, s->target, &ties, sc, &target));
  const columns *targets = s->target ? &target : NULL;
  if (trees_are_faster(&w, &t, &x) && (!targets || trees_are_faster(&w, &t, targets))) {
    IP_TRY(sum_terms_of_trees(&w, &t, &x, targets, s->n_y, sc, &sum));
  } else {
    IP_TRY(sum_terms_of_pairs(&w, &t, &x, targets, sc, &sum));
  }
  double n = (double)w.n, joint = w.psi[w.k] + w.psi[w.n];
  out->ixt_bits = (joint - ip_sum_value(&sum.x) / n) / IP_NATS_PER_BIT;
  if (s->target)
    out->ity_bits = (joint - ip_sum_value(&sum.target) / n) / IP_NATS_PER_BIT;
  else if (!sum.n_y)
    out->ity_no_value = "every sample is alone in its class, so none has a neighbour of its class";
  else if (!one_class(&w))
    out->ity_bits = (w.psi[w.n] - ip_sum_value(&sum.y) / (double)sum.n_y) / IP_NATS_PER_BIT;
  return IP_OK;
}

const ip_estimator_kind ip_estimator_ksg = {
    .name = "ksg",
    .help = "nearest neighbours (Kraskov et al. 2004; Ross 2014 for classes); needs a continuous X",
    .parameter = ksg_parameters,
    .n_parameters = sizeof ksg_parameters / sizeof *ksg_parameters,
    .needs = ksg_needs,
    .bounds = ksg_bounds,
    .knows_targets = true,
    .run = ksg_run,
};
