/* read.c - a YAML file becomes values of a configuration; inherit.c finds the file it inherits from. */
#include "config/read.h"

#include "file/regular.h"

#include <errno.h>
#include <string.h>

enum { LARGEST_FILE = 16 << 20, LONGEST_NAME = 256 };

/* --- Values ------------------------------------------------------------------------------------------------------- */

/* `key: ~` in place of a value. */
static ip_status reset_key(ip_config *c, size_t k, const ip_node *node)
{
  IP_TRY(ip_config_reset(c, k));
  c->slot[k].place = node->place;
  c->slot[k].reading = c->n_readings;
  return IP_OK;
}

static ip_status read_key(ip_config *c, size_t k, const ip_node *node)
{
  const ip_key *key = &c->schema->key[k];
  ip_slot *slot = &c->slot[k];
  if (slot->reading == c->n_readings) /* training.epochs: 1 beside training: {epochs: 2} */
    return ip_config_errors_add(c->errors, node->name_place, key->name, "duplicate key, first in line %zu",
                                slot->place.line);
  if (ip_node_is_null(node)) return reset_key(c, k, node);
  ip_value v;
  bool ok;
  slot->place = node->place;
  slot->reading = c->n_readings;
  IP_TRY(ip_value_from_node(key, node, c->sc, c->errors, &v, &ok));
  if (!ok || (key->own && c->n_heirs)) return IP_OK;
  slot->value = v;
  slot->given = true;
  return IP_OK;
}

/* `section: ~`: all keys of the section. */
static ip_status reset_section(ip_config *c, const char *name, const ip_node *node)
{
  size_t n = strlen(name);
  for (size_t k = 0; k < c->schema->n_keys; k++)
    if (!strncmp(c->schema->key[k].name, name, n) && c->schema->key[k].name[n] == '.') IP_TRY(read_key(c, k, node));
  return IP_OK;
}

static ip_status read_grid(ip_config *c, const ip_node *node)
{
  bool nothing = ip_node_is_null(node) || (node->kind == IP_NODE_SCALAR && !*node->text);
  if (!nothing && node->kind != IP_NODE_MAP)
    return ip_config_errors_add(c->errors, node->place, c->schema->grid, "expected a mapping of keys to lists, got %s",
                                ip_node_words(node).text);
  c->grid = nothing || !node->n ? NULL : node;
  c->grid_reading = c->n_readings;
  return IP_OK;
}

static size_t find(const ip_config *c, const char *name)
{
  const char *now = c->is_stored ? ip_text_renamed(c->schema->renamed, name) : NULL;
  return ip_schema_find(c->schema, now ? now : name);
}

/* The entries of a mapping, whose keys stand below `prefix`. */
static ip_status read_section(ip_config *c, const char *prefix, const ip_node *map)
{
  for (const ip_node *it = map->first; it; it = it->next) {
    char name[LONGEST_NAME];
    if (it->again) continue;
    int n = snprintf(name, sizeof name, "%s%s%s", prefix, *prefix ? "." : "", it->name);
    size_t k = n < LONGEST_NAME ? find(c, name) : c->schema->n_keys;
    if (k < c->schema->n_keys)
      IP_TRY(read_key(c, k, it));
    else if (c->schema->grid && !strcmp(name, c->schema->grid))
      IP_TRY(read_grid(c, it));
    else if (!ip_schema_is_section(c->schema, name))
      IP_TRY(ip_schema_unknown(c->schema, c->errors, it->name_place, name));
    else if (it->kind == IP_NODE_MAP)
      IP_TRY(read_section(c, name, it));
    else if (ip_node_is_null(it))
      IP_TRY(reset_section(c, name, it));
    else if (it->kind == IP_NODE_LIST || *it->text)
      IP_TRY(ip_config_errors_add(c->errors, it->place, name, "expected a mapping of keys, got %s",
                                  ip_node_words(it).text));
  }
  return IP_OK;
}

/* --- Texts -------------------------------------------------------------------------------------------------------- */

ip_status ip_config_read_source(ip_config *c, size_t n, const char *text, ip_config_source *s)
{
  ip_node *root;
  size_t before = ip_config_errors_count(c->errors);
  c->file = s->path;
  IP_TRY(ip_tree_read(s->path, n, text, c->sc, c->errors, &root));
  ip_place start = {s->path, 1, 1};
  if (!root && ip_config_errors_count(c->errors) == before)
    return ip_config_errors_add(c->errors, start, NULL, "the file is empty; infoplane init writes one to start from");
  if (!root) return IP_OK;
  if (root->kind != IP_NODE_MAP)
    return ip_config_errors_add(c->errors, root->place, NULL, "expected a mapping of keys ('key: value' lines), got %s",
                                ip_node_words(root).text);
  IP_TRY(ip_config_inherit(c, root, s));
  c->file = s->path;
  c->n_readings++;
  return read_section(c, "", root);
}

ip_status ip_config_read_text(ip_config *c, const char *path, size_t n, const char *text)
{
  ip_config_source s = {.is_text = true};
  IP_TRY(ip_config_keep(c, path, &s.path));
  return ip_config_read_source(c, n, text, &s);
}

ip_status ip_config_slurp(const char *path, size_t *n, char **text)
{
  size_t room = 0;
  *n = 0;
  *text = NULL;
  FILE *in;
  const char *why = ip_file_stream_or_why(path, true, &in);
  IP_REQUIRE(!why, IP_ECONFIG, "%s: cannot read the configuration: %s", path, why);
  ip_status st = IP_OK;
  while (st == IP_OK && *n <= LARGEST_FILE) {
    if (*n == room) {
      char *grown = ip_grow(*text, *n, room = 2 * room + 4096, 1, "configuration file");
      if (!grown) {
        st = IP_ENOMEM;
        break;
      }
      *text = grown;
    }
    size_t got = fread(*text + *n, 1, room - *n, in);
    *n += got;
    if (!got) break;
  }
  int failed = ferror(in) ? errno : 0; /* a directory opens, but does not read */
  fclose(in);
  if (st == IP_OK && failed)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG, "%s: cannot read the configuration: %s", path,
                      strerror(failed));
  else if (st == IP_OK && *n > LARGEST_FILE)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG, "%s: larger than %d MiB; this is not a configuration",
                      path, LARGEST_FILE >> 20);
  if (st != IP_OK) {
    ip_free(*text);
    *text = NULL;
  }
  return st;
}

ip_status ip_config_read(ip_config *c, const char *path)
{
  size_t mark = ip_scratch_mark(c->sc), n;
  char *text;
  ip_config_source s = {0};
  IP_TRY(ip_config_slurp(path, &n, &text));
  ip_status st = ip_config_keep(c, path, &s.path);
  if (st == IP_OK) st = ip_config_read_source(c, n, text, &s);
  ip_free(text);
  if (st != IP_OK) ip_scratch_release(c->sc, mark);
  return st;
}
