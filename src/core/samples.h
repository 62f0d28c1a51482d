/* samples.h - samples of a caller in another language as those of estimator/estimator.h. */
#ifndef IP_CORE_SAMPLES_H
#define IP_CORE_SAMPLES_H

#include "base/mem.h"
#include "core/capi.h"
#include "estimator/estimator.h"

/* Arrays of the type that estimators use are not copied; others are converted to arrays from `sc`. IP_EINVAL for NULL,
 * numbers that are no labels, and sizes that memory does not have; IP_ENOMEM. */
ip_status ip_core_samples(const ip_capi_samples *given, ip_scratch *sc, ip_samples *out);

#endif
