/* claims_print.c - verdicts as text and as JSON. */
#include "base/text.h"
#include "claims/gather_run.h"
#include "cli/claims.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

void ip_claims_print_line(const ip_claim_entry *e, FILE *out)
{
  fprintf(out, "%-34s %-26s %s\n", e->claim->name, e->result ? ip_verdict_text(e->result->verdict) : "not run",
          e->claim->statement);
}

ip_claims_layer ip_claims_layer_name(const ip_claim_entry *e, size_t layer)
{
  ip_claims_layer name = {"-"};
  if (!layer) return name;
  snprintf(name.text, sizeof name.text, "%zu", layer);
  for (size_t i = 0; e->table && i < e->table->n_blocks; i++) {
    const ip_claim_block *b = &e->table->block[i];
    if (!b->n_layers) continue;
    if (layer <= b->n_layers && b->layer[layer - 1].is_output) snprintf(name.text, sizeof name.text, "output");
    break;
  }
  return name;
}

ip_status ip_claims_left_out(const ip_claim_entry *e, ip_scratch *sc, const char **text)
{
  const ip_claim_result *r = e->result;
  size_t n = 0;
  const char *part;
  *text = "";
  for (size_t i = 0; i < r->n_cells; i++) n += !r->cell[i].is_measurable;
  if (n)
    IP_TRY(ip_scratch_format(sc, text, "%zu of %zu pairs of estimator and layer are not measurable", n, r->n_cells));
  if (r->n_failed_to_fit) {
    part = *text;
    IP_TRY(ip_scratch_format(sc, text, "%s%s%zu of %zu networks failed to fit", part, *part ? "; " : "",
                             r->n_failed_to_fit, r->n_runs));
  }
  if (r->n_missing) {
    part = *text;
    IP_TRY(ip_scratch_format(sc, text, "%s%s%zu runs are missing", part, *part ? "; " : "", r->n_missing));
  }
  return IP_OK;
}

/* ---------------------------------------------------------------- text */

static void print_values(const ip_claim_table *t, const ip_seed_value *x, const char *name, FILE *out)
{
  if (!x) return;
  fprintf(out, "      %s", name);
  for (size_t i = 0; i < t->n_seeds; i++) {
    if (isinf(x[i].value))
      fputs(" never", out);
    else if (isnan(x[i].value))
      fputs(" -", out);
    else
      fprintf(out, " %.3g", x[i].value);
  }
  putc('\n', out);
}

static ip_status print_row(const ip_claim_entry *e, const ip_claim_row *row, bool values, ip_scratch *sc, FILE *out)
{
  const ip_effect *f = &row->effect;
  ip_seed_value *x, *y;
  fprintf(out, "  %-26s %-6s %-12s %-9s %8.3g [%.3g, %.3g]  n = %zu", *row->estimator ? row->estimator : "-",
          ip_claims_layer_name(e, row->layer).text, row->part, ip_decision_text(row->decision), f->value,
          f->interval.low, f->interval.high, f->n);
  if (f->n_missing) fprintf(out, ", missing %zu", f->n_missing);
  if (f->n_censored) fprintf(out, ", never %zu", f->n_censored);
  if (row->decision == IP_UNDECIDED && isfinite(row->seeds_needed))
    fprintf(out, ", needs about %.0f seeds", row->seeds_needed);
  if (row->firmness == IP_NOT_FIRM) fputs(", not firm", out);
  fprintf(out, "  %s%s%s\n", row->text, f->reason ? ": " : "", f->reason ? f->reason : "");
  if (!values) return IP_OK;
  IP_TRY(ip_claim_row_values(e->claim, e->table, row, sc, &x, &y));
  print_values(e->table, x, y ? "first: " : "seeds: ", out);
  print_values(e->table, y, "second:", out);
  return IP_OK;
}

