/* check.c - checks of several keys together. */
#include "experiment/state.h"

#include "base/text.h"
#include "config/errors.h"
#include "estimator/estimator.h"
#include "measure/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Turns a failure whose message starts with a key ("log.step: expected ...") into an error of that key; without a key,
 * of `fallback`. Failures that no change of the file can mend are passed on. */
static ip_status as_fault(ip_config *c, ip_status st, const char *fallback)
{
  if (st != IP_ECONFIG) return st;
  char message[512];
  snprintf(message, sizeof message, "%s", ip_error_message());
  ip_error_clear();
  const ip_schema *schema = ip_experiment_schema();
  size_t length = strcspn(message, ":");
  for (size_t k = 0; k < schema->n_keys; k++)
    if (strlen(schema->key[k].name) == length && !strncmp(schema->key[k].name, message, length))
      return ip_config_add_error(c, schema->key[k].name, "%s", message + length + (message[length] ? 2 : 0));
  return ip_config_add_error(c, fallback, "%s", message);
}

static const char good_in_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-+=";

static ip_status check_name(ip_experiment *e)
{
  const char *name = e->name;
  size_t n = strlen(name);
  if (n && n <= 100 && !name[strspn(name, good_in_names)] && *name != '.' && *name != '-') return IP_OK;
  return ip_config_add_error(
      e->config, "name",
      "expected a directory name of 1 to 100 letters, digits and _ . - + =, not starting with . or -");
}

static ip_status check_tags(ip_experiment *e)
{
  for (size_t i = 0; i < e->n_tags; i++) {
    const char *tag = e->tags[i];
    size_t n = strlen(tag);
    if (!n || n > 40 || tag[strspn(tag, good_in_names)])
      IP_TRY(ip_config_add_error(e->config, "tags", "expected words of 1 to 40 letters, digits and _ . - + =, got %s",
                                 ip_quote_text(tag).text));
    for (size_t j = 0; j < i; j++)
      if (!strcmp(e->tags[j], tag)) IP_TRY(ip_config_add_error(e->config, "tags", "'%s' is listed twice", tag));
  }
  return IP_OK;
}

/* Lists of specs: estimators and measures. */
typedef struct spec_list {
  const char *key;
  size_t n;
  const char *const *spec;                                              // (n)
  ip_status (*label)(const char *spec, uint64_t seed, char label[512]); /* IP_ECONFIG if the spec is wrong */
} spec_list;

static ip_status label_estimator(const char *spec, uint64_t seed, char label[512])
{
  ip_estimator *e;
  IP_TRY(ip_estimator_create(spec, seed, &e));
  snprintf(label, 512, "%s", ip_estimator_label(e));
  ip_estimator_destroy(&e);
  return IP_OK;
}

static ip_status label_measure(const char *spec, uint64_t seed, char label[512])
{
  ip_measure *m;
  IP_TRY(ip_measure_create(spec, seed, &m));
  snprintf(label, 512, "%s", ip_measure_label(m));
  ip_measure_destroy(&m);
  return IP_OK;
}

/* Every spec is valid and no two have the same label. */
static ip_status check_specs(ip_experiment *e, spec_list list)
{
  char(*label)[512]; // (n)
  IP_TRY(IP_NEW(label, list.n, "labels"));
  ip_status st = IP_OK;
  for (size_t i = 0; i < list.n && st == IP_OK; i++) {
    st = list.label(list.spec[i], e->seed, label[i]);
    if (st != IP_OK) {
      *label[i] = '\0';
      st = as_fault(e->config, st, list.key);
    }
    for (size_t j = 0; j < i && *label[i] && st == IP_OK; j++)
      if (!strcmp(label[j], label[i]))
        st = ip_config_add_error(e->config, list.key, "'%s' is listed twice, the second time as '%s'; remove one",
                                 label[i], list.spec[i]);
  }
  ip_free(label);
  return st;
}

