/* figures.h - the figures of the page: plotted, embedded, and what they leave out. For the files of this directory. */
#ifndef IP_REPORT_FIGURES_H
#define IP_REPORT_FIGURES_H

#include "report/facts.h"
#include "report/report.h"

#include <stdbool.h>
#include <stdio.h>

enum { IP_REPORT_MAX_FIGURES = 64 };

typedef struct ip_report_figures {
  const ip_facts *facts;
  const ip_report_options *opt;
  ip_scratch *sc;   /* owns the paths */
  ip_status status; /* of keeping them */
  size_t n_files;   /* that are being drawn from */
  size_t n, n_left; /* figures that were drawn, and those that were not */
  struct {
    const char *name, *path;
    size_t n_files; /* it was drawn from */
    size_t size;    /* of its data in the page */
  } drawn[IP_REPORT_MAX_FIGURES];
  struct {
    const char *name, *why;
  } left[IP_REPORT_MAX_FIGURES];
  const char *movie; /* path of one that was drawn before; NULL: none */
  size_t movie_size;
  bool only_main; /* only some of the drawn figures are in the page, without the movie */
} ip_report_figures;

/* Draws what the runs have data for as SVG into <folder>/figures; in a page to explore, without the figures that its
 * panels show (estimators, depth, snapshots, repeats, measures). Runs without estimates by the set's estimator are
 * left out of the figures that need them; figures of training then still show all runs. */
ip_status ip_report_draw(const ip_facts *f, const ip_report_options *o, ip_scratch *sc, ip_report_figures *figures);

/* Bytes of the data of the figures that are in the page. */
size_t ip_report_figures_size(const ip_report_figures *figures);

/* Links to the figures, for the contents. */
void ip_report_figure_links(FILE *out, const ip_report_figures *figures);

/* The section of the page; without the data of the figures it is what a page with them has besides. */
ip_status ip_report_put_figures(FILE *out, const ip_report_figures *figures, bool with_data);

/* What the page and its figures leave out, and why; nothing if they are complete. */
bool ip_report_anything_left(const ip_report_figures *figures);
void ip_report_left_out(FILE *out, const ip_report_figures *figures);

#endif
