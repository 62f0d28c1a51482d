/* meta_parts.h - the parts of meta.c that have a file of their own: experiment, estimators and runs. For meta.c. */
#ifndef IP_REPORT_META_PARTS_H
#define IP_REPORT_META_PARTS_H

#include "report/explore.h"
#include "report/page_json.h"

/* experiment, description, dataset, samples: from the head of the first run. */
ip_status ip_page_meta_experiment(ip_page_json *j, const ip_run_set *s, const char *description);

/* estimators: their parameters and what their intervals are. */
ip_status ip_page_meta_estimators(ip_page_json *j, const ip_explore *x);

/* runs, measure_names. */
void ip_page_meta_runs(ip_page_json *j, const ip_explore *x);

#endif
