#include "claims/evaluate.h"

#include <math.h>

enum { BOOTSTRAP_SEED = 1 };

/* Values of a sweep, group by group: (n_groups, n_seeds). */
static ip_status values_of_groups(const ip_rule_view *v, const ip_rule *r, size_t argument, ip_scratch *sc,
                                  size_t *n_groups, ip_seed_value **out)
{
  ip_rule_view *view;
  double *number;
  size_t m = v->table->n_seeds;
  IP_TRY(ip_rule_points(v, r->text, sc, n_groups, &view, &number));
  IP_TRY(IP_SCRATCH(sc, *out, *n_groups * m, "values of groups"));
  for (size_t g = 0; g < *n_groups; g++) {
    ip_seed_value *one;
    IP_TRY(ip_rule_values(&view[g], r->arg[argument], sc, &one));
    for (size_t i = 0; i < m; i++) (*out)[g * m + i] = one[i];
  }
  return IP_OK;
}

static ip_status grouped_effect(const ip_rule_view *v, const ip_rule *r, double level, ip_scratch *sc, ip_effect *out)
{
  size_t n_groups, m = v->table->n_seeds, *group;
  ip_seed_value *x, *y;
  IP_TRY(values_of_groups(v, r, 0, sc, &n_groups, &x));
  if (r->function == IP_FUNCTION_VARIANCE_SHARE) return ip_summary_variance_share(n_groups, m, x, level, sc, out);
  IP_TRY(values_of_groups(v, r, 1, sc, &n_groups, &y));
  IP_TRY(IP_SCRATCH(sc, group, n_groups * m, "groups"));
  for (size_t i = 0; i < n_groups * m; i++) group[i] = i / m;
  return ip_summary_pooled_corr(r->correlation, n_groups, n_groups * m, x, y, group, level, sc, out);
}

static ip_status effect_of(const ip_rule_view *v, const ip_rule *r, double level, ip_scratch *sc, ip_effect *out)
{
  size_t n = v->table->n_seeds;
  ip_seed_value *x, *y = NULL;
  if (r->op == IP_OP_AT) {
    ip_rule_view at = ip_rule_moved(v, &r->place);
    return effect_of(&at, r->arg[0], level, sc, out);
  }
  if (r->text) return grouped_effect(v, r, level, sc, out);
  IP_TRY(ip_rule_values(v, r->arg[0], sc, &x));
  if (r->n == 2) IP_TRY(ip_rule_values(v, r->arg[1], sc, &y));
  if (r->function == IP_FUNCTION_MEDIAN) return ip_summary_median(n, x, level, sc, out);
  if (r->function == IP_FUNCTION_RATIO) return ip_summary_ratio(n, x, y, level, BOOTSTRAP_SEED, sc, out);
  if (r->function == IP_FUNCTION_CORR) return ip_summary_corr(r->correlation, n, x, y, level, sc, out);
  if (r->function == IP_FUNCTION_MEAN) return ip_summary_mean(n, x, level, BOOTSTRAP_SEED, sc, out);
  ip_summary_share(n, x, level, out);
  return IP_OK;
}

ip_status ip_rule_effect(const ip_rule_view *v, const ip_rule *r, double level, ip_scratch *sc, ip_effect *out)
{
  size_t mark = ip_scratch_mark(sc);
  ip_status st = effect_of(v, r, level, sc, out);
  ip_scratch_release(sc, mark);
  return st;
}

/* "One of these layers" holds at the level of Holm's first step, and fails at the level of one test. Below a `not` it
 * is the other way round. */
static ip_status decide_test(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_decision *out)
{
  ip_effect e;
  double level = ip_claim_level(ip_rule_is_cross_fitted(r), v->n_looks);
  IP_TRY(ip_rule_effect(v, r->arg[0], level, sc, &e));
  if (v->by_value) e.interval = (ip_bounds){e.value, e.value};
  ip_test t = ip_test_scaled(&r->test, e.scale, v->factor);
  *out = ip_test_decide(&t, &e);
  if (*out == (v->is_negated ? IP_FAILS : IP_HOLDS) && v->n_alternatives > 1 && !v->by_value) {
    ip_effect strict;
    IP_TRY(ip_rule_effect(v, r->arg[0], ip_any_level(level, v->n_alternatives), sc, &strict));
    *out = ip_test_decide(&t, &strict);
  }
  if (v->see) v->see(v->user, v, r, &e, *out);
  return IP_OK;
}

/* The decision of each hidden layer, combined. */
static ip_status decide_layers(const ip_rule_view *v, const ip_rule *r, const ip_decision *part, ip_scratch *sc,
                               ip_decision *out)
{
  size_t n;
  ip_rule_view *view;
  double *number;
  bool any = r->op == IP_OP_ANY_HIDDEN;
  IP_TRY(ip_rule_points(v, "layers", sc, &n, &view, &number));
  *out = any ? IP_FAILS : IP_HOLDS;
  for (size_t i = 0; i < n; i++) {
    ip_decision d;
    if (any) view[i].n_alternatives = n;
    IP_TRY(ip_rule_decide(&view[i], r->arg[0], part, sc, &d));
    *out = any ? ip_or(*out, d) : ip_and(*out, d);
  }
  return IP_OK;
}

ip_status ip_rule_decide(const ip_rule_view *v, const ip_rule *r, const ip_decision *part, ip_scratch *sc,
                         ip_decision *out)
{
  if (r->op == IP_OP_TEST) return decide_test(v, r, sc, out);
  if (r->op == IP_OP_PART) {
    *out = part[(size_t)r->number];
    return IP_OK;
  }
  if (r->op == IP_OP_ANY_HIDDEN || r->op == IP_OP_ALL_HIDDEN) return decide_layers(v, r, part, sc, out);
  ip_decision a, b = IP_UNDECIDED;
  ip_rule_view below = *v;
  below.is_negated ^= r->op == IP_OP_NOT;
  IP_TRY(ip_rule_decide(&below, r->arg[0], part, sc, &a));
  if (r->n == 2) IP_TRY(ip_rule_decide(&below, r->arg[1], part, sc, &b));
  if (r->op == IP_OP_BOTH)
    *out = a == b ? a : IP_UNDECIDED;
  else
    *out = r->op == IP_OP_AND ? ip_and(a, b) : r->op == IP_OP_OR ? ip_or(a, b) : ip_not(a);
  return IP_OK;
}