bool ip_experiment_is_swept(const ip_experiment *e, const char *key)
{
  for (size_t a = 0; a < e->grid->n_axes; a++)
    for (size_t j = 0; j < e->grid->axis[a].n_keys; j++)
      if (!strcmp(e->grid->axis[a].key[j], key)) return true;
  return false;
}

static ip_status check_length(ip_experiment *e)
{
  const ip_training_options *t = &e->training;
  if (t->epochs > 0 && (t->updates > 0 || ip_experiment_is_swept(e, "training.updates")) &&
      !ip_experiment_is_swept(e, "training.epochs"))
    return ip_config_add_error(e->config, "training.updates",
                               "conflicts with training.epochs: %" PRId64 "; set one of the two to 0", t->epochs);
  bool swept = ip_experiment_is_swept(e, "training.epochs") || ip_experiment_is_swept(e, "training.updates");
  if (t->epochs == 0 && t->updates == 0 && !swept)
    return ip_config_add_error(e->config, "training.epochs",
                               "got 0, expected at least 1, or training.updates: the number of updates");
  return IP_OK;
}

/* A worker at work writes once a second, or somewhat later on a busy machine. */
static ip_status check_silence(ip_experiment *e)
{
  enum { LEAST_S = 5 };
  if (e->silent_limit == 0 || e->silent_limit >= LEAST_S) return IP_OK;
  return ip_config_add_error(e->config, "silent_limit",
                             "got %g s, expected 0 or at least %d: workers report only once a second", e->silent_limit,
                             LEAST_S);
}

/* Where training.updates is given, the number of epochs follows from the data, and ip_experiment_epochs checks. */
static ip_status check_schedule(ip_experiment *e)
{
  size_t n;
  int64_t *epoch;
  if (e->training.epochs == 0) return IP_OK;
  ip_status st = ip_schedule_create(&e->log.schedule, e->training.epochs, &n, &epoch);
  ip_free(epoch);
  return as_fault(e->config, st, "log.schedule");
}

/* Samples that are logged, each once. */
static ip_status check_split(ip_experiment *e)
{
  for (size_t i = 0; i < e->estimate.n_splits; i++) {
    const char *name = e->estimate.split[i];
    ip_log_samples which = IP_LOG_ALL;
    ip_status st = ip_log_samples_find(name, &which);
    if (st != IP_OK) {
      IP_TRY(as_fault(e->config, st, "estimate.split"));
      continue;
    }
    for (size_t j = 0; j < i; j++)
      if (!strcmp(e->estimate.split[j], name))
        IP_TRY(ip_config_add_error(e->config, "estimate.split", "'%s' is listed twice", name));
    if (which != IP_LOG_ALL && e->log.samples != IP_LOG_ALL)
      IP_TRY(ip_config_add_error(e->config, "estimate.split",
                                 "'%s' needs log.samples: all; with the other values, all logged samples are of one "
                                 "side, and 'all' estimates from them",
                                 name));
  }
  return IP_OK;
}

ip_status ip_experiment_check(ip_experiment *e)
{
  IP_TRY(check_name(e));
  IP_TRY(check_tags(e));
  IP_TRY(check_specs(e, (spec_list){"estimators", e->n_estimators, e->estimators, label_estimator}));
  IP_TRY(check_specs(e, (spec_list){"measures", e->n_measures, e->measures, label_measure}));
  IP_TRY(check_split(e));
  IP_TRY(as_fault(e->config, ip_network_check_options(&e->network, &e->training), "network.hidden"));
  IP_TRY(check_length(e));
  IP_TRY(check_silence(e));
  return check_schedule(e);
}

static bool contains(size_t n, const char *const *names, const char *name)
{
  for (size_t i = 0; i < n; i++)
    if (!strcmp(names[i], name)) return true;
  return false;
}

