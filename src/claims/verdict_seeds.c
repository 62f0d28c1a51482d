/* verdict_seeds.c - how many seeds would decide a claim that cannot be told. */
#include "claims/verdict.h"

#include "num/inference.h"

#include <math.h>
#include <string.h>

/* Whether a layer of an estimator is undecided; true for tests that select their own layers. */
static bool is_undecided(const ip_claim_result *r, const char *estimator, size_t layer)
{
  for (size_t i = 0; i < r->n_cells; i++)
    if (r->cell[i].layer == layer && !strcmp(r->cell[i].estimator, estimator))
      return r->cell[i].decision == IP_UNDECIDED;
  return true;
}

/* The most that any undecided test of an undecided layer needs; INFINITY if one of them does not say. */
static double seeds_for(const ip_claim_result *r, const char *estimator)
{
  double most = 0;
  for (size_t i = 0; i < r->n_rows; i++) {
    const ip_claim_row *w = &r->row[i];
    if (w->is_also || w->decision != IP_UNDECIDED || strcmp(w->estimator, estimator) != 0) continue;
    if (is_undecided(r, estimator, w->layer))
      most = fmax(most, isnan(w->seeds_needed) ? (double)INFINITY : w->seeds_needed);
  }
  return most > 0 ? most : (double)INFINITY;
}

/* Estimators become decided in the order of the seeds that they need; half of them are enough. */
ip_status ip_claim_seeds_needed(const ip_claim_result *r, double *out)
{
  size_t n = 0, n_open = 0;
  double *needs;
  *out = (double)NAN;
  if (r->verdict != IP_VERDICT_UNDECIDED || *r->reason) return IP_OK;
  size_t mark = ip_scratch_mark(r->sc);
  IP_TRY(IP_SCRATCH(r->sc, needs, r->n_estimators, "seeds of estimators"));
  for (size_t i = 0; i < r->n_estimators; i++) {
    const ip_claim_estimator *e = &r->estimator[i];
    n += e->n_layers > 0;
    if (e->n_layers && e->decision == IP_UNDECIDED) needs[n_open++] = seeds_for(r, e->name);
  }
  ip_sort_f64(n_open, needs);
  size_t n_decided = n - n_open, least = (n + 1) / 2;
  if (n && least > n_decided && isfinite(needs[least - n_decided - 1])) *out = needs[least - n_decided - 1];
  ip_scratch_release(r->sc, mark);
  return IP_OK;
}
