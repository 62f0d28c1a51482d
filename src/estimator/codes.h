/* codes.h - activations to bin codes, and a row of words for the codes of each sample; of float64 where the samples
 * have that. Equal rows are one symbol of T. */
#ifndef IP_ESTIMATOR_CODES_H
#define IP_ESTIMATOR_CODES_H

#include "estimator/estimator.h"
#include "num/unique.h"

/* Smallest and largest activation. */
void ip_codes_range(const ip_samples *s, double *low, double *high);

/* sorted (n * width): all activations of the layer, ascending. */
ip_status ip_codes_sort(const ip_samples *s, ip_scratch *sc, double *sorted);

/* A code is the number of edges <= t. `edge` (n_edges) ascends, n_edges > 0. `rows` come from `sc`. IP_ENOMEM. */
ip_status ip_codes_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc, ip_key_rows *rows);

/* The code is floor(t / size) in float64, size >= 1e-30; no activation is too large for it. */
ip_status ip_codes_by_width(const ip_samples *s, double size, ip_scratch *sc, ip_key_rows *rows);

#endif
