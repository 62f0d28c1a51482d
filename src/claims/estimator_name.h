/* estimator_name.h - names of estimators in claims: a spec, or a spec of one side of the split ("edges@train"). */
#ifndef IP_CLAIMS_ESTIMATOR_NAME_H
#define IP_CLAIMS_ESTIMATOR_NAME_H

#include "base/mem.h"

/* The label under which run files have the estimates, in scratch: "edges:count=30@train" becomes "edges@train".
 * IP_ECONFIG if the spec is wrong. */
ip_status ip_estimator_name_label(const char *name, ip_scratch *sc, const char **label);

/* The label of the same estimator on a side of the split; NULL: unchanged. */
ip_status ip_estimator_name_on(const char *label, const char *split, ip_scratch *sc, const char **out);

/* Its parts: the length of the spec, and all, train or test. */
size_t ip_estimator_name_length(const char *name);
const char *ip_estimator_name_split(const char *name);

#endif
