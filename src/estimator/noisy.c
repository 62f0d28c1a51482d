/* noisy.c - information of a layer of a network that adds Gaussian noise to its units, by sample propagation.
 *
 * T = S + Z with Z normal of the network's own noise variance s^2, and S_1 .. S_N the units before the noise. With
 * q(t) = 1/N sum_j N(t; S_j, s^2 I), and q(t|x), q(t|y) the same mean over the samples of an input or of a class,
 *     I(X;T) = 1/N sum_i E log2 q(T_i|x_i)/q(T_i),  I(T;Y) = 1/N sum_i E log2 q(T_i|y_i)/q(T_i),  T_i = S_i + Z
 * and the expectation over Z is a mean over `draws` of it for every sample. With soft labels the samples of class y
 * have the weights p(y|x_j), and the logarithm is averaged over p(y|x_i).
 *
 * The standard error is that of the draws alone; the samples are taken as they are. In a deeper layer S depends on the
 * noise of the layers before it: with one sample for each input I(X;T) then includes what T knows of that noise, an
 * upper bound; with several (equal x_id), q(t|x) averages over it, as the paper does. I(X;T) is at most log2 of the
 * number of inputs, and N samples of more than a few dimensions make h(T) too small (the paper's theorem 1).
 *
 * Source: Goldfeld et al., "Estimating information flow in deep neural networks", ICML 2019, eq. 7 and 8, sec. 4.
 * The draws of a sample are the same for every layer and epoch. Time draws N^2 (width + 15).
 */
#include "base/rng.h"
#include "estimator/kind.h"
#include "estimator/members.h"
#include "estimator/tally.h"
#include "info/discrete.h"
#include "num/sum.h"
#include "num/vmath.h"

#include <cblas.h>
#include <math.h>

enum { DRAWS };
static const ip_parameter noisy_parameters[] = {
    {"draws", IP_PARAMETER_INT, "4", 1, 100000, NULL, "draws of the noise for every sample"},
};

static unsigned noisy_needs(const double *v)
{
  (void)v;
  return IP_NEEDS_MEAN;
}

enum { ROWS = 128 }; /* draws compared with all samples at a time */

/* Samples in the order of their classes. */
typedef struct work {
  size_t n, width, draws, n_y;
  double scale;          /* 1 / (2 s^2) */
  const uint32_t *order; // (n) number of each sample in the order they came
  double *s, *norm;      // (n, width) centred, (n) squared lengths
  ip_members by_class;   /* hard labels */
  int32_t *y;            // (n) hard labels
  double *p, *p_sum;     // (n_y, n), (n_y) soft labels; NULL: hard
  uint32_t *x;           // (n) input; NULL: every sample its own
  ip_members by_input;   /* of samples in the order of their classes */
  double *t, *kernel;    // (ROWS, width), (ROWS, n)
} work;

static ip_status take_labels(work *w, const ip_samples *s, ip_scratch *sc)
{
  if (!s->p_y_given_x) {
    IP_TRY(
        ip_members_sort(w->n, w->n_y, (const uint32_t *)s->y, sc, &w->by_class)); /* not negative: the same numbers */
    w->order = w->by_class.of;
    IP_TRY(IP_SCRATCH(sc, w->y, w->n, "labels"));
    for (size_t i = 0; i < w->n; i++) w->y[i] = s->y[w->order[i]];
    return IP_OK;
  }
  uint32_t *order; // (n)
  IP_TRY(IP_SCRATCH(sc, order, w->n, "samples by class"));
  w->order = order;
  IP_TRY(IP_SCRATCH(sc, w->p, w->n_y * w->n, "soft labels"));
  IP_TRY(IP_SCRATCH(sc, w->p_sum, w->n_y, "sums of soft labels"));
  for (size_t i = 0; i < w->n; i++) {
    const float *row = s->p_y_given_x + i * w->n_y;
    double sum = 0;
    order[i] = (uint32_t)i;
    for (size_t c = 0; c < w->n_y; c++) sum += (double)row[c];
    for (size_t c = 0; c < w->n_y; c++) {
      w->p[c * w->n + i] = (double)row[c] / sum;
      w->p_sum[c] += w->p[c * w->n + i];
    }
  }
  return IP_OK;
}

static ip_status take_inputs(work *w, const ip_samples *s, ip_scratch *sc)
{
  if (!s->x_id) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, w->x, w->n, "inputs of samples"));
  for (size_t i = 0; i < w->n; i++) w->x[i] = s->x_id[w->order[i]];
  return ip_members_sort(w->n, s->n_x, w->x, sc, &w->by_input);
}

static ip_status take_units(work *w, const ip_samples *s, ip_scratch *sc)
{
  IP_TRY(IP_SCRATCH(sc, w->s, w->n * w->width, "units before the noise"));
  IP_TRY(IP_SCRATCH(sc, w->norm, w->n, "squared lengths"));
  IP_TRY(IP_SCRATCH(sc, w->t, ROWS * w->width, "draws"));
  IP_TRY(IP_SCRATCH(sc, w->kernel, ROWS * w->n, "kernels"));
  for (size_t k = 0; k < w->width; k++) {
    double mean = 0;
    for (size_t i = 0; i < w->n; i++) mean += (double)s->mean[i * w->width + k] / (double)w->n;
    for (size_t i = 0; i < w->n; i++) {
      double d = (double)s->mean[w->order[i] * w->width + k] - mean;
      w->s[i * w->width + k] = d;
      w->norm[i] += d * d;
    }
  }
  return IP_OK;
}

