/* figure.h - figures of run files: for each a table of numbers and a gnuplot script that plots it.
 *
 * For the commands. A figure is one row of the registry: a name, the script scripts/plot/<script>.gp, and the function
 * that fills its table from run files. The table is kept beside the figure (plane.svg, plane.tsv), so that the figure
 * can be plotted again, or differently, without the program: docs/figures.md.
 *
 * Drawing reads the heads and series of run files, one file at a time, and activations only for the figures that show
 * them; memory does not grow with the number of runs.
 */
#ifndef IP_FIGURE_FIGURE_H
#define IP_FIGURE_FIGURE_H

#include "base/text.h"
#include "figure/paper.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct ip_figure_options {
  const char *estimator;      /* label of the estimates to show; NULL: the first that the first file names */
  const char *format;         /* svg, png, pdf, eps or tex (a movie is always gif); NULL: svg */
  ip_paper paper;             /* width and font; a movie and a terminal have their own */
  const char *folder;         /* where figures go; created if missing */
  size_t n_series;            /* series of the figure `series`, above each other; 0: a usual selection */
  const char *const *series;  // (n_series) "ixt", "loss", "geometry/nc1"
  bool fractions;             /* planes show I(X;T)/H(X) and I(T;Y)/H(Y) in place of bits */
  bool terminal;              /* print with characters on standard output as well as writing the tables */
  size_t n_without;           /* figures that are not plotted unless they are named */
  const char *const *without; // (n_without)
  bool lenient;               /* named figures that have nothing to show are also left out and reported */
  int columns, lines;         /* of the terminal; 0: 80 and 24 */
  /* Called for every figure that is done, with its path (NULL: printed), and for every one that is left out, with the
   * reason. May be NULL. */
  void (*on_figure)(void *context, const char *name, const char *path, const char *why_not);
  void *context;
} ip_figure_options;

/* Names and one-line descriptions of all figures. */
size_t ip_figure_count(void);
const char *ip_figure_name(size_t i);
const char *ip_figure_summary(size_t i);

/* Figures of earlier versions with their present names. */
const ip_renamed *ip_figure_renamed(void);

/* Formats that figures may have, NULL-terminated. */
const char *const *ip_figure_formats(void);

/* Whether figures other than movies can be written in a format: "svg", "tex". */
bool ip_figure_is_format(const char *format);

/**
 * Draws figures of (n_files) run files.
 *
 * With names, plots these figures, and fails (unless lenient) if one of them has nothing to show in these files.
 * Without names (n_names 0), plots all that have something to show.
 *
 * @return IP_EUSAGE: no such figure or format; IP_EINVAL: nothing to show, with the reason; IP_ECHILD: gnuplot is
 *         missing or failed. Figures drawn before the failure stay.
 */
ip_status ip_figures_draw(size_t n_files, const char *const *file, size_t n_names, const char *const *name,
                          const ip_figure_options *options);

#endif
