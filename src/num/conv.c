#include "num/conv.h"

#include "num/variant.h"

IP_VARIANTS(ip_conv)

void ip_conv_combine(size_t channels, ip_patch patch, ip_blocks blocks, const float *a, size_t row_step,
                     size_t inner_step, const float *bias, const float *x, float *y, size_t y_step)
{
  ip_conv_variant(0)->combine(channels, patch, blocks, a, row_step, inner_step, bias, x, y, y_step);
}

void ip_conv_correlate(size_t channels, ip_patch patch, size_t first, size_t end, ip_blocks blocks, bool add,
                       const float *x, const float *y, size_t y_step, float *g)
{
  ip_conv_variant(0)->correlate(channels, patch, first, end, blocks, add, x, y, y_step, g);
}
