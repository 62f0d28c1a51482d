#include "claims/claim_table.h"

#include <math.h>
#include <string.h>

ip_status ip_claim_table_create(ip_claim_table **out)
{
  IP_TRY(IP_NEW(*out, 1, "table of a claim"));
  (*out)->claim = (*out)->rule_digest = (*out)->made = (*out)->version = "";
  ip_status st = ip_scratch_create(&(*out)->sc);
  if (st != IP_OK) ip_claim_table_destroy(out);
  return st;
}

void ip_claim_table_destroy(ip_claim_table **t)
{
  if (!*t) return;
  ip_scratch_destroy(&(*t)->sc);
  ip_free(*t);
  *t = NULL;
}

ip_status ip_claim_table_add_block(ip_claim_table *t, ip_claim_block **out)
{
  IP_TRY(IP_SCRATCH_GROW(t->sc, t->block, t->n_blocks, &t->blocks_room, "blocks of a claim"));
  *out = &t->block[t->n_blocks++];
  **out = (ip_claim_block){.condition = "", .digest = ""};
  return IP_SCRATCH(t->sc, (*out)->state, t->n_seeds, "runs of a claim");
}

static ip_status missing_values(ip_claim_table *t, size_t n, size_t m, double **x)
{
  IP_REQUIRE(!m || n <= SIZE_MAX / m, IP_ENOMEM, "table of a claim: too many values");
  IP_TRY(IP_SCRATCH(t->sc, *x, n * m, "values of a claim"));
  for (size_t i = 0; i < n * m; i++) (*x)[i] = (double)NAN;
  return IP_OK;
}

ip_status ip_claim_table_add_series(ip_claim_table *t, ip_claim_block *b, const char *name, const char *estimator,
                                    size_t layer, double **x)
{
  ip_claim_series *s;
  IP_TRY(IP_SCRATCH_GROW(t->sc, b->series, b->n_series, &b->series_room, "series of a claim"));
  s = &b->series[b->n_series++];
  *s = (ip_claim_series){.name = name, .estimator = estimator, .layer = layer};
  IP_TRY(missing_values(t, t->n_seeds, b->n_epochs, &s->x));
  *x = s->x;
  return IP_OK;
}

ip_status ip_claim_table_add_scalar(ip_claim_table *t, ip_claim_block *b, const char *name, size_t layer, double **x)
{
  ip_claim_scalar *s;
  IP_TRY(IP_SCRATCH_GROW(t->sc, b->scalar, b->n_scalars, &b->scalars_room, "metrics of a claim"));
  s = &b->scalar[b->n_scalars++];
  *s = (ip_claim_scalar){.name = name, .layer = layer};
  IP_TRY(missing_values(t, t->n_seeds, 1, &s->x));
  *x = s->x;
  return IP_OK;
}

const double *ip_claim_table_series(const ip_claim_block *b, const char *name, const char *estimator, size_t layer)
{
  for (size_t i = 0; i < b->n_series; i++)
    if (b->series[i].layer == layer && !strcmp(b->series[i].name, name) && !strcmp(b->series[i].estimator, estimator))
      return b->series[i].x;
  return NULL;
}

const double *ip_claim_table_scalar(const ip_claim_block *b, const char *name, size_t layer)
{
  for (size_t i = 0; i < b->n_scalars; i++)
    if (b->scalar[i].layer == layer && !strcmp(b->scalar[i].name, name)) return b->scalar[i].x;
  return NULL;
}