static ip_status print_result(const ip_claim_entry *e, bool values, ip_scratch *sc, FILE *out)
{
  const ip_claim_result *r = e->result;
  const char *left_out;
  IP_TRY(ip_claims_left_out(e, sc, &left_out));
  fputs("verdict: ", out);
  ip_claims_put_verdict(r, "", out);
  fprintf(out, "\nthresholds x 1/2: %s; x 2: %s; other choices of runs: ", ip_verdict_text(r->at_half),
          ip_verdict_text(r->at_double));
  ip_claims_put_choices(r, out);
  fprintf(out, "%s\n", r->is_firm ? "; firm" : r->verdict == IP_VERDICT_UNDECIDED ? "" : "; not firm");
  fprintf(out, "seeds: %zu from %" PRIu64 "; %zu runs%s%s\n", r->n_seeds, r->n_seeds ? e->table->seed[0] : 0, r->n_runs,
          *left_out ? "; left out: " : "", left_out);
  if (isfinite(r->seeds_needed))
    fprintf(out, "if the effects stayed as they are, about %.0f seeds would decide\n", r->seeds_needed);
  fprintf(out, "table: %s by %s\n\n", e->table->made, e->table->version);
  for (size_t i = 0; i < r->n_cells; i++) {
    const ip_claim_cell *c = &r->cell[i];
    fprintf(out, "  %-26s %-6s %s\n", *c->estimator ? c->estimator : "-", ip_claims_layer_name(e, c->layer).text,
            c->is_measurable ? ip_decision_text(c->decision) : "not measurable");
  }
  putc('\n', out);
  for (size_t i = 0; i < r->n_rows; i++) {
    size_t mark = ip_scratch_mark(sc);
    IP_TRY(print_row(e, &r->row[i], values, sc, out));
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

ip_status ip_claims_print(const ip_claim_entry *e, bool values, FILE *out)
{
  const ip_claim *c = e->claim;
  fprintf(out, "%s\n%s\n%s\n", c->name, c->paper, c->statement);
  if (*c->note) fprintf(out, "note: %s\n", c->note);
  for (size_t i = 0; i < c->n_parts; i++) fprintf(out, "  %s: %s\n", c->part[i].name, c->part[i].text);
  fprintf(out, "  verdict: %s, %s layer%s\n", c->verdict_text, c->any_layer ? "any" : "all", c->any_layer ? "" : "s");
  if (!e->result) {
    fprintf(out, "not run: infoplane claims run %s\n", c->name);
    return IP_OK;
  }
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = print_result(e, values, sc, out);
  ip_scratch_destroy(&sc);
  return st;
}

/* ---------------------------------------------------------------- JSON */

/* null for what is not finite, which JSON does not have. */
static json_t *number(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

static json_t *json_of_row(const ip_claim_row *row)
{
  const ip_effect *f = &row->effect;
  return json_pack("{s:s, s:I, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:s, s:s, s:s, s:o}", "estimator",
                   row->estimator, "layer", (json_int_t)row->layer, "part", row->part, "test", row->text, "also",
                   row->is_also, "effect", number(f->value), "low", number(f->interval.low), "high",
                   number(f->interval.high), "level", number(f->level), "n", (json_int_t)f->n, "missing",
                   (json_int_t)f->n_missing, "censored", (json_int_t)f->n_censored, "decision",
                   ip_decision_text(row->decision), "at_half", ip_decision_text(row->at_half), "at_double",
                   ip_decision_text(row->at_double), "seeds_needed", number(row->seeds_needed));
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

static json_t *json_of(const ip_claim_entry *e)
{
  const ip_claim *c = e->claim;
  json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:b}", "claim", c->name, "paper", c->paper, "statement",
                             c->statement, "note", c->note, "run", e->result != NULL);
  if (!e->result || !object) return object;
  const ip_claim_result *r = e->result;
  json_t *rows = json_array(), *cells = json_array(), *estimators = json_array();
  for (size_t i = 0; i < r->n_estimators; i++) json_array_append_new(estimators, json_of_estimator(&r->estimator[i]));
  for (size_t i = 0; i < r->n_cells; i++) json_array_append_new(cells, json_of_cell(&r->cell[i]));
  for (size_t i = 0; i < r->n_rows; i++) json_array_append_new(rows, json_of_row(&r->row[i]));
  json_t *more =
      json_pack("{s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:o, s:s, s:s, s:o, s:o, s:o}", "verdict",
                ip_verdict_text(r->verdict), "reason", r->reason, "at_half", ip_verdict_text(r->at_half), "at_double",
                ip_verdict_text(r->at_double), "firm", r->is_firm, "seeds", (json_int_t)r->n_seeds, "runs",
                (json_int_t)r->n_runs, "missing", (json_int_t)r->n_missing, "failed_to_fit",
                (json_int_t)r->n_failed_to_fit, "seeds_needed", number(r->seeds_needed), "made", e->table->made,
                "version", e->table->version, "estimators", estimators, "layers", cells, "tests", rows);
  json_object_update(object, more);
  json_decref(more);
  return object;
}

ip_status ip_claims_print_json(size_t n, const ip_claim_entry *e, FILE *out)
{
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++) json_array_append_new(list, json_of(&e[i]));
  bool written = list && json_dumpf(list, out, JSON_INDENT(2)) == 0;
  json_decref(list);
  IP_REQUIRE(written, IP_ENOMEM, "cannot print JSON: out of memory");
  putc('\n', out);
  return IP_OK;
}
