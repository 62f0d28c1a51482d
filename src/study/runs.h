/* runs.h - the run files that figures are drawn from, sorted into configurations.
 *
 * For figures and the report. Runs that differ in nothing but their seed are repeats of one configuration: they are
 * averaged, and a configuration is one panel. Files are opened one at a time and closed again; only a few numbers per
 * file stay in memory.
 */
#ifndef IP_STUDY_RUNS_H
#define IP_STUDY_RUNS_H

#include "runfile/runfile.h"
#include "study/measured.h"
#include "study/noisy.h"

/* One configuration. */
typedef struct ip_run_group {
  const char *title;        /* the keys that distinguish it, and its number of runs; safe in a table for gnuplot */
  const char *const *value; // (n_keys of the set) of the keys that differ between groups; "" if a run lacks the key
  size_t n_runs;            /* at least 1 */
  const size_t *run;      // (n_runs + n_failed_to_fit) indices into the set's files; behind the n_runs, those left out
  size_t n_failed_to_fit; /* runs left out because they failed to fit; 0 when all failed and are shown */
  size_t n_layers;
  size_t longest;               /* the file with the most logged epochs */
  double hx_bits, hy_bits;      /* of the logged samples; NaN: not known */
  double hx_limit, hy_limit;    /* of the samples that the estimates of the set's estimator use (estimate.samples) */
  double ixy_bits;              /* of the whole dataset; NaN: not known */
  const ip_drawn *drawn;        // (n_layers) how each layer is shown
  const char *objective;        /* "vib"; "" if unknown */
  bool has_squared_error;       /* of a linear output: the loss is that; else it is a cross-entropy in nats */
  const char *noise_estimator;  /* that samples the noise on the units; NULL: the noise is another, or none */
  double least_test_loss_epoch; /* ip_run_set_find_least_test_loss; NaN before */
} ip_run_group;

typedef struct ip_run_set {
  size_t n_files;
  const char *const *file;       // (n_files)
  size_t *n_epochs;              // (n_files)
  const char *estimator;         /* whose estimates are shown; "" if no file has any */
  bool is_asked;                 /* the estimator was asked for by name: it is shown of noisy layers too */
  const char *without_estimates; /* a file without estimates of `estimator` or noisy layers; NULL if all have them */
  size_t n_estimators;           /* of the first file that has any */
  const char *const *estimators; // (n_estimators)
  ip_measured_list measured;     /* series of measures of all files */
  size_t n_keys;                 /* keys of the configuration that differ between groups */
  const char *const *key;        // (n_keys) "network.activation"
  size_t n_groups;
  ip_run_group *group;       // (n_groups) in the order of the files
  size_t n_layers;           /* the most of any group */
  size_t n_chosen;           /* series that the figure `series` shows; 0: a usual selection */
  const char *const *chosen; // (n_chosen)
  bool fractions;            /* planes show I(X;T)/H(X) and I(T;Y)/H(Y) */
  bool has_plane;            /* the figure plane is drawn of them in the same call */
  bool depths_differ;        /* layers are then counted from the output, and have colours by that */
  const char *const *label;  // (n_layers) "2: 7 tanh", "layer 2" if groups differ in it, "output - 1" in depth
  ip_scratch *sc;            /* owns all of it */
} ip_run_set;

/* Reads the heads of (n >= 1) files, which the caller keeps. `estimator` NULL: of the first file that has any, the one
 * that its configuration names first. IP_EINVAL, with the labels that exist, if no file has that estimator. */
ip_status ip_run_set_open(size_t n, const char *const *file, const char *estimator, ip_run_set **out);
void ip_run_set_close(ip_run_set **s);

/* The label of layer k of a group. */
const char *ip_layer_label(const ip_run_set *s, const ip_run_group *g, size_t k);

bool ip_run_has_estimates(const ip_run *run, const char *estimator);

/* Fails, with advice, unless every file has estimates of the set's estimator. */
ip_status ip_run_set_need_information(const ip_run_set *s);

/* Calls visit(run, i, context) for the i-th run of the group, each open only then. */
typedef ip_status (*ip_run_visit)(ip_run *run, size_t i, void *context);
ip_status ip_run_group_visit(const ip_run_set *s, const ip_run_group *g, ip_run_visit visit, void *context);

#endif