/* kernel (rows, n): -|t_r - s_j|^2 / (2 s^2). */
static void compare(const work *w, size_t rows)
{
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)w->n, (int)w->width, 2, w->t, (int)w->width,
              w->s, (int)w->width, 0, w->kernel, (int)w->n);
  for (size_t r = 0; r < rows; r++) {
    double norm = 0, *row = w->kernel + r * w->n;
    for (size_t k = 0; k < w->width; k++) norm += w->t[r * w->width + k] * w->t[r * w->width + k];
    for (size_t j = 0; j < w->n; j++) row[j] = (row[j] - norm - w->norm[j]) * w->scale;
  }
}

/* ln of the mean of those of e (m) that `member` names (NULL: all), at least that of one of them whose ln is `self`,
 * for e may have lost it. */
static double log_mean(size_t m, const double *e, const uint32_t *member, double self)
{
  double sum = 0;
  if (!member) sum = ip_sum_pairwise(m, e);
  for (size_t k = 0; member && k < m; k++) sum += e[member[k]];
  return fmax(log(sum / (double)m), self - log((double)m));
}

/* log2 q(t|x)/q(t) and log2 q(t|y)/q(t) for a draw from sample i, whose exponents are in e (n), used up. */
static void log_ratios(const work *w, size_t i, double *e, double *of_x, double *of_y)
{
  double most = e[i], self, own, class = 0;
  for (size_t j = 0; j < w->n; j++) most = e[j] > most ? e[j] : most;
  self = own = e[i] - most;
  for (size_t j = 0; j < w->n; j++) e[j] -= most;
  ip_vexp64(w->n, e, e);
  double all = log_mean(w->n, e, NULL, self);
  if (w->x) {
    uint32_t begin = w->by_input.begin[w->x[i]];
    own = log_mean(ip_members_count(&w->by_input, w->x[i]), e, w->by_input.of + begin, self);
  }
  if (w->p) {
    for (size_t c = 0; c < w->n_y; c++) {
      double q = w->p[c * w->n + i];
      if (q > 0) class += q * log(cblas_ddot((int)w->n, w->p + c * w->n, 1, e, 1) / w->p_sum[c]);
    }
  } else {
    uint32_t y = (uint32_t)w->y[i];
    class = log_mean(ip_members_count(&w->by_class, y), e + w->by_class.begin[y], NULL, self);
  }
  *of_x = (own - all) / IP_NATS_PER_BIT;
  *of_y = (class - all) / IP_NATS_PER_BIT;
}

static void draw_rows(const work *w, uint64_t seed, double sd, size_t first, size_t rows)
{
  ip_rng r = {0};
  for (size_t k = 0; k < rows; k++) {
    size_t i = (first + k) / w->draws, draw = (first + k) % w->draws;
    if (k == 0 || draw == 0) {
      r = ip_rng_open(seed, IP_RNG_ESTIMATOR, w->order[i]);
      ip_rng_skip_normals(&r, draw * w->width);
    }
    for (size_t u = 0; u < w->width; u++) w->t[k * w->width + u] = w->s[i * w->width + u] + sd * ip_rng_normal(&r);
  }
}

static ip_status noisy_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  IP_REQUIRE(s->noise_variance > 0 && isfinite(s->noise_variance), IP_EINVAL,
             "the noise variance of the network is %g, expected above 0: this estimator is for networks trained with "
             "noise on their units",
             s->noise_variance);
  work w = {.n = s->n, .width = s->width, .draws = (size_t)v[DRAWS], .n_y = s->n_y};
  w.scale = 1 / (2 * s->noise_variance);
  IP_TRY(take_labels(&w, s, sc));
  IP_TRY(take_inputs(&w, s, sc));
  IP_TRY(take_units(&w, s, sc));
  ip_tally x = {0}, y = {0};
  size_t total = w.n * w.draws;
  for (size_t first = 0; first < total; first += ROWS) {
    size_t rows = total - first < ROWS ? total - first : ROWS;
    draw_rows(&w, seed, sqrt(s->noise_variance), first, rows);
    compare(&w, rows);
    for (size_t k = 0; k < rows; k++) {
      size_t i = (first + k) / w.draws, draw = (first + k) % w.draws;
      double of_x, of_y;
      log_ratios(&w, i, w.kernel + k * w.n, &of_x, &of_y);
      ip_tally_draw(&x, draw, of_x);
      ip_tally_draw(&y, draw, of_y);
      if (draw + 1 < w.draws) continue;
      ip_tally_end(&x, w.draws);
      ip_tally_end(&y, w.draws);
    }
  }
  ip_tally_result(&x, w.n, w.draws, &out->ixt_bits, &out->ixt_error_bits);
  ip_tally_result(&y, w.n, w.draws, &out->ity_bits, &out->ity_error_bits);
  return IP_OK;
}

const ip_estimator_kind ip_estimator_noisy = {
    .name = "noisy",
    .help = "sample propagation, for networks trained with Gaussian noise on their units (Goldfeld et al. 2019)",
    .parameter = noisy_parameters,
    .n_parameters = sizeof noisy_parameters / sizeof *noisy_parameters,
    .needs = noisy_needs,
    .run = noisy_run,
};
