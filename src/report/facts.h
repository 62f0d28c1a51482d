/* facts.h - the numbers of every run behind the sentences and tables of the page, read once from the run files.
 *
 * For the files of this directory. Files are read one at a time; a few numbers per run, estimator and layer stay in
 * memory.
 */
#ifndef IP_REPORT_FACTS_H
#define IP_REPORT_FACTS_H

#include "study/gathered.h"
#include "study/measures.h"
#include "study/runs.h"

#include <stdbool.h>

/* The rules of the findings, which the panels of the page share. I(X;T) of a layer decreased in a network if at the
 * last logged epoch it is at least so many bits below its largest value, as in runs.csv. */
#define IP_REPORT_DECREASE_BITS 0.1

/* Where it did not decrease, and the estimator is saturated at this percentage of the logged epochs or more, the
 * estimator was unable to show a decrease. */
enum { IP_REPORT_SATURATED_PERCENT = 95 };

/* One layer of one run by one estimator. */
typedef struct ip_fact {
  double measure[IP_N_MEASURES];            /* as in runs.csv; NaN: not defined */
  bool decreased, unable;                   /* by the rules above */
  double ixt_low, ixt_high;                 /* bands, or confidence intervals, at the last logged epoch */
  double ity_low, ity_high;                 /* ... of I(T;Y) */
  double null_high;                         /* 95 % quantile of I(T;Y) with shuffled labels, at the last logged epoch */
  size_t n, saturated, dpi, clipped, lossy; /* logged epochs with an estimate of I(X;T), and with each flag */
} ip_fact;

typedef struct ip_run_facts {
  const char *name, *status, *reason; /* name: that of the file */
  uint64_t seed;
  size_t n_epochs, n_samples, n_layers;
  int64_t last_epoch;
  double train_accuracy, test_accuracy, train_loss, test_loss; /* at the end; NaN: none */
  const char **layer;                                          // (n_layers) "7 tanh"
  double *constant;     // (n_layers) units without any variation at the last logged epoch; NaN: not known
  double *crossing;     // (n_layers) first epoch with the gradient's mean below its standard deviation; NaN
  ip_fact **fact;       // (n_estimators) of (n_layers); NULL if the file has no estimates by this estimator
  const char **refused; // (n_estimators) why intervals or layers have no number; "" if all have one
} ip_run_facts;

typedef struct ip_facts {
  const ip_run_set *set;
  size_t n_estimators;          /* of all files together */
  const char *const *estimator; // (n_estimators) labels; the set's own first
  ip_run_facts *run;            // (set->n_files)
  ip_scratch *sc;               /* owns all of it */
} ip_facts;

/* Called with each run while it is open, after its facts have been read; what is in `mine` is released afterwards. */
typedef struct ip_facts_visitor {
  ip_status (*visit)(void *context, size_t file, const ip_gathered *g, ip_scratch *mine);
  void *context;
} ip_facts_visitor;

/* Reads the files of the set, which the caller keeps. `visitor`: NULL for none. */
ip_status ip_facts_read(const ip_run_set *set, const ip_facts_visitor *visitor, ip_facts **out);
void ip_facts_destroy(ip_facts **f);

/* Mean of a measure of layer k by estimator i over the (fitting) runs of a group that have it, *n of them; NaN if no
 * run has it. Of I(X;T) and I(T;Y) at the end, the mean of the raw values, clipped to between the smallest and largest
 * clipped value, as in figures. */
double ip_facts_mean(const ip_facts *f, const ip_run_group *g, size_t i, size_t k, ip_compression_measure m, size_t *n);

/* The fact of layer k by estimator i in the j-th run of a group; NULL if the run has no such estimates. */
const ip_fact *ip_facts_of(const ip_facts *f, const ip_run_group *g, size_t j, size_t i, size_t k);

#endif
