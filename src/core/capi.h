/* capi.h - libinfoplane_core: estimators, measures of tables and the IB curve, for programs in any language.
 *
 * The library reads and writes no file, prints nothing, never exits and starts no thread of its own (OpenBLAS has its
 * own). Threads may call it at the same time: an estimator may serve several, a scratch serves one. A call that fails
 * returns another code than IP_CAPI_OK, and ip_capi_error() then has one sentence for the user. Every pointer may be
 * NULL, every number may be anything: the call fails and says so. Arrays must be as long as the numbers say.
 *
 * The caller sets struct_size of every struct to its sizeof, also of those that are filled. Structs only grow at their
 * end, so a program goes on working with a library that has the same IP_CAPI_MAJOR. Texts are UTF-8; they belong to the
 * library and stay until it is unloaded unless noted.
 *
 * All information is in bits. X is the index of the sample's distinct input, Y its label, T the layer's activations.
 * docs/estimators.md and docs/bottleneck.md have the formulas, bias and sources.
 */
#ifndef IP_CORE_CAPI_H
#define IP_CORE_CAPI_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------------------------- versions, errors */

#define IP_CAPI_MAJOR 1 /* changes when programs compiled earlier would no longer work */
#define IP_CAPI_MINOR 0 /* grows with every addition */

/* IP_CAPI_MAJOR * 65536 + IP_CAPI_MINOR of the library. */
uint32_t ip_capi_version(void);

/* The version of infoplane, such as "0.2.0". */
const char *ip_capi_release(void);

/* sizeof of a struct below by its name, such as "ip_capi_samples", in the library; 0 for other names. */
size_t ip_capi_sizeof(const char *name);

enum {
  IP_CAPI_OK = 0,
  IP_CAPI_ECONFIG = 1,  /* the name or a parameter of an estimator, or a grid of betas */
  IP_CAPI_EINVAL = 2,   /* a value is impossible, or the samples do not suit the estimator */
  IP_CAPI_ENUMERIC = 3, /* a number is NaN or infinite, or a computation left the finite numbers */
  IP_CAPI_ENOMEM = 4,
  IP_CAPI_EOTHER = 5
};

/* Why the last call in this thread failed; "" if it did not. It stays until the next call in this thread. */
const char *ip_capi_error(void);

/* ---------------------------------------------------------------- which estimators exist */

/* Flags of the fields of ip_capi_samples that an estimator requires beyond t, x_id and labels. */
enum {
  IP_CAPI_NEEDS_RUN_RANGE = 1,      /* has_run_range, low, high */
  IP_CAPI_NEEDS_X = 2,              /* x, n_in */
  IP_CAPI_NEEDS_NOISE = 4,          /* mean, noise_variance */
  IP_CAPI_NEEDS_MULTIPLICATIVE = 8, /* mean, multiplicative_noise */
  IP_CAPI_NEEDS_DROPOUT = 16        /* mean, dropout */
};

typedef struct ip_capi_kind {
  size_t struct_size;
  const char *name, *help; /* one sentence */
  uint64_t n_parameters;
  uint32_t needs;        /* with the default parameters */
  int32_t is_discrete;   /* makes T discrete: h_t and n_symbols are set */
  int32_t knows_targets; /* uses the targets of a regression as Y */
} ip_capi_kind;

enum { IP_CAPI_INT = 0, IP_CAPI_REAL = 1, IP_CAPI_CHOICE = 2 };

typedef struct ip_capi_parameter {
  size_t struct_size;
  const char *name, *help;
  const char *fallback;       /* the default, as in a spec */
  double low, high;           /* allowed values, both included; not for choices */
  const char *const *choices; // (n_choices)
  uint64_t n_choices;
  int32_t type;
} ip_capi_parameter;

uint64_t ip_capi_n_kinds(void);
int32_t ip_capi_kind_at(uint64_t kind, ip_capi_kind *out);
int32_t ip_capi_kind_parameter(uint64_t kind, uint64_t parameter, ip_capi_parameter *out);

/* ---------------------------------------------------------------- estimates */

typedef struct ip_estimator ip_capi_estimator;
typedef struct ip_scratch ip_capi_scratch; /* memory that calls use again */

/* Creates an estimator from "name" or "name:key=value:key=value". `seed` is that of all its random draws. */
int32_t ip_capi_estimator_create(const char *spec, uint64_t seed, ip_capi_estimator **out);
void ip_capi_estimator_destroy(ip_capi_estimator *e);

