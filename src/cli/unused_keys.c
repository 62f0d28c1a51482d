#include "cli/unused_keys.h"

#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* A value of another key that makes a key meaningful. */
typedef struct {
  const char *key;
  const char *names; /* one of these, in words; NULL: anything but 0 and [] */
} need;

/* A key is used if it meets one of the needs of each of its rules. */
typedef struct {
  const char *key;
  need any[3];
} rule;

static const rule rules[] = {
    {"dataset.gamma", {{"dataset.labels", "soft"}}},
    {"dataset.gamma", {{"dataset.name", "sphere"}}},
    {"dataset.theta", {{"dataset.labels", "soft"}}},
    {"dataset.theta", {{"dataset.name", "sphere"}}},
    {"dataset.n_samples", {{"dataset.name", "linear_gaussian"}}},
    {"dataset.n_in", {{"dataset.name", "linear_gaussian"}}},
    {"dataset.irrelevant", {{"dataset.name", "linear_gaussian"}}},
    {"dataset.n_targets", {{"dataset.name", "linear_gaussian"}}},
    {"dataset.noise", {{"dataset.name", "linear_gaussian"}}},
    {"dataset.shape", {{"network.layers", NULL}}},
    {"network.quantize_range", {{"network.quantize_bits", NULL}}},
    {"network.quantize_range", {{"network.activation", "relu, leaky_relu, elu, softplus, swish or linear"}}},
    {"training.step_every", {{"training.rate_schedule", "step"}}},
    {"training.step_factor", {{"training.rate_schedule", "step"}}},
    {"training.final_factor", {{"training.rate_schedule", "cosine"}}},
    {"training.momentum", {{"training.optimizer", "momentum"}}},
    {"training.beta1", {{"training.optimizer", "adam or adamw"}}},
    {"training.beta2", {{"training.optimizer", "adam or adamw"}}},
    {"training.epsilon", {{"training.optimizer", "adam or adamw"}}},
    {"training.beta", {{"training.objective", "vib, nib or nib_squared"}}},
    {"training.evaluation_samples",
     {{"network.noise_variance", NULL},
      {"network.multiplicative_noise", NULL},
      {"training.objective", "vib, nib or nib_squared"}}},
    {"estimate.level", {{"estimate.bootstrap", NULL}}},
    {"log.count", {{"log.schedule", "log"}}},
    {"log.until", {{"log.schedule", "piecewise"}}},
    {"log.step", {{"log.schedule", "piecewise"}}},
    {"log.every", {{"log.schedule", "every"}}},
    {"log.list", {{"log.schedule", "list"}}},
    {"log.conv", {{"network.layers", NULL}}},
};

enum { N_RULES = sizeof rules / sizeof *rules };

static size_t n_needs(const rule *r)
{
  size_t n = 0;
  while (n < sizeof r->any / sizeof *r->any && r->any[n].key) n++;
  return n;
}

static bool is_met_by(const need *n, const char *value)
{
  if (!n->names) return strcmp(value, "0") != 0 && strcmp(value, "[]") != 0;
  for (const char *at = n->names; *at;) {
    size_t word = strcspn(at, ", ");
    if (word == strlen(value) && !strncmp(at, value, word)) return true;
    at += word;
    at += strspn(at, ", ");
  }
  return false;
}

/* The (*n) values of a swept key; NULL if the sweep does not have it. */
static const char *const *swept_values(const ip_experiment *e, const char *key, size_t *n)
{
  const ip_grid *g = e->grid;
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++)
      if (!strcmp(g->axis[a].key[j], key)) {
        *n = g->axis[a].n;
        return g->axis[a].value[j];
      }
  return NULL;
}

/* Whether a run has such a value. */
static ip_status check_need(const ip_experiment *e, const need *needed, bool *met)
{
  size_t n = 0;
  char *value;
  const char *const *swept = swept_values(e, needed->key, &n);
  *met = false;
  for (size_t i = 0; i < n && !*met; i++) *met = is_met_by(needed, swept[i]);
  if (swept) return IP_OK;
  IP_TRY(ip_config_value_text(e->config, needed->key, &value));
  *met = is_met_by(needed, value);
  ip_free(value);
  return IP_OK;
}

static ip_status is_used(const ip_experiment *e, const rule *r, bool *used)
{
  *used = false;
  for (size_t i = 0; i < n_needs(r) && !*used; i++) IP_TRY(check_need(e, &r->any[i], used));
  return IP_OK;
}

/* A configuration that gives every key of the results was stored by the program. */
static bool is_complete(const ip_experiment *e)
{
  const ip_schema *schema = ip_experiment_schema();
  for (size_t k = 0; k < schema->n_keys; k++)
    if (schema->key[k].role <= IP_KEY_ESTIMATE && !ip_config_is_given(e->config, schema->key[k].name)) return false;
  return true;
}

static ip_status has_default(const ip_experiment *e, const char *key, bool *same)
{
  ip_config *defaults;
  char *value = NULL, *usual = NULL;
  IP_TRY(ip_config_create(ip_experiment_schema(), &defaults));
  ip_status st = ip_config_value_text(e->config, key, &value);
  if (st == IP_OK) st = ip_config_value_text(defaults, key, &usual);
  *same = st == IP_OK && !strcmp(value, usual);
  ip_free(value);
  ip_free(usual);
  ip_config_destroy(&defaults);
  return st;
}

static void print_note(const rule *r, bool is_swept)
{
  ip_print(stderr, "note: %s %s no effect; it requires", r->key, is_swept ? "is swept but has" : "has");
  for (size_t i = 0; i < n_needs(r); i++) {
    const need *n = &r->any[i];
    ip_print(stderr, "%s %s%s%s", i ? ", or" : "", n->key, n->names ? ": " : " to be set", n->names ? n->names : "");
  }
  fputc('\n', stderr);
}

static ip_status check_rule(const ip_experiment *e, const rule *r, bool is_stored, bool *noted)
{
  size_t n;
  bool used, is_swept = swept_values(e, r->key, &n) != NULL, is_default = false;
  *noted = false;
  if (!is_swept && !ip_config_is_given(e->config, r->key)) return IP_OK;
  if (!is_swept && is_stored) IP_TRY(has_default(e, r->key, &is_default));
  IP_TRY(is_used(e, r, &used));
  if (used || is_default) return IP_OK;
  print_note(r, is_swept);
  *noted = true;
  return IP_OK;
}

ip_status ip_unused_keys_print(const ip_experiment *e)
{
  bool noted = false, is_stored = is_complete(e);
  for (size_t i = 0; i < N_RULES; i++) {
    bool is_next = i > 0 && !strcmp(rules[i].key, rules[i - 1].key); /* another rule of the same key */
    if (!is_next || !noted) IP_TRY(check_rule(e, &rules[i], is_stored, &noted));
  }
  return IP_OK;
}
