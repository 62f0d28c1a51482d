#include "network/inside.h"

#include "base/rng.h"
#include "base/test/check.h"
#include "network/test/reference.h"

#include <stdlib.h>

enum { N = 600, N_IN = 6, N_OUT = 3, MOST = 400, LAYERS = 4, UNITS = 8 };
static float x[N * N_IN], target[N * N_OUT], gradient[MOST];
static int32_t y[N];
static uint32_t rows[N];
static const size_t hidden[] = {7, 5, 4};
static const ip_training_options sgd = {.optimizer = IP_SGD, .learning_rate = 0.1, .beta = 0.3};

/* What a pass adds to the units, found from the network itself: the noise of every unit, and quantised units. */
static double noise[LAYERS][N][UNITS], shift[LAYERS][N][UNITS], fixed[LAYERS][N][UNITS];
static bool is_fixed[LAYERS][N][UNITS];

static void draw_samples(void)
{
  ip_rng r = ip_rng_open(3, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  memset(target, 0, sizeof target);
  for (size_t i = 0; i < N; i++) {
    y[i] = (int32_t)ip_rng_below(&r, N_OUT);
    target[i * N_OUT + (size_t)y[i]] = 1;
    rows[i] = (uint32_t)i;
  }
  ip_rng_shuffle(&r, N, rows);
}

static ip_network *make(const ip_network_options *o, const ip_training_options *t)
{
  ip_network *net;
  CHECK_OK(ip_network_create(o, t, N_IN, N_OUT, 11, &net));
  assert_true(ip_network_n_parameters(net) <= MOST);
  ip_rng r = ip_rng_open(4, IP_RNG_TEST, 0);
  for (size_t i = 0; i < ip_network_n_parameters(net); i++)
    ip_network_parameters(net)[i] += (float)(0.2 * ip_rng_normal(&r));
  return net;
}

static ip_network_options shape(ip_activation activation, size_t n_hidden)
{
  return (ip_network_options){.hidden = hidden,
                              .n_hidden = n_hidden,
                              .activation = activation,
                              .output = IP_OUTPUT_SOFTMAX,
                              .initialiser = IP_GLOROT_UNIFORM,
                              .output_initialiser = IP_INITIALISER_SAME};
}

/* Holds the random and the rounded part of the pass over the batch that the gradient is of. */
static void hold(ip_network *net, size_t n)
{
  static float eps[UNITS * 256];
  ip_noise_for_step(net);
  for (size_t from = 0; from < n; from += net->chunk) {
    size_t m = n - from < net->chunk ? n - from : net->chunk, columns = ip_pass_columns(m);
    ip_pass_load(net, x, target, rows, from, m, columns);
    ip_pass_forward(net, columns, false);
    for (size_t k = 0; k + 1 < net->n_layers; k++) {
      const ip_layer *layer = &net->layer[k];
      ip_noise_fill(net, k, columns, eps);
      for (size_t u = 0; u < layer->width; u++)
        for (size_t i = 0; i < m; i++) {
          size_t at = u * columns + i;
          float z = layer->z[at];
          noise[k][from + i][u] = (double)eps[at];
          shift[k][from + i][u] = (double)(layer->t[at] - z);
          fixed[k][from + i][u] = (double)layer->t[at];
          is_fixed[k][from + i][u] = net->quantise_bits > 0 && (z < net->levels.low || z > net->levels.high);
        }
    }
  }
}

/* Objective over the batch in float64, from the formulas of network.h. */
static double objective(const ip_network *net, const ip_network_options *o, const double *parameter, size_t n)
{
  static double f[N][UNITS];
  ip_objective kind = net->training.objective;
  size_t last = o->n_hidden - 1;
  double variance = exp(parameter[net->n_parameters - 1]), loss = 0, rate = 0;
  for (size_t i = 0; i < n; i++) {
    double now[UNITS], next[2 * UNITS];
    const double *w = parameter;
    size_t in = N_IN;
    for (size_t j = 0; j < N_IN; j++) now[j] = (double)x[rows[i] * N_IN + j];
    for (size_t k = 0; k <= o->n_hidden; k++) {
      bool stochastic = kind != IP_CROSS_ENTROPY && k == last;
      size_t width = k < o->n_hidden ? hidden[k] : N_OUT, out = stochastic && kind == IP_VIB ? 2 * width : width;
      for (size_t u = 0; u < out; u++) {
        next[u] = w[out * in + u];
        for (size_t j = 0; j < in; j++) next[u] += w[u * in + j] * now[j];
      }
      for (size_t u = 0; u < width; u++) {
        if (k == o->n_hidden) {
          now[u] = next[u];
        } else if (!stochastic) {
          now[u] = is_fixed[k][i][u] ? fixed[k][i][u] : reference_activation(o->activation, next[u]) + shift[k][i][u];
        } else if (kind == IP_VIB) {
          double sigma = log(1 + exp(next[width + u] - 5));
          now[u] = next[u] + sigma * noise[k][i][u];
          rate += ((next[u] * next[u] + sigma * sigma - 1) / 2 - log(sigma)) / (double)n;
        } else {
          f[i][u] = next[u];
          now[u] = next[u] + sqrt(variance) * noise[k][i][u];
        }
      }
      w += out * in + out;
      in = width;
    }
    loss += reference_output(o->output, N_OUT, now, target + rows[i] * N_OUT) / (double)n;
  }
  for (size_t i = 0; (kind == IP_NIB || kind == IP_NIB_SQUARED) && i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
      double square = 0;
      for (size_t u = 0; u < hidden[last]; u++) square += (f[i][u] - f[j][u]) * (f[i][u] - f[j][u]);
      sum += exp(-square / (2 * variance));
    }
    rate -= log(sum / (double)n) / (double)n;
  }
  if (kind == IP_CROSS_ENTROPY) return loss;
  return loss + net->training.beta * (kind == IP_NIB_SQUARED ? rate * rate : rate);
}

