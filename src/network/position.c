#include "network/inside.h"

#include "num/pool.h"

#include <string.h>

static ip_pool_shape shape_of(const ip_layer_plan *p, size_t columns)
{
  return (ip_pool_shape){.height = p->from.height,
                         .width = p->from.width,
                         .out_height = p->to.height,
                         .out_width = p->to.width,
                         .size = p->kernel,
                         .stride = p->stride,
                         .columns = columns};
}

void ip_pool_forward(ip_network *net, size_t k, size_t columns, size_t first, size_t end)
{
  const ip_layer *layer = &net->layer[k];
  const float *x = k ? net->layer[k - 1].t : net->input;
  ip_pool_shape s = shape_of(&layer->plan, columns);
  if (layer->plan.kind == IP_MAX_POOL) {
    ip_pool_max(s, first, end, x, layer->z);
  } else {
    ip_pool_mean(s, first, end, x, layer->z);
  }
}

void ip_pool_backward(ip_network *net, size_t k, size_t columns, size_t first, size_t end, const float *d, float *below)
{
  const ip_layer *layer = &net->layer[k];
  ip_pool_shape s = shape_of(&layer->plan, columns);
  if (layer->plan.kind == IP_MAX_POOL) {
    ip_pool_max_gradient(s, first, end, net->layer[k - 1].t, layer->z, d, below);
  } else {
    ip_pool_mean_gradient(s, first, end, d, below);
  }
}

/* Mean over the n positions, summed in their order, or the largest; NaN stays NaN. */
static void reduce(ip_positions kind, size_t n, size_t columns, const float *restrict x, float *restrict y)
{
  memcpy(y, x, columns * sizeof *y);
  for (size_t p = 1; p < n; p++) {
    x += columns;
    if (kind == IP_POSITIONS_MEAN) {
      for (size_t i = 0; i < columns; i++) y[i] += x[i];
    } else {
      for (size_t i = 0; i < columns; i++) y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i];
    }
  }
  float share = 1.0f / (float)n;
  for (size_t i = 0; i < columns && kind == IP_POSITIONS_MEAN; i++) y[i] *= share;
}

const float *ip_positions_read(ip_network *net, size_t k, size_t columns, const float *units)
{
  const ip_layer_plan *p = &net->layer[k].plan;
  if (net->positions == IP_POSITIONS_FLAT || p->kind == IP_DENSE) return units;
  size_t area = p->to.height * p->to.width;
  for (size_t c = 0; c < p->to.channels; c++)
    reduce(net->positions, area, columns, units + c * area * columns, net->pooled + c * columns);
  return net->pooled;
}
