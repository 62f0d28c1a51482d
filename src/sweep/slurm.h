/* slurm.h - a sweep as one job array of Slurm, and a job behind it that gathers.
 *
 * For infoplane run --slurm and infoplane status. One task of the array is one shard of the points: a single point each
 * while the cluster allows arrays that long (MaxArraySize), strides of points beyond. Tasks of points that are finished
 * are not submitted. The job that gathers begins when all tasks have ended, however they ended. Scripts and logs stand
 * in DIR/slurm; submitting again is going on.
 */
#ifndef IP_SWEEP_SLURM_H
#define IP_SWEEP_SLURM_H

#include "sweep/sweep.h"

typedef struct ip_slurm_options {
  const char *folder; /* results/<name>, with its experiment.yaml */
  size_t n_points;
  const uint8_t *missing;  // (n_points) 1: to be run
  size_t limit;            /* tasks at a time; 0: no limit */
  bool force;              /* passed on to the tasks */
  size_t n_words;          /* extra sbatch arguments given by the user */
  const char *const *word; // (n_words)
} ip_slurm_options;

typedef struct ip_slurm_jobs {
  char array[32], gather[32]; /* job ids; array "" when nothing was missing */
  size_t n_tasks;             /* submitted */
  size_t n_shards;            /* of how many */
} ip_slurm_jobs;

/* Submits. IP_ECHILD with what sbatch said when it refuses or is not installed. */
ip_status ip_slurm_submit(const ip_slurm_options *opt, ip_slurm_jobs *jobs);

/* What Slurm says of the jobs that were submitted last for `folder`: a text of lines, "" when there are none or Slurm
 * cannot be asked here. squeue tells of waiting and running tasks, sacct (where the cluster keeps accounts) of ended
 * ones. */
ip_status ip_slurm_state(const char *folder, char **text);

#endif
