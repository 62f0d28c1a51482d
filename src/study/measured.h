/* measured.h - the series of measures (measure/measure.h) that some runs have: columns of tables, panels of figures.
 *
 * For the tables, figures and the report, none of which knows a measure by name.
 */
#ifndef IP_STUDY_MEASURED_H
#define IP_STUDY_MEASURED_H

#include "runfile/runfile.h"

typedef struct ip_measured_series {
  const char *measure; /* label, "geometry" */
  const char *name;    /* "nc1" */
  const char *unit;    /* "1" */
  const char *column;  /* "geometry/nc1", safe in a table */
} ip_measured_series;

/* Series in the order of their measures. Start from {0}. */
typedef struct ip_measured_list {
  size_t n, room;
  ip_measured_series *series; // (n)
} ip_measured_list;

/* Adds the series of the measures of a run that the list lacks, in scratch. */
ip_status ip_measured_add_run(ip_measured_list *list, ip_run *run, ip_scratch *sc);

/* Adds the series of a spec from the samples of a split: "all", "train" or "test". Measures that compare the two sides
 * have one group, of all samples. */
ip_status ip_measured_add_spec(ip_measured_list *list, const char *spec, const char *split, ip_scratch *sc);

/* Position of a column; n if the list lacks it. */
size_t ip_measured_find(const ip_measured_list *list, const char *column);

#endif
