#include "info/loss.h"

#include "info/discrete.h"
#include "num/sum.h"

ip_loss_parts ip_loss_decompose(size_t n, size_t n_classes, const float *p, const float *q)
{
  ip_sum cross = {0}, entropy = {0}, kl = {0};
  for (size_t i = 0; i < n * n_classes; i++) {
    double pi = (double)p[i], qi = (double)q[i];
    if (pi == 0) continue;
    ip_sum_add(&cross, -pi * log2(qi));
    ip_sum_add(&entropy, -pi * log2(pi));
    ip_sum_add(&kl, pi * ip_log2_ratio(pi, qi));
  }
  double each = n ? 1.0 / (double)n : 0;
  return (ip_loss_parts){ip_sum_value(&cross) * each, ip_sum_value(&entropy) * each, ip_sum_value(&kl) * each};
}
