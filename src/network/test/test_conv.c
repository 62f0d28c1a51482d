#include "base/rng.h"
#include "base/team.h"
#include "base/test/check.h"
#include "network/test/reference_conv.h"
#include "network/test/torch_conv.h"
#include "num/variant.h"

enum { N = 75, N_OUT = 3, MOST_PARAMETERS = 8000, MOST_LAYERS = 8 };
static float x[N * 1400], target[N * N_OUT], gradient[MOST_PARAMETERS];

/* A network in the words of the library and in those of the reference. */
typedef struct problem {
  const char *layers[MOST_LAYERS];
  reference_layer reference[MOST_LAYERS];
  size_t n_entries, n_layers, shape[3];
  ip_activation activation;
} problem;

static const problem problems[] = {
    {{"conv:channels=3:kernel=3:padding=1", "maxpool:size=2", "conv:channels=4:kernel=2", "avgpool:size=2", "flatten",
      "5"},
     {{IP_CONV, 3, 3, 1, 1},
      {IP_MAX_POOL, 0, 2, 2, 0},
      {IP_CONV, 4, 2, 1, 0},
      {IP_MEAN_POOL, 0, 2, 2, 0},
      {IP_DENSE, 5, 0, 0, 0}},
     6,
     5,
     {1, 9, 10},
     IP_TANH},
    /* strides, windows that overlap, and windows that leave some positions out */
    {{"conv:channels=3:kernel=3:stride=2:padding=1", "conv:channels=7:kernel=3:stride=2", "maxpool:size=2:stride=1"},
     {{IP_CONV, 3, 3, 2, 1}, {IP_CONV, 7, 3, 2, 0}, {IP_MAX_POOL, 0, 2, 1, 0}},
     3,
     3,
     {2, 13, 12},
     IP_SOFTPLUS},
    {{"maxpool:size=2:stride=3", "conv:channels=17:kernel=2:stride=3:padding=1", "conv:channels=2:kernel=1",
      "avgpool:size=2:stride=1"},
     {{IP_MAX_POOL, 0, 2, 3, 0}, {IP_CONV, 17, 2, 3, 1}, {IP_CONV, 2, 1, 1, 0}, {IP_MEAN_POOL, 0, 2, 1, 0}},
     4,
     4,
     {3, 14, 14},
     IP_SWISH},
    /* a stride that is larger than the kernel, below which some units have no derivative; padding of kernel - 1 */
    {{"conv:channels=4:kernel=3:padding=2", "conv:channels=3:kernel=2:stride=3:padding=1", "4"},
     {{IP_CONV, 4, 3, 1, 2}, {IP_CONV, 3, 2, 3, 1}, {IP_DENSE, 4, 0, 0, 0}},
     3,
     3,
     {1, 6, 7},
     IP_ELU},
    /* more than one chunk of samples */
    {{"conv:channels=8:kernel=3:padding=1", "avgpool:size=16"},
     {{IP_CONV, 8, 3, 1, 1}, {IP_MEAN_POOL, 0, 16, 16, 0}},
     2,
     2,
     {1, 36, 36},
     IP_TANH},
    /* layers of dense units alone */
    {{"6", "4"}, {{IP_DENSE, 6, 0, 0, 0}, {IP_DENSE, 4, 0, 0, 0}}, 2, 2, {1, 1, 7}, IP_TANH},
};
enum { N_PROBLEMS = sizeof problems / sizeof *problems, SEVERAL_CHUNKS = 4 };

static ip_network_options options_of(const problem *p)
{
  return (ip_network_options){.layers = p->layers,
                              .n_layers = p->n_entries,
                              .shape = {p->shape[0], p->shape[1], p->shape[2]},
                              .activation = p->activation,
                              .initializer = IP_GLOROT_UNIFORM,
                              .output_initializer = IP_INITIALIZER_SAME};
}

