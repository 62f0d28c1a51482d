/* kde.c - kde_upper and kde_lower. */
#include "estimator/kde.h"

#include "estimator/kind.h"
#include "info/discrete.h"
#include "num/kernelsum.h"
#include "num/sum.h"

#include <math.h>
#include <string.h>

/* sum_i p(y|x_i) (n_y), and the labels (n, n_y) with rows that sum to 1. */
static void take_soft_labels(const ip_samples *s, float *p, double *class_sum)
{
  for (size_t i = 0; i < s->n; i++) {
    const float *row = s->p_y_given_x + i * s->n_y;
    double sum = 0;
    for (size_t c = 0; c < s->n_y; c++) sum += (double)row[c];
    for (size_t c = 0; c < s->n_y; c++) {
      p[i * s->n_y + c] = (float)((double)row[c] / sum);
      class_sum[c] += (double)p[i * s->n_y + c];
    }
  }
}

/* sum_i ln( all_i / n ), and sum_yi p(y|x_i) ln( own_yi / sum_j p(y|x_j) ). */
static void sum_logs(const ip_samples *s, const float *p, const double *class_sum, const double *all, const double *own,
                     double *sum_all, double *sum_own)
{
  ip_sum a = {0}, o = {0};
  for (size_t i = 0; i < s->n; i++) {
    ip_sum_add(&a, log(all[i] / (double)s->n));
    if (!p) {
      ip_sum_add(&o, log(own[i] / class_sum[s->y[i]]));
      continue;
    }
    for (size_t c = 0; c < s->n_y; c++) {
      double q = (double)p[i * s->n_y + c];
      if (q > 0) ip_sum_add(&o, q * log(own[c * s->n + i] / class_sum[c]));
    }
  }
  *sum_all = ip_sum_value(&a);
  *sum_own = ip_sum_value(&o);
}

static ip_status kernel_sums(const ip_samples *s, double noise_variance, const float *p, ip_scratch *sc,
                             const ip_kernel_sums *sums)
{
  ip_team *team;
  IP_TRY(ip_samples_team(s, IP_KERNEL_THREADS(s->n), &team));
  ip_status st = ip_kernel_sum(s->n, s->width, s->t, 1 / (8 * noise_variance), s->n_y, s->y, p, team, sc, sums);
  ip_team_destroy(&team);
  return st;
}

static ip_status bounds(const ip_samples *s, double noise_variance, ip_scratch *sc, ip_estimate *const out[])
{
  size_t mark = ip_scratch_mark(sc), n_own = s->p_y_given_x ? s->n * s->n_y : s->n;
  ip_kernel_sums sums;
  double *class_sum; // (n_y)
  float *p = NULL;   // (n, n_y)
  for (int k = 0; k < IP_N_KERNELS; k++) {
    IP_TRY(IP_SCRATCH(sc, sums.all[k], s->n, "kernel sums"));
    IP_TRY(IP_SCRATCH(sc, sums.own[k], n_own, "kernel sums of classes"));
  }
  IP_TRY(IP_SCRATCH(sc, class_sum, s->n_y, "class sizes"));
  if (s->p_y_given_x) {
    IP_TRY(IP_SCRATCH(sc, p, n_own, "soft labels"));
    take_soft_labels(s, p, class_sum);
  } else
    for (size_t i = 0; i < s->n; i++) class_sum[s->y[i]]++;
  IP_TRY(kernel_sums(s, noise_variance, p, sc, &sums));
  for (int k = 0; k < IP_N_KERNELS; k++) {
    double all, own, nats = (double)s->n * IP_NATS_PER_BIT;
    sum_logs(s, p, class_sum, sums.all[k], sums.own[k], &all, &own);
    *out[k] = (ip_estimate){.ixt_bits = -all / nats, .ity_bits = (own - all) / nats};
  }
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* --- the noise of the layers below */

/* Bounds on the information between the units and T among the samples of one input, bits, mean over samples: what T
 * knows of the noise of the layers below. And the mean of log2 of the number of samples of an input, which is the most
 * that they can show. */
typedef struct within {
  double upper, lower, most;
} within;

static void add_input(const ip_samples *s, const float *t, const uint32_t *member, size_t m, double scale,
                      ip_sum *upper, ip_sum *lower)
{
  for (size_t a = 0; a < m; a++) {
    double near = 0, far = 0;
    for (size_t b = 0; b < m; b++) {
      double square = 0;
      for (size_t k = 0; k < s->width; k++) {
        double d = (double)t[member[a] * s->width + k] - (double)t[member[b] * s->width + k];
        square += d * d;
      }
      near += exp(-square * scale);
      far += exp(-square * scale / 4);
    }
    ip_sum_add(upper, -log2(near / (double)m));
    ip_sum_add(lower, -log2(far / (double)m));
  }
}

static ip_status within_inputs(const ip_samples *s, const float *t, double noise_variance, ip_scratch *sc, within *out)
{
  size_t mark = ip_scratch_mark(sc);
  uint32_t *begin, *member; // (n_x + 2), (n) samples by input
  ip_sum upper = {0}, lower = {0}, most = {0};
  *out = (within){0};
  if (!s->x_id) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, begin, s->n_x + 2, "samples of each input"));
  IP_TRY(IP_SCRATCH(sc, member, s->n, "samples by input"));
  for (size_t i = 0; i < s->n; i++) begin[s->x_id[i] + 2]++;
  for (size_t x = 0; x < s->n_x; x++) begin[x + 2] += begin[x + 1];
  for (size_t i = 0; i < s->n; i++) member[begin[s->x_id[i] + 1]++] = (uint32_t)i;
  for (size_t x = 0; x < s->n_x; x++) {
    size_t m = begin[x + 1] - begin[x];
    add_input(s, t, member + begin[x], m, 1 / (2 * noise_variance), &upper, &lower);
    if (m) ip_sum_add(&most, (double)m * log2((double)m));
  }
  double n = (double)s->n;
  *out = (within){ip_sum_value(&upper) / n, ip_sum_value(&lower) / n, ip_sum_value(&most) / n};
  ip_scratch_release(sc, mark);
  return IP_OK;
}

