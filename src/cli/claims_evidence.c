/* claims_evidence.c - the test that shows why a verdict is what it is: of a failing claim the clearest, of a claim that
 * holds the one nearest to its threshold, of an undecided one a test that is open. */
#include "cli/claims.h"

#include <math.h>
#include <string.h>

/* Distance of the effect from its nearest threshold, in units of the interval's reach towards it: above 1 if decided.
 */
static double margin(const ip_claim_row *w)
{
  const ip_test *t = &w->test->test;
  const ip_effect *e = &w->effect;
  double at[2] = {t->kind == IP_WITHIN ? -t->a : t->a, t->kind == IP_BETWEEN ? t->b : t->a}, least = (double)INFINITY;
  for (int i = 0; i < 2; i++) {
    double reach = at[i] < e->value ? e->value - e->interval.low : e->interval.high - e->value;
    if (reach > 0) least = fmin(least, fabs(e->value - at[i]) / reach);
  }
  return least;
}

/* The decision of the row's layer, or of its estimator if the test selects its own layers. */
static ip_decision decision_around(const ip_claim_result *r, const ip_claim_row *w)
{
  for (size_t i = 0; i < r->n_cells; i++)
    if (r->cell[i].layer == w->layer && !strcmp(r->cell[i].estimator, w->estimator)) return r->cell[i].decision;
  for (size_t i = 0; i < r->n_estimators; i++)
    if (!strcmp(r->estimator[i].name, w->estimator)) return r->estimator[i].decision;
  return IP_UNDECIDED;
}

/* The row with decision `test` of least margin (or greatest) in layers with decision `around`; NULL if there is none.
 */
static const ip_claim_row *find(const ip_claim_result *r, ip_decision around, ip_decision test, bool greatest)
{
  const ip_claim_row *best = NULL;
  for (size_t i = 0; i < r->n_rows; i++) {
    const ip_claim_row *w = &r->row[i];
    if (w->is_also || w->decision != test || decision_around(r, w) != around) continue;
    if (!best || (greatest ? margin(w) > margin(best) : margin(w) < margin(best))) best = w;
  }
  return best;
}

/* An undecided test: the one that needs as many seeds as the verdict, or one without an interval. */
static const ip_claim_row *find_open(const ip_claim_result *r)
{
  const ip_claim_row *best = NULL;
  for (size_t i = 0; i < r->n_rows; i++) {
    const ip_claim_row *w = &r->row[i];
    if (w->is_also || w->decision != IP_UNDECIDED || decision_around(r, w) != IP_UNDECIDED) continue;
    if (isfinite(r->seeds_needed) ? w->seeds_needed == r->seeds_needed : !best) best = w;
  }
  return best;
}

static void put_test(const ip_claim_entry *e, const char *before, const ip_claim_row *w, FILE *out)
{
  if (!w) return;
  fprintf(out, "%s", before);
  if (*w->estimator) fprintf(out, "by `%s`", w->estimator);
  if (w->layer) fprintf(out, "%sin layer %s", *w->estimator ? " " : "", ip_claims_layer_name(e, w->layer).text);
  fprintf(out, "%s`%s`, ", *w->estimator || w->layer ? ", " : "", w->text);
  if (isnan(w->effect.interval.low))
    fprintf(out, "no interval (%s)", w->effect.reason ? w->effect.reason : "too few values");
  else
    fprintf(out, "effect %.3g, %.3g %% interval %.3g to %.3g", w->effect.value, 100 * w->effect.level,
            w->effect.interval.low, w->effect.interval.high);
  fprintf(out, ", n = %zu. ", w->effect.n);
}

/* A test with the decision of its layer, or with the opposite one if the rule has only those (`not`); NULL. */
static const ip_claim_row *find_decided(const ip_claim_result *r, ip_decision around)
{
  bool holds = around == IP_HOLDS;
  const ip_claim_row *w = find(r, around, around, !holds);
  return w ? w : find(r, around, ip_not(around), !holds);
}

const ip_claim_row *ip_claims_key_test(const ip_claim_result *r, ip_decision around)
{
  return around == IP_UNDECIDED ? find_open(r) : find_decided(r, around);
}

static void put_decided(const ip_claim_entry *e, ip_decision around, FILE *out)
{
  static const char *const how[2][2] = {{"The test that fails most clearly: ", "The test that holds most clearly: "},
                                        {"The test that fails most narrowly: ", "The test that holds most narrowly: "}};
  const ip_claim_row *w = find_decided(e->result, around);
  if (w) put_test(e, how[around == IP_HOLDS][w->decision == IP_HOLDS], w, out);
}

void ip_claims_put_evidence(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  if (r->verdict == IP_VERDICT_HOLDS || r->verdict == IP_VERDICT_DEPENDS) put_decided(e, IP_HOLDS, out);
  if (r->verdict == IP_VERDICT_FAILS || r->verdict == IP_VERDICT_DEPENDS) put_decided(e, IP_FAILS, out);
  if (r->verdict != IP_VERDICT_UNDECIDED || *r->reason) return;
  put_test(e, "An undecided test: ", find_open(r), out);
  if (isfinite(r->seeds_needed))
    fprintf(out, "If the effects stayed as they are, about %.0f seeds would decide. ", r->seeds_needed);
  else if (r->n_rows)
    fputs("How many seeds would decide is unknown, because too many tests have no interval or contradict each other. ",
          out);
}