static size_t n_in_of(const problem *p)
{
  return p->shape[0] * p->shape[1] * p->shape[2];
}

static void draw_samples(const problem *p)
{
  ip_rng r = ip_rng_open(5, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * n_in_of(p); i++) x[i] = (float)ip_rng_normal(&r);
  memset(target, 0, sizeof target);
  for (size_t i = 0; i < N; i++) target[i * N_OUT + ip_rng_below(&r, N_OUT)] = 1;
}

static ip_network *create(const problem *p, ip_positions positions)
{
  ip_network *net;
  ip_network_options o = options_of(p);
  ip_training_options t = {.optimizer = IP_MOMENTUM, .learning_rate = 0.1, .momentum = 0.9};
  o.positions = positions;
  CHECK_OK(ip_network_create(&o, &t, n_in_of(p), N_OUT, 3, &net));
  ip_rng r = ip_rng_open(6, IP_RNG_TEST, 0);
  assert_true(ip_network_n_parameters(net) <= MOST_PARAMETERS);
  for (size_t i = 0; i < ip_network_n_parameters(net); i++)
    ip_network_parameters(net)[i] += (float)(0.1 * ip_rng_normal(&r)); /* biases would be 0 */
  return net;
}

static double mean_loss(const problem *p, size_t n, const double *parameter)
{
  ip_network_options o = options_of(p);
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += reference_conv_loss(&o, p->n_layers, p->reference, N_OUT, parameter, x + i * n_in_of(p), target + i * N_OUT,
                               NULL);
  return sum / (double)n;
}

static void the_gradient_is_that_of_central_differences(void **state)
{
  (void)state;
  static double parameter[MOST_PARAMETERS];
  for (size_t k = 0; k < N_PROBLEMS; k++) {
    const problem *p = &problems[k];
    size_t n = k == SEVERAL_CHUNKS ? 37 : 19, stride = k == SEVERAL_CHUNKS ? 13 : 1;
    draw_samples(p);
    ip_network *net = create(p, IP_POSITIONS_FLAT);
    for (size_t i = 0; i < ip_network_n_parameters(net); i++) parameter[i] = (double)ip_network_parameters(net)[i];
    double loss, largest = 0;
    CHECK_OK(ip_network_gradient(net, x, target, NULL, n, gradient, &loss));
    CHECK_NEAR(loss / (double)n, mean_loss(p, n, parameter), 1e-6);
    for (size_t i = 0; i < ip_network_n_parameters(net); i += stride) {
      double at = parameter[i], h = 1e-5;
      parameter[i] = at + h;
      double above = mean_loss(p, n, parameter);
      parameter[i] = at - h;
      double difference = (above - mean_loss(p, n, parameter)) / (2 * h);
      parameter[i] = at;
      CHECK_NEAR((double)gradient[i], difference, 2e-6);
      largest = fmax(largest, fabs(difference));
    }
    assert_true(largest > 1e-3);
    ip_network_destroy(&net);
  }
}

/* What readers get of image m of one sample. */
static double reference_read(const reference_image *m, ip_positions positions, size_t unit)
{
  size_t area = m->height * m->width;
  if (positions == IP_POSITIONS_FLAT || area == 1) return m->at[unit];
  double sum = 0, best = -INFINITY;
  for (size_t i = 0; i < area; i++) sum += m->at[unit * area + i], best = fmax(best, m->at[unit * area + i]);
  return positions == IP_POSITIONS_MEAN ? sum / (double)area : best;
}

