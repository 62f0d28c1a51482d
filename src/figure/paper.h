/* paper.h - figures for papers: a width in millimetres and a font, as a user writes them. */
#ifndef IP_FIGURE_PAPER_H
#define IP_FIGURE_PAPER_H

#include "base/status.h"

typedef struct ip_paper {
  double width_mm;  /* 0: as wide as the panels of the figure need */
  const char *font; /* "Times,8": a family, a size in points, or both; NULL: DejaVu Sans, 9 (7.5 with a width) */
} ip_paper;

/* Reads "85mm", "8.5cm" or "3.3in"; IP_EUSAGE for anything else, and below 40 mm or above 1000 mm. */
ip_status ip_paper_parse_width(const char *text, double *width_mm);

/* IP_EUSAGE unless `text` is a family of letters, digits, blanks and hyphens, or has a size from 4 to 72 after a comma.
 */
ip_status ip_paper_check_font(const char *text);

#endif
