#include "network/network.h"

#include "base/test/check.h"

#include <math.h>
#include <string.h>

enum { IN = 150, OUT = 60 };
static const ip_training_options sgd = {.optimizer = IP_SGD, .learning_rate = 1};

/* A network IN-OUT-IN, whose two layers have weights (OUT, IN) and (IN, OUT). */
static ip_network *make(ip_initializer kind, ip_initializer output, uint64_t seed)
{
  static const size_t hidden[] = {OUT};
  ip_network *net;
  ip_network_options o = {.hidden = hidden,
                          .n_hidden = 1,
                          .activation = IP_TANH,
                          .output = IP_OUTPUT_LINEAR,
                          .initializer = kind,
                          .output_initializer = output};
  CHECK_OK(ip_network_create(&o, &sgd, IN, IN, seed, &net));
  return net;
}

typedef struct {
  double mean, variance, fourth, largest;
} moments;

static moments moments_of(const float *w, size_t n)
{
  moments m = {0};
  for (size_t i = 0; i < n; i++) m.mean += (double)w[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    double d = (double)w[i] - m.mean;
    m.variance += d * d / (double)n;
    m.fourth += d * d * d * d / (double)n;
    m.largest = fmax(m.largest, fabs((double)w[i]));
  }
  return m;
}

/* Mean 0 and the variance and fourth moment expected, within 4.5 standard errors; all below `bound`, some near it.
 * Variance of a normal cut at two standard deviations: 1 - 4 phi(2)/(2 Phi(2) - 1) = 0.773741; fourth moment
 * 3 * 0.773741 - 16 phi(2)/(2 Phi(2) - 1) = 1.416189. */
static void check(const float *w, double variance, double fourth, double bound)
{
  enum { COUNT = IN * OUT };
  moments m = moments_of(w, COUNT);
  CHECK_NEAR(m.mean, 0, 4.5 * sqrt(variance / COUNT));
  CHECK_NEAR(m.variance, variance, 4.5 * sqrt((fourth - variance * variance) / COUNT));
  CHECK_NEAR(m.fourth / fourth, 1, 0.12);
  assert_true(m.largest <= bound * (1 + 1e-6));
  assert_true(m.largest > (isfinite(bound) ? 0.99 * bound : 3 * sqrt(variance)));
}

static void weights_have_the_moments_of_their_distribution(void **state)
{
  (void)state;
  const double cut2 = 0.773741, cut4 = 1.416189;
  for (uint64_t seed = 0; seed < 3; seed++) {
    for (size_t k = 0; k < 2; k++) {
      double fan_in = k ? OUT : IN, fan_out = k ? IN : OUT;
      ip_network *net = make(IP_TRUNCATED_NORMAL_FAN_IN, IP_INITIALIZER_SAME, seed);
      check(ip_network_weights(net, k), cut2 / fan_in, cut4 / (fan_in * fan_in), 2 / sqrt(fan_in));
      ip_network_destroy(&net);
      net = make(IP_TRUNCATED_NORMAL_FAN_OUT, IP_INITIALIZER_SAME, seed);
      check(ip_network_weights(net, k), cut2 / fan_out, cut4 / (fan_out * fan_out), 2 / sqrt(fan_out));
      ip_network_destroy(&net);
      net = make(IP_GLOROT_UNIFORM, IP_INITIALIZER_SAME, seed);
      double bound = sqrt(6 / (fan_in + fan_out));
      check(ip_network_weights(net, k), bound * bound / 3, pow(bound, 4) / 5, bound);
      ip_network_destroy(&net);
      net = make(IP_HE_NORMAL, IP_INITIALIZER_SAME, seed);
      check(ip_network_weights(net, k), 2 / fan_in, 3 * 4 / (fan_in * fan_in), INFINITY);
      ip_network_destroy(&net);
      net = make(IP_PYTORCH, IP_INITIALIZER_SAME, seed);
      check(ip_network_weights(net, k), 1 / fan_in / 3, 1 / (fan_in * fan_in) / 5, 1 / sqrt(fan_in));
      ip_network_destroy(&net);
    }
  }
}

/* Biases of many seeds, uniform like the weights: mean 0, variance 1 / (3 fan_in), and none equal to a weight. */
static void biases_of_pytorch_are_uniform(void **state)
{
  (void)state;
  enum { SEEDS = IN };
  static float b[SEEDS * OUT];
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    ip_network *net = make(IP_PYTORCH, IP_ZEROS, seed);
    memcpy(b + seed * OUT, ip_network_biases(net, 0), OUT * sizeof *b);
    for (size_t i = 0; i < OUT; i++) assert_true(b[seed * OUT + i] != ip_network_weights(net, 0)[i]);
    for (size_t i = 0; i < IN; i++) assert_true(ip_network_biases(net, 1)[i] == 0.0f);
    ip_network_destroy(&net);
  }
  check(b, 1.0 / IN / 3, 1.0 / (IN * IN) / 5, 1 / sqrt(IN));
}

