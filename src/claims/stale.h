/* stale.h - whether a table still is of its claim: of its rule, and of the experiments as their files are now. */
#ifndef IP_CLAIMS_STALE_H
#define IP_CLAIMS_STALE_H

#include "claims/claim.h"
#include "claims/claim_table.h"

/* Whether the rule was changed after the table was made. Its verdict then does not exist (ip_claim_decide). */
bool ip_claim_rule_changed(const ip_claim *c, const ip_claim_table *t);

/* The first condition whose experiment would train another configuration than the table is of; NULL if there is none.
 * The verdict exists, and is one on the experiment as it was. IP_ECONFIG, IP_EIO: an experiment cannot be read. */
ip_status ip_claim_find_changed(const ip_claim *c, const ip_claim_table *t, const ip_claim_condition **out);

#endif
