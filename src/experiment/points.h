/* points.h - the points of an experiment, each made once and kept.
 *
 * For all who walk over a sweep: who looks what is there, who runs it, who gathers and draws it. Making a point copies
 * and digests a configuration; what the others need of it are about 360 bytes, which are kept. A point is made when it
 * is first asked for, so a shard makes only its own.
 */
#ifndef IP_EXPERIMENT_POINTS_H
#define IP_EXPERIMENT_POINTS_H

#include "experiment/experiment.h"

typedef struct ip_point {
  uint64_t seed;
  char digest[65], estimate_digest[65]; /* as in ip_experiment */
  int64_t epochs;                       /* of training */
  ip_log_keep keep;
  double cost; /* of the training, in any unit, for running the dearest first: epochs times weights */
  size_t n_layers, n_logged;
  const int64_t *logged; // (n_logged) epochs; equal lists of points made one after the other are one
  char run_name[];
} ip_point;

typedef struct ip_points ip_points;

/* Of an experiment that stays as long. */
ip_status ip_points_create(const ip_experiment *e, ip_points **out);
void ip_points_destroy(ip_points **p);

const ip_experiment *ip_points_experiment(const ip_points *p);
size_t ip_points_count(const ip_points *p);

/* Point k. IP_ECONFIG where its values do not fit together. */
ip_status ip_points_get(ip_points *p, size_t k, const ip_point **point);

#endif
