/* draw.h - the tables and figures of a whole experiment, for the commands run and gather. */
#ifndef IP_CLI_DRAW_H
#define IP_CLI_DRAW_H

#include "summary/gather.h"

/* Makes the tables, the grid and the figures of the run files in `folder`. The paths of figures go to standard output,
 * and why a figure is left out to standard error. Without `again`, nothing is made where all of it is there and was
 * made from the same run files (summary/stamp.h); the same paths are printed. `finished`: each run file is known to be
 * the finished run of its point. */
ip_status ip_summarize(ip_points *points, const char *folder, bool again, bool finished, ip_gather_counts *counts);

/* Whether ip_summarize has nothing to make, and each run file was finished when it was called last. Opens none. */
ip_status ip_summary_is_finished(ip_points *points, const char *folder, bool *finished);

/* Plots all figures that (n) run files of any program have data for, to folder/figures. */
ip_status ip_draw_files(size_t n, const char *const *file, const char *folder);

#endif
