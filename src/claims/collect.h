/* collect.h - the values that enter a summary. For summary.c, correlation.c and variance.c.
 */
#ifndef IP_CLAIMS_COLLECT_H
#define IP_CLAIMS_COLLECT_H

#include "claims/summary.h"

extern const char ip_censored_reason[];

static inline ip_effect ip_no_effect(double level, ip_effect_scale scale)
{
  double nan = (double)NAN;
  return (ip_effect){
      .value = nan, .interval = {nan, nan}, .level = level, .p = nan, .p_heterogeneity = nan, .scale = scale};
}

/* One more pair into x and y (e->n): missing or censored if one of the two is. */
static inline void ip_collect_pair(ip_seed_value a, ip_seed_value b, double *x, double *y, ip_effect *e)
{
  if (isnan(a.value) || isnan(b.value)) {
    e->n_missing++;
    return;
  }
  e->n_censored += ip_seed_is_censored(a) || ip_seed_is_censored(b);
  x[e->n] = a.value;
  y[e->n++] = b.value;
}

#endif