static void activations_are_those_of_the_reference_flat_or_pooled_over_positions(void **state)
{
  (void)state;
  static float t[MOST_LAYERS][N * 10400];
  static double parameter[MOST_PARAMETERS];
  static reference_image image[MOST_LAYERS];
  for (size_t k = 0; k < N_PROBLEMS; k++)
    for (int positions = 0; positions < IP_N_POSITIONS; positions++) {
      const problem *p = &problems[k];
      float *at[MOST_LAYERS];
      draw_samples(p);
      ip_network *net = create(p, (ip_positions)positions);
      ip_network_options o = options_of(p);
      assert_int_equal(ip_network_n_layers(net), p->n_layers + 1);
      for (size_t l = 0; l <= p->n_layers; l++) at[l] = t[l];
      CHECK_OK(ip_network_forward(net, x, N, at));
      for (size_t i = 0; i < ip_network_n_parameters(net); i++) parameter[i] = (double)ip_network_parameters(net)[i];
      for (size_t i = 0; i < N; i += 11) {
        reference_conv_loss(&o, p->n_layers, p->reference, N_OUT, parameter, x + i * n_in_of(p), target + i * N_OUT,
                            image);
        for (size_t l = 0; l <= p->n_layers; l++) {
          size_t width = ip_network_width(net, l);
          for (size_t u = 0; u < width; u++)
            CHECK_NEAR((double)t[l][i * width + u], reference_read(&image[l], (ip_positions)positions, u), 3e-6);
        }
      }
      ip_network_destroy(&net);
    }
}

/* The parameters after three steps, and the activations of the last hidden layer. */
static size_t train(const problem *p, size_t n_threads, float *result)
{
  ip_network *net = create(p, IP_POSITIONS_FLAT);
  ip_team *team;
  CHECK_OK(ip_team_create(n_threads, &team));
  ip_network_use_team(net, team);
  for (int s = 0; s < 3; s++) CHECK_OK(ip_network_train_batch(net, x, target, NULL, N, NULL));
  size_t n = ip_network_n_parameters(net), width = ip_network_width(net, p->n_layers - 1);
  memcpy(result, ip_network_parameters(net), n * sizeof *result);
  float *at[MOST_LAYERS] = {NULL};
  at[p->n_layers - 1] = result + n;
  CHECK_OK(ip_network_forward(net, x, N, at));
  ip_network_destroy(&net);
  ip_team_destroy(&team);
  return n + N * width;
}

static void bits_depend_on_neither_threads_nor_the_width_of_vectors(void **state)
{
  (void)state;
  static float one[MOST_PARAMETERS + N * 10400], other[MOST_PARAMETERS + N * 10400];
  static const int widths[] = {128, 256, 512, 0};
  /* large enough that its layers are shared out */
  static const problem large = {
      {"conv:channels=6:kernel=5:padding=2", "maxpool:size=7:stride=2", "conv:channels=26:kernel=3:stride=2"},
      {{0}},
      3,
      3,
      {1, 28, 28},
      IP_RELU};
  for (size_t k = 0; k <= N_PROBLEMS; k++) {
    const problem *p = k < N_PROBLEMS ? &problems[k] : &large;
    draw_samples(p);
    size_t n = train(p, 1, one);
    for (size_t threads = 1; threads <= 4; threads++)
      for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        ip_variant_limit(widths[w]);
        assert_int_equal(train(p, threads, other), n);
        assert_memory_equal(other, one, n * sizeof *one);
      }
    ip_variant_limit(0);
  }
}

static void activations_of_a_sample_do_not_depend_on_the_others(void **state)
{
  (void)state;
  static float all[N * 512], few[N * 512];
  const problem *p = &problems[0];
  draw_samples(p);
  ip_network *net = create(p, IP_POSITIONS_FLAT);
  float *at[MOST_LAYERS] = {[2] = all}, *some[MOST_LAYERS] = {[2] = few};
  CHECK_OK(ip_network_forward(net, x, N, at));
  for (size_t first = 0; first < N; first += 7) {
    size_t width = ip_network_width(net, 2), n = N - first < 7 ? N - first : 7;
    CHECK_OK(ip_network_forward(net, x + first * n_in_of(p), n, some));
    assert_memory_equal(few, all + first * width, n * width * sizeof *few);
  }
  ip_network_destroy(&net);
}

