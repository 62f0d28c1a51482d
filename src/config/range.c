#include "config/range.h"

#include "config/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FROM, TO, COUNT, SCALE, N_ENTRIES };

static const char *const scales[] = {"linear", "log", NULL};
static const ip_key entries[] = {
    [FROM] = {.name = "from", .kind = IP_KEY_REAL},
    [TO] = {.name = "to", .kind = IP_KEY_REAL},
    [COUNT] = {.name = "count", .kind = IP_KEY_INT, .range = "[2, 100000]"},
    [SCALE] = {.name = "scale", .kind = IP_KEY_CHOICE, .choices = scales},
};

static ip_status read_entry(const char *key, const ip_node *it, ip_scratch *sc, ip_config_errors *errors, ip_range *g,
                            bool *given, bool *ok)
{
  int which = 0;
  while (which < N_ENTRIES && strcmp(entries[which].name, it->name)) which++;
  if (which == N_ENTRIES) {
    *ok = false;
    return ip_config_errors_add(errors, it->name_place, key,
                                "unknown key %s of a range; expected from, to, count and scale",
                                ip_quote_text(it->name).text);
  }
  ip_key rule = entries[which];
  rule.name = key; /* named in errors */
  ip_value v;
  bool good;
  IP_TRY(ip_value_from_node(&rule, it, sc, errors, &v, &good));
  *ok = *ok && good;
  if (!good) return IP_OK;
  given[which] = true;
  if (which == FROM) g->from = v.element->real;
  if (which == TO) g->to = v.element->real;
  if (which == COUNT) g->n = (size_t)v.element->whole;
  if (which == SCALE) g->log = !strcmp(v.element->text, "log");
  return IP_OK;
}

ip_status ip_range_read(const char *key, const ip_node *map, ip_scratch *sc, ip_config_errors *errors, ip_range *g,
                        bool *ok)
{
  bool given[N_ENTRIES] = {false};
  *g = (ip_range){0};
  *ok = true;
  for (const ip_node *it = map->first; it; it = it->next) IP_TRY(read_entry(key, it, sc, errors, g, given, ok));
  if (!*ok) return IP_OK;
  *ok = false;
  if (!given[FROM] || !given[TO] || !given[COUNT])
    return ip_config_errors_add(errors, map->place, key,
                                "incomplete range; expected from, to and count, as in {from: 0.1, to: 0.9, count: 5}");
  if (g->from >= g->to)
    return ip_config_errors_add(errors, map->place, key, "range: got from %g to %g, expected from < to", g->from,
                                g->to);
  if (g->log && g->from <= 0)
    return ip_config_errors_add(errors, map->place, key, "logarithmic range: expected from > 0, got %g", g->from);
  *ok = true;
  return IP_OK;
}

double ip_range_at(const ip_range *g, size_t i)
{
  if (i == 0) return g->from;
  if (i == g->n - 1) return g->to;
  double part = (double)i / (double)(g->n - 1);
  double v = g->log ? pow(10, (1 - part) * log10(g->from) + part * log10(g->to)) : (1 - part) * g->from + part * g->to;
  char digits[32];
  snprintf(digits, sizeof digits, "%.12g", v);
  return strtod(digits, NULL);
}
