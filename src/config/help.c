#include "config/state.h"

#include <string.h>

enum { WIDTH = 100 };
static const char indent[] = "      ";

void ip_config_wrap(const char *prefix, const char *text, FILE *out)
{
  size_t column = 0;
  while (*text) {
    size_t word = strcspn(text, " \n");
    if (column && column + 1 + word > WIDTH) {
      fputc('\n', out);
      column = 0;
    }
    column += (size_t)fprintf(out, "%s", column ? " " : prefix);
    fwrite(text, 1, word, out);
    column += word;
    text += word;
    if (*text == '\n') {
      fputc('\n', out);
      column = 0;
    }
    text += *text != 0;
  }
  fputc('\n', out);
}

void ip_key_print_choices(const ip_key *key, const char *prefix, FILE *out)
{
  char text[1024] = "One of: ";
  size_t n = strlen(text);
  for (const char *const *name = ip_key_choices(key); *name && n < sizeof text; name++)
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", *name, name[1] ? ", " : ".");
  ip_config_wrap(prefix, text, out);
}

static void print_key(const ip_key *key, FILE *out)
{
  static const char *const kind_words[] = {
#define X(kind, words) [kind] = words,
      IP_KEY_KIND_LIST(X)
#undef X
  };
  fprintf(out, "  %s: %s\n", key->name, *key->value ? key->value : "\"\"");
  fprintf(out, "%s(%s", indent, kind_words[key->kind]);
  if (key->range) fprintf(out, " in %s", key->range);
  if (key->unit) fprintf(out, "; %s", key->unit);
  if (key->least || key->most) {
    fprintf(out, "; %zu", key->least);
    if (key->most) fprintf(out, " to %zu", key->most);
    fprintf(out, "%s values", key->most ? "" : " or more");
  }
  fputs(")\n", out);
  ip_config_wrap(indent, key->help, out);
  if (ip_key_choices(key)) ip_key_print_choices(key, indent, out);
}

bool ip_key_in_section(const ip_key *key, const char *section)
{
  size_t n = strlen(section);
  if (!n) return !strchr(key->name, '.');
  return !strncmp(key->name, section, n) && key->name[n] == '.';
}

void ip_config_help(const ip_schema *s, const char *only, FILE *out)
{
  for (size_t i = 0; i < s->n_sections; i++) {
    bool opened = false;
    for (size_t k = 0; k < s->n_keys; k++) {
      const ip_key *key = &s->key[k];
      if (!ip_key_in_section(key, s->section[i].name)) continue;
      if (only && strncmp(key->name, only, strlen(only))) continue;
      if (!opened) fprintf(out, "%s%s\n", i ? "\n" : "", s->section[i].help);
      opened = true;
      print_key(key, out);
    }
  }
}
