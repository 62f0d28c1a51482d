/* What the options of training do beside the steps of test_torch.c: the mean of the weights in evaluation, quantized
 * outputs, smoothed labels, and combinations that are errors. */
#include "network/network.h"

#include "base/mem.h"
#include "base/rng.h"
#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { N = 300, N_IN = 6, N_OUT = 3, STEPS = 20 };
static float x[N * N_IN], target[N * N_OUT];
static int32_t y[N];
static const size_t hidden[] = {8, 4};

static int draw_samples(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(2, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)ip_rng_below(&r, N_OUT);
    target[i * N_OUT + (size_t)y[i]] = 1;
  }
  return 0;
}

static ip_network_options shape(ip_output output)
{
  return (ip_network_options){.hidden = hidden,
                              .n_hidden = 2,
                              .output = output,
                              .initializer = IP_PYTORCH,
                              .output_initializer = IP_INITIALIZER_SAME};
}

static ip_network *make(const ip_network_options *o, const ip_training_options *t)
{
  ip_network *net;
  CHECK_OK(ip_network_create(o, t, N_IN, N_OUT, 4, &net));
  return net;
}

static void train(ip_network *net, size_t steps)
{
  for (size_t s = 0; s < steps; s++) CHECK_OK(ip_network_train_batch(net, x, target, NULL, 64, NULL));
}

/* Everything that is read from a network, of another one whose parameters are the mean itself; training goes on from
 * the trained ones. */
static void evaluation_uses_the_mean_of_the_weights(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_OUTPUT_SOFTMAX);
  ip_training_options plain = {.optimizer = IP_MOMENTUM, .learning_rate = 0.2, .momentum = 0.9}, t = plain;
  t.ema_decay = 0.9;
  ip_network *net = make(&o, &t), *trained = make(&o, &plain), *mean = make(&o, &plain);
  size_t n = ip_network_n_parameters(net);
  double m[200], norm[2][3], loss[2], accuracy[2];
  assert_true(n < 200);
  for (size_t i = 0; i < n; i++) m[i] = (double)ip_network_parameters(net)[i];
  for (size_t s = 0; s <= STEPS; s++) {
    for (size_t i = 0; i < n; i++) ip_network_parameters(mean)[i] = (float)m[i];
    static float at[2][N * N_OUT];
    CHECK_OK(ip_network_forward(net, x, N, (float *[]){NULL, NULL, at[0]}));
    CHECK_OK(ip_network_forward(mean, x, N, (float *[]){NULL, NULL, at[1]}));
    for (size_t i = 0; i < N * N_OUT; i++) CHECK_NEAR((double)at[0][i], (double)at[1][i], 1e-6);
    CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss[0], &accuracy[0]));
    CHECK_OK(ip_network_evaluate(mean, x, target, y, NULL, N, &loss[1], &accuracy[1]));
    CHECK_NEAR(loss[0], loss[1], 1e-6);
    ip_network_weight_norms(net, norm[0]);
    ip_network_weight_norms(mean, norm[1]);
    for (size_t k = 0; k < 3; k++) CHECK_NEAR(norm[0][k], norm[1][k], 1e-6);
    train(net, 1);
    train(trained, 1);
    assert_memory_equal(ip_network_parameters(net), ip_network_parameters(trained), n * sizeof(float));
    for (size_t i = 0; i < n; i++) m[i] = 0.9 * m[i] + 0.1 * (double)ip_network_parameters(net)[i];
  }
  CHECK_OK(ip_network_evaluate(trained, x, target, y, NULL, N, &loss[1], &accuracy[1]));
  assert_true(fabs(loss[0] - loss[1]) > 1e-3);
  ip_network_destroy(&net);
  ip_network_destroy(&trained);
  ip_network_destroy(&mean);
}

/* The schedule and the mean go on where they stood. */
static void a_saved_state_goes_on_with_the_same_bits(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_OUTPUT_SOFTMAX);
  ip_training_options t = {.optimizer = IP_ADAMW,
                           .learning_rate = 0.03,
                           .beta1 = 0.9,
                           .beta2 = 0.999,
                           .epsilon = 1e-8,
                           .weight_decay = 0.1,
                           .rate_schedule = IP_RATE_COSINE,
                           .warmup = 5,
                           .updates = 2 * STEPS,
                           .ema_decay = 0.9};
  for (size_t at = 0; at <= STEPS; at += STEPS) { /* the mean begins with the first step */
    ip_network *net = make(&o, &t), *other = make(&o, &t);
    size_t size = ip_network_state_size(net);
    char *saved[2];
    for (int i = 0; i < 2; i++) CHECK_OK(IP_NEW(saved[i], size, "state"));
    train(net, at);
    ip_network_state_get(net, saved[0]);
    train(other, 3);
    CHECK_OK(ip_network_state_set(other, saved[0], size));
    train(net, STEPS);
    train(other, STEPS);
    ip_network_state_get(net, saved[0]);
    ip_network_state_get(other, saved[1]);
    assert_memory_equal(saved[0], saved[1], size);
    for (int i = 0; i < 2; i++) ip_free(saved[i]);
    ip_network_destroy(&net);
    ip_network_destroy(&other);
  }
}

