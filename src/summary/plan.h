/* plan.h - what is known of the runs that are gathered before the first is read: their grid and sizes. For gather.c. */
#ifndef IP_SUMMARY_PLAN_H
#define IP_SUMMARY_PLAN_H

#include "experiment/points.h"
#include "study/measured.h"

typedef struct ip_gather_plan {
  const char *name; /* of the experiment */
  double level;     /* of the intervals of correlations */
  size_t n_by;
  const char *const *by;     // (n_by) keys of the groups within which correlations are pooled; none: not pooled
  const ip_grid *grid;       /* of files: one axis, "run", with the seed and the keys that differ beside it */
  int64_t repeats;           /* a last dimension of so many seeds; 0: none */
  uint64_t seed;             /* the first of them */
  size_t n_epochs, n_layers; /* the most of any run */
  bool same_epochs;          /* all runs log the same epochs */
  const int64_t *epoch;      // (n_epochs) of the first run
  size_t n_estimators;
  const char **estimator;    // (n_estimators) labels
  const char **spec;         // (n_estimators) as the configuration writes them; NULL: as the labels
  ip_measured_list measured; /* series of measures */
} ip_gather_plan;

/* Of an experiment, from its configuration alone. Everything is in scratch or belongs to the points. */
ip_status ip_gather_plan_experiment(ip_points *points, ip_scratch *sc, ip_gather_plan *p);

/* Of (n >= 1) run files of any program, which are opened one after the other. The keys are those of their
 * configurations (/config) that have different values. `name` of the experiment is that in the first file that has one,
 * otherwise the given one. */
ip_status ip_gather_plan_files(const char *name, size_t n, const char *const *file, ip_scratch *sc, ip_gather_plan *p);

/* The place of an estimator among those of the plan; n_estimators if it is none of them. */
size_t ip_gather_plan_find(const ip_gather_plan *p, const char *label);

/* "a" for "x/a.h5", in scratch. */
ip_status ip_gather_run_name(const char *file, ip_scratch *sc, const char **name);

#endif
