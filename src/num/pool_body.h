/* pool_body.h - the loops of pool.h for one instruction set; see bodies.h. */
#include "num/pool.h"
#include "num/simd.h"
#include "num/variant.h"

#include <assert.h>

/* Where window (i, j) begins in x, and its position of y. */
IP_INLINE size_t window_at(const ip_pool_shape *s, size_t i, size_t j)
{
  return (i * s->stride * s->width + j * s->stride) * s->columns;
}

IP_INLINE size_t position_at(const ip_pool_shape *s, size_t i, size_t j)
{
  return (i * s->out_width + j) * s->columns;
}

/* Runs DO for every window: `from` is the first column of a vector of it, `to` the same of its position in y. */
#define FOR_WINDOWS(s, from, to)                                                                                       \
  for (size_t i_ = 0; i_ < (s)->out_height; i_++)                                                                      \
    for (size_t j_ = 0; j_ < (s)->out_width; j_++)                                                                     \
      for (size_t from = window_at(s, i_, j_), to = position_at(s, i_, j_), c_ = 0; c_ < (s)->columns;                 \
           c_ += IP_SIMD, from += IP_SIMD, to += IP_SIMD)

/* All positions of a window, in their order, as distances from its first. */
#define FOR_POSITIONS(s, at)                                                                                           \
  for (size_t u_ = 0; u_ < (s)->size; u_++)                                                                            \
    for (size_t at = u_ * (s)->width * (s)->columns, v_ = 0; v_ < (s)->size; v_++, at += (s)->columns)

static void pool_max(const ip_pool_shape *s, const float *x, float *y)
{
  assert(s->columns % IP_COLUMNS == 0);
  FOR_WINDOWS(s, from, to)
  {
    ip_vf best = vf_load(x + from);
    FOR_POSITIONS(s, at)
    {
      ip_vf v = vf_load(x + from + at);
      best = vf_select((v > best) | (v != v), v, best);
    }
    vf_store(y + to, best);
  }
}

static void pool_mean(const ip_pool_shape *s, const float *x, float *y)
{
  const float share = 1.0f / (float)(s->size * s->size);
  FOR_WINDOWS(s, from, to)
  {
    ip_vf sum = vf_set(0.0f);
    FOR_POSITIONS(s, at) sum += vf_load(x + from + at);
    vf_store(y + to, sum * share);
  }
}

/* Zeros where several windows add up, or none covers a position. */
static void clear_unless_tiled(const ip_pool_shape *s, float *dx)
{
  bool tiled = s->stride == s->size && s->out_height * s->size == s->height && s->out_width * s->size == s->width;
  if (!tiled) memset(dx, 0, s->height * s->width * s->columns * sizeof *dx);
}

static void pool_max_gradient(const ip_pool_shape *s, const float *x, const float *y, const float *dy, float *dx)
{
  bool overlap = s->stride < s->size;
  clear_unless_tiled(s, dx);
  FOR_WINDOWS(s, from, to)
  {
    ip_vf best = vf_load(y + to), d = vf_load(dy + to);
    FOR_POSITIONS(s, at)
    {
      ip_vi here = vf_load(x + from + at) == best;
      ip_vf part = vf_select(here, d, vf_set(0.0f));
      vf_store(dx + from + at, overlap ? vf_load(dx + from + at) + part : part);
      d = vf_select(here, vf_set(0.0f), d);
    }
  }
}

static void pool_mean_gradient(const ip_pool_shape *s, const float *dy, float *dx)
{
  const float share = 1.0f / (float)(s->size * s->size);
  bool overlap = s->stride < s->size;
  clear_unless_tiled(s, dx);
  FOR_WINDOWS(s, from, to)
  {
    ip_vf part = vf_load(dy + to) * share;
    FOR_POSITIONS(s, at) vf_store(dx + from + at, overlap ? vf_load(dx + from + at) + part : part);
  }
}

const ip_pool IP_VARIANT(ip_pool) = {
    .name = IP_VARIANT_NAME,
    .max = pool_max,
    .mean = pool_mean,
    .max_gradient = pool_max_gradient,
    .mean_gradient = pool_mean_gradient,
};
