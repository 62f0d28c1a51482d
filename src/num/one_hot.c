#include "num/one_hot.h"

size_t ip_one_hot_class(size_t n, const double *v, size_t step)
{
  size_t class = n;
  for (size_t k = 0; k < n; k++) {
    if (v[k * step] == 0) continue;
    if (v[k * step] != 1 || class < n) return n;
    class = k;
  }
  return class;
}
