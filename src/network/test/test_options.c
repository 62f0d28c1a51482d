/* Ranges of all options at their ends, and options that exclude each other. */
#include "network/inside.h"

#include "base/test/check.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const size_t hidden[] = {4, 3};
static const ip_network_options small = {.hidden = hidden,
                                         .n_hidden = 2,
                                         .activation = IP_TANH,
                                         .output = IP_OUTPUT_SOFTMAX,
                                         .initializer = IP_HE_NORMAL,
                                         .output_initializer = IP_INITIALIZER_SAME};
/* With everything on that has a range of its own. */
static const ip_training_options cosine = {.optimizer = IP_ADAM,
                                           .learning_rate = 0.1,
                                           .rate_schedule = IP_RATE_COSINE,
                                           .updates = 10,
                                           .step_every = 1,
                                           .step_factor = 0.5,
                                           .beta1 = 0.5,
                                           .beta2 = 0.5,
                                           .epsilon = 1e-8};

typedef struct option {
  const char *name;
  bool of_network, is_whole;
  size_t at;
  const char *range; /* as documented */
  enum { PLAIN, STEP, VIB } with;
} option;

#define NETWORK(field, whole, range)                                                                                   \
  {                                                                                                                    \
    "network." #field, true, whole, offsetof(ip_network_options, field), range, PLAIN                                  \
  }
#define TRAINING(field, whole, range, with)                                                                            \
  {                                                                                                                    \
    "training." #field, false, whole, offsetof(ip_training_options, field), range, with                                \
  }

static const option options[] = {
    NETWORK(weight_scale, false, "(0, inf)"),
    NETWORK(quantize_bits, true, "[0, 16]"),
    NETWORK(quantize_range, false, "(0, inf)"),
    NETWORK(noise_variance, false, "[0, inf)"),
    NETWORK(multiplicative_noise, false, "[0, inf)"),
    NETWORK(dropout, false, "[0, 1)"),
    TRAINING(learning_rate, false, "(0, inf)", PLAIN),
    TRAINING(momentum, false, "[0, 1)", PLAIN),
    TRAINING(beta1, false, "[0, 1)", PLAIN),
    TRAINING(beta2, false, "[0, 1)", PLAIN),
    TRAINING(epsilon, false, "(0, inf)", PLAIN),
    TRAINING(weight_decay, false, "[0, inf)", PLAIN),
    TRAINING(max_norm, false, "[0, inf)", PLAIN),
    TRAINING(clip_norm, false, "[0, inf)", PLAIN),
    TRAINING(ema_decay, false, "[0, 1)", PLAIN),
    TRAINING(label_smoothing, false, "[0, 1)", PLAIN),
    TRAINING(final_factor, false, "[0, 1]", PLAIN),
    TRAINING(warmup, true, "[0, 1000000000000]", PLAIN),
    TRAINING(step_every, true, "[1, 1000000000000]", STEP),
    TRAINING(step_factor, false, "(0, 1]", STEP),
    TRAINING(beta, false, "[0, inf)", VIB),
    TRAINING(evaluation_samples, true, "[1, 65535]", PLAIN),
};

static ip_status check_with(const option *o, double value)
{
  ip_network_options n = small;
  ip_training_options t = cosine;
  if (o->with == STEP) t.rate_schedule = IP_RATE_STEP;
  if (o->with == VIB) t.objective = IP_VIB;
  char *field = (o->of_network ? (char *)&n : (char *)&t) + o->at;
  if (o->is_whole)
    *(int64_t *)(void *)field = (int64_t)value;
  else
    *(double *)(void *)field = value;
  return ip_network_check_options(&n, &t);
}

/* 0 in options that do not name it stands for the default. */
static bool means_default(const option *o, double value)
{
  static const char *const zero[] = {"network.weight_scale", "network.quantize_range", "training.evaluation_samples"};
  for (size_t i = 0; i < sizeof zero / sizeof *zero; i++)
    if (!strcmp(zero[i], o->name)) return value == 0;
  return false;
}

