#include "estimator/subset.h"

#include "base/rng.h"

ip_status ip_subset_choose(size_t n, size_t most, uint64_t seed, ip_scratch *sc, size_t *n_used,
                           const uint32_t **sample)
{
  uint32_t *index; // (n)
  IP_TRY(IP_SCRATCH(sc, index, n, "numbers of samples"));
  *sample = index;
  *n_used = n < most ? n : most;
  if (*n_used == n) {
    for (size_t i = 0; i < n; i++) index[i] = (uint32_t)i;
    return IP_OK;
  }
  ip_rng r = ip_rng_open(seed, IP_RNG_ESTIMATOR, 0); /* selection sampling keeps the order (Knuth, vol. 2, 3.4.2 S) */
  for (size_t i = 0, taken = 0; taken < *n_used; i++)
    if (ip_rng_below(&r, n - i) < *n_used - taken) index[taken++] = (uint32_t)i;
  return IP_OK;
}
