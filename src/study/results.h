/* results.h - the directory of one experiment, results/<name>/, and its lock.
 *
 *     experiment.yaml   the resolved configuration, with its sweep: all that is needed to resume
 *     runs/<run>.h5     one run file per point
 *     journal*.tsv      event log of the points (journal.h)
 *     summary.csv ...   generated from the run files when all points are done
 *     figures/
 *
 * One process at a time works on a directory, or several that each have a shard of the points (lock.h).
 */
#ifndef IP_STUDY_RESULTS_H
#define IP_STUDY_RESULTS_H

#include "experiment/experiment.h"

/* The K-th of N parts of the points: those with k mod N == K - 1. 1 of 1: all. */
typedef struct ip_shard {
  size_t k, n;
} ip_shard;

typedef struct ip_results {
  char *path, *runs, *figures, *config; /* directories; the path of experiment.yaml */
  ip_shard shard;
  int lock, shard_lock; /* file descriptors, inherited by workers; -1: none */
} ip_results;

/* Creates missing directories and takes the lock. IP_ELOCKED if another process holds it. */
ip_status ip_results_open(const char *path, ip_shard shard, ip_results **out);
void ip_results_close(ip_results **r);

/* The same for readers: takes no lock and creates nothing. */
ip_status ip_results_open_readonly(const char *path, ip_results **out);

/* Path of the file of the run in the experiment's directory, in a new string. */
ip_status ip_results_run_path(const char *folder, const char *run, char **path);

#endif