static void check_value(const option *o, double value, bool is_allowed)
{
  if (is_allowed || means_default(o, value)) {
    ip_status st = check_with(o, value);
    if (st != IP_OK) fail_msg("%s = %g: %s", o->name, value, ip_error_message());
    return;
  }
  ip_error_clear();
  if (check_with(o, value) != IP_ECONFIG) fail_msg("%s = %g is not refused", o->name, value);
  if (!strstr(ip_error_message(), o->name)) fail_msg("%s = %g: %s", o->name, value, ip_error_message());
  ip_error_clear();
}

/* At an end, and on both sides of it. */
static void ranges_are_kept_at_their_ends(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    const option *o = &options[i];
    double low = strtod(o->range + 1, NULL), high = strtod(strchr(o->range, ',') + 1, NULL);
    bool has_low = o->range[0] == '[', has_high = o->range[strlen(o->range) - 1] == ']';
    check_value(o, low, has_low);
    check_value(o, o->is_whole ? low - 1 : nextafter(low, -1), false);
    check_value(o, o->is_whole ? low + 1 : nextafter(low, 1), true);
    if (isinf(high)) {
      check_value(o, 1e30, true);
      check_value(o, high, false);
    } else {
      check_value(o, high, has_high);
      check_value(o, o->is_whole ? high - 1 : nextafter(high, 0), true);
      check_value(o, o->is_whole ? high + 1 : nextafter(high, 2 * high), false);
    }
    if (!o->is_whole) check_value(o, (double)NAN, false);
  }
  const size_t widths[] = {1, 100000, 100001, 0};
  for (size_t i = 0; i < 4; i++) {
    ip_network_options n = small;
    n.hidden = &widths[i], n.n_hidden = 1;
    if (i < 2)
      CHECK_OK(ip_network_check_options(&n, &cosine));
    else
      CHECK_FAILS(ip_network_check_options(&n, &cosine), IP_ECONFIG, "network.hidden: layer 1: got");
  }
}

/* Epsilon is read by adam and adamw alone, the step by its schedule. */
static void options_that_nothing_reads_are_not_looked_at(void **state)
{
  (void)state;
  ip_training_options t = cosine;
  t.epsilon = 0;
  for (ip_optimizer k = IP_SGD; k < IP_N_OPTIMIZERS; k++) {
    t.optimizer = k;
    if (k == IP_ADAM || k == IP_ADAMW)
      CHECK_FAILS(ip_network_check_options(&small, &t), IP_ECONFIG, "training.epsilon");
    else
      CHECK_OK(ip_network_check_options(&small, &t));
  }
  t = cosine, t.step_every = 0, t.step_factor = 0;
  CHECK_OK(ip_network_check_options(&small, &t));
  t = cosine, t.rate_schedule = IP_RATE_STEP, t.final_factor = 7;
  CHECK_OK(ip_network_check_options(&small, &t));
  t = cosine, t.beta = -1;
  CHECK_OK(ip_network_check_options(&small, &t));
}

