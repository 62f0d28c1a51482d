#include "claims/needs.h"

#include "claims/estimator_name.h"

#include <string.h>

typedef struct {
  ip_claim_needs *needs;
  ip_scratch *sc;
} collecting;

static bool same_text(const char *a, const char *b)
{
  return a == b || (a && b && !strcmp(a, b));
}

static bool same_need(const ip_claim_need *a, const ip_claim_need *b)
{
  return !strcmp(a->name, b->name) && same_text(a->estimator, b->estimator) && same_text(a->split, b->split) &&
         a->all_hidden == b->all_hidden && a->layer.is_given == b->layer.is_given && a->layer.number == b->layer.number;
}

static ip_status add_series(collecting *c, const char *name, ip_claim_need at)
{
  ip_claim_needs *k = c->needs;
  at.name = name;
  at.source = ip_rule_source(name, &at.path);
  if (at.source == IP_SOURCE_METRIC) {
    at.layer = (ip_layer_choice){0};
    at.all_hidden = false;
  }
  if (at.source != IP_SOURCE_ESTIMATE) at.estimator = at.split = NULL;
  for (size_t i = 0; i < k->n; i++)
    if (same_need(&k->need[i], &at)) return IP_OK;
  IP_TRY(IP_SCRATCH_GROW(c->sc, k->need, k->n, &k->room, "series of a claim"));
  k->need[k->n++] = at;
  return IP_OK;
}

static ip_status add_final(collecting *c, const char *name)
{
  ip_claim_needs *k = c->needs;
  for (size_t i = 0; i < k->n_finals; i++)
    if (!strcmp(k->final[i], name)) return IP_OK;
  IP_TRY(IP_SCRATCH_GROW(c->sc, k->final, k->n_finals, &k->finals_room, "metrics of a claim"));
  k->final[k->n_finals++] = name;
  return IP_OK;
}

static ip_status walk(collecting *c, const ip_rule *r, ip_claim_need at)
{
  if (!r) return IP_OK;
  if (r->op == IP_OP_SERIES) return add_series(c, r->text, at);
  if (r->op == IP_OP_FINAL) return add_final(c, r->text);
  if (r->op == IP_OP_AT && r->place.estimator) at.estimator = r->place.estimator;
  if (r->op == IP_OP_AT && r->place.split) at.split = r->place.split;
  if (r->op == IP_OP_AT && r->place.layer.is_given) at.layer = r->place.layer;
  if (r->op == IP_OP_CALL && r->text && !strcmp(r->text, "layers")) at.all_hidden = true;
  if (r->op == IP_OP_ANY_HIDDEN || r->op == IP_OP_ALL_HIDDEN) at.all_hidden = true;
  for (size_t i = 0; i < r->n; i++) IP_TRY(walk(c, r->arg[i], at));
  return IP_OK;
}

static bool has_text(size_t n, const char *const *list, const char *text)
{
  for (size_t i = 0; i < n; i++)
    if (!strcmp(list[i], text)) return true;
  return false;
}

static ip_status list_estimators(const ip_claim *claim, collecting *c)
{
  ip_claim_needs *k = c->needs;
  IP_TRY(IP_SCRATCH(c->sc, k->estimator, (claim->n_estimators + 1) * (k->n + 1), "estimators of a claim"));
  for (size_t i = 0; i < k->n; i++) {
    const ip_claim_need *need = &k->need[i];
    if (need->source != IP_SOURCE_ESTIMATE) continue;
    for (size_t j = 0; j < (need->estimator ? 1 : claim->n_estimators); j++) {
      const char *label;
      IP_TRY(ip_estimator_name_on(need->estimator ? need->estimator : claim->estimator[j], need->split, c->sc, &label));
      if (!has_text(k->n_estimators, k->estimator, label)) k->estimator[k->n_estimators++] = label;
    }
  }
  return IP_OK;
}

ip_status ip_claim_find_needs(const ip_claim *claim, ip_scratch *sc, ip_claim_needs *out)
{
  *out = (ip_claim_needs){0};
  collecting c = {out, sc};
  IP_TRY(walk(&c, claim->measurable, (ip_claim_need){0}));
  for (size_t i = 0; i < claim->n_parts; i++) IP_TRY(walk(&c, claim->part[i].rule, (ip_claim_need){0}));
  for (size_t i = 0; i < claim->n_also; i++) IP_TRY(walk(&c, claim->also[i].rule, (ip_claim_need){0}));
  IP_TRY(walk(&c, claim->verdict, (ip_claim_need){0}));
  return list_estimators(claim, &c);
}
