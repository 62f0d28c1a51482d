/* view.h - a run file as if it held only some of its samples. For estimate.c and workspace.c. */
#ifndef IP_RUN_VIEW_H
#define IP_RUN_VIEW_H

#include "run/choose.h"
#include "runfile/runfile.h"

typedef struct ip_run_view {
  size_t n_file;       /* samples in the file */
  const uint32_t *row; // (head.n) ascending; NULL: all samples of the file
  ip_run_head head;    /* of these samples alone: inputs are numbered and classes counted as in a file of them */
  ip_scratch *sc;      /* owns the arrays of the head that are not the run's */
} ip_run_view;

/* The run stays open as long as the view. The inputs are in the view if they have been loaded. Start from {0}; close
 * also after a failure. */
ip_status ip_run_view_open(const ip_run *run, const ip_sample_rule *rule, ip_run_view *out);
void ip_run_view_close(ip_run_view *v);

/* Moves the rows of the view to the front of (n_file, row_size) bytes. */
void ip_run_view_pick(const ip_run_view *v, size_t row_size, void *rows);

#endif
