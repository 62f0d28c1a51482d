/* stale.c - whether the experiments of a claim still are those that its table was made of. */
#include "claims/stale.h"

#include "claims/runs.h"
#include "experiment/points.h"

#include <string.h>

bool ip_claim_rule_changed(const ip_claim *c, const ip_claim_table *t)
{
  return strcmp(t->rule_digest, c->digest) != 0;
}

/* Whether a point of the sweep has this digest. */
static ip_status has_digest(ip_points *points, const char *digest, bool *has)
{
  *has = false;
  for (size_t i = 0; i < ip_points_count(points) && !*has; i++) {
    const ip_point *point;
    IP_TRY(ip_points_get(points, i, &point));
    *has = !strcmp(point->digest, digest);
  }
  return IP_OK;
}

/* The first run of each block of a condition is compared: it has the first seed. */
static ip_status compare(const ip_claim *c, size_t k, const ip_claim_table *t, ip_points *points, bool *same)
{
  for (size_t i = 0; i < t->n_blocks && *same; i++)
    if (!strcmp(t->block[i].condition, c->condition[k].name) && *t->block[i].digest)
      IP_TRY(has_digest(points, t->block[i].digest, same));
  return IP_OK;
}

ip_status ip_claim_find_changed(const ip_claim *c, const ip_claim_table *t, const ip_claim_condition **out)
{
  ip_scratch *sc;
  ip_claim_needs needs;
  *out = NULL;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_claim_find_needs(c, sc, &needs);
  for (size_t k = 0; k < c->n_conditions && st == IP_OK && !*out; k++) {
    ip_experiment *e;
    ip_points *points = NULL;
    bool same = true;
    if (!c->condition[k].experiment) continue;
    if ((st = ip_claim_experiment(c, k, 1, &needs, &e)) != IP_OK) break;
    st = ip_points_create(e, &points);
    if (st == IP_OK) st = compare(c, k, t, points, &same);
    if (!same) *out = &c->condition[k];
    ip_points_destroy(&points);
    ip_experiment_destroy(&e);
  }
  ip_scratch_destroy(&sc);
  return st;
}
