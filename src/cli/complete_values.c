/* complete_values.c - completion of values: estimators, measures, figures, keys of an experiment, files. */
#include "calibrate/family.h"
#include "calibrate/task.h"
#include "cli/complete.h"
#include "estimator/kind.h"
#include "experiment/experiment.h"
#include "figure/figure.h"
#include "measure/kind.h"

#include <assert.h>
#include <string.h>

/* ---------------------------------------------------------------- specs: name:key=value */

/* Of the parameters of a spec, "name:" or "name:key=value:" settled. */
typedef const ip_parameter *parameter_at(const void *kind, size_t i);

static void complete_parameters(const ip_candidates *c, const void *kind, size_t n, parameter_at *at)
{
  const char *equals = strchr(ip_candidates_typed(c), '=');
  size_t length = equals ? (size_t)(equals - ip_candidates_typed(c)) : 0;
  for (size_t i = 0; i < n; i++) {
    const ip_parameter *p = at(kind, i);
    if (!equals) {
      ip_candidate(c, p->name, "=", p->help);
    } else if (p->type == IP_PARAMETER_CHOICE && strlen(p->name) == length &&
               !strncmp(p->name, ip_candidates_typed(c), length)) {
      ip_candidates value = ip_candidates_after(c, length + 1);
      ip_candidate_names(&value, p->choices);
    }
  }
}

static const ip_parameter *estimator_parameter(const void *kind, size_t i)
{
  return ip_estimator_kind_parameter(kind, i);
}

static const ip_parameter *measure_parameter(const void *kind, size_t i)
{
  return &((const ip_measure_kind *)kind)->parameter[i];
}

/* Length of what is settled: up to the last ':'. */
static size_t settled_length(const char *typed)
{
  const char *colon = strrchr(typed, ':');
  return colon ? (size_t)(colon + 1 - typed) : 0;
}

static bool is_kind(const char *name, const char *typed)
{
  size_t n = strcspn(typed, ":");
  return strlen(name) == n && !strncmp(name, typed, n);
}

static ip_status complete_estimator(const ip_candidates *c)
{
  const char *typed = ip_candidates_typed(c);
  size_t settled = settled_length(typed);
  ip_candidates rest = ip_candidates_after(c, settled);
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    const ip_estimator_kind *k = ip_estimator_kind_at(i);
    if (!settled)
      ip_candidate(c, k->name, "", k->help);
    else if (is_kind(k->name, typed))
      complete_parameters(&rest, k, k->no_pca ? k->n_parameters : ip_estimator_kind_n_parameters(k),
                          estimator_parameter);
  }
  return IP_OK;
}

