/* explore.h - the data of the part of the page that is explored: curves of all runs as blocks, and what they are.
 *
 * For the files of this directory; page/README.md describes what becomes of it in the page. Run files are read one at a
 * time: once to find what they have (survey.c, with the facts), and once for each choice of limits (curves.c). In
 * memory are the epochs of every run, and codes of two bytes for every number of the page.
 */
#ifndef IP_REPORT_EXPLORE_H
#define IP_REPORT_EXPLORE_H

#include "figure/theory.h"
#include "report/blocks.h"
#include "report/facts.h"
#include "study/gathered.h"

enum {
  IP_EXPLORE_EPOCHS = 300,           /* of a run, at most; the schedule of szt2017 has 274 */
  IP_EXPLORE_FEW_EPOCHS = 150,       /* ... where the page would be too large */
  IP_EXPLORE_ACTIVATION_EPOCHS = 60, /* of histograms and clouds */
  IP_EXPLORE_RUNS = 200              /* more are shown as quantiles over the runs of each configuration */
};

/* How much of the runs the page has. */
typedef struct ip_explore_limits {
  size_t most_epochs;
  bool one_estimator; /* only the set's own */
  bool no_measures;   /* no series of measures */
  bool quantiles;     /* in place of runs; with only the main series of one estimator */
} ip_explore_limits;

/* A set of logged epochs that some runs have in the page. */
typedef struct ip_explore_set {
  size_t n;
  const int64_t *epoch; // (n) increasing
  size_t n_few;
  const size_t *few; // (n_few) indices into `epoch`, increasing: epochs of histograms and clouds
} ip_explore_set;

/* What the survey keeps of a run. */
typedef struct ip_explore_run {
  size_t group; /* SIZE_MAX: none */
  size_t n_epochs, n_layers;
  const int64_t *epoch; // (n_epochs) all logged ones
  bool *is_wanted;      // (n_epochs) first, last, of a peak, of the least test loss: in any set
  bool *is_few;         // (n_epochs) of histograms and clouds: in any set
  bool has_activations;
  double best_test_epoch;
  size_t set; /* SIZE_MAX: no epochs */
} ip_explore_run;

/* Whose the curves are: of a run, or (run SIZE_MAX) a quantile over the runs of a group. */
typedef struct ip_explore_owner {
  size_t run, group, set, n_layers;
  double quantile;
} ip_explore_owner;

typedef enum { IP_OF_ESTIMATES, IP_OF_METRICS, IP_OF_LAYERS } ip_column_of;

/* One block of curves. */
typedef struct ip_explore_column {
  const char *name, *unit;
  ip_column_of of;
  size_t what; /* in the list of its kind (columns.c) */
  bool is_measure, is_main;
  bool is_signed; /* of both signs around 0, which has a code of its own */
  bool exists;    /* some run has it, and the limits let it in */
  ip_code_extent extent;
  ip_code_range range;
  bool is_flags; /* codes of 8 bits */
  ip_packed packed;
} ip_explore_column;

typedef struct ip_explore {
  const ip_facts *facts;
  ip_explore_limits limits;
  size_t n_estimators; /* of the facts', that are in the page */
  ip_explore_run *run; // (facts->set->n_files)
  size_t n_sets, n_owners, n_columns;
  ip_explore_set *set;       // (n_sets)
  ip_explore_owner *owner;   // (n_owners)
  ip_explore_column *column; // (n_columns)
  size_t n_curves;
  ip_theory_curve *curve; // (n_curves)
  size_t *curve_of;       // (groups of the set) SIZE_MAX: none
  ip_scratch *sc;         /* owns what the survey found */
  ip_scratch *chosen;     /* owns sets and owners */
} ip_explore;

/* Reads the facts of all runs and finds what the page can have of them, from one reading of each file. */
ip_status ip_explore_read(const ip_run_set *s, ip_facts **f, ip_explore **out);
void ip_explore_destroy(ip_explore **x);

/* Fills the blocks as the limits say, in place of earlier ones. */
ip_status ip_explore_fill(ip_explore *x, const ip_explore_limits *limits);

/* ---------------------------------------------------------------- columns.c */

/* All columns that runs may have. */
ip_status ip_explore_columns(ip_explore *x, const ip_measured_list *measured);

/* Values of a column of an open run at its e-th logged epoch, layer k. `at`: the place of the estimator (estimates) or
 * of the series (measures) in this run, from ip_explore_place; NaN where the run has none, SIZE_MAX. */
size_t ip_explore_place(const ip_explore_column *c, const ip_gathered *g, const char *estimator);
double ip_explore_value(const ip_explore_column *c, const ip_gathered *g, size_t at, size_t e, size_t k);

/* Whether any run has numbers worth a block, and the range of its codes. */
bool ip_explore_found(const ip_explore_column *c);
ip_code_range ip_explore_range(const ip_explore_column *c);

/* Number of series of an owner in a column, each as long as the owner's set. */
size_t ip_explore_n_series(const ip_explore *x, const ip_explore_column *c, const ip_explore_owner *o);

/* ---------------------------------------------------------------- survey.c */

/* Chooses sets of epochs and owners by the limits. */
ip_status ip_explore_choose(ip_explore *x);

#endif
