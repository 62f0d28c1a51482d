/* claims_page.c - the page of all claims, and the figure of one. */
#include "base/text.h"
#include "cli/claims.h"
#include "figure/gnuplot.h"
#include "file/table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- page */

/* A cell of a table cannot contain a bar. */
static void put_cell(const char *text, FILE *out)
{
  for (; *text; text++) {
    if (*text == '|') putc('\\', out);
    putc(*text, out);
  }
}

/* "1" of 01-szt2017-compression */
static size_t number_length(const char *name)
{
  size_t n = strspn(name, "0123456789");
  return n ? n : strlen(name);
}

static const char *verdict_of(const ip_claim_entry *e)
{
  return e->result ? ip_verdict_text(e->result->verdict) : "not run";
}

/* "edges, exact hold; width:size=0.07 fails": the estimators with each decision. */
static void put_estimators(const ip_claim_result *r, FILE *out)
{
  static const ip_decision order[] = {IP_HOLDS, IP_FAILS, IP_UNDECIDED};
  const char *before = "";
  for (size_t k = 0; k < 3; k++) {
    size_t n = 0;
    for (size_t i = 0; i < r->n_estimators; i++)
      if (r->estimator[i].n_layers && r->estimator[i].decision == order[k])
        fprintf(out, "%s`%s`", n++ ? ", " : before, r->estimator[i].name);
    if (n) fprintf(out, ": %s", ip_decision_text(order[k]));
    if (n) before = "; ";
  }
  for (size_t i = 0; i < r->n_estimators; i++)
    if (!r->estimator[i].n_layers) {
      fprintf(out, "%s`%s`: not measurable", before, r->estimator[i].name);
      before = "; ";
    }
}

static const char *firmness(const ip_claim_result *r)
{
  return r->is_firm ? "yes" : r->verdict == IP_VERDICT_UNDECIDED ? "-" : "no";
}

static void put_table(size_t n, const ip_claim_entry *e, FILE *out)
{
  fputs("| # | statement | source | verdict | seeds | firm |\n|---|---|---|---|---|---|\n", out);
  for (size_t i = 0; i < n; i++) {
    const ip_claim *c = e[i].claim;
    fprintf(out, "| %.*s | ", (int)number_length(c->name), c->name);
    put_cell(c->statement, out);
    fputs(" | ", out);
    put_cell(c->paper, out);
    fprintf(out, " | **%s** | ", verdict_of(&e[i]));
    if (e[i].result)
      fprintf(out, "%zu | %s |\n", e[i].result->n_seeds, firmness(e[i].result));
    else
      fputs("- | - |\n", out);
  }
}

/* Whether any layer is measurable. */
static bool has_panels(const ip_claim_result *r)
{
  for (size_t i = 0; i < r->n_rows; i++)
    if (!r->row[i].is_also) return true;
  return false;
}

static void put_tests(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  fputs("\n<details><summary>All tests</summary>\n", out);
  fputs("\n| estimator | layer | part | effect | interval | n | decision | seeds needed "
        "|\n|---|---|---|---|---|---|---|---|\n",
        out);
  for (size_t i = 0; i < r->n_rows; i++) {
    const ip_claim_row *w = &r->row[i];
    fprintf(out, "| %s | %s | %s%s | %.3g | %.3g to %.3g | %zu | %s | ", *w->estimator ? w->estimator : "-",
            ip_claims_layer_name(e, w->layer).text, w->part, w->is_also ? " (also)" : "", w->effect.value,
            w->effect.interval.low, w->effect.interval.high, w->effect.n, ip_decision_text(w->decision));
    fprintf(out, isfinite(w->seeds_needed) ? "%.0f |\n" : "- |\n", w->seeds_needed);
  }
  fputs("\n</details>\n", out);
}

static void put_conditions(const ip_claim *c, FILE *out)
{
  for (size_t i = 0; i < c->n_conditions; i++) {
    const ip_claim_condition *k = &c->condition[i];
    fprintf(out, "- %s: ", k->name);
    if (k->experiment) {
      const char *slash = strrchr(k->experiment, '/');
      fprintf(out, "`%s`", slash ? slash + 1 : k->experiment);
    } else
      fprintf(out, "%zu run files or directories", k->n_files);
    for (size_t j = 0; j < k->n_set; j++) fprintf(out, "%s`%s`", j ? ", " : " with ", k->set[j]);
    for (size_t j = 0; j < k->n_where; j++) fprintf(out, ", where `%s` = `%s`", k->where_key[j], k->where_value[j]);
    putc('\n', out);
  }
}

static ip_status put_section(const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const ip_claim *c = e->claim;
  const char *left_out;
  fprintf(out, "\n## %s: %s\n\n*%s.* %s\n", c->name, verdict_of(e), c->paper, c->statement);
  if (*c->note) fprintf(out, "\n%s\n", c->note);
  fputs("\nConditions:\n\n", out);
  put_conditions(c, out);
  fprintf(out, "\nRule (%s):\n\n",
          c->any_layer                  ? "for one of the layers"
          : c->layers == IP_LAYERS_NONE ? "of the networks"
                                        : "for each layer");
  if (c->measurable) fprintf(out, "    measurable: %s\n", c->measurable_text);
  for (size_t i = 0; i < c->n_parts; i++) fprintf(out, "    %s: %s\n", c->part[i].name, c->part[i].text);
  fprintf(out, "    verdict: %s\n", c->verdict_text);
  if (!e->result) {
    fprintf(out, "\nNot run yet: `infoplane claims run %.*s`.\n", (int)number_length(c->name), c->name);
    return IP_OK;
  }
  const ip_claim_result *r = e->result;
  IP_TRY(ip_claims_left_out(e, sc, &left_out));
  fputs("\n**Verdict**: ", out);
  ip_claims_put_verdict(r, "`", out);
  fputs(". ", out);
  if (c->n_estimators) {
    put_estimators(r, out);
    fputs(". ", out);
  }
  fprintf(out, "%zu seeds. Thresholds × ½: %s; × 2: %s.", r->n_seeds, ip_verdict_text(r->at_half),
          ip_verdict_text(r->at_double));
  if (*left_out) fprintf(out, " Left out: %s.", left_out);
  fprintf(out, " Table of %s, %s.\n", e->table->made, e->table->version);
  if (!has_panels(r)) return IP_OK;
  fprintf(out, "\n![%s](claims/%s/verdict.png)\n", c->name, c->name);
  put_tests(e, out);
  return IP_OK;
}

