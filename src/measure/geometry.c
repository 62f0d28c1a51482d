/* geometry.c - the shape of a layer's activations: scatter within classes, dimension, similarity, idle units.
 *
 * With S the covariance of the units (divisor N), lambda its eigenvalues, and centred columns A, B:
 *
 *     nc1, nc1_papyan      collapse.h
 *     participation_ratio  (tr S)^2 / ||S||_F^2 = (sum lambda)^2 / sum lambda^2, 1 ... width
 *     effective_rank       exp(-sum p ln p), p = lambda / sum lambda, 1 ... width
 *     cka_x, cka_y, cka_next  ||A'B||_F^2 / (||A'A||_F ||B'B||_F), A the layer, B the inputs; the one-hot classes,
 * their probabilities for soft labels, or the targets; the next layer saturated_units, dead_units  saturation.h
 *
 * CKA is the biased form. It does not change under rotation, shift and a scale common to all units; it does under
 * scales of single units. All but the last two have no value for a layer that is the same for all samples.
 *
 * Sources: Kornblith, Norouzi, Lee & Hinton, "Similarity of neural network representations revisited", ICML 2019 (CKA);
 * Roy & Vetterli, "The effective rank", EUSIPCO 2007; Gao et al., bioRxiv 214262, 2017 (participation ratio).
 */
#include "estimator/covariance.h"
#include "measure/collapse.h"
#include "measure/kind.h"
#include "measure/saturation.h"

#include <math.h>

enum {
  NC1,
  NC1_PAPYAN,
  PARTICIPATION_RATIO,
  EFFECTIVE_RANK,
  CKA_X,
  CKA_Y,
  CKA_NEXT,
  SATURATED_UNITS,
  DEAD_UNITS,
  N_SERIES
};
static const ip_measure_series geometry_series[N_SERIES] = {
    [NC1] = {"nc1", "1", "scatter within classes over scatter between classes, tr S_W / tr S_B"},
    [NC1_PAPYAN] = {"nc1_papyan", "1", "the same relative to each direction between classes, tr(S_W S_B^+) / C"},
    [PARTICIPATION_RATIO] = {"participation_ratio", "1",
                             "number of dimensions, (sum l)^2 / sum l^2 of the eigenvalues"},
    [EFFECTIVE_RANK] = {"effective_rank", "1", "number of dimensions, exp of the entropy of the eigenvalues"},
    [CKA_X] = {"cka_x", "fraction", "linear CKA with the inputs"},
    [CKA_Y] = {"cka_y", "fraction", "linear CKA with the classes (one-hot) or the targets"},
    [CKA_NEXT] = {"cka_next", "fraction", "linear CKA with the next layer"},
    [SATURATED_UNITS] = {"saturated_units", "fraction",
                         "fraction of units whose slope is below 1 % of the largest on over 95 % of the samples"},
    [DEAD_UNITS] = {"dead_units", "fraction", "fraction of units with one value on all samples"},
};

