/* claims_doubts.c - the section of the page on how its verdicts could be wrong, from the same tables. */
#include "base/mem.h"
#include "cli/claims.h"
#include "file/atomic.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------- estimators */

enum { N_SHOWN = 4, MOST_BYTES = 1 << 22 };

/* Of the problem whose inputs are the 4096 patterns of most claims, at the sizes below and above. */
static const struct {
  const char *quantity;
  size_t n;
} shown[N_SHOWN] = {{"I(X;T)", 1000}, {"I(X;T)", 10000}, {"I(T;Y)", 1000}, {"I(T;Y)", 10000}};

typedef struct {
  double bias[N_SHOWN], sd[N_SHOWN];
  bool is_there;
} calibrated;

/* From results/calibration.tsv: task, quantity, estimator, samples, repeats, true, mean, bias, sd. */
static calibrated find_calibrated(const char *tsv, const char *estimator)
{
  calibrated c = {0};
  for (const char *line = tsv; line && *line; line = strchr(line, '\n'), line += line ? 1 : 0) {
    char task[32], quantity[16], name[100];
    size_t n;
    double bias, sd;
    if (sscanf(line, "%31[^\t]\t%15[^\t]\t%99[^\t]\t%zu\t%*s\t%*f\t%*f\t%lf\t%lf", task, quantity, name, &n, &bias,
               &sd) != 6)
      continue;
    if (strcmp(task, "sphere") != 0 || strcmp(name, estimator) != 0) continue;
    for (size_t i = 0; i < N_SHOWN; i++)
      if (n == shown[i].n && !strcmp(quantity, shown[i].quantity)) {
        c.bias[i] = bias;
        c.sd[i] = sd;
        c.is_there = true;
      }
  }
  return c;
}

/* Whether a claim before (i, j) reads the same estimator. */
static bool is_repeated(const ip_claim_entry *e, size_t i, size_t j)
{
  const char *name = e[i].claim->estimator[j];
  for (size_t a = 0; a <= i; a++)
    for (size_t b = 0; b < (a == i ? j : e[a].claim->n_estimators) && e[a].result; b++)
      if (!strcmp(e[a].claim->estimator[b], name)) return true;
  return false;
}

static void put_biases(size_t n, const ip_claim_entry *e, const char *tsv, FILE *out)
{
  fputs("\n**Estimators are biased.** Known information on the problem `sphere` (inputs as those of most claims, which "
        "estimate from 4096 patterns): bias ± standard deviation in bits "
        "([calibration](calibration.md)). I(X;T) is 5.57 bits there, I(T;Y) 1.00 bit; the values "
        "of T go to 6.3, and `edges` has bins for those up to 1 only. A bias that is the same at all "
        "epochs cancels in a decrease; one that changes with the distribution of the activations does not.\n\n"
        "| estimator |",
        out);
  for (size_t k = 0; k < N_SHOWN; k++) fprintf(out, " %s, N = %zu |", shown[k].quantity, shown[k].n);
  fputs("\n|---|---|---|---|---|\n", out);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < e[i].claim->n_estimators && e[i].result; j++) {
      if (is_repeated(e, i, j)) continue;
      calibrated c = find_calibrated(tsv, e[i].claim->estimator[j]);
      fprintf(out, "| `%s` |", e[i].claim->estimator[j]);
      for (size_t k = 0; k < N_SHOWN; k++)
        if (c.is_there)
          fprintf(out, " %+.3f ± %.3f |", c.bias[k], c.sd[k]);
        else
          fputs(" - |", out);
      putc('\n', out);
    }
  fputs("\nA dash: these parameters are not calibrated.\n", out);
}

static ip_status put_calibration(size_t n, const ip_claim_entry *e, ip_scratch *sc, FILE *out)
{
  const char *path;
  char *tsv;
  size_t size;
  IP_TRY(ip_scratch_format(sc, &path, "%s/../../calibration.tsv", e->folder));
  if (access(path, R_OK)) return IP_OK; /* claims of a user's own */
  IP_TRY(ip_file_read(path, MOST_BYTES, &size, &tsv));
  put_biases(n, e, tsv, out);
  ip_free(tsv);
  return IP_OK;
}

/* ---------------------------------------------------------------- chance */

static double wrong_at_all_looks(const ip_claim_entry *e, const ip_claim_row *w)
{
  return (1 - w->effect.level) * (double)e->claim->n_looks;
}

/* Sums over tests of the verdict: their number, the decided ones, and the probabilities of a wrong decision. */
typedef struct {
  size_t n, decided;
  double wrong;
} chances;

static chances chances_of(const ip_claim_entry *e, const char *estimator)
{
  chances c = {0};
  for (size_t i = 0; i < e->result->n_rows; i++) {
    const ip_claim_row *w = &e->result->row[i];
    if (w->is_also || (estimator && strcmp(w->estimator, estimator) != 0)) continue;
    c.n++;
    c.decided += w->decision != IP_UNDECIDED;
    if (isfinite(w->effect.level)) c.wrong += wrong_at_all_looks(e, w);
  }
  return c;
}

