/* shown.h - what a figure shows of the layers of a configuration: information, whether it is a bound, and flags.
 *
 * For the files of this directory. A figure reads all of it with one call and ends its rows with the same cells:
 *
 *   bound  1 if the layer is shown with bounds (noisy.h), else 0
 *   flags  letters of what is flagged in the run, or in any of the runs if the row is a mean: s saturated, d data
 *          processing inequality, c clipped, b bins lose predictions; or -
 *   note   in the first row of a configuration: the line under the figure that explains both; else -
 */
#ifndef IP_FIGURE_SHOWN_H
#define IP_FIGURE_SHOWN_H

#include "file/table.h"
#include "study/series.h"

enum { IP_IXT, IP_ITY, IP_ITY_TEST, IP_SATURATED, IP_DPI, IP_CLIPPED, IP_LOSSY_BINS, IP_N_SHOWN };

/* Information and flags of a group by an estimator (NULL: the set's), in scratch. */
ip_status ip_shown_read(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                        ip_series v[IP_N_SHOWN]);

/* The same of one run, v[i] in scratch with (n_epochs, n_layers) numbers. */
ip_status ip_shown_of_run(const ip_run_set *s, ip_run *run, ip_scratch *sc, double *v[IP_N_SHOWN]);

/* Low and high end of I(X;T) and of I(T;Y): means over the runs of the band of an estimator (NULL: the set's); NaN
 * where its estimates are no bands. In scratch. */
enum { IP_N_ENDS = 4 };
ip_status ip_shown_bands(const ip_run_set *s, const ip_run_group *g, const char *estimator, ip_scratch *sc,
                         ip_series band[IP_N_ENDS]);

/* What is drawn at the (n) epochs with these indices only. */
ip_status ip_shown_at(size_t n, const size_t *index, ip_scratch *sc, ip_series v[IP_N_SHOWN]);

/* The cells `bound` and `flags` of layer k at the e-th epoch. */
void ip_shown_cells(const ip_run_group *g, const ip_series v[IP_N_SHOWN], size_t e, size_t k, ip_table *t);

/* The same of one run: `at` is the place of the layer and epoch in v. */
void ip_shown_run_cells(const ip_run_group *g, double *const v[IP_N_SHOWN], size_t at, size_t k, ip_table *t);

/* The line under the figure, "-" if nothing has to be explained. v NULL: the figure shows no flags. */
ip_status ip_shown_note(const ip_run_set *s, const ip_run_group *g, const char *estimator,
                        const ip_series v[IP_N_SHOWN], ip_scratch *sc, const char **note);

#endif
