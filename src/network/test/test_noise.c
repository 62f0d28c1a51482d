#include "network/test/held.h"

#include <stdlib.h>

static void noise_on_every_unit_leaves_the_gradient_exact(void **state)
{
  (void)state;
  for (int a = 0; a < IP_N_ACTIVATIONS; a++) {
    ip_network_options o = shape((ip_activation)a, 3);
    o.noise_variance = 0.04;
    check_gradient(&o, &sgd, 50, 3e-6);
    o.layer_norm = true;
    check_gradient(&o, &sgd, 50, 3e-6);
  }
}

static void multiplied_and_dropped_units_leave_the_gradient_exact(void **state)
{
  (void)state;
  static const size_t second[] = {2};
  for (int a = 0; a < IP_N_ACTIVATIONS; a++)
    for (int i = 0; i < 4; i++) {
      ip_network_options o = shape((ip_activation)a, 3);
      if (i % 2) {
        o.dropout = 0.3;
      } else {
        o.multiplicative_noise = 0.2;
      }
      if (i / 2) o.noise_layers = second, o.n_noise_layers = 1;
      check_gradient(&o, &sgd, i / 2 ? 50 : 300, 3e-6); /* in one chunk and in two */
    }
}

/* Samples of one network's first two layers: t and the units before the noise. */
static void sample_layers(ip_network *net, uint32_t draw, float *t, float *mean, float *below)
{
  CHECK_OK(ip_network_sample(net, x, NULL, N, draw, (float *[]){below, t, NULL}, (float *[]){NULL, mean, NULL}));
}

/* Moments of T/h = 1 + sqrt(a) eps; where h is 0 (relu), T is. Only the layer of the list is noisy. */
static void multiplicative_noise_has_the_variance_of_the_squared_unit(void **state)
{
  (void)state;
  static const size_t second[] = {2};
  ip_network_options o = shape(IP_RELU, 2);
  o.multiplicative_noise = 0.09, o.noise_layers = second, o.n_noise_layers = 1;
  ip_network *net = make(&o, &sgd);
  static float t[N * 5], mean[N * 5], below[2][N * 7];
  double sum = 0, square = 0, fourth = 0, count = 0;
  assert_true(!ip_network_layer_is_noisy(net, 0) && ip_network_layer_is_noisy(net, 1));
  for (uint32_t d = 0; d < 20; d++) {
    sample_layers(net, d, t, mean, below[d > 0]);
    assert_memory_equal(below[d > 0], below[0], sizeof below[0]);
    for (size_t i = 0; i < N * 5; i++) {
      if (mean[i] > 0) {
        double e = ((double)t[i] / (double)mean[i] - 1) / 0.3;
        sum += e, square += e * e, fourth += e * e * e * e, count++;
      } else {
        assert_true(t[i] == 0.0f);
      }
    }
  }
  assert_true(count > 10000);
  CHECK_NEAR(sum / count, 0, 4.5 / sqrt(count));
  CHECK_NEAR(square / count, 1, 4.5 * sqrt(2 / count));
  CHECK_NEAR(fourth / count, 3, 4.5 * sqrt(96 / count));
  ip_network_destroy(&net);
}

static void dropout_sets_units_to_zero_with_its_probability_and_scales_the_others(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_SOFTPLUS, 2);
  o.dropout = 0.3;
  ip_network *net = make(&o, &sgd);
  static float t[N * 5], mean[N * 5], below[N * 7], before[N * 5];
  double dropped = 0, both = 0, again = 0, draws = 20, count = draws * N * 5;
  for (uint32_t d = 0; d < 20; d++) {
    sample_layers(net, d, t, mean, below);
    for (size_t i = 0; i < N * 5; i++) {
      dropped += t[i] == 0;
      both += t[i] == 0 && t[i / 5 * 5 + (i + 1) % 5] == 0;
      again += d && t[i] == 0 && before[i] == 0;
      if (t[i] != 0) CHECK_NEAR((double)(t[i] / mean[i]), 1 / 0.7, 1e-6);
    }
    memcpy(before, t, sizeof t);
  }
  CHECK_NEAR(dropped / count, 0.3, 4.5 * sqrt(0.21 / count));
  CHECK_NEAR(both / count, 0.09, 4.5 * sqrt(2 * 0.09 / count));
  CHECK_NEAR(again / (count * 19 / 20), 0.09, 4.5 * sqrt(2 * 0.09 / count));
  ip_network_destroy(&net);
}