/* The gradient against central differences, with the noise and the rounding held. */
static void check_gradient(const ip_network_options *o, const ip_training_options *t, size_t n, double tolerance)
{
  ip_network *net = make(o, t);
  double parameter[MOST], value, largest = 0, h = 1e-5;
  for (size_t i = 0; i < net->n_parameters; i++) parameter[i] = (double)net->parameter[i];
  hold(net, n);
  CHECK_OK(ip_network_gradient(net, x, target, rows, n, gradient, &value));
  CHECK_NEAR(value / (double)n, objective(net, o, parameter, n), 2e-6);
  for (size_t i = 0; i < net->n_parameters; i++) {
    double at = parameter[i];
    parameter[i] = at + h;
    double above = objective(net, o, parameter, n);
    parameter[i] = at - h;
    double difference = (above - objective(net, o, parameter, n)) / (2 * h);
    parameter[i] = at;
    CHECK_NEAR((double)gradient[i], difference, tolerance);
    largest = fmax(largest, fabs(difference));
  }
  assert_true(largest > 1000 * tolerance);
  ip_network_destroy(&net);
}

static void every_objective_has_the_gradient_of_central_differences(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++)
    for (size_t n_hidden = 1; n_hidden <= 3; n_hidden++) {
      ip_network_options o = shape(IP_SOFTPLUS, n_hidden);
      ip_training_options t = sgd;
      t.objective = (ip_objective)k;
      check_gradient(&o, &t, 40, 3e-6);
    }
}

static void batches_of_several_chunks_have_it(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd;
    t.objective = (ip_objective)k;
    check_gradient(&o, &t, 290, 3e-6);
  }
}

static void noise_on_every_unit_leaves_the_gradient_exact(void **state)
{
  (void)state;
  draw_samples();
  for (int a = 0; a < IP_N_ACTIVATIONS; a++) {
    ip_network_options o = shape((ip_activation)a, 3);
    o.noise_variance = 0.04;
    check_gradient(&o, &sgd, 50, 3e-6);
  }
}

static void gradients_pass_quantisation_as_if_nothing_was_rounded_but_not_clipped_units(void **state)
{
  (void)state;
  draw_samples();
  for (int a = 0; a < IP_N_ACTIVATIONS; a++) {
    ip_network_options o = shape((ip_activation)a, 3);
    o.quantise_bits = 3;
    o.quantise_range = 0.5;
    check_gradient(&o, &sgd, 50, 3e-6);
  }
}

