#include "network/inside.h"

#include "num/sum.h"
#include "num/vmath.h"

#include <math.h>

/* sigma = softplus(s - 5), as in the program of Alemi et al.: nearly without noise at first. `aux` keeps its slope. */
static void vib_spread(ip_layer *layer, size_t n)
{
  float *restrict sigma = layer->z + n;
  for (size_t i = 0; i < n; i++) sigma[i] -= 5.0f;
  ip_vsigmoid(n, sigma, layer->aux);
  ip_vsoftplus(n, sigma, sigma);
}

void ip_bottleneck_forward(ip_network *net, size_t columns)
{
  ip_layer *layer = &net->layer[net->bottleneck];
  if (net->training.objective == IP_VIB) vib_spread(layer, layer->width * columns);
  ip_bottleneck_draw(net, columns);
}

void ip_bottleneck_draw(ip_network *net, size_t columns)
{
  ip_layer *layer = &net->layer[net->bottleneck];
  size_t n = layer->width * columns;
  ip_noise_fill(net, net->bottleneck, columns, layer->noise);
  if (net->training.objective == IP_VIB) {
    const float *restrict mu = layer->z, *restrict sigma = layer->z + n, *restrict noise = layer->noise;
    for (size_t i = 0; i < n; i++) layer->t[i] = mu[i] + sigma[i] * noise[i];
  } else {
    float sd = (float)sqrt(ip_rate_variance(net));
    for (size_t i = 0; i < n; i++) layer->t[i] = layer->z[i] + sd * layer->noise[i];
  }
}

/* KL(N(mu, sigma^2) || N(0, 1)) = (mu^2 + sigma^2 - 1) / 2 - ln sigma of each unit. */
double ip_bottleneck_rate_sum(const ip_network *net, size_t n, size_t columns)
{
  const ip_layer *layer = &net->layer[net->bottleneck];
  ip_sum sum = {0};
  for (size_t u = 0; u < layer->width; u++)
    for (size_t i = 0; i < n; i++) {
      double mu = (double)layer->z[u * columns + i], sigma = (double)layer->z[(layer->width + u) * columns + i];
      ip_sum_add(&sum, 0.5 * (mu * mu + sigma * sigma - 1) - log(sigma));
    }
  return ip_sum_value(&sum);
}

/* By mu: d + beta mu; by s: (d noise + beta (sigma - 1/sigma)) sigma', where sigma'/sigma tends to 1 as sigma to 0. */
static void vib_backward(const ip_layer *layer, size_t n, size_t columns, float weight, float *d)
{
  for (size_t u = 0; u < layer->width; u++) {
    const float *mu = layer->z + u * columns, *sigma = layer->z + (layer->width + u) * columns;
    const float *slope = layer->aux + u * columns, *noise = layer->noise + u * columns;
    float *by_mu = d + u * columns, *by_s = d + (layer->width + u) * columns;
    for (size_t i = 0; i < n; i++) {
      float ratio = sigma[i] < 1e-30f ? 1.0f : slope[i] / sigma[i];
      by_s[i] = (by_mu[i] * noise[i] + weight * sigma[i]) * slope[i] - weight * ratio;
      by_mu[i] += weight * mu[i];
    }
    for (size_t i = n; i < columns; i++) by_s[i] = 0.0f;
  }
}

/* The variance v = exp(lambda): t moves with lambda by noise sqrt(v) / 2. */
static void nib_backward(const ip_network *net, const ip_layer *layer, size_t from, size_t n, size_t columns, float *d,
                         float *gradient)
{
  double sd = sqrt(ip_rate_variance(net));
  ip_sum by_log_variance = {0};
  for (size_t u = 0; u < layer->width; u++) {
    const float *by_rate = net->unit_delta + u * net->n_units + from;
    for (size_t i = 0; i < n; i++) {
      ip_sum_add(&by_log_variance, (double)d[u * columns + i] * (double)layer->noise[u * columns + i]);
      d[u * columns + i] += by_rate[i];
    }
  }
  gradient[net->n_parameters - 1] += (float)(0.5 * sd * ip_sum_value(&by_log_variance));
}

void ip_bottleneck_backward(ip_network *net, size_t from, size_t n, size_t columns, float scale, float *d,
                            float *gradient)
{
  const ip_layer *layer = &net->layer[net->bottleneck];
  if (net->training.objective == IP_VIB) {
    vib_backward(layer, n, columns, scale * (float)net->training.beta, d);
  } else {
    nib_backward(net, layer, from, n, columns, d, gradient);
  }
}
