#include "network/inside.h"
#include "num/descent.h"

#include <math.h>
#include <string.h>

/* Parameters from which on sharing them out pays for waking the others. */
enum { SHARED_PARAMETERS = 50000 };

/* One function for every name of IP_OPTIMIZER_LIST: steps along net->gradient, of parameters first .. end-1. Moments
 * are net->first and net->second, zeros at first; net->n_steps counts this step, net->rate is its learning rate. */

static void sgd(ip_network *net, size_t first, size_t end)
{
  ip_descent_variant(0)->plain(end - first, (float)net->rate, net->gradient + first, net->parameter + first);
}

static void momentum(ip_network *net, size_t first, size_t end)
{
  ip_descent_variant(0)->momentum(end - first, (float)net->rate, (float)net->training.momentum, net->gradient + first,
                                  net->first + first, net->parameter + first);
}

/* m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * w -= rate (m / (1 - beta1^s)) / (sqrt(v / (1 - beta2^s)) + epsilon) at step s = 1, 2, ... */
static void adam(ip_network *net, size_t first, size_t end)
{
  const ip_training_options *o = &net->training;
  double s = (double)net->n_steps;
  const ip_adam_step a = {.beta1 = (float)o->beta1,
                          .beta2 = (float)o->beta2,
                          .rest1 = (float)(1 - o->beta1),
                          .rest2 = (float)(1 - o->beta2),
                          .rate = (float)(net->rate / (1 - pow(o->beta1, s))),
                          .scale = (float)(1 / sqrt(1 - pow(o->beta2, s))),
                          .epsilon = (float)o->epsilon};
  ip_descent_variant(0)->adam(end - first, &a, net->gradient + first, net->first + first, net->second + first,
                              net->parameter + first);
}

/* Differs in decay_weights. */
static void adamw(ip_network *net, size_t first, size_t end)
{
  adam(net, first, end);
}

static const struct {
  void (*step)(ip_network *net, size_t first, size_t end);
  size_t n_moments;
} kinds[] = {
#define X(symbol, name, n_moments) [symbol] = {name, n_moments},
    IP_OPTIMIZER_LIST(X)
#undef X
};

size_t ip_optimizer_n_moments(ip_optimizer kind)
{
  return kinds[kind].n_moments;
}

/* Weight decay of units first .. end-1 of a layer. */
static void decay_weights(ip_network *net, const ip_layer *layer, size_t first, size_t end)
{
  float decay = (float)net->training.weight_decay, keep = (float)(1 - net->rate * net->training.weight_decay);
  float *restrict w = net->parameter + layer->weights;
  float *restrict g = net->gradient + layer->weights;
  if (net->training.optimizer == IP_ADAMW) {
    for (size_t i = first * layer->in; i < end * layer->in; i++) w[i] *= keep;
  } else {
    for (size_t i = first * layer->in; i < end * layer->in; i++) g[i] += decay * w[i];
  }
}

/* Scales the incoming weights of each of these units to norm at most max_norm. */
static void bound_norms(ip_network *net, const ip_layer *layer, size_t first, size_t end)
{
  double bound = net->training.max_norm;
  for (size_t o = first; o < end; o++) {
    float *w = net->parameter + layer->weights + o * layer->in;
    double square = 0;
    for (size_t i = 0; i < layer->in; i++) square += (double)w[i] * (double)w[i];
    if (!(square > bound * bound)) continue;
    double scale = bound / sqrt(square);
    for (size_t i = 0; i < layer->in; i++) w[i] = (float)((double)w[i] * scale);
  }
}

/* The mean of parameters first .. end-1. */
static void average(ip_network *net, size_t first, size_t end)
{
  const double keep = net->training.ema_decay;
  ip_descent_variant(0)->average(end - first, (float)keep, (float)(1 - keep), net->parameter + first,
                                 net->mean + first);
}

/* Scales the gradient to norm at most clip_norm. One thread sums its squares, so that the bits are those of one. */
static void clip_gradient(ip_network *net)
{
  float *restrict g = net->gradient;
  double square[4] = {0};
  for (size_t i = 0; i < net->n_parameters; i++) square[i % 4] += (double)g[i] * (double)g[i];
  double norm = sqrt((square[0] + square[2]) + (square[1] + square[3])),
         factor = net->training.clip_norm / (norm + 1e-6);
  if (factor >= 1) return;
  for (size_t i = 0; i < net->n_parameters; i++) g[i] *= (float)factor; /* NaN if the norm is */
}

/* One thread: all parameters at once, which is faster for small networks. */
static void step_all(ip_network *net)
{
  const ip_training_options *o = &net->training;
  for (size_t k = 0; k < net->n_layers && o->weight_decay > 0; k++)
    decay_weights(net, &net->layer[k], 0, net->layer[k].out);
  kinds[o->optimizer].step(net, 0, net->n_parameters);
  for (size_t k = 0; k < net->n_layers && o->max_norm > 0; k++) bound_norms(net, &net->layer[k], 0, net->layer[k].out);
  if (net->mean) average(net, 0, net->n_parameters);
}

/* Several: each steps along the parameters of the units whose products it computes, so that they stay in its cache. */
static void step_part(void *what, size_t part, size_t n)
{
  ip_network *net = what;
  const ip_training_options *o = &net->training;
  const ip_layer *last = &net->layer[net->n_layers - 1];
  void (*step)(ip_network * net, size_t first, size_t end) = kinds[o->optimizer].step;
  for (size_t k = 0; k < net->n_layers; k++) {
    const ip_layer *layer = &net->layer[k];
    size_t first = layer->out * part / n, end = layer->out * (part + 1) / n;
    if (o->weight_decay > 0) decay_weights(net, layer, first, end);
    step(net, layer->weights + first * layer->in, layer->weights + end * layer->in);
    step(net, layer->biases + first, layer->biases + end);
    if (o->max_norm > 0) bound_norms(net, layer, first, end);
    if (net->mean) average(net, layer->weights + first * layer->in, layer->weights + end * layer->in);
    if (net->mean) average(net, layer->biases + first, layer->biases + end);
    for (size_t i = 0; layer->normed && i < 2; i++) { /* gains, shifts */
      size_t at = layer->gains + i * layer->width;
      step(net, at + first, at + end);
      if (net->mean) average(net, at + first, at + end);
    }
  }
  size_t variance = last->biases + last->out; /* of nib, where it is */
  if (part == 0) step(net, variance, net->n_parameters);
  if (part == 0 && net->mean) average(net, variance, net->n_parameters);
}

void ip_optimizer_step(ip_network *net)
{
  if (net->mean && net->n_steps == 0) memcpy(net->mean, net->parameter, net->n_parameters * sizeof *net->mean);
  net->rate = ip_learning_rate(&net->training, net->n_steps++);
  if (net->training.clip_norm > 0) clip_gradient(net);
  if (ip_team_size(net->team) > 1 && net->n_parameters >= SHARED_PARAMETERS) {
    ip_network_share(net->team, step_part, net);
  } else {
    step_all(net);
  }
}
