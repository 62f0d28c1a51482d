/* gathered.h - the values of one run for the tables of gather.h and the report, read once. */
#ifndef IP_STUDY_GATHERED_H
#define IP_STUDY_GATHERED_H

#include "experiment/experiment.h"
#include "runfile/runfile.h"
#include "study/measured.h"
#include "study/measures.h"

/* symbol, name in the run file, column of the tables */
#define IP_GATHERED_METRIC_LIST(X)                                                                                     \
  X(TRAIN_LOSS, IP_NAME_TRAIN_LOSS, train_loss)                                                                        \
  X(TRAIN_ACCURACY, IP_NAME_TRAIN_ACCURACY, train_accuracy)                                                            \
  X(TEST_LOSS, IP_NAME_TEST_LOSS, test_loss)                                                                           \
  X(TEST_ACCURACY, IP_NAME_TEST_ACCURACY, test_accuracy)

enum {
#define X(symbol, metric, column) IP_METRIC_##symbol,
  IP_GATHERED_METRIC_LIST(X)
#undef X
      IP_N_METRICS
};

const char *ip_gathered_metric(size_t i); /* "train/loss" */
const char *ip_gathered_column(size_t i); /* "train_loss" */

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
  double *crossing;           // (n_layers)
  double *measure;            // (n_estimators, n_layers, IP_N_MEASURES)
  const char **reason;        // (n_estimators) why some of its estimates are NaN; ""
  ip_measured_list measured;  /* series of measures in the file */
  double **measured_value;    // (measured.n) of (n_epochs, n_layers)
} ip_gathered;

/* Reads run file `path` into scratch. The run is closed by ip_gathered_close. */
ip_status ip_gathered_open(const char *path, ip_scratch *sc, ip_gathered *g);
void ip_gathered_close(ip_gathered *g);

/* What the swept keys are called, in the order of the columns: those of the axes except seed and run. */
size_t ip_gathered_keys(const ip_grid *grid, size_t n, const char **key);

/* Their values at a point of the grid. */
void ip_gathered_values(const ip_grid *grid, size_t grid_point, const char **value);

#endif
