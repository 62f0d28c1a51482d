/* one_hot.h - classes as rows of which one column is 1 and the others are 0. */
#ifndef IP_NUM_ONE_HOT_H
#define IP_NUM_ONE_HOT_H

#include <stddef.h>

/* The one of n numbers, `step` apart, that is 1 while all others are 0; n if they are not such a row. */
size_t ip_one_hot_class(size_t n, const double *v, size_t step);

#endif
