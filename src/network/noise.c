#include "network/inside.h"

#include "base/rng.h"

#include <math.h>

/* A set of numbers is named (steps taken, draw), draw 0 being the batch of the step and 1 + d evaluation's draw d; with
 * the layer it names a stream. In the stream every row (of the data, or position in the batch) has blocks of its own,
 * of two normal numbers or four units of dropout each, so the numbers of a row do not depend on what else is computed.
 * Streams have 2^32 blocks: rows repeat the numbers of others only where rows * width exceeds 2^33. */
enum { DRAWS = 65536 };

void ip_noise_for_step(ip_network *net)
{
  net->noise_set = net->n_steps * DRAWS;
}

void ip_noise_for_draw(ip_network *net, uint32_t draw)
{
  net->noise_set = net->n_steps * DRAWS + 1 + draw;
}

bool ip_noise_is_on(const ip_network *net)
{
  return net->noise != IP_UNIT_NOISE_NONE || net->bottleneck < net->n_layers;
}

/* Two standard normal numbers (Box & Muller 1958). */
static void normal_pair(ip_rng *r, double *a, double *b)
{
  const double two_pi = 6.283185307179586476925;
  double radius = sqrt(-2 * log(1 - ip_rng_uniform(r))), angle = two_pi * ip_rng_uniform(r);
  *a = radius * cos(angle);
  *b = radius * sin(angle);
}

/* The number of column i in its stream. */
static size_t row_of(const ip_network *net, size_t i)
{
  bool by_position = net->noise_set % DRAWS == 0;
  size_t row = net->row_first + i;
  return !by_position && net->row_index ? net->row_index[row] : row;
}

static ip_rng open_stream(const ip_network *net, size_t k)
{
  return ip_rng_open(net->seed, IP_RNG_NOISE, net->noise_set * net->n_layers + k);
}

static void clear_unused(const ip_network *net, size_t width, size_t columns, float *noise)
{
  for (size_t u = 0; u < width; u++)
    for (size_t i = net->n_rows; i < columns; i++) noise[u * columns + i] = 0.0f;
}

void ip_noise_fill(const ip_network *net, size_t k, size_t columns, float *noise)
{
  size_t width = net->layer[k].width, blocks = (width + 1) / 2;
  ip_rng r = open_stream(net, k);
  for (size_t i = 0; i < net->n_rows; i++) {
    r.counter[0] = (uint32_t)(row_of(net, i) * blocks);
    for (size_t u = 0; u < width; u += 2) {
      double a, b;
      normal_pair(&r, &a, &b);
      noise[u * columns + i] = (float)a;
      if (u + 1 < width) noise[(u + 1) * columns + i] = (float)b;
    }
  }
  clear_unused(net, width, columns, noise);
}

void ip_noise_mask(const ip_network *net, size_t k, size_t columns, float *factor)
{
  size_t width = net->layer[k].width, blocks = (width + 3) / 4;
  float kept = (float)(1 / (1 - net->dropout));
  double below = net->dropout * 4294967296.0; /* 2^32 */
  ip_rng r = open_stream(net, k);
  for (size_t i = 0; i < net->n_rows; i++) {
    r.counter[0] = (uint32_t)(row_of(net, i) * blocks);
    r.left = 0; /* the rest of the row before */
    for (size_t u = 0; u < width; u++) factor[u * columns + i] = (double)ip_rng_u32(&r) < below ? 0.0f : kept;
  }
  clear_unused(net, width, columns, factor);
}
