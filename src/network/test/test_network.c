#include "network/network.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "network/test/reference.h"

#include <stdlib.h>

enum { N = 600, N_IN = 12, N_OUT = 2 };
static float x[N * 100], target[N * N_OUT];
static int32_t y[N];
static const size_t hidden[] = {10, 7, 5}, wide[] = {120, 100, 20};
static const ip_network_options tanh_net = {.hidden = hidden,
                                            .n_hidden = 3,
                                            .activation = IP_TANH,
                                            .output = IP_OUTPUT_SOFTMAX,
                                            .initializer = IP_TRUNCATED_NORMAL_FAN_IN,
                                            .output_initializer = IP_INITIALIZER_SAME};
static const ip_training_options adam = {
    .optimizer = IP_ADAM, .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};

/* Labels that a network can learn: the sign of the sum of the inputs. */
static void draw_samples(size_t n_in)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N; i++) {
    float sum = 0;
    for (size_t j = 0; j < n_in; j++) sum += x[i * n_in + j] = (float)ip_rng_normal(&r);
    y[i] = sum > 0;
    target[i * N_OUT + 0] = (float)(1 - y[i]);
    target[i * N_OUT + 1] = (float)y[i];
  }
}

static ip_network *make(const ip_network_options *o, const ip_training_options *t, size_t n_in)
{
  ip_network *net;
  CHECK_OK(ip_network_create(o, t, n_in, N_OUT, 7, &net));
  return net;
}

static void activations_and_losses_equal_the_reference(void **state)
{
  (void)state;
  draw_samples(N_IN);
  ip_network *net = make(&tanh_net, &adam, N_IN);
  static double parameter[1000], t[4 * REFERENCE_UNITS];
  for (size_t i = 0; i < ip_network_n_parameters(net); i++) parameter[i] = (double)ip_network_parameters(net)[i];
  static float layer[4][N * 10];
  CHECK_OK(ip_network_forward(net, x, N, (float *[]){layer[0], layer[1], layer[2], layer[3]}));
  double loss = 0, right = 0;
  for (size_t i = 0; i < N; i++) {
    loss += reference_loss(&tanh_net, N_IN, N_OUT, parameter, x + i * N_IN, target + i * N_OUT, t) / N;
    right += (t[3 * REFERENCE_UNITS + 1] > t[3 * REFERENCE_UNITS]) == (y[i] == 1);
    for (size_t k = 0; k < 4; k++)
      for (size_t u = 0; u < ip_network_width(net, k); u++)
        CHECK_NEAR((double)layer[k][i * ip_network_width(net, k) + u], t[k * REFERENCE_UNITS + u], 1e-6);
  }
  double got_loss, accuracy;
  CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &got_loss, &accuracy));
  CHECK_NEAR(got_loss, loss, 1e-7);
  CHECK_NEAR(accuracy, right / N, 1e-12);
  ip_network_destroy(&net);
}

static void shape_and_names_are_those_asked_for(void **state)
{
  (void)state;
  ip_network *net = make(&tanh_net, &adam, N_IN);
  assert_int_equal(ip_network_n_layers(net), 4);
  assert_int_equal(ip_network_n_in(net), N_IN);
  assert_int_equal(ip_network_width(net, 1), 7);
  assert_int_equal(ip_network_width(net, 3), N_OUT);
  assert_string_equal(ip_network_activation_name(net, 2), "tanh");
  assert_string_equal(ip_network_activation_name(net, 3), "softmax");
  assert_int_equal(ip_network_n_parameters(net), 130 + 77 + 40 + 12);
  assert_ptr_equal(ip_network_weights(net, 0), ip_network_parameters(net));
  assert_ptr_equal(ip_network_biases(net, 1), ip_network_parameters(net) + 130 + 70);
  ip_network_destroy(&net);
  assert_null(net);
  ip_network_destroy(&net);
}

/* Activations of samples first .. first+n-1 are the bytes of those computed all together. */
static void check_any_subset(const ip_network_options *o, size_t n_in)
{
  draw_samples(n_in);
  ip_network *net = make(o, &adam, n_in);
  size_t width = o->hidden[o->n_hidden - 1], last = o->n_hidden - 1;
  static float all[N * 20], some[N * 20];
  CHECK_OK(ip_network_forward(net, x, N, (float *[4]){[2] = all}));
  const size_t part[][2] = {{0, 1}, {1, 1}, {599, 1}, {3, 17}, {127, 130}, {255, 345}, {16, 256}};
  for (size_t p = 0; p < sizeof part / sizeof *part; p++) {
    size_t first = part[p][0], n = part[p][1];
    float *t[4] = {NULL};
    t[last] = some;
    CHECK_OK(ip_network_forward(net, x + first * n_in, n, t));
    assert_memory_equal(some, all + first * width, n * width * sizeof *some);
  }
  ip_network_destroy(&net);
}

