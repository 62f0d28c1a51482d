#include "network/network.h"

#include "base/rng.h"
#include "base/test/check.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { N = 200, N_IN = 6, N_OUT = 3, MOST = 200, STEPS = 40 };
static float x[N * N_IN], target[N * N_OUT], gradient[MOST];
static const size_t hidden[] = {8, 4};
static const ip_network_options shape = {.hidden = hidden,
                                         .n_hidden = 2,
                                         .activation = IP_TANH,
                                         .output = IP_OUTPUT_SOFTMAX,
                                         .initializer = IP_HE_NORMAL,
                                         .output_initializer = IP_INITIALIZER_SAME};

static ip_network *make(const ip_training_options *t)
{
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  memset(target, 0, sizeof target);
  for (size_t i = 0; i < N; i++) target[i * N_OUT + ip_rng_below(&r, N_OUT)] = 1;
  ip_network *net;
  CHECK_OK(ip_network_create(&shape, t, N_IN, N_OUT, 4, &net));
  return net;
}

/* Whether parameter i is a weight (else a bias). */
static bool is_weight(ip_network *net, size_t i)
{
  for (size_t k = 0; k < 3; k++) {
    ptrdiff_t b = ip_network_biases(net, k) - ip_network_parameters(net);
    if (i >= (size_t)b && i < (size_t)b + ip_network_width(net, k)) return false;
  }
  return true;
}

/* The rules of network.h in float64 from the gradients the network gives, one parameter at a time. */
static void check_steps(const ip_training_options *t)
{
  ip_network *net = make(t);
  size_t n = ip_network_n_parameters(net);
  double w[MOST], m[MOST] = {0}, v[MOST] = {0}, moved = 0;
  for (size_t i = 0; i < n; i++) w[i] = (double)ip_network_parameters(net)[i];
  for (int s = 1; s <= STEPS; s++) {
    CHECK_OK(ip_network_gradient(net, x, target, NULL, 50, gradient, NULL));
    CHECK_OK(ip_network_train_batch(net, x, target, NULL, 50, NULL));
    for (size_t i = 0; i < n; i++) {
      double decay = is_weight(net, i) ? t->weight_decay : 0, g = (double)gradient[i], before = w[i];
      if (t->optimizer == IP_ADAMW)
        w[i] -= t->learning_rate * decay * w[i];
      else
        g += decay * w[i];
      if (t->optimizer == IP_ADAM || t->optimizer == IP_ADAMW) {
        m[i] = t->beta1 * m[i] + (1 - t->beta1) * g;
        v[i] = t->beta2 * v[i] + (1 - t->beta2) * g * g;
        double mean = m[i] / (1 - pow(t->beta1, s)), square = v[i] / (1 - pow(t->beta2, s));
        w[i] -= t->learning_rate * mean / (sqrt(square) + t->epsilon);
      } else if (t->optimizer == IP_MOMENTUM) {
        v[i] = t->momentum * v[i] + g;
        w[i] -= t->learning_rate * v[i];
      } else {
        w[i] -= t->learning_rate * g;
      }
      CHECK_NEAR((double)ip_network_parameters(net)[i], w[i], 1e-6);
      moved += fabs(w[i] - before);
      w[i] = (double)ip_network_parameters(net)[i]; /* else the paths part for good, as gradients differ */
    }
  }
  assert_true(moved > 0.01);
  ip_network_destroy(&net);
}

static void steps_are_those_of_the_published_rules(void **state)
{
  (void)state;
  const double decay[] = {0, 0.1};
  for (size_t d = 0; d < 2; d++) {
    check_steps(&(ip_training_options){.optimizer = IP_SGD, .learning_rate = 0.05, .weight_decay = decay[d]});
    check_steps(&(ip_training_options){
        .optimizer = IP_MOMENTUM, .learning_rate = 0.02, .momentum = 0.9, .weight_decay = decay[d]});
    for (ip_optimizer kind = IP_ADAM; kind <= IP_ADAMW; kind++)
      check_steps(&(ip_training_options){.optimizer = kind,
                                         .learning_rate = 0.003,
                                         .beta1 = 0.9,
                                         .beta2 = 0.99,
                                         .epsilon = 1e-8,
                                         .weight_decay = decay[d]});
    check_steps(&(ip_training_options){.optimizer = IP_ADAM,
                                       .learning_rate = 0.01,
                                       .beta1 = 0,
                                       .beta2 = 0,
                                       .epsilon = 0.01,
                                       .weight_decay = decay[d]});
  }
}

