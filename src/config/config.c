#include "config/state.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum { LARGEST_FILE = 16 << 20, LONGEST_NAME = 256 };

static_assert(sizeof(ip_element) == 8 && sizeof(size_t) == 8, "lists are handed out as arrays of 8-byte elements");

/* --- Life --------------------------------------------------------------------------------------------------------- */

static ip_status set_defaults(ip_config *c)
{
  for (size_t k = 0; k < c->schema->n_keys; k++) {
    const ip_key *key = &c->schema->key[k];
    bool ok;
    IP_TRY(ip_value_from_text(key, key->value, "default", c->sc, c->errors, &c->slot[k].value, &ok));
  }
  return ip_config_errors_check(c->errors); /* fails only if the table has an invalid default */
}

static ip_status build(const ip_schema *schema, ip_config *c)
{
  c->schema = schema;
  IP_TRY(ip_scratch_create(&c->sc));
  IP_TRY(ip_config_errors_create(&c->errors));
  return IP_NEW(c->slot, schema->n_keys, "keys of the configuration");
}

ip_status ip_config_create(const ip_schema *schema, ip_config **out)
{
  ip_config *c;
  *out = NULL;
  IP_TRY(IP_NEW(c, 1, "configuration"));
  ip_status st;
  IP_TRY_GOTO(st, build(schema, c), fail);
  IP_TRY_GOTO(st, set_defaults(c), fail);
  *out = c;
  return IP_OK;
fail:
  ip_config_destroy(&c);
  return st;
}

void ip_config_destroy(ip_config **c)
{
  if (!*c) return;
  ip_config_errors_destroy(&(*c)->errors);
  ip_scratch_destroy(&(*c)->sc);
  ip_free((*c)->slot);
  ip_free(*c);
  *c = NULL;
}

ip_status ip_config_keep(ip_config *c, const char *text, const char **copy)
{
  char *p;
  *copy = NULL;
  if (!text) return IP_OK;
  size_t n = strlen(text) + 1;
  IP_TRY(IP_SCRATCH(c->sc, p, n, "text of the configuration"));
  memcpy(p, text, n);
  *copy = p;
  return IP_OK;
}

static ip_status copy_slot(ip_config *c, const ip_key *key, const ip_slot *from, ip_slot *to)
{
  *to = *from;
  IP_TRY(ip_config_keep(c, from->place.origin, &to->place.origin));
  IP_TRY(IP_SCRATCH(c->sc, to->value.element, from->value.n, "values of the configuration"));
  for (size_t i = 0; i < from->value.n; i++) {
    to->value.element[i] = from->value.element[i];
    if (key->kind == IP_KEY_TEXT || key->kind == IP_KEY_TEXTS)
      IP_TRY(ip_config_keep(c, from->value.element[i].text, &to->value.element[i].text));
  }
  return IP_OK;
}

static ip_status copy_slots(const ip_config *from, ip_config *to)
{
  IP_TRY(build(from->schema, to));
  IP_TRY(ip_config_keep(to, from->file, &to->file));
  for (size_t k = 0; k < from->schema->n_keys; k++)
    IP_TRY(copy_slot(to, &from->schema->key[k], &from->slot[k], &to->slot[k]));
  return IP_OK;
}

ip_status ip_config_copy(const ip_config *from, ip_config **out)
{
  *out = NULL;
  ip_config *c;
  IP_TRY(IP_NEW(c, 1, "configuration"));
  ip_status st = copy_slots(from, c);
  if (st != IP_OK)
    ip_config_destroy(&c);
  else
    *out = c;
  return st;
}

/* --- Files -------------------------------------------------------------------------------------------------------- */

static ip_status read_key(ip_config *c, size_t k, const ip_node *node)
{
  const ip_key *key = &c->schema->key[k];
  ip_slot *slot = &c->slot[k];
  if (slot->reading == c->n_readings) /* training.epochs: 1 beside training: {epochs: 2} */
    return ip_config_errors_add(c->errors, node->name_place, key->name, "duplicate key, first in line %zu",
                                slot->place.line);
  ip_value v;
  bool ok;
  slot->place = node->place;
  slot->reading = c->n_readings;
  IP_TRY(ip_value_from_node(key, node, c->sc, c->errors, &v, &ok));
  if (!ok) return IP_OK;
  slot->value = v;
  slot->given = true;
  return IP_OK;
}

