/* claims_section.c - the section of a claim in the page: what was run, the rule, the verdict with its numbers. */
#include "base/mem.h"
#include "cli/claims.h"
#include "file/atomic.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define FILE_TEXT "text.md"
enum { MOST_BYTES = 1 << 20 };

/* ---------------------------------------------------------------- what was run */

/* A link to a file in experiments/, from results/. */
static void put_link(const char *path, FILE *out)
{
  const char *slash = strrchr(path, '/'), *at = strstr(path, "experiments/");
  for (const char *next = at; next; next = strstr(next + 1, "experiments/")) at = next;
  if (at)
    fprintf(out, "[%s](../%s)", slash + 1, at);
  else
    fprintf(out, "`%s`", slash ? slash + 1 : path);
}

static bool same_layers(const ip_claim_block *a, const ip_claim_block *b)
{
  bool same = a->n_layers == b->n_layers;
  for (size_t k = 0; same && k < a->n_layers; k++)
    same = a->layer[k].width == b->layer[k].width && !strcmp(a->layer[k].activation, b->layer[k].activation);
  return same;
}

/* "hidden layers 10-7-5-4-3 tanh"; with another activation in one of them, "10 tanh, 7 relu" */
static void put_layers(const ip_claim_block *b, FILE *out)
{
  const char *first = NULL;
  bool same = true;
  for (size_t k = 0; k < b->n_layers; k++) {
    if (b->layer[k].is_output) continue;
    if (!first) first = b->layer[k].activation;
    same &= !strcmp(first, b->layer[k].activation);
  }
  if (!first) return;
  fputs(", hidden layers ", out);
  for (size_t k = 0, n = 0; k < b->n_layers; k++) {
    if (b->layer[k].is_output) continue;
    fprintf(out, "%s%zu", !n++ ? "" : same ? "-" : ", ", b->layer[k].width);
    if (!same) fprintf(out, " %s", b->layer[k].activation);
  }
  if (same) fprintf(out, " %s", first);
}

/* "48 networks, hidden layers 10-7-5-4-3 tanh, 86 logged epochs up to 8000" */
static void put_runs(const ip_claim_entry *e, const char *condition, FILE *out)
{
  const ip_claim_block *first = NULL;
  size_t n_runs = 0, n_points = 0;
  bool same = true;
  for (size_t i = 0; i < e->table->n_blocks; i++) {
    const ip_claim_block *b = &e->table->block[i];
    if (strcmp(b->condition, condition) != 0) continue;
    if (!first || !first->n_layers) first = b;
    for (size_t j = 0; j < e->table->n_seeds; j++) n_runs += b->state[j] != IP_CLAIM_RUN_MISSING;
    n_points++;
    same &= !b->n_layers || same_layers(first, b);
  }
  if (!first) return;
  fprintf(out, ": %zu networks", n_runs);
  for (size_t k = 0; n_points > 1 && k < first->n_keys; k++)
    fprintf(out, "%s`%s`", k ? ", " : " that differ in ", first->key[k]);
  if (same) put_layers(first, out);
  if (first->n_epochs)
    fprintf(out, ", %zu logged epochs up to %" PRId64, first->n_epochs, first->epoch[first->n_epochs - 1]);
}

static void put_conditions(const ip_claim_entry *e, FILE *out)
{
  const ip_claim *c = e->claim;
  for (size_t i = 0; i < c->n_conditions; i++) {
    const ip_claim_condition *k = &c->condition[i];
    fprintf(out, "- %s%s", c->n_conditions > 1 ? k->name : "", c->n_conditions > 1 ? ", " : "");
    if (k->experiment)
      put_link(k->experiment, out);
    else
      fprintf(out, "%zu run files or directories", k->n_files);
    for (size_t j = 0; j < k->n_set; j++) fprintf(out, "%s`%s`", j ? ", " : " with ", k->set[j]);
    for (size_t j = 0; j < k->n_where; j++) fprintf(out, ", where `%s` = `%s`", k->where_key[j], k->where_value[j]);
    if (e->result) put_runs(e, k->name, out);
    putc('\n', out);
  }
}

static void put_rule(const ip_claim *c, FILE *out)
{
  fputs("\nThe rule, ", out);
  put_link(c->path, out);
  fprintf(out, "%s:\n\n",
          c->layers == IP_LAYERS_NONE ? ""
          : c->any_layer              ? ", has to hold in one of the measurable layers"
                                      : ", has to hold in each measurable layer");
  if (c->measurable) fprintf(out, "    measurable: %s\n", c->measurable_text);
  for (size_t i = 0; i < c->n_parts; i++) fprintf(out, "    %s: %s\n", c->part[i].name, c->part[i].text);
  fprintf(out, "    verdict: %s\n", c->verdict_text);
}

/* ---------------------------------------------------------------- the verdict */

ip_status ip_claims_put_text(const char *folder, ip_scratch *sc, FILE *out)
{
  const char *path;
  char *text;
  size_t n;
  IP_TRY(ip_scratch_format(sc, &path, "%s/" FILE_TEXT, folder));
  if (access(path, F_OK)) return IP_OK;
  IP_TRY(ip_file_read(path, MOST_BYTES, &n, &text));
  while (n && text[n - 1] == '\n') n--;
  fprintf(out, "\n%.*s\n", (int)n, text);
  ip_free(text);
  return IP_OK;
}