static void max_norm_bounds_every_unit_and_leaves_shorter_rows_alone(void **state)
{
  (void)state;
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.01};
  ip_network *free_net = make(&t);
  t.max_norm = 1.4;
  ip_network *net = make(&t);
  CHECK_OK(ip_network_train_batch(free_net, x, target, NULL, 50, NULL));
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, 50, NULL));
  size_t cut = 0, kept = 0;
  const size_t in[] = {N_IN, 8, 4};
  for (size_t k = 0; k < 3; k++)
    for (size_t u = 0; u < ip_network_width(net, k); u++) {
      const float *w = ip_network_weights(net, k) + u * in[k], *f = ip_network_weights(free_net, k) + u * in[k];
      double square = 0, longer = 0;
      for (size_t i = 0; i < in[k]; i++) square += (double)w[i] * (double)w[i], longer += (double)f[i] * (double)f[i];
      double scale = fmin(1, 1.4 / sqrt(longer));
      for (size_t i = 0; i < in[k]; i++) CHECK_NEAR((double)w[i], scale * (double)f[i], 1e-6);
      assert_true(sqrt(square) <= 1.4 + 1e-6);
      if (scale < 1)
        cut++;
      else
        kept++;
    }
  assert_true(cut > 2 && kept > 2);
  ip_network_destroy(&net);
  ip_network_destroy(&free_net);
}

static void statistics_of_gradients_are_norms_over_the_batches(void **state)
{
  (void)state;
  ip_network *net = make(&(ip_training_options){.optimizer = IP_SGD, .learning_rate = 0.05});
  enum { BATCHES = 7 };
  static double g[BATCHES][MOST];
  double mean[3], std[3];
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, N, NULL)); /* before `begin`: does not count */
  for (int again = 0; again < 2; again++) {
    CHECK_OK(ip_network_gradient_begin(net));
    for (size_t b = 0; b < BATCHES; b++) {
      const float *rows = x + b * 20 * N_IN, *t = target + b * 20 * N_OUT;
      CHECK_OK(ip_network_gradient(net, rows, t, NULL, 20, gradient, NULL));
      CHECK_OK(ip_network_train_batch(net, rows, t, NULL, 20, NULL));
      for (size_t i = 0; i < ip_network_n_parameters(net); i++) g[b][i] = (double)gradient[i];
    }
    ip_network_gradient_end(net, mean, std);
    for (size_t k = 0; k < 3; k++) {
      double mean_square = 0, variance = 0;
      size_t from = (size_t)(ip_network_weights(net, k) - ip_network_parameters(net));
      size_t to = (size_t)(ip_network_biases(net, k) - ip_network_parameters(net));
      for (size_t i = from; i < to; i++) {
        double m = 0;
        for (size_t b = 0; b < BATCHES; b++) m += g[b][i] / BATCHES;
        for (size_t b = 0; b < BATCHES; b++) variance += (g[b][i] - m) * (g[b][i] - m) / BATCHES;
        mean_square += m * m;
      }
      CHECK_NEAR(mean[k], sqrt(mean_square), 1e-12);
      CHECK_NEAR(std[k], sqrt(variance), 1e-12);
      assert_true(std[k] > 1e-3);
    }
  }
  ip_network_destroy(&net);
}

static void one_batch_has_no_deviation_and_none_has_no_mean(void **state)
{
  (void)state;
  ip_network *net = make(&(ip_training_options){.optimizer = IP_SGD, .learning_rate = 0.05});
  double mean[3], std[3];
  CHECK_OK(ip_network_gradient_begin(net));
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, N, NULL));
  ip_network_gradient_end(net, mean, std);
  for (size_t k = 0; k < 3; k++) {
    assert_true(mean[k] > 0);
    CHECK_NEAR(std[k], 0, 1e-8 * mean[k]);
  }
  CHECK_OK(ip_network_gradient_begin(net));
  ip_network_gradient_end(net, mean, std);
  for (size_t k = 0; k < 3; k++) CHECK_NEAR(mean[k] + std[k], 0, 0);
  ip_network_destroy(&net);
  /* equal batches, of which rounding may make a variance below 0 */
  net = make(&(ip_training_options){.optimizer = IP_SGD, .learning_rate = 1e-30});
  for (size_t n = 2; n <= 8; n++) {
    CHECK_OK(ip_network_gradient_begin(net));
    for (size_t i = 0; i < n; i++) CHECK_OK(ip_network_train_batch(net, x + n * N_IN, target, NULL, 20, NULL));
    ip_network_gradient_end(net, mean, std);
    for (size_t k = 0; k < 3; k++) CHECK_NEAR(std[k], 0, 1e-6 * mean[k]);
  }
  ip_network_destroy(&net);
}

static void weight_norms_leave_biases_out(void **state)
{
  (void)state;
  ip_network *net = make(&(ip_training_options){.optimizer = IP_SGD, .learning_rate = 0.05});
  for (size_t u = 0; u < 4; u++) ip_network_biases(net, 1)[u] = 5;
  double norm[3], square = 0;
  ip_network_weight_norms(net, norm);
  for (size_t i = 0; i < 32; i++) square += pow((double)ip_network_weights(net, 1)[i], 2);
  CHECK_NEAR(norm[1], sqrt(square), 1e-12);
  ip_network_destroy(&net);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steps_are_those_of_the_published_rules),
      cmocka_unit_test(max_norm_bounds_every_unit_and_leaves_shorter_rows_alone),
      cmocka_unit_test(statistics_of_gradients_are_norms_over_the_batches),
      cmocka_unit_test(one_batch_has_no_deviation_and_none_has_no_mean),
      cmocka_unit_test(weight_norms_leave_biases_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