static void quantised_units_take_the_nearest_of_their_levels(void **state)
{
  (void)state;
  draw_samples();
  for (int a = 0; a < IP_N_ACTIVATIONS; a++)
    for (int bits = 1; bits <= 4; bits++) {
      ip_network_options o = shape((ip_activation)a, 1);
      o.quantise_bits = bits;
      ip_network *net = make(&o, &sgd);
      static float t[N * 7], mean[N * 7];
      CHECK_OK(ip_network_sample(net, x, NULL, N, 0, (float *[]){t, NULL}, (float *[]){mean, NULL}));
      bool bounded = a == IP_TANH || a == IP_SOFTSIGN || a == IP_SIGMOID;
      double low = a == IP_RELU || a == IP_SOFTPLUS || a == IP_SIGMOID ? 0 : bounded || a == IP_ELU ? -1 : -6;
      double high = bounded ? 1 : 6, step = (high - low) / ((1 << bits) - 1);
      for (size_t i = 0; i < N * 7; i++) {
        double level = ((double)t[i] - low) / step, unit = fmin(fmax((double)mean[i], low), high);
        CHECK_NEAR(level, round(level), 1e-5);
        assert_true(level > -0.5 && level < (1 << bits) - 0.5);
        CHECK_NEAR((double)t[i], unit, step / 2 + 1e-6);
      }
      ip_network_destroy(&net);
    }
}

static void noise_is_standard_normal_and_independent(void **state)
{
  (void)state;
  draw_samples();
  ip_network_options o = shape(IP_LINEAR, 2);
  o.noise_variance = 0.25;
  ip_network *net = make(&o, &sgd);
  static float t[2][N * 7], mean[N * 7], again[N * 7];
  enum { DRAWS = 20 };
  double sum = 0, square = 0, fourth = 0, between = 0, count = DRAWS * N * 7;
  for (uint32_t d = 0; d < DRAWS; d++) {
    CHECK_OK(ip_network_sample(net, x, NULL, N, d, (float *[]){t[d % 2], NULL, NULL}, (float *[]){mean, NULL, NULL}));
    for (size_t i = 0; i < N * 7; i++) {
      double e = (double)(t[d % 2][i] - mean[i]) / 0.5;
      sum += e, square += e * e, fourth += e * e * e * e;
      if (d) between += e * (double)(t[1 - d % 2][i] - mean[i]) / 0.5;
    }
  }
  CHECK_NEAR(sum / count, 0, 4.5 / sqrt(count));
  CHECK_NEAR(square / count, 1, 4.5 * sqrt(2 / count));
  CHECK_NEAR(fourth / count, 3, 4.5 * sqrt(96 / count));
  CHECK_NEAR(between / count, 0, 4.5 / sqrt(count));
  CHECK_OK(ip_network_sample(net, x, NULL, N, 0, (float *[]){t[0], NULL, NULL}, NULL));
  CHECK_OK(ip_network_forward(net, x, N, (float *[]){again, NULL, NULL}));
  assert_memory_equal(again, t[0], sizeof again);
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, 1, NULL)); /* the next step draws other numbers */
  CHECK_OK(ip_network_sample(net, x, NULL, N, 0, (float *[]){again, NULL, NULL}, (float *[]){mean, NULL, NULL}));
  double same = 0;
  for (size_t i = 0; i < N * 7; i++) same += (double)(again[i] - mean[i]) * (double)(t[0][i] - mean[i]) / 0.25;
  CHECK_NEAR(same / (N * 7), 0, 0.1);
  ip_network_destroy(&net);
}

static void noise_of_a_row_is_the_same_whatever_else_is_asked_for(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_CROSS_ENTROPY; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd;
    t.objective = (ip_objective)k;
    if (k == IP_CROSS_ENTROPY) o.noise_variance = 0.1;
    ip_network *net = make(&o, &t);
    static float all[N * 5], some[100 * 5];
    CHECK_OK(ip_network_sample(net, x, NULL, N, 3, (float *[]){NULL, all, NULL}, NULL));
    CHECK_OK(ip_network_sample(net, x, rows, 100, 3, (float *[]){NULL, some, NULL}, NULL));
    for (size_t i = 0; i < 100; i++) assert_memory_equal(some + i * 5, all + rows[i] * 5, 5 * sizeof(float));
    ip_network_destroy(&net);
  }
}