ip_status ip_claims_print_markdown(size_t n, const ip_claim_entry *e, FILE *out)
{
  ip_scratch *sc;
  IP_TRY(ip_scratch_create(&sc));
  fputs("# Claims about information planes\n\n"
        "Printed by `infoplane claims --markdown` from the tables in `results/claims`. The rules were written before "
        "the\n"
        "runs; [docs/claims.md](../docs/claims.md) explains them, and how this can be wrong. *Firm*: the verdict is "
        "the same\n"
        "with all thresholds halved and doubled.\n\n",
        out);
  put_table(n, e, out);
  ip_status st = IP_OK;
  for (size_t i = 0; i < n && st == IP_OK; i++) st = put_section(&e[i], sc, out);
  if (st == IP_OK) st = ip_claims_print_doubts(n, e, out);
  ip_scratch_destroy(&sc);
  return st;
}

/* ---------------------------------------------------------------- figure */

static void put_point(ip_table *t, const ip_claim_entry *e, const ip_claim_row *w, size_t place, double value)
{
  const ip_test *test = &w->test->test;
  char label[600];
  snprintf(label, sizeof label, "%s%s%s", w->estimator, *w->estimator && w->layer ? ", " : "",
           w->layer ? ip_claims_layer_name(e, w->layer).text : "");
  ip_table_text(t, w->text);
  ip_table_text(t, *label ? label : "all");
  ip_table_int(t, (int64_t)place);
  ip_table_real(t, value);
  ip_table_real(t, w->effect.value);
  ip_table_real(t, w->effect.interval.low);
  ip_table_real(t, w->effect.interval.high);
  ip_table_real(t, test->kind == IP_WITHIN ? -test->a : test->a);
  ip_table_real(t, test->kind == IP_WITHIN ? test->a : test->kind == IP_BETWEEN ? test->b : (double)NAN);
  ip_table_text(t, ip_decision_text(w->decision));
  ip_table_end_row(t);
}

/* Only of means do the values of seeds have the scale of the effect. */
static ip_status put_row(ip_table *t, const ip_claim_entry *e, const ip_claim_row *w, size_t place, ip_scratch *sc)
{
  ip_seed_value *x = NULL, *y;
  const ip_rule *summary = w->test->arg[0];
  while (summary->op == IP_OP_AT) summary = summary->arg[0];
  ip_function f = summary->function;
  put_point(t, e, w, place, (double)NAN);
  if (f != IP_FUNCTION_MEAN && f != IP_FUNCTION_MEDIAN) return IP_OK;
  IP_TRY(ip_claim_row_values(e->claim, e->table, w, sc, &x, &y));
  for (size_t i = 0; x && i < e->table->n_seeds; i++)
    if (isfinite(x[i].value)) put_point(t, e, w, place, x[i].value);
  return IP_OK;
}

/* One panel for each test of the rule. */
static ip_status fill(ip_table *t, const ip_claim_entry *e, ip_scratch *sc)
{
  static const char *const columns[] = {"panel", "label", "place",     "value",       "effect",
                                        "low",   "high",  "threshold", "threshold_2", "decision"};
  const ip_claim_result *r = e->result;
  size_t n_panels = 0;
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) ip_table_text(t, columns[i]);
  ip_table_end_row(t);
  for (size_t i = 0; i < r->n_rows; i++) {
    size_t place = 0;
    bool is_new = !r->row[i].is_also;
    for (size_t j = 0; j < i && is_new; j++) is_new = r->row[j].test != r->row[i].test;
    if (!is_new) continue;
    if (n_panels++) {
      ip_table_end_row(t);
      ip_table_end_row(t);
    }
    for (size_t j = i; j < r->n_rows; j++) {
      size_t mark = ip_scratch_mark(sc);
      if (r->row[j].test == r->row[i].test) IP_TRY(put_row(t, e, &r->row[j], ++place, sc));
      ip_scratch_release(sc, mark);
    }
  }
  return IP_OK;
}

ip_status ip_claims_draw(const ip_claim_entry *e, const char **path, ip_scratch *sc)
{
  ip_table *t;
  char *script;
  const char *data;
  *path = NULL;
  if (!has_panels(e->result)) return IP_OK;
  IP_TRY(ip_scratch_format(sc, path, "%s/verdict.png", e->folder));
  IP_TRY(ip_scratch_format(sc, &data, "%s/figure.tsv", e->folder));
  IP_TRY(ip_gnuplot_script("claim", &script));
  ip_status st = ip_table_create(data, &t);
  if (st == IP_OK && (st = fill(t, e, sc)) == IP_OK)
    st = ip_table_publish(&t);
  else
    ip_table_discard(&t);
  if (st == IP_OK) st = ip_gnuplot_draw(script, data, *path, "png", NULL);
  ip_free(script);
  return st;
}
