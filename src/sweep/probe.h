/* probe.h - estimated cost of a sweep, from a few short runs of its most expensive point. For infoplane run --dry-run.
 */
#ifndef IP_SWEEP_PROBE_H
#define IP_SWEEP_PROBE_H

#include "experiment/points.h"

typedef struct ip_probe {
  double longest_s;  /* the most expensive run */
  double total_s;    /* all runs of the sweep one after the other */
  double wall_s;     /* all with that many jobs */
  double bytes;      /* run files of the finished sweep */
  double peak_bytes; /* at most at any time: finished files and those in work */

  /* How the estimate was made. */
  size_t n_updates;           /* of the weights, in all runs of the probe */
  size_t n_train, used_train; /* training samples of the dataset, and those that the probe used */
} ip_probe;

/* Measures start, one epoch and one logged epoch of the most expensive point, in a directory under TMPDIR that is
 * removed again; other points are scaled by their number of weights and epochs. The error is that of assuming every
 * epoch costs as much as the first ones, which holds within a fifth or so.
 *
 * A large dataset (probe_data.h) is read once, and the runs use a selection of its samples in batches of the real size.
 * The time of an epoch and the disk space are then scaled by the number of samples, and the time of a logged epoch by a
 * power of it: 1 without estimators, else between 1 and 2, from a selection of half the size. */
ip_status ip_sweep_probe(ip_points *points, size_t jobs, ip_probe *out);

#endif
