/* claims_print.c - verdicts on a terminal of 80 columns. */
#include "base/plain.h"
#include "base/text.h"
#include "cli/claims.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80 };

/* ---------------------------------------------------------------- words */

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
  if (r->n_failed_to_fit && !e->claim->keeps_failed) {
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

/* Words in lines of at most 80 characters, all but the first of which are indented. `column`: where the first one
 * begins.
 */
static void put_wrapped(const char *text, size_t column, size_t indent, FILE *out)
{
  bool is_first = true;
  while (*text) {
    size_t n = strcspn(text, " "), width = 0;
    for (size_t i = 0; i < n; i++) width += ((unsigned char)text[i] & 0xC0) != 0x80; /* characters of UTF-8 */
    if (!is_first && column + 1 + width > COLUMNS) {
      ip_print(out, "\n%*s", (int)indent, "");
      column = indent;
    } else if (!is_first) {
      putc(' ', out);
      column++;
    }
    ip_print(out, "%.*s", (int)n, text);
    column += width;
    is_first = false;
    text += n + (text[n] == ' ');
  }
  putc('\n', out);
}

/* "name: text", wrapped. */
static void put_field(const char *name, const char *text, FILE *out)
{
  ip_print(out, "%s: ", name);
  put_wrapped(text, strlen(name) + 2, 2, out);
}

/* What `put` prints, wrapped. */
static ip_status put_field_of(const char *name, const ip_claim_entry *e, void (*put)(const ip_claim_entry *, FILE *),
                              FILE *out)
{
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  if (f) put(e, f);
  if (f) fclose(f);
  IP_REQUIRE(f && text, IP_ENOMEM, "%s: out of memory", e->claim->name);
  put_field(name, text, out);
  free(text);
  return IP_OK;
}

/* ---------------------------------------------------------------- list */

void ip_claims_print_line(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  if (!r) {
    ip_print(out, "%-34s %s\n", e->claim->name, ip_claims_is_stale(e) ? "rule changed, run it again" : "not run");
    return;
  }
  ip_print(out, "%-34s %-25s%zu seeds", e->claim->name, ip_verdict_text(r->verdict), r->n_seeds);
  if (isfinite(r->seeds_needed)) fprintf(out, " of %.0f", r->seeds_needed);
  if (!r->is_firm && r->verdict != IP_VERDICT_UNDECIDED) fputs(", not firm", out);
  putc('\n', out);
}

void ip_claims_print_list(size_t n, const ip_claim_entry *e, FILE *out)
{
  size_t count[IP_VERDICT_UNDECIDED + 1] = {0}, n_run = 0;
  for (size_t i = 0; i < n; i++) {
    ip_claims_print_line(&e[i], out);
    fputs("    ", out);
    put_wrapped(e[i].claim->statement, 4, 4, out);
    if (!e[i].result) continue;
    count[e[i].result->verdict]++;
    n_run++;
  }
  if (n < 2) return;
  fprintf(out, "\n%zu claims", n);
  for (int v = IP_VERDICT_HOLDS; v <= IP_VERDICT_UNDECIDED; v++)
    if (count[v]) ip_print(out, ", %zu %s", count[v], ip_verdict_text((ip_verdict)v));
  if (n_run < n) fprintf(out, ", %zu not run", n - n_run);
  putc('\n', out);
}

/* ---------------------------------------------------------------- one claim */

static void put_verdict(const ip_claim_entry *e, FILE *out)
{
  ip_claims_put_verdict(e->result, "", out);
}

static void put_robustness(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  if (r->verdict != IP_VERDICT_UNDECIDED) fputs(r->is_firm ? "firm. " : "not firm. ", out);
  ip_print(out, "Thresholds x 1/2: %s; x 2: %s; other choices of runs: ", ip_verdict_text(r->at_half),
           ip_verdict_text(r->at_double));
  ip_claims_put_choices(r, out);
}

static void put_seeds(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  fprintf(out, "%zu", r->n_seeds);
  if (r->n_seeds) fprintf(out, " (%" PRIu64 " to %" PRIu64 ")", e->table->seed[0], e->table->seed[r->n_seeds - 1]);
  fprintf(out, ", %zu runs", r->n_runs);
  if (isfinite(r->seeds_needed))
    fprintf(out, "; if the effects stayed as they are, about %.0f seeds would decide", r->seeds_needed);
}

/* One line for each estimator: a sign for each layer, and the decision. */
static void print_decisions(const ip_claim_entry *e, FILE *out)
{
  static const char sign[] = "-?+";
  const ip_claim_result *r = e->result;
  size_t n_layers = r->n_estimators ? r->n_cells / r->n_estimators : 0;
  ip_print(out, "\ndecisions: + holds, - fails, ? undecided, . not measurable\n  %-24s", "layer");
  for (size_t k = 0; k < n_layers; k++) ip_print(out, " %3s", ip_claims_layer_name(e, r->cell[k].layer).text);
  putc('\n', out);
  for (size_t i = 0; i < r->n_estimators; i++) {
    const ip_claim_estimator *m = &r->estimator[i];
    ip_print(out, "  %-24s", *m->name ? m->name : "-");
    for (size_t k = 0; k < n_layers; k++) {
      const ip_claim_cell *c = &r->cell[i * n_layers + k];
      fprintf(out, " %3c", c->is_measurable ? sign[c->decision + 1] : '.');
    }
    ip_print(out, "  %s\n", m->n_layers ? ip_decision_text(m->decision) : "not measurable");
  }
}

/* Eight values a line. */
static void print_values(const ip_claim_table *t, const ip_seed_value *x, const char *name, FILE *out)
{
  if (!x) return;
  ip_print(out, "    %s", name);
  for (size_t i = 0; i < t->n_seeds; i++) {
    if (i % 8 == 0) fputs("\n     ", out);
    if (isinf(x[i].value))
      fputs("    never", out);
    else if (isnan(x[i].value))
      fputs("        -", out);
    else
      fprintf(out, " %8.3g", x[i].value);
  }
  putc('\n', out);
}

/* Below a row: what is missing in it, and what would decide it. */
static void print_remarks(const ip_claim_row *row, FILE *out)
{
  const ip_effect *f = &row->effect;
  if (f->reason) {
    fputs("    ", out);
    put_wrapped(f->reason, 4, 4, out);
  }
  if (f->n_missing) ip_print(out, "    %zu seed%s without a value\n", f->n_missing, ip_plural(f->n_missing));
  if (f->n_censored)
    ip_print(out, "    %zu seed%s in which the event never comes\n", f->n_censored, ip_plural(f->n_censored));
  if (row->decision == IP_UNDECIDED && isfinite(row->seeds_needed))
    fprintf(out, "    about %.0f seeds would decide\n", row->seeds_needed);
  if (row->firmness == IP_NOT_FIRM)
    ip_print(out, "    not firm: %s at half of the threshold, %s at twice\n", ip_decision_text(row->at_half),
             ip_decision_text(row->at_double));
}

static ip_status print_row(const ip_claim_entry *e, const ip_claim_row *row, ip_scratch *sc, FILE *out)
{
  const ip_effect *f = &row->effect;
  ip_seed_value *x, *y;
  ip_print(out, "  %-24s %-6s %-9s ", *row->estimator ? row->estimator : "-", ip_claims_layer_name(e, row->layer).text,
           ip_decision_text(row->decision));
  if (isnan(f->value))
    ip_print(out, "%9s %-22s", "-", "");
  else if (isnan(f->interval.low))
    ip_print(out, "%9.3g %-22s", f->value, "     none");
  else
    fprintf(out, "%9.3g %9.3g to %-9.3g", f->value, f->interval.low, f->interval.high);
  fprintf(out, "%4zu\n", f->n);
  print_remarks(row, out);
  IP_TRY(ip_claim_row_values(e->claim, e->table, row, sc, &x, &y));
  print_values(e->table, x, y ? "first values of the seeds" : "seeds", out);
  print_values(e->table, y, "second values", out);
  return IP_OK;
}

/* All rows of the i-th row's test, if it is the first of them. */
static ip_status print_test(const ip_claim_entry *e, size_t i, ip_scratch *sc, FILE *out)
{
  const ip_claim_result *r = e->result;
  for (size_t j = 0; j < i; j++)
    if (r->row[j].test == r->row[i].test) return IP_OK;
  int column = ip_print(out, "\n%s%s: ", r->row[i].part, r->row[i].is_also ? " (does not count)" : "");
  put_wrapped(r->row[i].text, column > 0 ? (size_t)column - 1 : 0, 2, out);
  ip_print(out, "  %-24s %-6s %-9s %9s %9s    %-9s%4s\n", "estimator", "layer", "decision", "effect", "interval", "",
           "n");
  for (size_t j = i; j < r->n_rows; j++) {
    size_t mark = ip_scratch_mark(sc);
    if (r->row[j].test == r->row[i].test) IP_TRY(print_row(e, &r->row[j], sc, out));
    ip_scratch_release(sc, mark);
  }
  return IP_OK;
}

static ip_status print_result(const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const ip_claim_result *r = e->result;
  const char *left_out;
  IP_TRY(ip_claims_left_out(e, sc, &left_out));
  IP_TRY(put_field_of("verdict", e, put_verdict, out));
  IP_TRY(put_field_of("robustness", e, put_robustness, out));
  IP_TRY(put_field_of("seeds", e, put_seeds, out));
  if (*left_out) put_field("left out", left_out, out);
  ip_print(out, "table: %s by %s\n", e->table->made, e->table->version);
  print_decisions(e, out);
  for (size_t i = 0; i < r->n_rows; i++) IP_TRY(print_test(e, i, sc, out));
  return IP_OK;
}

ip_status ip_claims_print(const ip_claim_entry *e, FILE *out)
{
  const ip_claim *c = e->claim;
  ip_print(out, "%s\n%s\n", c->name, c->paper);
  put_wrapped(c->statement, 0, 0, out);
  if (*c->note) put_field("note", c->note, out);
  ip_print(out, "rule, for %s:\n",
           c->any_layer                  ? "any layer"
           : c->layers == IP_LAYERS_NONE ? "the networks"
                                         : "all layers");
  for (size_t i = 0; i < c->n_parts; i++) {
    ip_print(out, "  %s: ", c->part[i].name);
    put_wrapped(c->part[i].text, strlen(c->part[i].name) + 4, 4, out);
  }
  fputs("  verdict: ", out);
  put_wrapped(c->verdict_text, 11, 4, out);
  if (!e->result) {
    ip_print(out, "%s: infoplane claims run %s\n",
             ip_claims_is_stale(e) ? "the rule was changed after the run, run it again" : "not run",
             ip_claims_number_of(c).text);
    return IP_OK;
  }
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = print_result(e, sc, out);
  ip_scratch_destroy(&sc);
  return st;
}