/* Evaluation, and the draw without noise, are those of the same weights without dropout; multiplicative noise stays. */
static void dropout_is_evaluated_without_noise(void **state)
{
  (void)state;
  static float t[2][N * 3];
  double loss[2][2], accuracy[2][2];
  for (int noisy = 0; noisy < 2; noisy++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options many = sgd;
    many.evaluation_samples = 5;
    if (noisy) o.dropout = 0.4;
    ip_network *net = make(&o, &many);
    assert_true(ip_network_averages(net) == noisy && ip_network_has_dropout(net) == noisy);
    CHECK_OK(ip_network_sample(net, x, NULL, N, IP_DRAW_NONE, (float *[]){NULL, NULL, t[noisy]}, NULL));
    CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss[noisy][0], &accuracy[noisy][0]));
    ip_network_destroy(&net);
    o = shape(IP_TANH, 2);
    if (noisy) o.multiplicative_noise = 0.4;
    net = make(&o, &sgd);
    CHECK_OK(ip_network_evaluate(net, x, target, y, NULL, N, &loss[noisy][1], &accuracy[noisy][1]));
    ip_network_destroy(&net);
  }
  assert_memory_equal(t[0], t[1], sizeof t[0]);
  assert_true(loss[0][0] == loss[1][0] && accuracy[0][0] == accuracy[1][0]);
  assert_true(fabs(loss[0][1] - loss[1][1]) > 1e-4);
}

/* The kinds of noise and the objectives with their own, in turn; false after the last one. */
static bool choose_noise(int i, ip_network_options *o, ip_training_options *t)
{
  *t = sgd_on(i < IP_N_OBJECTIVES ? i : IP_CROSS_ENTROPY);
  if (i == IP_CROSS_ENTROPY) o->noise_variance = 0.1;
  if (i == IP_N_OBJECTIVES) o->multiplicative_noise = 0.1;
  if (i == IP_N_OBJECTIVES + 1) o->dropout = 0.4;
  return i < IP_N_OBJECTIVES + 2;
}

static void gradients_pass_quantization_as_if_nothing_was_rounded_but_not_clipped_units(void **state)
{
  (void)state;
  for (int a = 0; a < IP_N_ACTIVATIONS; a++) {
    ip_network_options o = shape((ip_activation)a, 3);
    o.quantize_bits = 3;
    o.quantize_range = 0.5;
    check_gradient(&o, &sgd, 50, 3e-6);
  }
}

static void quantized_units_take_the_nearest_of_their_levels(void **state)
{
  (void)state;
  for (int a = 0; a < IP_N_ACTIVATIONS; a++)
    for (int bits = 1; bits <= 4; bits++) {
      ip_network_options o = shape((ip_activation)a, 1);
      o.quantize_bits = bits;
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

static int by_value(const void *a, const void *b)
{
  float left = *(const float *)a, right = *(const float *)b;
  return (left > right) - (left < right);
}

/* Of so many floats only a few are equal by chance; numbers that rows or layers shared would be so by the thousand. */
static void rows_layers_draws_and_steps_share_no_numbers(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_LINEAR, 2);
  o.noise_variance = 1;
  ip_network *net = make(&o, &sgd);
  enum { COLUMNS = 96, SETS = 6, COUNT = SETS * (7 + 5) * COLUMNS };
  static float numbers[COUNT];
  float *at = numbers;
  ip_pass_load(net, x, NULL, NULL, 0, COLUMNS, COLUMNS);
  for (uint32_t d = 0; d < SETS; d++) { /* of steps 0, 1 and 2: the batch, and evaluation's first draw */
    net->n_steps = d / 2;
    if (d % 2)
      ip_noise_for_draw(net, 0);
    else
      ip_noise_for_step(net);
    ip_noise_fill(net, 0, COLUMNS, at);
    ip_noise_fill(net, 1, COLUMNS, at + 7 * COLUMNS);
    at += (7 + 5) * COLUMNS;
  }
  qsort(numbers, COUNT, sizeof *numbers, by_value);
  size_t equal = 0;
  for (size_t i = 1; i < COUNT; i++) equal += by_value(&numbers[i], &numbers[i - 1]) == 0;
  assert_true(equal < 20);
  ip_network_destroy(&net);
}

static void noise_of_a_row_is_the_same_whatever_else_is_asked_for(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 2);
  ip_training_options t;
  for (int k = 0; choose_noise(k, &o, &t); k++, o = shape(IP_TANH, 2)) {
    ip_network *net = make(&o, &t);
    static float all[N * 5], some[100 * 5];
    CHECK_OK(ip_network_sample(net, x, NULL, N, 3, (float *[]){NULL, all, NULL}, NULL));
    CHECK_OK(ip_network_sample(net, x, rows, 100, 3, (float *[]){NULL, some, NULL}, NULL));
    for (size_t i = 0; i < 100; i++) assert_memory_equal(some + i * 5, all + rows[i] * 5, 5 * sizeof(float));
    ip_network_destroy(&net);
  }
}