/* Whether a rule holds only if every test of it does. */
static bool needs_every_test(const ip_claim *c, const ip_rule *r)
{
  if (r->op == IP_OP_PART) return needs_every_test(c, c->part[(size_t)r->number].rule);
  if (r->op == IP_OP_OR || r->op == IP_OP_NOT || r->op == IP_OP_ANY_HIDDEN) return false;
  bool all = true;
  if (r->op == IP_OP_AND || r->op == IP_OP_BOTH || r->op == IP_OP_ALL_HIDDEN)
    for (size_t i = 0; i < r->n; i++) all &= needs_every_test(c, r->arg[i]);
  return all;
}

/* Bound on the probability that the verdict is wrongly what it is. `holds` needs every test: one of them is wrong, with
 * at most 5 %. `fails` (and `holds` of a rule with alternatives) needs one wrong test for each decided estimator: at
 * most the sum of the one with the smallest sum. `depends` needs one wrong test anywhere. */
static double bound_of(const ip_claim_entry *e)
{
  const ip_claim_result *r = e->result;
  double least = 1;
  for (size_t i = 0; i < r->n_estimators; i++)
    if (r->estimator[i].n_layers && r->estimator[i].decision != IP_UNDECIDED)
      least = fmin(least, chances_of(e, r->estimator[i].name).wrong);
  switch (r->verdict) {
  case IP_VERDICT_HOLDS:
    return needs_every_test(e->claim, e->claim->verdict) && !e->claim->any_layer ? 0.05 : least;
  case IP_VERDICT_FAILS:
    return least;
  case IP_VERDICT_DEPENDS:
    return fmin(1, chances_of(e, NULL).wrong);
  case IP_VERDICT_UNDECIDED:
    return 0;
  }
  return 0;
}

static void put_chance(size_t n, const ip_claim_entry *e, FILE *out)
{
  chances all = {0};
  size_t n_decided = 0, n_run = 0;
  double bound = 0;
  for (size_t i = 0; i < n; i++) {
    if (!e[i].result) continue;
    chances c = chances_of(&e[i], NULL);
    all.n += c.n;
    all.decided += c.decided;
    all.wrong += c.wrong;
    n_run++;
    n_decided += e[i].result->verdict != IP_VERDICT_UNDECIDED;
    bound += bound_of(&e[i]);
  }
  fprintf(
      out,
      "\n**Many tests.** %zu of %zu claims have been run, and %zu decided. Their verdicts consist of %zu tests (parts, "
      "layers, estimators), of which %zu are decided. If every effect were exactly at its threshold, at most "
      "%.2g of the tests would be decided wrongly on average, and at most %.2g of the decided verdicts would be: "
      "a wrong *holds* needs a test that is wrong (5 %%), a wrong *fails* one for each decided estimator, a wrong "
      "*depends* "
      "one anywhere. There is no correction over the claims. Away from the thresholds errors are rarer.\n",
      n_run, n, n_decided, all.n, all.decided, all.wrong, bound);
}

/* ---------------------------------------------------------------- looks, and what was left out */

static void put_runs(size_t n, const ip_claim_entry *e, FILE *out)
{
  fputs("\n**Looks, seeds and layers left out.** A claim is decided at the first of its numbers of seeds at which it "
        "can be; the levels are divided by the number of looks. *Level*: of the intervals of its tests.\n\n"
        "| # | looks | decided with | level | networks that failed to fit | layers not measurable | "
        "the other choices of runs |\n|---|---|---|---|---|---|---|\n",
        out);
  for (size_t i = 0; i < n; i++) {
    const ip_claim *c = e[i].claim;
    const ip_claim_result *r = e[i].result;
    double low = 1, high = 0;
    size_t n_left_out = 0;
    if (!r) continue;
    for (size_t k = 0; k < r->n_rows; k++) {
      low = fmin(low, r->row[k].effect.level);
      high = fmax(high, r->row[k].effect.level);
    }
    for (size_t k = 0; k < r->n_cells; k++) n_left_out += !r->cell[k].is_measurable;
    fprintf(out, "| [%s](#claim-%s) |", ip_claims_number_of(c).text, ip_claims_number_of(c).text);
    for (size_t k = 0; k < c->n_looks; k++) fprintf(out, "%s %zu", k ? "," : "", c->look[k]);
    fprintf(out, " | %s%zu |", r->verdict == IP_VERDICT_UNDECIDED ? "not with " : "", r->n_seeds);
    fprintf(out, high > low ? " %.2f to %.2f %% |" : " %.2f %% |", 100 * low, 100 * high);
    fprintf(out, " %zu of %zu | %zu of %zu | ", r->n_failed_to_fit, r->n_runs, n_left_out, r->n_cells);
    ip_claims_put_choices(r, out);
    fputs(" |\n", out);
  }
}

ip_status ip_claims_print_doubts(size_t n, const ip_claim_entry *e, FILE *out)
{
  ip_scratch *sc;
  size_t n_run = 0;
  for (size_t i = 0; i < n; i++) n_run += e[i].result != NULL;
  if (!n_run) return IP_OK;
  fputs("\n## How this could be wrong\n", out);
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = put_calibration(n, e, sc, out);
  if (st == IP_OK) {
    put_chance(n, e, out);
    put_runs(n, e, out);
    fputs("\n**A threshold is a choice**, and a claim is about its experiment: other networks, data and training may "
          "behave otherwise. *Firm* above says where half and twice the thresholds give the same verdict. "
          "[docs/claims.md](../docs/claims.md) has the reasons for the rules.\n",
          out);
  }
  ip_scratch_destroy(&sc);
  return st;
}
