/* inherit.c - `extends: base.yaml`: the file that a file inherits from. */
#include "config/read.h"

#include <string.h>
#include <sys/stat.h>

enum { MOST_FILES = 8 }; /* that inherit from each other; the file itself is one */

/* The entry of the FILE key, or NULL. */
static const ip_node *find_entry(const ip_schema *schema, const ip_node *root, const char **key)
{
  size_t k = 0;
  while (k < schema->n_keys && schema->key[k].role != IP_KEY_FILE) k++;
  if (k == schema->n_keys) return NULL;
  *key = schema->key[k].name;
  const ip_node *it = root->first;
  while (it && strcmp(it->name, *key)) it = it->next;
  return it;
}

/* "base.yaml" beside the file of `s`. */
static ip_status path_beside(const ip_config *c, const ip_config_source *s, const char *name, const char **path)
{
  const char *slash = strrchr(s->path, '/');
  int n = slash && *name != '/' ? (int)(slash + 1 - s->path) : 0;
  return ip_scratch_format(c->sc, path, "%.*s%s", n, s->path, name);
}

/* The path of the file; NULL, with an error, if there is none. */
static ip_status find_file(ip_config *c, const ip_config_source *s, const ip_node *entry, const char *key,
                           const char **path)
{
  struct stat about;
  char *preset = NULL;
  ip_hint hint = {""};
  const char *beside;
  *path = NULL;
  IP_TRY(path_beside(c, s, entry->text, &beside));
  if (stat(beside, &about) == 0) {
    *path = beside;
    return IP_OK;
  }
  if (c->schema->find_preset && !strchr(entry->text, '/')) IP_TRY(c->schema->find_preset(entry->text, &preset, &hint));
  ip_status st = preset ? ip_scratch_text(c->sc, preset, path) : IP_OK;
  ip_free(preset);
  IP_TRY(st);
  if (*path) return IP_OK;
  return ip_config_errors_add(c->errors, entry->place, key, "%s is neither a file (%s) nor the name of a preset%s",
                              ip_quote_text(entry->text).text, beside, hint.text);
}

static bool is_same_file(const char *a, const char *b)
{
  struct stat p, q;
  return stat(a, &p) == 0 && stat(b, &q) == 0 && p.st_dev == q.st_dev && p.st_ino == q.st_ino;
}

/* Whether the file may follow those that wait for it; else an error. */
static ip_status check_chain(ip_config *c, const ip_config_source *s, const char *path, const char *key, bool *ok)
{
  size_t n = 1;
  const ip_config_source *first = s;
  *ok = false;
  for (const ip_config_source *it = s; it; it = it->heir, n++) {
    if (is_same_file(it->path, path) && it == s)
      return ip_config_errors_add(c->errors, s->extends, key, "the file inherits from itself; name another file");
    if (is_same_file(it->path, path))
      return ip_config_errors_add(c->errors, s->extends, key,
                                  "%s inherits from this file already (%s:%zu:%zu); remove one of the two", it->path,
                                  it->extends.origin, it->extends.line, it->extends.column);
    first = it;
  }
  if (n > MOST_FILES)
    return ip_config_errors_add(c->errors, s->extends, key,
                                "more than %d files inherit from each other, the first at %s:%zu:%zu; merge some",
                                MOST_FILES, first->extends.origin, first->extends.line, first->extends.column);
  *ok = true;
  return IP_OK;
}

static ip_status read_inherited(ip_config *c, const char *path, const char *key, ip_config_source *heir)
{
  size_t n;
  char *text;
  ip_config_source s = {.path = path, .heir = heir};
  ip_status st = ip_config_slurp(path, &n, &text);
  if (st == IP_ECONFIG) {
    char why[1024];
    snprintf(why, sizeof why, "%s", ip_error_message());
    ip_error_clear();
    return ip_config_errors_add(c->errors, heir->extends, key, "%s", why);
  }
  IP_TRY(st);
  c->n_heirs++;
  st = ip_config_read_source(c, n, text, &s);
  c->n_heirs--;
  ip_free(text);
  return st;
}

ip_status ip_config_inherit(ip_config *c, const ip_node *root, ip_config_source *s)
{
  const char *key, *path;
  const ip_node *entry = find_entry(c->schema, root, &key);
  if (!entry || entry->kind != IP_NODE_SCALAR || ip_node_is_null(entry)) return IP_OK;
  s->extends = entry->place;
  if (s->is_text || c->is_stored)
    return ip_config_errors_add(c->errors, entry->place, key,
                                "a stored configuration is complete and cannot inherit; remove this line");
  if (!*entry->text)
    return ip_config_errors_add(c->errors, entry->place, key, "expected a file or the name of a preset, got nothing");
  bool ok;
  IP_TRY(find_file(c, s, entry, key, &path));
  if (!path) return IP_OK;
  IP_TRY(check_chain(c, s, path, key, &ok));
  return ok ? read_inherited(c, path, key, s) : IP_OK;
}
