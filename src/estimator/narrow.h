/* narrow.h - activations of float64 as float32, for estimators that read t and not t64 (estimator/estimator.h). */
#ifndef IP_ESTIMATOR_NARROW_H
#define IP_ESTIMATOR_NARROW_H

#include "base/mem.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Fills t (n, width) from t64 (n, width). Values that do not all fit float32 are first moved to mean 0, unit by unit.
 * *merged: rows have become equal all the same. Values that are not finite stay so. IP_ENOMEM. */
ip_status ip_samples_narrow(size_t n, size_t width, const double *t64, ip_scratch *sc, float *t, bool *merged);

#endif
