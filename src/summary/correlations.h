/* correlations.h - correlations.csv, run by run. For tables.c. */
#ifndef IP_SUMMARY_CORRELATIONS_H
#define IP_SUMMARY_CORRELATIONS_H

#include "study/gathered.h"
#include "summary/plan.h"

typedef struct ip_correlations ip_correlations;

/* Everything is in scratch; so are the names that are given later. `p` stays the caller's. IP_ENOMEM. */
ip_status ip_correlations_create(const ip_gather_plan *p, ip_scratch *sc, ip_correlations **out);

/* Counts the measures of a run, in the group of its values of the keys p->by. IP_ENOMEM. */
ip_status ip_correlations_add(ip_correlations *c, const ip_gathered *g);

/* Writes the table: Pearson's r over all runs, and with p->by the r within groups, pooled (num/pooled.h) over those
 * that have four runs and vary in both measures. IP_EIO, IP_ENOMEM. */
ip_status ip_correlations_publish(const ip_correlations *c, const char *path);

#endif
