/* alive.h - signs of life of a worker process.
 *
 * A worker reports its progress after each epoch. Within a long epoch or estimate it prints an empty line, at most one
 * a second, from wherever it looks whether it should stop (stop.h). So it is silent only while no step of its work
 * ends, which its parent can tell from slow progress. Used by infoplane worker alone.
 */
#ifndef IP_BASE_ALIVE_H
#define IP_BASE_ALIVE_H

#include <stdio.h>

/* From now on, signs of life go to `out`; NULL, as at the start: nowhere. */
void ip_alive_report(FILE *out);

/* A sign of life, from any thread. */
void ip_alive(void);

#endif
