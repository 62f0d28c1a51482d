/* experiment.h - an experiment as its YAML file describes it, checked and ready to run; and the runs it consists of.
 *
 * For run/, sweep/ and the commands. An experiment is a grid of points (the `sweep` section times `repeats` seeds); one
 * point is one run, one network trained once. A point is again an ip_experiment, with one seed and no sweep, so that
 * the trainer knows nothing of sweeps: load, take point k, run it.
 *
 * All fields are read-only for others; texts and lists belong to the experiment.
 */
#ifndef IP_EXPERIMENT_EXPERIMENT_H
#define IP_EXPERIMENT_EXPERIMENT_H

#include "config/config.h"
#include "config/grid.h"
#include "dataset/dataset.h"
#include "experiment/schedule.h"
#include "network/network.h"

/* Which samples are logged (and estimated on). */
#define IP_LOG_SAMPLES_LIST(X)                                                                                         \
  X(IP_LOG_ALL, all)                                                                                                   \
  X(IP_LOG_TRAIN, train)                                                                                               \
  X(IP_LOG_TEST, test)

typedef enum ip_log_samples {
#define X(symbol, name) symbol,
  IP_LOG_SAMPLES_LIST(X)
#undef X
} ip_log_samples;

/* What of the activations stays in a run file once its estimates are made. */
#define IP_LOG_KEEP_LIST(X)                                                                                            \
  X(IP_KEEP_ALL, all)                                                                                                  \
  X(IP_KEEP_NONE, none)

typedef enum ip_log_keep {
#define X(symbol, name) symbol,
  IP_LOG_KEEP_LIST(X)
#undef X
} ip_log_keep;

typedef struct ip_experiment {
  ip_config *config; /* where the values come from; owns every text and list below */
  ip_grid *grid;     /* the sweep; no axes for a single configuration */

  const char *name, *description;
  uint64_t seed;   /* of the first repeat; the r-th has seed + r */
  int64_t repeats; /* seeds per point of the grid, at least 1 */

  ip_dataset_options dataset;
  ip_network_options network;
  ip_training_options training;
  struct {
    ip_schedule_options schedule;
    ip_log_samples samples;
    ip_log_keep keep;
  } log;
  size_t n_estimators;
  const char *const *estimators; // (n_estimators) specs for ip_estimator_create
  struct {
    int64_t bootstrap, null_shuffles; /* resamples for standard errors, shuffles for the null level; 0: none */
    double level;                     /* of confidence intervals, (0, 1) */
  } estimate;
  size_t n_figures;
  const char *const *figures; // (n_figures) names for figure/
  const char *figure_format;

  char digest[65];          /* SHA-256 of all that the training of this configuration depends on, seed included */
  char estimate_digest[65]; /* ... and the estimates */
  char *run_name;           /* points: short file name without ending, "hidden=10x7_seed=3"; else NULL */
} ip_experiment;

/* Reads and checks an experiment and (n_set) overrides "key=value". IP_ECONFIG with all faults in one message. */
ip_status ip_experiment_load(const char *path, size_t n_set, const char *const *set, ip_experiment **out);

/* The same from text, such as the resolved configuration in a run file, which may use the key names of earlier
 * versions; messages call it `path`. */
ip_status ip_experiment_parse(const char *path, const char *text, size_t n_set, const char *const *set,
                              ip_experiment **out);
void ip_experiment_destroy(ip_experiment **e);

/* Faults that need the data: batch size and logged samples against the numbers of training and test samples, the output
 * layer against the kind of targets. */
ip_status ip_experiment_check_data(const ip_experiment *e, const ip_dataset *ds);

/* Before training: estimators of the network's own noise, where no run of the sweep has any (IP_ECONFIG). A point alone
 * of a sweep over network.noise_variance would be refused for what the sweep allows: ask the whole experiment. */
ip_status ip_experiment_check_noise(const ip_experiment *e);

/* Checks the key `figures` against the (n) names that figure/ knows and against those that were renamed. IP_ECONFIG
 * with an error for every unknown or duplicate name. */
ip_status ip_experiment_check_figures(const ip_experiment *e, size_t n, const char *const *known,
                                      const ip_renamed *renamed);

/* The resolved configuration as YAML, with the sweep. Reading it back gives the same experiment. */
void ip_experiment_print(const ip_experiment *e, FILE *out);
ip_status ip_experiment_text(const ip_experiment *e, char **text);

/* Number of runs: points of the grid times repeats; SIZE_MAX when larger. More than IP_POINTS_MANY want a question. */
#define IP_POINTS_MANY 1000000
size_t ip_experiment_n_points(const ip_experiment *e);

/* Run k of the experiment: grid point k / repeats, repeat k mod repeats. Points are made one at a time, so that memory
 * does not grow with their number. IP_ECONFIG where the values of a point do not fit together. */
ip_status ip_experiment_point(const ip_experiment *e, size_t k, ip_experiment **point);

/* Epochs to log, rising, in a new array (ip_free). */
ip_status ip_experiment_epochs(const ip_experiment *e, size_t *n, int64_t **epoch);

/* What infoplane run --help-keys prints; `only` (may be NULL): keys that begin with it. */
void ip_experiment_help(const char *only, FILE *out);

/* The table. */
const ip_schema *ip_experiment_schema(void);

#endif