static ip_status read_grid(ip_config *c, const ip_node *node)
{
  if (node->kind == IP_NODE_SCALAR && !*node->text) return IP_OK; /* "sweep:" with nothing below */
  if (node->kind != IP_NODE_MAP)
    return ip_config_errors_add(c->errors, node->place, c->schema->grid, "expected a mapping of keys to lists, got %s",
                                ip_node_words(node).text);
  c->grid = node;
  return IP_OK;
}

static size_t find(const ip_config *c, const char *name)
{
  const char *now = c->accepts_renamed ? ip_text_renamed(c->schema->renamed, name) : NULL;
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
    else if (it->kind == IP_NODE_LIST || *it->text)
      IP_TRY(ip_config_errors_add(c->errors, it->place, name, "expected a mapping of keys, got %s",
                                  ip_node_words(it).text));
  }
  return IP_OK;
}

void ip_config_accept_renamed(ip_config *c)
{
  c->accepts_renamed = true;
}

ip_status ip_config_read_text(ip_config *c, const char *path, size_t n, const char *text)
{
  const char *origin;
  ip_node *root;
  size_t before = ip_config_errors_count(c->errors);
  c->n_readings++;
  IP_TRY(ip_config_keep(c, path, &origin));
  IP_TRY(ip_tree_read(origin, n, text, c->sc, c->errors, &root));
  c->file = origin;
  ip_place start = {origin, 1, 1};
  if (!root && ip_config_errors_count(c->errors) == before)
    return ip_config_errors_add(c->errors, start, NULL, "the file is empty; see experiments/ for examples");
  if (!root) return IP_OK;
  if (root->kind != IP_NODE_MAP)
    return ip_config_errors_add(c->errors, root->place, NULL, "expected a mapping of keys ('key: value' lines), got %s",
                                ip_node_words(root).text);
  return read_section(c, "", root);
}

ip_status ip_config_read(ip_config *c, const char *path)
{
  size_t mark = ip_scratch_mark(c->sc), n = 0, room = 0;
  char *text = NULL;
  FILE *in = fopen(path, "rb");
  IP_REQUIRE(in, IP_ECONFIG, "%s: cannot read the configuration: %s", path, strerror(errno));
  ip_status st = IP_OK;
  while (st == IP_OK && n <= LARGEST_FILE) {
    if (n == room) {
      char *grown = ip_grow(text, n, room = 2 * room + 4096, 1, "configuration file");
      if (!grown) {
        st = IP_ENOMEM;
        break;
      }
      text = grown;
    }
    size_t got = fread(text + n, 1, room - n, in);
    n += got;
    if (!got) break;
  }
  int failed = ferror(in) ? errno : 0; /* a directory opens, but does not read */
  fclose(in);
  if (st == IP_OK && failed)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG, "%s: cannot read the configuration: %s", path,
                      strerror(failed));
  else if (st == IP_OK && n > LARGEST_FILE)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ECONFIG, "%s: larger than %d MiB; this is not a configuration",
                      path, LARGEST_FILE >> 20);
  else if (st == IP_OK)
    st = ip_config_read_text(c, path, n, text);
  ip_free(text);
  if (st != IP_OK) ip_scratch_release(c->sc, mark);
  return st;
}

/* --- Overrides ---------------------------------------------------------------------------------------------------- */

static ip_status set(ip_config *c, const char *name, const char *value, const char *origin)
{
  size_t k = ip_schema_find(c->schema, name);
  ip_place place = {.origin = origin};
  if (k == c->schema->n_keys) return ip_schema_unknown(c->schema, c->errors, place, name);
  ip_value v;
  bool ok;
  IP_TRY(ip_value_from_text(&c->schema->key[k], value, origin, c->sc, c->errors, &v, &ok));
  if (ok) c->slot[k] = (ip_slot){.value = v, .place = place, .given = true};
  return IP_OK;
}

