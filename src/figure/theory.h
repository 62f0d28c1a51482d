/* theory.h - the Information Bottleneck curves of the data of runs, for figures and the report. */
#ifndef IP_FIGURE_THEORY_H
#define IP_FIGURE_THEORY_H

#include "study/runs.h"

/* From (0, 0) to the end of the curve. */
typedef struct ip_theory_curve {
  size_t n;
  double *ixt, *ity; // (n) bits
} ip_theory_curve;

/* The (n) different curves of the configurations' data, by their first runs, and which is whose: curve_of (n_groups),
 * SIZE_MAX where Y has no classes, or so many inputs have labels of their own that the curve would take long. In
 * scratch. */
ip_status ip_theory_curves(const ip_run_set *s, ip_scratch *sc, size_t *n, ip_theory_curve **curve, size_t **curve_of);

#endif