static void layers_are_named_by_kind_and_number(void **state)
{
  (void)state;
  static const char *const names[] = {"conv1", "maxpool1", "conv2", "avgpool1", "dense1", "output"};
  static const size_t widths[] = {3 * 9 * 10, 3 * 4 * 5, 4 * 3 * 4, 4 * 1 * 2, 5, N_OUT},
                      means[] = {3, 3, 4, 4, 5, N_OUT};
  ip_network *flat = create(&problems[0], IP_POSITIONS_FLAT), *mean = create(&problems[0], IP_POSITIONS_MEAN);
  for (size_t k = 0; k < 6; k++) {
    assert_string_equal(ip_network_layer_name(flat, k).text, names[k]);
    assert_int_equal(ip_network_width(flat, k), widths[k]);
    assert_int_equal(ip_network_width(mean, k), means[k]);
  }
  assert_string_equal(ip_network_activation_name(flat, 0), "tanh");
  assert_string_equal(ip_network_activation_name(flat, 1), "linear");
  ip_network_size size;
  ip_network_options o = options_of(&problems[0]);
  CHECK_OK(ip_network_measure(&o, 90, N_OUT, &size));
  assert_int_equal(size.n_layers, 6);
  CHECK_NEAR(size.products, 3 * 90 * 9 + 60 * 4 + 4 * 12 * 12 + 8 * 4 + 8 * 5 + 5 * 3, 0);
  ip_network_destroy(&flat);
  ip_network_destroy(&mean);
}

/* As in PyTorch: an input of a convolution reaches channels * kernel^2 units, and biases start at 0. */
static void initial_weights_know_the_fans_of_a_convolution(void **state)
{
  (void)state;
  static const char *const layers[] = {"conv:channels=64:kernel=5"};
  ip_network_options o = {.layers = layers, .n_layers = 1, .shape = {1, 6, 6}, .output_initializer = IP_ZEROS};
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1};
  const struct {
    ip_initializer kind;
    double sd; /* of 1600 weights: the estimate of it has a relative standard deviation of at most 1 / sqrt(3200) */
  } kinds[] = {{IP_GLOROT_UNIFORM, sqrt(2.0 / (25 + 1600))}, {IP_HE_NORMAL, sqrt(2.0 / 25)}};
  for (size_t k = 0; k < 2; k++) {
    ip_network *net;
    double square = 0;
    o.initializer = kinds[k].kind;
    CHECK_OK(ip_network_create(&o, &t, 36, 2, 1, &net));
    const float *w = ip_network_weights(net, 0), *b = ip_network_biases(net, 0);
    assert_int_equal(b - w, 1600);
    for (size_t i = 0; i < 1600; i++) square += (double)w[i] * (double)w[i];
    CHECK_NEAR(sqrt(square / 1600) / kinds[k].sd, 1, 5 / sqrt(3200));
    for (size_t i = 0; i < 64; i++) assert_true(b[i] == 0);
    ip_network_destroy(&net);
  }
}

/* ---------------------------------------------------------------- what cannot be */

static void check_refused(const char *first, const char *second, const char *message)
{
  const char *const layers[] = {first, second};
  ip_network *net;
  ip_network_options o = {.layers = layers, .n_layers = 2, .shape = {1, 6, 6}};
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1};
  CHECK_FAILS(ip_network_create(&o, &t, 36, 2, 1, &net), IP_ECONFIG, message);
  assert_null(net);
}

