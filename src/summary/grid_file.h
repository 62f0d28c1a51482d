/* grid_file.h - grid.h5: the quantities of all runs as arrays with a dimension per swept key. For gather.c.
 *
 * Points come in the order of the grid, so what is to be written is always the next piece of each array: a few points
 * are kept until they fill a block, and memory does not grow with their number.
 */
#ifndef IP_SUMMARY_GRID_FILE_H
#define IP_SUMMARY_GRID_FILE_H

#include "study/gathered.h"
#include "summary/plan.h"

typedef struct ip_grid_file ip_grid_file;

/* Begins folder/grid.h5.part. */
ip_status ip_grid_file_create(const ip_gather_plan *p, const char *folder, ip_grid_file **out);

/* The next point; NULL for one without a run file, which becomes NaN. */
ip_status ip_grid_file_add(ip_grid_file *c, const ip_gathered *g);
ip_status ip_grid_file_publish(ip_grid_file *c);
void ip_grid_file_destroy(ip_grid_file **c);

#endif
