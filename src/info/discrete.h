/* discrete.h - information measures of discrete distributions, exact up to rounding.
 *
 * For whoever has probabilities or counts in hand: the program `infoplane measure`, the data sets (H(Y), I(X;Y)), the
 * estimators (plug-in entropy of bin counts), the bottleneck. Results are in bits; multiply by IP_NATS_PER_BIT for
 * nats.
 *
 * Conventions: 0 log 0 = 0, and 0 log (0/q) = 0 for every q; p log (p/0) = +inf for p > 0. The functions returning a
 * double trust their arguments: check what comes from outside with ip_distribution_check first.
 * Source of the definitions: Cover & Thomas, "Elements of Information Theory", 2nd ed. 2006, sections 2.1 to 2.4.
 */
#ifndef IP_INFO_DISCRETE_H
#define IP_INFO_DISCRETE_H

#include "base/mem.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define IP_NATS_PER_BIT 0.69314718055994530942

/* How far from 1 the sum of a distribution read from outside may be. */
#define IP_SUM_TOLERANCE 1e-6

typedef enum { IP_CELL_FINE, IP_CELL_NOT_FINITE, IP_CELL_NEGATIVE, IP_CELL_SUM } ip_cell_fault;

/* The first thing wrong with (n) cells as a distribution: `cell` is its index for a cell that is not finite or
 * negative; `sum` is the sum of all cells, to be within `tolerance` of 1. */
ip_cell_fault ip_distribution_fault(size_t n, const double *p, double tolerance, size_t *cell, double *sum);

/* Fails with IP_EINVAL, naming `what` and the cell (row and column from 1), unless the table (n_rows, n_cols) is a
 * distribution within IP_SUM_TOLERANCE. */
ip_status ip_distribution_check(size_t n_rows, size_t n_cols, const double *p, const char *what);

/* log2(p/q) of p, q >= 0, without the quotient where that leaves the normal numbers: finite for all p, q > 0. */
double ip_log2_ratio(double p, double q);

/* H(p) = -sum_i p_i log2 p_i. */
double ip_entropy_bits(size_t n, const double *p);

/* H(p,q) = -sum_i p_i log2 q_i. */
double ip_cross_entropy_bits(size_t n, const double *p, const double *q);

/* KL(p||q) = sum_i p_i log2 (p_i/q_i) >= 0, +inf where q_i = 0 < p_i. */
double ip_kl_bits(size_t n, const double *p, const double *q);

/* h(p), the entropy of (p, 1-p), 0 <= p <= 1. */
double ip_binary_entropy_bits(double p);

/* Plug-in entropy of (n) counts with total N > 0: log2 N - 1/N sum_i c_i log2 c_i; zeros may be among them. 0 when all
 * are zero. Biased downwards by about (K-1)/(2N ln 2) bits for K occupied cells (Miller 1955). */
double ip_entropy_counts_bits(size_t n, const uint32_t *count);

/* All measures of a joint table p(x,y). */
typedef struct {
  double hx_bits, hy_bits, hxy_bits; /* H(X), H(Y), H(X,Y) */
  double hx_given_y_bits;            /* H(X|Y) */
  double hy_given_x_bits;            /* H(Y|X) */
  double mi_bits;                    /* I(X;Y) >= 0 */
} ip_joint_measures;

/* Of a distribution p(x,y) (n_x, n_y), and of a table of counts. I(X;Y) is summed as a divergence, so that it keeps its
 * relative accuracy near independence. Fails with IP_ENOMEM; a table of counts without a single one with IP_EINVAL. */
ip_status ip_joint_measure(size_t n_x, size_t n_y, const double *p, ip_scratch *sc, ip_joint_measures *out);
ip_status ip_joint_measure_counts(size_t n_x, size_t n_y, const uint32_t *count, ip_scratch *sc,
                                  ip_joint_measures *out);

/* Plug-in I(A;B) of (n) pairs of labels a < n_a, b < n_b. Time n + n_a n_b, memory n_a n_b: for small alphabets.
 * Fails with IP_EINVAL for n = 0 or a label outside. */
ip_status ip_mi_labels(size_t n, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, ip_scratch *sc,
                       double *mi_bits);

#endif
