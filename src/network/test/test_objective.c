#include "network/test/held.h"

static void every_objective_has_the_gradient_of_central_differences(void **state)
{
  (void)state;
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++)
    for (size_t n_hidden = 1; n_hidden <= 3; n_hidden++) {
      ip_network_options o = shape(IP_SOFTPLUS, n_hidden);
      ip_training_options t = sgd_on(k);
      check_gradient(&o, &t, 40, 3e-6);
      o.layer_norm = true; /* of the layers below the noisy one */
      check_gradient(&o, &t, 40, 3e-6);
    }
}

static void batches_of_several_chunks_have_it(void **state)
{
  (void)state;
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd_on(k);
    check_gradient(&o, &t, 290, 3e-6);
  }
}

static void terms_are_those_of_the_objective(void **state)
{
  (void)state;
  for (int k = IP_CROSS_ENTROPY; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd_on(k);
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
  for (size_t i = 0; i < MANY; i++) {
    memcpy(many + i * N_IN, x + i % N * N_IN, N_IN * sizeof *many);
    many[i * N_IN] += 0.01f * (float)i;
    memcpy(t + i * N_OUT, target + i % N * N_OUT, N_OUT * sizeof *t);
  }
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options train = sgd_on(IP_NIB);
  ip_network *net = make(&o, &train);
  ip_network_terms all, first, second;
  uint32_t index[MANY];
  for (uint32_t i = 0; i < MANY; i++) index[i] = i;
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, MANY, &all));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, 750, &first));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index + 750, 750, &second));
  CHECK_NEAR(all.rate, (first.rate + second.rate) / 2, 1e-12);
  assert_true(all.rate < log(750));
  ip_network_terms uneven, less; /* blocks of 749 and 750 samples */
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, MANY - 1, &uneven));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index, 749, &less));
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index + 749, 750, &second));
  CHECK_NEAR(uneven.rate, (749 * less.rate + 750 * second.rate) / (MANY - 1), 1e-12);
  CHECK_OK(ip_network_evaluate_terms(net, many, t, NULL, index + 750, 750, &second));
  /* at once: equal to a block where they are one, not held down by ln of a block, and the same with every sample twice
   */
  double rate;
  CHECK_OK(ip_network_rate(net, many, index + 750, 750, &rate));
  CHECK_NEAR(rate, second.rate, 1e-12);
  CHECK_OK(ip_network_rate(net, many, NULL, MANY, &rate));
  assert_true(rate > all.rate && rate < log(MANY));
  for (uint32_t i = 0; i < MANY; i++) index[i] = i % 750;
  CHECK_OK(ip_network_rate(net, many, index, MANY, &rate));
  CHECK_NEAR(rate, first.rate, 1e-6);
  CHECK_FAILS(ip_network_rate(net, many, index, 0, &rate), IP_EINVAL, "no samples");
  ip_network_destroy(&net);
}