static void terms_are_those_of_the_objective(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_CROSS_ENTROPY; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd;
    t.objective = (ip_objective)k;
    ip_network *net = make(&o, &t);
    double parameter[MOST], loss, accuracy;
    for (size_t i = 0; i < net->n_parameters; i++) parameter[i] = (double)net->parameter[i];
    CHECK_OK(ip_network_evaluate(net, x, target, y, rows, 200, &loss, &accuracy));
    ip_network_terms terms;
    CHECK_OK(ip_network_evaluate_terms(net, x, target, y, rows, 200, &terms));
    CHECK_NEAR(terms.loss, loss, 0);
    CHECK_NEAR(terms.accuracy, accuracy, 0);
    hold(net, 200);
    double with = objective(net, &o, parameter, 200);
    net->training.beta = 0;
    double without = objective(net, &o, parameter, 200), rate = (with - without) / 0.3;
    CHECK_NEAR(terms.rate, k == IP_NIB_SQUARED ? sqrt(rate) : rate, 2e-6);
    CHECK_NEAR(terms.objective - terms.loss, with - without, 2e-6);
    if (k == IP_CROSS_ENTROPY)
      assert_true(terms.rate >= 0 && terms.rate <= 0);
    else
      assert_true(terms.rate > 0.1);
    if (k == IP_NIB) CHECK_NEAR(terms.noise_variance, exp(parameter[net->n_parameters - 1]), 1e-9);
    ip_network_destroy(&net);
  }
}

/* The bound over a block is that of its samples alone, and blocks are weighted by their sizes. */
static void the_pairwise_bound_of_many_samples_is_the_mean_over_blocks(void **state)
{
  (void)state;
  enum { MANY = 1500 };
  static float many[MANY * N_IN], t[MANY * N_OUT];
  draw_samples();
  for (size_t i = 0; i < MANY; i++) {
    memcpy(many + i * N_IN, x + i % N * N_IN, N_IN * sizeof *many);
    many[i * N_IN] += 0.01f * (float)i;
    memcpy(t + i * N_OUT, target + i % N * N_OUT, N_OUT * sizeof *t);
  }
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options train = sgd;
  train.objective = IP_NIB;
  ip_network *net = make(&o, &train);
  ip_network_terms all, first, second;
  uint32_t index[MANY];
  for (uint32_t i = 0; i < MANY; i++) index[i] = i;
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, MANY, &all));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, 750, &first));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index + 750, 750, &second));
  CHECK_NEAR(all.rate, (first.rate + second.rate) / 2, 1e-12);
  assert_true(all.rate < log(750));
  ip_network_destroy(&net);
}

/* Far apart, m samples carry ln m nats; equal ones none. */
static void the_pairwise_bound_has_its_limits(void **state)
{
  (void)state;
  draw_samples();
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options train = sgd;
  train.objective = IP_NIB;
  ip_network *net = make(&o, &train);
  ip_network_terms terms;
  net->parameter[net->n_parameters - 1] = -30;
  CHECK_OK(ip_network_evaluate_terms(net, x, target, NULL, NULL, 100, &terms));
  CHECK_NEAR(terms.rate, log(100), 1e-6);
  const uint32_t same[] = {5, 5, 5, 5};
  CHECK_OK(ip_network_evaluate_terms(net, x, target, NULL, same, 4, &terms));
  CHECK_NEAR(terms.rate, 0, 1e-7);
  ip_network_destroy(&net);
}

