/* claim_read.h - what the files that read a claim share. */
#ifndef IP_CLAIMS_CLAIM_READ_H
#define IP_CLAIMS_CLAIM_READ_H

#include "claims/claim.h"
#include "config/tree.h"

typedef struct ip_claim_reader {
  ip_claim *claim;
  ip_config_errors *errors;
  const char *const *condition_name; // (claim->n_conditions)
} ip_claim_reader;

/* Adds an error at a node. */
#define IP_CLAIM_ERROR(r, node, key, ...) ip_config_errors_add((r)->errors, (node)->place, (key), __VA_ARGS__)

/* conditions, or experiment, set, where and files of the only one. */
ip_status ip_claim_read_conditions(ip_claim_reader *r, const ip_node *root);

/* measurable, parts, also and verdict, after the conditions. */
ip_status ip_claim_read_rules(ip_claim_reader *r, const ip_node *root);

/* The entry of a mapping; NULL if it has none of this name. */
const ip_node *ip_node_entry(const ip_node *map, const char *name);

/* Adds an error for every entry of a mapping with another name than those of the NULL-terminated list. */
ip_status ip_claim_check_keys(ip_claim_reader *r, const ip_node *map, const char *const *names);

/* The scalar at a node, or NULL with an error. */
ip_status ip_claim_text(ip_claim_reader *r, const ip_node *node, const char *key, const char **text);

/* The scalars of a list (or one scalar). */
ip_status ip_claim_texts(ip_claim_reader *r, const ip_node *node, const char *key, size_t *n,
                         const char *const **texts);

#endif
