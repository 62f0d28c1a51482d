/* verdict.h - the verdict of a claim, computed from its table.
 *
 * The rule is decided for each estimator and measurable layer, the layers are combined, and then the estimators
 * (decide.h). The whole is computed again with all thresholds halved and doubled, and with other choices of the runs
 * that count: if one of these choices leads to another verdict, the claim cannot be told. A choice that leaves fewer
 * runs and is undecided leads to no other verdict; the verdict is then not firm.
 */
#ifndef IP_CLAIMS_VERDICT_H
#define IP_CLAIMS_VERDICT_H

#include "claims/claim.h"
#include "claims/evaluate.h"

#include <stdio.h>

/* One test, of one estimator and layer. */
typedef struct ip_claim_row {
  const char *estimator;  /* "" if the rule reads none */
  size_t layer;           /* 1, 2, ... from the input; 0: none */
  ip_layer_choice choice; /* the same, as the rule says it */
  const char *part;
  const char *text; /* "mean(share(ixt)) > 0.2" */
  bool is_also;     /* has no influence on the verdict */
  const ip_rule *test;
  ip_effect effect;
  ip_decision decision, at_half, at_double; /* the last two with the thresholds x 1/2 and x 2 */
  ip_firmness firmness;
  double seeds_needed; /* of an undecided test, else NaN */
} ip_claim_row;

/* One estimator and layer. */
typedef struct ip_claim_cell {
  const char *estimator;
  size_t layer;
  bool is_output, is_measurable;
  double measured; /* effect of the rule `measurable`; NaN without one */
  ip_decision decision;
} ip_claim_cell;

typedef struct ip_claim_estimator {
  const char *name;
  size_t n_layers; /* measurable ones; 0: the estimator does not count */
  ip_decision decision;
} ip_claim_estimator;

typedef struct ip_claim_result {
  ip_scratch *sc; /* owns all of it */
  ip_verdict verdict;
  const char *reason;           /* why it cannot be told; "" if the numbers say so */
  ip_claim_choice first_choice; /* of the runs that count: that of the verdict */
  ip_verdict by_choice[IP_N_CHOICES];
  bool counts[IP_N_CHOICES]; /* whether the choice leaves enough runs, and any other */
  ip_verdict at_half, at_double;
  bool is_firm;        /* decided, and the same verdict at all three thresholds and by all choices */
  double seeds_needed; /* ip_claim_seeds_needed */
  size_t n_seeds, n_runs, n_missing, n_failed_to_fit;
  size_t n_rows, rows_room, n_cells, n_estimators;
  ip_claim_row *row;             // (n_rows)
  ip_claim_cell *cell;           // (n_cells)
  ip_claim_estimator *estimator; // (n_estimators) one, "", if the rule reads none
} ip_claim_result;

/* The result keeps pointers into the claim. IP_EINVAL if the table is not one of this claim. */
ip_status ip_claim_decide(const ip_claim *c, const ip_claim_table *t, ip_claim_result **out);
void ip_claim_result_destroy(ip_claim_result **r);

/* How many seeds would decide an undecided claim if its effects remained as they are: an estimator needs the most of
 * its undecided tests, and the verdict needs half of the measurable estimators. NaN if it is decided, if the choice of
 * runs decides, or if too many tests have no interval. IP_ENOMEM. */
ip_status ip_claim_seeds_needed(const ip_claim_result *r, double *out);

/* The values behind a test: one for each seed of the table, of each argument of its summary (x, and y or NULL). */
ip_status ip_claim_row_values(const ip_claim *c, const ip_claim_table *t, const ip_claim_row *row, ip_scratch *sc,
                              ip_seed_value **x, ip_seed_value **y);

/* "holds", "fails", "undecided". */
const char *ip_decision_text(ip_decision d);

/* "without the networks that failed to fit" ... */
const char *ip_claim_choice_text(ip_claim_choice choice);

/* Writes the result as a table (tab separated): one row a test, a cell, an estimator, and the verdict. */
ip_status ip_claim_result_write(const ip_claim_result *r, const char *path);

/* Compares the result with such a file: decisions exactly, numbers to 1e-6 of their size. IP_EINVAL names the first
 * row and column that differ. */
ip_status ip_claim_result_compare(const ip_claim_result *r, const char *path);

#endif