static void weight_scale_multiplies_what_is_drawn(void **state)
{
  (void)state;
  static const size_t hidden[] = {OUT};
  ip_network_options o = {.hidden = hidden, .n_hidden = 1, .initializer = IP_PYTORCH, .weight_scale = 8};
  o.output = IP_OUTPUT_LINEAR, o.output_initializer = IP_INITIALIZER_SAME;
  ip_network *scaled, *net = make(IP_PYTORCH, IP_INITIALIZER_SAME, 5);
  CHECK_OK(ip_network_create(&o, &sgd, IN, IN, 5, &scaled));
  for (size_t i = 0; i < ip_network_n_parameters(net); i++)
    assert_true(ip_network_parameters(scaled)[i] == 8 * ip_network_parameters(net)[i]);
  ip_network_destroy(&net);
  ip_network_destroy(&scaled);
}

static void orthogonal_rows_or_columns_are_orthonormal(void **state)
{
  (void)state;
  ip_network *net = make(IP_ORTHOGONAL, IP_INITIALIZER_SAME, 1);
  const float *rows = ip_network_weights(net, 0), *columns = ip_network_weights(net, 1);
  for (size_t i = 0; i < OUT; i++)
    for (size_t j = 0; j <= i; j++) {
      double r = 0, c = 0;
      for (size_t k = 0; k < IN; k++) {
        r += (double)rows[i * IN + k] * (double)rows[j * IN + k];
        c += (double)columns[k * OUT + i] * (double)columns[k * OUT + j];
      }
      CHECK_NEAR(r, i == j, 2e-7);
      CHECK_NEAR(c, i == j, 2e-7);
    }
  moments m = moments_of(rows, IN * OUT); /* entries of a random direction: mean 0, variance 1/IN */
  CHECK_NEAR(m.mean, 0, 4.5 / sqrt((double)IN * IN * OUT));
  CHECK_NEAR(m.variance, 1.0 / IN, 1e-3 / IN);
  ip_network_destroy(&net);
}

static void the_output_layer_can_have_its_own_and_biases_begin_at_zero(void **state)
{
  (void)state;
  ip_network *net = make(IP_HE_NORMAL, IP_ZEROS, 1), *same = make(IP_HE_NORMAL, IP_INITIALIZER_SAME, 1);
  assert_memory_equal(ip_network_weights(net, 0), ip_network_weights(same, 0), IN * OUT * sizeof(float));
  for (size_t i = 0; i < IN * OUT; i++) assert_true(ip_network_weights(net, 1)[i] == 0.0f);
  for (size_t u = 0; u < IN; u++) assert_true(ip_network_biases(same, 1)[u] == 0.0f);
  for (size_t u = 0; u < OUT; u++) assert_true(ip_network_biases(same, 0)[u] == 0.0f);
  assert_memory_not_equal(ip_network_weights(same, 0), ip_network_weights(same, 1), IN * OUT * sizeof(float));
  ip_network_destroy(&net);
  ip_network_destroy(&same);
}

/* Pins the streams: a change of these numbers changes every result ever published with the program. */
static void a_seed_always_gives_the_same_weights(void **state)
{
  (void)state;
  ip_network *net = make(IP_GLOROT_UNIFORM, IP_INITIALIZER_SAME, 2026);
  const double first[] = {0.132127479, -0.143983975}, second[] = {0.0463768244, -0.137140319};
  for (size_t i = 0; i < 2; i++) {
    CHECK_NEAR((double)ip_network_weights(net, 0)[i], first[i], 1e-9);
    CHECK_NEAR((double)ip_network_weights(net, 1)[i], second[i], 1e-9);
  }
  ip_network_destroy(&net);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(weights_have_the_moments_of_their_distribution),
      cmocka_unit_test(biases_of_pytorch_are_uniform),
      cmocka_unit_test(weight_scale_multiplies_what_is_drawn),
      cmocka_unit_test(orthogonal_rows_or_columns_are_orthonormal),
      cmocka_unit_test(the_output_layer_can_have_its_own_and_biases_begin_at_zero),
      cmocka_unit_test(a_seed_always_gives_the_same_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
