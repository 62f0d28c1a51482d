/* hsic.c - dependence of a layer on inputs and labels by the Hilbert-Schmidt independence criterion (HSIC).
 *
 * K and L are kernel matrices of the layer and of the inputs or labels, H = I - 1/N, K~ = HKH.
 *
 *     kernel_cka  tr(K~ L~) / sqrt(tr K~^2 tr L~^2), in [0, 1]
 *     nhsic       tr(R_K R_L), R_K = K~ (K~ + epsilon N I)^-1, in [0, N - 1]
 *
 * Kernels are Gaussian, exp(-|a - b|^2 / 2 sigma^2), of the layer, the inputs and the targets of a regression. width =
 * median: sigma is the median of the distances above 0 over all pairs; width = fixed: sigma^2 = s^2 d for d columns.
 * The kernel of labels is 1 for equal classes and 0 otherwise; of soft labels, the product of p(y|x_i) and p(y|x_j).
 *
 * nhsic grows with N and 1/epsilon: compare it only at equal N, epsilon and width rule.
 *
 * Sources: Gretton, Bousquet, Smola & Schoelkopf, ALT 2005 (HSIC); Kornblith et al., ICML 2019 (kernel CKA); Fukumizu,
 * Gretton, Sun & Schoelkopf, NIPS 2007 (nhsic); Ma, Lewis & Kleijn, "The HSIC bottleneck", AAAI 2020 (both, in planes).
 *
 * Time N^3 and memory 4 N^2 numbers, so N is at most max_samples: a subset drawn once per seed and number of samples,
 * the same for every layer and epoch.
 */
#include "estimator/subset.h"
#include "measure/kind.h"
#include "num/lapack.h"

#include <cblas.h>
#include <math.h>

enum { WIDTH, S, EPSILON, MAX_SAMPLES };
enum { WIDTH_MEDIAN, WIDTH_FIXED };
static const char *const widths[] = {"median", "fixed", NULL};
static const ip_parameter hsic_parameters[] = {
    {"width", IP_PARAMETER_CHOICE, "median", 0, 0, widths, "kernel width: median distance, or s sqrt(columns)"},
    {"s", IP_PARAMETER_REAL, "5", 1e-6, 1e6, NULL, "width=fixed: width for one column"},
    {"epsilon", IP_PARAMETER_REAL, "1e-05", 1e-12, 1, NULL, "nhsic: regularization"},
    {"max_samples", IP_PARAMETER_INT, "1000", 2, 20000, NULL, "samples used at most; time grows with the third power"},
};

enum { KERNEL_CKA_X, KERNEL_CKA_Y, NHSIC_X, NHSIC_Y, N_SERIES };
static const ip_measure_series hsic_series[N_SERIES] = {
    [KERNEL_CKA_X] = {"kernel_cka_x", "fraction", "normalized HSIC (kernel CKA) with the inputs"},
    [KERNEL_CKA_Y] = {"kernel_cka_y", "fraction", "normalized HSIC (kernel CKA) with the labels or targets"},
    [NHSIC_X] = {"nhsic_x", "1", "HSIC of normalized operators with the inputs, 0 to N - 1"},
    [NHSIC_Y] = {"nhsic_y", "1", "HSIC of normalized operators with the labels or targets, 0 to N - 1"},
};

/* The subset in use and the parameters. */
typedef struct setting {
  size_t n;
  const uint32_t *sample; // (n)
  bool is_fixed;
  double s, epsilon;
} setting;

/* ---------------------------------------------------------------- kernels */

/* |a_i - a_j|^2 of rows of z (n, d) into the upper triangle of square (n, n), which has the products of the rows. Small
 * ones are computed from the differences, so that equal rows have distance 0. */
static void squared_distances(size_t n, size_t d, const double *z, double *square)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) {
      double sum = square[i * n + i] + square[j * n + j], v = sum - 2 * square[i * n + j];
      if (v < 1e-6 * sum) {
        v = 0;
        for (size_t k = 0; k < d; k++) v += (z[i * d + k] - z[j * d + k]) * (z[i * d + k] - z[j * d + k]);
      }
      square[i * n + j] = v;
    }
}

/* The k-th smallest of (n) numbers, which are put in another order: none before place k is larger, none after it
 * smaller (Hoare 1961, algorithm 65). */
