/* peak.h - what reducers share: the final window, smoothed series and cross-fitted peaks. For series.c.
 */
#ifndef IP_CLAIMS_PEAK_H
#define IP_CLAIMS_PEAK_H

#include "claims/series.h"

extern const char ip_no_final_value[], ip_no_peak_epoch[];

/* Index of the first epoch of the final window W. */
size_t ip_window_begin(size_t n_epochs, const int64_t *epoch);

/* Mean of the values of a seed in W. */
ip_seed_value ip_window_mean(size_t n_epochs, const int64_t *epoch, const double *x);

/* Index of e* for even and odd seeds; n_epochs if the other half has none. smooth (n_seeds, n_epochs). IP_ENOMEM. */
ip_status ip_cross_fitted_peaks(const ip_seed_series *x, const double *smooth, ip_scratch *sc, size_t peak[2]);

#endif
