#include "cli/keys_json.h"

#include "cli/json.h"
#include "experiment/experiment.h"

#include <string.h>

/* "integer" or "list of integers", as docs/json.md lists them. */
static const char *type_of(const ip_key *key)
{
  static const char *const type[] = {
      [IP_KEY_BOOL] = "boolean",          [IP_KEY_INT] = "integer",           [IP_KEY_REAL] = "number",
      [IP_KEY_TEXT] = "string",           [IP_KEY_CHOICE] = "choice",         [IP_KEY_INTS] = "list of integers",
      [IP_KEY_REALS] = "list of numbers", [IP_KEY_TEXTS] = "list of strings", [IP_KEY_CHOICES] = "list of choices"};
  return type[key->kind];
}

static json_t *json_of(const ip_key *key)
{
  static const char *const role[] = {
      [IP_KEY_TRAIN] = "training", [IP_KEY_ESTIMATE] = "estimates", [IP_KEY_SHOW] = "none", [IP_KEY_FILE] = "none"};
  const char *const *choices = key->choices_of ? key->choices_of() : key->choices;
  json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s}", "key", key->name, "type", type_of(key), "default", key->value,
                             "help", key->help, "change_needs_new", role[key->role]);
  size_t n = 0;
  while (choices && choices[n]) n++;
  if (choices) json_object_set_new(object, "choices", ip_json_texts(n, choices));
  if (key->range) json_object_set_new(object, "range", json_string(key->range));
  if (key->unit) json_object_set_new(object, "unit", json_string(key->unit));
  return object;
}

ip_status ip_keys_print_json(const char *only, FILE *out)
{
  const ip_schema *s = ip_experiment_schema();
  json_t *list = json_array();
  for (size_t k = 0; k < s->n_keys; k++)
    if (!only || !strncmp(s->key[k].name, only, strlen(only))) json_array_append_new(list, json_of(&s->key[k]));
  return ip_json_print(list, out);
}
