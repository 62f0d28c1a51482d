/* looking.h - the activations of one run at a few epochs, read layer by layer. For activations.c and cloud.c.
 *
 * Of each layer, at most IP_HISTOGRAM_SAMPLES x IP_HISTOGRAM_UNITS numbers an epoch are kept for histograms, and those
 * of the samples of a cloud: their units, or, in a layer wider than IP_CLOUD_UNITS, their first principal components.
 */
#ifndef IP_REPORT_LOOKING_H
#define IP_REPORT_LOOKING_H

#include "report/activations.h"

/* An open run. Arrays are in the scratch that it was opened with. */
typedef struct ip_looking {
  ip_run *run;
  const ip_run_head *head;
  size_t n_epochs;
  const size_t *epoch; // (n_epochs) places among the logged epochs
  size_t n_samples, n_cloud;
  const size_t *sample; // (n_samples) of histograms
  const size_t *cloud;  // (n_cloud) of clouds: equally many of each class
  size_t n_code;        /* numbers of the cloud so far, while it is made */
} ip_looking;

/* One layer. */
typedef struct ip_looked {
  size_t n_epochs, n_kept, n_units;
  float *kept;  // (n_epochs, n_kept) for histograms
  float *cloud; // (n_epochs, n_cloud, n_units)
  bool are_components;
  double *share; // (n_units) of the variance at the last epoch, of components
} ip_looked;

ip_status ip_looking_open(const char *file, const ip_explore_run *r, ip_scratch *sc, ip_looking *out);
void ip_looking_close(ip_looking *look);

/* Layer k at all epochs, in scratch. */
ip_status ip_looking_read(const ip_looking *look, size_t k, ip_scratch *sc, ip_looked *out);

/* ---------------------------------------------------------------- cloud.c */

/* Begins the cloud of the run, adds layer after layer, and packs it. What it has is in `sc`. */
ip_status ip_cloud_begin(ip_looking *look, ip_scratch *sc, ip_cloud *cloud);
ip_status ip_cloud_add(ip_looking *look, const ip_looked *l, size_t k, ip_scratch *sc, ip_cloud *cloud);
ip_status ip_cloud_pack(ip_cloud *cloud);

/* Leaves every second sample of each class, the first of them, and packs the cloud again. */
ip_status ip_cloud_thin(ip_cloud *cloud);

/* The first principal components of (n) points x (n, width) about their mean: axes as rows (k, width) of length 1, the
 * largest number of each positive, and their shares of the variance, in decreasing order. *found is false for points
 * that are not finite or all equal; the number k <= n of components may have been reduced to those with variance. By
 * the Gram matrix of the points, so that the width may be large. */
ip_status ip_cloud_components(size_t n, size_t width, const float *x, size_t *k, ip_scratch *sc, double *mean,
                              double *axis, double *share, bool *found);

#endif