ip_status ip_config_set_value(ip_config *c, const char *key, const char *value, const char *origin)
{
  const char *kept;
  IP_TRY(ip_config_keep(c, origin, &kept));
  return set(c, key, value, kept);
}

ip_status ip_config_set(ip_config *c, const char *assignment)
{
  const char *equals = strchr(assignment, '=');
  char *name, *origin;
  size_t n = strlen(assignment), n_name = equals ? (size_t)(equals - assignment) : n;
  IP_TRY(IP_SCRATCH(c->sc, origin, n + 8, "text of an override"));
  IP_TRY(IP_SCRATCH(c->sc, name, n_name + 1, "text of an override"));
  snprintf(origin, n + 8, "--set %s", assignment);
  memcpy(name, assignment, n_name);
  if (!equals || !n_name)
    return ip_config_errors_add(c->errors, (ip_place){.origin = origin}, NULL,
                                "expected key=value, as in --set training.epochs=100");
  return set(c, name, equals + 1, origin);
}

ip_status ip_config_put(ip_config *c, size_t k, const ip_value *value, const char *origin)
{
  ip_slot slot = {.value = *value, .place = {.origin = origin}, .given = true};
  return copy_slot(c, &c->schema->key[k], &slot, &c->slot[k]);
}

/* --- Handing out -------------------------------------------------------------------------------------------------- */

/* The index of a choice, for fields that are enums. */
static int place_of_choice(const ip_key *key, const char *text)
{
  const char *const *name = ip_key_choices(key);
  int i = 0;
  while (strcmp(name[i], text)) i++;
  return i;
}

static void store_one(const ip_key *key, ip_element e, char *field)
{
  bool truth = e.whole;
  int32_t small = (int32_t)e.whole;
  float real = (float)e.real;
  switch (key->kind) {
  case IP_KEY_BOOL:
    assert(key->size == sizeof truth);
    memcpy(field, &truth, sizeof truth);
    return;
  case IP_KEY_INT:
    assert(key->size == 8 || key->size == 4);
    memcpy(field, key->size == 8 ? (void *)&e.whole : (void *)&small, key->size);
    return;
  case IP_KEY_REAL:
    assert(key->size == 8 || key->size == 4);
    memcpy(field, key->size == 8 ? (void *)&e.real : (void *)&real, key->size);
    return;
  case IP_KEY_CHOICE:
    if (key->size == sizeof(int)) {
      int i = place_of_choice(key, e.text);
      memcpy(field, &i, sizeof i);
      return;
    }
    /* fall through */
  default:
    assert(key->size == sizeof e.text);
    memcpy(field, &e.text, sizeof e.text);
  }
}

void ip_config_fill(const ip_config *c, void *object)
{
  for (size_t k = 0; k < c->schema->n_keys; k++) {
    const ip_key *key = &c->schema->key[k];
    const ip_value *v = &c->slot[k].value;
    char *field = (char *)object + key->offset;
    if (ip_key_is_list(key)) {
      assert(key->size == sizeof(ip_element));
      memcpy(field, &v->element, sizeof v->element);
      memcpy((char *)object + key->count, &v->n, sizeof v->n);
    } else
      store_one(key, *v->element, field);
  }
}

/* --- Errors ------------------------------------------------------------------------------------------------------- */

ip_status ip_config_add_error(ip_config *c, const char *key, const char *fmt, ...)
{
  char text[1024];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  ip_place place = {.origin = c->file}; /* for defaults and errors of the whole */
  if (key) {
    size_t k = ip_schema_find(c->schema, key);
    assert(k < c->schema->n_keys);
    if (c->slot[k].place.origin) place = c->slot[k].place;
  }
  return ip_config_errors_add(c->errors, place, key, "%s", text);
}

ip_status ip_config_check(const ip_config *c)
{
  return ip_config_errors_check(c->errors);
}

size_t ip_config_n_errors(const ip_config *c)
{
  return ip_config_errors_count(c->errors);
}

bool ip_config_is_given(const ip_config *c, const char *key)
{
  size_t k = ip_schema_find(c->schema, key);
  return k < c->schema->n_keys && c->slot[k].given;
}
