/* jittered.h - variables of the samples as columns for nearest neighbours, with equal values set apart by noise. */
#ifndef IP_ESTIMATOR_JITTERED_H
#define IP_ESTIMATOR_JITTERED_H

#include "base/mem.h"
#include "base/rng.h"
#include "base/team.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ip_jittered_columns {
  size_t width;
  double *v; // (width, n)
} ip_jittered_columns;

/* The columns of v (n, width) that are not constant, in scratch memory: row i is sample order[i], less the mean, with
 * normal noise of 1e-10 standard deviations, the next numbers of the stream r; `scale`:
 * divided by the standard deviation. The threads of `team` share the work. IP_ENOMEM, IP_ESTOPPED. */
ip_status ip_jittered_columns_take(size_t n, size_t width, const float *v, const uint32_t *order, bool scale,
                                   ip_team *team, ip_rng *r, ip_scratch *sc, ip_jittered_columns *out);

#endif
