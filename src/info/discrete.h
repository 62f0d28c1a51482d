/* discrete.h - information measures of discrete distributions, exact up to rounding.
 *
 * The command `infoplane measure`, the datasets (H(Y), I(X;Y)), the estimators (plug-in entropy of bin counts) and the
 * bottleneck use these functions. Results are in bits; multiply by IP_NATS_PER_BIT for nats.
 *
 * Conventions: 0 log 0 = 0, 0 log (0/q) = 0 for every q, and p log (p/0) = +inf for p > 0. Functions that return a
 * double do not check their arguments: check external data with ip_distribution_check first.
 * Source of the definitions: Cover & Thomas, "Elements of Information Theory", 2nd ed. 2006, sections 2.1 to 2.4.
 */
#ifndef IP_INFO_DISCRETE_H
#define IP_INFO_DISCRETE_H

#include "base/mem.h"
#include "base/public.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

IP_PUBLIC_BEGIN

#define IP_NATS_PER_BIT 0.69314718055994530942

/* Largest accepted difference from 1 of the sum of external probabilities. */
#define IP_SUM_TOLERANCE 1e-6

typedef enum { IP_CELL_FINE, IP_CELL_NOT_FINITE, IP_CELL_NEGATIVE, IP_CELL_SUM } ip_cell_fault;

/* The first reason why p (n) is not a distribution, or IP_CELL_FINE. `cell` is the index of a cell that is negative or
 * not finite; `sum` is the sum of all cells, which must be within `tolerance` of 1. */
ip_cell_fault ip_distribution_fault(size_t n, const double *p, double tolerance, size_t *cell, double *sum);

/* Fails with IP_EINVAL, naming `what` and the cell (row and column, from 1), unless p (n_rows, n_cols) is a
 * distribution to within IP_SUM_TOLERANCE. */
ip_status ip_distribution_check(size_t n_rows, size_t n_cols, const double *p, const char *what);

/* What to add to a message on n cells that do not sum to 1: advice if all are whole numbers, as counts are, else "". */
const char *ip_distribution_advice(size_t n, const double *p);

/* log2(p/q) for p, q >= 0. Finite for all p, q > 0, even if the quotient overflows or underflows. */
double ip_log2_ratio(double p, double q);

/* H(p) = -sum_i p_i log2 p_i of p (n). */
double ip_entropy_bits(size_t n, const double *p);

/* Cross-entropy H(p,q) = -sum_i p_i log2 q_i of p, q (n); +inf if q_i = 0 < p_i for some i. */
double ip_cross_entropy_bits(size_t n, const double *p, const double *q);

/* KL(p||q) = sum_i p_i log2 (p_i/q_i) >= 0 of p, q (n); +inf if q_i = 0 < p_i for some i. */
double ip_kl_bits(size_t n, const double *p, const double *q);

/* Binary entropy h(p), the entropy of (p, 1-p), 0 <= p <= 1. */
double ip_binary_entropy_bits(double p);

/* Plug-in entropy of count (n) with total N: log2 N - 1/N sum_i c_i log2 c_i. Counts may be 0; the result is 0 if all
 * are. Bias: too low by about (K-1)/(2N ln 2) bits for K occupied cells (Miller 1955). */
double ip_entropy_counts_bits(size_t n, const uint32_t *count);

/* All measures of a joint distribution p(x,y). */
typedef struct {
  double hx_bits, hy_bits, hxy_bits; /* H(X), H(Y), H(X,Y) */
  double hx_given_y_bits;            /* H(X|Y) */
  double hy_given_x_bits;            /* H(Y|X) */
  double mi_bits;                    /* I(X;Y) >= 0 */
} ip_joint_measures;

/* Measures a distribution p (n_x, n_y), and a table of counts (n_x, n_y). I(X;Y) is computed as a divergence, which
 * keeps its relative accuracy near independence. Of counts, I(X;Y) is the plug-in estimate: too high by about (K_xy -
 * K_x - K_y + 1)/(2N ln 2) bits for K_xy, K_x, K_y occupied cells, rows and columns. IP_EINVAL if all counts are 0;
 * IP_ENOMEM. */
ip_status ip_joint_measure(size_t n_x, size_t n_y, const double *p, ip_scratch *sc, ip_joint_measures *out);
ip_status ip_joint_measure_counts(size_t n_x, size_t n_y, const uint32_t *count, ip_scratch *sc,
                                  ip_joint_measures *out);

/* Plug-in I(A;B) of n pairs of labels a (n) below n_a, b (n) below n_b, with the bias of ip_joint_measure_counts. Takes
 * time n + n_a n_b and memory n_a n_b, so it suits small alphabets. IP_EINVAL for n = 0 or a label out of range;
 * IP_ENOMEM. */
ip_status ip_mi_labels(size_t n, const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, ip_scratch *sc,
                       double *mi_bits);

IP_PUBLIC_END

#endif
