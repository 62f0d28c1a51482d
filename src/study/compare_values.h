/* compare_values.h - the numbers of pairs of runs, by what they are. For compare.c. */
#ifndef IP_STUDY_COMPARE_VALUES_H
#define IP_STUDY_COMPARE_VALUES_H

#include "study/compare.h"
#include "study/gathered.h"

/* One number of every pair. */
typedef struct ip_pair_values {
  ip_compared row;  /* what it is; its statistics are not set */
  double *value[2]; // (n_pairs) of A and of B; NaN where a run lacks it
} ip_pair_values;

/* Start from {.sc, .n_pairs}. */
typedef struct ip_pairs_of_values {
  ip_scratch *sc;
  size_t n_pairs, n, room;
  ip_pair_values *values; // (n)
} ip_pairs_of_values;

/* Adds the numbers of a run file as those of one side (0: A, 1: B) of a pair. */
ip_status ip_pairs_read(ip_pairs_of_values *v, size_t pair, int side, const char *file);

#endif
