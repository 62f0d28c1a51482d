/* compare.h - the results of two sets of runs, A and B, side by side. For infoplane diff.
 *
 * Runs are compared in pairs with the same seed. In sweeps, a pair also has the same values of all keys that vary
 * within A or within B; these values are a *point*. Keys that have one value in A and another in B are what the two
 * sets differ in, and are no part of a point.
 */
#ifndef IP_STUDY_COMPARE_H
#define IP_STUDY_COMPARE_H

#include "base/mem.h"
#include "num/inference.h"

#include <stdbool.h>

/* A number of the runs of a point: means over the pairs in which both runs have it, and the mean of B - A with its
 * t interval. */
typedef struct ip_compared {
  size_t point;
  const char *layer;    /* "1", "2", ...; "output"; "" for a number of the whole network */
  const char *source;   /* label of the estimator or measure; "" for losses and accuracies */
  const char *quantity; /* column of runs.csv: "ixt_drop", "test_accuracy", "nc1" */
  const char *unit;     /* "" for fractions */
  bool is_main;         /* one of the few that a short table shows */
  size_t order;         /* in which it was found */
  size_t n;
  double mean_a, mean_b, difference;
  ip_bounds interval; /* NaN for n < 2 */
} ip_compared;

typedef struct ip_compared_point {
  const char *const *value; // (n_keys of the comparison)
  size_t n_a, n_b, n_pairs; /* runs of A and B, and pairs */
} ip_compared_point;

typedef struct ip_comparison {
  double level; /* of the intervals */
  size_t n_keys;
  const char *const *key; // (n_keys) that vary within A or B
  size_t n_points;
  const ip_compared_point *point; // (n_points)
  size_t n;
  const ip_compared *row; // (n) by point, then networks before layers
} ip_comparison;

/* Compares (n_a) run files with (n_b). Everything is in scratch. */
ip_status ip_compare_runs(size_t n_a, const char *const *a, size_t n_b, const char *const *b, double level,
                          ip_scratch *sc, ip_comparison *out);

#endif
