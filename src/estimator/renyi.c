/* renyi.c - information from the eigenvalues of kernel matrices, without densities.
 *
 * A of n samples has the elements 1/n exp(-|a_i - a_j|^2 / (2 s_A^2)), so that its eigenvalues sum to 1, and
 *     S(A) = 1/(1 - alpha) log2 sum_k lambda_k(A)^alpha
 *     S(A,B) = S(n A o B),  A o B element by element
 *     I(A;B) = S(A) + S(B) - S(A,B)
 * The kernel of a class or of a distinct input is 1 for equal ones and 0 else; of soft labels, the cosine of the angle
 * between p(y|x_i) and p(y|x_j). Targets of a regression, where there are some, are taken for Y with a Gaussian kernel.
 *
 * Width of a Gaussian kernel on d columns: s = factor sqrt(sum of their variances) n^(-1/(4+d)), a rule of Silverman's
 * kind (1986, eq. 4.14) for the whole vector; a column's own spread would leave wide layers without neighbours.
 *
 * Source: Giraldo, Rao & Principe, "Measures of entropy from data using infinitely divisible kernels", IEEE Trans. Inf.
 * Theory 61, 2015, eq. 7 and 10; for layers: Yu & Principe 2019; Wickstroem et al. 2019, who choose other widths.
 *
 * These are information quantities of their own and approach Shannon's only as alpha goes to 1, n to infinity and s to
 * 0 at the right rate: compare epochs and layers, not values with those of other estimators. At most log2 n. Time n^3,
 * memory 4 n^2 numbers and n^2 more for each further thread, so n is at most max_samples: a subset drawn once per seed
 * and number of samples, the same for every layer and epoch. Threads take matrices, of which there are three to five.
 */
#include "base/steps.h"
#include "estimator/kind.h"
#include "estimator/subset.h"
#include "num/lapack.h"

#include <cblas.h>
#include <float.h>
#include <math.h>

enum { ALPHA, X, FACTOR, MAX_SAMPLES };
enum { X_INPUTS, X_INDEX };
static const char *const xs[] = {"inputs", "index", NULL};
static const ip_parameter renyi_parameters[] = {
    {"alpha", IP_PARAMETER_REAL, "1.01", 0.01, 100, NULL, "order of the entropy, not 1"},
    {"x", IP_PARAMETER_CHOICE, "inputs", 0, 0, xs, "kernel of X: Gaussian on the inputs, or equality of inputs"},
    {"factor", IP_PARAMETER_REAL, "1", 1e-6, 1e6, NULL, "kernel widths in units of the rule's"},
    {"max_samples", IP_PARAMETER_INT, "1000", 2, 20000, NULL, "samples used at most; time grows with the third power"},
};

static ip_status renyi_check(const double *v)
{
  IP_REQUIRE(v[ALPHA] != 1, IP_ECONFIG,
             "estimator renyi: alpha = 1 is the limit and not computed; take 1.01, as the papers do");
  return IP_OK;
}

/* I is at most S(X) and S(Y), which for orders above 1 are at most H(X) and H(Y). */
static unsigned renyi_bounds(const double *v)
{
  return v[ALPHA] > 1 ? IP_BELOW_HX | IP_BELOW_HY : 0;
}

static unsigned renyi_needs(const double *v)
{
  return v[X] == X_INPUTS ? IP_NEEDS_X : 0;
}

/* The subset in use: `sample` (n) ascending. */
typedef struct subset {
  size_t n;
  const uint32_t *sample;
  double alpha, factor;
} subset;

static ip_status choose(const ip_samples *s, size_t most, uint64_t seed, ip_scratch *sc, subset *u)
{
  return ip_subset_choose(s->n, most, seed, sc, &u->n, &u->sample);
}

/* z (n, d): the columns v of the subset, centred; returns the sum of their variances. */
static double centre(const subset *u, size_t d, const float *v, double *z)
{
  double total = 0;
  for (size_t k = 0; k < d; k++) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < u->n; i++) mean += (double)v[u->sample[i] * d + k] / (double)u->n;
    for (size_t i = 0; i < u->n; i++) {
      double e = (double)v[u->sample[i] * d + k] - mean;
      z[i * d + k] = e;
      square += e * e;
    }
    total += square / (double)u->n;
  }
  return total;
}

/* kernel (n, n): Gaussian, 1 on the diagonal, of the columns v (s->n, d). */
static ip_status gaussian_kernel(const subset *u, size_t d, const float *v, ip_scratch *sc, double *kernel)
{
  size_t mark = ip_scratch_mark(sc), n = u->n;
  double *z; // (n, d)
  IP_TRY(IP_SCRATCH(sc, z, n * d, "centred samples"));
  double variance = centre(u, d, v, z), s = u->factor * sqrt(variance) * pow((double)n, -1 / (4 + (double)d));
  double scale = variance > 0 ? 1 / s : 0;
  for (size_t k = 0; k < n * d; k++) z[k] *= scale;
  cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)n, (int)d, 1, z, (int)d, 0, kernel, (int)n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) {
      double distance = fmax(0, kernel[i * n + i] + kernel[j * n + j] - 2 * kernel[i * n + j]);
      kernel[i * n + j] = kernel[j * n + i] = exp(-distance / 2);
    }
  for (size_t i = 0; i < n; i++) kernel[i * n + i] = 1;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* kernel (n, n): cosines between rows of soft labels. */