static void activations_of_a_sample_have_the_same_bits_whatever_else_is_asked_for(void **state)
{
  (void)state;
  check_any_subset(&tanh_net, N_IN);
  check_any_subset(&(ip_network_options){.hidden = wide,
                                         .n_hidden = 3,
                                         .activation = IP_SWISH,
                                         .output = IP_OUTPUT_SOFTMAX,
                                         .initializer = IP_GLOROT_UNIFORM,
                                         .output_initializer = IP_INITIALIZER_SAME},
                   100);
  check_any_subset(&(ip_network_options){.hidden = wide,
                                         .n_hidden = 3,
                                         .activation = IP_RELU,
                                         .output = IP_OUTPUT_SOFTMAX,
                                         .initializer = IP_GLOROT_UNIFORM,
                                         .output_initializer = IP_INITIALIZER_SAME},
                   3);
}

static void loss_and_accuracy_are_means_over_the_index(void **state)
{
  (void)state;
  draw_samples(N_IN);
  ip_network *net = make(&tanh_net, &adam, N_IN);
  const uint32_t index[] = {5, 17, 5, 599};
  double loss[4], right[4], both, accuracy;
  for (size_t i = 0; i < 4; i++) CHECK_OK(ip_network_evaluate(net, x, target, y, &index[i], 1, &loss[i], &right[i]));
  CHECK_OK(ip_network_evaluate(net, x, target, y, index, 4, &both, &accuracy));
  CHECK_NEAR(both, (loss[0] + loss[1] + loss[2] + loss[3]) / 4, 1e-15);
  CHECK_NEAR(accuracy, (right[0] + right[1] + right[2] + right[3]) / 4, 0);
  ip_network_destroy(&net);
}

static void one_unit_decides_at_a_half_and_equal_outputs_for_the_first_class(void **state)
{
  (void)state;
  ip_network_options o = {.hidden = hidden,
                          .n_hidden = 0,
                          .activation = IP_TANH,
                          .output = IP_OUTPUT_SIGMOID,
                          .initializer = IP_ZEROS,
                          .output_initializer = IP_INITIALIZER_SAME};
  ip_network *net;
  CHECK_OK(ip_network_create(&o, &adam, 1, 1, 0, &net));
  ip_network_weights(net, 0)[0] = 1;
  const float in[] = {-0.1f, 0, 0.1f}, t[] = {0, 0, 1};
  const int32_t class[] = {0, 0, 1}, other[] = {1, 1, 0};
  double loss, accuracy;
  CHECK_OK(ip_network_evaluate(net, in, t, class, NULL, 3, &loss, &accuracy));
  CHECK_NEAR(accuracy, 1, 0);
  CHECK_OK(ip_network_evaluate(net, in, t, other, NULL, 3, &loss, &accuracy));
  CHECK_NEAR(accuracy, 0, 0);
  ip_network_destroy(&net);
  o.output = IP_OUTPUT_SOFTMAX;
  CHECK_OK(ip_network_create(&o, &adam, 1, 2, 0, &net));
  const float t2[] = {1, 0, 1, 0, 1, 0};
  CHECK_OK(ip_network_evaluate(net, in, t2, (int32_t[]){0, 0, 1}, NULL, 3, &loss, &accuracy));
  CHECK_NEAR(accuracy, 2.0 / 3, 1e-15);
  CHECK_NEAR(loss, log(2), 1e-7);
  ip_network_destroy(&net);
}

/* A sure and wrong softmax has a finite loss even where its probability underflows. */
static void losses_of_extreme_outputs_are_right(void **state)
{
  (void)state;
  ip_network_options o = {.hidden = hidden,
                          .n_hidden = 0,
                          .activation = IP_TANH,
                          .output = IP_OUTPUT_SOFTMAX,
                          .initializer = IP_ZEROS,
                          .output_initializer = IP_INITIALIZER_SAME};
  ip_network *net;
  CHECK_OK(ip_network_create(&o, &adam, 1, 2, 0, &net));
  ip_network_weights(net, 0)[0] = 1000;
  double loss, accuracy;
  const float one = 1, right[] = {1, 0}, wrong[] = {0, 1};
  CHECK_OK(ip_network_evaluate(net, &one, wrong, (int32_t[]){1}, NULL, 1, &loss, &accuracy));
  CHECK_NEAR(loss, 1000, 1e-4);
  CHECK_OK(ip_network_evaluate(net, &one, right, (int32_t[]){0}, NULL, 1, &loss, &accuracy));
  CHECK_NEAR(loss, 0, 0);
  ip_network_destroy(&net);
  o.output = IP_OUTPUT_SIGMOID;
  CHECK_OK(ip_network_create(&o, &adam, 1, 1, 0, &net));
  ip_network_weights(net, 0)[0] = 1000;
  const float zero = 0;
  CHECK_OK(ip_network_evaluate(net, &one, &zero, (int32_t[]){0}, NULL, 1, &loss, &accuracy));
  CHECK_NEAR(loss, 1000, 1e-4);
  CHECK_OK(ip_network_evaluate(net, &one, &one, (int32_t[]){1}, NULL, 1, &loss, &accuracy));
  CHECK_NEAR(loss, 0, 0);
  ip_network_destroy(&net);
}

