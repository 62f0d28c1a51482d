/* held.h - the objectives in float64 with everything random or rounded held, to compare gradients with. */
#ifndef IP_NETWORK_TEST_HELD_H
#define IP_NETWORK_TEST_HELD_H

#include "network/inside.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "network/test/reference.h"
#include "num/random.h"

enum { N = 600, N_IN = 6, N_OUT = 3, MOST = 400, LAYERS = 4, UNITS = 8 };
static float x[N * N_IN], target[N * N_OUT], gradient[MOST];
static int32_t y[N];
static uint32_t rows[N];
static const size_t hidden[] = {7, 5, 4};
static const ip_training_options sgd = {.optimizer = IP_SGD, .learning_rate = 0.1, .beta = 0.3};

/* What a pass adds to the units or multiplies them by, found from the network itself: the noise of every unit, and
 * quantized units. */
static double noise[LAYERS][N][UNITS], shift[LAYERS][N][UNITS], factor[LAYERS][N][UNITS], fixed[LAYERS][N][UNITS];
static bool is_fixed[LAYERS][N][UNITS];

/* Setup of every test: some tests write labels of their own. */
static inline int draw_samples(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  memset(target, 0, sizeof target);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)ip_rng_below(&r, N_OUT);
    target[i * N_OUT + (size_t)y[i]] = 1;
    rows[i] = (uint32_t)i;
  }
  ip_shuffle(&r, N, rows);
  return 0;
}

/* Plain gradient descent on an objective. */
static inline ip_training_options sgd_on(int objective)
{
  ip_training_options t = sgd;
  t.objective = (ip_objective)objective;
  return t;
}

static inline ip_network *make(const ip_network_options *o, const ip_training_options *t)
{
  ip_network *net;
  CHECK_OK(ip_network_create(o, t, N_IN, N_OUT, 11, &net));
  assert_true(ip_network_n_parameters(net) <= MOST);
  ip_rng r = ip_rng_open(4, IP_RNG_TEST, 0);
  for (size_t i = 0; i < ip_network_n_parameters(net); i++)
    ip_network_parameters(net)[i] += (float)(0.2 * ip_rng_normal(&r));
  return net;
}

static inline ip_network_options shape(ip_activation activation, size_t n_hidden)
{
  return (ip_network_options){.hidden = hidden,
                              .n_hidden = n_hidden,
                              .activation = activation,
                              .output = IP_OUTPUT_SOFTMAX,
                              .initializer = IP_GLOROT_UNIFORM,
                              .output_initializer = IP_INITIALIZER_SAME};
}

/* Holds the random and the rounded part of the pass over the batch that the gradient is of. */
static void hold(ip_network *net, size_t n)
{
  static float eps[UNITS * 256];
  ip_noise_for_step(net);
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, target, rows, from, m, columns);
    ip_pass_forward(net, columns, false);
    for (size_t k = 0; k + 1 < net->n_layers; k++) {
      const ip_layer *layer = &net->layer[k];
      ip_noise_fill(net, k, columns, eps);
      for (size_t u = 0; u < layer->width; u++)
        for (size_t i = 0; i < m; i++) {
          size_t at = u * columns + i;
          float z = layer->z[at];
          noise[k][from + i][u] = (double)eps[at];
          bool is_multiplied = layer->noise && (net->noise == IP_NOISE_MULTIPLIED || net->noise == IP_NOISE_DROPOUT);
          factor[k][from + i][u] = is_multiplied ? (double)layer->noise[at] : 1;
          shift[k][from + i][u] = is_multiplied ? 0 : (double)(layer->t[at] - z);
          fixed[k][from + i][u] = (double)layer->t[at];
          is_fixed[k][from + i][u] = net->quantize_bits > 0 && (z < net->levels.low || z > net->levels.high);
        }
    }
  }
}

/* Objective over the batch in float64, from the formulas of network.h. */
static inline double objective(const ip_network *net, const ip_network_options *o, const double *parameter, size_t n)
{
  static double f[N][UNITS];
  ip_objective kind = net->training.objective;
  size_t last = o->n_hidden - 1;
  double variance = exp(parameter[net->n_parameters - 1]), loss = 0, rate = 0;
  for (size_t i = 0; i < n; i++) {
    double now[UNITS], next[2 * UNITS];
    const double *w = parameter;
    size_t in = N_IN;
    for (size_t j = 0; j < N_IN; j++) now[j] = (double)x[rows[i] * N_IN + j];
    for (size_t k = 0; k <= o->n_hidden; k++) {
      bool stochastic = kind != IP_CROSS_ENTROPY && k == last;
      size_t width = k < o->n_hidden ? hidden[k] : N_OUT, out = stochastic && kind == IP_VIB ? 2 * width : width;
      for (size_t u = 0; u < out; u++) {
        next[u] = w[out * in + u];
        for (size_t j = 0; j < in; j++) next[u] += w[u * in + j] * now[j];
      }
      bool normalized = o->layer_norm && !stochastic && k < o->n_hidden;
      if (normalized) reference_norm(width, w + out * in + out, next);
      for (size_t u = 0; u < width; u++) {
        if (k == o->n_hidden) {
          now[u] = next[u];
        } else if (!stochastic) {
          double t = reference_activation(o->activation, next[u]);
          now[u] = is_fixed[k][i][u] ? fixed[k][i][u] : t * factor[k][i][u] + shift[k][i][u];
        } else if (kind == IP_VIB) {
          double sigma = log(1 + exp(next[width + u] - 5));
          now[u] = next[u] + sigma * noise[k][i][u];
          rate += ((next[u] * next[u] + sigma * sigma - 1) / 2 - log(sigma)) / (double)n;
        } else {
          f[i][u] = next[u];
          now[u] = next[u] + sqrt(variance) * noise[k][i][u];
        }
      }
      w += out * in + out + (normalized ? 2 * width : 0);
      in = width;
    }
    loss += reference_output(o->output, N_OUT, now, target + rows[i] * N_OUT) / (double)n;
  }
  for (size_t i = 0; (kind == IP_NIB || kind == IP_NIB_SQUARED) && i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
      double square = 0;
      for (size_t u = 0; u < hidden[last]; u++) square += (f[i][u] - f[j][u]) * (f[i][u] - f[j][u]);
      sum += exp(-square / (2 * variance));
    }
    rate -= log(sum / (double)n) / (double)n;
  }
  if (kind == IP_CROSS_ENTROPY) return loss;
  return loss + net->training.beta * (kind == IP_NIB_SQUARED ? rate * rate : rate);
}

/* The gradient against central differences, with the noise and the rounding held. */
static void check_gradient(const ip_network_options *o, const ip_training_options *t, size_t n, double tolerance)
{
  ip_network *net = make(o, t);
  double parameter[MOST], value, largest = 0, h = 1e-5;
  for (size_t i = 0; i < net->n_parameters; i++) parameter[i] = (double)net->parameter[i];
  hold(net, n);
  CHECK_OK(ip_network_gradient(net, x, target, rows, n, gradient, &value));
  CHECK_NEAR(value / (double)n, objective(net, o, parameter, n), 2e-6);
  for (size_t i = 0; i < net->n_parameters; i++) {
    double at = parameter[i];
    parameter[i] = at + h;
    double above = objective(net, o, parameter, n);
    parameter[i] = at - h;
    double difference = (above - objective(net, o, parameter, n)) / (2 * h);
    parameter[i] = at;
    CHECK_NEAR((double)gradient[i], difference, tolerance);
    largest = fmax(largest, fabs(difference));
  }
  assert_true(largest > 1000 * tolerance);
  ip_network_destroy(&net);
}

#endif
