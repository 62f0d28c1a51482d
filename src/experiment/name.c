/* name.c - the short name of a run, for people; digest.c has what identifies it for programs. */
#include "experiment/state.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 120, DIGEST_SHOWN = 12, MOST_AXES = 128 };

typedef struct name {
  char text[LONGEST + 80];
  size_t n;
  bool exact; /* nothing was omitted or replaced: different values have different names */
} name;

static void put(name *w, char ch)
{
  if (w->n < LONGEST)
    w->text[w->n++] = ch;
  else
    w->exact = false;
}

static void put_text(name *w, const char *s)
{
  while (*s) put(w, *s++);
}

/* "[10, 7]" -> "10x7", "tanh" -> "tanh", "a/b" -> "a-b" */
static void put_value(name *w, const char *value)
{
  for (const char *s = value; *s; s++) {
    if (!strncmp(s, ".0e", 3)) s += 2; /* 1.0e-09 -> 1e-09 */
    bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9');
    if (letter || strchr("._-+", *s))
      put(w, *s);
    else if (*s == ',')
      put(w, 'x');
    else if (*s == '"') /* a string with characters that a file name should not contain */
      w->exact = false;
    else if (!strchr("[] ", *s))
      put(w, '-');
  }
}

static const char *last_word(const char *key)
{
  const char *dot = strrchr(key, '.');
  return dot ? dot + 1 : key;
}

typedef struct {
  const char *text; /* as put_value writes it */
  size_t at;
} written;

static int by_text(const void *a, const void *b)
{
  return strcmp(((const written *)a)->text, ((const written *)b)->text);
}

/* Marks the values with '/' that another value is written like: of "a/b" and "a-b", the first. Nothing else is replaced
 * in values without quotes. NULL: no value has a '/'. */
static ip_status find_twins(size_t n, const char *const *value, ip_scratch *sc, const bool **out)
{
  size_t with_slash = 0;
  for (size_t i = 0; i < n; i++) with_slash += strchr(value[i], '/') != NULL;
  *out = NULL;
  if (with_slash == 0) return IP_OK;
  bool *twin;
  written *w;
  IP_TRY(IP_SCRATCH(sc, twin, n, "values of the sweep"));
  IP_TRY(IP_SCRATCH(sc, w, n, "values of the sweep"));
  for (size_t i = 0; i < n; i++) {
    name one = {.exact = true};
    put_value(&one, value[i]);
    w[i].at = i;
    IP_TRY(ip_scratch_text(sc, one.text, &w[i].text));
  }
  qsort(w, n, sizeof *w, by_text);
  for (size_t i = 0; i < n; i++) {
    bool again = (i > 0 && !by_text(&w[i], &w[i - 1])) || (i + 1 < n && !by_text(&w[i], &w[i + 1]));
    twin[w[i].at] = again && strchr(value[w[i].at], '/') != NULL;
  }
  *out = twin;
  return IP_OK;
}

ip_status ip_experiment_find_twins(ip_experiment *e)
{
  const ip_grid *g = e->grid;
  size_t n = 0;
  for (size_t a = 0; a < g->n_axes; a++) n += g->axis[a].n_keys;
  const bool **twins;
  IP_TRY(IP_SCRATCH(g->sc, twins, n, "keys of the sweep"));
  e->twins = twins;
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++)
      IP_TRY(find_twins(g->axis[a].n, g->axis[a].value[j], g->sc, twins++));
  return IP_OK;
}

static void put_axes(const ip_experiment *e, size_t k, name *w)
{
  size_t place[MOST_AXES];
  const ip_grid *g = e->grid;
  const bool *const *twin = e->twins;
  assert(g->n_axes <= MOST_AXES); /* a key is on at most one axis */
  ip_grid_place(g, k, place);
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++, twin++) {
      const char *key = g->axis[a].key[j];
      if (!strcmp(key, "seed")) continue; /* always at the end */
      put_text(w, last_word(key));        /* unique among all keys: a test checks this */
      put(w, '=');
      put_value(w, g->axis[a].value[j][place[a]]);
      if (*twin && (*twin)[place[a]]) w->exact = false;
      put(w, '_');
    }
}

ip_status ip_experiment_name_point(const ip_experiment *of, size_t k, ip_experiment *point)
{
  name w = {.exact = true};
  put_axes(of, k / (size_t)of->repeats, &w);
  int n = snprintf(w.text + w.n, sizeof w.text - w.n, "%sseed=%" PRIu64, w.n && w.text[w.n - 1] != '_' ? "_" : "",
                   point->seed);
  w.n += (size_t)n;
  if (!w.exact) snprintf(w.text + w.n, sizeof w.text - w.n, "_%.*s", DIGEST_SHOWN, point->digest);
  return IP_STRDUP(point->run_name, w.text);
}