static void label_kernel(const subset *u, const ip_samples *s, double *kernel)
{
  size_t n = u->n, m = s->n_y;
  for (size_t i = 0; i < n; i++) {
    const float *p = s->p_y_given_x + u->sample[i] * m;
    for (size_t j = 0; j <= i; j++) {
      const float *q = s->p_y_given_x + u->sample[j] * m;
      double pq = 0, pp = 0, qq = 0;
      for (size_t c = 0; c < m; c++) {
        pq += (double)p[c] * (double)q[c];
        pp += (double)p[c] * (double)p[c];
        qq += (double)q[c] * (double)q[c];
      }
      kernel[i * n + j] = kernel[j * n + i] = i == j ? 1 : pq / sqrt(pp * qq);
    }
  }
}

/* ---------------------------------------------------------------- entropies */

/* The buffers of a thread. */
typedef struct buffers {
  double *joint; // (n, n) what eigenvalues are taken of
  double *value; // (n) eigenvalues
} buffers;

/* One or two entropies: S(A) of a kernel; S(A,B) of two; or, of a kernel G that is 1 within groups and 0 between them,
 * S(G) and S(A,G), whose matrix is A in blocks. */
typedef struct entropy {
  const double *a, *b;            // (n, n); b NULL: S(A), or groups
  size_t n_groups;                /* 0: no groups */
  const uint32_t *member, *begin; // (n) members by group, (n_groups + 1) where each group begins
  double *bits, *group_bits;      /* where they go: S(A), S(A,B) or S(A,G); and S(G) */
} entropy;

enum { MOST_ENTROPIES = 5 }; /* S(T), S(X), S(T,X), S(Y), S(T,Y) */

typedef struct entropies {
  const subset *u;
  buffers *of; // one for each thread
  size_t n;
  entropy list[MOST_ENTROPIES];
} entropies;

/* sum of lambda^alpha over the eigenvalues of the first m rows and columns of joint / n, stored (m, m). Those below
 * rounding errors of the largest count as 0. */
static ip_status sum_of_powers(const subset *u, const buffers *f, size_t m, double *sum)
{
  bool found;
  IP_TRY(ip_lapack_eigen(m, f->joint, false, f->value, &found));
  IP_REQUIRE(found, IP_ENUMERIC, "the eigenvalues of a kernel matrix of %zu samples were not found", m);
  double zero = (double)m * DBL_EPSILON * f->value[m - 1];
  for (size_t k = 0; k < m; k++)
    if (f->value[k] > zero) *sum += pow(f->value[k] / (double)u->n, u->alpha);
  return IP_OK;
}

static double entropy_bits(const subset *u, double sum)
{
  return log2(sum) / (1 - u->alpha);
}

static ip_status find_of_kernels(const subset *u, const entropy *e, const buffers *f)
{
  double sum = 0;
  for (size_t k = 0; k < u->n * u->n; k++) f->joint[k] = e->a[k] * (e->b ? e->b[k] : 1);
  IP_TRY(sum_of_powers(u, f, u->n, &sum));
  *e->bits = entropy_bits(u, sum);
  return IP_OK;
}

static ip_status find_of_groups(const subset *u, const entropy *e, const buffers *f)
{
  double alone = 0, together = 0;
  for (size_t g = 0; g < e->n_groups; g++) {
    const uint32_t *in = e->member + e->begin[g];
    size_t m = e->begin[g + 1] - e->begin[g];
    if (!m) continue;
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < m; j++) f->joint[i * m + j] = e->a[in[i] * u->n + in[j]];
    IP_TRY(sum_of_powers(u, f, m, &together));
    alone += pow((double)m / (double)u->n, u->alpha);
  }
  *e->group_bits = entropy_bits(u, alone);
  *e->bits = entropy_bits(u, together);
  return IP_OK;
}

static ip_status find_entropy(void *what, size_t k, size_t part)
{
  const entropies *all = what;
  const entropy *e = &all->list[k];
  return (e->n_groups ? find_of_groups : find_of_kernels)(all->u, e, &all->of[part]);
}

