#include "config/state.h"

#include "base/text.h"

#include <string.h>

size_t ip_schema_find(const ip_schema *s, const char *name)
{
  size_t k = 0;
  while (k < s->n_keys && strcmp(s->key[k].name, name)) k++;
  return k;
}

bool ip_schema_is_section(const ip_schema *s, const char *name)
{
  size_t n = strlen(name);
  for (size_t k = 0; k < s->n_keys; k++)
    if (!strncmp(s->key[k].name, name, n) && s->key[k].name[n] == '.') return true;
  return false;
}

/* The first key of an existing section. */
static const char *first_of_section(const ip_schema *s, const char *section)
{
  size_t k = 0, n = strlen(section);
  while (strncmp(s->key[k].name, section, n) || s->key[k].name[n] != '.') k++;
  return s->key[k].name;
}

static const char *last_word(const char *name)
{
  const char *dot = strrchr(name, '.');
  return dot ? dot + 1 : name;
}

/* The key with this last word, if it is unique. */
static const char *same_last_word(const ip_schema *s, const char *name)
{
  const char *found = NULL;
  for (size_t k = 0; k < s->n_keys; k++) {
    if (strcmp(last_word(s->key[k].name), last_word(name))) continue;
    if (found) return NULL;
    found = s->key[k].name;
  }
  return found;
}

/* The key of the same section whose last word is nearest. */
static const char *nearest_in_section(const ip_schema *s, const char *name)
{
  size_t section = (size_t)(last_word(name) - name);
  const char *found = NULL;
  size_t best = strlen(last_word(name)) / 3 + 1;
  for (size_t k = 0; k < s->n_keys; k++) {
    const char *other = s->key[k].name;
    if ((size_t)(last_word(other) - other) != section || strncmp(other, name, section)) continue;
    if (ip_text_is_nearer(last_word(other), last_word(name), &best)) found = other;
  }
  return found;
}

static const char *nearest_section(const ip_schema *s, const char *name)
{
  if (strchr(name, '.')) return NULL;
  const char *found = NULL;
  size_t best = strlen(name) / 3 + 1;
  for (size_t i = 0; i <= s->n_sections; i++) {
    const char *other = i < s->n_sections ? s->section[i].name : s->grid;
    if (!other || !*other) continue;
    if (ip_text_is_nearer(other, name, &best)) found = other;
  }
  return found;
}

static const char *nearest_anywhere(const ip_schema *s, const char *name)
{
  const char *found = NULL;
  size_t best = strlen(name) / 3 + 1;
  for (size_t k = 0; k < s->n_keys; k++)
    if (ip_text_is_nearer(s->key[k].name, name, &best)) found = s->key[k].name;
  return found;
}

ip_status ip_schema_unknown(const ip_schema *s, ip_config_errors *errors, ip_place place, const char *name)
{
  const char *near = NULL, *now = ip_text_renamed(s->renamed, name);
  if (now) return ip_config_errors_add(errors, place, NULL, "%s was renamed to %s", name, now);
  if (ip_schema_is_section(s, name))
    return ip_config_errors_add(errors, place, NULL, "%s is a section; its keys are named in full, as in %s",
                                ip_quote_text(name).text, first_of_section(s, name));
  if (ip_config_errors_count(errors) < 100) { /* the search takes time, and so many errors call for --help-keys */
    near = nearest_in_section(s, name);
    if (!near) near = nearest_section(s, name);
    if (!near) near = same_last_word(s, name);
    if (!near) near = nearest_anywhere(s, name);
  }
  if (near)
    return ip_config_errors_add(errors, place, NULL, "unknown key %s; did you mean '%s'?", ip_quote_text(name).text,
                                near);
  return ip_config_errors_add(errors, place, NULL, "unknown key %s; --help-keys lists all keys",
                              ip_quote_text(name).text);
}