/* The canonical spec, as long as the estimator exists: the name and the parameters that differ from their defaults. */
const char *ip_capi_estimator_label(const ip_capi_estimator *e);
uint32_t ip_capi_estimator_needs(const ip_capi_estimator *e);

int32_t ip_capi_scratch_create(ip_capi_scratch **out);
void ip_capi_scratch_destroy(ip_capi_scratch *sc);

/* Types of whole numbers. */
enum { IP_CAPI_I32 = 0, IP_CAPI_I64 = 1, IP_CAPI_U8 = 2 };

/* One layer's activations, with inputs and labels. Where n_x or n_y is 0, a number of 65536 + 4 n or more is an error:
 * such names of inputs or classes have to be numbered first. n, width, one of t and t64, and labels are required (y,
 * p_y_given_x or target); ip_capi_estimator_needs lists what else an estimator requires. Other fields may stay 0. */
typedef struct ip_capi_samples {
  size_t struct_size;
  uint64_t n, width;
  const float *t;    // (n, width) activations, row by row
  const double *t64; // (n, width) the same with more digits than float32 has, in place of t

  uint64_t n_x;             /* distinct inputs; 0: one more than the largest x_id, as for n_y */
  const void *x_id;         // (n) the distinct input of each sample, from 0; NULL: every sample is its own
  uint64_t n_in;            /* inputs of the network */
  const float *x;           // (n, n_in) their values
  uint64_t n_y;             /* classes; 0: one more than the largest label */
  const void *y;            // (n) labels, from 0
  const float *p_y_given_x; // (n, n_y) soft labels in place of y
  uint64_t n_targets;
  const float *target; // (n, n_targets) targets of a regression

  double low, high; /* smallest and largest activation of the layer over the whole run */
  /* Noise of the network on each unit h of this layer, at most one kind; 0: none. noise_variance v: h + sqrt(v) eps;
   * multiplicative_noise a: h (1 + sqrt(a) eps); dropout p: 0 with probability p, else h / (1 - p). */
  double noise_variance, multiplicative_noise, dropout;
  const float *mean; // (n, width) the units before that noise

  int32_t x_id_type, y_type; /* IP_CAPI_I32, ... */
  int32_t has_run_range;
  int32_t noise_below;   /* layers before this one add noise too */
  int32_t quantize_bits; /* activations were quantized to so many bits; 0: they were not */
  int32_t is_output;
  uint64_t layer; /* for messages; 0: not known */
  int64_t epoch;  /* for messages, with a layer; -1: not known */
} ip_capi_samples;

typedef struct ip_capi_options {
  size_t struct_size;
  uint64_t null_shuffles; /* estimates of I(T;Y) with shuffled labels; 0: none */
  uint64_t bootstrap;     /* replicates of the confidence intervals, at least 2; 0: none */
  double level;           /* of the intervals, in (0, 1) */
} ip_capi_options;

/* A value that does not exist, or was not asked for, is NaN. Texts `..._no_value` say why; NULL where it exists. */
typedef struct ip_capi_estimate {
  size_t struct_size;
  double ixt, ity;             /* within the bounds of theory */
  double ixt_raw, ity_raw;     /* those of the formula: average these over seeds */
  double ixt_error, ity_error; /* standard error of the estimator's own random draws; 0 if it makes none */
  double ixt_given_y;          /* I(X;T|Y) */
  double h_t;                  /* entropy of a discrete T; NaN for other estimators */
  double ixt_band_low, ixt_band_high, ity_band_low, ity_band_high; /* of an estimator whose result is a band */
  double ixt_low, ixt_high, ity_low, ity_high;                     /* bootstrap intervals */
  double null_mean, null_high, null_p_value; /* under shuffled labels: mean, 95 % quantile, p of the observed I(T;Y) */
  uint64_t n_symbols;                        /* distinct values of a discrete T; 0 for other estimators */
  const char *ixt_no_value, *ity_no_value, *ixt_given_y_no_value, *ixt_interval_no_value, *ity_interval_no_value;
  int32_t ixt_clipped, ity_clipped; /* the raw value is outside the bounds by more than rounding */
  int32_t saturated;                /* I(X;T) is within 1 % of log2 n: it only shows that the samples differ */
} ip_capi_estimate;

/* Estimates I(X;T) and I(T;Y), and what `options` asks for (NULL: nothing). `sc` may be NULL. The same bits as in the
 * run file of `infoplane estimate` for the same samples, seed and options. */
int32_t ip_capi_estimate_run(const ip_capi_estimator *e, const ip_capi_samples *s, const ip_capi_options *options,
                             ip_capi_scratch *sc, ip_capi_estimate *out);

