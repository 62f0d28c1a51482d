#include "study/axis.h"

#include "base/plain.h"
#include "base/text.h"

#include <string.h>

static const char *value(const ip_run_set *s, size_t group, size_t key)
{
  return s->group[group].value[key];
}

static bool is_called(const char *key, const char *const *names)
{
  const char *dot = strrchr(key, '.');
  for (; *names; names++)
    if (strcmp(key, *names) == 0 || (dot && strcmp(dot + 1, *names) == 0)) return true;
  return false;
}

size_t ip_axis_find(const ip_run_set *s, const char *const *names)
{
  for (size_t k = 0; k < s->n_keys; k++) {
    double number;
    bool fits = is_called(s->key[k], names);
    for (size_t g = 0; g < s->n_groups && fits; g++) fits = ip_parse_real(value(s, g, k), &number);
    if (fits) return k;
  }
  return s->n_keys;
}

bool ip_axis_determines(const ip_run_set *s, size_t a, size_t b)
{
  for (size_t g = 0; g < s->n_groups; g++)
    for (size_t h = 0; h < g; h++)
      if (strcmp(value(s, g, a), value(s, h, a)) == 0 && strcmp(value(s, g, b), value(s, h, b)) != 0) return false;
  return true;
}

/* "activation: relu, hidden: [10, 7]" of the keys that are not determined by the axis. */
static ip_status title_of(const ip_run_set *s, size_t group, const bool *tied, ip_scratch *sc, const char **title)
{
  const char *text = "";
  for (size_t k = 0; k < s->n_keys; k++) {
    if (tied[k]) continue;
    const char *dot = strrchr(s->key[k], '.');
    IP_TRY(ip_scratch_format(sc, &text, "%s%s%s: %s", text, *text ? ", " : "", dot ? dot + 1 : s->key[k],
                             value(s, group, k)));
  }
  return ip_plain_text(text, 160, sc, title);
}

/* Whether two groups differ in nothing but the axis and what goes with it. */
static bool same_panel(const ip_run_set *s, size_t g, size_t h, const bool *tied)
{
  for (size_t k = 0; k < s->n_keys; k++)
    if (!tied[k] && strcmp(value(s, g, k), value(s, h, k)) != 0) return false;
  return true;
}

static ip_status collect(const ip_run_set *s, size_t first, size_t axis, const bool *tied, ip_scratch *sc,
                         ip_axis_panel *p)
{
  size_t *group;
  double *number, x = 0;
  IP_TRY(IP_SCRATCH(sc, group, s->n_groups, "configurations"));
  IP_TRY(IP_SCRATCH(sc, number, s->n_groups, "configurations"));
  for (size_t g = first; g < s->n_groups; g++) {
    if (!same_panel(s, first, g, tied)) continue;
    ip_parse_real(value(s, g, axis), &x);
    size_t j = p->n++;
    for (; j > 0 && number[j - 1] > x; j--) {
      number[j] = number[j - 1];
      group[j] = group[j - 1];
    }
    number[j] = x;
    group[j] = g;
  }
  p->group = group;
  p->value = number;
  return title_of(s, first, tied, sc, &p->title);
}

ip_status ip_axis_panels(const ip_run_set *s, size_t axis, ip_scratch *sc, size_t *n, ip_axis_panel **panel)
{
  bool *tied;
  IP_TRY(IP_SCRATCH(sc, tied, s->n_keys, "keys"));
  IP_TRY(IP_SCRATCH(sc, *panel, s->n_groups, "panels"));
  for (size_t k = 0; k < s->n_keys; k++) tied[k] = ip_axis_determines(s, axis, k);
  *n = 0;
  for (size_t g = 0; g < s->n_groups; g++) {
    bool first = true;
    for (size_t h = 0; h < g; h++) first = first && !same_panel(s, g, h, tied);
    if (first) IP_TRY(collect(s, g, axis, tied, sc, &(*panel)[(*n)++]));
  }
  return IP_OK;
}
