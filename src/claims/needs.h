/* needs.h - what the rules of a claim read of a run file. */
#ifndef IP_CLAIMS_NEEDS_H
#define IP_CLAIMS_NEEDS_H

#include "claims/claim.h"

/* One series. */
typedef struct ip_claim_need {
  const char *name, *path; /* in rules, in the run file */
  ip_source source;
  const char *estimator; /* NULL: each of the claim's estimators, ... */
  const char *split;     /* ... of this side; NULL: as they are listed */
  ip_layer_choice layer; /* not given: each of the claim's layers */
  bool all_hidden;       /* read along the layers */
} ip_claim_need;

typedef struct ip_claim_needs {
  size_t n, n_finals, room, finals_room;
  ip_claim_need *need; // (n) all different
  const char **final;  // (n_finals) metrics at the end of training
  size_t n_estimators;
  const char **estimator; // (n_estimators) labels of all estimates that are read
} ip_claim_needs;

/* Everything is in scratch. IP_ENOMEM. */
ip_status ip_claim_find_needs(const ip_claim *c, ip_scratch *sc, ip_claim_needs *out);

#endif
