/* page.h - the HTML around the contents of the page: head with its policy, scripts and data. For report.c.
 *
 * The page may run its own script and style sheet and nothing else: a policy in <meta> names their digests, and refuses
 * every request. Without scripts, all of the page is there but the part that is explored.
 */
#ifndef IP_REPORT_PAGE_H
#define IP_REPORT_PAGE_H

#include "report/meta.h"

/* The joined files of src/report/page, as they stand between the tags (cmake/embed.cmake). */
extern const char ip_page_style[], ip_page_script[];
extern const size_t ip_page_style_size, ip_page_script_size;

/* Up to <body>; `with_script`: the page has a script. */
void ip_page_head(FILE *out, const char *title, bool with_script);

/* The places of what scripts make, and the element that encloses what is there without them. */
void ip_page_explore_begin(FILE *out);
void ip_page_explore_end(FILE *out);

/* The footer; the paragraph of cuts is there with a script. */
void ip_page_foot(FILE *out, const ip_page_data *d);

/* Data and script; d NULL: neither. Ends the page. Without the contents of blocks, it is what a page with them has
 * besides. */
ip_status ip_page_end(FILE *out, const ip_page_data *d, bool with_blocks);

#endif
