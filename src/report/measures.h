/* measures.h - what the page says in numbers of each configuration and layer. For the files of this folder. */
#ifndef IP_REPORT_MEASURES_H
#define IP_REPORT_MEASURES_H

#include "figure/runs.h"

#include <stdio.h>

/* The table: a row a configuration and layer, means over its runs. */
ip_status ip_report_measures(FILE *out, const ip_run_set *s);

/* The table of files: status, epochs, accuracies of every run, at most `most` of them. */
ip_status ip_report_runs(FILE *out, const ip_run_set *s, size_t most);

#endif
