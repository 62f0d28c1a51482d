#include "config/settings.h"

#include "base/plain.h"
#include "config/tree.h"

#include <stdbool.h>
#include <string.h>

/* Beyond what any configuration of ours has: keys are compared with each other. */
enum { MOST_SETTINGS = 4000, LONGEST_KEY = 256 };

static bool begins(const char *text, const char *with)
{
  return strncmp(text, with, strlen(with)) == 0;
}

static bool counts(const char *key)
{
  static const char *const others[] = {"seed", "repeats", "silent_limit",  "training.threads", "description",
                                       "tags", "figures", "figure_format", "estimators",       "measures"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(key, others[i]) == 0) return false;
  return !begins(key, "log.") && !begins(key, "estimate.") && !begins(key, "correlations.") && !begins(key, "sweep");
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const ip_renamed *renamed;
  ip_scratch *sc;
  size_t room;
  ip_setting *setting; // (n)
  size_t n;
  bool is_foreign; /* it has more settings, or longer keys, than a configuration */
} reader;

/* The tree of a text, and whether it is YAML. What else is wrong with it matters only to those who run it. */
static ip_status parse(const char *yaml, ip_scratch *sc, bool *is_yaml, ip_node **root)
{
  ip_config_errors *errors;
  IP_TRY(ip_config_errors_create(&errors));
  ip_status st = ip_tree_read("configuration", strlen(yaml), yaml, sc, errors, root);
  *is_yaml = *root || !ip_config_errors_count(errors);
  ip_config_errors_destroy(&errors);
  return st;
}

/* A value as it is written, without the quotes around it. */
static ip_status text_of(const ip_node *node, ip_scratch *sc, const char **out)
{
  const char *text;
  IP_TRY(ip_node_text(node, sc, &text));
  size_t n = strlen(text);
  bool quoted = n >= 2 && node->kind == IP_NODE_SCALAR && *text == '"' && text[n - 1] == '"';
  return ip_scratch_format(sc, out, "%.*s", (int)(quoted ? n - 2 : n), text + quoted);
}

static ip_status add(reader *r, const char *key, const char *value)
{
  IP_TRY(IP_SCRATCH_GROW(r->sc, r->setting, r->n, &r->room, "settings"));
  r->setting[r->n++] = (ip_setting){key, value};
  return IP_OK;
}

static ip_status add_entry(reader *r, const char *key, const ip_node *node)
{
  const char *value, *now = ip_text_renamed(r->renamed, key);
  if (now) key = now;
  if (!counts(key)) return IP_OK;
  IP_TRY(ip_plain_text(key, strlen(key), r->sc, &key));
  IP_TRY(text_of(node, r->sc, &value));
  return add(r, key, value);
}

static ip_status add_section(reader *r, const char *section, const ip_node *map)
{
  for (const ip_node *it = map->first; it; it = it->next) {
    const char *key = it->name;
    if (*section) IP_TRY(ip_scratch_format(r->sc, &key, "%s.%s", section, it->name));
    bool nothing = it->kind == IP_NODE_SCALAR && it->plain && !*it->text;
    if (nothing || it->again) continue;
    r->is_foreign = r->is_foreign || r->n >= MOST_SETTINGS || strlen(key) > LONGEST_KEY;
    if (r->is_foreign) return IP_OK;
    IP_TRY(it->kind == IP_NODE_MAP ? add_section(r, key, it) : add_entry(r, key, it));
  }
  return IP_OK;
}

ip_status ip_settings_read(const char *yaml, const ip_renamed *renamed, ip_scratch *sc, ip_settings *out)
{
  reader r = {.renamed = renamed, .sc = sc};
  ip_node *root;
  bool is_yaml;
  IP_TRY(parse(yaml, sc, &is_yaml, &root));
  if (is_yaml && root && root->kind == IP_NODE_MAP) IP_TRY(add_section(&r, "", root));
  if (!is_yaml || r.is_foreign) {
    const char *line;
    IP_TRY(ip_plain_text(yaml, strlen(yaml), sc, &line));
    r.n = 0;
    IP_TRY(add(&r, "config", line));
  }
  *out = (ip_settings){r.n, r.setting};
  return IP_OK;
}

ip_status ip_settings_first_estimator(const char *yaml, ip_scratch *sc, const char **spec)
{
  ip_node *root;
  bool is_yaml;
  *spec = "";
  IP_TRY(parse(yaml, sc, &is_yaml, &root));
  for (const ip_node *it = root && root->kind == IP_NODE_MAP ? root->first : NULL; it; it = it->next)
    if (!strcmp(it->name, "estimators") && it->name_place.column == 1 && it->kind == IP_NODE_LIST && it->n) {
      if (it->first->kind == IP_NODE_SCALAR) *spec = it->first->text;
      return IP_OK;
    }
  return IP_OK;
}

/* --- Comparing ---------------------------------------------------------------------------------------------------- */

static size_t elements(const char *list)
{
  size_t n = 0;
  for (; *list; list++) n += *list == ',';
  return n;
}

int ip_setting_order(const char *a, const char *b)
{
  double x, y;
  if (*a == '[' && *b == '[') return (elements(a) > elements(b)) - (elements(a) < elements(b));
  if (!ip_parse_real(a, &x) || !ip_parse_real(b, &y)) return 0;
  return (x > y) - (x < y);
}

const char *ip_settings_get(const ip_settings *s, const char *key)
{
  for (size_t i = 0; i < s->n; i++)
    if (strcmp(s->setting[i].key, key) == 0) return s->setting[i].value;
  return "";
}

ip_status ip_settings_text(const ip_settings *s, ip_scratch *sc, const char **text)
{
  size_t room = 1;
  for (size_t i = 0; i < s->n; i++) room += strlen(s->setting[i].key) + strlen(s->setting[i].value) + 2;
  char *to;
  IP_TRY(IP_SCRATCH(sc, to, room, "settings"));
  *text = to;
  for (size_t i = 0; i < s->n; i++) {
    const ip_setting *one = &s->setting[i];
    size_t n = strlen(one->key), m = strlen(one->value);
    memcpy(to, one->key, n);
    to[n] = '=';
    memcpy(to + n + 1, one->value, m);
    to[n + m + 1] = '\n';
    to += n + m + 2;
  }
  return IP_OK;
}

static bool differs(size_t n, const ip_settings *s, const char *key)
{
  for (size_t i = 1; i < n; i++)
    if (strcmp(ip_settings_get(&s[i], key), ip_settings_get(&s[0], key)) != 0) return true;
  return false;
}

ip_status ip_settings_differing(size_t n, const ip_settings *s, ip_scratch *sc, size_t *n_keys, const char *const **key)
{
  size_t most = 0;
  const char **found;
  for (size_t i = 0; i < n; i++) most += s[i].n;
  IP_TRY(IP_SCRATCH(sc, found, most, "keys"));
  *n_keys = 0;
  *key = found;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < s[i].n; j++) {
      bool known = false;
      for (size_t k = 0; k < *n_keys; k++) known = known || !strcmp(found[k], s[i].setting[j].key);
      if (!known && differs(n, s, s[i].setting[j].key)) found[(*n_keys)++] = s[i].setting[j].key;
    }
  return IP_OK;
}
