/* claim_conditions.c - the conditions of a claim: experiments with settings, or run files. */
#include "claims/claim_read.h"

#include "base/text.h"

#include <string.h>
#include <unistd.h>

static const char *const condition_keys[] = {"experiment", "set", "where", "files", NULL};

/* The path as it is, or in the directory of the claim's file, or in one above it. */
static ip_status find_file(ip_claim *c, const char *path, const char **found)
{
  *found = path;
  if (access(path, R_OK) == 0 || *path == '/') return IP_OK;
  for (size_t n = strlen(c->path); n > 0; n--) {
    if (c->path[n - 1] != '/') continue;
    IP_TRY(ip_scratch_format(c->sc, found, "%.*s%s", (int)n, c->path, path));
    if (access(*found, R_OK) == 0) return IP_OK;
  }
  *found = path;
  return IP_OK;
}

/* {a.b: 1, c: [2, 3]} as the texts "a.b" and "1", "c" and "[2, 3]". */
static ip_status read_map(ip_claim_reader *r, const ip_node *map, const char *key, size_t *n, const char ***names,
                          const char ***values)
{
  *n = 0;
  if (map->kind != IP_NODE_MAP)
    return IP_CLAIM_ERROR(r, map, key, "expected {key: value, ...}, got %s", ip_node_words(map).text);
  IP_TRY(IP_SCRATCH(r->claim->sc, *names, map->n, "settings"));
  IP_TRY(IP_SCRATCH(r->claim->sc, *values, map->n, "settings"));
  for (const ip_node *it = map->first; it; it = it->next) {
    (*names)[*n] = it->name;
    if (it->kind == IP_NODE_SCALAR)
      (*values)[*n] = it->text;
    else
      IP_TRY(ip_node_text(it, r->claim->sc, &(*values)[*n]));
    ++*n;
  }
  return IP_OK;
}

static ip_status read_settings(ip_claim_reader *r, const ip_node *map, ip_claim_condition *k)
{
  const char **names, **values, **set;
  IP_TRY(read_map(r, map, "set", &k->n_set, &names, &values));
  IP_TRY(IP_SCRATCH(r->claim->sc, set, k->n_set, "settings"));
  for (size_t i = 0; i < k->n_set; i++) IP_TRY(ip_scratch_format(r->claim->sc, &set[i], "%s=%s", names[i], values[i]));
  k->set = set;
  return IP_OK;
}

static ip_status read_condition(ip_claim_reader *r, const ip_node *map, const char *name, ip_claim_condition *k)
{
  const ip_node *experiment = ip_node_entry(map, "experiment"), *set = ip_node_entry(map, "set"),
                *where = ip_node_entry(map, "where"), *files = ip_node_entry(map, "files");
  const char **names = NULL, **values = NULL;
  k->name = name;
  if (!experiment == !files) return IP_CLAIM_ERROR(r, map, NULL, "expected 'experiment' or 'files', and not both");
  if (experiment) {
    IP_TRY(ip_claim_text(r, experiment, "experiment", &k->experiment));
    if (k->experiment) IP_TRY(find_file(r->claim, k->experiment, &k->experiment));
    if (k->experiment && access(k->experiment, R_OK))
      IP_TRY(IP_CLAIM_ERROR(r, experiment, "experiment", "no such file: %s", k->experiment));
  }
  if (files) IP_TRY(ip_claim_texts(r, files, "files", &k->n_files, &k->files));
  if (files && set) IP_TRY(IP_CLAIM_ERROR(r, set, "set", "changes an experiment, and 'files' are finished runs"));
  if (set) IP_TRY(read_settings(r, set, k));
  if (where) IP_TRY(read_map(r, where, "where", &k->n_where, &names, &values));
  k->where_key = names;
  k->where_value = values;
  return IP_OK;
}

static bool is_taken(const char *name)
{
  return !strcmp(name, "train") || !strcmp(name, "test") || !strcmp(name, "output") || !strcmp(name, "last_hidden") ||
         !strcmp(name, "layer") || !strcmp(name, "layers");
}

static bool is_name(const char *name)
{
  static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return *name && !name[strspn(name, good)] && !(*name >= '0' && *name <= '9') && !is_taken(name);
}

static bool same_texts(size_t n, const char *const *a, size_t m, const char *const *b)
{
  if (n != m) return false;
  for (size_t i = 0; i < n; i++)
    if (strcmp(a[i], b[i])) return false;
  return true;
}

/* Conditions that differ only in `where` share runs. */
static void share_runs(ip_claim *c)
{
  for (size_t i = 0; i < c->n_conditions; i++) {
    ip_claim_condition *k = &c->condition[i];
    k->runs_of = i;
    for (size_t j = 0; j < i && k->runs_of == i && k->experiment; j++) {
      const ip_claim_condition *o = &c->condition[j];
      if (o->experiment && !strcmp(o->experiment, k->experiment) && same_texts(k->n_set, k->set, o->n_set, o->set))
        k->runs_of = j;
    }
  }
}

ip_status ip_claim_read_conditions(ip_claim_reader *r, const ip_node *root)
{
  ip_claim *c = r->claim;
  const ip_node *map = ip_node_entry(root, "conditions");
  const char **names;
  bool has_many = map && map->kind == IP_NODE_MAP && map->n;
  if (map && !has_many)
    IP_TRY(IP_CLAIM_ERROR(r, map, "conditions", "expected {name: {experiment: ..., set: {...}}, ...}, got %s",
                          ip_node_words(map).text));
  for (size_t i = 0; map && condition_keys[i]; i++) {
    const ip_node *both = ip_node_entry(root, condition_keys[i]);
    if (both) IP_TRY(IP_CLAIM_ERROR(r, both, condition_keys[i], "belongs into one of the conditions"));
  }
  size_t n = has_many ? map->n : 1;
  IP_TRY(IP_SCRATCH(c->sc, names, n, "conditions"));
  IP_TRY(IP_SCRATCH(c->sc, c->condition, n, "conditions"));
  for (const ip_node *it = has_many ? map->first : NULL; it; it = it->next) {
    if (!is_name(it->name))
      IP_TRY(ip_config_errors_add(r->errors, it->name_place, "conditions",
                                  "expected a name of letters, digits and _ other than output, last_hidden, layer, "
                                  "layers, train and test, got '%s'",
                                  it->name));
    if (it->kind != IP_NODE_MAP) {
      IP_TRY(IP_CLAIM_ERROR(r, it, it->name, "expected {experiment: ..., set: {...}}, got %s", ip_node_words(it).text));
      continue;
    }
    IP_TRY(ip_claim_check_keys(r, it, condition_keys));
    names[c->n_conditions] = it->name;
    IP_TRY(read_condition(r, it, it->name, &c->condition[c->n_conditions++]));
  }
  if (!map) {
    names[0] = "main";
    IP_TRY(read_condition(r, root, "main", &c->condition[c->n_conditions++]));
  }
  r->condition_name = names;
  if (!ip_config_errors_count(r->errors)) share_runs(c);
  return IP_OK;
}
