/* stamp.h - what the tables and figures of a folder were made from, in the file .gathered.
 *
 * For infoplane run: the same command again makes nothing that is already there. The stamp is written last, when all
 * tables and figures are complete, and removed before the first of them is made again, so an interrupted gather leaves
 * none. It contains
 *
 *   inputs   a digest of the program's version and commit, the whole configuration, and, for every point in order, its
 *            digests and the state of its run file
 *   runs     how many runs there were, how many failed to fit, and whether each is the finished run of its point: such
 *            a folder need not be scanned again
 *   table, figure, left_out   a line for each file that was made, with its state, and each figure that was not
 *
 * The state of a file is its size and its time of modification. Both are compared for equality alone: no clock is read,
 * and no time is earlier or later than another, so wrong clocks and copies of a folder do no harm.
 */
#ifndef IP_SUMMARY_STAMP_H
#define IP_SUMMARY_STAMP_H

#include "base/mem.h"
#include "file/digest.h"
#include "summary/gather.h"

typedef struct ip_stamp_figure {
  const char *name;
  const char *file;    /* its name in the folder of figures; NULL: left out */
  const char *why_not; /* left out */
} ip_stamp_figure;

typedef struct ip_stamp {
  ip_scratch *sc;
  char inputs[IP_DIGEST_TEXT];
  ip_gather_counts counts;
  bool finished; /* each run file is the finished run of its point */
  size_t n_figures, room;
  ip_stamp_figure *figure; // (n_figures)
} ip_stamp;

/* An empty stamp of the points, as their run files in `folder` are now. Everything is kept in scratch. */
ip_status ip_stamp_begin(ip_points *points, const char *folder, ip_scratch *sc, ip_stamp *s);

/* Whether the folder's stamp is of these inputs and every file that it names is as it was. Then the counts and figures
 * are filled in. */
ip_status ip_stamp_holds(ip_stamp *s, const char *folder, bool *holds);

/* Removes the folder's stamp; no failure when there is none. */
ip_status ip_stamp_remove(const char *folder);

/* A figure that was made (`path` of the file), or left out (path NULL). */
ip_status ip_stamp_add(ip_stamp *s, const char *name, const char *path, const char *why_not);

/* Writes the stamp of tables and figures that are complete. */
ip_status ip_stamp_write(const ip_stamp *s, const char *folder);

#endif
