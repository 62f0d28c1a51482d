/* estimator.h - I(X;T) and I(T;Y) of one layer at one logged epoch, by any of the field's estimators.
 *
 * An estimator is chosen by a spec string, "name" or "name:key=value:key=value":
 *     edges      width:size=0.5      equal_width:bins=100:range=run      kde_upper:noise_variance=0.1
 * Each estimator has its own parameters with defaults; docs/estimators.md lists them with formulas, bias and sources.
 * Equivalent specs have the same label, and the label is the name of the estimator's group in the run file.
 *
 * Running an estimator does not change it: one object may serve several threads at once, each with its own samples and
 * scratch. Random numbers come from streams of the estimator's seed (base/rng.h), so results do not depend on threads.
 *
 * All information is in bits. X is the index of the sample's distinct input, Y its label.
 */
#ifndef IP_ESTIMATOR_ESTIMATOR_H
#define IP_ESTIMATOR_ESTIMATOR_H

#include "base/mem.h"
#include "base/public.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

IP_PUBLIC_BEGIN

/* One layer's activations at one epoch, with inputs and labels. t, n, width, n_x, y and n_y are always required (or
 * p_y_given_x in place of y); ip_estimator_needs lists what else an estimator requires. Other fields may stay 0. */
typedef struct ip_samples {
  size_t n;       /* samples, at least 1 */
  size_t width;   /* units of the layer, at least 1 */
  const float *t; // (n, width) activations

  /* The activations with all their digits where these are more than float32 has; NULL: t is all there is. Estimators of
   * a discrete T read these. Others read t, whose units may then be moved by a constant each, so that float32 has
   * digits for what varies. */
  const double *t64; // (n, width)

  size_t n_x;           /* distinct inputs */
  const uint32_t *x_id; // (n) the distinct input of each sample, below n_x; NULL: every sample is its own
  size_t n_in;          /* 0 when x is NULL */
  const float *x;       // (n, n_in) the inputs themselves, for estimators of continuous X; may be NULL

  size_t n_y;               /* classes, at least 1 */
  const int32_t *y;         // (n) labels, 0 <= y < n_y
  const float *p_y_given_x; // (n, n_y) soft labels: row i is p(y|x_i), and y is ignored; NULL: hard labels

  size_t n_targets;    /* 0 when target is NULL */
  const float *target; // (n, n_targets) targets of a regression, which some estimators use as Y; NULL: classes only

  /* The class that the network predicts for each sample at this epoch, not negative; NULL: unknown, or nobody asks what
   * the bins lose of it. Estimators of a discrete T read it. */
  const int32_t *prediction; // (n)

  bool has_run_range;
  double low, high; /* smallest and largest activation of the layer over the whole run */

  /* Noise of the network on each unit h of this layer, at most one kind; 0: none. noise_variance v: h + sqrt(v) eps,
   * eps standard normal; multiplicative_noise a: h (1 + sqrt(a) eps); dropout p: 0 with probability p, else h / (1 -
   * p).
   */
  double noise_variance, multiplicative_noise, dropout;
  const float *mean; // (n, width) the units h before that noise; NULL when not known
  bool noise_below;  /* layers before this one add noise too, so equal inputs need not have equal units */
  int quantize_bits; /* activations were quantized to this many bits; 0: float32 */
  bool is_output;
  const char *activation; /* "tanh", "softmax", ...; NULL when not known */

  size_t layer;  /* 1 .. L, for messages; 0 if unknown */
  int64_t epoch; /* for messages; -1 if unknown */

  /* Threads that one estimate may use: kde_upper, kde_lower, ksg and renyi share out their pairs, neighbours and
   * matrices where these are many. 0 or 1: the caller alone. Results do not depend on it. */
  size_t n_threads;
} ip_samples;