static void options_that_exclude_each_other_are_named(void **state)
{
  (void)state;
  static const char *const conv[] = {"conv:channels=2:kernel=2", "flatten", "4"},
                           *const pool[] = {"avgpool:size=2", "4"}, *const flat[] = {"conv:channels=2:kernel=2"};
  static const size_t first[] = {1}, last[] = {2}, beyond[] = {3}, twice[] = {1, 1}, none[] = {0};
  const struct {
    ip_network_options n;
    ip_training_options t;
    const char *message; /* NULL: they go together */
  } cases[] = {
      {{.noise_variance = 0.1}, {.momentum = 0}, NULL},
      {{.noise_variance = 0.1, .dropout = 0.1},
       {0},
       "network.dropout: units have at most one kind of noise; set this or network.noise_variance"},
      {{.multiplicative_noise = 0.1, .dropout = 0.1}, {0}, "set this or network.multiplicative_noise to 0"},
      {{.noise_variance = 0.1, .multiplicative_noise = 0.1},
       {0},
       "network.multiplicative_noise: units have at most one"},
      {{.dropout = 0.1, .quantize_bits = 3}, {0}, "network.dropout: units cannot be both noisy and quantized"},
      {{.quantize_output = true}, {0}, "network.quantize_output: set network.quantize_bits"},
      {{.quantize_output = true, .quantize_bits = 1}, {0}, NULL},
      {{.noise_layers = first, .n_noise_layers = 1}, {0}, "network.noise_layers: the network has no noise"},
      {{.noise_layers = first, .n_noise_layers = 1, .dropout = 0.5}, {0}, NULL},
      {{.noise_layers = last, .n_noise_layers = 1, .dropout = 0.5}, {0}, NULL},
      {{.noise_layers = beyond, .n_noise_layers = 1, .dropout = 0.5},
       {0},
       "got layer 3, expected 1 to 2, the hidden layers"},
      {{.noise_layers = none, .n_noise_layers = 1, .dropout = 0.5}, {0}, "got layer 0, expected 1 to 2"},
      {{.noise_layers = twice, .n_noise_layers = 2, .dropout = 0.5},
       {0},
       "got 1 after 1, expected strictly increasing"},
      {{.output = IP_OUTPUT_LINEAR},
       {.label_smoothing = 0.1},
       "training.label_smoothing: defined for the cross-entropy"},
      {{.output = IP_OUTPUT_SIGMOID}, {.label_smoothing = 0.1}, "got the output sigmoid"},
      {{.output = IP_OUTPUT_SOFTMAX}, {.label_smoothing = 0.1}, NULL},
      {{.output = IP_OUTPUT_SOFTMAX}, {.squared_error = IP_MEAN_SQUARE}, "needs network.output: linear, got softmax"},
      {{.output = IP_OUTPUT_LINEAR}, {.squared_error = IP_MEAN_SQUARE}, NULL},
      {{.output = IP_OUTPUT_SOFTMAX}, {.targets = IP_TARGETS_INPUTS}, "training.targets: inputs cannot be the targets"},
      {{.output = IP_OUTPUT_SIGMOID}, {.targets = IP_TARGETS_INPUTS}, NULL},
      {{.dropout = 0.1}, {.objective = IP_VIB}, "training.objective: vib brings its own noise"},
      {{.noise_variance = 0.1}, {.objective = IP_VIB}, "training.objective: vib brings its own noise"},
      {{.multiplicative_noise = 0.1}, {.objective = IP_NIB}, "training.objective: nib brings its own noise"},
      {{.quantize_bits = 1}, {.objective = IP_VIB}, "training.objective: vib brings its own noise"},
      {{.output = IP_OUTPUT_SOFTMAX}, {.objective = IP_VIB}, NULL},
      {{.layers = conv, .n_layers = 3}, {0}, NULL},
      {{.layers = conv, .n_layers = 3, .layer_norm = true}, {0}, "network.layer_norm: defined for dense layers"},
      {{.layer_norm = true}, {0}, NULL},
      {{.layers = pool, .n_layers = 2, .quantize_bits = 2}, {0}, "network.quantize_bits: means of avgpool"},
      {{.layers = pool, .n_layers = 2, .quantize_bits = 1}, {0}, "network.quantize_bits: means of avgpool"},
      {{.layers = conv, .n_layers = 3, .quantize_bits = 2}, {0}, NULL},
      {{.layers = conv, .n_layers = 3, .dropout = 0.1},
       {0},
       "layer 1 is one of convolution or pooling, which cannot be noisy"},
      {{.layers = flat, .n_layers = 1}, {.objective = IP_VIB}, "vib needs a dense layer as the last"},
      {{.layers = conv, .n_layers = 3}, {.objective = IP_VIB}, NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ip_network_options n = cases[i].n;
    ip_training_options t = cases[i].t;
    n.initializer = IP_HE_NORMAL, n.output_initializer = IP_INITIALIZER_SAME;
    if (!n.n_layers) n.hidden = hidden, n.n_hidden = 2;
    t.optimizer = IP_SGD, t.learning_rate = 0.1;
    ip_error_clear();
    ip_status st = ip_network_check_options(&n, &t);
    if (!cases[i].message && st != IP_OK) fail_msg("case %zu: %s", i, ip_error_message());
    if (cases[i].message && (st != IP_ECONFIG || !strstr(ip_error_message(), cases[i].message)))
      fail_msg("case %zu: %d, %s", i, (int)st, ip_error_message());
  }
  ip_network_options n = small;
  n.n_hidden = 0;
  ip_training_options t = cosine;
  t.objective = IP_VIB;
  CHECK_FAILS(ip_network_check_options(&n, &t), IP_ECONFIG, "vib needs a hidden layer; network.hidden is empty");
  n.n_hidden = 1, n.layers = conv, n.n_layers = 3;
  CHECK_FAILS(ip_network_check_options(&n, &cosine), IP_ECONFIG, "network.layers: network.hidden is given too");
}

/* Numbers that name nothing, as a program that calls the library may pass. */
static void names_end_with_their_lists(void **state)
{
  (void)state;
#define CHECK_LIST(options, field, n, name)                                                                            \
  do {                                                                                                                 \
    ip_network_options network = small;                                                                                \
    ip_training_options training = cosine;                                                                             \
    options.field = (n);                                                                                               \
    CHECK_FAILS(ip_network_check_options(&network, &training), IP_ECONFIG, name);                                      \
  } while (0)
  CHECK_LIST(network, activation, IP_N_ACTIVATIONS, "network.activation: unknown activation number 9");
  CHECK_LIST(network, output, IP_N_OUTPUTS, "network.output: unknown output number 3");
  CHECK_LIST(network, initializer, IP_INITIALIZER_SAME, "network.initializer: unknown initializer number");
  CHECK_LIST(network, output_initializer, IP_N_INITIALIZERS, "network.output_initializer: unknown output initializer");
  CHECK_LIST(training, objective, IP_N_OBJECTIVES, "training.objective: unknown objective number 4");
  CHECK_LIST(training, optimizer, IP_N_OPTIMIZERS, "training.optimizer: unknown optimizer number 4");
  CHECK_LIST(training, rate_schedule, IP_N_RATE_SCHEDULES, "training.rate_schedule: unknown schedule number 3");
  CHECK_LIST(training, squared_error, IP_N_SQUARED_ERRORS, "training.squared_error: unknown error number 2");
  CHECK_LIST(training, targets, IP_N_TARGETS, "training.targets: unknown targets number 2");
#undef CHECK_LIST
}

/* Dense layers in network.layers need no shape, and make the same plan as network.hidden. */
static void dense_layers_alone_need_no_shape(void **state)
{
  (void)state;
  static const char *const layers[] = {"4", "3"}, *const flat[] = {"flatten", "4", "3"};
  static const size_t shape[][3] = {{0, 0, 0}, {1, 2, 3}, {7, 1, 1}};
  for (size_t i = 0; i < 6; i++) {
    ip_network_options o = {.layers = i % 2 ? flat : layers, .n_layers = 2 + i % 2};
    ip_network_size size;
    memcpy(o.shape, shape[i / 2], sizeof o.shape);
    CHECK_OK(ip_network_measure(&o, 7, 2, &size));
    assert_int_equal(size.n_layers, 3);
    assert_int_equal(ip_network_count_layers(&o), 3);
    CHECK_NEAR(size.products, 7 * 4 + 4 * 3 + 3 * 2, 0);
  }
}

static void sizes_of_data_have_ends(void **state)
{
  (void)state;
  CHECK_OK(ip_network_check_data(1, 1));
  CHECK_OK(ip_network_check_data(1 << 20, 1 << 20));
  CHECK_FAILS(ip_network_check_data((1 << 20) + 1, 1), IP_ECONFIG, "1048577 inputs and 1 outputs; at most 1048576");
  CHECK_FAILS(ip_network_check_data(1, (1 << 20) + 1), IP_ECONFIG, "1 inputs and 1048577 outputs");
  CHECK_FAILS(ip_network_check_data(0, 1), IP_ECONFIG, "network: samples have no inputs");
  CHECK_FAILS(ip_network_check_data(1, 0), IP_ECONFIG, "network: no output unit");
}

/* Linear up from 1/(warmup + 1) of the rate; then a step every so many updates, or half a cosine to its end. */
static void learning_rates_follow_their_schedule(void **state)
{
  (void)state;
  ip_training_options t = {
      .learning_rate = 0.8, .warmup = 3, .updates = 13, .step_every = 4, .step_factor = 0.5, .final_factor = 0.1};
  const ip_rate_schedule kind[] = {IP_RATE_CONSTANT, IP_RATE_STEP, IP_RATE_COSINE};
  for (size_t k = 0; k < 3; k++) {
    t.rate_schedule = kind[k];
    for (uint64_t s = 0; s < 3; s++) CHECK_NEAR(ip_learning_rate(&t, s), 0.8 * ((double)s + 1) / 4, 1e-15);
    CHECK_NEAR(ip_learning_rate(&t, 3), 0.8, 1e-15);
  }
  t.rate_schedule = IP_RATE_CONSTANT;
  CHECK_NEAR(ip_learning_rate(&t, 1000), 0.8, 0);
  t.rate_schedule = IP_RATE_STEP;
  CHECK_NEAR(ip_learning_rate(&t, 6), 0.8, 1e-15);
  CHECK_NEAR(ip_learning_rate(&t, 7), 0.4, 1e-15);
  CHECK_NEAR(ip_learning_rate(&t, 10), 0.4, 1e-15);
  CHECK_NEAR(ip_learning_rate(&t, 11), 0.2, 1e-15);
  t.rate_schedule = IP_RATE_COSINE;
  CHECK_NEAR(ip_learning_rate(&t, 8), 0.8 * 0.55, 1e-15); /* in the middle */
  CHECK_NEAR(ip_learning_rate(&t, 13), 0.08, 1e-15);
  CHECK_NEAR(ip_learning_rate(&t, 50), 0.08, 1e-15);
}

/* NaN at any position is NaN for those who read the largest or the mean. */
static void nan_at_one_position_stays(void **state)
{
  (void)state;
  static const char *const layers[] = {"conv:channels=2:kernel=1"};
  for (int positions = IP_POSITIONS_MEAN; positions <= IP_POSITIONS_MAX; positions++) {
    ip_network *net;
    ip_network_options o = {.layers = layers, .n_layers = 1, .shape = {1, 2, 2}, .positions = (ip_positions)positions};
    CHECK_OK(ip_network_create(&o, &(ip_training_options){.optimizer = IP_SGD, .learning_rate = 0.1}, 4, 2, 1, &net));
    float x[5 * 4], t[5 * 2], *at[] = {t, NULL};
    for (size_t i = 0; i < 20; i++) x[i] = 0.25f * (float)(i % 4) - 0.5f;
    for (size_t i = 0; i < 4; i++) x[i * 4 + i] = NAN; /* the last sample has none */
    CHECK_OK(ip_network_forward(net, x, 5, at));
    for (size_t i = 0; i < 5; i++)
      for (size_t c = 0; c < 2; c++) assert_int_equal(isnan(t[i * 2 + c]) != 0, i < 4);
    ip_network_destroy(&net);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nan_at_one_position_stays),
      cmocka_unit_test(ranges_are_kept_at_their_ends),
      cmocka_unit_test(options_that_nothing_reads_are_not_looked_at),
      cmocka_unit_test(options_that_exclude_each_other_are_named),
      cmocka_unit_test(names_end_with_their_lists),
      cmocka_unit_test(dense_layers_alone_need_no_shape),
      cmocka_unit_test(sizes_of_data_have_ends),
      cmocka_unit_test(learning_rates_follow_their_schedule),
  };
  return cmocka_run_group_tests_name("network/options", tests, NULL, NULL);
}
