/* claims/runs.h - the runs that a claim needs: trained where they are missing, and read into its table. */
#ifndef IP_CLAIMS_RUNS_H
#define IP_CLAIMS_RUNS_H

#include "claims/claim.h"
#include "claims/claim_table.h"
#include "claims/needs.h"
#include "experiment/experiment.h"

#include <stdio.h>

typedef struct ip_claim_work {
  const char *folder;   /* for run files: folder/CONDITION is the results directory of a condition */
  size_t jobs, threads; /* as in sweep.h */
  bool force;
  FILE *messages; /* NULL: silence */
} ip_claim_work;

/* Whether all conditions are run files of the user, so that nothing can be trained. */
bool ip_claim_has_only_files(const ip_claim *c);

/* The experiment of condition k with its settings, the claim's seeds (n_seeds of them) and the estimators and measures
 * that its rules read. IP_ECONFIG. */
ip_status ip_claim_experiment(const ip_claim *c, size_t k, size_t n_seeds, const ip_claim_needs *needs,
                              ip_experiment **out);

/* Trains the runs of all conditions that are missing, with n_seeds seeds. As ip_sweep_run. */
ip_status ip_claim_train(const ip_claim *c, const ip_claim_work *work, size_t n_seeds);

/* Reads what the rules need of the run files, one file after the other. Runs that do not exist are marked as missing.
 * The table keeps pointers into the claim. IP_EFORMAT, IP_EINVAL: a file lacks an estimator, two files of a condition
 * have the same seed. */
ip_status ip_claim_gather(const ip_claim *c, const ip_claim_work *work, size_t n_seeds, ip_claim_table **out);

#endif