static void nan_reaches_the_loss_through_every_activation_and_output(void **state)
{
  (void)state;
  draw_samples(N_IN);
  for (int a = 0; a < IP_N_ACTIVATIONS; a++)
    for (int out = 0; out < IP_N_OUTPUTS; out++) {
      ip_network_options o = tanh_net;
      o.activation = (ip_activation)a;
      o.output = (ip_output)out;
      ip_network *net = make(&o, &adam, N_IN);
      ip_network_weights(net, 0)[5] = NAN;
      double loss, accuracy;
      CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss, &accuracy));
      assert_true(isnan(loss));
      CHECK_NEAR(accuracy, 0, 0);
      CHECK_OK(ip_network_train_batch(net, x, target, NULL, 9, &loss));
      assert_true(isnan(loss));
      assert_true(isnan(ip_network_weights(net, 3)[0]));
      ip_network_destroy(&net);
    }
}

static void infinite_weights_give_a_loss_that_is_not_finite(void **state)
{
  (void)state;
  draw_samples(N_IN);
  ip_network_options o = tanh_net;
  o.activation = IP_LINEAR;
  ip_network *net = make(&o, &adam, N_IN);
  ip_network_weights(net, 3)[0] = INFINITY;
  double loss;
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, 64, &loss));
  assert_true(!isfinite(loss));
  ip_network_destroy(&net);
}

static void equal_seeds_give_equal_training_and_others_do_not(void **state)
{
  (void)state;
  draw_samples(N_IN);
  ip_network *a = make(&tanh_net, &adam, N_IN), *b = make(&tanh_net, &adam, N_IN), *c;
  CHECK_OK(ip_network_create(&tanh_net, &adam, N_IN, N_OUT, 8, &c));
  size_t bytes = ip_network_n_parameters(a) * sizeof(float);
  assert_memory_not_equal(ip_network_parameters(a), ip_network_parameters(c), bytes);
  double before, after, accuracy;
  CHECK_OK(ip_network_evaluate(a, x, target, y, NULL, N, &before, &accuracy));
  for (int step = 0; step < 60; step++) {
    double loss;
    CHECK_OK(ip_network_train_batch(a, x, target, NULL, N, &loss));
    CHECK_OK(ip_network_train_batch(b, x, target, NULL, N, NULL)); /* asking for the loss changes nothing */
  }
  assert_memory_equal(ip_network_parameters(a), ip_network_parameters(b), bytes);
  CHECK_OK(ip_network_evaluate(a, x, target, y, NULL, N, &after, &accuracy));
  assert_true(after < before / 2 && accuracy > 0.9);
  ip_network_destroy(&a);
  ip_network_destroy(&b);
  ip_network_destroy(&c);
}

static void training_goes_on_from_a_saved_state_as_if_never_left(void **state)
{
  (void)state;
  draw_samples(N_IN);
  for (int kind = 0; kind < IP_N_OPTIMIZERS; kind++) {
    ip_training_options t = adam;
    t.optimizer = (ip_optimizer)kind;
    t.momentum = 0.5;
    ip_network *a = make(&tanh_net, &t, N_IN), *b;
    CHECK_OK(ip_network_create(&tanh_net, &t, N_IN, N_OUT, 99, &b));
    for (int step = 0; step < 5; step++) CHECK_OK(ip_network_train_batch(a, x, target, NULL, 100, NULL));
    size_t size = ip_network_state_size(a);
    void *saved = malloc(size), *end = malloc(size);
    ip_network_state_get(a, saved);
    CHECK_OK(ip_network_state_set(b, saved, size));
    for (int step = 0; step < 5; step++) {
      CHECK_OK(ip_network_train_batch(a, x, target, NULL, 100, NULL));
      CHECK_OK(ip_network_train_batch(b, x, target, NULL, 100, NULL));
    }
    ip_network_state_get(a, saved);
    ip_network_state_get(b, end);
    assert_memory_equal(saved, end, size);
    CHECK_FAILS(ip_network_state_set(b, saved, size - 4), IP_EFORMAT, "other widths");
    free(saved);
    free(end);
    ip_network_destroy(&a);
    ip_network_destroy(&b);
  }
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  ip_network *net = NULL;
  ip_network_options o = tanh_net;
  o.activation = IP_SWISH;
  o.initializer = IP_ORTHOGONAL;
  CHECK_EVERY_ALLOCATION(ip_network_create(&o, &adam, N_IN, N_OUT, 1, &net), ip_network_destroy(&net));
  net = make(&o, &adam, N_IN);
  ip_mem_fail_at(2);
  assert_int_equal(ip_network_gradient_begin(net), IP_ENOMEM);
  ip_mem_fail_at(0);
  ip_error_clear();
  CHECK_OK(ip_network_gradient_begin(net));
  ip_network_destroy(&net);
}

