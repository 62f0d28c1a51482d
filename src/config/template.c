/* template.c - a commented configuration to start from; the comments are the help of the keys. */
#include "config/state.h"

#include <string.h>

typedef enum { LEFT_OUT, COMMENTED_OUT, WRITTEN } how;

static bool is_listed(const char *const *list, const char *name)
{
  for (; list && *list; list++)
    if (!strcmp(*list, name)) return true;
  return false;
}

static how how_to_write(const ip_config *c, const ip_config_template *t, size_t k)
{
  const ip_key *key = &c->schema->key[k];
  bool given = c->slot[k].given && !key->own;
  if (key->role == IP_KEY_FILE) return LEFT_OUT;
  if (given) return t->inherits ? COMMENTED_OUT : WRITTEN;
  if (is_listed(t->also, key->name)) return WRITTEN;
  return t->all ? COMMENTED_OUT : LEFT_OUT;
}

/* "  #key: value" after its help. */
static void print_key(const ip_config *c, size_t k, how h, FILE *out)
{
  const ip_key *key = &c->schema->key[k];
  const char *dot = strrchr(key->name, '.'), *prefix = dot ? "  # " : "# ";
  ip_config_wrap(prefix, key->help, out);
  if (ip_key_choices(key)) ip_key_print_choices(key, prefix, out);
  fprintf(out, "%s%s%s: ", dot ? "  " : "", h == COMMENTED_OUT ? "#" : "", dot ? dot + 1 : key->name);
  if (key->own)
    fputs(*key->value ? key->value : "\"\"", out);
  else
    ip_value_print(key, &c->slot[k].value, out);
  fprintf(out, "%s%s\n", key->unit ? " # " : "", key->unit ? key->unit : "");
}

static void print_section(const ip_config *c, const ip_config_template *t, const ip_key_section *section, FILE *out)
{
  bool opened = false;
  for (size_t k = 0; k < c->schema->n_keys; k++) {
    const ip_key *key = &c->schema->key[k];
    how h = how_to_write(c, t, k);
    if (h == LEFT_OUT || !ip_key_in_section(key, section->name)) continue;
    if (!opened && *section->name)
      fprintf(out, "\n%s:\n", section->name);
    else
      fputc('\n', out);
    opened = true;
    print_key(c, k, h, out);
  }
}

void ip_config_print_template(const ip_config *c, const ip_config_template *t, FILE *out)
{
  for (size_t i = 0; i < c->schema->n_sections; i++) print_section(c, t, &c->schema->section[i], out);
  if (t->inherits || !c->grid) return;
  fputc('\n', out);
  ip_config_print_grid(c, out);
}
