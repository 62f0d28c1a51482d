/* tally.h - the mean over samples of means over random draws, and the standard error that the draws leave it. */
#ifndef IP_ESTIMATOR_TALLY_H
#define IP_ESTIMATOR_TALLY_H

#include "num/sum.h"

#include <stddef.h>

typedef struct ip_tally {
  ip_sum mean, squared_error, square;
  double sum_i, square_i; /* of the sample at hand, less its first draw */
  double first;
} ip_tally;

/* Draw 0, 1, ... of a sample; then, after the last one, the end of the sample. */
void ip_tally_draw(ip_tally *t, size_t draw, double v);
void ip_tally_end(ip_tally *t, size_t draws);

/* A sample whose value is known without draws. */
void ip_tally_exact(ip_tally *t, double v);

/* Over n samples. With one draw the standard deviation within a sample is not known; that between samples is at least
 * as large on average. */
void ip_tally_result(const ip_tally *t, size_t n, size_t draws, double *mean, double *error);

#endif
