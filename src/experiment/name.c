/* name.c - the short name of a run, for people; digest.c has what identifies it for programs. */
#include "experiment/state.h"

#include <assert.h>
#include <inttypes.h>
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

/* Whether another of the values is written like the one at `at`: "a/b" and "a-b". Only '/' is replaced in values
 * without quotes. */
static bool has_twin(const ip_grid_axis *axis, size_t key, size_t at)
{
  name own = {.exact = true};
  if (!strchr(axis->value[key][at], '/')) return false;
  put_value(&own, axis->value[key][at]);
  for (size_t i = 0; i < axis->n; i++) {
    name other = {.exact = true};
    put_value(&other, axis->value[key][i]);
    if (i != at && own.n == other.n && !memcmp(own.text, other.text, own.n)) return true;
  }
  return false;
}

static const char *last_word(const char *key)
{
  const char *dot = strrchr(key, '.');
  return dot ? dot + 1 : key;
}

static void put_axes(const ip_grid *g, size_t k, name *w)
{
  size_t place[MOST_AXES];
  assert(g->n_axes <= MOST_AXES); /* a key is on at most one axis */
  ip_grid_place(g, k, place);
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++) {
      const char *key = g->axis[a].key[j];
      if (!strcmp(key, "seed")) continue; /* always at the end */
      put_text(w, last_word(key));        /* unique among all keys: a test checks this */
      put(w, '=');
      put_value(w, g->axis[a].value[j][place[a]]);
      if (has_twin(&g->axis[a], j, place[a])) w->exact = false;
      put(w, '_');
    }
}

ip_status ip_experiment_name_point(const ip_experiment *of, size_t k, ip_experiment *point)
{
  name w = {.exact = true};
  put_axes(of->grid, k / (size_t)of->repeats, &w);
  int n = snprintf(w.text + w.n, sizeof w.text - w.n, "%sseed=%" PRIu64, w.n && w.text[w.n - 1] != '_' ? "_" : "",
                   point->seed);
  w.n += (size_t)n;
  if (!w.exact) snprintf(w.text + w.n, sizeof w.text - w.n, "_%.*s", DIGEST_SHOWN, point->digest);
  return IP_STRDUP(point->run_name, w.text);
}
