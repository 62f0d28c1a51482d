/* claims_sentence.c - the verdict of a claim in a few words: what it is, by which estimators, and which are open. */
#include "claims/stale.h"
#include "cli/claims.h"

#include <string.h>

bool ip_claims_is_stale(const ip_claim_entry *e)
{
  return e->table && ip_claim_rule_changed(e->claim, e->table);
}

typedef struct {
  const ip_claim_result *result;
  const char *quote; /* around names */
  FILE *out;
} writer;

static bool counts(const ip_claim_estimator *e, ip_decision decision)
{
  return e->n_layers && e->decision == decision;
}

static size_t count(const ip_claim_result *r, ip_decision decision)
{
  size_t n = 0;
  for (size_t i = 0; i < r->n_estimators; i++) n += counts(&r->estimator[i], decision);
  return n;
}

/* "; edges, width undecided" */
static void put_names(const writer *w, const char *before, ip_decision decision, const char *after)
{
  size_t n = 0;
  for (size_t i = 0; i < w->result->n_estimators; i++)
    if (counts(&w->result->estimator[i], decision))
      fprintf(w->out, "%s%s%s%s", n++ ? ", " : before, w->quote, w->result->estimator[i].name, w->quote);
  if (n) fputs(after, w->out);
}

/* " by 5 of 6 estimators; edges undecided" */
static void put_agreement(const writer *w, size_t n, size_t n_open)
{
  if (n_open)
    fprintf(w->out, " by %zu of %zu estimators", n, n + n_open);
  else if (n > 1)
    fprintf(w->out, " by all %zu estimators", n);
  put_names(w, "; ", IP_UNDECIDED, " undecided");
}

void ip_claims_put_verdict(const ip_claim_result *r, const char *quote, FILE *out)
{
  const writer w = {r, quote, out};
  size_t yes = count(r, IP_HOLDS), no = count(r, IP_FAILS), open = count(r, IP_UNDECIDED), n = yes + no + open;
  bool is_named = r->n_estimators && *r->estimator[0].name;
  fputs(ip_verdict_text(r->verdict), out);
  if (*r->reason || !n) {
    fprintf(out, ": %s", *r->reason ? r->reason : "no layer is measurable");
    return;
  }
  if (!is_named) return;
  if (r->verdict == IP_VERDICT_HOLDS || r->verdict == IP_VERDICT_FAILS) {
    put_agreement(&w, yes + no, open);
    return;
  }
  put_names(&w, ": ", IP_HOLDS, yes == 1 ? " holds" : " hold");
  put_names(&w, yes ? "; " : ": ", IP_FAILS, no == 1 ? " fails" : " fail");
  put_names(&w, yes + no ? "; " : ": ", IP_UNDECIDED, " undecided");
}

void ip_claims_put_choices(const ip_claim_result *r, FILE *out)
{
  size_t n = 0;
  for (int k = 0; k < IP_N_CHOICES; k++)
    if (r->counts[k] && r->by_choice[k] != r->by_choice[r->first_choice])
      fprintf(out, "%s%s: %s", n++ ? "; " : "", ip_claim_choice_text((ip_claim_choice)k),
              ip_verdict_text(r->by_choice[k]));
  if (!n) fputs("same verdict", out);
}
