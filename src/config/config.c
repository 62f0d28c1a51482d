#include "config/state.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

static_assert(sizeof(ip_element) == 8 && sizeof(size_t) == 8, "lists are handed out as arrays of 8-byte elements");

/* --- Life --------------------------------------------------------------------------------------------------------- */

static ip_status set_defaults(ip_config *c)
{
  for (size_t k = 0; k < c->schema->n_keys; k++) IP_TRY(ip_config_reset(c, k));
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

void ip_config_expect_stored(ip_config *c)
{
  c->is_stored = true;
}

/* --- Overrides ---------------------------------------------------------------------------------------------------- */

static ip_status set(ip_config *c, const char *name, const char *value, const char *origin)
{
  size_t k = ip_schema_find(c->schema, name);
  ip_place place = {.origin = origin};
  if (k == c->schema->n_keys) return ip_schema_unknown(c->schema, c->errors, place, name);
  if (c->schema->key[k].role == IP_KEY_FILE)
    return ip_config_errors_add(c->errors, place, name, "can only be set in the file");
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

ip_status ip_config_reset(ip_config *c, size_t k)
{
  const ip_key *key = &c->schema->key[k];
  bool ok;
  c->slot[k] = (ip_slot){0};
  return ip_value_from_text(key, key->value, "default", c->sc, c->errors, &c->slot[k].value, &ok);
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
