/* evaluate.h - the value of a rule on the table of a claim. */
#ifndef IP_CLAIMS_EVALUATE_H
#define IP_CLAIMS_EVALUATE_H

#include "claims/claim_table.h"
#include "claims/rule.h"

/* Which runs count. The verdict is that of the first (or of the second, if the claim keeps networks that failed to
 * fit); the others show whether it depends on the choice. */
typedef enum {
  IP_CHOICE_FITTED, /* runs that fitted their training data */
  IP_CHOICE_ALL,    /* those that failed to fit too */
  IP_CHOICE_ALIVE,  /* those that fitted, without layers that end with constant units */
  IP_N_CHOICES
} ip_claim_choice;

/* Where and how a rule is evaluated. */
typedef struct ip_rule_view {
  const ip_claim_table *table;
  const char *condition;       /* unless an @ selects another one */
  const ip_claim_block *block; /* the point of its sweep; NULL: the only one */
  const char *estimator;       /* label, or "" */
  const char *split;           /* of the estimator; NULL: as its label says */
  ip_layer_choice layer;
  ip_claim_choice choice;
  double factor;         /* of all thresholds; 1 */
  size_t n_looks;        /* at how many numbers of seeds the claim may be decided */
  size_t n_alternatives; /* layers of which one is enough; 1: all have to hold */
  bool is_negated;       /* below an odd number of `not` */
  bool by_value;         /* decisions are those of the effects themselves, without their intervals */
  /* Called for every test, if not NULL. */
  void (*see)(void *user, const struct ip_rule_view *v, const ip_rule *test, const ip_effect *effect,
              ip_decision decision);
  void *user;
} ip_rule_view;

/* A decision. `part` (may be NULL) has the decisions of the parts that r names. IP_EINVAL if the table lacks what r
 * reads, or a swept condition is read without a key. */
ip_status ip_rule_decide(const ip_rule_view *v, const ip_rule *r, const ip_decision *part, ip_scratch *sc,
                         ip_decision *out);

/* An effect with its interval at the given level. */
ip_status ip_rule_effect(const ip_rule_view *v, const ip_rule *r, double level, ip_scratch *sc, ip_effect *out);

/* The view of what is in front of an @. */
ip_rule_view ip_rule_moved(const ip_rule_view *v, const ip_rule_place *to);

/* One value for each seed of the table. */
ip_status ip_rule_values(const ip_rule_view *v, const ip_rule *r, ip_scratch *sc, ip_seed_value **out);

/* The points of the view's condition along a key, in increasing order: the views, and the numbers of the key (of a
 * list, its length; of a name, its place). `layers`: the hidden layers. */
ip_status ip_rule_points(const ip_rule_view *v, const char *key, ip_scratch *sc, size_t *n, ip_rule_view **view,
                         double **number);

/* The block that a view is of. */
ip_status ip_rule_block(const ip_rule_view *v, const ip_claim_block **out);

#endif
