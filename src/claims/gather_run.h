/* gather_run.h - what the rules of a claim read of one run file. For gather.c. */
#ifndef IP_CLAIMS_GATHER_RUN_H
#define IP_CLAIMS_GATHER_RUN_H

#include "claims/claim_table.h"
#include "claims/needs.h"

/* Adds the run at `path` to a block as that of the seed number `seed`. The first run of a block determines its epochs,
 * layers and series. A network that failed to fit may have ended early, so read those that did not (failed = false)
 * before those that did (true); each call passes over the others. IP_EINVAL if a run has other layers or epochs, or
 * lacks an estimator, or another `digest` of its configuration (NULL: any). */
ip_status ip_claim_gather_run(const ip_claim *c, const ip_claim_needs *needs, const char *path, size_t seed,
                              bool failed, const char *digest, ip_claim_table *t, ip_claim_block *b);

/* The number 1 ... n_layers of a chosen layer; 0 if there is no such layer. */
size_t ip_claim_layer_number(ip_layer_choice choice, size_t n_layers);

#endif
