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
 * pairs: time N^2 (n_in + width). Both give the same bits. Memory N (3 (n_in + width) + 128) numbers at most, and 16 N
 * more for each thread above 8. Threads take samples; their terms are added up afterwards, in the samples' order.
 */
#include "base/rng.h"
#include "base/steps.h"
#include "estimator/jittered.h"
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
typedef ip_jittered_columns columns;

typedef struct work {
  size_t n, k;
  const ip_neighbour *loops;
  ip_team *team;
  double *psi;     // (n + 1) digamma of integers
  double *nearest; // (threads, k + 1)
  uint32_t *order; // (n) samples by class
  int32_t *label;  // (n) of the samples in that order
  size_t *first;   // (n_y + 1) where each class begins
} work;

static ip_status take_columns(const work *w, bool scale, size_t width, const float *v, ip_rng *r, ip_scratch *sc,
                              columns *out)
{
  return ip_jittered_columns_take(w->n, width, v, w->order, scale, w->team, r, sc, out);
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
  IP_TRY(IP_SCRATCH(sc, w->nearest, ip_team_size(w->team) * (w->k + 1), "nearest neighbours"));
  w->psi[1] = -0.57721566490153286061; /* Euler's constant */
  for (size_t m = 1; m < w->n; m++) w->psi[m + 1] = w->psi[m] + 1 / (double)m;
  return sort_by_class(w, s, r, sc);
}

static double *nearest_of(const work *w, size_t part)
{
  return w->nearest + part * (w->k + 1);
}

/* Sums over all samples of the terms of I(A;T), for A = X and A = targets, and of I(T;Y). */
typedef struct sums {
  ip_sum x, target, y;
  size_t n_y; /* samples in the sum over classes */
} sums;

static void add_terms(size_t n, const double *term, ip_sum *sum)
{
  for (size_t i = 0; i < n; i++) ip_sum_add(sum, term[i]);
}

/* ---------------------------------------------------------------- all pairs */

/* Samples compared with all others at a time, by one thread and by more; numbers of those kept at hand. */
enum { STRIP = 64, LEAST_STRIP = 8, CACHED = 32768 };

typedef struct pairs {
  const work *w;
  const columns *t, *x, *target;
  size_t strip;
  double *dt, *da;                  // (threads, strip, n) distances
  double *of_x, *of_target, *class; // (n) terms; NaN in `class` for a sample that is alone in its class
} pairs;

/* psi(n_a + 1) + psi(n_t + 1) for one sample with distances da (n), dt (n); the sample itself is at 0 in both. */
static double joint_term(const work *w, const double *da, const double *dt, double *nearest)
{
  double e = w->loops->kth(w->k + 1, w->n, da, dt, nearest);
  return w->psi[w->loops->count_below(w->n, da, e)] + w->psi[w->loops->count_below(w->n, dt, e)];
}

/* psi(N_y) - psi(k_i) + psi(m_i) for sample i, or NaN when it is alone in its class. */
static double class_term(const work *w, size_t i, const double *dt, double *nearest)
{
  size_t begin = w->first[w->label[i]], size = w->first[w->label[i] + 1] - begin;
  size_t k = w->k < size ? w->k : size - 1;
  if (k == 0) return (double)NAN;
  double e = w->loops->kth(k + 1, size, dt + begin, dt + begin, nearest);
  return w->psi[size] - w->psi[k] + w->psi[w->loops->count_below(w->n, dt, e)];
}

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

static ip_status find_terms_of_strip(void *what, size_t step, size_t part)
{
  const pairs *p = what;
  const work *w = p->w;
  size_t i = step * p->strip, rows = w->n - i < p->strip ? w->n - i : p->strip;
  double *dt = p->dt + part * p->strip * w->n, *da = p->da + part * p->strip * w->n, *nearest = nearest_of(w, part);
  compare(w, p->t, i, rows, dt);
  compare(w, p->x, i, rows, da);
  for (size_t r = 0; r < rows; r++) {
    p->of_x[i + r] = joint_term(w, da + r * w->n, dt + r * w->n, nearest);
    if (!p->target) p->class[i + r] = class_term(w, i + r, dt + r * w->n, nearest);
  }
  if (!p->target) return IP_OK;
  compare(w, p->target, i, rows, da);
  for (size_t r = 0; r < rows; r++) p->of_target[i + r] = joint_term(w, da + r * w->n, dt + r * w->n, nearest);
  return IP_OK;
}