/* One line for each test of the rule: its decisions over estimators and layers, and the range of its effects. */
static void put_summary(const ip_claim_result *r, FILE *out)
{
  fputs("\n| test | holds | fails | undecided | effects |\n|---|---|---|---|---|\n", out);
  for (size_t i = 0; i < r->n_rows; i++) {
    size_t n[3] = {0, 0, 0};
    double low = (double)INFINITY, high = -(double)INFINITY;
    bool is_first = true;
    for (size_t j = 0; j < i; j++) is_first &= r->row[j].test != r->row[i].test;
    if (!is_first) continue;
    for (size_t j = i; j < r->n_rows; j++) {
      if (r->row[j].test != r->row[i].test) continue;
      n[r->row[j].decision + 1]++;
      low = fmin(low, r->row[j].effect.value);
      high = fmax(high, r->row[j].effect.value);
    }
    fprintf(out, "| %s`%s` | %zu | %zu | %zu | ", r->row[i].is_also ? "does not count: " : "", r->row[i].text, n[2],
            n[0], n[1]);
    if (low > high)
      fputs("- |\n", out);
    else
      fprintf(out, low < high ? "%.3g to %.3g |\n" : "%.3g |\n", low, high);
  }
}

static void put_tests(const ip_claim_entry *e, FILE *out)
{
  const ip_claim_result *r = e->result;
  fputs("\n<details><summary>All tests</summary>\n\n"
        "| estimator | layer | part | effect | interval | n | decision | seeds needed "
        "|\n|---|---|---|---|---|---|---|---|\n",
        out);
  for (size_t i = 0; i < r->n_rows; i++) {
    const ip_claim_row *w = &r->row[i];
    fprintf(out, "| %s | %s | %s%s | %.3g | %.3g to %.3g | %zu | %s | ", *w->estimator ? w->estimator : "-",
            ip_claims_layer_name(e, w->layer).text, w->part, w->is_also ? " (does not count)" : "", w->effect.value,
            w->effect.interval.low, w->effect.interval.high, w->effect.n, ip_decision_text(w->decision));
    fprintf(out, isfinite(w->seeds_needed) ? "%.0f |\n" : "- |\n", w->seeds_needed);
  }
  fputs("\n</details>\n", out);
}

/* What else was tried, what was left out, and where the numbers are from. */
static ip_status put_robustness(const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const ip_claim_result *r = e->result;
  const char *left_out;
  IP_TRY(ip_claims_left_out(e, sc, &left_out));
  fprintf(out,
          "Thresholds halved: %s; doubled: %s; other choices of the networks that count: ", ip_verdict_text(r->at_half),
          ip_verdict_text(r->at_double));
  ip_claims_put_choices(r, out);
  if (*left_out) fprintf(out, ". Left out: %s", left_out);
  fprintf(out, ". %zu seeds", r->n_seeds);
  if (r->n_seeds) fprintf(out, " (%" PRIu64 " to %" PRIu64 ")", e->table->seed[0], e->table->seed[r->n_seeds - 1]);
  fprintf(out, "; table of %.10s by %s.\n", e->table->made, e->table->version);
  return IP_OK;
}

static ip_status put_verdict(const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const ip_claim_result *r = e->result;
  if (r->n_rows)
    fprintf(out, "\n![Effects and thresholds of claim %s](claims/%s/verdict.png)\n", ip_claims_number_of(e->claim).text,
            e->claim->name);
  fputs("\n**Verdict: ", out);
  ip_claims_put_verdict(r, "`", out);
  fputs(".** ", out);
  ip_claims_put_evidence(e, out);
  IP_TRY(put_robustness(e, sc, out));
  IP_TRY(ip_claims_put_text(e->folder, sc, out));
  if (!r->n_rows) return IP_OK;
  put_summary(r, out);
  put_tests(e, out);
  return IP_OK;
}

ip_status ip_claims_print_section(const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const ip_claim *c = e->claim;
  ip_claims_number number = ip_claims_number_of(c);
  size_t n = strlen(c->statement);
  n -= n && c->statement[n - 1] == '.';
  fprintf(out, "\n<a id=\"claim-%s\"></a>\n\n", number.text);
  fprintf(out, "%s %s. %.*s\n\n", e->result ? "##" : "###", number.text, (int)n, c->statement);
  fprintf(out, "*%s.*\n\n", c->paper);
  if (*c->note) fprintf(out, "%s\n\n", c->note);
  put_conditions(e, out);
  put_rule(c, out);
  if (e->result) return put_verdict(e, sc, out);
  if (ip_claims_is_stale(e))
    fprintf(out, "\nThe rule was changed after its run (table of %.10s), which therefore has no verdict.\n",
            e->table->made);
  fprintf(out, "\nTo run it: `infoplane claims run %s`.\n", number.text);
  return IP_OK;
}
