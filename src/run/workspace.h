/* workspace.h - what one thread estimates from: a layer at an epoch, read from the run file. For estimate.c. */
#ifndef IP_RUN_WORKSPACE_H
#define IP_RUN_WORKSPACE_H

#include "run/estimates.h"

typedef struct ip_workspace {
  float *t, *mean; // (n, max_width)
  double *t64;     // (n, max_width); NULL where no layer has more digits than float32
  ip_scratch *sc;
} ip_workspace;

ip_status ip_workspace_open(const ip_estimation *es, ip_workspace *w);
void ip_workspace_close(ip_workspace *w);

/* Reads layer k at the e-th epoch; the samples point into the workspace. One thread at a time reads. Activations that
 * do not fit float32 are moved to mean 0, unit by unit, before they are narrowed; *merged says whether rows have become
 * equal all the same. */
ip_status ip_workspace_read(const ip_estimation *es, size_t e, size_t k, const ip_workspace *w, ip_samples *s,
                            bool *merged);

/* Fills in low and high (n_layers) of the estimation: the range of every layer over the whole run. */
ip_status ip_workspace_find_ranges(ip_estimation *es);

#endif