/* Groups of correlations.csv. A configuration without a sweep is one group: that of a run file has lost its sweep. */
static ip_status check_groups(ip_experiment *e)
{
  enum { MOST = 64 };
  const char *swept[MOST];
  size_t n = 0;
  for (size_t a = 0; a < e->grid->n_axes; a++)
    for (size_t j = 0; j < e->grid->axis[a].n_keys && n < MOST; j++)
      if (strcmp(e->grid->axis[a].key[j], "seed") != 0) swept[n++] = e->grid->axis[a].key[j];
  for (size_t i = 0; i < e->correlations.n_by && e->grid->n_axes; i++) {
    const char *key = e->correlations.by[i];
    if (!contains(n, swept, key))
      IP_TRY(ip_config_add_error(e->config, "correlations.by", "'%.60s' is not a key of the sweep%s", key,
                                 ip_text_expected(key, n, swept).text));
    else if (contains(i, e->correlations.by, key))
      IP_TRY(ip_config_add_error(e->config, "correlations.by", "'%s' is listed twice; remove one", key));
  }
  return IP_OK;
}

/* Every point has a place in memory: a few lines can declare more points than memory has bytes. */
static ip_status check_size(ip_experiment *e)
{
  enum { MOST_POINTS = 10000000 };
  size_t n = ip_experiment_n_points(e);
  if (n <= MOST_POINTS) return IP_OK;
  return ip_config_add_error(e->config, NULL, "sweep: has %s%zu points, repeats included; expected at most %d",
                             n == SIZE_MAX ? "more than " : "", n, MOST_POINTS);
}

/* The sweep against other keys, and its size. */
ip_status ip_experiment_check_sweep(ip_experiment *e)
{
  IP_TRY(check_size(e));
  IP_TRY(check_groups(e));
  for (size_t a = 0; a < e->grid->n_axes; a++)
    for (size_t j = 0; j < e->grid->axis[a].n_keys; j++)
      if (!strcmp(e->grid->axis[a].key[j], "seed") && e->repeats > 1)
        IP_TRY(ip_config_add_error(e->config, "repeats", "conflicts with 'seed' in the sweep; remove one of the two"));
  return IP_OK;
}

/* --- With the data ------------------------------------------------------------------------------------------------ */

/* The binary cross-entropy is one of probabilities. */
static ip_status check_inputs_as_targets(const ip_experiment *e, const ip_dataset *ds)
{
  size_t i = 0, n = e->network.output == IP_OUTPUT_SIGMOID ? ds->n * ds->n_in : 0;
  while (i < n && ds->x[i] >= 0 && ds->x[i] <= 1) i++;
  if (i == n) return IP_OK;
  return ip_config_add_error(
      e->config, "network.output",
      "sigmoid needs targets in [0, 1], and an input of %s is %g; use dataset.scale: unit or the "
      "output 'linear'",
      ds->name, (double)ds->x[i]);
}

static ip_status check_output(const ip_experiment *e, const ip_dataset *ds)
{
  if (e->training.targets == IP_TARGETS_INPUTS) return check_inputs_as_targets(e, ds);
  if (ds->n_targets && e->network.output != IP_OUTPUT_LINEAR)
    return ip_config_add_error(e->config, "network.output",
                               "%s has real-valued targets, which require the output 'linear'", ds->name);
  return IP_OK;
}

/* Layers against the shape of a sample. */
static ip_status check_layers(const ip_experiment *e, const ip_dataset *ds)
{
  ip_network_options o = e->network;
  ip_network_size size;
  memcpy(o.shape, ds->shape, sizeof o.shape);
  return as_fault(e->config, ip_network_measure(&o, ds->n_in, 1, &size), "network.layers");
}