/* Both numbers of dimensions, and ||T'T||^2. */
static ip_status dimensions(const ip_centred *t, ip_scratch *sc, double *out, double *square)
{
  size_t mark = ip_scratch_mark(sc), d;
  double *gram, *value, trace = 0, entropy = 0; // (d, d), (d)
  IP_TRY(ip_centred_gram(t, sc, &d, &gram));
  *square = 0;
  for (size_t k = 0; k < d; k++) trace += gram[k * d + k];
  for (size_t k = 0; k < d * d; k++) *square += gram[k] * gram[k];
  out[PARTICIPATION_RATIO] = trace * trace / *square;
  IP_TRY(IP_SCRATCH(sc, value, d, "eigenvalues"));
  IP_TRY(ip_eigen(d, gram, false, value));
  for (size_t k = 0; k < d; k++) {
    double p = value[k] / trace;
    if (p > 0) entropy -= p * log(p);
  }
  out[EFFECTIVE_RANK] = exp(entropy);
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* CKA of t and other columns; `why` if these are the same for all samples. */
static ip_status cka(const ip_centred *t, double t_square, size_t width, const float *v, const char *why,
                     ip_scratch *sc, double *out, const char **reason)
{
  size_t mark = ip_scratch_mark(sc);
  ip_centred other;
  double square, product;
  IP_TRY(ip_centre_columns(t->n, width, v, sc, &other));
  IP_TRY(ip_centred_square(&other, sc, &square));
  if (square > 0) {
    IP_TRY(ip_centred_product(t, &other, sc, &product));
    *out = fmin(1, product / sqrt(t_square * square));
  } else
    *reason = why;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

/* The same with the one-hot columns of hard labels: column c of T'Y is the sum of the centred activations of class c,
 * and Y'Y = diag(N_c) - N_c N_d / N. */
static ip_status cka_of_labels(const ip_samples *s, const ip_centred *t, double t_square, ip_scratch *sc, double *out,
                               const char **reason)
{
  size_t mark = ip_scratch_mark(sc);
  double *sum, *count, product = 0, n = (double)s->n, square = 0, all = 0; // (n_y, width), (n_y)
  IP_TRY(IP_SCRATCH(sc, sum, s->n_y * t->width, "sums of classes"));
  IP_TRY(IP_SCRATCH(sc, count, s->n_y, "sizes of classes"));
  for (size_t i = 0; i < s->n; i++) {
    count[s->y[i]]++;
    for (size_t j = 0; j < t->width; j++) sum[(size_t)s->y[i] * t->width + j] += t->v[i * t->width + j];
  }
  for (size_t k = 0; k < s->n_y * t->width; k++) product += sum[k] * sum[k];
  for (size_t c = 0; c < s->n_y; c++) {
    square += count[c] * count[c] - 2 * count[c] * count[c] * count[c] / n;
    all += count[c] * count[c];
  }
  square += all * all / n / n;
  if (all < n * n)
    *out = fmin(1, product / sqrt(t_square * square));
  else
    *reason = IP_WHY_ONE_CLASS;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status similarities(const ip_measure_input *in, const ip_centred *t, double t_square, ip_scratch *sc,
                              double *out, const char **reason)
{
  const ip_samples *s = in->s;
  if (s->x)
    IP_TRY(cka(t, t_square, s->n_in, s->x, "all inputs are the same", sc, &out[CKA_X], &reason[CKA_X]));
  else
    reason[CKA_X] = IP_WHY_NO_INPUTS;
  if (s->target)
    IP_TRY(cka(t, t_square, s->n_targets, s->target, "all targets are the same", sc, &out[CKA_Y], &reason[CKA_Y]));
  else if (s->p_y_given_x)
    IP_TRY(cka(t, t_square, s->n_y, s->p_y_given_x, IP_WHY_ONE_CLASS, sc, &out[CKA_Y], &reason[CKA_Y]));
  else
    IP_TRY(cka_of_labels(s, t, t_square, sc, &out[CKA_Y], &reason[CKA_Y]));
  if (in->next)
    return cka(t, t_square, in->next_width, in->next, "the next layer is the same for all samples", sc, &out[CKA_NEXT],
               &reason[CKA_NEXT]);
  reason[CKA_NEXT] = IP_WHY_LAST_LAYER;
  return IP_OK;
}

static ip_status geometry_run(const double *v, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                              const char **reason)
{
  (void)v, (void)seed;
  const ip_samples *s = in->s;
  ip_centred t;
  double square;
  out[SATURATED_UNITS] = ip_saturated_units(s, &reason[SATURATED_UNITS]);
  out[DEAD_UNITS] = ip_dead_units(s);
  IP_TRY(ip_centre_columns(s->n, s->width, s->t, sc, &t));
  IP_TRY(dimensions(&t, sc, out, &square));
  if (!(square > 0)) {
    ip_measure_no_value(reason, NC1, SATURATED_UNITS - NC1, IP_WHY_CONSTANT);
    return IP_OK;
  }
  IP_TRY(ip_neural_collapse(s, &t, sc, &out[NC1], &out[NC1_PAPYAN], &reason[NC1]));
  return similarities(in, &t, square, sc, out, reason);
}

const ip_measure_kind ip_measure_geometry = {
    .name = "geometry",
    .help = "neural collapse, number of dimensions, CKA with inputs, labels and next layer, saturated and dead units",
    .series = geometry_series,
    .n_series = N_SERIES,
    .needs = IP_NEEDS_X | IP_NEEDS_NEXT,
    .run = geometry_run,
};
