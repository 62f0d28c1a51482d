/* loss.h - what the cross-entropy loss of a classifier is made of, when p(y|x) is known.
 *
 * The loss H(p,q) = H(p) + KL(p||q) has a floor, the entropy of the labels given the input, which no network can go
 * below; the rest is what the network still gets wrong. Only the second part trains.
 */
#ifndef IP_INFO_LOSS_H
#define IP_INFO_LOSS_H

#include <stddef.h>

typedef struct {
  double cross_entropy_bits; /* mean over samples of H(p,q) */
  double entropy_bits;       /* mean of H(p) = H(Y|X) over the samples */
  double kl_bits;            /* mean of KL(p||q); cross_entropy - entropy up to rounding */
} ip_loss_parts;

/* Means over n samples for p(y|x) in p (n, n_classes) and the network's q(y|x) in q (n, n_classes). The three sums are
 * taken independently in float64. Each is 0 for n = 0; cross-entropy and KL are +inf when some q = 0 < p. Rows are
 * taken as they are, so KL of float32 rows equal up to rounding may be off zero by 1e-7, of either sign. */
ip_loss_parts ip_loss_decompose(size_t n, size_t n_classes, const float *p, const float *q);

#endif
