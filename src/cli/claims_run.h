/* claims_run.h - training what a claim needs, and storing its verdict. For cmd_claims.c. */
#ifndef IP_CLI_CLAIMS_RUN_H
#define IP_CLI_CLAIMS_RUN_H

#include "cli/claims.h"

#define IP_CLAIMS_TABLE "table.tsv.gz"
#define IP_CLAIMS_VERDICT "verdict.tsv"

/* The options of `claims run`. */
typedef struct ip_claims_options {
  int64_t jobs, threads;
  bool dry_run, force, gather;
} ip_claims_options;

/* The path of a file of a claim. */
ip_status ip_claims_file(const ip_claim_entry *e, const char *name, ip_scratch *sc, const char **path);

/* Trains what is missing, gathers the table and decides, with more seeds while the verdict is undecided. Prints one
 * line for each claim when it is done. */
ip_status ip_claims_run(const ip_claims_options *o, size_t n, ip_claim_entry *e, ip_scratch *sc);

/* Decides a claim by its table, and writes the verdict and the figure. */
ip_status ip_claims_store(ip_claim_entry *e, ip_scratch *sc);

#endif