static double kth(size_t n, double *v, size_t k)
{
  size_t low = 0, high = n - 1;
  while (low < high) {
    double pivot = v[low + (high - low) / 2];
    size_t i = low, j = high;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i > j) break;
      double t = v[i];
      v[i++] = v[j];
      v[j] = t;
      if (!j) break;
      j--;
    }
    if (k <= j)
      high = j;
    else if (k >= i)
      low = i;
    else
      break;
  }
  return v[k];
}

/* Median of the distances above 0, whose squares are above the diagonal of square (n, n); 0 if there are none. */
static ip_status median_distance(size_t n, const double *square, ip_scratch *sc, double *median)
{
  size_t mark = ip_scratch_mark(sc), m = 0;
  double *v; // (n (n - 1) / 2)
  *median = 0;
  IP_TRY(IP_SCRATCH(sc, v, n * (n - 1) / 2, "distances"));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++)
      if (square[i * n + j] > 0) v[m++] = square[i * n + j];
  if (m) {
    double below = kth(m, v, (m - 1) / 2);
    *median = (sqrt(below) + sqrt(kth(m, v, m / 2))) / 2;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* Gaussian kernel (n, n) of the columns v (all samples, d). */
static ip_status gaussian_kernel(const setting *u, size_t d, const float *v, ip_scratch *sc, double *kernel)
{
  size_t mark = ip_scratch_mark(sc), n = u->n;
  double *z, sigma = u->s * sqrt((double)d); // (n, d)
  IP_TRY(IP_SCRATCH(sc, z, n * d, "samples"));
  for (size_t k = 0; k < d; k++) { /* about the first sample: products then lose fewer digits */
    double first = (double)v[u->sample[0] * d + k];
    for (size_t i = 0; i < n; i++) z[i * d + k] = (double)v[u->sample[i] * d + k] - first;
  }
  cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, (int)n, (int)d, 1, z, (int)d, 0, kernel, (int)n);
  squared_distances(n, d, z, kernel);
  if (!u->is_fixed) IP_TRY(median_distance(n, kernel, sc, &sigma));
  double scale = sigma > 0 ? 1 / (2 * sigma * sigma) : 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = i + 1; j < n; j++) kernel[i * n + j] = kernel[j * n + i] = exp(-kernel[i * n + j] * scale);
    kernel[i * n + i] = 1;
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static void label_kernel(const setting *u, const ip_samples *s, double *kernel)
{
  size_t n = u->n, m = s->n_y;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      size_t a = u->sample[i], b = u->sample[j];
      double k = 0;
      if (s->p_y_given_x)
        for (size_t c = 0; c < m; c++) k += (double)s->p_y_given_x[a * m + c] * (double)s->p_y_given_x[b * m + c];
      else
        k = s->y[a] == s->y[b];
      kernel[i * n + j] = kernel[j * n + i] = k;
    }
}

/* HKH in place of K; whether anything is left. */
static ip_status centre(size_t n, double *kernel, ip_scratch *sc, bool *varies)
{
  size_t mark = ip_scratch_mark(sc);
  double *mean, all = 0, square = 0, before = 0; // (n)
  IP_TRY(IP_SCRATCH(sc, mean, n, "means of a kernel"));
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) mean[i] += kernel[i * n + j] / (double)n;
    all += mean[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double *k = &kernel[i * n + j];
      before += *k * *k;
      *k += all - mean[i] - mean[j];
      square += *k * *k;
    }
  *varies = square > 1e-24 * before;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* ---------------------------------------------------------------- dependence */

/* Sum of products of the elements of two matrices (n, n): the trace of their product. */
static double trace_of_product(size_t n, const double *a, const double *b)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += cblas_ddot((int)n, a + i * n, 1, b + i * n, 1);
  return sum;
}

/* R_K in place of K~: I - epsilon N (K~ + epsilon N I)^-1. */
static ip_status regularize(size_t n, double epsilon, double *kernel)
{
  double ridge = epsilon * (double)n;
  for (size_t i = 0; i < n; i++) kernel[i * n + i] += ridge;
  IP_REQUIRE(ip_lapack_inverse(n, kernel), IP_ENUMERIC,
             "a kernel matrix of %zu samples has no inverse; use a larger epsilon", n);
  for (size_t i = 0; i < n; i++) {
    kernel[i * n + i] = 1 - ridge * kernel[i * n + i];
    for (size_t j = i + 1; j < n; j++) kernel[i * n + j] = kernel[j * n + i] = -ridge * kernel[i * n + j];
  }
  return IP_OK;
}

