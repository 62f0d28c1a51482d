/* stratify.h - a random subset of samples in which every class has its share. For the split of a dataset, and for the
 * samples that are logged or estimated on. */
#ifndef IP_DATASET_STRATIFY_H
#define IP_DATASET_STRATIFY_H

#include "base/mem.h"
#include "base/rng.h"

/* Class c draws from the stream with this index + c; index is a multiple of 2^32. */
typedef struct ip_stratified_stream {
  uint64_t seed;
  ip_rng_purpose purpose;
  uint64_t index;
} ip_stratified_stream;

/* Sets chosen[r] = 1 for k of the (m) rows, k <= m, m > 0; y[r] is the class of row r. Class c gets k n_c / m rows,
 * rounded to a whole number; the rows that rounding leaves go to the largest remainders. */
ip_status ip_stratify(size_t n_classes, const int32_t *y, size_t m, const uint32_t *row, size_t k,
                      ip_stratified_stream stream, ip_scratch *sc, uint8_t *chosen);

#endif
