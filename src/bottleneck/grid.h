/* grid.h - a grid of betas as text: MIN:MAX:logN and MIN:MAX:linN for N values from MIN to MAX with equal ratios or
 * equal differences, or values with commas between them. */
#ifndef IP_BOTTLENECK_GRID_H
#define IP_BOTTLENECK_GRID_H

#include "base/status.h"

#include <stddef.h>

/* The grid where none is given. */
#define IP_IB_GRID_DEFAULT "1:300:log40"

/* The values in a new array (ip_free), strictly rising. IP_EUSAGE, naming what is wrong, unless all are finite and
 * above 0 and MIN < MAX (MIN = MAX with N = 1), 1 <= N <= 100000. */
ip_status ip_ib_grid_parse(const char *text, size_t *n, double **beta);

#endif
