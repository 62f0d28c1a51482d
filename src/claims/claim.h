/* claim.h - a statement of the literature and the rule that decides it, from a YAML file.
 *
 *     claim: 01-szt2017-compression
 *     paper: Shwartz-Ziv & Tishby 2017, figures 2 to 4
 *     statement: Hidden layers first gain information about the input, then lose it.
 *     experiment: experiments/szt2017.yaml        # or conditions: {tanh: {experiment: ..., set: {...}}, relu: ...}
 *     set: {log.final: true}
 *     seeds: {first: 101, looks: [12, 24, 48]}
 *     estimators: [edges, kde_upper]
 *     layers: hidden                              # hidden, last_hidden, output, a list of numbers, or none
 *     measurable: share_of_runs(at_peak(ixt, saturated)) < 0.5
 *     parts:
 *       compresses: mean(share(ixt)) > 0.2
 *     verdict: compresses
 *     combine: all layers                         # or: any layers
 *
 * docs/claims.md describes every key.
 */
#ifndef IP_CLAIMS_CLAIM_H
#define IP_CLAIMS_CLAIM_H

#include "claims/rule.h"

#include <stdint.h>

/* Runs under one condition: those of an experiment, or run files of any program. */
typedef struct ip_claim_condition {
  const char *name;       /* "main" if the claim has only one */
  const char *experiment; /* path of its file; NULL if `files` are given */
  size_t n_set;
  const char *const *set; // (n_set) "key=value"
  size_t n_where;
  const char *const *where_key, *const *where_value; // (n_where) only points of the sweep with these values
  size_t n_files;
  const char *const *files; // (n_files) run files or directories
  size_t runs_of;           /* the first condition with the same experiment and settings: they share runs */
} ip_claim_condition;

typedef struct ip_claim_part {
  const char *name, *text;
  ip_rule *rule;
} ip_claim_part;

typedef enum { IP_LAYERS_NONE, IP_LAYERS_HIDDEN, IP_LAYERS_LIST } ip_claim_layers;

enum { IP_CLAIM_MOST_LOOKS = 5 };

typedef struct ip_claim {
  const char *path, *name, *paper, *statement, *note;
  size_t n_conditions;
  ip_claim_condition *condition; // (n_conditions)
  uint64_t first_seed;
  size_t n_looks, look[IP_CLAIM_MOST_LOOKS]; /* numbers of seeds, increasing */
  size_t n_estimators;
  const char *const *estimator; // (n_estimators) labels; none: the rule reads no estimates
  ip_claim_layers layers;
  size_t n_layers;
  ip_layer_choice *layer; // (n_layers) of IP_LAYERS_LIST
  bool any_layer;         /* combine: one layer is enough */
  bool keeps_failed;      /* networks that failed to fit count */
  ip_rule *measurable;    /* NULL: always */
  const char *measurable_text;
  size_t n_parts, n_also;
  ip_claim_part *part; // (n_parts)
  ip_claim_part *also; // (n_also) printed, without influence on the verdict
  ip_rule *verdict;
  const char *verdict_text;
  char digest[65]; /* SHA-256 of everything that decides: not of name, paper, statement, note and also */
  ip_scratch *sc;  /* owns all of it */
} ip_claim;

/* Reads a claim. IP_ECONFIG with all errors, each with its place; IP_EIO. Paths of experiments are relative to the
 * directory of the claim's file or, if absent there, to the current one. */
ip_status ip_claim_load(const char *path, ip_claim **out);
ip_status ip_claim_parse(const char *path, const char *text, ip_claim **out);
void ip_claim_destroy(ip_claim **c);

/* Index of the condition of that name; n_conditions if there is none. */
size_t ip_claim_condition_of(const ip_claim *c, const char *name);

#endif
