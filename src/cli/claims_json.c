/* claims_json.c - verdicts and all their numbers as JSON. */
#include "cli/claims.h"
#include "cli/json.h"

#include <stdlib.h>

static json_t *json_of_row(const ip_claim_row *row)
{
  const ip_effect *f = &row->effect;
  return json_pack("{s:s, s:I, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:s, s:s, s:s, s:o}", "estimator",
                   row->estimator, "layer", (json_int_t)row->layer, "part", row->part, "test", row->text, "also",
                   row->is_also, "effect", ip_json_finite(f->value), "low", ip_json_finite(f->interval.low), "high",
                   ip_json_finite(f->interval.high), "level", ip_json_finite(f->level), "n", (json_int_t)f->n,
                   "missing", (json_int_t)f->n_missing, "censored", (json_int_t)f->n_censored, "decision",
                   ip_decision_text(row->decision), "at_half", ip_decision_text(row->at_half), "at_double",
                   ip_decision_text(row->at_double), "seeds_needed", ip_json_finite(row->seeds_needed));
}

static json_t *json_of_cell(const ip_claim_cell *c)
{
  return json_pack("{s:s, s:I, s:b, s:s}", "estimator", c->estimator, "layer", (json_int_t)c->layer, "measurable",
                   c->is_measurable, "decision", ip_decision_text(c->decision));
}

static json_t *json_of_estimator(const ip_claim_estimator *m)
{
  return json_pack("{s:s, s:I, s:s}", "estimator", m->name, "measurable_layers", (json_int_t)m->n_layers, "decision",
                   m->n_layers ? ip_decision_text(m->decision) : "not measurable");
}

/* What a function writes, as a text; NULL if memory ends. */
static json_t *json_of_text(const ip_claim_entry *e, void (*put)(const ip_claim_entry *e, FILE *out))
{
  char *text = NULL;
  size_t n = 0;
  FILE *out = open_memstream(&text, &n);
  if (!out) return NULL;
  put(e, out);
  bool failed = fclose(out) != 0;
  json_t *value = failed ? NULL : json_string(text);
  free(text);
  return value;
}

static void put_why(const ip_claim_entry *e, FILE *out)
{
  ip_claims_put_why(e, "", out);
}

static json_t *json_of(const ip_claim_entry *e)
{
  const ip_claim *c = e->claim;
  json_t *object =
      json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "claim", c->name, "paper", c->paper, "statement", c->statement,
                "note", c->note, "run", e->result != NULL, "rule_changed", ip_claims_is_stale(e));
  if (!e->result || !object) return object;
  const ip_claim_result *r = e->result;
  json_t *rows = json_array(), *cells = json_array(), *estimators = json_array();
  for (size_t i = 0; i < r->n_estimators; i++) json_array_append_new(estimators, json_of_estimator(&r->estimator[i]));
  for (size_t i = 0; i < r->n_cells; i++) json_array_append_new(cells, json_of_cell(&r->cell[i]));
  for (size_t i = 0; i < r->n_rows; i++) json_array_append_new(rows, json_of_row(&r->row[i]));
  json_t *more =
      json_pack("{s:s, s:s, s:o, s:o, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:o, s:s, s:s, s:o, s:o, s:o}", "verdict",
                ip_verdict_text(r->verdict), "reason", r->reason, "why", json_of_text(e, put_why), "tested_layers",
                json_of_text(e, ip_claims_put_layers), "at_half", ip_verdict_text(r->at_half), "at_double",
                ip_verdict_text(r->at_double), "firm", r->is_firm, "seeds", (json_int_t)r->n_seeds, "runs",
                (json_int_t)r->n_runs, "missing", (json_int_t)r->n_missing, "failed_to_fit",
                (json_int_t)r->n_failed_to_fit, "seeds_needed", ip_json_finite(r->seeds_needed), "made", e->table->made,
                "version", e->table->version, "estimators", estimators, "layers", cells, "tests", rows);
  json_object_update(object, more);
  json_decref(more);
  return object;
}

ip_status ip_claims_print_json(size_t n, const ip_claim_entry *e, FILE *out)
{
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) json_array_append_new(list, json_of(&e[i]));
  return ip_json_print(list, out);
}
