/* draw.h - the figures of a whole experiment, for the commands run and gather. */
#ifndef IP_CLI_DRAW_H
#define IP_CLI_DRAW_H

#include "experiment/points.h"

/* Draws the figures that the experiment asks for, from the run files that are in `folder`; the paths go to standard
 * output, and why a figure is left out to standard error. */
ip_status ip_draw_experiment(ip_points *points, const char *folder);

/* Plots all figures that (n) run files of any program have data for, to folder/figures. */
ip_status ip_draw_files(size_t n, const char *const *file, const char *folder);

#endif
