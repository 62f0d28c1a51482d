#include "config/grid.h"

#include "config/range.h"
#include "config/state.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A key on an axis, with its values. */
typedef struct column {
  size_t key;          /* index in the table */
  ip_value *value;     // (n)
  const char **text;   // (n)
  const ip_node *node; /* its place in the file */
} column;

typedef struct axis {
  size_t n, n_columns;
  column *column; // (n_columns)
} axis;

typedef struct grid {
  ip_grid public; /* first: an ip_grid is the beginning of a grid */
  axis *axis;     // (public.n_axes)
} grid;

/* What reading needs. */
typedef struct reader {
  ip_config *c;
  ip_scratch *sc;
} reader;

static ip_status add_error(const reader *r, ip_place place, const char *key, const char *text)
{
  return ip_config_errors_add(r->c->errors, place, key, "%s", text);
}

/* --- Values ------------------------------------------------------------------------------------------------------- */

/* Reads one value of the column from `node`, checked like a value of the key. */
static ip_status read_value(const reader *r, column *col, size_t i, const ip_node *node, bool *ok)
{
  const ip_key *key = &r->c->schema->key[col->key];
  bool good;
  IP_TRY(ip_value_from_node(key, node, r->sc, r->c->errors, &col->value[i], &good));
  *ok = *ok && good;
  return good ? ip_value_text(key, &col->value[i], r->sc, &col->text[i]) : IP_OK;
}

static ip_status make_room(const reader *r, column *col, size_t n)
{
  IP_TRY(IP_SCRATCH(r->sc, col->value, n, "values of the sweep"));
  return IP_SCRATCH(r->sc, col->text, n, "values of the sweep");
}

static ip_status read_list(const reader *r, column *col, const ip_node *list, size_t *n, bool *ok)
{
  const char *name = r->c->schema->key[col->key].name;
  *n = list->n;
  *ok = list->n > 0;
  if (!*ok) return add_error(r, list->place, name, "the list of values is empty; expected at least one value");
  IP_TRY(make_room(r, col, list->n));
  size_t i = 0;
  for (const ip_node *it = list->first; it; it = it->next) IP_TRY(read_value(r, col, i++, it, ok));
  return IP_OK;
}

static ip_status read_range(const reader *r, column *col, const ip_node *map, size_t *n, bool *ok)
{
  const ip_key *key = &r->c->schema->key[col->key];
  ip_range g;
  *ok = key->kind == IP_KEY_INT || key->kind == IP_KEY_REAL;
  if (!*ok) return add_error(r, map->place, key->name, "a range requires a numeric key; use a list of values");
  IP_TRY(ip_range_read(key->name, map, r->sc, r->c->errors, &g, ok));
  if (!*ok) return IP_OK;
  *n = g.n;
  IP_TRY(make_room(r, col, *n));
  for (size_t i = 0; i < *n && *ok; i++) {
    char text[40];
    double v = ip_range_at(&g, i);
    if (key->kind == IP_KEY_INT)
      snprintf(text, sizeof text, "%.0f", round(v));
    else
      snprintf(text, sizeof text, "%.17g", v);
    const ip_node node = {.kind = IP_NODE_SCALAR, .plain = true, .text = text, .place = map->place};
    IP_TRY(read_value(r, col, i, &node, ok));
  }
  return IP_OK;
}

/* --- Axes --------------------------------------------------------------------------------------------------------- */

static ip_status check_key(const reader *r, const ip_node *entry, size_t k, bool *ok)
{
  const ip_schema *s = r->c->schema;
  *ok = false;
  if (k == s->n_keys) return ip_schema_unknown(s, r->c->errors, entry->name_place, entry->name);
  if (s->key[k].role != IP_KEY_TRAIN)
    return add_error(r, entry->name_place, s->key[k].name,
                     "cannot be swept because it does not affect training; set all values at the key itself");
  const ip_slot *slot = &r->c->slot[k];
  if (slot->given && !slot->place.line) /* by an override, which the sweep would silently undo */
    return ip_config_errors_add(r->c->errors, slot->place, s->key[k].name,
                                "is swept in %s:%zu; remove it from the sweep to set it", entry->name_place.origin,
                                entry->name_place.line);
  if (slot->given && slot->reading > r->c->grid_reading) /* the inherited sweep would silently undo it */
    return ip_config_errors_add(r->c->errors, slot->place, s->key[k].name,
                                "is swept by the inherited file (%s:%zu); end that sweep by '%s: ~', or give another",
                                entry->name_place.origin, entry->name_place.line, s->grid);
  *ok = true;
  return IP_OK;
}