/* What is evaluated between two batches changes nothing of the second. */
static void evaluation_leaves_the_noise_of_training_as_it_is(void **state)
{
  (void)state;
  static float t[N * 5], before[MOST];
  static double losses[N];
  static bool right[N];
  ip_network_options o = shape(IP_TANH, 2);
  ip_training_options training;
  for (int k = 0; choose_noise(k, &o, &training); k++, o = shape(IP_TANH, 2)) {
    ip_network *net = make(&o, &training);
    const ip_network_verdict verdict = {.target = target, .y = y, .loss = losses, .right = right};
    float *const at[] = {NULL, t, NULL};
    double loss, accuracy;
    size_t size = ip_network_n_parameters(net) * sizeof(float);
    ip_network_terms terms;
    CHECK_OK(ip_network_gradient(net, x, target, rows, 100, before, NULL));
    for (int what = 0; what < 5; what++) {
      if (what == 0) CHECK_OK(ip_network_evaluate(net, x, target, y, rows, 100, &loss, &accuracy));
      if (what == 1) CHECK_OK(ip_network_evaluate_terms(net, x, target, y, NULL, N, &terms));
      if (what == 2) CHECK_OK(ip_network_observe(net, x, N, at, NULL, &verdict));
      if (what == 3) CHECK_OK(ip_network_sample(net, x, rows, 100, IP_DRAW_NONE, at, NULL));
      if (what == 4) CHECK_OK(ip_network_sample(net, x, rows, 100, 2, at, NULL));
      CHECK_OK(ip_network_gradient(net, x, target, rows, 100, gradient, NULL));
      assert_memory_equal(gradient, before, size);
    }
    ip_network_destroy(&net);
  }
}

static void a_run_with_noise_resumes_with_the_same_bits(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_RELU, 2);
  ip_training_options t;
  for (int k = 0; choose_noise(k, &o, &t); k++, o = shape(IP_RELU, 2)) {
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

/* The gradient of the same batch at the same parameters, `step` steps later. */
static void gradient_at_step(const ip_network_options *o, const ip_training_options *t, size_t step, float *out)
{
  ip_network *net = make(o, t);
  size_t n = ip_network_n_parameters(net);
  float kept[MOST];
  memcpy(kept, ip_network_parameters(net), n * sizeof *kept);
  for (size_t s = 0; s < step; s++) CHECK_OK(ip_network_train_batch(net, x, target, rows, 8, NULL));
  memcpy(ip_network_parameters(net), kept, n * sizeof *kept);
  CHECK_OK(ip_network_gradient(net, x, target, rows, 100, out, NULL));
  ip_network_destroy(&net);
}

static void every_step_draws_its_own_noise(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 2);
  ip_training_options t;
  bool random = true;
  for (int k = 0; random; k++, o = shape(IP_TANH, 2)) {
    random = choose_noise(k, &o, &t); /* at last none */
    static float g[3][MOST];
    memset(g, 0, sizeof g);
    for (size_t s = 0; s < 3; s++) gradient_at_step(&o, &t, s, g[s]);
    for (size_t s = 0; s < 3; s++) {
      double square = 0;
      for (size_t i = 0; i < MOST; i++) square += pow((double)g[s][i] - (double)g[(s + 1) % 3][i], 2);
      assert_true(random ? square > 1e-8 : square <= 0);
    }
  }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, draw_samples)
  const struct CMUnitTest tests[] = {
      TEST(noise_on_every_unit_leaves_the_gradient_exact),
      TEST(multiplied_and_dropped_units_leave_the_gradient_exact),
      TEST(multiplicative_noise_has_the_variance_of_the_squared_unit),
      TEST(dropout_sets_units_to_zero_with_its_probability_and_scales_the_others),
      TEST(dropout_is_evaluated_without_noise),
      TEST(gradients_pass_quantization_as_if_nothing_was_rounded_but_not_clipped_units),
      TEST(quantized_units_take_the_nearest_of_their_levels),
      TEST(noise_is_standard_normal_and_independent),
      TEST(rows_layers_draws_and_steps_share_no_numbers),
      TEST(every_step_draws_its_own_noise),
      TEST(noise_of_a_row_is_the_same_whatever_else_is_asked_for),
      TEST(evaluation_leaves_the_noise_of_training_as_it_is),
      TEST(a_run_with_noise_resumes_with_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
