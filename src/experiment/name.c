/* name.c - what tells runs apart: a short name for people and a digest for programs. */
#include "experiment/state.h"

#include "file/digest.h"

#include <inttypes.h>
#include <string.h>

enum { LONGEST = 120, DIGEST_SHOWN = 12 };

ip_status ip_experiment_digest(const ip_config *c, ip_key_role last, char out[static 65])
{
  char *text;
  IP_TRY(ip_config_text(c, last, &text));
  ip_digest_bytes(text, strlen(text), out);
  ip_free(text);
  return IP_OK;
}

typedef struct name {
  char text[LONGEST + 80];
  size_t n;
  bool exact; /* nothing was left out or replaced: other values have another name */
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
    bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9');
    if (letter || strchr("._-+", *s))
      put(w, *s);
    else if (*s == ',')
      put(w, 'x');
    else if (*s == '"') /* a text with characters that no file name should have */
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

/* Whether another swept key ends with the same word. */
static bool is_ambiguous(const ip_grid *g, const char *key)
{
  size_t n = 0;
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++) n += !strcmp(last_word(g->axis[a].key[j]), last_word(key));
  return n > 1;
}

static ip_status put_axes(const ip_grid *g, size_t k, name *w)
{
  size_t place[64];
  for (size_t a = 0; a < g->n_axes && a < 64; a++) place[a] = 0;
  if (g->n_axes > 64) {
    w->exact = false; /* nobody reads so long a name */
    return IP_OK;
  }
  ip_grid_place(g, k, place);
  for (size_t a = 0; a < g->n_axes; a++)
    for (size_t j = 0; j < g->axis[a].n_keys; j++) {
      const char *key = g->axis[a].key[j];
      if (!strcmp(key, "seed")) continue; /* stands at the end in any case */
      put_text(w, is_ambiguous(g, key) ? key : last_word(key));
      put(w, '=');
      put_value(w, g->axis[a].value[j][place[a]]);
      put(w, '_');
    }
  return IP_OK;
}

ip_status ip_experiment_name_point(const ip_experiment *of, size_t k, ip_experiment *point)
{
  name w = {.exact = true};
  IP_TRY(put_axes(of->grid, k / (size_t)of->repeats, &w));
  int n = snprintf(w.text + w.n, sizeof w.text - w.n, "%sseed=%" PRIu64, w.n && w.text[w.n - 1] != '_' ? "_" : "",
                   point->seed);
  w.n += (size_t)n;
  if (!w.exact) snprintf(w.text + w.n, sizeof w.text - w.n, "_%.*s", DIGEST_SHOWN, point->digest);
  return IP_STRDUP(point->run_name, w.text);
}
