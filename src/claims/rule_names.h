/* rule_names.h - the names that the parser of rules looks up. For rule_read.c. */
#ifndef IP_CLAIMS_RULE_NAMES_H
#define IP_CLAIMS_RULE_NAMES_H

#include "base/text.h"
#include "claims/rule.h"

typedef struct ip_function_entry {
  ip_function function;
  ip_reducer reducer;
  ip_rule_type result;
  const char *arguments; /* one letter each: IP_FUNCTION_LIST */
} ip_function_entry;

/* False if no function has the name. */
bool ip_rule_function(const char *name, ip_function_entry *f);
ip_hint ip_rule_function_hint(const char *name);

/* A number of each run: hx_bits, hy_bits, ixy_bits, log2_n. */
bool ip_rule_is_scalar(const char *name);

/* What was probably meant by the name of a series. */
ip_hint ip_rule_hint(const char *name);

#endif
