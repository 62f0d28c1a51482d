/* excess.h - how much more a layer has of the input than the IB curve needs for its information about the label:
 *
 *     excess = I(X;T) - R(I(T;Y)),    R(i) = min I(X;T) over p(t|x) with I(T;Y) >= i
 *
 * in bits, of the joint distribution of the logged samples. R is convex and linear between the computed optima here, so
 * it is too large by less than their interval; beyond I(X;Y) it has its value there. A lossless layer has the excess
 * I(X;T) - R(I(X;Y)) > 0, where its distance to the curve is 0. For gather_run.c.
 */
#ifndef IP_CLAIMS_EXCESS_H
#define IP_CLAIMS_EXCESS_H

#include "bottleneck/curve.h"
#include "runfile/runfile.h"

/* The curve of the samples that a run logged. */
ip_status ip_excess_curve(ip_run *run, ip_scratch *sc, ip_ib_curve **out);

/* R(ity); NaN for NaN. */
double ip_excess_rate(const ip_ib_curve *c, double ity);

#endif