ip_status ip_experiment_check_data(const ip_experiment *e, const ip_dataset *ds)
{
  if (e->training.batch_size > 0 && (uint64_t)e->training.batch_size > ds->n_train)
    IP_TRY(ip_config_add_error(e->config, "training.batch_size",
                               "got %" PRId64
                               ", expected at most %zu, the training samples of %s; use 0 for full-batch training",
                               e->training.batch_size, ds->n_train, ds->name));
  else if (e->training.warmup >= ip_experiment_n_updates(e, ds->n_train))
    IP_TRY(ip_config_add_error(e->config, "training.warmup",
                               "got %" PRId64 ", expected fewer than the %" PRId64 " updates of the whole training",
                               e->training.warmup, ip_experiment_n_updates(e, ds->n_train)));
  if (e->log.samples == IP_LOG_TEST && !ds->n_test)
    IP_TRY(ip_config_add_error(e->config, "log.samples",
                               "the dataset has no test samples: dataset.train_fraction is %g",
                               e->dataset.train_fraction));
  for (size_t i = 0; i < e->estimate.n_splits && !ds->n_test; i++)
    if (!strcmp(e->estimate.split[i], "test"))
      IP_TRY(ip_config_add_error(e->config, "estimate.split",
                                 "the dataset has no test samples: dataset.train_fraction is %g",
                                 e->dataset.train_fraction));
  IP_TRY(check_output(e, ds));
  IP_TRY(check_layers(e, ds));
  return ip_config_check(e->config);
}

/* --- With the estimators ------------------------------------------------------------------------------------------ */

ip_status ip_experiment_clear_hidden(ip_experiment *e)
{
  if (e->network.n_layers == 0 && !ip_experiment_is_swept(e, "network.layers")) return IP_OK;
  if (e->network.n_hidden == 0 || ip_config_is_given(e->config, "network.hidden")) return IP_OK;
  IP_TRY(ip_config_set_value(e->config, "network.hidden", "[]", "network.layers"));
  ip_config_fill(e->config, e);
  return IP_OK;
}

/* The key of the noise that an estimator needs and the networks do not have; NULL if there is none. */
static const char *lacking_noise(const ip_experiment *e, unsigned needs)
{
  const struct {
    unsigned needs;
    const char *key;
    double value;
  } noise[] = {{IP_NEEDS_MEAN, "network.noise_variance", e->network.noise_variance},
               {IP_NEEDS_MULTIPLICATIVE, "network.multiplicative_noise", e->network.multiplicative_noise},
               {IP_NEEDS_DROPOUT, "network.dropout", e->network.dropout}};
  for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
    if (needs & noise[i].needs && !(noise[i].value > 0) && !ip_experiment_is_swept(e, noise[i].key))
      return noise[i].key;
  return NULL;
}

ip_status ip_experiment_check_noise(const ip_experiment *e)
{
  for (size_t i = 0; i < e->n_estimators; i++) {
    ip_estimator *made;
    if (ip_estimator_create(e->estimators[i], e->seed, &made) != IP_OK) {
      ip_error_clear(); /* has been reported */
      continue;
    }
    const char *key = lacking_noise(e, ip_estimator_needs(made));
    ip_status st = IP_OK;
    if (key)
      st = ip_config_add_error(e->config, "estimators",
                               "'%s' estimates with the noise of %s, and that is 0 (the noise of vib and nib is not of "
                               "that kind)",
                               e->estimators[i], key);
    ip_estimator_destroy(&made);
    IP_TRY(st);
  }
  return ip_config_check(e->config);
}

/* --- With the figures --------------------------------------------------------------------------------------------- */

ip_status ip_experiment_check_figures(const ip_experiment *e, size_t n, const char *const *known,
                                      const ip_renamed *renamed)
{
  for (size_t i = 0; i < e->n_figures; i++) {
    const char *name = e->figures[i], *now = ip_text_renamed(renamed, name);
    if (now)
      IP_TRY(ip_config_add_error(e->config, "figures", "'%s' was renamed to '%s'", name, now));
    else if (!contains(n, known, name))
      IP_TRY(ip_config_add_error(e->config, "figures", "unknown figure '%.60s'%s", name,
                                 ip_text_expected(name, n, known).text));
    else if (contains(i, e->figures, name))
      IP_TRY(ip_config_add_error(e->config, "figures", "'%s' is listed twice; remove one", name));
  }
  return ip_config_check(e->config);
}
