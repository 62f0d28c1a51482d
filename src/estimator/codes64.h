/* codes64.h - codes of activations of float64, in plain loops. For codes.c and exact.c. */
#ifndef IP_ESTIMATOR_CODES64_H
#define IP_ESTIMATOR_CODES64_H

#include "estimator/estimator.h"
#include "num/unique.h"

/* As ip_codes_by_edges and ip_codes_by_width, of s->t64. */
ip_status ip_codes64_by_edges(const ip_samples *s, size_t n_edges, const double *edge, ip_scratch *sc,
                              ip_key_rows *rows);
ip_status ip_codes64_by_width(const ip_samples *s, double size, ip_scratch *sc, ip_key_rows *rows);

/* Equal rows of s->t64 have equal rows; -0 equals 0. */
ip_status ip_codes64_exact(const ip_samples *s, ip_scratch *sc, ip_key_rows *rows);

#endif
