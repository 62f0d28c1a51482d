#include "dataset/labels.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_SLOTS = 64 };

typedef struct {
  char *text;
  double value; /* NaN: no number */
  int32_t id;
} label;

struct ip_label_pool {
  label *label; /* (cap) by number */
  size_t n, cap;
  size_t n_slots; /* a power of 2, more than twice the labels */
  int32_t *slot;  /* (n_slots) hash table: number + 1; 0: free */
};

ip_status ip_label_pool_create(ip_label_pool **out)
{
  ip_label_pool *pool;
  *out = NULL;
  IP_TRY(IP_NEW(pool, 1, "labels"));
  pool->n_slots = FEWEST_SLOTS;
  ip_status st = IP_NEW(pool->slot, FEWEST_SLOTS, "table of labels");
  if (st == IP_OK)
    *out = pool;
  else
    ip_free(pool);
  return st;
}

void ip_label_pool_destroy(ip_label_pool **pool)
{
  if (!*pool) return;
  for (size_t i = 0; i < (*pool)->n; i++) ip_free((*pool)->label[i].text);
  ip_free((*pool)->label);
  ip_free((*pool)->slot);
  ip_free(*pool);
  *pool = NULL;
}

/* FNV-1a (Fowler, Noll & Vo). */
static uint32_t hash(const char *s)
{
  uint32_t h = 2166136261u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 16777619u;
  return h;
}

static ip_status append(ip_label_pool *pool, const char *text, double value)
{
  if (pool->n == pool->cap) {
    size_t wider = pool->cap ? 2 * pool->cap : 16;
    label *grown = ip_grow(pool->label, pool->n, wider, sizeof *grown, "labels");
    if (!grown) return IP_ENOMEM;
    pool->label = grown;
    pool->cap = wider;
  }
  label *l = &pool->label[pool->n];
  IP_TRY(IP_STRDUP(l->text, text));
  l->value = value;
  l->id = (int32_t)pool->n++;
  return IP_OK;
}

/* The slot of a label, or the free one where it belongs. */
static size_t slot_of(const ip_label_pool *pool, const char *text)
{
  size_t last = pool->n_slots - 1, at = hash(text) & last;
  while (pool->slot[at] && strcmp(pool->label[pool->slot[at] - 1].text, text) != 0) at = (at + 1) & last;
  return at;
}

static ip_status widen(ip_label_pool *pool)
{
  if (2 * (pool->n + 1) < pool->n_slots) return IP_OK;
  int32_t *slot;
  IP_TRY(IP_NEW(slot, 2 * pool->n_slots, "table of labels"));
  ip_free(pool->slot);
  pool->slot = slot;
  pool->n_slots *= 2;
  for (size_t i = 0; i < pool->n; i++) slot[slot_of(pool, pool->label[i].text)] = (int32_t)i + 1;
  return IP_OK;
}

static ip_status find_or_append(ip_label_pool *pool, const char *text, double value, int32_t *id)
{
  size_t at = slot_of(pool, text);
  if (!pool->slot[at]) {
    IP_REQUIRE(pool->n < IP_LABELS_MAX_CLASSES, IP_EFORMAT,
               "more than %d different labels; expected classes, is another column the label?", IP_LABELS_MAX_CLASSES);
    IP_TRY(widen(pool));
    IP_TRY(append(pool, text, value));
    at = slot_of(pool, text);
    pool->slot[at] = (int32_t)pool->n;
  }
  *id = pool->slot[at] - 1;
  return IP_OK;
}

ip_status ip_label_pool_add(ip_label_pool *pool, const char *text, int32_t *id)
{
  double value;
  if (ip_parse_real(text, &value)) return ip_label_pool_add_number(pool, value, id);
  return ip_label_pool_add_word(pool, text, id);
}

ip_status ip_label_pool_add_word(ip_label_pool *pool, const char *text, int32_t *id)
{
  IP_REQUIRE(*text, IP_EFORMAT, "empty label; expected a class");
  return find_or_append(pool, text, NAN, id);
}

ip_status ip_label_pool_add_number(ip_label_pool *pool, double value, int32_t *id)
{
  char text[40];
  IP_REQUIRE(isfinite(value), IP_EFORMAT, "the label is %g; expected a class", value);
  snprintf(text, sizeof text, "%.15g", value + 0.0); /* no -0 */
  return find_or_append(pool, text, value, id);
}

ip_status ip_label_pool_add_whole(ip_label_pool *pool, double value, const char *instead, int32_t *id)
{
  IP_REQUIRE(!isfinite(value) || value == floor(value), IP_EFORMAT, "got %g, expected classes as whole numbers%s",
             value, instead);
  return ip_label_pool_add_number(pool, value, id);
}

static int by_value(const void *a, const void *b)
{
  double x = ((const label *)a)->value, y = ((const label *)b)->value;
  return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
  return strcmp(((const label *)a)->text, ((const label *)b)->text);
}

ip_status ip_label_pool_finish(ip_label_pool *pool, bool sort, ip_dataset *ds)
{
  bool numbers = true;
  for (size_t i = 0; i < pool->n; i++) numbers = numbers && !isnan(pool->label[i].value);
  if (sort && pool->n > 0) qsort(pool->label, pool->n, sizeof *pool->label, numbers ? by_value : by_text);
  IP_TRY(IP_NEW(ds->class_name, pool->n, "names of classes"));
  ds->n_classes = pool->n;
  for (size_t c = 0; c < pool->n; c++) {
    pool->slot[pool->label[c].id] = (int32_t)c; /* the table has done its work and now holds the new numbers */
    ds->class_name[c] = pool->label[c].text;
    pool->label[c].text = NULL;
  }
  for (size_t r = 0; r < ds->n; r++) ds->y[r] = pool->slot[ds->y[r]];
  return IP_OK;
}

int32_t ip_labels_most_probable(size_t n, const float *p)
{
  size_t best = 0;
  for (size_t c = 1; c < n; c++)
    if (p[c] >= p[best]) best = c;
  return (int32_t)best;
}
