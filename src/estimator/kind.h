/* kind.h - the parts of an estimator, for the help text and for authors of new estimators.
 *
 * A new estimator is one file that defines an ip_estimator_kind, one line in the registry (registry.c), and a test.
 * Its parameters are a table; ip_estimator_create has checked every value against it before run is called, and values
 * arrive as numbers in the order of the table (a choice as its index), so a file names the indices by an enum. The
 * parameter `pca` is common to all: samples are projected before `run` or `rows` is called.
 */
#ifndef IP_ESTIMATOR_KIND_H
#define IP_ESTIMATOR_KIND_H

#include "base/rng.h"
#include "base/team.h"
#include "estimator/counts.h"
#include "estimator/estimator.h"
#include "estimator/spec.h"
#include "num/unique.h"

/* The parameter that every estimator of a discrete T has. */
#define IP_PARAMETER_CORRECTION                                                                                        \
  {                                                                                                                    \
    "correction", IP_PARAMETER_CHOICE, "none", 0, 0, ip_corrections, "bias correction of the entropies"                \
  }

/* Upper bounds of an estimate by theory: H(X), where X is the number of the input, and H(Y) of classes. */
enum { IP_BELOW_HX = 1, IP_BELOW_HY = 2 };

typedef struct ip_estimator_kind {
  const char *name;
  const char *help;              /* one sentence for `--help` */
  const ip_parameter *parameter; // (n_parameters)
  size_t n_parameters;           /* below IP_MAX_PARAMETERS, which leaves room for the common one */

  /* Rules between parameters, IP_ECONFIG; NULL: none. */
  ip_status (*check)(const double *value);

  /* IP_NEEDS_* bits; NULL: none. */
  unsigned (*needs)(const double *value);

  /* Which of IP_BELOW_HX and IP_BELOW_HY hold; NULL: both. */
  unsigned (*bounds)(const double *value);
  const char *no_chain_rule; /* why I(X;T|Y) is not I(X;T) - I(T;Y); NULL: it is, if T is made from X */
  const char *no_pca;        /* why T may not be projected first; NULL: it may */
  bool knows_targets; /* uses the targets of a regression as Y; for others, I(T;Y) is not defined without classes */

  /* NULL, or for an estimator that sets the ends of a band (ixt_band_low ...): between which values of its parameter.
   */
  const char *band;

  /* The samples have been checked: n >= 2, finite activations that are not all the same row, x_id and y in range, all
   * fields of `needs` present. `out` is zeroed. Sets ixt_bits and ity_bits to the finite values of the formula, or the
   * reason why they are not defined (ixt_no_value, ity_no_value). NULL if `rows` is set. */
  ip_status (*run)(const double *value, uint64_t seed, const ip_samples *s, ip_scratch *sc, ip_estimate *out);

  /* For estimators that make T discrete and leave the rest to estimator/discrete.h: a row of words for each sample,
   * from `sc`; samples with equal rows share a symbol of T. The preconditions are those of `run`. */
  ip_status (*rows)(const double *value, const ip_samples *s, ip_scratch *sc, ip_key_rows *rows);
  size_t correction_at; /* and where in the table of parameters IP_PARAMETER_CORRECTION is */

  /* Why a bootstrap over samples does not measure the error of I(X;T) and of I(T;Y); NULL if it does. NULL function: it
   * never does, because resampling creates duplicates and this estimator uses distances between samples. */
  const char *(*ixt_bootstrap_invalid)(const double *value, const ip_samples *s);
  const char *(*ity_bootstrap_invalid)(const double *value, const ip_samples *s);
} ip_estimator_kind;

size_t ip_estimator_n_kinds(void);
const ip_estimator_kind *ip_estimator_kind_at(size_t i);

/* The kind of the estimator with this label or spec; NULL for one of another program. */
const ip_estimator_kind *ip_estimator_kind_named(const char *label);

/* The parameters of a kind, its own and then those that every estimator has. */
size_t ip_estimator_kind_n_parameters(const ip_estimator_kind *k);
const ip_parameter *ip_estimator_kind_parameter(const ip_estimator_kind *k, size_t i);

/* The samples that `run` or `rows` is to see: projected, with pca=k, else the same. Memory is from `sc`. Errors as
 * ip_samples_project. */
ip_status ip_estimator_see(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_samples *seen);

/* The kind, values and seed of an estimator. */
const ip_estimator_kind *ip_estimator_kind_of(const ip_estimator *e);
const double *ip_estimator_values(const ip_estimator *e);
uint64_t ip_estimator_seed(const ip_estimator *e);

/* Rejects inconsistent samples (IP_EINVAL) and activations that are not finite (IP_ENUMERIC). */
ip_status ip_samples_check(const ip_samples *s);

/* Rejects samples that lack a field the estimator needs (IP_EINVAL). */
ip_status ip_estimator_check_needs(const ip_estimator *e, const ip_samples *s);

/* Every sample has the same activations. */
bool ip_samples_constant(const ip_samples *s);

/* The label of sample i; where labels are soft, one drawn from p(y|x_i). */
int32_t ip_samples_draw_label(const ip_samples *s, size_t i, ip_rng *r);

/* Completes the result of `run`: raw values, clipped values, I(X;T|Y), NaN with a reason. If every input occurs once in
 * `x_id`, or x_id is NULL, H(X) = log2 n. ixt_given_y_bits holds I(T;Y|X) before. IP_ENOMEM. */
ip_status ip_estimate_clip(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, ip_estimate *out);

/* H(X) and H(Y) of the samples in bits, with the correction of the estimator for H(X), where they bound its estimates
 * from above; else NaN. IP_ENOMEM. */
ip_status ip_estimate_entropies(const ip_estimator *e, const ip_samples *s, ip_scratch *sc, double *hx, double *hy);

/* The threads of an estimate, s->n_threads but at most `most` > 0; NULL for the caller alone. To be destroyed. */
ip_status ip_samples_team(const ip_samples *s, size_t most, ip_team **team);

/* "layer 3, epoch 120"; "the layer" of unknown ones */
void ip_samples_where(const ip_samples *s, char out[static 64]);

#endif
