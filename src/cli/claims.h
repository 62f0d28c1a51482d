/* claims.h - what the command claims prints of verdicts. For cmd_claims.c. */
#ifndef IP_CLI_CLAIMS_H
#define IP_CLI_CLAIMS_H

#include "claims/claim.h"
#include "claims/claim_table.h"
#include "claims/verdict.h"

/* One claim; table and result are NULL if it has not been run, the result is also NULL if the table is of another rule.
 */
typedef struct ip_claim_entry {
  ip_claim *claim;
  const char *folder; /* results/claims/NAME */
  ip_claim_table *table;
  ip_claim_result *result;
} ip_claim_entry;

/* Whether the rule was changed after the table was made, so that there is no verdict. */
bool ip_claims_is_stale(const ip_claim_entry *e);

/* "fails by 5 of 6 estimators; width:size=0.035 undecided": the verdict with what it is by, or why it cannot be told;
 * `quote` around the names of estimators. */
void ip_claims_put_verdict(const ip_claim_result *r, const char *quote, FILE *out);

/* "same verdict", or what the other choices of the runs that count lead to. */
void ip_claims_put_choices(const ip_claim_result *r, FILE *out);

/* One line: name, verdict, seeds. */
void ip_claims_print_line(const ip_claim_entry *e, FILE *out);

/* The same for each claim, with its statement; then how many there are of each verdict. */
void ip_claims_print_list(size_t n, const ip_claim_entry *e, FILE *out);

/* The numbers behind a verdict, for each seed. */
ip_status ip_claims_print(const ip_claim_entry *e, FILE *out);

/* The number of a claim without its zeros ("1" of 01-szt2017-compression), or its name. */
typedef struct ip_claims_number {
  char text[80];
} ip_claims_number;
ip_claims_number ip_claims_number_of(const ip_claim *c);

/* The test that shows best why a layer or estimator has this decision: of those that fail the clearest, of those that
 * hold the narrowest, of the undecided ones that which needs most seeds; NULL if there is none. */
const ip_claim_row *ip_claims_key_test(const ip_claim_result *r, ip_decision around);

/* The verdict in one clause: the part of the rule that decides, its effect, and what it needs: "compresses fails in
 * 13 of 28 tests, most clearly -0.00177 in layer 3 by edges, needs > 0.2"; `quote` around names. */
void ip_claims_put_why(const ip_claim_entry *e, const char *quote, FILE *out);

/* The layers that have tests: "3 to 5, output"; "-" if the rule reads none. */
void ip_claims_put_layers(const ip_claim_entry *e, FILE *out);

/* Paragraphs written by hand, text.md of a directory; nothing if there are none. */
ip_status ip_claims_put_text(const char *folder, ip_scratch *sc, FILE *out);

/* The tests that show best why the verdict is what it is, with effect, interval and n, as sentences. */
void ip_claims_put_evidence(const ip_claim_entry *e, FILE *out);

/* The section of a claim in the page, with the paragraphs of its file text.md. */
ip_status ip_claims_print_section(const ip_claim_entry *e, ip_scratch *sc, FILE *out);

/* A page: introduction, a table of all claims, a section on each. */
ip_status ip_claims_print_markdown(size_t n, const ip_claim_entry *e, FILE *out);

/* The last section of the page: bias of the estimators, chance over all tests, looks and what was left out. Nothing if
 * no claim has been run. */
ip_status ip_claims_print_doubts(size_t n, const ip_claim_entry *e, FILE *out);

/* A list of objects. */
ip_status ip_claims_print_json(size_t n, const ip_claim_entry *e, FILE *out);

/* Draws folder/verdict.png: for each test of the verdict, the values of the seeds, the effect with its interval and the
 * threshold. *path is NULL if no layer is measurable. */
ip_status ip_claims_draw(const ip_claim_entry *e, const char **path, ip_scratch *sc);

/* Draws folder/plane.svg: the information plane of the first condition's networks by the first estimator of which the
 * table has I(X;T) and I(T;Y); nothing if there is none. */
ip_status ip_claims_draw_plane(const ip_claim_entry *e, ip_scratch *sc);

/* Whether there is one, by which estimator, and of how many networks. */
bool ip_claims_has_plane(const ip_claim_entry *e, const char **estimator, size_t *n_networks);

/* "3 seeds of 12 are missing" ...: what was left out; "" if nothing was. */
ip_status ip_claims_left_out(const ip_claim_entry *e, ip_scratch *sc, const char **text);

/* "2", "output": a layer of the first condition's networks. */
typedef struct ip_claims_layer {
  char text[24];
} ip_claims_layer;
ip_claims_layer ip_claims_layer_name(const ip_claim_entry *e, size_t layer);

#endif