static ip_status sum_terms_of_pairs(const work *w, const columns *t, const columns *x, const columns *target,
                                    ip_scratch *sc, sums *out)
{
  size_t n_threads = ip_team_size(w->team);
  pairs p = {.w = w, .t = t, .x = x, .target = target, .strip = STRIP / n_threads};
  if (p.strip < LEAST_STRIP) p.strip = LEAST_STRIP;
  IP_TRY(IP_SCRATCH(sc, p.dt, n_threads * p.strip * w->n, "distances"));
  IP_TRY(IP_SCRATCH(sc, p.da, n_threads * p.strip * w->n, "distances"));
  IP_TRY(IP_SCRATCH(sc, p.of_x, w->n, "terms of samples"));
  IP_TRY(IP_SCRATCH(sc, p.of_target, w->n, "terms of samples"));
  IP_TRY(IP_SCRATCH(sc, p.class, w->n, "terms of samples"));
  IP_TRY(ip_team_steps(w->team, (w->n + p.strip - 1) / p.strip, find_terms_of_strip, &p));
  add_terms(w->n, p.of_x, &out->x);
  if (target) add_terms(w->n, p.of_target, &out->target);
  for (size_t i = 0; i < w->n && !target; i++) {
    if (isnan(p.class[i])) continue;
    ip_sum_add(&out->y, p.class[i]);
    out->n_y++;
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- the same from trees */

/* Columns of samples and samples from which on trees are faster than all pairs. */
enum { TREE_COLUMNS = 15, TREE_SAMPLES = 300, QUERIES = 256 /* samples that a thread takes at a time */ };

static bool trees_are_faster(const work *w, const columns *t, const columns *a)
{
  return a->width > 0 && t->width > 0 && a->width + t->width <= TREE_COLUMNS && w->n >= TREE_SAMPLES;
}

static ip_status plant(const work *w, const columns *c, size_t first, size_t size, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (width)
  IP_TRY(IP_SCRATCH(sc, column, c->width, "columns of a tree"));
  for (size_t k = 0; k < c->width; k++) column[k] = c->v + k * w->n + first;
  return ip_kdtree_create(size, c->width, column, w->team, sc, out);
}

static ip_status join(const work *w, const columns *a, const columns *t, ip_scratch *sc, ip_kdtree *out)
{
  const double **column; // (a->width + t->width)
  IP_TRY(IP_SCRATCH(sc, column, a->width + t->width, "columns of a tree"));
  for (size_t k = 0; k < a->width; k++) column[k] = a->v + k * w->n;
  for (size_t k = 0; k < t->width; k++) column[a->width + k] = t->v + k * w->n;
  return ip_kdtree_create(w->n, a->width + t->width, column, w->team, sc, out);
}

/* Samples of `near`, whose neighbours are in it and which are counted in other trees. They are visited in its order,
 * in which neighbours are near in memory. */
typedef struct queries {
  const work *w;
  const ip_kdtree *near, *of_a, *of_t; /* of_a: NULL for a class */
  size_t a_width, k;
  const columns *t; /* a class: its samples are from `first` on, and at (threads, width) has room for one */
  size_t first;
  double *at;
  double *term; // (near->n)
} queries;

static ip_status find_joint_terms(void *what, size_t step, size_t part)
{
  const queries *q = what;
  const work *w = q->w;
  size_t end = (step + 1) * QUERIES < q->near->n ? (step + 1) * QUERIES : q->near->n;
  for (size_t p = step * QUERIES; p < end; p++) {
    const double *at = q->near->point + p * q->near->width;
    double e = ip_kdtree_kth(q->near, at, q->k + 1, nearest_of(w, part));
    q->term[q->near->id[p]] =
        w->psi[ip_kdtree_count_below(q->of_a, at, e)] + w->psi[ip_kdtree_count_below(q->of_t, at + q->a_width, e)];
  }
  return IP_OK;
}

static size_t steps_of(const queries *q)
{
  return (q->near->n + QUERIES - 1) / QUERIES;
}

static ip_status sum_joint_terms(const work *w, const columns *a, const columns *t, const ip_kdtree *of_t,
                                 ip_scratch *sc, ip_sum *sum)
{
  size_t mark = ip_scratch_mark(sc);
  ip_kdtree joint, of_a;
  queries q = {.w = w, .near = &joint, .of_a = &of_a, .of_t = of_t, .a_width = a->width, .k = w->k};
  IP_TRY(IP_SCRATCH(sc, q.term, w->n, "terms of samples"));
  IP_TRY(join(w, a, t, sc, &joint));
  IP_TRY(plant(w, a, 0, w->n, sc, &of_a));
  IP_TRY(ip_team_steps(w->team, steps_of(&q), find_joint_terms, &q));
  add_terms(w->n, q.term, sum);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status find_class_terms(void *what, size_t step, size_t part)
{
  const queries *q = what;
  const work *w = q->w;
  size_t size = q->near->n, end = (step + 1) * QUERIES < size ? (step + 1) * QUERIES : size;
  double *at = q->at + part * q->t->width;
  for (size_t p = step * QUERIES; p < end; p++) {
    size_t i = q->near->id ? q->near->id[p] : p;
    for (size_t c = 0; c < q->t->width; c++) at[c] = q->t->v[c * w->n + q->first + i];
    double e = ip_kdtree_kth(q->near, at, q->k + 1, nearest_of(w, part));
    q->term[i] = w->psi[size] - w->psi[q->k] + w->psi[ip_kdtree_count_below(q->of_t, at, e)];
  }
  return IP_OK;
}

/* Terms of the samples first .. first + size - 1, which are a class. */
static ip_status add_class_terms(const work *w, size_t first, size_t size, const columns *t, const ip_kdtree *of_t,
                                 ip_scratch *sc, sums *out)
{
  if (size < 2) return IP_OK; /* alone in its class, or a class without samples */
  size_t mark = ip_scratch_mark(sc);
  ip_kdtree of_class;
  queries q = {.w = w, .near = &of_class, .of_t = of_t, .t = t, .first = first, .k = w->k < size ? w->k : size - 1};
  IP_TRY(IP_SCRATCH(sc, q.term, size, "terms of samples"));
  IP_TRY(IP_SCRATCH(sc, q.at, ip_team_size(w->team) * t->width, "samples at hand"));
  IP_TRY(plant(w, t, first, size, sc, &of_class));
  IP_TRY(ip_team_steps(w->team, steps_of(&q), find_class_terms, &q));
  add_terms(size, q.term, &out->y);
  out->n_y += size;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status sum_terms_of_trees(const work *w, const columns *t, const columns *x, const columns *target,
                                    size_t n_y, ip_scratch *sc, sums *out)
{
  ip_kdtree of_t;
  IP_TRY(plant(w, t, 0, w->n, sc, &of_t));
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

static ip_status estimate(work *w, const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc,
                          ip_estimate *out)
{
  columns t, x, target;
  sums sum = {0};
  bool scale = v[SCALE] == SCALE_UNIT;
  ip_rng labels = ip_rng_open(seed, IP_RNG_ESTIMATOR, 0), ties = ip_rng_open(seed, IP_RNG_ESTIMATOR, 1);
  IP_TRY(prepare(w, s, &labels, sc));
  IP_TRY(take_columns(w, scale, s->width, s->t, &ties, sc, &t));
  IP_TRY(take_columns(w, scale, s->n_in, s->x, &ties, sc, &x));
  if (s->target) IP_TRY(take_columns(w, scale, s->n_targets, s->target, &ties, sc, &target));
  const columns *targets = s->target ? &target : NULL;
  if (trees_are_faster(w, &t, &x) && (!targets || trees_are_faster(w, &t, targets))) {
    IP_TRY(sum_terms_of_trees(w, &t, &x, targets, s->n_y, sc, &sum));
  } else {
    IP_TRY(sum_terms_of_pairs(w, &t, &x, targets, sc, &sum));
  }
  double n = (double)w->n, joint = w->psi[w->k] + w->psi[w->n];
  out->ixt_bits = (joint - ip_sum_value(&sum.x) / n) / IP_NATS_PER_BIT;
  if (s->target)
    out->ity_bits = (joint - ip_sum_value(&sum.target) / n) / IP_NATS_PER_BIT;
  else if (!sum.n_y)
    out->ity_no_value = "every sample is alone in its class, so none has a neighbour of its class";
  else if (!one_class(w))
    out->ity_bits = (w->psi[w->n] - ip_sum_value(&sum.y) / (double)sum.n_y) / IP_NATS_PER_BIT;
  return IP_OK;
}

static ip_status ksg_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  work w = {.n = s->n, .k = (size_t)v[K], .loops = ip_neighbour_variant(0)};
  IP_REQUIRE(w.k < w.n, IP_EINVAL, "k = %zu neighbours need more than %zu samples, got %zu", w.k, w.k, w.n);
  IP_TRY(ip_samples_team(s, (w.n + QUERIES - 1) / QUERIES, &w.team));
  ip_status st = estimate(&w, v, seed, s, sc, out);
  ip_team_destroy(&w.team);
  return st;
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
