/* claims_why.c - the verdict of a claim in one clause: which part of its rule decides, its effect, and what it needs.
 */
#include "cli/claims.h"

#include <math.h>
#include <string.h>

typedef struct {
  const ip_claim_entry *entry;
  const char *quote; /* around names */
  FILE *out;
} writer;

static void put_name(const writer *w, const char *name)
{
  fprintf(w->out, "%s%s%s", w->quote, name, w->quote);
}

/* "> 0.2", "within -1.3 to -0.7" */
static void put_needed(const writer *w, const ip_test *t)
{
  switch (t->kind) {
  case IP_ABOVE:
    fprintf(w->out, "> %g", t->a);
    break;
  case IP_BELOW:
    fprintf(w->out, "< %g", t->a);
    break;
  case IP_WITHIN:
    fprintf(w->out, "within %g to %g", -t->a, t->a);
    break;
  case IP_BETWEEN:
    fprintf(w->out, "within %g to %g", t->a, t->b);
    break;
  }
}

/* "-0.00177 in layer 3 by edges, needs > 0.2"; with the interval of a test that is open. `opposite`: the part must not
 * hold. */
static void put_effect(const writer *w, const ip_claim_row *row, bool opposite)
{
  const ip_effect *f = &row->effect;
  if (isnan(f->interval.low))
    fputs("no interval", w->out);
  else if (row->decision == IP_UNDECIDED)
    fprintf(w->out, "%.3g (%.3g to %.3g)", f->value, f->interval.low, f->interval.high);
  else
    fprintf(w->out, "%.3g", f->value);
  if (row->layer) {
    const char *name = ip_claims_layer_name(w->entry, row->layer).text;
    bool is_output = !strcmp(name, "output");
    fprintf(w->out, is_output ? " in the %s layer" : " in layer %s", name);
  }
  if (*row->estimator) {
    fputs(" by ", w->out);
    put_name(w, row->estimator);
  }
  fputs(opposite ? ", needs not " : ", needs ", w->out);
  put_needed(w, &row->test->test);
}

static bool is_of(const ip_claim_row *row, const char *part)
{
  return !row->is_also && !strcmp(row->part, part);
}

/* " in 13 of 28 tests" */
static void put_extent(const writer *w, const char *part, ip_decision decision)
{
  const ip_claim_result *r = w->entry->result;
  size_t n = 0, all = 0;
  for (size_t i = 0; i < r->n_rows; i++) {
    all += is_of(&r->row[i], part);
    n += is_of(&r->row[i], part) && r->row[i].decision == decision;
  }
  if (all > 1) fprintf(w->out, n == all ? " in all %zu tests" : " in %zu of %zu tests", n == all ? all : n, all);
}

/* Of a rule of several parts, the name of this one with what is so. */
static void put_part(const writer *w, const ip_claim_row *row, const char *what)
{
  if (w->entry->claim->n_parts < 2) return;
  put_name(w, row->part);
  fprintf(w->out, " %s", what);
}

/* "; in_order fails in 1 of 14 tests": other parts with a test that fails. */
static void put_other_parts(const writer *w, const ip_claim_row *first)
{
  const ip_claim *c = w->entry->claim;
  const ip_claim_result *r = w->entry->result;
  for (size_t i = 0; i < c->n_parts; i++) {
    bool any = false;
    if (!strcmp(c->part[i].name, first->part)) continue;
    for (size_t j = 0; j < r->n_rows; j++) any |= is_of(&r->row[j], c->part[i].name) && r->row[j].decision == IP_FAILS;
    if (!any) continue;
    fputs("; ", w->out);
    put_name(w, c->part[i].name);
    fputs(" fails", w->out);
    put_extent(w, c->part[i].name, IP_FAILS);
  }
}

static void put_failing(const writer *w)
{
  const ip_claim_row *row = ip_claims_key_test(w->entry->result, IP_FAILS);
  if (!row) return;
  bool opposite = row->decision == IP_HOLDS;
  if (w->entry->claim->n_parts > 1) {
    put_part(w, row, opposite ? "holds" : "fails");
    put_extent(w, row->part, row->decision);
    fputs(", most clearly ", w->out);
  }
  put_effect(w, row, opposite);
  if (!opposite) put_other_parts(w, row);
}

static void put_holding(const writer *w)
{
  const ip_claim_row *row = ip_claims_key_test(w->entry->result, IP_HOLDS);
  if (!row) return;
  bool opposite = row->decision == IP_FAILS;
  put_part(w, row, opposite ? "fails most narrowly: " : "holds most narrowly: ");
  put_effect(w, row, opposite);
}

static void put_open(const writer *w)
{
  const ip_claim_result *r = w->entry->result;
  const ip_claim_row *row = ip_claims_key_test(r, IP_UNDECIDED);
  if (*r->reason || !row) {
    fputs(*r->reason ? r->reason : "no layer is measurable", w->out);
    return;
  }
  put_part(w, row, "is open: ");
  put_effect(w, row, false);
}

void ip_claims_put_why(const ip_claim_entry *e, const char *quote, FILE *out)
{
  const writer w = {e, quote, out};
  switch (e->result->verdict) {
  case IP_VERDICT_HOLDS:
    put_holding(&w);
    break;
  case IP_VERDICT_FAILS:
    put_failing(&w);
    break;
  case IP_VERDICT_DEPENDS:
    put_holding(&w);
    fputs("; ", out);
    put_failing(&w);
    break;
  case IP_VERDICT_UNDECIDED:
    put_open(&w);
    break;
  }
}

/* ---------------------------------------------------------------- layers */

static bool is_tested(const ip_claim_result *r, size_t layer)
{
  bool is = false;
  for (size_t i = 0; i < r->n_rows; i++) is |= !r->row[i].is_also && r->row[i].layer == layer;
  return is;
}

void ip_claims_put_layers(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  size_t most = 0, n = 0;
  for (size_t i = 0; i < r->n_rows; i++) most = r->row[i].layer > most ? r->row[i].layer : most;
  bool ends_at_output = most && !strcmp(ip_claims_layer_name(e, most).text, "output");
  size_t last_number = ends_at_output ? most - 1 : most;
  for (size_t k = 1; k <= last_number; k++) {
    size_t end = k;
    if (!is_tested(r, k)) continue;
    while (end < last_number && is_tested(r, end + 1)) end++;
    bool is_range = end > k + 1;
    fprintf(out, is_range ? "%s%zu to %zu" : "%s%zu", n++ ? ", " : "", k, end);
    if (is_range) k = end;
  }
  if (ends_at_output && is_tested(r, most)) fprintf(out, "%soutput", n++ ? ", " : "");
  if (!n) fputs("-", out);
}
