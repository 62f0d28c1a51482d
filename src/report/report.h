/* report.h - one HTML page of an experiment that can be sent around: figures, measures and configuration in one file.
 *
 * For infoplane report. The page refers to nothing outside it. It is made from run files and from the experiment.yaml
 * of their folder alone, and holds no times, so that equal results make equal pages.
 */
#ifndef IP_REPORT_REPORT_H
#define IP_REPORT_REPORT_H

#include "base/status.h"

#include <stddef.h>

typedef struct ip_report_options {
  const char *folder;    /* of the experiment: experiment.yaml may be there, figures go to figures/ */
  const char *out;       /* the page */
  const char *estimator; /* label of the estimates to show; NULL: the first of the first file */
} ip_report_options;

/* Draws the figures (SVG, where they stand already they are drawn again) and writes the page, complete or not at all.
 */
ip_status ip_report_write(size_t n_files, const char *const *file, const ip_report_options *o);

#endif
