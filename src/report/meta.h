/* meta.h - what the blocks of the page mean: one JSON object (page/README.md). For the files of this directory. */
#ifndef IP_REPORT_META_H
#define IP_REPORT_META_H

#include "report/activations.h"

/* What is written besides the blocks of curves. */
typedef struct ip_page_data {
  const ip_explore *x;
  const ip_activations *a; /* NULL where nothing of them is in the page */
  size_t n_clouds;         /* of `a`, that are in the page */
  bool no_histograms;
  const char *description; /* of the experiment; "" */
  const char *claims;      /* JSON, a list; NULL: none */
  size_t n_cuts;
  const char *const *cut; // (n_cuts) what the page leaves out for its size, in sentences
} ip_page_data;

/* The object, without the element around it. IP_EIO if the first run cannot be read. */
ip_status ip_page_meta(FILE *out, const ip_page_data *d);

/* The elements with the blocks, as the object lists them; empty ones unless `with_blocks`. And the number of characters
 * that they then lack. */
void ip_page_blocks(FILE *out, const ip_page_data *d, bool with_blocks);
size_t ip_page_blocks_size(const ip_page_data *d);

#endif
