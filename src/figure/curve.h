/* curve.h - figures of the Information Bottleneck curve itself.
 *
 * For infoplane curve. Two files NAME.tsv and NAME.<format>: the curve on the plane, I(X;T) and I(T;Y) against beta,
 * and the number of clusters against beta with the bifurcations marked.
 */
#ifndef IP_FIGURE_CURVE_H
#define IP_FIGURE_CURVE_H

#include "bottleneck/curve.h"
#include "figure/figure.h"

/* Plots the curve of p to `name`.tsv and `name`.<format> in o->folder; o->estimator is ignored. `title` is shown
 * unchanged. */
ip_status ip_curve_draw(const ip_ib_problem *p, const ip_ib_curve *c, const char *title, const char *name,
                        const ip_figure_options *o);

#endif
