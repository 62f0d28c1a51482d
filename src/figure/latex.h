/* latex.h - the file for LaTeX that gnuplot's terminal cairolatex writes, made fit for a paper.
 *
 * gnuplot writes two files: a picture environment with all texts, and a PDF with everything else, which the picture
 * includes. Texts come from tables and are not LaTeX: every sign that means something to TeX is escaped, so that no
 * name of a layer or an experiment can be a command. Numbers and the field's symbols, such as I(X;T), become formulas.
 */
#ifndef IP_FIGURE_LATEX_H
#define IP_FIGURE_LATEX_H

#include "base/status.h"

/* In scripts/plot: what follows on the line is in a smaller size. */
#define IP_LATEX_SMALL "\xEE\x80\x80"

/* Writes the picture environment of `raw` to `out`, with `graphics` as the name of the PDF and texts of `points`.
 * IP_EFORMAT if `raw` has lines other than those that gnuplot writes. */
ip_status ip_latex_finish(const char *raw, const char *graphics, double points, const char *out);

#endif
