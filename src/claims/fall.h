/* fall.h - whether a single run decreases by more than its own wander. */
#ifndef IP_CLAIMS_FALL_H
#define IP_CLAIMS_FALL_H

#include "claims/value.h"

#include <stddef.h>

/* p of the decrease of x (n) from index `from` to its end, by flips of signs: x is read at the ends of 12 steps of
 * equal length (in logged epochs; as many as there are if fewer), and p is the fraction of the 2^12 ways to give signs
 * to the 12 changes whose sum is at most the observed one. If nothing falls, and changes are independent with symmetric
 * distributions, of any sizes (a random walk), P(p <= a) <= a exactly; white noise and processes that return to a mean
 * have p <= a more rarely. `from` must not depend on the noise of x: a cross-fitted peak does not. A decrease within
 * one or two steps cannot be told from one large step of a walk: it takes about five. Missing with fewer than five
 * steps. Source: Fisher, "The Design of Experiments", 1935, section 21 (the test by randomized signs). */
ip_seed_value ip_fall_p(size_t n, const double *x, size_t from);

#endif
