/* pool.h - worker processes, each running one point of a sweep.
 *
 * Every run is a process of its own: `infoplane worker DIR POINT`, started by exec, so that a crash, a kill or memory
 * running out ends one run and no other. A worker writes the epoch it has reached on its standard output, and why it
 * failed on its standard error. It ends when its parent does.
 */
#ifndef IP_SWEEP_POOL_H
#define IP_SWEEP_POOL_H

#include "base/progress.h"
#include "experiment/points.h"
#include "study/journal.h"

typedef struct ip_task {
  size_t point;
  double cost;   /* of the training, in any unit: the largest goes first */
  double epochs; /* what its progress is counted in */
} ip_task;

typedef struct ip_pool_options {
  const ip_results *results;
  ip_points *points; /* for the names of the runs */
  ip_journal *journal;
  size_t jobs;     /* workers at a time, at least 1 */
  size_t threads;  /* of each worker; 0: the cores that the workers leave idle */
  double silent_s; /* a worker that has written nothing for so long is killed and started again; 0: never */
  FILE *messages;  /* progress and what went wrong; NULL: silence */
} ip_pool_options;

typedef struct ip_pool_outcome {
  size_t n_done, n_failed, n_left; /* left: not begun or stopped, because of a stop or a full disk */
  bool disk_full;
} ip_pool_outcome;

/* Runs the tasks, sorting them. A worker killed by a signal, or because it was silent, is restarted once. Where the
 * system has no room for another worker, the pool continues with those that run; with none, it tries again for a
 * minute. IP_OK also when points failed; IP_ESTOPPED after a stop, when all workers have ended. */
ip_status ip_pool_run(const ip_pool_options *opt, size_t n, ip_task *task, ip_pool_outcome *outcome);

#endif
