/* Activations that must never change unnoticed.
 *
 * Every published number rests on these bits, and they are promised to be the same for every compiler, instruction set
 * and processor. A digest that changes is a fault, unless what it covers was changed on purpose: then the change goes
 * into the notes of the release, and the new digests, which this test prints, take the place of the old ones. */
#include "base/rng.h"
#include "base/test/check.h"
#include "file/digest.h"
#include "network/network.h"
#include "num/random.h"
#include "num/variant.h"

#include <stdio.h>
#include <string.h>

enum { N = 150, N_IN = 9, N_OUT = 3, BATCH = 47, STEPS = 12, UNITS = 11 };
static const size_t hidden[] = {UNITS, 5, 4};
static float x[N * N_IN], target[N * N_OUT];
static uint32_t row[N];

typedef struct {
  const char *name;
  ip_network_options network;
  ip_training_options training;
  const char *sha256; /* of the activations of all layers, in their order, before and after the steps */
} golden;

#define SHAPE .hidden = hidden, .n_hidden = 3
#define ADAM .optimizer = IP_ADAM, .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8

static const char *const images[] = {"conv:channels=2:kernel=2", "maxpool:size=2:stride=1", "4"};

static const golden runs[] = {
    {"plain",
     {SHAPE, .activation = IP_TANH, .initializer = IP_TRUNCATED_NORMAL_FAN_IN,
      .output_initializer = IP_INITIALIZER_SAME},
     {ADAM},
     "f72f5150768c396e990d8d39f3473d28c9e9274035e0726689c3b31387260a8a"},
    {"relu, with max-norm and decay",
     {SHAPE, .activation = IP_RELU, .initializer = IP_HE_NORMAL, .output_initializer = IP_GLOROT_UNIFORM},
     {.optimizer = IP_MOMENTUM, .learning_rate = 0.02, .momentum = 0.9, .weight_decay = 1e-3, .max_norm = 1},
     "4bfcbdcfec937ba4430e17352b178923a32b8170c3294b2928f205d93bda2c1f"},
    {"swish, linear output",
     {SHAPE, .activation = IP_SWISH, .output = IP_OUTPUT_LINEAR, .initializer = IP_ORTHOGONAL,
      .output_initializer = IP_INITIALIZER_SAME},
     {.optimizer = IP_SGD, .learning_rate = 0.1},
     "9c357e088c027fd206c7c4ca2b5d6e6ddc38d47a7df94dedf9d72bcf98839d3f"},
    {"noise on every unit",
     {SHAPE, .activation = IP_SOFTPLUS, .output = IP_OUTPUT_SIGMOID, .initializer = IP_GLOROT_UNIFORM,
      .output_initializer = IP_INITIALIZER_SAME, .noise_variance = 0.04},
     {ADAM},
     "6ceb44aef45a5f5a62219739846c321d5de01ebf320057a43a99ca307c94875f"},
    {"vib",
     {SHAPE, .activation = IP_ELU, .initializer = IP_GLOROT_UNIFORM, .output_initializer = IP_INITIALIZER_SAME},
     {ADAM, .objective = IP_VIB, .beta = 0.01},
     "42e4bed38e3467fe8c05ae9e23ab394e6f8f5e718bae80eb918814fdbece06c4"},
    {"quantized",
     {SHAPE, .activation = IP_SIGMOID, .initializer = IP_GLOROT_UNIFORM, .output_initializer = IP_INITIALIZER_SAME,
      .quantize_bits = 4},
     {ADAM},
     "a4817f5d9dbb93e36de9fbfbbb30687e9f0f4533fc6c4bdaa34c964af2d37c7f"},
    {"convolution and pooling",
     {.layers = images,
      .n_layers = 3,
      .shape = {1, 3, 3},
      .activation = IP_TANH,
      .initializer = IP_GLOROT_UNIFORM,
      .output_initializer = IP_INITIALIZER_SAME},
     {ADAM},
     "caa3204c000af4c1b36bf2fcb0120eeb07e57cfae8b9810957377e2a441a0d89"},
};

static void draw_samples(void)
{
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)(4 * ip_rng_uniform(&r) - 2);
  for (size_t i = 0; i < N; i++) {
    row[i] = (uint32_t)i;
    target[i * N_OUT + (x[i * N_IN] > 0) + (x[i * N_IN + 1] > x[i * N_IN + 2])] = 1;
  }
  ip_shuffle(&r, N, row);
}

static void add_activations(ip_network *net, ip_digest *d)
{
  static float t[4][N * UNITS];
  CHECK_OK(ip_network_forward(net, x, N, (float *[]){t[0], t[1], t[2], t[3]}));
  for (size_t k = 0; k < ip_network_n_layers(net); k++)
    ip_digest_add(d, t[k], N * ip_network_width(net, k) * sizeof(float));
}

static void digest_of(const golden *g, char text[static IP_DIGEST_TEXT])
{
  ip_network *net;
  ip_digest d;
  CHECK_OK(ip_network_create(&g->network, &g->training, N_IN, N_OUT, 20171, &net));
  ip_digest_begin(&d);
  add_activations(net, &d);
  for (size_t s = 0; s < STEPS; s++) CHECK_OK(ip_network_train_batch(net, x, target, row + s % 3 * BATCH, BATCH, NULL));
  add_activations(net, &d);
  ip_digest_end(&d, text);
  ip_network_destroy(&net);
}

static void activations_have_the_bits_they_always_had(void **state)
{
  (void)state;
  static const int widths[] = {128, 256, 512, 0}; /* what the processor lacks is passed over for the next narrower */
  draw_samples();
  size_t wrong = 0;
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
      char text[IP_DIGEST_TEXT];
      ip_variant_limit(widths[w]);
      digest_of(&runs[i], text);
      if (!strcmp(text, runs[i].sha256)) continue;
      fprintf(stderr, "%s, vectors of %d bits: %s\n", runs[i].name, widths[w], text);
      wrong++;
    }
  ip_variant_limit(0);
  assert_int_equal(wrong, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(activations_have_the_bits_they_always_had),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
