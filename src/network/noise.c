#include "network/inside.h"

#include "base/rng.h"

#include <math.h>

/* A set of numbers is named (steps taken, draw), draw 0 being the batch of the step and 1 + d evaluation's draw d; with
 * the layer it names a stream. In the stream every row (of the data, or position in the batch) has blocks of its own,
 * of two normal numbers each, so the numbers of a row do not depend on what else is computed. Streams have 2^32 blocks:
 * rows repeat the numbers of others only where rows * width exceeds 2^33. */
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
  return net->noise_sd > 0 || net->bottleneck < net->n_layers;
}

/* Two standard normal numbers (Box & Muller 1958). */
static void normal_pair(ip_rng *r, double *a, double *b)
{
  const double two_pi = 6.283185307179586476925;
  double radius = sqrt(-2 * log(1 - ip_rng_uniform(r))), angle = two_pi * ip_rng_uniform(r);
  *a = radius * cos(angle);
  *b = radius * sin(angle);
}

void ip_noise_fill(const ip_network *net, size_t k, size_t columns, float *noise)
{
  size_t width = net->layer[k].width, blocks = (width + 1) / 2;
  bool by_position = net->noise_set % DRAWS == 0;
  ip_rng r = ip_rng_open(net->seed, IP_RNG_NOISE, net->noise_set * net->n_layers + k);
  for (size_t i = 0; i < net->n_rows; i++) {
    size_t row = net->row_first + i;
    if (!by_position && net->row_index) row = net->row_index[row];
    r.counter[0] = (uint32_t)(row * blocks);
    for (size_t u = 0; u < width; u += 2) {
      double a, b;
      normal_pair(&r, &a, &b);
      noise[u * columns + i] = (float)a;
      if (u + 1 < width) noise[(u + 1) * columns + i] = (float)b;
    }
  }
  for (size_t u = 0; u < width; u++)
    for (size_t i = net->n_rows; i < columns; i++) noise[u * columns + i] = 0.0f;
}
