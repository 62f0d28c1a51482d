/* subset.h - some of the samples, for estimators and measures whose cost grows faster than their number. */
#ifndef IP_ESTIMATOR_SUBSET_H
#define IP_ESTIMATOR_SUBSET_H

#include "base/mem.h"

#include <stdint.h>

/* At most `most` of n samples, drawn without replacement from the stream of `seed`: the same for every layer and epoch.
 * sample (*n_used), ascending, in scratch. */
ip_status ip_subset_choose(size_t n, size_t most, uint64_t seed, ip_scratch *sc, size_t *n_used,
                           const uint32_t **sample);

#endif
