/* kind.h - what an estimator is made of; for those who add one, and for the help text.
 *
 * A new estimator is one file that defines an ip_estimator_kind, one line in the registry (registry.c), and a test.
 * Its parameters are a table; ip_estimator_create has checked every value against it before run is called, and values
 * arrive as numbers in the order of the table (a choice as its index), so a file names the indices by an enum.
 */
#ifndef IP_ESTIMATOR_KIND_H
#define IP_ESTIMATOR_KIND_H

#include "estimator/counts.h"
#include "estimator/estimator.h"
#include "num/unique.h"

typedef enum { IP_PARAMETER_INT, IP_PARAMETER_REAL, IP_PARAMETER_CHOICE } ip_parameter_type;

typedef struct ip_parameter {
  const char *name;
  ip_parameter_type type;
  const char *fallback;       /* the default, as it would be written in a spec */
  double low, high;           /* allowed values, both included; not for choices */
  const char *const *choices; /* NULL-terminated; only for choices */
  const char *help;
} ip_parameter;

#define IP_MAX_PARAMETERS 12

/* The parameter that every estimator of a discrete T has. */
#define IP_PARAMETER_CORRECTION                                                                                        \
  {                                                                                                                    \
    "correction", IP_PARAMETER_CHOICE, "none", 0, 0, ip_corrections, "bias correction of the entropies"                \
  }

/* What theory bounds an estimate by, beside 0: H(X), where X is the number of the input, and H(Y) of classes. */
enum { IP_BELOW_HX = 1, IP_BELOW_HY = 2 };

/* Smallest positive value: the `low` of a real parameter that must be above 0. */
#define IP_ABOVE_ZERO 1e-300

typedef struct ip_estimator_kind {
  const char *name;
  const char *help;              /* one sentence for `--help` */
  const ip_parameter *parameter; // (n_parameters)
  size_t n_parameters;           /* at most IP_MAX_PARAMETERS */

  /* Rules between parameters, IP_ECONFIG; NULL: none. */
  ip_status (*check)(const double *value);

  /* IP_NEEDS_* bits; NULL: none. */
  unsigned (*needs)(const double *value);

  /* Which of IP_BELOW_HX and IP_BELOW_HY hold; NULL: both. */
  unsigned (*bounds)(const double *value);
  bool knows_targets; /* takes the targets of a regression for Y; others have no I(T;Y) where there are no classes */

  /* The samples have been checked: n >= 2, finite activations that are not all the same row, x_id and y in range, what
   * `needs` asks for is there. `out` is zeroed. Fills in ixt_bits and ity_bits as the formula gives them, finite, or
   * the reason why there is none (ixt_no_value, ity_no_value). NULL when `rows` is there. */
  ip_status (*run)(const double *value, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out);

  /* For estimators that make T discrete and leave the rest to estimator/discrete.h: a row of words for each sample,
   * from `sc`; samples with equal rows share a symbol of T. Under the promises of `run`. */
  ip_status (*rows)(const double *value, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows);
  size_t correction_at; /* and where in the table of parameters IP_PARAMETER_CORRECTION is */

  /* Why a bootstrap over samples says nothing about the error of each of the two, or NULL when it is valid.
   * NULL function: never valid, for resampling makes duplicates and this estimator reads distances between samples. */
  const char *(*ixt_bootstrap_invalid)(const double *value, const ip_samples *s);
  const char *(*ity_bootstrap_invalid)(const double *value, const ip_samples *s);
} ip_estimator_kind;

size_t ip_estimator_n_kinds(void);
const ip_estimator_kind *ip_estimator_kind_at(size_t i);

/* The kind, values and seed of an estimator. */
const ip_estimator_kind *ip_estimator_kind_of(const ip_estimator *e);
const double *ip_estimator_values(const ip_estimator *e);
uint64_t ip_estimator_seed(const ip_estimator *e);

/* Reads one value as `p` says. IP_ECONFIG names the estimator `of`, the parameter and what was expected. */
ip_status ip_parameter_parse(const ip_parameter *p, const char *of, const char *text, double *value);

/* The shortest text that reads back as `value`. */
void ip_parameter_format(const ip_parameter *p, double value, char out[static 32]);

/* Refuses samples with no sense (IP_EINVAL) and activations that are not finite (IP_ENUMERIC). */
ip_status ip_samples_check(const ip_samples *s);

/* Refuses samples that lack what the estimator needs (IP_EINVAL). */
ip_status ip_estimator_check_needs(const ip_estimator *e, const ip_samples *s);

/* Every sample has the same activations. */
bool ip_samples_constant(const ip_samples *s);

/* Completes what a kind has found: raw values, clipped ones, NaN where there is a reason. Every input once in `x_id`,
 * or no x_id: H(X) = log2 n. IP_ENOMEM. */
ip_status ip_estimate_clip(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out);

/* "layer 3, epoch 120" */
void ip_samples_where(const ip_samples *s, char out[static 64]);

#endif
