/* linear_gaussian.h - the regression whose information is known: y = A x + noise. */
#ifndef IP_DATASET_LINEAR_GAUSSIAN_H
#define IP_DATASET_LINEAR_GAUSSIAN_H

#include "dataset/source.h"

/* x ~ N(0, 1) (n_in), A (n_targets, n_in) ~ N(0, 1/n_in) once for the seed, noise ~ N(0, noise^2) on each target. One
 * class. Sets ds->ixy_bits to 1/2 log2 det(1 + A A' / noise^2) (Cover & Thomas 2006, section 9.4), +inf for noise 0. */
ip_status ip_source_linear_gaussian(const ip_dataset_options *opt, uint64_t seed, ip_dataset *ds,
                                    ip_value_range *range);

#endif
