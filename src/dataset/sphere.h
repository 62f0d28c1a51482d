/* sphere.h - the 12-bit task of Shwartz-Ziv & Tishby (2017): which of the 12 vertices of an icosahedron are lit.
 *
 * Pattern r in 0..4095 lights vertex i when bit 11-i of r is set. Both label rules are functions of inner products of
 * the vertices, which take three values only, so the pair counts of a pattern are exact and the 120 symmetries of the
 * icosahedron leave 64 classes of patterns with bit-equal values.
 */
#ifndef IP_DATASET_SPHERE_H
#define IP_DATASET_SPHERE_H

#include <stdbool.h>

enum { IP_SPHERE_VERTICES = 12, IP_SPHERE_PATTERNS = 4096 };

/* Hard label: w + |sum_i x_i v_i| > 7.632, with w the number of lit vertices and unit vectors v_i. Any threshold in
 * (7.562777, 7.701302) gives the same labels, those of the widely used file var_u.mat. */
bool ip_sphere_label(unsigned pattern);

/* f(x) = sum_{n=0..2} r_n / (2n+1) |a_n|, r = (2, 5, 4), where a_n = 4 pi/12 (sum_i x_i Y_n^m(v_i))_m with real
 * orthonormal spherical harmonics Y. Computed by the addition theorem, sum_m Y_n^m(u) Y_n^m(v) = (2n+1)/(4 pi)
 * P_n(u.v), P_n the Legendre polynomials. From 0 to 8.0593. */
double ip_sphere_f(unsigned pattern);

/* Soft label: p(y=1|x) = 1 / (1 + exp(-gamma (f(x) - theta))). */
double ip_sphere_probability(unsigned pattern, double gamma, double theta);

#endif
