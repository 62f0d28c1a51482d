/* range.h - the values of {from: 1e-5, to: 1e-2, count: 4, scale: log}.
 *
 * For the files of this directory.
 */
#ifndef IP_CONFIG_RANGE_H
#define IP_CONFIG_RANGE_H

#include "config/tree.h"

typedef struct ip_range {
  double from, to;
  size_t n; /* at least 2 */
  bool log; /* evenly spaced in the logarithm */
} ip_range;

/* Reads a range at `key`. *ok is false, with an error, if it is invalid. */
ip_status ip_range_read(const char *key, const ip_node *map, ip_scratch *sc, ip_config_errors *errors, ip_range *g,
                        bool *ok);

/* Value i < n: the ends exactly, between them 12 digits, so that a decade is 0.001 and not 0.00099999. */
double ip_range_at(const ip_range *g, size_t i);

#endif