static void layers_that_cannot_be_are_refused(void **state)
{
  (void)state;
  check_refused("10", "conv:channels=2:kernel=3",
                "network.layers: entry 2, 'conv:channels=2:kernel=3': follows a flat");
  check_refused("flatten", "maxpool:size=2", "entry 2, 'maxpool:size=2': follows a flat layer");
  check_refused("flatten", "flatten", "entry 2, 'flatten': follows a flat layer");
  check_refused("conv:channels=2", "3", "entry 1, 'conv:channels=2': kernel is missing; give conv:kernel=NUMBER");
  check_refused("conv:channels=2:kernel=3:padding=3", "3", "padding: got 3, expected less than the kernel, 3");
  check_refused("conv:channels=2:kernel=9", "3", "a window of 9x9 does not fit into an image of 6x6");
  check_refused("conv:chanels=2:kernel=3", "3", "did you mean 'channels'?");
  check_refused("conv:channels=2:kernel=3:kernel=3", "3", "kernel is given twice");
  check_refused("conv:channels=0:kernel=3", "3", "channels: got '0', expected an integer in [1, 100000]");
  check_refused("conv:channels=90000:kernel=3", "3", "at most 1048576 units are possible");
  check_refused("convolution:channels=2", "3", "unknown layer 'convolution'");
  check_refused("maxpool", "3", "size is missing");
  check_refused("maxpool:size", "3", "expected key=value after ':', got 'size'");
  check_refused("flatten:size=2", "3", "flatten has no parameters");
  check_refused("0", "3", "expected a number of units in [1, 100000]");
}

static void options_that_layers_with_positions_cannot_have_are_refused(void **state)
{
  (void)state;
  static const char *const layers[] = {"conv:channels=2:kernel=3", "avgpool:size=2"};
  const size_t hidden[] = {3};
  ip_network *net;
  ip_network_options plain = {.layers = layers, .n_layers = 2, .shape = {1, 6, 6}}, o = plain;
  ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1}, vib = t;
  o.hidden = hidden, o.n_hidden = 1;
  CHECK_FAILS(ip_network_create(&o, &t, 36, 2, 1, &net), IP_ECONFIG, "network.layers: network.hidden is given too");
  o = plain, o.noise_variance = 1;
  CHECK_FAILS(ip_network_create(&o, &t, 36, 2, 1, &net), IP_ECONFIG, "network.noise_layers: layer 1 is one of");
  static const char *const noisy[] = {"maxpool:size=2", "flatten", "3"};
  const size_t second[] = {2};
  o = plain, o.layers = noisy, o.n_layers = 3, o.dropout = 0.5, o.noise_layers = second, o.n_noise_layers = 1;
  CHECK_OK(ip_network_create(&o, &t, 36, 2, 1, &net));
  ip_network_destroy(&net);
  o = plain, o.quantize_bits = 4;
  CHECK_FAILS(ip_network_create(&o, &t, 36, 2, 1, &net), IP_ECONFIG, "network.quantize_bits: means of avgpool");
  vib.objective = IP_VIB;
  CHECK_FAILS(ip_network_create(&plain, &vib, 36, 2, 1, &net), IP_ECONFIG, "training.objective: vib needs a dense");
  CHECK_FAILS(ip_network_create(&plain, &t, 37, 2, 1, &net), IP_ECONFIG, "dataset.shape: 1 x 6 x 6 inputs");
  o = plain, o.shape[0] = 0;
  CHECK_FAILS(ip_network_create(&o, &t, 36, 2, 1, &net), IP_ECONFIG, "dataset.shape: convolution and pooling need");
  o = plain, o.layers = layers, o.n_layers = 1;
  CHECK_EVERY_ALLOCATION(ip_network_create(&o, &t, 36, 2, 1, &net), ip_network_destroy(&net));
}

/* ---------------------------------------------------------------- PyTorch */

static void fill(size_t n, uint64_t salt, double scale, float *to)
{
  for (uint64_t i = 0; i < n; i++)
    to[i] = (float)(2 * scale * ((double)((i * 2654435761 + salt * 40503) % 4294967296) / 4294967296 - 0.5));
}

