/* description.h - the sentence that a configuration has about itself. For report.c. */
#ifndef IP_REPORT_DESCRIPTION_H
#define IP_REPORT_DESCRIPTION_H

#include "base/status.h"

/* The value of `description:` in YAML, in new memory (ip_free); "" where there is none, or the text is no YAML: it may
 * be another program's. */
ip_status ip_report_description(const char *yaml, char **description);

#endif