/* Reads "key: [...]" or "key: {from: ...}"; n is the number of values. */
static ip_status read_column(const reader *r, const ip_node *entry, column *col, size_t *n, bool *ok)
{
  *n = 0;
  col->key = ip_schema_find(r->c->schema, entry->name);
  col->node = entry;
  IP_TRY(check_key(r, entry, col->key, ok));
  if (!*ok) return IP_OK;
  if (entry->kind == IP_NODE_LIST) return read_list(r, col, entry, n, ok);
  if (entry->kind == IP_NODE_MAP) return read_range(r, col, entry, n, ok);
  *ok = false;
  return ip_config_errors_add(r->c->errors, entry->place, entry->name,
                              "expected a list of values or a range {from, to, count, scale}, got %s",
                              ip_node_words(entry).text);
}

/* Rows of an axis, to find equal ones. */
typedef struct row {
  const axis *a;
  size_t i;
} row;

static int compare_rows(const void *x, const void *y)
{
  const row *p = x, *q = y;
  for (size_t j = 0; j < p->a->n_columns; j++) {
    int d = strcmp(p->a->column[j].text[p->i], p->a->column[j].text[q->i]);
    if (d) return d;
  }
  return 0;
}

static ip_status check_rows(const reader *r, const axis *a)
{
  size_t mark = ip_scratch_mark(r->sc);
  row *rows;
  IP_TRY(IP_SCRATCH(r->sc, rows, a->n, "rows of an axis"));
  for (size_t i = 0; i < a->n; i++) rows[i] = (row){a, i};
  qsort(rows, a->n, sizeof *rows, compare_rows);
  const column *first = &a->column[0];
  for (size_t i = 1; i < a->n; i++)
    if (!compare_rows(&rows[i - 1], &rows[i])) {
      ip_status st = ip_config_errors_add(r->c->errors, first->node->place, first->node->name,
                                          "duplicate value %s; to train a point with several seeds, set 'repeats'",
                                          first->text[rows[i].i]);
      ip_scratch_release(r->sc, mark);
      return st;
    }
  ip_scratch_release(r->sc, mark);
  return IP_OK;
}

static ip_status read_axis(const reader *r, const ip_node *first, size_t n_columns, axis *a)
{
  bool all = true;
  a->n_columns = n_columns;
  IP_TRY(IP_SCRATCH(r->sc, a->column, n_columns, "keys of an axis"));
  size_t j = 0;
  for (const ip_node *it = first; j < n_columns; it = it->next, j++) {
    size_t n;
    bool ok;
    IP_TRY(read_column(r, it, &a->column[j], &n, &ok));
    if (ok && !all) continue;
    if (ok && j && n != a->n) {
      ok = false;
      IP_TRY(ip_config_errors_add(r->c->errors, it->place, it->name,
                                  "got %zu values, expected %zu as in %s; lists in a zip must have equal length", n,
                                  a->n, first->name));
    }
    all = all && ok;
    a->n = n;
  }
  return all ? check_rows(r, a) : IP_OK;
}

/* --- The grid ----------------------------------------------------------------------------------------------------- */

static bool is_zip(const ip_node *entry)
{
  return !strcmp(entry->name, "zip");
}

static ip_status read_zip(const reader *r, const ip_node *map, axis *a, size_t *n_axes)
{
  if (map->kind != IP_NODE_MAP || !map->n)
    return ip_config_errors_add(r->c->errors, map->place, "zip",
                                "expected a mapping of keys to lists of equal length, got %s", ip_node_words(map).text);
  return read_axis(r, map->first, map->n, &a[(*n_axes)++]);
}

static size_t most_axes(const ip_node *sweep)
{
  size_t n = 0;
  for (const ip_node *it = sweep->first; it; it = it->next) n += is_zip(it) && it->kind == IP_NODE_LIST ? it->n : 1;
  return n;
}

