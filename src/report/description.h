/* description.h - the description and the tags in a configuration. For report.c. */
#ifndef IP_REPORT_DESCRIPTION_H
#define IP_REPORT_DESCRIPTION_H

#include "base/status.h"

/* The value of `description:` in YAML, in new memory (ip_free); "" if it is missing, or if the text is not YAML:
 * another program may have written it. */
ip_status ip_report_description(const char *yaml, char **description);

/* The same of `tags:`, "mnist, draft". */
ip_status ip_report_tags(const char *yaml, char **tags);

#endif