/* Far apart, m samples carry ln m nats; equal ones none. */
static void the_pairwise_bound_has_its_limits(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options train = sgd_on(IP_NIB);
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
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options one = sgd_on(IP_VIB);
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
  for (int k = IP_VIB; k < IP_N_OBJECTIVES; k++) {
    ip_network_options o = shape(IP_TANH, 2);
    ip_training_options t = sgd_on(k);
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

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  ip_network *net = NULL;
  ip_network_options o = shape(IP_SOFTPLUS, 2), quantized = o;
  quantized.quantize_bits = 4;
  ip_training_options t = sgd;
  CHECK_EVERY_ALLOCATION(ip_network_create(&quantized, &t, N_IN, N_OUT, 1, &net), ip_network_destroy(&net));
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

static void impossible_noise_is_refused_by_name(void **state)
{
  (void)state;
  static const size_t list[] = {2, 1, 0};
  ip_network_options o = shape(IP_TANH, 2);
  o.multiplicative_noise = -1;
  check_wrong(o, sgd, "network.multiplicative_noise: expected a number of at least 0, got -1");
  o = shape(IP_TANH, 2), o.dropout = 1;
  check_wrong(o, sgd, "network.dropout: expected a number in [0, 1), got 1");
  o.dropout = 0.5, o.noise_variance = 0.1;
  check_wrong(o, sgd, "network.dropout: units have at most one kind of noise; set this or network.noise_variance to 0");
  o.noise_variance = 0, o.quantize_bits = 2;
  check_wrong(o, sgd, "network.dropout: units cannot be both noisy and quantized");
  o.quantize_bits = 0, o.noise_layers = list, o.n_noise_layers = 2;
  check_wrong(o, sgd, "network.noise_layers: got 1 after 2, expected strictly increasing numbers");
  o.noise_layers = list + 2, o.n_noise_layers = 1;
  check_wrong(o, sgd, "network.noise_layers: got layer 0, expected 1 to 2");
  o.noise_layers = list, o.dropout = 0;
  check_wrong(o, sgd, "network.noise_layers: the network has no noise");
}

static void impossible_options_are_refused_by_name(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 2);
  ip_training_options t = sgd;
  o.quantize_bits = 17;
  check_wrong(o, t, "network.quantize_bits: expected a number in [0, 16], got 17");
  o.quantize_bits = -1;
  check_wrong(o, t, "got -1");
  o = shape(IP_TANH, 2), o.quantize_range = NAN;
  check_wrong(o, t, "quantize_range");
  o = shape(IP_TANH, 2), o.noise_variance = -0.1;
  check_wrong(o, t, "noise_variance");
  o.noise_variance = 0.1, o.quantize_bits = 4;
  check_wrong(o, t, "both noisy and quantized");
  o = shape(IP_TANH, 0), t.objective = IP_VIB;
  check_wrong(o, t, "needs a hidden layer");
  o = shape(IP_TANH, 2), o.noise_variance = 0.1;
  check_wrong(o, t, "its own noise");
  o = shape(IP_TANH, 2), o.dropout = 0.1;
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

/* d KL / d s = (sigma - 1/sigma) sigma' tends to -1 as s to minus infinity: where sigma is too small for a float, the
 * bound still pulls it back. */
static void a_vanishing_sigma_of_vib_is_pulled_back(void **state)
{
  (void)state;
  ip_network_options o = shape(IP_TANH, 1);
  ip_training_options t = sgd_on(IP_VIB);
  const float s[7] = {-100, -90, -80, -70, -62, -40, -20};
  ip_network *net = make(&o, &t);
  for (size_t u = 0; u < 7; u++) {
    memset(ip_network_weights(net, 0) + (7 + u) * N_IN, 0, N_IN * sizeof(float));
    ip_network_biases(net, 0)[7 + u] = s[u];
  }
  CHECK_OK(ip_network_gradient(net, x, target, rows, 100, gradient, NULL));
  const float *by_s = gradient + 14 * N_IN + 7; /* behind the weights and the biases of mu */
  for (size_t u = 0; u < 7; u++) CHECK_NEAR((double)by_s[u], -t.beta, 1e-6);
  ip_network_destroy(&net);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, draw_samples)
  const struct CMUnitTest tests[] = {
      TEST(every_objective_has_the_gradient_of_central_differences),
      TEST(batches_of_several_chunks_have_it),
      TEST(terms_are_those_of_the_objective),
      TEST(the_pairwise_bound_of_many_samples_is_the_mean_over_blocks),
      TEST(the_pairwise_bound_has_its_limits),
      TEST(several_draws_are_averaged),
      TEST(a_larger_beta_gives_a_smaller_rate),
      TEST(a_vanishing_sigma_of_vib_is_pulled_back),
      TEST(nan_reaches_every_objective),
      TEST(every_failing_allocation_is_reported),
      TEST(impossible_options_are_refused_by_name),
      TEST(impossible_noise_is_refused_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
