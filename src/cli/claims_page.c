/* claims_page.c - the page of all claims. */
#include "base/text.h"
#include "cli/claims.h"

#include <string.h>

static const char introduction[] =
    "# Claims about information planes\n"
    "\n"
    "A network is trained to predict a label Y from an input X. Its *information plane* shows, for each layer T\n"
    "and each epoch, how much information the activations of the layer contain about the input, I(X;T), and about\n"
    "the label, I(T;Y). Shwartz-Ziv & Tishby (2017) saw I(X;T) rise while the network fits its data and decrease\n"
    "afterwards, called this decrease *compression*, and explained by it why networks generalize. Others found\n"
    "none, or traced it to the estimator: activations are continuous numbers, so their information has to be\n"
    "estimated from bins, distances or added noise, and the estimators disagree.\n"
    "\n"
    "This page tests statements of these papers. For each one, a rule with thresholds was written and committed\n"
    "before the runs that decide it. Networks are trained from many seeds. In each layer, by each estimator, a\n"
    "test compares an effect with a threshold; it is decided if the confidence interval of the effect over the\n"
    "seeds excludes the threshold. An estimator at its ceiling sees neither rise nor decrease: such a layer is\n"
    "*not measurable* and does not count. The verdict is one of\n"
    "\n"
    "- **holds** or **fails**: at least half of the estimators are decided, and the decided ones agree;\n"
    "- **depends on the estimator**: it holds by some and fails by others;\n"
    "- **cannot be told**: fewer than half of the estimators are decided, or the verdict changes if networks that\n"
    "  failed to fit their data, or that have dead units, are counted otherwise.\n"
    "\n"
    "A verdict is *firm* if it remains the same with all thresholds halved and doubled, and for every choice of\n"
    "the networks that count. `infoplane claims --markdown` prints this page from the committed tables: verdicts\n"
    "and numbers are computed, the paragraphs between them are written by hand.\n"
    "[docs/claims.md](../docs/claims.md) explains the rules, the intervals, and how to run a claim again; the\n"
    "[last section](#how-this-could-be-wrong) shows how the verdicts could be wrong.\n\n"
    "In the table, *why* names the part of the rule that decides, with its effect in the layer and by the estimator "
    "where\n"
    "it is clearest, and what it needs; *layers* are those with tests, counted from the input.\n\n";

static const char guide[] =
    "\n"
    "**How to read the rules.** `ixt` is I(X;T) and `ity` I(T;Y), by the estimator and in the layer of the test.\n"
    "`rise(x)` is the increase of x from the first epoch to its peak, `drop(x)` the decrease from there to the\n"
    "last fifth of the training, `share(x)` the drop as a fraction of the peak. The epoch of the peak is chosen\n"
    "by the other half of the seeds, because the highest of many noisy values would exceed them by chance;\n"
    "`drop_half` and `share_half` choose it within each run instead, from every second epoch. `mean`, `ratio`,\n"
    "`share_of_runs` and `corr` are over seeds; `@` reads a value in another condition, layer or estimator.\n"
    "[docs/claims.md](../docs/claims.md#the-language-of-rules) has the whole language.\n"
    "\n"
    "**How to read the figures.** One panel for each test of the rule, one line for each estimator and layer.\n"
    "Small grey points are the seeds; the large symbol is the effect, the bar its interval; the dashed line is\n"
    "the threshold, and the test holds in the shaded region. Filled circle: the whole interval is in it, the test\n"
    "holds. Cross: the whole interval is outside, the test fails. Open circle: undecided.\n";

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

/* The plane of the first claim that has one. */
static void put_plane(size_t n, const ip_claim_entry *e, FILE *out)
{
  const char *estimator;
  size_t i = 0, n_networks;
  while (i < n && !(e[i].result && ip_claims_has_plane(&e[i], &estimator, &n_networks))) i++;
  if (i == n) return;
  fprintf(
      out,
      "![Information plane of the networks of claim %s](claims/%s/plane.svg)\n\n"
      "*An information plane: hidden layers of the %zu networks of claim %s, means, by the estimator `%s`. Each point "
      "is\n"
      "a layer at an epoch, from green at the first to violet at the last; thin lines join the layers of an epoch;\n"
      "numbers count the layers from the input. A layer that moves up learns about the label; one that moves to the\n"
      "left loses information about the input: it compresses.*\n\n",
      ip_claims_number_of(e[i].claim).text, e[i].claim->name, n_networks, ip_claims_number_of(e[i].claim).text,
      estimator);
}

/* The claims that have been run, with links to their sections, then the others. */
static void put_table(size_t n, const ip_claim_entry *e, FILE *out)
{
  fputs("| # | statement | source | verdict (estimators) | why | layers | seeds | firm "
        "|\n|---|---|---|---|---|---|---|---|\n",
        out);
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
      fputs(" | ", out);
      ip_claims_put_why(it, "`", out);
      fputs(" | ", out);
      ip_claims_put_layers(it, out);
      fprintf(out, " | %zu | %s |\n", it->result->n_seeds, firmness(it->result));
    } else
      fprintf(out, "%s | - | - | - | - |\n",
              ip_claims_is_stale(it) ? "rule changed, not run again yet" : "not run yet");
  }
}

/* text.md of the directory above that of a claim: what follows from all claims together. */
static ip_status put_overview(const char *folder, ip_scratch *sc, FILE *out)
{
  const char *slash = strrchr(folder, '/'), *above;
  IP_TRY(ip_scratch_format(sc, &above, "%.*s", slash ? (int)(slash - folder) : 1, slash ? folder : "."));
  return ip_claims_put_text(above, sc, out);
}

ip_status ip_claims_print_markdown(size_t n, const ip_claim_entry *e, FILE *out)
{
  ip_scratch *sc;
  size_t n_run = 0;
  ip_status st = IP_OK;
  IP_TRY(ip_scratch_create(&sc));
  for (size_t i = 0; i < n; i++) n_run += e[i].result != NULL;
  fputs(introduction, out);
  put_plane(n, e, out);
  put_table(n, e, out);
  if (n) st = put_overview(e[0].folder, sc, out);
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
