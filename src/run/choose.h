/* choose.h - which samples are logged, and which estimates are made from: all, or one side of the split, and of these
 * at most so many. */
#ifndef IP_RUN_CHOOSE_H
#define IP_RUN_CHOOSE_H

#include "base/mem.h"
#include "experiment/experiment.h"

/* Samples to choose from. */
typedef struct ip_sample_source {
  size_t n, n_classes;
  const int32_t *y;     // (n)
  const uint8_t *split; // (n) 0 train, 1 test; NULL: all train
} ip_sample_source;

typedef struct ip_sample_rule {
  ip_log_samples which;
  size_t most;      /* 0: no limit */
  bool equal_sides; /* one side: no more samples than the other side has, so that both have equally many */
  uint64_t seed;
} ip_sample_rule;

/* The rows that the rule leaves, ascending, in scratch. Subsets are random and stratified by class. Of all samples,
 * half are training and half are test samples, unless one side has fewer: the other then has the rest. */
ip_status ip_sample_choose(const ip_sample_source *s, const ip_sample_rule *rule, ip_scratch *sc, size_t *n_rows,
                           uint32_t **row);

#endif
