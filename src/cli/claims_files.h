/* claims_files.h - claims from a directory of rules, with the tables of those that have been run. For cmd_claims.c and
 * cmd_report.c. */
#ifndef IP_CLI_CLAIMS_FILES_H
#define IP_CLI_CLAIMS_FILES_H

#include "cli/claims.h"

#define IP_CLAIMS_RULES "experiments/claims"
#define IP_CLAIMS_RESULTS "results/claims"

/* Whether a name is that of a file with a claim. */
bool ip_claims_is_rule(const char *name);

/* Paths of the (n) files of a directory, in the order of their names. IP_EIO if there is no such directory. */
ip_status ip_claims_list_rules(const char *rules, ip_scratch *sc, size_t *n, const char ***path);

/* The claim of a file, and its table in `folder` if it has been run. */
ip_status ip_claims_open(const char *path, const char *folder, ip_scratch *sc, ip_claim_entry *e);
void ip_claims_close(size_t n, ip_claim_entry *e);

/* The verdicts on claims that use an experiment, by its name, as ip_claims_print_json prints them, in new memory
 * (ip_free); NULL if none does. Rules and tables are in these directories; one that does not exist, and a claim that
 * cannot be decided, are passed over. */
ip_status ip_claims_about(const char *experiment, const char *rules, const char *folder, char **json);

#endif
