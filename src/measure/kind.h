/* kind.h - the parts of a measure, for the help text and for authors of new measures.
 *
 * A new measure is one file that defines an ip_measure_kind, one line in the registry (registry.c), a test, and a row
 * of the table in docs/measures.md. The run file, tables, figures and the report show its series without further code.
 * Parameters are a table as for estimators (estimator/spec.h).
 */
#ifndef IP_MEASURE_KIND_H
#define IP_MEASURE_KIND_H

#include "estimator/kind.h"
#include "measure/measure.h"

#define IP_MAX_MEASURE_SERIES 16

typedef struct ip_measure_kind {
  const char *name;
  const char *help;              /* one sentence for `--help` */
  const ip_parameter *parameter; // (n_parameters)
  size_t n_parameters;           /* at most IP_MAX_PARAMETERS */

  const ip_measure_series *series; // (n_series)
  size_t n_series;                 /* at most IP_MAX_MEASURE_SERIES */

  unsigned needs; /* IP_NEEDS_* bits */

  /* Rules between parameters, IP_ECONFIG; NULL: none. */
  ip_status (*check)(const double *value);

  /* The input has been checked: n >= 1, finite activations, x_id and y in range, but the layer may be constant and
   * fields of `needs` may be NULL. out (n_series) is NaN and reason (n_series) NULL. Sets each out to a finite value,
   * or its reason to a constant string. A failure with IP_EINVAL or IP_ENUMERIC makes all series NaN with its message.
   */
  ip_status (*run)(const double *value, uint64_t seed, const ip_measure_input *in, ip_scratch *sc, double *out,
                   const char **reason);
} ip_measure_kind;

size_t ip_measure_n_kinds(void);
const ip_measure_kind *ip_measure_kind_at(size_t i);

/* Sets the reason of n series from `first` on. */
void ip_measure_no_value(const char **reason, size_t first, size_t n, const char *why);

/* Y is a class: hard or soft labels, and not only the targets of a regression. */
bool ip_measure_has_classes(const ip_samples *s);

/* Reasons that several measures give. */
#define IP_WHY_CONSTANT "the layer is the same for all samples"
#define IP_WHY_NO_INPUTS "the file has no inputs (/data/x)"
#define IP_WHY_NO_CLASSES "the labels are targets of a regression, not classes"
#define IP_WHY_ONE_CLASS "all samples have the same label"
#define IP_WHY_LAST_LAYER "no layer follows the last one"
#define IP_WHY_NO_SPLIT "the file has only training samples or only test samples (/data/split)"
#define IP_WHY_NO_PREDICTION "the file has no output layer that predicts classes"

#endif