/* With T drowned in noise every draw errs its own way: mean outputs of many draws come near the class frequencies. */
static void several_draws_are_averaged(void **state)
{
  (void)state;
  draw_samples();
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options one = sgd;
  one.objective = IP_VIB;
  ip_training_options many = one;
  many.evaluation_samples = 16;
  ip_network *a = make(&o, &one), *b = make(&o, &many);
  for (size_t u = 7; u < 14; u++) ip_network_biases(a, 0)[u] = ip_network_biases(b, 0)[u] = 8;
  double loss, accuracy, mean_loss = 0, sd = 0, draw[16], got;
  for (uint32_t d = 0; d < 16; d++) {
    double sum = 0;
    static float out[N * N_OUT];
    CHECK_OK(ip_network_sample(a, x, NULL, N, d, (float *[]){NULL, out}, NULL));
    for (size_t i = 0; i < N; i++) sum -= log((double)out[i * N_OUT + (size_t)y[i]]) / N;
    draw[d] = sum;
    mean_loss += sum / 16;
  }
  for (uint32_t d = 0; d < 16; d++) sd += fabs(draw[d] - mean_loss) / 16;
  CHECK_OK(ip_network_evaluate(a, x, target, y, NULL, N, &loss, &accuracy));
  CHECK_OK(ip_network_evaluate(b, x, target, y, NULL, N, &got, &accuracy));
  CHECK_NEAR(loss, draw[0], 1e-5);
  CHECK_NEAR(got, mean_loss, 1e-5);
  assert_true(sd > 1e-3);
  ip_network_destroy(&a);
  ip_network_destroy(&b);
}

static void a_larger_beta_gives_a_smaller_rate(void **state)
{
  (void)state;
  draw_samples();
  for (size_t i = 0; i < N; i++) { /* a learnable label */
    y[i] = (x[i * N_IN] > 0) + (x[i * N_IN + 1] > 0);
    for (size_t c = 0; c < N_OUT; c++) target[i * N_OUT + c] = (float)(c == (size_t)y[i]);
  }
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++) {
    ip_network_terms low, high;
    for (int strong = 0; strong < 2; strong++) {
      ip_network_options o = shape(IP_TANH, 2);
      ip_training_options t = {
          .optimizer = IP_ADAM, .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
      t.objective = (ip_objective)k;
      t.beta = strong ? 1 : 1e-4;
      ip_network *net = make(&o, &t);
      for (size_t s = 0; s < 300; s++) CHECK_OK(ip_network_train_batch(net, x, target, rows + s % 6 * 100, 100, NULL));
      CHECK_OK(ip_network_evaluate_terms(net, x, target, NULL, NULL, N, strong ? &high : &low));
      ip_network_destroy(&net);
    }
    assert_true(low.rate > 1.5 && high.rate < 0.5 * low.rate);
    assert_true(low.loss < 0.5 && high.loss > low.loss);
  }
}

static void nan_reaches_every_objective(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd;
    t.objective = (ip_objective)k;
    ip_network *net = make(&o, &t);
    ip_network_weights(net, 0)[0] = NAN;
    double value;
    CHECK_OK(ip_network_train_batch(net, x, target, rows, 50, &value));
    assert_true(isnan(value));
    ip_network_terms terms;
    CHECK_OK(ip_network_evaluate_terms(net, x, target, NULL, rows, 50, &terms));
    assert_true(isnan(terms.loss) && isnan(terms.rate));
    ip_network_destroy(&net);
  }
}

