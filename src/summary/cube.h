/* cube.h - grid.h5: the quantities of all runs as arrays with a dimension per swept key. For gather.c.
 *
 * Points come in the order of the grid, so what is to be written is always the next piece of each array: a few points
 * are kept until they fill a block, and memory does not grow with their number.
 */
#ifndef IP_SUMMARY_CUBE_H
#define IP_SUMMARY_CUBE_H

#include "study/gathered.h"
#include "summary/plan.h"

typedef struct ip_cube ip_cube;

/* Begins folder/grid.h5.part. */
ip_status ip_cube_create(const ip_gather_plan *p, const char *folder, ip_cube **out);

/* The next point; NULL for one without a run file, which becomes NaN. */
ip_status ip_cube_add(ip_cube *c, const ip_gathered *g);
ip_status ip_cube_publish(ip_cube *c);
void ip_cube_destroy(ip_cube **c);

#endif