#define RESOLVED_BITS 2 /* the samples of an input can show at least so much more than they do */

/* I(X;T) = h(T) - h(T|X) from bounds on both: the mixture of all samples, and that of the samples of each input, which
 * averages over the noise of the layers below. */
static ip_status leave_noise_out(const ip_samples *s, const float *t, double noise_variance, ip_scratch *sc,
                                 ip_estimate *upper, ip_estimate *lower)
{
  within w;
  IP_TRY(within_inputs(s, t, noise_variance, sc, &w));
  upper->ixt_bits -= w.lower;
  lower->ixt_bits -= w.upper;
  if (w.most - w.upper < RESOLVED_BITS)
    lower->ixt_no_value = "the samples of each input are too few to tell what T knows of the input from what it knows "
                          "of the noise in the layers below; log several passes over the same inputs (equal x_id)";
  return IP_OK;
}

ip_status ip_kde_bounds(const ip_samples *s, double noise_variance, ip_scratch *sc, ip_estimate *upper,
                        ip_estimate *lower)
{
  *upper = *lower = (ip_estimate){0};
  IP_REQUIRE(noise_variance > 0 && isfinite(noise_variance), IP_EINVAL,
             "the noise variance of kernel bounds is %g, expected above 0", noise_variance);
  IP_TRY(ip_samples_check(s));
  if (ip_samples_constant(s)) return IP_OK;
  return bounds(s, noise_variance, sc, (ip_estimate *const[]){upper, lower});
}

/* --- the two estimators */

enum { NOISE_VARIANCE, NOISE };
enum { NOISE_FIXED, NOISE_MAXIMUM, NOISE_VARIANCE_OF_UNITS, NOISE_NETWORK };
static const char *const noises[] = {"fixed", "maximum", "variance", "network", NULL};
static const ip_parameter kde_parameters[] = {
    {"noise_variance", IP_PARAMETER_REAL, "0.001", 1e-30, 1e30, NULL,
     "variance of the Gaussian noise that the estimator assumes on every unit"},
    {"noise", IP_PARAMETER_CHOICE, "fixed", 0, 0, noises,
     "noise_variance as it is, or times the layer's largest squared activation, or times the mean variance of its "
     "units, at each epoch (Chelombiev et al. 2019 scale by the largest activation); or the noise that the network was "
     "trained with, around the units before it"},
};

static ip_status kde_check(const double *v)
{
  IP_REQUIRE(v[NOISE] != NOISE_NETWORK || v[NOISE_VARIANCE] == 0.001, IP_ECONFIG,
             "estimators kde_upper, kde_lower: noise_variance does not go with noise=network");
  return IP_OK;
}

static unsigned kde_needs(const double *v)
{
  return v[NOISE] == NOISE_NETWORK ? IP_NEEDS_MEAN : 0;
}

/* Mean over units of the variance over samples, two passes. */
static double mean_variance(const ip_samples *s)
{
  ip_sum total = {0};
  for (size_t k = 0; k < s->width; k++) {
    ip_sum mean = {0}, square = {0};
    for (size_t i = 0; i < s->n; i++) ip_sum_add(&mean, (double)s->t[i * s->width + k]);
    double m = ip_sum_value(&mean) / (double)s->n;
    for (size_t i = 0; i < s->n; i++) {
      double d = (double)s->t[i * s->width + k] - m;
      ip_sum_add(&square, d * d);
    }
    ip_sum_add(&total, ip_sum_value(&square) / (double)s->n);
  }
  return ip_sum_value(&total) / (double)s->width;
}

