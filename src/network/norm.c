/* norm.c - layer normalization (Ba, Kiros & Hinton 2016; torch.nn.LayerNorm) between the affine map of a dense hidden
 * layer and its activation.
 *
 * z_u = gain_u (a_u - mean) / sd + shift_u, mean and sd^2 = variance + 1e-5 over the units u of one sample, the
 * variance with the divisor width. */
#include "network/inside.h"

#include <math.h>
#include <string.h>

static const double EPSILON = 1e-5;

/* The mean over units of a (width, columns), or of a b, into mean (columns). */
static void mean_over_units(size_t width, size_t columns, const float *a, const float *b, double *mean)
{
  for (size_t i = 0; i < columns; i++) mean[i] = 0;
  for (size_t u = 0; u < width; u++, a += columns, b = b ? b + columns : NULL)
    for (size_t i = 0; i < columns; i++) mean[i] += (double)a[i] * (b ? (double)b[i] : 1.0);
  for (size_t i = 0; i < columns; i++) mean[i] /= (double)width;
}

void ip_norm_forward(ip_network *net, size_t k, size_t columns)
{
  ip_layer *layer = &net->layer[k];
  const float *gain = net->parameter + layer->gains, *shift = gain + layer->width;
  double *mean = net->norm_mean;
  mean_over_units(layer->width, columns, layer->z, NULL, mean);
  for (size_t u = 0; u < layer->width; u++)
    for (size_t i = 0; i < columns; i++)
      layer->normed[u * columns + i] = (float)((double)layer->z[u * columns + i] - mean[i]);
  mean_over_units(layer->width, columns, layer->normed, layer->normed, mean);
  for (size_t i = 0; i < columns; i++) layer->per_sd[i] = (float)(1 / sqrt(mean[i] + EPSILON));
  for (size_t u = 0; u < layer->width; u++)
    for (size_t i = 0; i < columns; i++) {
      size_t at = u * columns + i;
      layer->normed[at] *= layer->per_sd[i];
      layer->z[at] = gain[u] * layer->normed[at] + shift[u];
    }
}

/* With n the normalized units and e = gain d, d of z becomes that of a: (e - mean e - n mean(e n)) / sd. */
void ip_norm_backward(ip_network *net, size_t k, size_t columns, bool add, float *d, float *gradient)
{
  const ip_layer *layer = &net->layer[k];
  const float *gain = net->parameter + layer->gains;
  float *by_gain = gradient + layer->gains, *by_shift = by_gain + layer->width;
  double *mean = net->norm_mean, *product = mean + net->chunk;
  for (size_t u = 0; u < layer->width; u++) {
    double gain_sum = add ? (double)by_gain[u] : 0, shift_sum = add ? (double)by_shift[u] : 0;
    for (size_t i = 0; i < columns; i++) {
      gain_sum += (double)d[u * columns + i] * (double)layer->normed[u * columns + i];
      shift_sum += (double)d[u * columns + i];
      d[u * columns + i] *= gain[u];
    }
    by_gain[u] = (float)gain_sum;
    by_shift[u] = (float)shift_sum;
  }
  mean_over_units(layer->width, columns, d, NULL, mean);
  mean_over_units(layer->width, columns, d, layer->normed, product);
  for (size_t u = 0; u < layer->width; u++)
    for (size_t i = 0; i < columns; i++) {
      size_t at = u * columns + i;
      d[at] = (float)((double)d[at] - mean[i] - (double)layer->normed[at] * product[i]) * layer->per_sd[i];
    }
}
