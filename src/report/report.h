/* report.h - one HTML page of an experiment that can be sent around: to explore by its curves, with figures, measures
 * and configuration, in one file.
 *
 * For infoplane report. The page refers to nothing outside it. It depends only on the run files and the experiment.yaml
 * of their directory, and contains no times, so that equal results give equal pages.
 */
#ifndef IP_REPORT_REPORT_H
#define IP_REPORT_REPORT_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define IP_REPORT_MAX_SIZE ((size_t)3000000)

typedef struct ip_report_options {
  const char *folder;    /* of the experiment: experiment.yaml may be there, figures go to figures/ */
  const char *figures;   /* directory of the figures; NULL: folder/figures */
  const char *out;       /* the page */
  const char *estimator; /* label of the estimates that figures show; NULL: the first of the configuration */
  bool is_static;        /* nothing to explore: no script, and all figures */
  size_t max_size;       /* bytes of a page to explore; 0: IP_REPORT_MAX_SIZE. What is left out for it: docs/page.md */
  const char *claims; /* verdicts on claims that use the experiment, JSON as infoplane claims --json prints it; NULL */
  /* Called for what is left out to keep the page small, in words. May be NULL. */
  void (*on_cut)(void *context, const char *what);
  /* Called for every figure that is left out, with the reason; the page states it too. May be NULL. */
  void (*on_figure)(void *context, const char *figure, const char *why_not);
  void *context;
} ip_report_options;

/* Plots the figures (SVG, replacing earlier ones) and writes the page, complete or not at all. IP_EINVAL, with the
 * labels that exist, if no file has estimates by the requested estimator. */
ip_status ip_report_write(size_t n_files, const char *const *file, const ip_report_options *o);

#endif