/* Of two networks, one with quantized outputs: nothing differs but the logged outputs, which are the nearest levels. */
static void quantized_outputs_change_only_what_is_logged(void **state)
{
  (void)state;
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.2};
  for (ip_output output = 0; output < IP_N_OUTPUTS; output++) {
    ip_network_options o = shape(output), q = o;
    o.quantize_bits = q.quantize_bits = 3, o.quantize_range = q.quantize_range = 1;
    q.quantize_output = true;
    ip_network *plain = make(&o, &t), *net = make(&q, &t);
    train(plain, STEPS);
    train(net, STEPS);
    size_t n = ip_network_n_parameters(net), changed = 0;
    assert_memory_equal(ip_network_parameters(net), ip_network_parameters(plain), n * sizeof(float));
    double loss[2], accuracy[2], low = output == IP_OUTPUT_LINEAR ? -1 : 0, step = (1 - low) / 7;
    CHECK_OK(ip_network_evaluate(plain, x, target, y, NULL, N, &loss[0], &accuracy[0]));
    CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss[1], &accuracy[1]));
    CHECK_NEAR(loss[0], loss[1], 0);
    CHECK_NEAR(accuracy[0], accuracy[1], 0);
    static float at[N * N_OUT], rounded[N * N_OUT], mean[N * N_OUT];
    CHECK_OK(ip_network_forward(plain, x, N, (float *[]){NULL, NULL, at}));
    CHECK_OK(ip_network_sample(net, x, NULL, N, 0, (float *[]){NULL, NULL, rounded}, (float *[]){NULL, NULL, mean}));
    assert_memory_equal(mean, at, sizeof at);
    for (size_t i = 0; i < N * N_OUT; i++) {
      double v = fmin(fmax((double)at[i], low), 1);
      CHECK_NEAR((double)rounded[i], low + step * round((v - low) / step), 1e-6);
      changed += rounded[i] != at[i];
    }
    assert_true(changed > N);
    ip_network_destroy(&plain);
    ip_network_destroy(&net);
  }
}

/* The loss of training is that of the smoothed labels, the loss of evaluation that of the labels. */
static void labels_are_smoothed_in_training_alone(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_OUTPUT_SOFTMAX);
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.2, .label_smoothing = 0.3};
  ip_network *net = make(&o, &t);
  static float output[N * N_OUT], gradient[200];
  double loss, accuracy, sum, plain = 0, smooth = 0;
  CHECK_OK(ip_network_forward(net, x, N, (float *[]){NULL, NULL, output}));
  CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss, &accuracy));
  CHECK_OK(ip_network_gradient(net, x, target, NULL, N, gradient, &sum));
  for (size_t i = 0; i < N * N_OUT; i++) {
    plain -= (double)target[i] * log((double)output[i]) / N;
    smooth -= (0.7 * (double)target[i] + 0.1) * log((double)output[i]) / N;
  }
  CHECK_NEAR(loss, plain, 1e-6);
  CHECK_NEAR(sum / N, smooth, 1e-6);
  ip_network_destroy(&net);
}

static void check_refused(ip_network_options o, ip_training_options t, const char *text)
{
  ip_network *net;
  t.learning_rate = 0.1;
  CHECK_FAILS(ip_network_create(&o, &t, N_IN, N_OUT, 1, &net), IP_ECONFIG, text);
}

static void combinations_without_a_meaning_are_refused(void **state)
{
  (void)state;
  ip_network_options softmax = shape(IP_OUTPUT_SOFTMAX), linear = shape(IP_OUTPUT_LINEAR), o = softmax;
  check_refused(linear, (ip_training_options){.label_smoothing = 0.1},
                "training.label_smoothing: defined for the cross");
  check_refused(shape(IP_OUTPUT_SIGMOID), (ip_training_options){.label_smoothing = 0.1}, "got the output sigmoid");
  check_refused(softmax, (ip_training_options){.label_smoothing = 1}, "training.label_smoothing: expected");
  check_refused(softmax, (ip_training_options){.squared_error = IP_MEAN_SQUARE}, "training.squared_error: mean needs");
  check_refused(softmax, (ip_training_options){.targets = IP_TARGETS_INPUTS}, "training.targets: inputs cannot");
  check_refused(softmax, (ip_training_options){.ema_decay = 1}, "training.ema_decay: expected");
  check_refused(softmax, (ip_training_options){.clip_norm = (double)NAN}, "training.clip_norm: expected");
  check_refused(softmax, (ip_training_options){.warmup = -1}, "training.warmup: expected");
  check_refused(softmax, (ip_training_options){.rate_schedule = IP_RATE_STEP, .step_factor = 1},
                "training.step_every:");
  check_refused(softmax, (ip_training_options){.rate_schedule = IP_RATE_STEP, .step_every = 1},
                "training.step_factor:");
  check_refused(softmax, (ip_training_options){.rate_schedule = IP_RATE_COSINE, .final_factor = 2},
                "training.final_factor:");
  check_refused(softmax, (ip_training_options){.optimizer = IP_ADAMW}, "training.epsilon:");
  o.quantize_output = true;
  check_refused(o, (ip_training_options){0}, "network.quantize_output: set network.quantize_bits");
  o = softmax, o.hidden = NULL, o.n_hidden = 0, o.layer_norm = true;
  static const char *const layers[] = {"12"};
  o.layers = layers, o.n_layers = 1;
  check_refused(o, (ip_training_options){0}, "network.layer_norm: defined for dense layers");
  o = softmax, o.weight_scale = -1;
  check_refused(o, (ip_training_options){0}, "network.weight_scale: expected");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(evaluation_uses_the_mean_of_the_weights),
      cmocka_unit_test(a_saved_state_goes_on_with_the_same_bits),
      cmocka_unit_test(quantized_outputs_change_only_what_is_logged),
      cmocka_unit_test(labels_are_smoothed_in_training_alone),
      cmocka_unit_test(combinations_without_a_meaning_are_refused),
  };
  return cmocka_run_group_tests_name("network/training", tests, draw_samples, NULL);
}