/* A layer: its centred kernel, and R_K. */
typedef struct layer {
  double *kernel, *r; // (n, n)
} layer;

/* Both series of the layer and the centred kernel `other`, which is used up. */
static ip_status compare(const setting *u, const layer *t, double *other, double *kernel_cka, double *nhsic)
{
  size_t n = u->n;
  double norm = sqrt(trace_of_product(n, t->kernel, t->kernel) * trace_of_product(n, other, other));
  *kernel_cka = fmin(1, fmax(0, trace_of_product(n, t->kernel, other) / norm));
  IP_TRY(regularize(n, u->epsilon, other));
  *nhsic = fmax(0, trace_of_product(n, t->r, other));
  return IP_OK;
}

static ip_status with_inputs(const setting *u, const ip_samples *s, const layer *t, double *kernel, ip_scratch *sc,
                             double *out, const char **reason)
{
  bool varies;
  if (!s->x) {
    reason[KERNEL_CKA_X] = reason[NHSIC_X] = IP_WHY_NO_INPUTS;
    return IP_OK;
  }
  IP_TRY(gaussian_kernel(u, s->n_in, s->x, sc, kernel));
  IP_TRY(centre(u->n, kernel, sc, &varies));
  if (varies) return compare(u, t, kernel, &out[KERNEL_CKA_X], &out[NHSIC_X]);
  reason[KERNEL_CKA_X] = "all inputs are the same";
  out[NHSIC_X] = 0;
  return IP_OK;
}

static ip_status with_labels(const setting *u, const ip_samples *s, const layer *t, double *kernel, ip_scratch *sc,
                             double *out, const char **reason)
{
  bool varies;
  if (s->target)
    IP_TRY(gaussian_kernel(u, s->n_targets, s->target, sc, kernel));
  else
    label_kernel(u, s, kernel);
  IP_TRY(centre(u->n, kernel, sc, &varies));
  if (varies) return compare(u, t, kernel, &out[KERNEL_CKA_Y], &out[NHSIC_Y]);
  reason[KERNEL_CKA_Y] = s->target ? "all targets are the same" : IP_WHY_ONE_CLASS;
  out[NHSIC_Y] = 0;
  return IP_OK;
}

static ip_status hsic_run(const double *v, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                          const char **reason)
{
  const ip_samples *s = in->s;
  setting u = {.is_fixed = v[WIDTH] == WIDTH_FIXED, .s = v[S], .epsilon = v[EPSILON]};
  layer t;
  double *other; // (n, n)
  bool varies;
  IP_TRY(ip_subset_choose(s->n, (size_t)v[MAX_SAMPLES], seed, sc, &u.n, &u.sample));
  IP_TRY(IP_SCRATCH(sc, t.kernel, u.n * u.n, "kernel matrix"));
  IP_TRY(IP_SCRATCH(sc, t.r, u.n * u.n, "kernel matrix"));
  IP_TRY(IP_SCRATCH(sc, other, u.n * u.n, "kernel matrix"));
  IP_TRY(gaussian_kernel(&u, s->width, s->t, sc, t.kernel));
  IP_TRY(centre(u.n, t.kernel, sc, &varies));
  if (!varies) {
    reason[KERNEL_CKA_X] = reason[KERNEL_CKA_Y] = IP_WHY_CONSTANT;
    out[NHSIC_X] = out[NHSIC_Y] = 0;
    if (!s->x) reason[NHSIC_X] = IP_WHY_NO_INPUTS;
    return IP_OK;
  }
  cblas_dcopy((int)(u.n * u.n), t.kernel, 1, t.r, 1);
  IP_TRY(regularize(u.n, u.epsilon, t.r));
  IP_TRY(with_inputs(&u, s, &t, other, sc, out, reason));
  return with_labels(&u, s, &t, other, sc, out, reason);
}

const ip_measure_kind ip_measure_hsic = {
    .name = "hsic",
    .help = "dependence on inputs and labels by kernels: normalized HSIC in both forms",
    .parameter = hsic_parameters,
    .n_parameters = sizeof hsic_parameters / sizeof *hsic_parameters,
    .series = hsic_series,
    .n_series = N_SERIES,
    .needs = IP_NEEDS_X,
    .run = hsic_run,
};
