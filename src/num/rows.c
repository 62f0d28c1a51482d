#include "num/rows.h"

#include "num/variant.h"

IP_VARIANTS(ip_rows)

void ip_rows_gather(size_t width, size_t step, size_t n, const float *from, const uint32_t *index, size_t columns,
                    float *to)
{
  ip_rows_variant(0)->gather(width, step, n, from, index, columns, to);
}

void ip_rows_scatter(size_t width, size_t n, size_t columns, const float *from, float *to)
{
  ip_rows_variant(0)->scatter(width, n, columns, from, to);
}
