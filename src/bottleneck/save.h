/* save.h - a curve as files: CSV for tables, HDF5 for everything. */
#ifndef IP_BOTTLENECK_SAVE_H
#define IP_BOTTLENECK_SAVE_H

#include "bottleneck/curve.h"

/* One row a beta: beta, slope_beta, ixt_bits, ity_bits, ht_bits, clusters, lagrangian_bits, gap_bits, iterations,
 * converged, certified. */
ip_status ip_ib_curve_write_csv(const ip_ib_curve *c, const char *path);

/* One row a critical beta: birth_beta, split_beta, clusters_before, clusters_after, ixt_bits, ity_bits. */
ip_status ip_ib_critical_write_csv(const ip_ib_curve *c, const char *path);

/* The columns of both as data sets, beta being a dimension scale, and, unless p is NULL, the problem (p_x, p_y_given_x,
 * p_y, class_of_input) and at every beta p_t (beta, t), p_y_given_t (beta, t, y) and p_t_given_x (beta, x, t). There
 * are as many t as the largest T has; where T has fewer, p_t and p_t_given_x are 0 and p_y_given_t is NaN. */
ip_status ip_ib_curve_write_h5(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_curve *c,
                               const char *source, const char *path);

#endif