/* The result. ixt_bits and ity_bits are finite and within the bounds below, or NaN with the reason. The raw values are
 * those of the formula. To average over seeds, average raw values and clip the mean.
 *
 *     0 <= I(X;T) <= H(X)   the upper bound holds if X is the index of the distinct input, not for the continuous X of
 *                           `gaussian`, `ksg`, `mixture_ksg`, `sliced` and `edge` of the inputs
 *     0 <= I(T;Y) <= H(Y)   the upper bound holds if Y is a class
 * `renyi` of an order below 1 may exceed both.
 *
 * H(X) and H(Y) are those of the samples: H(X) = log2 n if every input occurs once. For an estimator with a bias
 * correction, H(X) has the same correction, so that it equals the estimate for T = X. */
typedef struct ip_estimate {
  double ixt_bits, ity_bits;
  double ixt_raw_bits, ity_raw_bits;
  bool ixt_clipped, ity_clipped;           /* the raw value is outside the bounds by more than rounding */
  const char *ixt_no_value, *ity_no_value; /* why it is NaN, a constant string; NULL if it is a number */
  double ixt_error_bits, ity_error_bits;   /* standard error of the estimator's own random draws; 0 if it makes none */
  /* I(X;T|Y) from raw values, not clipped: I(X;T) - I(T;Y), plus what counts of a discrete T have of Y beyond X. NaN
   * with the reason where one of these is NaN or the estimator has no chain rule. */
  double ixt_given_y_bits;
  const char *ixt_given_y_no_value;

  /* Discrete T and samples with a prediction: H(Yhat|T), 0 if the symbols keep what the network uses, and H(Yhat); else
   * NaN. Plug-in, whatever the correction. */
  double bin_loss_bits, prediction_bits;

  /* For estimators whose result is a band over one of their parameters, and not a number: its ends, within the same
   * bounds, which contain ixt_bits and ity_bits; 0 for other estimators. No confidence interval. */
  double ixt_band_low, ixt_band_high, ity_band_low, ity_band_high;
  double ht_bits;   /* entropy of a discrete T, plug-in or corrected; 0 for other estimators */
  size_t n_symbols; /* distinct values of a discrete T; 0 for other estimators */
} ip_estimate;

typedef struct ip_estimator ip_estimator;

/* Creates an estimator. IP_ECONFIG if the spec is wrong, with the expected and the nearest name; IP_ENOMEM. */
ip_status ip_estimator_create(const char *spec, uint64_t seed, ip_estimator **out);
void ip_estimator_destroy(ip_estimator **e);

/* Canonical spec: the name and the parameters that differ from their defaults, in the order of the table. */
const char *ip_estimator_label(const ip_estimator *e);

/* Flags of the fields of ip_samples that an estimator requires beyond t, x_id and labels. */
enum {
  IP_NEEDS_RUN_RANGE = 1, /* has_run_range, low, high */
  IP_NEEDS_X = 2,         /* x, n_in */
  IP_NEEDS_MEAN = 4,      /* mean, noise_variance */
  /* of measures: measure/measure.h */
  IP_NEEDS_MULTIPLICATIVE = 4096, /* mean, multiplicative_noise */
  IP_NEEDS_DROPOUT = 8192         /* mean, dropout */
};
unsigned ip_estimator_needs(const ip_estimator *e);

/* The value of a parameter. */
typedef struct ip_parameter_value {
  const char *name;
  const char *text; /* canonical text of the value */
  bool is_number;
  double number; /* when is_number */
} ip_parameter_value;
/* Number of parameters, and parameter i of them. */
size_t ip_estimator_n_parameters(const ip_estimator *e);
ip_parameter_value ip_estimator_parameter(const ip_estimator *e, size_t i);

/**
 * Estimates I(X;T) and I(T;Y).
 *
 * Both are exactly 0 for one sample, and for a layer that is the same for every sample. Every estimator is biased:
 * docs/estimators.md states the direction and size, and interval.h measures part of it.
 *
 * @param sc  scratch memory, released before returning successfully
 * @return IP_EINVAL: samples that are inconsistent or unsuitable for this estimator (the message gives the reason);
 *         IP_ENUMERIC: an activation that is NaN or infinite, named by layer, epoch, sample and unit; IP_ESTOPPED
 */
ip_status ip_estimator_run(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out);

/* Names of all estimators, NULL-terminated. */
const char *const *ip_estimator_names(void);

IP_PUBLIC_END

#endif
