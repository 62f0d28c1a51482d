/* codes.h - activations to bin codes, and rows of codes to symbols of T; of float64 where the samples have that. */
#ifndef IP_ESTIMATOR_CODES_H
#define IP_ESTIMATOR_CODES_H

#include "estimator/estimator.h"

/* Smallest and largest activation. */
void ip_codes_range(const ip_samples *s, double *low, double *high);

/* sorted (n * width): all activations of the layer, ascending. */
ip_status ip_codes_sort(const ip_samples *s, ip_scratch *sc, double *sorted);

/* The symbol of a sample is the row of its units' codes; a code is the number of edges <= t. `edge` (n_edges) ascends,
 * n_edges > 0. symbol (s->n). IP_ENOMEM. */
ip_status ip_codes_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc, uint32_t *symbol,
                            size_t *n_symbols);

/* The code is floor(t / size) in float64, size >= 1e-30; no activation is too large for it. */
ip_status ip_codes_by_width(const ip_samples *s, double size, ip_scratch *sc, uint32_t *symbol, size_t *n_symbols);

#endif
