/* gnuplot.h - gnuplot as a child process that turns a table into a figure.
 *
 * gnuplot is started directly, never through a shell, with the names of files as its only arguments, so that no text of
 * a user is evaluated. It reads no start-up files. A failure leaves nothing half-written: the figure is written under
 * another name and renamed when it is complete.
 */
#ifndef IP_FIGURE_GNUPLOT_H
#define IP_FIGURE_GNUPLOT_H

#include "figure/paper.h"

/* The program to run: "gnuplot" in PATH, or the value of the environment variable INFOPLANE_GNUPLOT. */
const char *ip_gnuplot_program(void);

/* The path of the script `name`.gp, to be freed with ip_free. Directories searched: $INFOPLANE_PLOT,
 * ../share/infoplane/plot beside the running program's directory, scripts/plot of the source tree, the directory of the
 * installation. IP_EIO if the script is in none of them. */
ip_status ip_gnuplot_script(const char *name, char **path);

/* Draws `table` with the script at `script` into the file `out` of the given format (svg, png, pdf, eps, tex, gif; of
 * tex, with the file NAME-graphics.pdf beside NAME.tex). The width and the font of `paper` (may be NULL) become the
 * script's fourth and fifth arguments. IP_ECHILD, with gnuplot's error message, if it fails; an earlier file `out` is
 * then unchanged. */
ip_status ip_gnuplot_draw(const char *script, const char *table, const char *out, const char *format,
                          const ip_paper *paper);

/* Draws with characters on standard output, `columns` wide and every panel `lines` high. */
ip_status ip_gnuplot_print(const char *script, const char *table, int columns, int lines);

#endif
