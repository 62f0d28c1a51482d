#include "config/state.h"

#include "config/emit.h"

#include <stdlib.h>
#include <string.h>

/* --- Resolved configuration --------------------------------------------------------------------------------------- */

/* Length of the section in a key's name, without the dot. */
static size_t section_length(const char *name)
{
  const char *dot = strchr(name, '.');
  return dot ? (size_t)(dot - name) : 0;
}

static void print_node(const ip_node *node, int indent, bool flow, FILE *out);

static void print_scalar(const ip_node *node, FILE *out)
{
  char *end;
  strtod(node->text, &end);
  if (node->plain && (!*end || !strcmp(node->text, "true") || !strcmp(node->text, "false")))
    fputs(node->text, out); /* a number or boolean stays one */
  else
    ip_emit_text(node->text, out);
}

static void print_list(const ip_node *node, FILE *out)
{
  fputc('[', out);
  for (const ip_node *it = node->first; it; it = it->next) {
    print_node(it, 0, true, out);
    if (it->next) fputs(", ", out);
  }
  fputc(']', out);
}

static void print_map(const ip_node *node, int indent, bool flow, FILE *out)
{
  fputs(flow ? "{" : "\n", out);
  for (const ip_node *it = node->first; it; it = it->next) {
    if (!flow) fprintf(out, "%*s", indent, "");
    ip_emit_text(it->name, out);
    fputs(it->kind == IP_NODE_MAP && !flow ? ":" : ": ", out);
    print_node(it, indent + 2, flow, out);
    if (flow && it->next) fputs(", ", out);
    if (!flow && it->kind != IP_NODE_MAP) fputc('\n', out);
  }
  if (flow) fputc('}', out);
}

static void print_node(const ip_node *node, int indent, bool flow, FILE *out)
{
  if (node->kind == IP_NODE_SCALAR)
    print_scalar(node, out);
  else if (node->kind == IP_NODE_LIST)
    print_list(node, out);
  else
    print_map(node, indent, flow || !node->n, out);
  if (node->kind == IP_NODE_MAP && !flow && !node->n) fputc('\n', out);
}

void ip_config_print_grid(const ip_config *c, FILE *out)
{
  if (!c->grid) return;
  fprintf(out, "%s:", c->schema->grid);
  print_node(c->grid, 2, false, out);
}

void ip_config_print(const ip_config *c, ip_key_role last, FILE *out)
{
  const char *section = "";
  size_t n = 0; /* length of the section that is open */
  for (size_t k = 0; k < c->schema->n_keys; k++) {
    const ip_key *key = &c->schema->key[k];
    if (key->role > last || key->role == IP_KEY_FILE) continue;
    size_t length = section_length(key->name);
    if (length && (length != n || strncmp(section, key->name, n))) fprintf(out, "%.*s:\n", (int)length, key->name);
    section = key->name;
    n = length;
    fprintf(out, "%s%s: ", length ? "  " : "", key->name + (length ? length + 1 : 0));
    ip_value_print(key, &c->slot[k].value, out);
    fputc('\n', out);
  }
  if (last == IP_KEY_SHOW) ip_config_print_grid(c, out);
}

/* What a function prints, as a string. */
typedef struct catcher {
  char *text;
  size_t n;
  FILE *out;
} catcher;

static ip_status catch_begin(catcher *t)
{
  *t = (catcher){0};
  t->out = open_memstream(&t->text, &t->n);
  IP_REQUIRE(t->out, IP_ENOMEM, "no memory to print the configuration");
  return IP_OK;
}

static ip_status catch_end(catcher *t, char **text)
{
  bool failed = fclose(t->out) != 0;
  *text = failed ? NULL : ip_strdup(t->text);
  free(t->text);
  if (failed) IP_FAIL(IP_ENOMEM, "no memory to print the configuration");
  return *text ? IP_OK : IP_ENOMEM;
}

ip_status ip_config_text(const ip_config *c, ip_key_role last, char **text)
{
  catcher t;
  IP_TRY(catch_begin(&t));
  ip_config_print(c, last, t.out);
  return catch_end(&t, text);
}

ip_status ip_config_value_text(const ip_config *c, const char *name, char **text)
{
  size_t k = ip_schema_find(c->schema, name);
  IP_REQUIRE(k < c->schema->n_keys, IP_EINVAL, "unknown key '%s'", name);
  catcher t;
  IP_TRY(catch_begin(&t));
  ip_value_print(&c->schema->key[k], &c->slot[k].value, t.out);
  return catch_end(&t, text);
}

/* --- Differences -------------------------------------------------------------------------------------------------- */

static ip_status keep_in_scratch(catcher *t, ip_scratch *sc, const char **out)
{
  char *text, *copy;
  IP_TRY(catch_end(t, &text));
  size_t n = strlen(text) + 1;
  copy = ip_scratch_alloc(sc, n, 1, "text of a value");
  if (copy) memcpy(copy, text, n);
  ip_free(text);
  *out = copy;
  return copy ? IP_OK : IP_ENOMEM;
}

ip_status ip_value_text(const ip_key *key, const ip_value *v, ip_scratch *sc, const char **out)
{
  catcher t;
  IP_TRY(catch_begin(&t));
  ip_value_print(key, v, t.out);
  return keep_in_scratch(&t, sc, out);
}

ip_status ip_node_text(const ip_node *node, ip_scratch *sc, const char **out)
{
  catcher t;
  IP_TRY(catch_begin(&t));
  print_node(node, 0, true, t.out);
  return keep_in_scratch(&t, sc, out);
}

static ip_status grid_text(const ip_config *c, ip_scratch *sc, const char **out)
{
  *out = "";
  return c->grid ? ip_node_text(c->grid, sc, out) : IP_OK;
}

ip_status ip_config_diff(const ip_config *a, const ip_config *b, ip_scratch *sc, size_t *n, ip_config_change **change)
{
  const ip_schema *s = a->schema;
  IP_REQUIRE(s == b->schema, IP_EINVAL, "cannot compare configurations of different tables");
  *n = 0;
  IP_TRY(IP_SCRATCH(sc, *change, s->n_keys + 1, "changes of the configuration"));
  for (size_t k = 0; k < s->n_keys; k++) {
    if (s->key[k].role == IP_KEY_FILE) continue;
    if (ip_value_equal(&s->key[k], &a->slot[k].value, &b->slot[k].value)) continue;
    ip_config_change *row = &(*change)[(*n)++];
    *row = (ip_config_change){.key = s->key[k].name, .role = s->key[k].role};
    IP_TRY(ip_value_text(&s->key[k], &a->slot[k].value, sc, &row->from));
    IP_TRY(ip_value_text(&s->key[k], &b->slot[k].value, sc, &row->to));
  }
  const char *from, *to;
  IP_TRY(grid_text(a, sc, &from));
  IP_TRY(grid_text(b, sc, &to));
  if (strcmp(from, to)) (*change)[(*n)++] = (ip_config_change){s->grid, IP_KEY_TRAIN, from, to};
  return IP_OK;
}
