/* rule.h - the language of rules: an expression that decides a statement from series over epochs and seeds.
 *
 *     mean(share(ixt)) > 0.2                                    a reducer for each seed, a mean over seeds, a test
 *     ratio(drop(ixt) @ full_batch, drop(ixt)) > 0.67           a relation between two conditions
 *     share_of_runs(argmin_epoch(test_loss) < onset(ixt)) > 0.8
 *
 * An expression has one of six types: a number, a series (a value for each epoch and seed), a condition (true or false
 * for each epoch and seed), a value (one number for each seed), an effect (with an interval over seeds) and a decision.
 * The types are checked when the rule is read. There are no variables, loops or definitions: a rule always ends.
 * docs/claims.md is the reference.
 */
#ifndef IP_CLAIMS_RULE_H
#define IP_CLAIMS_RULE_H

#include "base/mem.h"
#include "claims/decide.h"

#include <stdio.h>

typedef enum {
  IP_TYPE_NUMBER,
  IP_TYPE_SERIES,
  IP_TYPE_CONDITION,
  IP_TYPE_VALUE,
  IP_TYPE_EFFECT,
  IP_TYPE_DECISION
} ip_rule_type;

typedef enum {
  IP_OP_NUMBER,
  IP_OP_SERIES, /* text: its name */
  IP_OP_SCALAR, /* text: a number of each run, such as hx_bits */
  IP_OP_FINAL,  /* text: a metric at the end of training */
  IP_OP_CALL,
  IP_OP_NEGATE,
  IP_OP_ADD,
  IP_OP_SUBTRACT,
  IP_OP_MULTIPLY,
  IP_OP_DIVIDE,
  IP_OP_LESS, /* arg[0] < arg[1] */
  IP_OP_LESS_EQUAL,
  IP_OP_TEST, /* arg[0] against `test` */
  IP_OP_AT,   /* arg[0] @ place */
  IP_OP_AND,
  IP_OP_OR,
  IP_OP_NOT,
  IP_OP_BOTH,       /* holds if both hold, fails if both fail */
  IP_OP_ANY_HIDDEN, /* one hidden layer is enough (Holm) */
  IP_OP_ALL_HIDDEN, /* every hidden layer */
  IP_OP_PART        /* text: its name; number: its index */
} ip_rule_op;

/* name, result, types of the arguments (s series, c condition, v value, k key, r pearson or spearman, q number), is it
 * cross-fitted. Reducers of series.h with one series are functions too. */
#define IP_FUNCTION_LIST(X)                                                                                            \
  X(AT_PEAK, at_peak, VALUE, "ss", true, "y at the cross-fitted peak of x: at_peak(x, y)")                             \
  X(WHEN, when, VALUE, "c", false, "first epoch from which a condition lasts; censored if it never does")              \
  X(OVER_EPOCHS, over_epochs, VALUE, "rss", false, "correlation of two series over the epochs of a run")               \
  X(OVER_CHANGES, over_changes, VALUE, "rss", false, "the same of their first differences")                            \
  X(ABS, abs, VALUE, "v", false, "absolute value")                                                                     \
  X(LOG2, log2, VALUE, "v", false, "logarithm to base 2")                                                              \
  X(MAX, max, VALUE, "vv", false, "the larger of two values")                                                          \
  X(TREND, trend, VALUE, "vk", false, "Kendall's tau of a value against a swept key, within a seed")                   \
  X(SLOPE, slope, VALUE, "vk", false, "least-squares slope of log2 value on log2 key, within a seed")                  \
  X(AT_BEST, at_best, VALUE, "vk", true, "value where its mean over the other half of the seeds is smallest")          \
  X(AT_SMALLEST, at_smallest, VALUE, "vk", false, "value at the smallest key")                                         \
  X(AT_LARGEST, at_largest, VALUE, "vk", false, "value at the largest key")                                            \
  X(INSIDE, inside, VALUE, "vkq", false, "number of swept values with q M < value < (1 - q) M, M the largest")         \
  X(SPAN, span, VALUE, "vk", false, "decades of the key between 0.9 and 0.1 of the largest value")                     \
  X(MEAN, mean, EFFECT, "v", false, "mean over seeds")                                                                 \
  X(MEDIAN, median, EFFECT, "v", false, "median over seeds; accepts censored epochs")                                  \
  X(SHARE_OF_RUNS, share_of_runs, EFFECT, "v", false, "share of seeds for which a comparison is true")                 \
  X(RATIO, ratio, EFFECT, "vv", false, "mean of the first over mean of the second, seeds paired")                      \
  X(CORR, corr, EFFECT, "rvv", false, "correlation of two values over seeds")                                          \
  X(POOLED_CORR, pooled_corr, EFFECT, "rvvk", false, "the same within each swept value, pooled by random effects")     \
  X(VARIANCE_SHARE, variance_share, EFFECT, "vk", false, "share of the variance between the swept values")

typedef enum ip_function {
#define X(symbol, name, result, arguments, is_cross_fitted, meaning) IP_FUNCTION_##symbol,
  IP_FUNCTION_LIST(X)
#undef X
      IP_FUNCTION_REDUCER, /* reducer of the rule */
  IP_N_FUNCTIONS
} ip_function;

/* A layer by its number from the input (1, 2, ...) or from the output (0: the output, -1: the last hidden layer). */
typedef struct ip_layer_choice {
  bool is_given;
  int number;
} ip_layer_choice;

/* What follows an @: one of them. */
typedef struct ip_rule_place {
  const char *condition; /* NULL */
  const char *estimator; /* label; NULL */
  const char *split;     /* "train" or "test" of the claim's estimators; NULL */
  ip_layer_choice layer;
} ip_rule_place;

typedef struct ip_rule {
  ip_rule_op op;
  ip_rule_type type;
  ip_function function;
  ip_reducer reducer;
  ip_correlation_kind correlation;
  const char *text; /* name; of a call: its key */
  double number;    /* of a number; of inside: q */
  ip_test test;
  ip_rule_place place;
  size_t begin, end; /* characters of the expression */
  size_t n;
  struct ip_rule *arg[2];
} ip_rule;

/* The names that a rule may use. */
typedef struct ip_rule_names {
  size_t n_conditions, n_parts;
  const char *const *condition; // (n_conditions)
  const char *const *part;      // (n_parts)
} ip_rule_names;

typedef struct ip_rule_error {
  size_t at; /* character of the expression, from 0 */
  char text[512];
} ip_rule_error;

/* Reads an expression of the type DECISION. *rule is NULL, with the error, if it is wrong. Everything is in scratch.
 * IP_ENOMEM. */
ip_status ip_rule_read(const char *text, const ip_rule_names *names, ip_scratch *sc, ip_rule **rule,
                       ip_rule_error *error);

/* Whether the values below it share epochs that were chosen by other seeds (wider intervals: ip_claim_level). */
bool ip_rule_is_cross_fitted(const ip_rule *r);

/* Where a series of that name is in a run file. */
typedef enum { IP_SOURCE_NONE, IP_SOURCE_METRIC, IP_SOURCE_LAYER, IP_SOURCE_ESTIMATE, IP_SOURCE_MEASURE } ip_source;

/* `path` becomes its name there: "train/loss" for train_loss. Texts belong to the caller or are constant. */
ip_source ip_rule_source(const char *name, const char **path);

/* Lines "name(arguments)  meaning" of all functions, for help. */
void ip_rule_help(FILE *out);

#endif