static void compare(const ip_network_options *o, const ip_training_options *t, const float *losses, size_t n_losses,
                    const float *parameters, size_t n_parameters, double tolerance)
{
  enum { SAMPLES = 48, BATCH = 16 };
  size_t n_in = o->shape[0] * o->shape[1] * o->shape[2], salt = 1;
  ip_network *net;
  CHECK_OK(ip_network_create(o, t, n_in, N_OUT, 1, &net));
  assert_int_equal(ip_network_n_parameters(net), n_parameters);
  for (size_t k = 0; k < ip_network_n_layers(net); k++) {
    float *end =
        k + 1 < ip_network_n_layers(net) ? ip_network_weights(net, k + 1) : ip_network_parameters(net) + n_parameters;
    if (ip_network_weights(net, k) == end) continue;
    fill((size_t)(ip_network_biases(net, k) - ip_network_weights(net, k)), salt++, 0.3, ip_network_weights(net, k));
    fill((size_t)(end - ip_network_biases(net, k)), salt++, 0.3, ip_network_biases(net, k));
  }
  fill(SAMPLES * n_in, 100, 1, x);
  memset(target, 0, sizeof target);
  for (size_t i = 0; i < SAMPLES; i++) target[i * N_OUT + i * 7 % N_OUT] = 1;
  for (size_t s = 0; s < n_losses; s++) {
    double loss;
    CHECK_OK(ip_network_train_batch(net, x + s % 3 * BATCH * n_in, target + s % 3 * BATCH * N_OUT, NULL, BATCH, &loss));
    CHECK_NEAR(loss / BATCH, (double)losses[s], tolerance);
  }
  for (size_t i = 0; i < n_parameters; i++)
    CHECK_NEAR((double)ip_network_parameters(net)[i], (double)parameters[i], tolerance);
  ip_network_destroy(&net);
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void fifty_steps_equal_those_of_pytorch(void **state)
{
  (void)state;
  static const char *const one[] = {"conv:channels=4:kernel=5:padding=2",
                                    "maxpool:size=2",
                                    "conv:channels=6:kernel=3",
                                    "avgpool:size=2",
                                    "flatten",
                                    "8"};
  static const char *const two[] = {"conv:channels=5:kernel=3:stride=2:padding=1", "maxpool:size=2:stride=1",
                                    "conv:channels=4:kernel=2"};
  compare(&(ip_network_options){.layers = one,
                                .n_layers = COUNT(one),
                                .shape = {1, 12, 12},
                                .activation = IP_RELU,
                                .output_initializer = IP_INITIALIZER_SAME},
          &(ip_training_options){
              .optimizer = IP_ADAM, .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8},
          first_losses, COUNT(first_losses), first_parameters, COUNT(first_parameters), 2e-5);
  compare(&(ip_network_options){.layers = two,
                                .n_layers = COUNT(two),
                                .shape = {2, 8, 7},
                                .activation = IP_TANH,
                                .output_initializer = IP_INITIALIZER_SAME},
          &(ip_training_options){.optimizer = IP_MOMENTUM, .learning_rate = 0.1, .momentum = 0.9}, second_losses,
          COUNT(second_losses), second_parameters, COUNT(second_parameters), 2e-5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gradient_is_that_of_central_differences),
      cmocka_unit_test(activations_are_those_of_the_reference_flat_or_pooled_over_positions),
      cmocka_unit_test(bits_depend_on_neither_threads_nor_the_width_of_vectors),
      cmocka_unit_test(activations_of_a_sample_do_not_depend_on_the_others),
      cmocka_unit_test(layers_are_named_by_kind_and_number),
      cmocka_unit_test(initial_weights_know_the_fans_of_a_convolution),
      cmocka_unit_test(layers_that_cannot_be_are_refused),
      cmocka_unit_test(options_that_layers_with_positions_cannot_have_are_refused),
      cmocka_unit_test(fifty_steps_equal_those_of_pytorch),
  };
  return cmocka_run_group_tests_name("network/conv", tests, NULL, NULL);
}