/* A comparison, not fmax: gcc 12.2 for aarch64 ends with an internal compiler error on a maximum of widened floats. */
static double largest_square(const ip_samples *s)
{
  float most = 0;
  for (size_t k = 0; k < s->n * s->width; k++) {
    float size = fabsf(s->t[k]);
    if (size > most) most = size;
  }
  double exact = (double)most;
  for (size_t k = 0; s->t64 && k < s->n * s->width; k++) /* t may have been moved */
    exact = k ? fmax(exact, fabs(s->t64[k])) : fabs(s->t64[k]);
  return exact * exact;
}

/* Both bounds with the noise that the parameters say. */
static ip_status run(const double *v, const ip_samples *s, ip_scratch *sc, ip_estimate *upper, ip_estimate *lower)
{
  ip_samples of = *s;
  double variance = v[NOISE_VARIANCE];
  if (v[NOISE] == NOISE_MAXIMUM) variance *= largest_square(s);
  if (v[NOISE] == NOISE_VARIANCE_OF_UNITS) variance *= mean_variance(s);
  if (v[NOISE] == NOISE_NETWORK) {
    IP_REQUIRE(s->noise_variance > 0, IP_EINVAL, "the noise variance of the network is %g, expected above 0",
               s->noise_variance);
    variance = s->noise_variance;
    of.t = s->mean;
  }
  IP_TRY(bounds(&of, variance, sc, (ip_estimate *const[]){upper, lower}));
  return v[NOISE] == NOISE_NETWORK && s->noise_below ? leave_noise_out(s, s->mean, variance, sc, upper, lower) : IP_OK;
}

static ip_status upper_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  (void)seed;
  ip_estimate lower;
  return run(v, s, sc, out, &lower);
}

static ip_status lower_run(const double *v, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out)
{
  (void)seed;
  ip_estimate upper;
  return run(v, s, sc, &upper, out);
}

const ip_estimator_kind ip_estimator_kde_upper = {
    .name = "kde_upper",
    .help = "upper bound from pairwise distances, noise assumed on T (Kolchinsky & Tracey 2017)",
    .parameter = kde_parameters,
    .n_parameters = sizeof kde_parameters / sizeof *kde_parameters,
    .check = kde_check,
    .needs = kde_needs,
    .run = upper_run,
};

const ip_estimator_kind ip_estimator_kde_lower = {
    .name = "kde_lower",
    .help = "lower bound from pairwise distances, noise assumed on T (Kolchinsky & Tracey 2017)",
    .parameter = kde_parameters,
    .n_parameters = sizeof kde_parameters / sizeof *kde_parameters,
    .check = kde_check,
    .needs = kde_needs,
    .run = lower_run,
};

bool ip_kde_is_pair(const ip_estimator *a, const ip_estimator *b)
{
  return ip_estimator_kind_of(a) == &ip_estimator_kde_upper && ip_estimator_kind_of(b) == &ip_estimator_kde_lower &&
         !memcmp(ip_estimator_values(a), ip_estimator_values(b), ip_estimator_n_parameters(a) * sizeof(double));
}

/* Both bounds of samples that have been checked. */
static ip_status run_pair(const ip_estimator *upper, const ip_samples *s, ip_scratch *sc, ip_estimate *out_upper,
                          ip_estimate *out_lower)
{
  IP_TRY(ip_estimator_check_needs(upper, s));
  if (ip_samples_constant(s)) return IP_OK;
  ip_samples seen;
  IP_TRY(ip_estimator_see(upper, s, sc, &seen));
  IP_TRY(run(ip_estimator_values(upper), &seen, sc, out_upper, out_lower));
  IP_TRY(ip_estimate_clip(upper, s, sc, out_upper));
  return ip_estimate_clip(upper, s, sc, out_lower); /* the same bounds */
}

ip_status ip_kde_run_both(const ip_estimator *upper, const ip_samples *s, ip_scratch *sc, ip_estimate *out_upper,
                          ip_estimate *out_lower)
{
  *out_upper = *out_lower = (ip_estimate){.bin_loss_bits = (double)NAN, .prediction_bits = (double)NAN};
  IP_TRY(ip_samples_check(s));
  size_t mark = ip_scratch_mark(sc);
  ip_status st = run_pair(upper, s, sc, out_upper, out_lower);
  if (st == IP_OK) {
    ip_scratch_release(sc, mark);
    return IP_OK;
  }
  char where[64];
  ip_samples_where(s, where);
  ip_error_prefix("%s, estimator %s", where, ip_estimator_label(upper));
  return st;
}