static ip_status complete_measure(const ip_candidates *c)
{
  const char *typed = ip_candidates_typed(c);
  size_t settled = settled_length(typed);
  ip_candidates rest = ip_candidates_after(c, settled);
  for (size_t i = 0; i < ip_measure_n_kinds(); i++) {
    const ip_measure_kind *k = ip_measure_kind_at(i);
    if (!settled)
      ip_candidate(c, k->name, "", k->help);
    else if (is_kind(k->name, typed))
      complete_parameters(&rest, k, k->n_parameters, measure_parameter);
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- names */

static ip_status complete_figure(const ip_candidates *c)
{
  for (size_t i = 0; i < ip_figure_count(); i++) ip_candidate(c, ip_figure_name(i), "", ip_figure_summary(i));
  return IP_OK;
}

static ip_status complete_task(const ip_candidates *c)
{
  for (size_t i = 0; i < ip_task_count(); i++) ip_candidate(c, ip_task_at(i)->name, "", NULL);
  return IP_OK;
}

static ip_status complete_family(const ip_candidates *c)
{
  for (size_t i = 0; i < ip_family_count(); i++) ip_candidate(c, ip_family_at(i)->name, "", NULL);
  ip_candidate(c, "all", "", NULL);
  return IP_OK;
}

/* ---------------------------------------------------------------- keys of an experiment */

static const ip_key *find_key(const char *name, size_t n)
{
  const ip_schema *s = ip_experiment_schema();
  for (size_t k = 0; k < s->n_keys; k++)
    if (strlen(s->key[k].name) == n && !strncmp(s->key[k].name, name, n)) return &s->key[k];
  return NULL;
}

static void complete_choices(const char *key, const ip_candidates *c)
{
  const ip_key *k = find_key(key, strlen(key));
  assert(k); /* callers name keys of the schema */
  ip_candidate_names(c, k->choices_of ? k->choices_of() : k->choices);
}

static ip_status complete_format(const ip_candidates *c)
{
  complete_choices("figure_format", c);
  return IP_OK;
}

static ip_status complete_samples(const ip_candidates *c)
{
  const char *comma = strrchr(ip_candidates_typed(c), ',');
  ip_candidates last = ip_candidates_after(c, comma ? (size_t)(comma + 1 - ip_candidates_typed(c)) : 0);
  complete_choices("log.samples", &last);
  return IP_OK;
}

static ip_status complete_key(const ip_candidates *c)
{
  const ip_schema *s = ip_experiment_schema();
  for (size_t k = 0; k < s->n_keys; k++) ip_candidate(c, s->key[k].name, "", s->key[k].help);
  return IP_OK;
}

/* The values of a key, of a list those of its last element. */
static ip_status complete_key_value(const ip_key *key, const ip_candidates *c)
{
  static const struct {
    const char *key;
    ip_status (*complete)(const ip_candidates *c);
  } special[] = {{"estimators", complete_estimator},
                 {"measures", complete_measure},
                 {"figures", complete_figure},
                 {"estimate.split", complete_samples},
                 {"dataset.name", ip_complete_dataset}};
  const char *const *choices = key->choices_of ? key->choices_of() : key->choices;
  const char *typed = ip_candidates_typed(c), *comma = strrchr(typed, ',');
  ip_candidates last = ip_candidates_after(c, comma ? (size_t)(comma + 1 - typed) : 0);
  if (choices) ip_candidate_names(&last, choices);
  if (key->kind == IP_KEY_BOOL) ip_candidate_names(c, (const char *const[]){"true", "false", NULL});
  for (size_t i = 0; i < IP_COUNT(special); i++)
    if (!strcmp(special[i].key, key->name)) return special[i].complete(&last);
  return IP_OK;
}

static ip_status complete_setting(const ip_candidates *c)
{
  const ip_schema *s = ip_experiment_schema();
  const char *typed = ip_candidates_typed(c), *equals = strchr(typed, '=');
  if (equals) {
    const ip_key *key = find_key(typed, (size_t)(equals - typed));
    ip_candidates value = ip_candidates_after(c, (size_t)(equals + 1 - typed));
    return key ? complete_key_value(key, &value) : IP_OK;
  }
  for (size_t k = 0; k < s->n_keys; k++)
    if (s->key[k].role != IP_KEY_FILE) ip_candidate(c, s->key[k].name, "=", s->key[k].help);
  return IP_OK;
}

/* ---------------------------------------------------------------- options */

/* By the placeholder of the option, or by its name, which means the same in all commands. */
ip_status ip_complete_value(const ip_option *o, const ip_candidates *c)
{
  static const struct {
    const char *option;
    ip_status (*complete)(const ip_candidates *c);
  } by_name[] = {{"set", complete_setting},    {"estimator", complete_estimator}, {"measure", complete_measure},
                 {"figure", complete_figure},  {"format", complete_format},       {"split", complete_samples},
                 {"key", complete_key},        {"task", complete_task},           {"family", complete_family},
                 {"from", ip_complete_preset}, {"extends", ip_complete_preset}};
  if (!strcmp(o->argument, "DIR"))
    ip_candidate_folders(c);
  else if (strstr(o->argument, "FILE"))
    ip_candidate_files(c, "");
  else if (strchr(o->argument, '.'))
    ip_candidate_files(c, strchr(o->argument, '.') + 1); /* RUN.h5 */
  else
    for (size_t i = 0; i < IP_COUNT(by_name); i++)
      if (!strcmp(by_name[i].option, o->name)) return by_name[i].complete(c);
  return IP_OK;
}