static ip_status find_all(entropies *all, ip_team *team, ip_scratch *sc)
{
  size_t n_threads = ip_team_size(team), n = all->u->n;
  IP_TRY(IP_SCRATCH(sc, all->of, n_threads, "work of threads"));
  for (size_t p = 0; p < n_threads; p++) {
    IP_TRY(IP_SCRATCH(sc, all->of[p].joint, n * n, "kernel matrix"));
    IP_TRY(IP_SCRATCH(sc, all->of[p].value, n, "eigenvalues"));
  }
  return ip_team_steps(team, all->n, find_entropy, all);
}

/* ---------------------------------------------------------------- information */

/* X or Y: a group, or columns v (s->n, d), or soft labels; and its entropies. */
typedef struct other {
  const uint32_t *group; // (s->n)
  size_t n_groups, d;
  const float *v;
  double alone, together;
} other;

/* Members of the subset by group; o->n_groups > 0. */
static ip_status sort_groups(const subset *u, const other *o, ip_scratch *sc, entropy *e)
{
  uint32_t *member, *begin; // (n), (n_groups + 2)
  IP_TRY(IP_SCRATCH(sc, member, u->n, "members of groups"));
  IP_TRY(IP_SCRATCH(sc, begin, o->n_groups + 2, "group sizes"));
  for (size_t i = 0; i < u->n; i++) begin[o->group[u->sample[i]] + 2]++;
  for (size_t g = 0; g < o->n_groups; g++) begin[g + 2] += begin[g + 1];
  for (size_t i = 0; i < u->n; i++) member[begin[o->group[u->sample[i]] + 1]++] = (uint32_t)i;
  *e = (entropy){.n_groups = o->n_groups, .member = member, .begin = begin};
  return IP_OK;
}

/* Lists S(A) and S(A,T). */
static ip_status list_entropies(const ip_samples *s, other *o, const double *t, ip_scratch *sc, entropies *all)
{
  const subset *u = all->u;
  if (o->group) {
    entropy *e = &all->list[all->n++];
    IP_TRY(sort_groups(u, o, sc, e));
    e->a = t;
    e->bits = &o->together;
    e->group_bits = &o->alone;
    return IP_OK;
  }
  double *kernel; // (n, n)
  IP_TRY(IP_SCRATCH(sc, kernel, u->n * u->n, "kernel matrix"));
  if (o->v)
    IP_TRY(gaussian_kernel(u, o->d, o->v, sc, kernel));
  else
    label_kernel(u, s, kernel);
  all->list[all->n++] = (entropy){.a = kernel, .bits = &o->alone};
  all->list[all->n++] = (entropy){.a = kernel, .b = t, .bits = &o->together};
  return IP_OK;
}

static other x_of(const double *v, const ip_samples *s)
{
  if (v[X] == X_INPUTS) return (other){.d = s->n_in, .v = s->x};
  return (other){.group = s->x_id, .n_groups = s->n_x};
}

static other y_of(const ip_samples *s)
{
  if (s->target) return (other){.d = s->n_targets, .v = s->target};
  const uint32_t *y = s->p_y_given_x ? NULL : (const uint32_t *)s->y; /* not negative: the same numbers */
  return (other){.group = y, .n_groups = s->n_y};
}

enum { FEW = 64 }; /* samples whose eigenvalues come as fast as a thread */

static ip_status renyi_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  subset u = {.alpha = v[ALPHA], .factor = v[FACTOR]};
  double *t, ht; // (n, n)
  IP_TRY(choose(s, (size_t)v[MAX_SAMPLES], seed, sc, &u));
  IP_TRY(IP_SCRATCH(sc, t, u.n * u.n, "kernel matrix"));
  IP_TRY(gaussian_kernel(&u, s->width, s->t, sc, t));
  other x = x_of(v, s), y = y_of(s);
  bool distinct = !x.v && !x.group; /* all inputs: S(X) = S(X,T) = log2 n */
  entropies all = {.u = &u, .n = 1, .list = {{.a = t, .bits = &ht}}};
  if (!distinct) IP_TRY(list_entropies(s, &x, t, sc, &all));
  IP_TRY(list_entropies(s, &y, t, sc, &all));
  ip_team *team;
  IP_TRY(ip_samples_team(s, u.n < FEW ? 1 : all.n, &team));
  ip_status st = find_all(&all, team, sc);
  ip_team_destroy(&team);
  IP_TRY(st);
  out->ixt_bits = distinct ? ht : ht + x.alone - x.together;
  out->ity_bits = ht + y.alone - y.together;
  return IP_OK;
}

const ip_estimator_kind ip_estimator_renyi = {
    .name = "renyi",
    .help = "matrix-based entropy of order alpha from eigenvalues of kernel matrices (Giraldo, Rao & Principe 2015)",
    .parameter = renyi_parameters,
    .n_parameters = sizeof renyi_parameters / sizeof *renyi_parameters,
    .check = renyi_check,
    .needs = renyi_needs,
    .bounds = renyi_bounds,
    .no_chain_rule = "entropies of kernel matrices have no chain rule",
    .knows_targets = true,
    .run = renyi_run,
};
