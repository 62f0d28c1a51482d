/* gather.h - the tables and the grid of an experiment, made from its run files one after the other.
 *
 * For infoplane run, when its points are done, and for the job that ends a sweep on a cluster. Only one run file is in
 * memory at a time. Runs that are not there are left out (in the grid: NaN).
 *
 *   summary.csv        one row per run, logged epoch, layer and estimator
 *   runs.csv           one row per run, layer and estimator: measures of compression, losses at the end
 *   correlations.csv   of these measures over the runs, for each estimator and layer
 *   grid.h5            one array per quantity with a dimension per swept key, for xarray
 *
 * The columns and arrays are described in docs/scaling.md. Each file appears complete or not at all.
 */
#ifndef IP_SUMMARY_GATHER_H
#define IP_SUMMARY_GATHER_H

#include "experiment/points.h"

typedef struct ip_gather_counts {
  size_t n_runs;          /* that were there */
  size_t n_failed_to_fit; /* of them, networks that failed to fit */
} ip_gather_counts;

/* Gathers the run files under `folder`/runs into the files above, and counts them (`counts` may be NULL). IP_EFORMAT
 * names a run file that cannot be read; IP_ESTOPPED after Ctrl-C; the old files then stay. */
ip_status ip_gather(ip_points *points, const char *folder, ip_gather_counts *counts);

/* The same of (n >= 1) run files of any program, without an experiment.yaml: a run is named after its file, the swept
 * keys are those of the files' configurations that differ, and the grid has one dimension, `run`. */
ip_status ip_gather_files(size_t n, const char *const *file, const char *folder, ip_gather_counts *counts);

#endif
