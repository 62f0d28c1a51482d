/* gathered.h - the values of one run for the tables of gather.h and the report, read once. */
#ifndef IP_STUDY_GATHERED_H
#define IP_STUDY_GATHERED_H

#include "experiment/experiment.h"
#include "runfile/runfile.h"
#include "study/measured.h"
#include "study/measures.h"

/* symbol, name in the run file, column of the tables, unit */
#define IP_GATHERED_METRIC_LIST(X)                                                                                     \
  X(TRAIN_LOSS, IP_NAME_TRAIN_LOSS, train_loss, "nats")                                                                \
  X(TRAIN_ACCURACY, IP_NAME_TRAIN_ACCURACY, train_accuracy, "")                                                        \
  X(TEST_LOSS, IP_NAME_TEST_LOSS, test_loss, "nats")                                                                   \
  X(TEST_ACCURACY, IP_NAME_TEST_ACCURACY, test_accuracy, "")                                                           \
  X(TRAIN_USABLE, IP_NAME_TRAIN_USABLE, train_usable_bits, "bits")                                                     \
  X(TEST_USABLE, IP_NAME_TEST_USABLE, test_usable_bits, "bits")                                                        \
  X(TRAIN_LABEL_ENTROPY, IP_NAME_TRAIN_LABEL_ENTROPY, train_label_entropy_bits, "bits")                                \
  X(TEST_LABEL_ENTROPY, IP_NAME_TEST_LABEL_ENTROPY, test_label_entropy_bits, "bits")                                   \
  X(TRAIN_KL, IP_NAME_TRAIN_KL, train_kl_bits, "bits")                                                                 \
  X(TEST_KL, IP_NAME_TEST_KL, test_kl_bits, "bits")                                                                    \
  X(TRAIN_RATE, IP_NAME_TRAIN_RATE, train_rate_bits, "bits")                                                           \
  X(TEST_RATE, IP_NAME_TEST_RATE, test_rate_bits, "bits")                                                              \
  X(LOGGED_RATE, IP_NAME_LOGGED_RATE, logged_rate_bits, "bits")

/* The first of them are also measures of runs (measures.h). */
enum { IP_N_LOSS_METRICS = 4 };

/* Series of every layer: symbol, name in the run file and of the column, unit */
#define IP_GATHERED_LAYER_METRIC_LIST(X)                                                                               \
  X(WEIGHT_NORM, IP_NAME_WEIGHT_NORM, "")                                                                              \
  X(CONSTANT_UNITS, IP_NAME_CONSTANT_UNITS, "units")                                                                   \
  X(GRADIENT_MEAN, IP_NAME_GRADIENT_MEAN, "")                                                                          \
  X(GRADIENT_STD, IP_NAME_GRADIENT_STD, "")

enum {
#define X(symbol, ...) IP_LAYER_METRIC_##symbol,
  IP_GATHERED_LAYER_METRIC_LIST(X)
#undef X
      IP_N_LAYER_METRICS
};

/* What an estimate was made from: symbol, column, unit */
#define IP_GATHERED_FACT_LIST(X)                                                                                       \
  X(SAMPLES, samples, "samples")                                                                                       \
  X(LOG2_SAMPLES, log2_samples, "bits") /* the most that I(X;T) of distinct inputs can be */                           \
  X(HX, hx_bits, "bits")                /* H(X) and H(Y) of these samples */                                           \
  X(HY, hy_bits, "bits")

enum {
#define X(symbol, ...) IP_FACT_##symbol,
  IP_GATHERED_FACT_LIST(X)
#undef X
      IP_N_FACTS
};

enum {
#define X(symbol, ...) IP_METRIC_##symbol,
  IP_GATHERED_METRIC_LIST(X)
#undef X
      IP_N_METRICS
};

const char *ip_gathered_metric(size_t i);       /* "train/loss" */
const char *ip_gathered_column(size_t i);       /* "train_loss" */
const char *ip_gathered_layer_metric(size_t i); /* "weight_norm" */
const char *ip_gathered_fact(size_t i);         /* "samples" */

typedef struct ip_gathered {
  const char *name; /* of the run */
  uint64_t seed;
  const char *const *axis_value; // (n_axis_keys) the swept keys' values, as texts
  ip_run *run;
  const ip_run_head *head;
  size_t n_epochs, n_layers, n_estimators;
  const int64_t *epoch;                       // (n_epochs)
  const char **estimator;                     // (n_estimators) labels in the file
  double *(*series)[IP_N_INFORMATION_SERIES]; // (n_estimators) by ip_information_series, of (n_epochs, n_layers)
  double *metric[IP_N_METRICS];               // (n_epochs)
  double final[IP_N_METRICS]; /* at the end of training; at the last logged epoch if the file has no end */
  double best_epoch;          /* the first logged epoch with the least test loss; NaN without test losses */
  double *layer_metric[IP_N_LAYER_METRICS]; // (n_epochs, n_layers)
  double *fact;                             // (n_estimators, IP_N_FACTS)
  double *crossing;                         // (n_layers)
  double *measure;                          // (n_estimators, n_layers, IP_N_MEASURES)
  const char **reason;                      // (n_estimators) why some of its estimates are NaN; ""
  ip_measured_list measured;                /* series of measures in the file */
  const char *measured_reason;              /* why some of them are NaN; "" */
  double **measured_value;                  // (measured.n) of (n_epochs, n_layers)
} ip_gathered;

/* Reads run file `path` into scratch. The run is closed by ip_gathered_close. */
ip_status ip_gathered_open(const char *path, ip_scratch *sc, ip_gathered *g);
void ip_gathered_close(ip_gathered *g);

/* What the swept keys are called, in the order of the columns: those of the axes except seed and run. */
size_t ip_gathered_keys(const ip_grid *grid, size_t n, const char **key);

/* Their values at a point of the grid. */
void ip_gathered_values(const ip_grid *grid, size_t grid_point, const char **value);

#endif
