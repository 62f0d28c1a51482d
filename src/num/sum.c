#include "num/sum.h"

enum { LEAF = 64 }; /* below this length the four running sums of a leaf lose nothing to speak of */

/* The two element types share one text. */
#define PAIRWISE(name, type)                                                                                           \
  double name(size_t n, const type *x)                                                                                 \
  {                                                                                                                    \
    if (n > LEAF) {                                                                                                    \
      size_t half = n / 2 / LEAF * LEAF;                                                                               \
      if (half == 0) half = LEAF;                                                                                      \
      return name(half, x) + name(n - half, x + half);                                                                 \
    }                                                                                                                  \
    double s[4] = {0};                                                                                                 \
    size_t i = 0;                                                                                                      \
    for (; n - i >= 4; i += 4)                                                                                         \
      for (size_t k = 0; k < 4; k++) s[k] += (double)x[i + k];                                                         \
    for (; i < n; i++) s[i % 4] += (double)x[i];                                                                       \
    return (s[0] + s[1]) + (s[2] + s[3]);                                                                              \
  }

PAIRWISE(ip_sum_pairwise, double)
PAIRWISE(ip_sum_pairwise_f32, float)

double ip_logsumexp(size_t n, const double *x)
{
  double high = -HUGE_VAL;
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i])) return NAN;
    if (x[i] > high) high = x[i];
  }
  if (isinf(high)) return high;
  ip_sum s = {0};
  for (size_t i = 0; i < n; i++) ip_sum_add(&s, exp(x[i] - high));
  return high + log(ip_sum_value(&s));
}