static void a_run_with_noise_resumes_with_the_same_bits(void **state)
{
  (void)state;
  draw_samples();
  for (int k = IP_CROSS_ENTROPY; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_RELU, 2);
    ip_training_options t = sgd;
    t.objective = (ip_objective)k;
    if (k == IP_CROSS_ENTROPY) o.noise_variance = 0.1;
    ip_network *a = make(&o, &t), *b = make(&o, &t);
    for (int s = 0; s < 3; s++) CHECK_OK(ip_network_train_batch(a, x, target, rows, 300, NULL));
    size_t size = ip_network_state_size(a);
    void *saved = malloc(size), *end = malloc(size);
    ip_network_state_get(a, saved);
    CHECK_OK(ip_network_state_set(b, saved, size));
    for (int s = 0; s < 3; s++) CHECK_OK(ip_network_train_batch(a, x, target, rows, 64, NULL));
    for (int s = 0; s < 3; s++) CHECK_OK(ip_network_train_batch(b, x, target, rows, 64, NULL));
    ip_network_state_get(a, saved);
    ip_network_state_get(b, end);
    assert_memory_equal(saved, end, size);
    free(saved);
    free(end);
    ip_network_destroy(&a);
    ip_network_destroy(&b);
  }
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  draw_samples();
  ip_network *net = NULL;
  ip_network_options o = shape(IP_SOFTPLUS, 2), quantised = o;
  quantised.quantise_bits = 4;
  ip_training_options t = sgd;
  CHECK_EVERY_ALLOCATION(ip_network_create(&quantised, &t, N_IN, N_OUT, 1, &net), ip_network_destroy(&net));
  t.objective = IP_VIB;
  CHECK_EVERY_ALLOCATION(ip_network_create(&o, &t, N_IN, N_OUT, 1, &net), ip_network_destroy(&net));
  t.objective = IP_NIB;
  for (size_t k = 1; k <= 3; k++) {
    net = make(&o, &t);
    ip_mem_fail_at(k);
    assert_int_equal(ip_network_train_batch(net, x, target, NULL, 20, NULL), IP_ENOMEM);
    ip_mem_fail_at(0);
    ip_error_clear();
    CHECK_OK(ip_network_train_batch(net, x, target, NULL, 20, NULL));
    ip_network_destroy(&net);
  }
}

static void check_wrong(ip_network_options o, ip_training_options t, const char *text)
{
  ip_network *net;
  CHECK_FAILS(ip_network_create(&o, &t, N_IN, N_OUT, 1, &net), IP_ECONFIG, text);
  assert_null(net);
}

static void impossible_options_are_refused_by_name(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 2);
  ip_training_options t = sgd;
  o.quantise_bits = 17;
  check_wrong(o, t, "network.quantise_bits: expected 1 to 16, or 0 for none, got 17");
  o.quantise_bits = -1;
  check_wrong(o, t, "got -1");
  o = shape(IP_TANH, 2), o.quantise_range = NAN;
  check_wrong(o, t, "quantise_range");
  o = shape(IP_TANH, 2), o.noise_variance = -0.1;
  check_wrong(o, t, "noise_variance");
  o.noise_variance = 0.1, o.quantise_bits = 4;
  check_wrong(o, t, "both noisy and quantised");
  o = shape(IP_TANH, 0), t.objective = IP_VIB;
  check_wrong(o, t, "needs a hidden layer");
  o = shape(IP_TANH, 2), o.noise_variance = 0.1;
  check_wrong(o, t, "its own noise");
  o = shape(IP_TANH, 2), t.beta = NAN;
  check_wrong(o, t, "training.beta");
  t.beta = -1;
  check_wrong(o, t, "training.beta");
  t = sgd, t.objective = IP_N_OBJECTIVES;
  check_wrong(o, t, "objective");
  t = sgd, t.evaluation_samples = 70000;
  check_wrong(o, t, "evaluation_samples");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_objective_has_the_gradient_of_central_differences),
      cmocka_unit_test(batches_of_several_chunks_have_it),
      cmocka_unit_test(noise_on_every_unit_leaves_the_gradient_exact),
      cmocka_unit_test(gradients_pass_quantisation_as_if_nothing_was_rounded_but_not_clipped_units),
      cmocka_unit_test(quantised_units_take_the_nearest_of_their_levels),
      cmocka_unit_test(noise_is_standard_normal_and_independent),
      cmocka_unit_test(noise_of_a_row_is_the_same_whatever_else_is_asked_for),
      cmocka_unit_test(terms_are_those_of_the_objective),
      cmocka_unit_test(the_pairwise_bound_of_many_samples_is_the_mean_over_blocks),
      cmocka_unit_test(the_pairwise_bound_has_its_limits),
      cmocka_unit_test(several_draws_are_averaged),
      cmocka_unit_test(a_larger_beta_gives_a_smaller_rate),
      cmocka_unit_test(nan_reaches_every_objective),
      cmocka_unit_test(a_run_with_noise_resumes_with_the_same_bits),
      cmocka_unit_test(every_failing_allocation_is_reported),
      cmocka_unit_test(impossible_options_are_refused_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
