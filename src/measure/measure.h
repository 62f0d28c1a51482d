/* measure.h - numbers of one layer at one logged epoch other than I(X;T) and I(T;Y): geometry, kernels, and others.
 *
 * A measure is chosen by a spec string like an estimator (estimator/estimator.h), "name" or "name:key=value:key=value",
 * and its canonical label is the name of its group in the run file. One measure gives several *series*, each with a
 * name, a unit and a sentence: docs/measures.md lists them with formulas, cost and limits.
 *
 * A series without a value is NaN, with the reason. Running a measure does not change it: one object may serve several
 * threads at once, each with its own input and scratch. Random numbers come from streams of the measure's seed.
 */
#ifndef IP_MEASURE_MEASURE_H
#define IP_MEASURE_MEASURE_H

#include "estimator/estimator.h"

IP_PUBLIC_BEGIN

/* What a measure can read. The fields from `split` on are filled in only if a measure needs them and the file has them;
 * else they are NULL (widths 0), and the measure has no value and says why. */
typedef struct ip_measure_input {
  const ip_samples *s;  /* the layer, inputs and labels, as estimators get them; x may be NULL */
  const uint8_t *split; // (n) 0 train, 1 test

  size_t next_width;
  const float *next; // (n, next_width) activations of the layer above; NULL for the last

  size_t output_width;
  const float *output;       // (n, output_width) activations of the output layer
  const int32_t *prediction; // (n) class that the output layer predicts: the largest unit, the first of equals; one
                             // sigmoid unit: 1 above 1/2. NULL for regressions
} ip_measure_input;

typedef struct ip_measure_series {
  const char *name; /* "nc1": the dataset in the run file, and the last part of the name of a column */
  const char *unit; /* "bits", "fraction" for numbers from 0 to 1, "1" for others without a unit */
  const char *help; /* one sentence */
} ip_measure_series;

typedef struct ip_measure ip_measure;

/* Creates a measure. IP_ECONFIG if the spec is wrong, with the expected and the nearest name; IP_ENOMEM. */
ip_status ip_measure_create(const char *spec, uint64_t seed, ip_measure **out);
void ip_measure_destroy(ip_measure **m);

/* Canonical spec: the name and the parameters that differ from their defaults, in the order of the table. */
const char *ip_measure_label(const ip_measure *m);

/* What a measure reads beyond t, x_id and labels: bits of IP_NEEDS_* of estimators (estimator.h) and of these. What is
 * not needed is not read from the file. */
enum {
  IP_NEEDS_SPLIT = 8,       /* split */
  IP_NEEDS_NEXT = 16,       /* next */
  IP_NEEDS_OUTPUT = 32,     /* output */
  IP_NEEDS_PREDICTION = 64, /* prediction */
};
unsigned ip_measure_needs(const ip_measure *m);

/* Number of series, and series i of them. */
size_t ip_measure_n_series(const ip_measure *m);
const ip_measure_series *ip_measure_series_at(const ip_measure *m, size_t i);

/* Number of parameters, and parameter i of them. */
size_t ip_measure_n_parameters(const ip_measure *m);
ip_parameter_value ip_measure_parameter(const ip_measure *m, size_t i);

/**
 * Computes all series.
 *
 * @param sc      scratch memory, released before returning successfully
 * @param value   (n_series) finite, or NaN
 * @param reason  (n_series) why it is NaN, a constant string; NULL if it is a number
 * @return IP_EINVAL: inconsistent input, or input unsuitable for this measure (the message gives the reason);
 *         IP_ENUMERIC: an activation that is NaN or infinite, or a computation that failed
 */
ip_status ip_measure_run(const ip_measure *m, const ip_measure_input *in, ip_scratch *sc, double *value,
                         const char **reason);

/* Names of all measures, NULL-terminated. */
const char *const *ip_measure_names(void);

IP_PUBLIC_END

#endif
