/* save.h - writes a curve as CSV tables, or as HDF5 with all distributions.
 *
 * A file is complete or not there at all. Errors are IP_EIO and IP_ENOSPC, with the file and the reason in the message,
 * and IP_ENOMEM. docs/bottleneck.md lists the contents.
 */
#ifndef IP_BOTTLENECK_SAVE_H
#define IP_BOTTLENECK_SAVE_H

#include "base/public.h"
#include "bottleneck/curve.h"

IP_PUBLIC_BEGIN

/* One row per beta: beta, slope_beta, ixt_bits, ity_bits, ht_bits, clusters, lagrangian_bits, optimality_gap_bits,
 * iterations, converged, certified. */
ip_status ip_ib_curve_write_csv(const ip_ib_curve *c, const char *path);

/* One row per critical beta: critical_beta, split_beta, clusters_before, clusters_after, ixt_bits, ity_bits. */
ip_status ip_ib_critical_write_csv(const ip_ib_curve *c, const char *path);

/* Both tables as HDF5 datasets, with beta as a dimension scale. Unless p is NULL, also the problem (p_x, p_y_given_x,
 * p_y, class_of_input) and, at every beta, p_t (beta, t), p_y_given_t (beta, t, y) and p_t_given_x (beta, x, t). t runs
 * over the clusters of the largest T; where T has fewer, p_t and p_t_given_x are 0 and p_y_given_t is NaN. `source` is
 * stored as an attribute. */
ip_status ip_ib_curve_write_h5(const ip_ib_problem *p, const ip_ib_options *opt, const ip_ib_curve *c,
                               const char *source, const char *path);

IP_PUBLIC_END

#endif
