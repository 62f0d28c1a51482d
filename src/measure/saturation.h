/* saturation.h - which units of a layer are saturated or dead, from their activations. For geometry.c. */
#ifndef IP_MEASURE_SATURATION_H
#define IP_MEASURE_SATURATION_H

#include "estimator/estimator.h"

/* Fraction of units with |f'(z)| below 1 % of the largest value of |f'| on more than 95 % of the samples; f' is
 * computed from t = f(z). NULL *why_not, or why f' is not known. */
double ip_saturated_units(const ip_samples *s, const char **why_not);

/* Fraction of units that have one value on all samples. */
double ip_dead_units(const ip_samples *s);

#endif