/* ---------------------------------------------------------------- tables */

/* Entropy in bits of p (n), which must sum to 1 within 1e-6; of counts (n), plug-in. */
int32_t ip_capi_entropy(uint64_t n, const double *p, double *bits);
int32_t ip_capi_entropy_counts(uint64_t n, const uint32_t *count, double *bits);

typedef struct ip_capi_joint {
  size_t struct_size;
  double hx, hy, hxy, hx_given_y, hy_given_x, mi;
} ip_capi_joint;

/* Measures p(x,y) (n_x, n_y), which must sum to 1 within 1e-6, or a table of counts, plug-in. */
int32_t ip_capi_joint_measure(uint64_t n_x, uint64_t n_y, const double *p, ip_capi_joint *out);
int32_t ip_capi_joint_measure_counts(uint64_t n_x, uint64_t n_y, const uint32_t *count, ip_capi_joint *out);

/* ---------------------------------------------------------------- the IB curve */

typedef struct ip_capi_curve_options {
  size_t struct_size;
  double alpha;      /* minimise H(T) - alpha H(T|X) - beta I(T;Y), in [0, 1]; 1: the bottleneck */
  double tolerance;  /* with `refine`: until straight lines are within this many bits of the curve; 0: no points */
  uint64_t refine;   /* largest number of added betas */
  uint64_t restarts; /* random starts at every beta without a proof */
  uint64_t seed;     /* of these */
  int32_t squared;   /* minimise I(X;T)^2 - beta I(T;Y), in nats, with alpha 1 */
} ip_capi_curve_options;

typedef struct ip_capi_curve_summary {
  size_t struct_size;
  uint64_t n_points, n_critical; /* in increasing order of beta */
  uint64_t n_classes;            /* different p(y|x) */
  double hx, hy, ixy;
  double h_classes;     /* entropy of the classes of inputs: the smallest I(X;T) with I(T;Y) = I(X;Y) */
  double critical_beta; /* T = constant is optimal up to this beta; NaN unless alpha is 1 and not squared */
  double unstable_beta; /* T = constant is unstable from this beta on */
  int32_t critical_certified;
} ip_capi_curve_summary;

typedef struct ip_capi_curve_point {
  size_t struct_size;
  double beta, slope_beta; /* the curve has the slope 1 / slope_beta here */
  double ixt, ity, h_t, lagrangian;
  double optimality_gap; /* how far the Lagrangian may be above the optimum: proven if `certified` */
  uint64_t n_clusters;
  int32_t converged, certified;
} ip_capi_curve_point;

typedef struct ip_capi_critical {
  size_t struct_size;
  double critical_beta; /* above it, the optimal T has more clusters than below */
  double split_beta;    /* at which a cluster would split in two; NaN if none does before the next point */
  double ixt, ity;
  uint64_t n_before, n_after; /* clusters */
} ip_capi_critical;

typedef struct ip_capi_nearest {
  size_t struct_size;
  double distance; /* to the curve; negative if the point is above it */
  double ity_gap;  /* the curve at the same I(X;T), minus the point's I(T;Y) */
  double beta, ixt, ity;
} ip_capi_nearest;

typedef struct ip_capi_curve ip_capi_curve;

/* Computes the IB curve of p(x,y) (n_x, n_y) at beta (n), increasing; n = 0: 40 betas from 1 to 300 with equal ratios.
 * NULL options: alpha 1, 3 restarts, seed 1, no added points. */
int32_t ip_capi_curve_create(uint64_t n_x, uint64_t n_y, const double *p, const ip_capi_curve_options *options,
                             uint64_t n, const double *beta, ip_capi_curve **out);
void ip_capi_curve_destroy(ip_capi_curve *c);
int32_t ip_capi_curve_summarize(const ip_capi_curve *c, ip_capi_curve_summary *out);
int32_t ip_capi_curve_point_at(const ip_capi_curve *c, uint64_t i, ip_capi_curve_point *out);
int32_t ip_capi_curve_critical_at(const ip_capi_curve *c, uint64_t i, ip_capi_critical *out);

/* I(T;Y) of the curve at I(X;T) = ixt, linear between its points: a lower bound. NaN for NULL. */
double ip_capi_curve_at(const ip_capi_curve *c, double ixt);

/* Where a point of the information plane, such as a layer, is relative to the curve. */
int32_t ip_capi_curve_nearest(const ip_capi_curve *c, double ixt, double ity, ip_capi_nearest *out);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
