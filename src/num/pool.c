#include "num/pool.h"

#include "num/variant.h"

IP_VARIANTS(ip_pool)

static size_t area_in(const ip_pool_shape *s)
{
  return s->height * s->width * s->columns;
}

static size_t area_out(const ip_pool_shape *s)
{
  return s->out_height * s->out_width * s->columns;
}

void ip_pool_max(ip_pool_shape s, size_t first, size_t end, const float *x, float *y)
{
  const ip_pool *loops = ip_pool_variant(0);
  for (size_t c = first; c < end; c++) loops->max(&s, x + c * area_in(&s), y + c * area_out(&s));
}

void ip_pool_mean(ip_pool_shape s, size_t first, size_t end, const float *x, float *y)
{
  const ip_pool *loops = ip_pool_variant(0);
  for (size_t c = first; c < end; c++) loops->mean(&s, x + c * area_in(&s), y + c * area_out(&s));
}

void ip_pool_max_gradient(ip_pool_shape s, size_t first, size_t end, const float *x, const float *y, const float *dy,
                          float *dx)
{
  const ip_pool *loops = ip_pool_variant(0);
  size_t in = area_in(&s), out = area_out(&s);
  for (size_t c = first; c < end; c++) loops->max_gradient(&s, x + c * in, y + c * out, dy + c * out, dx + c * in);
}

void ip_pool_mean_gradient(ip_pool_shape s, size_t first, size_t end, const float *dy, float *dx)
{
  const ip_pool *loops = ip_pool_variant(0);
  for (size_t c = first; c < end; c++) loops->mean_gradient(&s, dy + c * area_out(&s), dx + c * area_in(&s));
}