static void check_wrong(ip_network_options o, ip_training_options t, size_t n_in, size_t n_out, const char *text)
{
  ip_network *net = (ip_network *)&o;
  CHECK_FAILS(ip_network_create(&o, &t, n_in, n_out, 1, &net), IP_ECONFIG, text);
  assert_null(net);
}

static void impossible_options_are_refused_by_name(void **state)
{
  (void)state;
  const size_t none[] = {10, 0}, huge[] = {SIZE_MAX / 2};
  ip_network_options o = tanh_net;
  check_wrong(o, adam, 0, 2, "no inputs");
  check_wrong(o, adam, 3, 0, "no output");
  o.hidden = none, o.n_hidden = 2;
  check_wrong(o, adam, 3, 2, "network.hidden: layer 2: got 0 units, expected an integer");
  o.hidden = huge, o.n_hidden = 1;
  check_wrong(o, adam, 3, 2, "network.hidden: layer 1");
  o = tanh_net;
  o.activation = IP_N_ACTIVATIONS;
  check_wrong(o, adam, 3, 2, "network.activation: unknown activation number");
  o = tanh_net;
  o.initializer = IP_INITIALIZER_SAME;
  check_wrong(o, adam, 3, 2, "network.initializer: unknown initializer number");
  const double bad[] = {NAN, INFINITY, -INFINITY, -1};
  for (size_t i = 0; i < 4; i++) {
    ip_training_options t = adam;
    t.learning_rate = bad[i];
    check_wrong(tanh_net, t, 3, 2, "training.learning_rate");
    t = adam, t.beta1 = bad[i];
    check_wrong(tanh_net, t, 3, 2, "beta1");
    t = adam, t.beta2 = bad[i];
    check_wrong(tanh_net, t, 3, 2, "beta2");
    t = adam, t.epsilon = bad[i];
    check_wrong(tanh_net, t, 3, 2, "epsilon");
    t = adam, t.weight_decay = bad[i];
    check_wrong(tanh_net, t, 3, 2, "training.weight_decay");
    t = adam, t.max_norm = bad[i];
    check_wrong(tanh_net, t, 3, 2, "training.max_norm");
    t = adam, t.optimizer = IP_MOMENTUM, t.momentum = bad[i];
    check_wrong(tanh_net, t, 3, 2, "momentum");
  }
  ip_training_options t = adam;
  t.learning_rate = 0;
  check_wrong(tanh_net, t, 3, 2, "training.learning_rate");
  t = adam, t.beta2 = 1;
  check_wrong(tanh_net, t, 3, 2, "beta2");
}

static void batches_without_samples_are_errors_and_no_rows_are_no_work(void **state)
{
  (void)state;
  ip_network *net = make(&tanh_net, &adam, N_IN);
  double loss, accuracy;
  CHECK_FAILS(ip_network_train_batch(net, x, target, NULL, 0, &loss), IP_EINVAL, "without samples");
  CHECK_FAILS(ip_network_evaluate(net, x, target, y, NULL, 0, &loss, &accuracy), IP_EINVAL, "no samples");
  CHECK_OK(ip_network_forward(net, x, 0, (float *[4]){NULL}));
  ip_network_destroy(&net);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(activations_and_losses_equal_the_reference),
      cmocka_unit_test(shape_and_names_are_those_asked_for),
      cmocka_unit_test(activations_of_a_sample_have_the_same_bits_whatever_else_is_asked_for),
      cmocka_unit_test(loss_and_accuracy_are_means_over_the_index),
      cmocka_unit_test(one_unit_decides_at_a_half_and_equal_outputs_for_the_first_class),
      cmocka_unit_test(losses_of_extreme_outputs_are_right),
      cmocka_unit_test(nan_reaches_the_loss_through_every_activation_and_output),
      cmocka_unit_test(infinite_weights_give_a_loss_that_is_not_finite),
      cmocka_unit_test(equal_seeds_give_equal_training_and_others_do_not),
      cmocka_unit_test(training_goes_on_from_a_saved_state_as_if_never_left),
      cmocka_unit_test(every_failing_allocation_is_reported),
      cmocka_unit_test(impossible_options_are_refused_by_name),
      cmocka_unit_test(batches_without_samples_are_errors_and_no_rows_are_no_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
