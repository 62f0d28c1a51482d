#include "dataset/labels.h"

#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *text;
  double value; /* NaN: no number */
  int32_t id;
} label;

struct ip_label_pool {
  label **label; /* (cap) by number */
  size_t n, cap;
  void *by_text; /* balanced tree of tsearch: no choice of texts makes a search slow */
};

ip_status ip_label_pool_create(ip_label_pool **out)
{
  return IP_NEW(*out, 1, "labels");
}

static int compare_texts(const void *a, const void *b)
{
  return strcmp(((const label *)a)->text, ((const label *)b)->text);
}

void ip_label_pool_destroy(ip_label_pool **pool)
{
  ip_label_pool *p = *pool;
  if (!p) return;
  for (size_t i = 0; i < p->n; i++) {
    tdelete(p->label[i], &p->by_text, compare_texts);
    ip_free(p->label[i]->text);
    ip_free(p->label[i]);
  }
  ip_free(p->label);
  ip_free(p);
  *pool = NULL;
}

/* A label with the next number, in the list but not yet in the tree. */
static ip_status append(ip_label_pool *pool, const char *text, double value)
{
  if (pool->n == pool->cap) {
    size_t wider = pool->cap ? 2 * pool->cap : 16;
    label **grown = ip_grow(pool->label, pool->n, wider, sizeof *grown, "labels");
    if (!grown) return IP_ENOMEM;
    pool->label = grown;
    pool->cap = wider;
  }
  label *l;
  IP_TRY(IP_NEW(l, 1, "label"));
  ip_status st = IP_STRDUP(l->text, text);
  if (st != IP_OK) {
    ip_free(l);
    return st;
  }
  l->value = value;
  l->id = (int32_t)pool->n;
  pool->label[pool->n++] = l;
  return IP_OK;
}

static ip_status find_or_append(ip_label_pool *pool, const char *text, double value, int32_t *id)
{
  const label wanted = {.text = (char *)text};
  label *const *found = tfind(&wanted, &pool->by_text, compare_texts);
  if (!found) {
    IP_REQUIRE(pool->n < IP_LABELS_MAX_CLASSES, IP_EFORMAT,
               "more than %d different labels; expected classes, is another column the label?", IP_LABELS_MAX_CLASSES);
    IP_TRY(append(pool, text, value));
    found = tsearch(pool->label[pool->n - 1], &pool->by_text, compare_texts);
    IP_REQUIRE(found, IP_ENOMEM, "out of memory for labels");
  }
  *id = (*found)->id;
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
  double x = (*(label *const *)a)->value, y = (*(label *const *)b)->value;
  return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
  return compare_texts(*(label *const *)a, *(label *const *)b);
}

ip_status ip_label_pool_finish(ip_label_pool *pool, bool sort, ip_dataset *ds)
{
  bool numbers = true;
  for (size_t i = 0; i < pool->n; i++) numbers = numbers && !isnan(pool->label[i]->value);
  if (sort && pool->n > 0) qsort(pool->label, pool->n, sizeof *pool->label, numbers ? by_value : by_text);
  int32_t *class_of;
  IP_TRY(IP_NEW(class_of, pool->n, "numbers of classes"));
  ip_status st = IP_NEW(ds->class_name, pool->n, "names of classes");
  if (st == IP_OK) ds->n_classes = pool->n;
  for (size_t c = 0; st == IP_OK && c < pool->n; c++) {
    class_of[pool->label[c]->id] = (int32_t)c;
    st = IP_STRDUP(ds->class_name[c], pool->label[c]->text);
  }
  for (size_t r = 0; st == IP_OK && r < ds->n; r++) ds->y[r] = class_of[ds->y[r]];
  ip_free(class_of);
  return st;
}

int32_t ip_labels_most_probable(size_t n, const float *p)
{
  size_t best = 0;
  for (size_t c = 1; c < n; c++)
    if (p[c] >= p[best]) best = c;
  return (int32_t)best;
}
