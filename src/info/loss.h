/* loss.h - the components of a classifier's cross-entropy loss, if p(y|x) is known.
 *
 *     H(p,q) = H(p) + KL(p||q)
 *
 * H(p) = H(Y|X) is the lowest loss of any network. KL(p||q), the excess over it, is the part that training reduces.
 */
#ifndef IP_INFO_LOSS_H
#define IP_INFO_LOSS_H

#include "base/public.h"

#include <stddef.h>

IP_PUBLIC_BEGIN

typedef struct {
  double cross_entropy_bits; /* mean over samples of H(p,q) */
  double entropy_bits;       /* mean of H(p) = H(Y|X) over the samples */
  double kl_bits;            /* mean of KL(p||q); cross_entropy - entropy up to rounding */
} ip_loss_parts;

/* Means over n samples of p(y|x) in p (n, n_classes) and the network's q(y|x) in q (n, n_classes), in bits. The three
 * sums are computed independently in float64. All are 0 for n = 0; cross-entropy and KL are +inf if q = 0 < p
 * somewhere. Rows are not normalised, so KL of float32 rows that are equal up to rounding may differ from 0 by 1e-7,
 * with either sign. */
ip_loss_parts ip_loss_decompose(size_t n, size_t n_classes, const float *p, const float *q);

IP_PUBLIC_END

#endif
