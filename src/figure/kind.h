/* kind.h - a figure of the registry. For the files of this directory.
 *
 * A new figure: a function ip_figure_<name>_fill in <name>.c, a row of IP_FIGURE_LIST, a script in scripts/plot, a
 * test, a section in docs/figures.md.
 */
#ifndef IP_FIGURE_KIND_H
#define IP_FIGURE_KIND_H

#include "figure/shown.h"
#include "file/table.h"
#include "study/runs.h"

/* Most panels of configurations that one figure holds. */
enum { IP_FIGURE_MAX_PANELS = 24 };

/* Fills the table, with scratch that the caller empties. If the files have nothing to show, sets *why_not to the
 * reason, a sentence without full stop; the table is then ignored. */
typedef ip_status (*ip_figure_fill)(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not);

/* When a figure is plotted without being named: never; if the runs fit, else it is left out silently; always. */
typedef enum { IP_FIGURE_ASKED, IP_FIGURE_FITTING, IP_FIGURE_ALWAYS } ip_figure_when;

typedef struct ip_figure_kind {
  const char *name, *summary, *script;
  bool information; /* needs estimates */
  bool panels;      /* a panel for every configuration: their number is limited */
  ip_figure_when when;
  const char *format; /* NULL: as asked for */
  ip_figure_fill fill;
} ip_figure_kind;

/* One row a figure: name, script, whether it needs estimates, a panel for every configuration, when, format, summary.
 * The function of the figure `name` is ip_figure_<name>_fill. */
#define IP_FIGURE_LIST(X)                                                                                              \
  X(plane, "plane", true, true, IP_FIGURE_ALWAYS, NULL,                                                                \
    "the information plane: every layer's trajectory during training")                                                 \
  X(theory, "theory", true, true, IP_FIGURE_ASKED, NULL, "the layers below the Information Bottleneck curve")          \
  X(estimators, "plane", true, true, IP_FIGURE_FITTING, NULL, "the plane, a panel for every estimator in the files")   \
  X(depth, "plane", true, true, IP_FIGURE_FITTING, NULL, "the plane, a panel for every number of layers")              \
  X(data, "data", true, false, IP_FIGURE_FITTING, NULL,                                                                \
    "final position of the layers, by the number of training samples")                                                 \
  X(beta, "beta", true, false, IP_FIGURE_FITTING, NULL, "information and error against beta")                          \
  X(heatmap, "heatmap", true, false, IP_FIGURE_FITTING, NULL,                                                          \
    "error, information and compression over two swept keys")                                                          \
  X(activations, "activations", false, false, IP_FIGURE_ASKED, NULL,                                                   \
    "distribution of the activations of each layer, over the epochs")                                                  \
  X(movie, "movie", true, true, IP_FIGURE_ASKED, "gif", "the plane epoch by epoch, as an animated GIF")                \
  X(snapshots, "snapshots", true, true, IP_FIGURE_ALWAYS, NULL, "the plane at three epochs, one dot per run")          \
  X(layers, "layers", true, true, IP_FIGURE_ALWAYS, NULL, "I(X;T) and I(T;Y) of every layer against the epoch")        \
  X(repeats, "repeats", true, true, IP_FIGURE_ASKED, NULL, "I(X;T) and I(T;Y) of every single run, and their mean")    \
  X(loss, "loss", false, true, IP_FIGURE_ALWAYS, NULL, "loss and accuracy on training and test samples")               \
  X(gradients, "gradients", false, true, IP_FIGURE_ALWAYS, NULL,                                                       \
    "mean and standard deviation of the gradients, and their ratio")                                                   \
  X(geometry, "geometry", true, true, IP_FIGURE_FITTING, NULL,                                                         \
    "I(X;T), and below it neural collapse and the rank of every layer")                                                \
  X(usable, "usable", true, true, IP_FIGURE_FITTING, NULL,                                                             \
    "I(T;Y) of every layer, and what classifiers of the layer can use of it")                                          \
  X(measures, "measures", false, true, IP_FIGURE_FITTING, NULL, "every series of the measures against the epoch")      \
  X(series, "series", false, true, IP_FIGURE_ASKED, NULL,                                                              \
    "chosen series (--series) above each other, against the epoch")

#define X(name, ...)                                                                                                   \
  ip_status ip_figure_##name##_fill(const ip_run_set *s, ip_table *t, ip_scratch *sc, const char **why_not);
IP_FIGURE_LIST(X)
#undef X

/* The columns of a plane, and the rows of one panel of it: one a layer and epoch, an empty line after each epoch (run
 * 0, the mean); then, if there are repeats, each of them, a line for every layer of a run. `unit` is "bits", or
 * "fraction" where ixt_bits, ity_bits, their standard deviations and the ends of a band (ixt_low ...) are divided by
 * H(X) and H(Y) of the samples used (--fractions). `side` is 1 for the test samples where a panel shows both sides of
 * the split, else 0. usable_train and usable_test: H(Y) - cross-entropy of the output, in the unit of ity_bits. */
#define IP_PLANE_COLUMNS                                                                                               \
  "panel epoch layer mark ixt_bits ity_bits ixt_sd ity_sd repeats hx_bits hy_bits estimator run bound flags unit "     \
  "ixt_low ixt_high ity_low ity_high side usable_train usable_test note"
ip_status ip_plane_rows(const ip_run_set *s, const ip_run_group *g, const char *title, const char *estimator,
                        size_t most_epochs, ip_table *t, ip_scratch *sc);

/* Why no panel of the group can show fractions: H(X) or H(Y) is 0 or not known; NULL: it can, or bits are shown. */
ip_status ip_plane_lacks(const ip_run_set *s, const ip_run_group *g, const char *estimator, const char **why);

/* Names for the layers at points (x, y) of the plane. Layers so close that their names would overlap share one name,
 * placed at the first of them: "1-3", "4, out". */
ip_status ip_plane_marks(const ip_run_group *g, const double *x, const double *y, ip_scratch *sc,
                         const char **mark /* (n_layers) */);
enum { IP_PLANE_EPOCHS = 250 }; /* more points cannot be distinguished and only enlarge the file */

/* The head line: names separated by blanks. */
void ip_figure_head(ip_table *t, const char *names);

/* Cells of layer k at the e-th epoch: layer, label, epoch, mean and standard deviation of I(X;T) and I(T;Y), repeats,
 * H(X), H(Y), estimator. */
void ip_figure_layer_cells(const ip_run_set *s, const ip_run_group *g, const ip_series v[IP_N_SHOWN], size_t e,
                           size_t k, ip_table *t);

/* Ends a block of rows, as gnuplot counts them: one empty line ends a line of points, two end a panel. */
void ip_figure_gap(ip_table *t, int lines);

/* Reads n series of every configuration and fills a panel with them, unless the first n_needed of them are all empty.
 * Adds the number of panels to *shown. */
ip_status ip_figure_panels(const ip_run_set *s, size_t n, const ip_series_spec *spec, size_t n_needed,
                           void (*fill)(const ip_run_set *s, const ip_run_group *g, const ip_series *v, ip_table *t),
                           ip_table *t, ip_scratch *sc, size_t *shown);

#endif
