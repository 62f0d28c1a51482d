/* sweep.h - all points of an experiment, run or kept, in one directory.
 *
 * For infoplane run. The same call again goes on where the last one ended, however it ended: points whose run file has
 * the digest of their configuration are kept, interrupted ones are resumed, failed ones are tried again.
 */
#ifndef IP_SWEEP_SWEEP_H
#define IP_SWEEP_SWEEP_H

#include "sweep/pool.h"

typedef struct ip_sweep_options {
  const char *folder; /* results/<name> */
  ip_shard shard;     /* {1, 1}: all points */
  size_t jobs;        /* worker processes; 0: one per core */
  size_t threads;     /* of each worker; 0: the cores that the workers leave idle */
  bool finished;      /* every run file is known to be finished and of its point: none is opened */
  bool force;         /* runs made with another configuration may be replaced */
  FILE *messages;     /* NULL: silence */
} ip_sweep_options;

typedef struct ip_sweep_outcome {
  size_t n_points; /* of this shard */
  size_t n_kept, n_done, n_failed, n_left;
  bool disk_full;
} ip_sweep_outcome;

/* Runs what is missing. IP_ECONFIG when finished runs of another configuration stand in the way and force is not set:
 * the message names the keys that differ. IP_ESTOPPED after Ctrl-C; IP_ECHILD when points failed, IP_EIO when the disk
 * was full: in all of these every finished run stays, and `outcome` is filled in. */
ip_status ip_sweep_run(ip_points *points, const ip_sweep_options *opt, ip_sweep_outcome *outcome);

/* The same without running anything, for batch systems: makes the directory and its experiment.yaml, refuses what
 * ip_sweep_run would, and sets missing[k] of every point that is to be run. */
ip_status ip_sweep_prepare(ip_points *points, const ip_sweep_options *opt, uint8_t *missing /* (n_points) */,
                           ip_sweep_outcome *outcome);

/* Workers at a time when `jobs` are asked for: 0 stands for one per core. */
size_t ip_sweep_jobs(size_t jobs);

#endif
