/* experiment.h - an experiment from its YAML file, checked and ready to run, and its runs.
 *
 * For run/, sweep/ and the commands. An experiment is a grid of points: the `sweep` section times `repeats` seeds. One
 * point is one run, that is, one network trained once. A point is again an ip_experiment, with one seed and no sweep,
 * so the trainer does not depend on sweeps: load, get point k, run it.
 *
 * All fields are read-only for callers; strings and lists belong to the experiment.
 */
#ifndef IP_EXPERIMENT_EXPERIMENT_H
#define IP_EXPERIMENT_EXPERIMENT_H

#include "config/config.h"
#include "config/grid.h"
#include "dataset/dataset.h"
#include "experiment/schedule.h"
#include "network/network.h"

/* Which samples are logged and used for estimates. */
#define IP_LOG_SAMPLES_LIST(X)                                                                                         \
  X(IP_LOG_ALL, all)                                                                                                   \
  X(IP_LOG_TRAIN, train)                                                                                               \
  X(IP_LOG_TEST, test)

typedef enum ip_log_samples {
#define X(symbol, name) symbol,
  IP_LOG_SAMPLES_LIST(X)
#undef X
} ip_log_samples;

/* The value with this name. IP_ECONFIG, naming the choices, if none has it. */
ip_status ip_log_samples_find(const char *name, ip_log_samples *out);

/* Whether a run file keeps its activations after estimation. */
#define IP_LOG_KEEP_LIST(X)                                                                                            \
  X(IP_KEEP_ALL, all)                                                                                                  \
  X(IP_KEEP_NONE, none)

typedef enum ip_log_keep {
#define X(symbol, name) symbol,
  IP_LOG_KEEP_LIST(X)
#undef X
} ip_log_keep;

typedef struct ip_experiment {
  ip_config *config; /* source of the values; owns every string and list below */
  ip_grid *grid;     /* the sweep; no axes for a single configuration */
  /* By key of the sweep, the values whose names only differ in the digest; NULL: none. */
  const bool *const *twins;

  const char *name, *description;
  const char *extends; /* the file as it names it; "" if none. All values below are those after inheritance. */
  size_t n_tags;
  const char *const *tags; // (n_tags)
  uint64_t seed;           /* of the first repeat; the r-th has seed + r */
  int64_t repeats;         /* seeds per point of the grid, at least 1 */
  double silent_limit;     /* seconds after which a silent worker is started again; 0: never */

  ip_dataset_options dataset;
  ip_network_options network;
  ip_training_options training;
  struct {
    ip_schedule_options schedule;
    ip_log_samples samples;
    int64_t max_samples; /* 0: no limit */
    ip_positions conv;   /* what is logged of layers with positions */
    ip_log_keep keep;
  } log;
  size_t n_estimators;
  const char *const *estimators; // (n_estimators) specs for ip_estimator_create
  size_t n_measures;
  const char *const *measures; // (n_measures) specs for ip_measure_create
  struct {
    int64_t bootstrap, null_shuffles; /* resamples for intervals, shuffles for the null distribution; 0: none */
    double level;                     /* of confidence intervals, (0, 1) */
    bool bin_loss;                    /* what bins lose of the network's prediction */
    size_t n_splits;
    const char *const *split; // (n_splits) names of ip_log_samples, whose estimates are series of their own
    int64_t samples;          /* at most so many samples of each; 0: no limit */
  } estimate;
  struct {
    size_t n_by;
    const char *const *by; // (n_by) swept keys whose values make the groups within which measures are correlated
  } correlations;
  size_t n_figures;
  const char *const *figures; // (n_figures) names for figure/
  const char *figure_format;

  char digest[65];          /* SHA-256 of all that the training of this configuration depends on, seed included */
  char estimate_digest[65]; /* ... and the estimates */
  char *run_name;           /* points: short file name without extension, "hidden=10x7_seed=3"; else NULL */
} ip_experiment;

/* Reads and checks an experiment and (n_set) overrides "key=value". `path` is a file, which may inherit from others, or
 * the name of a preset. IP_ECONFIG with all errors in one message. */
ip_status ip_experiment_load(const char *path, size_t n_set, const char *const *set, ip_experiment **out);

/* The same of a complete configuration that the program stored in a results directory: it may use the key names of
 * earlier versions and cannot inherit, because the directory may be someone else's. */
ip_status ip_experiment_load_stored(const char *path, ip_experiment **out);

/* The same from text, such as the resolved configuration in a run file, which may use the key names of earlier
 * versions; messages call it `path`. */
ip_status ip_experiment_parse(const char *path, const char *text, size_t n_set, const char *const *set,
                              ip_experiment **out);
void ip_experiment_destroy(ip_experiment **e);

/* Checks against the data: batch size and logged samples against the numbers of training and test samples, the output
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
ip_status ip_experiment_text(const ip_experiment *e, char **text);

/* Number of runs: points of the grid times repeats; SIZE_MAX if larger. Ask the user above IP_POINTS_MANY. */
#define IP_POINTS_MANY 1000000
size_t ip_experiment_n_points(const ip_experiment *e);

/* Run k of the experiment: grid point k / repeats, repeat k mod repeats. Create points one at a time, so that
 * memory does not grow with their number. IP_ECONFIG if the values of a point conflict. */
ip_status ip_experiment_point(const ip_experiment *e, size_t k, ip_experiment **point);

/* Length of training on n_train samples, of which either training.epochs or training.updates is given: epochs, of which
 * the last may be incomplete, and updates. */
int64_t ip_experiment_n_epochs(const ip_experiment *e, size_t n_train);
int64_t ip_experiment_n_updates(const ip_experiment *e, size_t n_train);

/* The epochs before the data are read. They are read only if training.updates is given. */
ip_status ip_experiment_length(const ip_experiment *e, int64_t *n_epochs);

/* Epochs to log of a training of n_epochs, strictly increasing, in a new array (ip_free). */
ip_status ip_experiment_epochs(const ip_experiment *e, int64_t n_epochs, size_t *n, int64_t **epoch);

/* Prints the text of infoplane run --help-keys; `only` (may be NULL) selects keys that start with it. */
void ip_experiment_help(const char *only, FILE *out);

/* The table. */
const ip_schema *ip_experiment_schema(void);

#endif
