/* value.h - one number per seed: what reducers and relations return and summaries read.
 *
 * A value is a finite number; INFINITY with reason NULL, for an event that did not come during training (censored: it
 * ranks after all others); or NaN with the reason, a constant text. Nothing is dropped without being counted.
 */
#ifndef IP_CLAIMS_VALUE_H
#define IP_CLAIMS_VALUE_H

#include <math.h>
#include <stdbool.h>

typedef struct ip_seed_value {
  double value;
  const char *reason; /* NULL unless value is NaN */
} ip_seed_value;

static inline ip_seed_value ip_seed_number(double value)
{
  return (ip_seed_value){.value = value};
}

static inline ip_seed_value ip_seed_missing(const char *reason)
{
  return (ip_seed_value){.value = (double)NAN, .reason = reason};
}

static inline bool ip_seed_is_censored(ip_seed_value v)
{
  return isinf(v.value);
}

#endif
