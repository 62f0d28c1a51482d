/* points.c - where a rule is evaluated: the block of a view, and the points along a swept key. */
#include "claims/evaluate.h"

#include "base/text.h"
#include "claims/gather_run.h"

#include <string.h>

ip_rule_view ip_rule_moved(const ip_rule_view *v, const ip_rule_place *to)
{
  ip_rule_view at = *v;
  if (to->condition) at.condition = to->condition;
  if (to->estimator) at.estimator = to->estimator;
  if (to->split) at.split = to->split;
  if (to->layer.is_given) at.layer = to->layer;
  return at;
}

ip_status ip_rule_block(const ip_rule_view *v, const ip_claim_block **out)
{
  size_t n = 0;
  *out = v->block;
  if (v->block && !strcmp(v->block->condition, v->condition)) return IP_OK;
  for (size_t i = 0; i < v->table->n_blocks; i++)
    if (!strcmp(v->table->block[i].condition, v->condition) && !n++) *out = &v->table->block[i];
  IP_REQUIRE(n, IP_EINVAL, "the table has no runs of condition %s; run the claim again", v->condition);
  IP_REQUIRE(n == 1, IP_EINVAL,
             "condition %s has %zu points; select one by 'where', or use a function of a swept key, such as trend",
             v->condition, n);
  return IP_OK;
}

/* A number for sorting: the value, the length of a list, else the place among the points. */
static double number_of(const char *value, size_t place)
{
  double x;
  if (ip_parse_real(value, &x)) return x;
  if (*value != '[') return (double)place + 1;
  size_t n = value[1] != ']';
  for (const char *s = value; *s; s++) n += *s == ',';
  return (double)n;
}

static void insert_sorted(size_t n, ip_rule_view *view, double *number, ip_rule_view v, double x)
{
  size_t i = n;
  for (; i > 0 && number[i - 1] > x; i--) {
    view[i] = view[i - 1];
    number[i] = number[i - 1];
  }
  view[i] = v;
  number[i] = x;
}

static ip_status layer_points(const ip_rule_view *v, ip_scratch *sc, size_t *n, ip_rule_view **view, double **number)
{
  const ip_claim_block *b;
  IP_TRY(ip_rule_block(v, &b));
  IP_TRY(IP_SCRATCH(sc, *view, b->n_layers, "layers"));
  IP_TRY(IP_SCRATCH(sc, *number, b->n_layers, "layers"));
  for (size_t k = 1; k <= b->n_layers; k++) {
    if (b->layer[k - 1].is_output) continue;
    (*view)[*n] = *v;
    (*view)[*n].layer = (ip_layer_choice){true, (int)k};
    (*number)[(*n)++] = (double)k;
  }
  return IP_OK;
}

ip_status ip_rule_points(const ip_rule_view *v, const char *key, ip_scratch *sc, size_t *n, ip_rule_view **view,
                         double **number)
{
  *n = 0;
  if (!strcmp(key, "layers")) return layer_points(v, sc, n, view, number);
  IP_TRY(IP_SCRATCH(sc, *view, v->table->n_blocks, "points of a sweep"));
  IP_TRY(IP_SCRATCH(sc, *number, v->table->n_blocks, "points of a sweep"));
  for (size_t i = 0; i < v->table->n_blocks; i++) {
    const ip_claim_block *b = &v->table->block[i];
    size_t j = 0;
    if (strcmp(b->condition, v->condition)) continue;
    while (j < b->n_keys && strcmp(b->key[j], key)) j++;
    IP_REQUIRE(j < b->n_keys, IP_EINVAL, "condition %s does not sweep %s%s", v->condition, key,
               ip_text_hint(key, b->n_keys, b->key).text);
    ip_rule_view at = *v;
    at.block = b;
    insert_sorted(*n, *view, *number, at, number_of(b->value[j], *n));
    ++*n;
  }
  for (size_t i = 1; i < *n; i++)
    IP_REQUIRE((*number)[i] > (*number)[i - 1], IP_EINVAL,
               "condition %s has several points with the same %s; select those of one sweep by 'where'", v->condition,
               key);
  IP_REQUIRE(*n, IP_EINVAL, "the table has no runs of condition %s; run the claim again", v->condition);
  return IP_OK;
}
