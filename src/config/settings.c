#include "config/settings.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

/* A copy of n bytes without the blanks and the double quotes around them. */
static ip_status copy(ip_scratch *sc, const char *from, size_t n, const char **out)
{
  while (n && (*from == ' ' || *from == '\t')) from++, n--;
  while (n && (from[n - 1] == ' ' || from[n - 1] == '\t' || from[n - 1] == '\r')) n--;
  if (n >= 2 && from[0] == '"' && from[n - 1] == '"') from++, n -= 2;
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, n + 1, "setting"));
  memcpy(text, from, n);
  *out = text;
  return IP_OK;
}

static bool begins(const char *text, const char *with)
{
  return strncmp(text, with, strlen(with)) == 0;
}

static bool counts(const char *key)
{
  static const char *const others[] = {"seed", "repeats", "description", "figures", "figure_format", "estimators"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(key, others[i]) == 0) return false;
  return !begins(key, "log.") && !begins(key, "estimate.") && !begins(key, "sweep");
}

static ip_status join(ip_scratch *sc, const char *section, const char *name, const char **key)
{
  size_t n = strlen(section), m = strlen(name);
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, n + m + 2, "setting"));
  if (n) {
    memcpy(text, section, n);
    text[n++] = '.';
  }
  memcpy(text + n, name, m);
  *key = text;
  return IP_OK;
}

ip_status ip_settings_read(const char *yaml, ip_scratch *sc, ip_settings *out)
{
  size_t most = 1;
  for (const char *c = yaml; *c; c++) most += *c == '\n';
  ip_setting *setting;
  IP_TRY(IP_SCRATCH(sc, setting, most, "settings"));
  *out = (ip_settings){.setting = setting};
  const char *section = "";
  for (const char *line = yaml, *next; *line; line = next) {
    size_t n = strcspn(line, "\n");
    next = line + n + (line[n] == '\n');
    bool inside = *line == ' ';
    const char *colon = memchr(line, ':', n);
    if (!colon || *line == '#' || strspn(line, " ") == n || line[strspn(line, " ")] == '#') continue;
    const char *name, *value;
    IP_TRY(copy(sc, line, (size_t)(colon - line), &name));
    IP_TRY(copy(sc, colon + 1, n - (size_t)(colon + 1 - line), &value));
    if (!inside) section = "";
    if (!inside && !*value && line[n - 1] == ':') {
      section = name;
      continue;
    }
    const char *key;
    IP_TRY(join(sc, section, name, &key));
    if (counts(key)) setting[out->n++] = (ip_setting){key, value};
  }
  return IP_OK;
}

ip_status ip_settings_first_estimator(const char *yaml, ip_scratch *sc, const char **spec)
{
  static const char key[] = "estimators: [";
  const char *line = yaml;
  *spec = "";
  while (line && !begins(line, key)) {
    line = strchr(line, '\n');
    if (line) line++;
  }
  if (!line) return IP_OK;
  line += sizeof key - 1;
  size_t n = *line == '"' ? strcspn(line + 1, "\"\n") + 2 : strcspn(line, ",]\n");
  return copy(sc, line, n, spec);
}

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
