#include "network/network.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "network/test/reference.h"
#include "num/random.h"

enum { MOST_SAMPLES = 700, MOST_PARAMETERS = 20000 };
static float x[MOST_SAMPLES * REFERENCE_UNITS], target[MOST_SAMPLES * REFERENCE_UNITS], gradient[MOST_PARAMETERS];
static uint32_t rows[MOST_SAMPLES];

/* How targets look: one-hot, or a distribution (softmax) or any numbers in (0, 1). */
typedef enum { ONE_HOT, SOFT } targets;

typedef struct problem {
  ip_network_options network;
  size_t n_in, n_out, n_samples, n;
  targets targets;
} problem;

static const ip_training_options plain = {.optimizer = IP_SGD, .learning_rate = 0.1};

static void draw_samples(const problem *p, uint64_t index)
{
  ip_rng r = ip_rng_open(5, IP_RNG_TEST, index);
  for (size_t i = 0; i < p->n_samples * p->n_in; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < p->n_samples; i++) {
    float *t = target + i * p->n_out, sum = 0;
    size_t hot = ip_rng_below(&r, p->n_out);
    for (size_t c = 0; c < p->n_out; c++) {
      t[c] = p->targets == SOFT ? (float)(0.05 + 0.9 * ip_rng_uniform(&r)) : (float)(c == hot);
      sum += t[c];
    }
    for (size_t c = 0; c < p->n_out && p->network.output == IP_OUTPUT_SOFTMAX; c++) t[c] /= sum;
  }
  for (size_t i = 0; i < MOST_SAMPLES; i++) rows[i] = (uint32_t)i;
  ip_shuffle(&r, p->n_samples, rows);
}

static double mean_loss(const problem *p, const double *parameter)
{
  double sum = 0;
  for (size_t i = 0; i < p->n; i++)
    sum += reference_loss(&p->network, p->n_in, p->n_out, parameter, x + rows[i] * p->n_in, target + rows[i] * p->n_out,
                          NULL);
  return sum / (double)p->n;
}

/* The gradient of every `stride`-th parameter against central differences of the reference. */
static void check_gradient(const problem *p, size_t stride, double tolerance)
{
  ip_network *net;
  static double parameter[MOST_PARAMETERS];
  CHECK_OK(ip_network_create(&p->network, &plain, p->n_in, p->n_out, 3, &net));
  size_t n = ip_network_n_parameters(net);
  assert_true(n <= MOST_PARAMETERS);
  ip_rng r = ip_rng_open(6, IP_RNG_TEST, 0);
  for (size_t i = 0; i < n; i++) {
    ip_network_parameters(net)[i] += (float)(0.1 * ip_rng_normal(&r)); /* biases would be 0 */
    parameter[i] = (double)ip_network_parameters(net)[i];
  }
  double loss;
  CHECK_OK(ip_network_gradient(net, x, target, rows, p->n, gradient, &loss));
  CHECK_NEAR(loss / (double)p->n, mean_loss(p, parameter), 1e-6);
  double largest = 0;
  for (size_t i = 0; i < n; i += stride) {
    double at = parameter[i], h = 1e-5;
    parameter[i] = at + h;
    double above = mean_loss(p, parameter);
    parameter[i] = at - h;
    double difference = (above - mean_loss(p, parameter)) / (2 * h);
    parameter[i] = at;
    CHECK_NEAR((double)gradient[i], difference, tolerance);
    largest = fmax(largest, fabs(difference));
  }
  assert_true(largest > 100 * tolerance); /* the network does learn something here */
  ip_network_destroy(&net);
}