static ip_status check_keys_once(const reader *r, const grid *g)
{
  const ip_node **seen;
  IP_TRY(IP_SCRATCH(r->sc, seen, r->c->schema->n_keys, "keys of the sweep"));
  for (size_t a = 0; a < g->public.n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_columns; j++) {
      const column *col = &g->axis[a].column[j];
      if (col->key == r->c->schema->n_keys) continue; /* an error already */
      if (seen[col->key])
        IP_TRY(ip_config_errors_add(r->c->errors, col->node->name_place, col->node->name,
                                    "is swept twice, first in line %zu", seen[col->key]->name_place.line));
      seen[col->key] = col->node;
    }
  return IP_OK;
}

static ip_status read_grid(const reader *r, grid *g)
{
  const ip_node *sweep = r->c->grid;
  if (!sweep) return IP_OK;
  IP_TRY(IP_SCRATCH(r->sc, g->axis, most_axes(sweep), "axes of the sweep"));
  size_t *n = &g->public.n_axes;
  for (const ip_node *it = sweep->first; it; it = it->next) {
    if (is_zip(it) && it->kind == IP_NODE_LIST) /* several groups of keys */
      for (const ip_node *map = it->first; map; map = map->next) IP_TRY(read_zip(r, map, g->axis, n));
    else if (is_zip(it))
      IP_TRY(read_zip(r, it, g->axis, n));
    else
      IP_TRY(read_axis(r, it, 1, &g->axis[(*n)++]));
  }
  return check_keys_once(r, g);
}

/* The public view of what was read. */
static ip_status show(const reader *r, grid *g)
{
  ip_grid_axis *shown;
  IP_TRY(IP_SCRATCH(r->sc, shown, g->public.n_axes, "axes of the sweep"));
  for (size_t a = 0; a < g->public.n_axes; a++) {
    const axis *from = &g->axis[a];
    const char **key;
    const char *const **value;
    IP_TRY(IP_SCRATCH(r->sc, key, from->n_columns, "keys of an axis"));
    IP_TRY(IP_SCRATCH(r->sc, value, from->n_columns, "keys of an axis"));
    for (size_t j = 0; j < from->n_columns; j++) {
      key[j] = r->c->schema->key[from->column[j].key].name;
      value[j] = from->column[j].text;
    }
    shown[a] = (ip_grid_axis){.n = from->n, .n_keys = from->n_columns, .key = key, .value = value};
  }
  g->public.axis = shown;
  return IP_OK;
}

static ip_status build(ip_config *c, grid *g)
{
  IP_TRY(ip_scratch_create(&g->public.sc));
  const reader r = {c, g->public.sc};
  size_t before = ip_config_errors_count(c->errors);
  IP_TRY(read_grid(&r, g));
  if (ip_config_errors_count(c->errors) > before) g->public.n_axes = 0;
  return show(&r, g);
}

ip_status ip_grid_create(ip_config *c, ip_grid **out)
{
  grid *g;
  *out = NULL;
  IP_TRY(IP_NEW(g, 1, "grid"));
  *out = &g->public;
  ip_status st = build(c, g);
  if (st != IP_OK) ip_grid_destroy(out);
  return st;
}

void ip_grid_destroy(ip_grid **g)
{
  if (!*g) return;
  ip_scratch_destroy(&(*g)->sc);
  ip_free(*g);
  *g = NULL;
}

/* --- Points ------------------------------------------------------------------------------------------------------- */

size_t ip_grid_count(const ip_grid *g)
{
  size_t n = 1;
  for (size_t a = 0; a < g->n_axes; a++) {
    if (n > SIZE_MAX / g->axis[a].n) return SIZE_MAX;
    n *= g->axis[a].n;
  }
  return n;
}

void ip_grid_place(const ip_grid *g, size_t k, size_t *place)
{
  for (size_t a = g->n_axes; a-- > 0;) {
    place[a] = k % g->axis[a].n;
    k /= g->axis[a].n;
  }
  assert(k == 0);
}

ip_status ip_grid_apply(const ip_grid *public, size_t k, ip_config *c)
{
  const grid *g = (const grid *)public;
  char text[48];
  const char *origin;
  if (!public->n_axes) return IP_OK;
  snprintf(text, sizeof text, "point %zu of the sweep", k);
  IP_TRY(ip_config_keep(c, text, &origin));
  for (size_t a = public->n_axes; a-- > 0;) {
    const axis *from = &g->axis[a];
    for (size_t j = 0; j < from->n_columns; j++)
      IP_TRY(ip_config_put(c, from->column[j].key, &from->column[j].value[k % from->n], origin));
    k /= from->n;
  }
  return IP_OK;
}
