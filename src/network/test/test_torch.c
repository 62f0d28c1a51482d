/* Training against PyTorch's, by the numbers of scripts/reference/torch_training.py: fifty steps from given weights. */
#include "network/network.h"

#include "base/test/check.h"
#include "network/test/torch_training.h"

#include <math.h>
#include <string.h>

enum { MOST_OUT = N_IN };

static float x[N * N_IN], target[N * MOST_OUT];

static size_t prepare(const torch_case *c)
{
  bool copies = c->training.targets == IP_TARGETS_INPUTS;
  size_t n_out = copies ? N_IN : N_CLASSES;
  for (size_t i = 0; i < N * N_IN; i++)
    x[i] = copies && c->output == IP_OUTPUT_SIGMOID ? (float)(inputs[i] > 0) : inputs[i];
  memset(target, 0, sizeof target);
  if (copies) memcpy(target, x, sizeof x);
  for (size_t i = 0; i < N && !copies; i++) target[i * n_out + (size_t)labels[i]] = 1;
  return n_out;
}

/* The parameters that evaluation uses, which with ema_decay are the last block of the state. */
static const float *parameters_of(ip_network *net, const torch_case *c, float *state, size_t n)
{
  if (!(c->training.ema_decay > 0)) return ip_network_parameters(net);
  ip_network_state_get(net, state);
  return state + ip_network_state_size(net) / sizeof *state - n;
}

/* Weights and biases of every layer; gains and shifts stay 1 and 0. */
static void load(ip_network *net, const float *from)
{
  size_t in = N_IN;
  for (size_t k = 0; k < ip_network_n_layers(net); k++) {
    size_t out = ip_network_width(net, k), n = out * in + out;
    memcpy(ip_network_weights(net, k), from, n * sizeof *from);
    from += n;
    in = out;
  }
}

static void check(const torch_case *c)
{
  ip_network *net;
  ip_network_options shape = {
      .hidden = hidden, .n_hidden = 2, .activation = IP_TANH, .output = c->output, .layer_norm = c->layer_norm};
  static float state[4 * MOST];
  CHECK_OK(ip_network_create(&shape, &c->training, N_IN, prepare(c), 1, &net));
  size_t n = ip_network_n_parameters(net);
  bool copies = c->training.targets == IP_TARGETS_INPUTS;
  assert_true(n <= MOST);
  load(net, copies ? autoencoder : classifier);
  for (size_t s = 0; s < STEPS; s++) {
    size_t from = s * BATCH % N, n_out = copies ? N_IN : N_CLASSES;
    double loss;
    CHECK_NEAR(ip_learning_rate(&c->training, s), c->rate[s], 1e-9);
    CHECK_OK(ip_network_train_batch(net, x + from * N_IN, target + from * n_out, NULL, BATCH, &loss));
    CHECK_NEAR(loss / BATCH, c->loss[s], 3e-6);
  }
  const float *w = parameters_of(net, c, state, n);
  for (size_t i = 0; i < n; i++) CHECK_NEAR((double)w[i], c->parameter[i], 3e-6);
  ip_network_destroy(&net);
}

static void fifty_steps_are_those_of_pytorch(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check(&cases[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(fifty_steps_are_those_of_pytorch)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
