/* Batches that are the same in each epoch, loaded once. */
#include "base/rng.h"
#include "base/test/check.h"
#include "network/network.h"
#include "num/random.h"

#include <string.h>

enum { N = 700, N_IN = 6, N_OUT = 3, EPOCHS = 3, MOST = 300 };
static float x[N * N_IN], target[N * N_OUT];
static uint32_t order[N];
static const size_t hidden[] = {8, 4};

static int draw_samples(void **state)
{
  (void)state;
  ip_rng r = ip_rng_open(5, IP_RNG_TEST, 0);
  for (size_t i = 0; i < N * N_IN; i++) x[i] = (float)ip_rng_normal(&r);
  for (size_t i = 0; i < N; i++) target[i * N_OUT + ip_rng_below(&r, N_OUT)] = 1;
  for (size_t i = 0; i < N; i++) order[i] = (uint32_t)i;
  ip_shuffle(&r, N, order);
  return 0;
}

static ip_network *make(const ip_training_options *t)
{
  ip_network *net;
  const ip_network_options o = {
      .hidden = hidden, .n_hidden = 2, .initializer = IP_PYTORCH, .output_initializer = IP_INITIALIZER_SAME};
  CHECK_OK(ip_network_create(&o, t, N_IN, N_OUT, 4, &net));
  return net;
}

static void train_epoch(ip_network *net, size_t size)
{
  double loss;
  for (size_t i = 0; i < N; i += size)
    CHECK_OK(ip_network_train_batch(net, x, target, order + i, N - i < size ? N - i : size, i ? NULL : &loss));
  CHECK_OK(ip_network_train_batch(net, x, target, NULL, 10, &loss)); /* other samples in between */
}

/* Batches of several chunks, of one, and of one sample, which need more room than there is. */
static void no_bit_depends_on_whether_batches_are_kept(void **state)
{
  (void)state;
  static const size_t sizes[] = {N, 600, 256, 50, 1};
  const ip_training_options kind[] = {
      {.optimizer = IP_SGD, .learning_rate = 0.1},
      {.optimizer = IP_SGD, .learning_rate = 0.1, .label_smoothing = 0.2}, /* of the targets that are loaded */
      {.optimizer = IP_SGD, .learning_rate = 0.1, .objective = IP_NIB, .beta = 0.01}};
  for (size_t k = 0; k < sizeof kind / sizeof *kind; k++)
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
      ip_network *net = make(&kind[k]), *kept = make(&kind[k]);
      CHECK_OK(ip_network_keep_batches(kept, order, N));
      for (int e = 0; e < EPOCHS; e++) train_epoch(net, sizes[i]), train_epoch(kept, sizes[i]);
      assert_memory_equal(ip_network_parameters(kept), ip_network_parameters(net),
                          ip_network_n_parameters(net) * sizeof(float));
      ip_network_destroy(&net);
      ip_network_destroy(&kept);
    }
}

static void batches_are_loaded_once(void **state)
{
  (void)state;
  static float gone[N * N_IN];
  float first[MOST], again[MOST];
  const ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1};
  ip_network *net = make(&t);
  CHECK_OK(ip_network_keep_batches(net, order, N));
  for (size_t i = 0; i < N; i += 256) {
    size_t n = N - i < 256 ? N - i : 256;
    CHECK_OK(ip_network_gradient(net, x, target, order + i, n, first, NULL));
    CHECK_OK(ip_network_gradient(net, gone, target, order + i, n, again, NULL));
    assert_memory_equal(again, first, ip_network_n_parameters(net) * sizeof(float));
  }
  ip_network_destroy(&net);
}

/* Another order takes the place of the one before, and of its batches. */
static void the_batches_of_the_last_order_are_kept(void **state)
{
  (void)state;
  static uint32_t other[N];
  float expected[MOST], got[MOST];
  const ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1};
  ip_network *net = make(&t), *kept = make(&t);
  for (size_t i = 0; i < N; i++) other[i] = order[N - 1 - i];
  for (int turn = 0; turn < 4; turn++) {
    const uint32_t *index = turn % 2 ? other : order;
    CHECK_OK(ip_network_keep_batches(kept, index, N));
    for (int again = 0; again < 2; again++)
      for (size_t i = 0; i < N; i += 256) {
        size_t n = N - i < 256 ? N - i : 256;
        CHECK_OK(ip_network_gradient(net, x, target, index + i, n, expected, NULL));
        CHECK_OK(ip_network_gradient(kept, x, target, index + i, n, got, NULL));
        assert_memory_equal(got, expected, ip_network_n_parameters(net) * sizeof(float));
      }
  }
  ip_network_destroy(&net);
  ip_network_destroy(&kept);
}

static void memory_that_runs_out_is_reported(void **state)
{
  (void)state;
  const ip_training_options t = {.optimizer = IP_SGD, .learning_rate = 0.1};
  ip_network *net = make(&t);
  CHECK_EVERY_ALLOCATION(ip_network_keep_batches(net, order, N), (ip_network_destroy(&net), net = make(&t)));
  ip_network_destroy(&net);
  assert_int_equal(ip_mem_live(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_bit_depends_on_whether_batches_are_kept),
      cmocka_unit_test(batches_are_loaded_once),
      cmocka_unit_test(the_batches_of_the_last_order_are_kept),
      cmocka_unit_test(memory_that_runs_out_is_reported),
  };
  return cmocka_run_group_tests_name("network/batches", tests, draw_samples, NULL);
}
