/* claims_page.c - the page of all claims. */
#include "base/text.h"
#include "cli/claims.h"

#include <string.h>

static const char introduction[] =
    "# Claims about information planes\n\n"
    "A network is trained to predict a label Y from an input X. Its *information plane* shows, for each layer T and "
    "each\n"
    "epoch, how much information the activations of the layer contain about the input, I(X;T), and about the label,\n"
    "I(T;Y). Shwartz-Ziv & Tishby (2017) saw I(X;T) rise while the network fits its data and decrease afterwards, "
    "called\n"
    "this decrease *compression*, and explained by it why networks generalize. Others found none, or traced it to the\n"
    "estimator: activations are continuous numbers, so their information has to be estimated from bins, distances or\n"
    "added noise, and the estimators disagree.\n\n"
    "This page tests statements of these papers. For each one, a rule with thresholds was written and committed before "
    "the\n"
    "runs that decide it. Networks are trained from many seeds. In each layer, by each estimator, a test compares an "
    "effect\n"
    "with a threshold; it is decided if the confidence interval of the effect over the seeds excludes the threshold. "
    "An\n"
    "estimator at its ceiling sees neither rise nor decrease: such a layer is *not measurable* and does not count. "
    "The\n"
    "verdict is one of\n\n"
    "- **holds** or **fails**: all estimators that are decided agree, and at least half of the estimators are "
    "decided;\n"
    "- **depends on the estimator**: it holds by some and fails by others;\n"
    "- **cannot be told**: fewer than half of the estimators are decided, or the verdict changes if networks that "
    "failed to\n"
    "  fit their data, or that have dead units, are counted otherwise.\n\n"
    "A verdict is *firm* if it remains the same with all thresholds halved and doubled, and for every choice of the "
    "networks\n"
    "that count. `infoplane claims --markdown` prints this page from the committed tables: verdicts and numbers are\n"
    "computed, the paragraphs between them are written by hand. [docs/claims.md](../docs/claims.md) explains the "
    "rules, the\n"
    "intervals, and how to run a claim again; the [last section](#how-this-could-be-wrong) shows how the verdicts "
    "could be\n"
    "wrong.\n\n";

/* A cell of a table cannot contain a bar. */
static void put_cell(const char *text, FILE *out)
{
  for (; *text; text++) {
    if (*text == '|') putc('\\', out);
    putc(*text, out);
  }
}

ip_claims_number ip_claims_number_of(const ip_claim *c)
{
  ip_claims_number number = {""};
  size_t n = strspn(c->name, "0123456789"), zeros = strspn(c->name, "0");
  if (n > zeros)
    snprintf(number.text, sizeof number.text, "%.*s", (int)(n - zeros), c->name + zeros);
  else
    snprintf(number.text, sizeof number.text, "%s", c->name);
  return number;
}

static const char *firmness(const ip_claim_result *r)
{
  return r->is_firm ? "yes" : r->verdict == IP_VERDICT_UNDECIDED ? "-" : "no";
}

/* "**fails** by 5 of 6" */
static void put_short_verdict(const ip_claim_result *r, FILE *out)
{
  size_t n = 0, decided = 0;
  for (size_t i = 0; i < r->n_estimators; i++) {
    n += r->estimator[i].n_layers > 0;
    decided += r->estimator[i].n_layers && r->estimator[i].decision != IP_UNDECIDED;
  }
  fprintf(out, "**%s**", ip_verdict_text(r->verdict));
  if (n > 1 && r->verdict != IP_VERDICT_DEPENDS && !*r->reason) fprintf(out, " (%zu of %zu decided)", decided, n);
}

/* The claims that have been run, with links to their sections, then the others. */
static void put_table(size_t n, const ip_claim_entry *e, FILE *out)
{
  fputs("| # | statement | source | verdict (estimators) | seeds | firm |\n|---|---|---|---|---|---|\n", out);
  for (size_t i = 0; i < 2 * n; i++) {
    const ip_claim_entry *it = &e[i % n];
    ip_claims_number number = ip_claims_number_of(it->claim);
    if ((it->result != NULL) != (i < n)) continue;
    fprintf(out, "| [%s](#claim-%s) | ", number.text, number.text);
    put_cell(it->claim->statement, out);
    fputs(" | ", out);
    put_cell(it->claim->paper, out);
    fputs(" | ", out);
    if (it->result) {
      put_short_verdict(it->result, out);
      fprintf(out, " | %zu | %s |\n", it->result->n_seeds, firmness(it->result));
    } else
      fputs("not run yet | - | - |\n", out);
  }
}

static const char guide[] = "\n**How to read the rules.** `ixt` is I(X;T) and `ity` I(T;Y), by the estimator and in "
                            "the layer of the test. `rise(x)`\n"
                            "is the increase of x from the first epoch to its peak, `drop(x)` the decrease from there "
                            "to the last fifth of the\n"
                            "training, `share(x)` the drop as a fraction of the peak. The epoch of the peak is chosen "
                            "by the other half of the seeds,\n"
                            "because the highest of many noisy values would exceed them by chance; `drop_half` and "
                            "`share_half` choose it within each\n"
                            "run instead, from every second epoch. `mean`, `ratio`, `share_of_runs` and `corr` are "
                            "over seeds; `@` reads a value in\n"
                            "another condition, layer or estimator. "
                            "[docs/claims.md](../docs/claims.md#the-language-of-rules) has the whole language.\n\n"
                            "**How to read the figures.** One panel for each test of the rule. Small grey points are "
                            "the seeds; the large symbol is\n"
                            "the effect in one layer by one estimator, with its interval; the dashed line is the "
                            "threshold. The test is decided if\n"
                            "the interval lies on one side of the threshold. Filled circle: it holds; cross: it fails; "
                            "open circle: it is undecided;\n"
                            "*none*: the effect has no interval.\n";

ip_status ip_claims_print_markdown(size_t n, const ip_claim_entry *e, FILE *out)
{
  ip_scratch *sc;
  size_t n_run = 0;
  ip_status st = IP_OK;
  IP_TRY(ip_scratch_create(&sc));
  for (size_t i = 0; i < n; i++) n_run += e[i].result != NULL;
  fputs(introduction, out);
  put_table(n, e, out);
  if (n_run) fputs(guide, out);
  for (size_t i = 0; i < n && st == IP_OK; i++)
    if (e[i].result) st = ip_claims_print_section(&e[i], sc, out);
  if (n_run < n) fputs("\n## Not run yet\n\nThe rules of these claims are committed; their runs are not done.\n", out);
  for (size_t i = 0; i < n && st == IP_OK; i++)
    if (!e[i].result) st = ip_claims_print_section(&e[i], sc, out);
  if (st == IP_OK) st = ip_claims_print_doubts(n, e, out);
  ip_scratch_destroy(&sc);
  return st;
}
