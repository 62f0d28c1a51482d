/* codes.h - activations to bin codes, and rows of codes to symbols of T. */
#ifndef IP_ESTIMATOR_CODES_H
#define IP_ESTIMATOR_CODES_H

#include "estimator/estimator.h"

/* Smallest and largest of (m) finite activations, m > 0. */
void ip_codes_range(size_t m, const float *t, double *low, double *high);

/* The symbol of a sample is the row of its units' codes; a code is the number of edges <= t. `edge` (n_edges) ascends,
 * n_edges > 0. symbol (s->n). IP_ENOMEM. */
ip_status ip_codes_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc, uint32_t *symbol,
                            size_t *n_symbols);

/* The code is floor(t / size) in float64, size >= 1e-30; no activation is too large for it. */
ip_status ip_codes_by_width(const ip_samples *s, double size, ip_scratch *sc, uint32_t *symbol, size_t *n_symbols);

#endif
