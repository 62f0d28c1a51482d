/* descent.h - the steps of optimizers along a gradient, number by number.
 *
 * Every number is computed from those of its own index by the same operations in the same order, so the bits depend
 * neither on the variant nor on which part of the numbers a thread has. Products are not fused with sums here.
 */
#ifndef IP_NUM_DESCENT_H
#define IP_NUM_DESCENT_H

#include <stddef.h>

/* Factors of one step of Adam (Kingma & Ba 2015, algorithm 1), s = 1, 2, ... */
typedef struct ip_adam_step {
  float beta1, beta2;
  float rest1, rest2; /* 1 - beta1, 1 - beta2 */
  float rate;         /* learning rate / (1 - beta1^s) */
  float scale;        /* 1 / sqrt(1 - beta2^s) */
  float epsilon;
} ip_adam_step;

/* The loops of one variant (see num/vmath.h), over n numbers. */
typedef struct ip_descent {
  const char *name;
  /* w -= rate g */
  void (*plain)(size_t n, float rate, const float *g, float *w);
  /* v = keep v + g, w -= rate v */
  void (*momentum)(size_t n, float rate, float keep, const float *g, float *v, float *w);
  /* m = beta1 m + rest1 g, v = beta2 v + rest2 g^2, w -= rate m / (scale sqrt(v) + epsilon) */
  void (*adam)(size_t n, const ip_adam_step *a, const float *g, float *m, float *v, float *w);
  /* mean = keep mean + rest w */
  void (*average)(size_t n, float keep, float rest, const float *w, float *mean);
} ip_descent;

/* Variant k that this build and processor have, best first; NULL past the last. Variant 0 is the one in use. */
const ip_descent *ip_descent_variant(size_t k);

#endif
