#include "claims/fall.h"

enum { MOST_STEPS = 12, LEAST_STEPS = 5 };

ip_seed_value ip_fall_p(size_t n, const double *x, size_t from)
{
  double change[MOST_STEPS], observed = 0, size = 0;
  size_t steps = from + 1 < n ? n - 1 - from : 0, count = 0;
  if (steps > MOST_STEPS) steps = MOST_STEPS;
  if (steps < LEAST_STEPS) return ip_seed_missing("fewer than five logged epochs after the peak");
  for (size_t k = 0; k < steps; k++) {
    size_t a = from + (k * (n - 1 - from) + steps / 2) / steps,
           b = from + ((k + 1) * (n - 1 - from) + steps / 2) / steps;
    change[k] = x[b] - x[a];
    observed += change[k];
    size += fabs(change[k]);
  }
  if (!isfinite(observed)) return ip_seed_missing("an epoch after the peak has no value");
  double sum[1 << MOST_STEPS]; /* of every choice of signs: the second half of each turn has one more reversed */
  sum[0] = observed;
  for (size_t k = 0; k < steps; k++)
    for (size_t i = 0; i < (size_t)1 << k; i++) sum[i + ((size_t)1 << k)] = sum[i] - 2 * change[k];
  for (size_t i = 0; i < (size_t)1 << steps; i++) count += sum[i] <= observed + 1e-12 * size;
  return ip_seed_number((double)count / (double)((size_t)1 << steps));
}