static void every_activation_output_and_target_has_the_gradient_of_central_differences(void **state)
{
  (void)state;
  const size_t hidden[] = {5, 4, 3};
  for (int a = 0; a < IP_N_ACTIVATIONS; a++)
    for (int o = 0; o < IP_N_OUTPUTS; o++)
      for (int t = ONE_HOT; t <= SOFT; t++) {
        problem p = {.network = {.hidden = hidden,
                                 .n_hidden = 3,
                                 .activation = (ip_activation)a,
                                 .output = (ip_output)o,
                                 .initializer = IP_GLOROT_UNIFORM,
                                 .output_initializer = IP_INITIALIZER_SAME},
                     .n_in = 4,
                     .n_out = 3,
                     .n_samples = 40,
                     .n = 25,
                     .targets = (targets)t};
        draw_samples(&p, (uint64_t)(a * 10 + o * 2 + t));
        check_gradient(&p, 1, 2e-6);
      }
}

static void networks_without_hidden_layers_and_of_single_units_have_it(void **state)
{
  (void)state;
  const size_t hidden[] = {1, 1};
  problem p = {.network = {.hidden = hidden,
                           .n_hidden = 0,
                           .activation = IP_TANH,
                           .output = IP_OUTPUT_SOFTMAX,
                           .initializer = IP_HE_NORMAL,
                           .output_initializer = IP_INITIALIZER_SAME},
               .n_in = 3,
               .n_out = 2,
               .n_samples = 1,
               .n = 1,
               .targets = ONE_HOT};
  draw_samples(&p, 1);
  check_gradient(&p, 1, 1e-6);
  p = (problem){.network = {.hidden = hidden,
                            .n_hidden = 2,
                            .activation = IP_TANH,
                            .output = IP_OUTPUT_SIGMOID,
                            .initializer = IP_HE_NORMAL,
                            .output_initializer = IP_INITIALIZER_SAME},
                .n_in = 1,
                .n_out = 1,
                .n_samples = 17,
                .n = 17,
                .targets = SOFT};
  draw_samples(&p, 2);
  check_gradient(&p, 1, 1e-6);
}

static void batches_of_several_chunks_and_wide_layers_have_it(void **state)
{
  (void)state;
  const size_t narrow[] = {6, 5}, wide[] = {80, 70, 4};
  problem p = {.network = {.hidden = narrow,
                           .n_hidden = 2,
                           .activation = IP_TANH,
                           .output = IP_OUTPUT_SOFTMAX,
                           .initializer = IP_GLOROT_UNIFORM,
                           .output_initializer = IP_INITIALIZER_SAME},
               .n_in = 12,
               .n_out = 2,
               .n_samples = MOST_SAMPLES,
               .n = 601,
               .targets = ONE_HOT};
  draw_samples(&p, 1);
  check_gradient(&p, 1, 2e-6);
  p = (problem){.network = {.hidden = wide,
                            .n_hidden = 3,
                            .activation = IP_SOFTPLUS,
                            .output = IP_OUTPUT_SOFTMAX,
                            .initializer = IP_GLOROT_UNIFORM,
                            .output_initializer = IP_INITIALIZER_SAME},
                .n_in = 90,
                .n_out = 10,
                .n_samples = MOST_SAMPLES,
                .n = 301,
                .targets = SOFT};
  draw_samples(&p, 2);
  check_gradient(&p, 301, 5e-6);
}

static void normalized_layers_have_it(void **state)
{
  (void)state;
  const size_t hidden[] = {9, 6};
  for (int a = 0; a < IP_N_ACTIVATIONS; a++) {
    problem p = {.network = {.hidden = hidden,
                             .n_hidden = 2,
                             .activation = (ip_activation)a,
                             .output = IP_OUTPUT_SOFTMAX,
                             .initializer = IP_GLOROT_UNIFORM,
                             .output_initializer = IP_INITIALIZER_SAME,
                             .layer_norm = true},
                 .n_in = 5,
                 .n_out = 3,
                 .n_samples = MOST_SAMPLES,
                 .n = 601,
                 .targets = SOFT};
    draw_samples(&p, (uint64_t)a);
    check_gradient(&p, 1, 3e-6);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_activation_output_and_target_has_the_gradient_of_central_differences),
      cmocka_unit_test(networks_without_hidden_layers_and_of_single_units_have_it),
      cmocka_unit_test(batches_of_several_chunks_and_wide_layers_have_it),
      cmocka_unit_test(normalized_layers_have_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
