/* rng.h - random streams, named by (seed, purpose, index): the weights of layer k, the shuffle of epoch e, the noise of
 * batch b.
 *
 * A stream is Philox4x32-10 in counter mode. Streams are independent of each other and of the order in which they are
 * used, so the same configuration draws the same numbers with any number of jobs, threads and interruptions.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123).
 */
#ifndef IP_BASE_RNG_H
#define IP_BASE_RNG_H

#include "base/public.h"

#include <stddef.h>
#include <stdint.h>

IP_PUBLIC_BEGIN

/* The purpose of a stream. The numbers are part of the results: append, never renumber. */
typedef enum {
  IP_RNG_WEIGHTS = 1,   /* index: layer */
  IP_RNG_SHUFFLE = 2,   /* index: epoch */
  IP_RNG_SPLIT = 3,     /* index: 0, or the class for stratified splits */
  IP_RNG_LABELS = 4,    /* index: 0; random labels */
  IP_RNG_NOISE = 5,     /* index: training step (and layer, see the caller) */
  IP_RNG_BOOTSTRAP = 6, /* index: replicate */
  IP_RNG_NULL = 7,      /* index: label shuffle */
  IP_RNG_ESTIMATOR = 8, /* index: the estimator's own; tie-breaking jitter, Monte-Carlo samples */
  IP_RNG_TASK = 9,      /* index: replicate; samples of calibration tasks and synthetic datasets */
  IP_RNG_RESTART = 10,  /* index: restart of an iterative solver */
  IP_RNG_SUBSET = 11,   /* index: side of the split in the upper half, class in the lower one; subsets of samples */
  IP_RNG_TEST = 100     /* for tests */
} ip_rng_purpose;

typedef struct {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t block[4]; /* words drawn and not yet handed out: block[4 - left ..] */
  int left;
} ip_rng;

ip_rng ip_rng_open(uint64_t seed, ip_rng_purpose purpose, uint64_t index);

/* 32 or 64 uniform bits. */
uint32_t ip_rng_u32(ip_rng *r);
uint64_t ip_rng_u64(ip_rng *r);

/* Uniform on [0, 1) with 53 random bits. */
double ip_rng_uniform(ip_rng *r);

/* Uniform on {0, ..., n-1} without bias, n > 0. */
uint64_t ip_rng_below(ip_rng *r, uint64_t n);

/* Standard normal (Box and Muller 1958); two standard deviations cut off for the truncated one, by rejection. */
double ip_rng_normal(ip_rng *r);
double ip_rng_truncated_normal(ip_rng *r);

/* The same as n < 2^32 calls of ip_rng_normal, in no time. */
void ip_rng_skip_normals(ip_rng *r, size_t n);

IP_PUBLIC_END

#endif
