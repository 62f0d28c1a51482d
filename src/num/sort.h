/* sort.h - floats in ascending order. */
#ifndef IP_NUM_SORT_H
#define IP_NUM_SORT_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>

/* Sorts (n) floats, no NaN, in place: three passes of counting over 11 bits each (radix sort), so the time is that of
 * n whatever the order. -0 comes before +0. n < 2^32. IP_ENOMEM. */
ip_status ip_sort_f32(size_t n, float *x, ip_scratch *sc);

#endif
