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
 * memory 4 n^2 numbers, so n is at most max_samples: a subset drawn once per seed and number of samples, the same for
 * every layer and epoch.
 */
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
  double *joint; // (n, n) what eigenvalues are taken of
  double *value; // (n) eigenvalues
} subset;

static ip_status choose(const ip_samples *s, size_t most, uint64_t seed, ip_scratch *sc, subset *u)
{
  IP_TRY(ip_subset_choose(s->n, most, seed, sc, &u->n, &u->sample));
  IP_TRY(IP_SCRATCH(sc, u->joint, u->n * u->n, "kernel matrix"));
  return IP_SCRATCH(sc, u->value, u->n, "eigenvalues");
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

/* sum of lambda^alpha over the eigenvalues of the first m rows and columns of u->joint / n, stored (m, m). Those below
 * rounding errors of the largest count as 0. */
static ip_status sum_of_powers(const subset *u, size_t m, double *sum)
{
  bool found;
  IP_TRY(ip_lapack_eigen(m, u->joint, false, u->value, &found));
  IP_REQUIRE(found, IP_ENUMERIC, "the eigenvalues of a kernel matrix of %zu samples were not found", m);
  double zero = (double)m * DBL_EPSILON * u->value[m - 1];
  for (size_t k = 0; k < m; k++)
    if (u->value[k] > zero) *sum += pow(u->value[k] / (double)u->n, u->alpha);
  return IP_OK;
}

static double entropy_bits(const subset *u, double sum)
{
  return log2(sum) / (1 - u->alpha);
}

/* S(A), and with b not NULL S(A,B), of kernels (n, n). */
static ip_status entropy(const subset *u, const double *a, const double *b, double *bits)
{
  double sum = 0;
  for (size_t k = 0; k < u->n * u->n; k++) u->joint[k] = a[k] * (b ? b[k] : 1);
  IP_TRY(sum_of_powers(u, u->n, &sum));
  *bits = entropy_bits(u, sum);
  return IP_OK;
}

/* S(G) and S(A,G) for the kernel 1 within groups and 0 between them: joint is A in blocks. group (n) below n_groups. */
static ip_status group_entropies(const subset *u, const double *a, const uint32_t *group, size_t n_groups,
                                 ip_scratch *sc, double *alone, double *together)
{
  size_t mark = ip_scratch_mark(sc), n = u->n;
  uint32_t *member, *begin; // (n), (n_groups + 1)
  double sum_alone = 0, sum_together = 0;
  IP_TRY(IP_SCRATCH(sc, member, n, "members of groups"));
  IP_TRY(IP_SCRATCH(sc, begin, n_groups + 2, "group sizes"));
  for (size_t i = 0; i < n; i++) begin[group[i] + 2]++;
  for (size_t g = 0; g < n_groups; g++) begin[g + 2] += begin[g + 1];
  for (size_t i = 0; i < n; i++) member[begin[group[i] + 1]++] = (uint32_t)i;
  for (size_t g = 0; g < n_groups; g++) {
    const uint32_t *in = member + begin[g];
    size_t m = begin[g + 1] - begin[g];
    if (!m) continue;
    for (size_t i = 0; i < m; i++)
      for (size_t j = 0; j < m; j++) u->joint[i * m + j] = a[in[i] * n + in[j]];
    IP_TRY(sum_of_powers(u, m, &sum_together));
    sum_alone += pow((double)m / (double)n, u->alpha);
  }
  *alone = entropy_bits(u, sum_alone);
  *together = entropy_bits(u, sum_together);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* I(A;T) of a group, or of columns v (s->n, d), or of soft labels. */
typedef struct other {
  const uint32_t *group; // (s->n)
  size_t n_groups, d;
  const float *v;
} other;

static ip_status information(const subset *u, const ip_samples *s, other o, const double *t, double ht, ip_scratch *sc,
                             double *bits)
{
  size_t mark = ip_scratch_mark(sc);
  double alone, together;
  if (o.group) {
    uint32_t *group; // (n)
    IP_TRY(IP_SCRATCH(sc, group, u->n, "groups"));
    for (size_t i = 0; i < u->n; i++) group[i] = o.group[u->sample[i]];
    IP_TRY(group_entropies(u, t, group, o.n_groups, sc, &alone, &together));
  } else {
    double *kernel; // (n, n)
    IP_TRY(IP_SCRATCH(sc, kernel, u->n * u->n, "kernel matrix"));
    if (o.v)
      IP_TRY(gaussian_kernel(u, o.d, o.v, sc, kernel));
    else
      label_kernel(u, s, kernel);
    IP_TRY(entropy(u, kernel, NULL, &alone));
    IP_TRY(entropy(u, kernel, t, &together));
  }
  *bits = ht + alone - together;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status renyi_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  subset u = {.alpha = v[ALPHA], .factor = v[FACTOR]};
  double *t, ht; // (n, n)
  IP_TRY(choose(s, (size_t)v[MAX_SAMPLES], seed, sc, &u));
  IP_TRY(IP_SCRATCH(sc, t, u.n * u.n, "kernel matrix"));
  IP_TRY(gaussian_kernel(&u, s->width, s->t, sc, t));
  IP_TRY(entropy(&u, t, NULL, &ht));
  if (v[X] == X_INPUTS)
    IP_TRY(information(&u, s, (other){.d = s->n_in, .v = s->x}, t, ht, sc, &out->ixt_bits));
  else if (s->x_id)
    IP_TRY(information(&u, s, (other){.group = s->x_id, .n_groups = s->n_x}, t, ht, sc, &out->ixt_bits));
  else
    out->ixt_bits = ht; /* all inputs distinct: S(X) = S(X,T) = log2 n */
  if (s->target) return information(&u, s, (other){.d = s->n_targets, .v = s->target}, t, ht, sc, &out->ity_bits);
  const uint32_t *y = s->p_y_given_x ? NULL : (const uint32_t *)s->y; /* not negative: the same numbers */
  return information(&u, s, (other){.group = y, .n_groups = s->n_y}, t, ht, sc, &out->ity_bits);
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
