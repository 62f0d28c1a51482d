#include "network/inside.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <string.h>

/* Wide enough that loading, layers and steps are shared out: 800 * 70 weights, a batch of 64 and one of 20 samples. No
 * more, for emulated processors. */
enum { N = 84, N_IN = 800, N_OUT = 3, BATCH = 64 };
static const size_t hidden[] = {70, 30, 8};
static float x[N * N_IN], target[N * N_OUT];

static void draw_samples(void)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) target[i * N_OUT + ip_rng_below(&r, N_OUT)] = 1;
}

/* The parameters after an epoch and the activations of the last hidden layer, after training by n threads. */
static size_t train(const ip_network_options *o, const ip_training_options *t, size_t n_threads, char **result)
{
  ip_network *net;
  ip_team *team;
  CHECK_OK(ip_network_create(o, t, N_IN, N_OUT, 1, &net));
  CHECK_OK(ip_team_create(n_threads, &team));
  ip_network_use_team(net, team);
  assert_ptr_equal(net->team, team);
  for (size_t from = 0; from < N; from += BATCH) {
    double loss;
    CHECK_OK(ip_network_train_batch(net, x + from * N_IN, target + from * N_OUT, NULL,
                                    N - from < BATCH ? N - from : BATCH, &loss));
  }
  size_t size = ip_network_state_size(net), units = N * hidden[2] * sizeof(float);
  CHECK_OK(IP_NEW(*result, size + units, "result"));
  ip_network_state_get(net, *result);
  float *at[4] = {NULL, NULL, (float *)(void *)(*result + size / 4 * 4), NULL};
  CHECK_OK(ip_network_forward(net, x, N, at));
  ip_network_destroy(&net);
  ip_team_destroy(&team);
  return size / 4 * 4 + units;
}

static void bits_do_not_depend_on_the_number_of_threads(void **state)
{
  (void)state;
#define SHAPE .hidden = hidden, .n_hidden = 3, .initializer = IP_HE_NORMAL, .output_initializer = IP_INITIALIZER_SAME
#define ADAM .optimizer = IP_ADAM, .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8
  const struct {
    ip_network_options network;
    ip_training_options training;
  } kind[] = {
      {{SHAPE, .activation = IP_TANH}, {ADAM}},
      {{SHAPE, .activation = IP_SWISH, .noise_variance = 0.01}, {.optimizer = IP_SGD, .learning_rate = 0.1}},
      {{SHAPE, .activation = IP_TANH, .multiplicative_noise = 0.1}, {.optimizer = IP_SGD, .learning_rate = 0.1}},
      {{SHAPE, .activation = IP_RELU, .dropout = 0.2}, {.optimizer = IP_SGD, .learning_rate = 0.1}},
      {{SHAPE, .activation = IP_RELU, .quantize_bits = 4},
       {.optimizer = IP_MOMENTUM, .learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01, .max_norm = 2}},
      {{SHAPE, .activation = IP_RELU, .layer_norm = true},
       {.optimizer = IP_ADAMW,
        .learning_rate = 0.01,
        .beta1 = 0.9,
        .beta2 = 0.999,
        .epsilon = 1e-8,
        .weight_decay = 0.1,
        .warmup = 2,
        .clip_norm = 0.1,
        .max_norm = 2,
        .ema_decay = 0.5,
        .label_smoothing = 0.1}},
      {{SHAPE, .activation = IP_ELU}, {ADAM, .objective = IP_VIB, .beta = 0.01}},
      {{SHAPE, .activation = IP_SOFTPLUS, .layer_norm = true},
       {ADAM, .objective = IP_NIB, .beta = 0.01, .ema_decay = 0.5}},
  };
  draw_samples();
  for (size_t k = 0; k < sizeof kind / sizeof *kind; k++) {
    char *one;
    size_t size = train(&kind[k].network, &kind[k].training, 1, &one);
    for (size_t n = 2; n <= 8; n += n == 3 ? 5 : 1) {
      char *several;
      assert_int_equal(train(&kind[k].network, &kind[k].training, n, &several), size);
      assert_memory_equal(several, one, size);
      ip_free(several);
    }
    ip_free(one);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(bits_do_not_depend_on_the_number_of_threads)};
  return cmocka_run_group_tests_name("network/threads", tests, NULL, NULL);
}
