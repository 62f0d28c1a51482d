/* Runs whose length is a number of updates, whose targets are their inputs, and whose logged outputs are quantized. */
#include "run/test/runs.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/random.h"
#include "runfile/names.h"

enum { PER_EPOCH = 13, SAMPLES = 4096, N_IN = 12 }; /* batches of 256 of 3277 samples */

static ip_run *train(const char *name, const char *set1, const char *set2)
{
  char path[128];
  in_folder(path, name);
  ip_experiment *point = point_of(SMALL, set1, set2);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_run_publish(path, true));
  ip_experiment_destroy(&point);
  return open_run(path);
}

static void updates_that_fill_their_epochs_give_the_bits_of_epochs(void **state)
{
  (void)state;
  char updates[64];
  snprintf(updates, sizeof updates, "training.updates=%d", 12 * PER_EPOCH);
  ip_run *a = train("epochs.h5", NULL, NULL), *b = train("updates.h5", "training.epochs=0", updates);
  assert_int_equal(ip_run_head_of(b)->epochs, 12);
  check_same_run(a, b);
  ip_run_close(&a);
  ip_run_close(&b);
}

/* The units of layer 1 after the first n updates, by the network alone. */
static void train_by_hand(size_t n, float *t)
{
  ip_experiment *e = point_of(SMALL, NULL, NULL);
  ip_dataset *ds;
  ip_network *net;
  CHECK_OK(ip_dataset_create(&e->dataset, e->seed, &ds));
  CHECK_OK(ip_network_create(&e->network, &e->training, ds->n_in, 2, e->seed, &net));
  float *target = ip_alloc(ds->n * 2, sizeof *target, "targets");
  uint32_t *order = ip_alloc(ds->n_train, sizeof *order, "order");
  assert_true(target && order);
  ip_dataset_fill_target(ds, false, target);
  memcpy(order, ds->train, ds->n_train * sizeof *order);
  ip_rng r = ip_rng_open(e->seed, IP_RNG_SHUFFLE, 0);
  ip_shuffle(&r, ds->n_train, order);
  for (size_t u = 0; u < n; u++) {
    size_t from = u % PER_EPOCH * 256, m = ds->n_train - from < 256 ? ds->n_train - from : 256;
    CHECK_OK(ip_network_train_batch(net, ds->x, target, order + from, m, NULL));
  }
  CHECK_OK(ip_network_forward(net, ds->x, ds->n, (float *[]){t, NULL, NULL}));
  ip_free(target);
  ip_free(order);
  ip_network_destroy(&net);
  ip_dataset_destroy(&ds);
  ip_experiment_destroy(&e);
}

static void the_last_epoch_ends_with_the_last_update(void **state)
{
  (void)state;
  static float logged[SAMPLES * 5], by_hand[SAMPLES * 5];
  const int more[] = {1, 12};
  for (size_t i = 0; i < 2; i++) {
    int n = 11 * PER_EPOCH + more[i];
    char updates[64];
    snprintf(updates, sizeof updates, "training.updates=%d", n);
    ip_run *r = train("part.h5", "training.epochs=0", updates);
    assert_int_equal(ip_run_n_epochs(r), 5);
    assert_int_equal(ip_run_epochs(r)[4], 12);
    CHECK_OK(ip_run_read_activation(r, 0, 4, logged));
    train_by_hand((size_t)n, by_hand);
    assert_memory_equal(logged, by_hand, sizeof logged);
    ip_run_close(&r);
  }
}

static void an_autoencoder_is_trained_on_its_inputs(void **state)
{
  (void)state;
  ip_run *r = train("auto.h5", "network.output=sigmoid", "training.targets=inputs");
  CHECK_OK(ip_run_load_samples(r));
  CHECK_OK(ip_run_load_inputs(r));
  const ip_run_head *h = ip_run_head_of(r);
  assert_int_equal(h->layer[2].width, N_IN);
  assert_int_equal(h->n_classes, 2); /* Y stays the label */
  double loss[5], accuracy[5];
  CHECK_OK(ip_run_read_metric(r, IP_NAME_TRAIN_LOSS, loss));
  CHECK_OK(ip_run_read_metric(r, IP_NAME_TRAIN_ACCURACY, accuracy));
  static float q[SAMPLES * N_IN];
  for (size_t e = 0; e < 5; e++) {
    CHECK_OK(ip_run_read_activation(r, 2, e, q));
    double sum = 0, n = 0;
    for (size_t i = 0; i < h->n; i++) {
      if (h->split[i] != 0) continue;
      n++;
      for (size_t j = 0; j < N_IN; j++) {
        double y = (double)q[i * N_IN + j];
        sum -= h->x[i * N_IN + j] > 0.5f ? log(y) : log(1 - y);
      }
    }
    CHECK_NEAR(loss[e], sum / n, 1e-5 * loss[e]);
    assert_true(isnan(accuracy[e]));
  }
  assert_true(loss[4] < 0.97 * loss[0]);
  assert_string_equal(ip_run_status(r), "done");
  ip_run_close(&r);
}

/* With soft labels, whose divergence from rounded outputs would be infinite. */
static void quantized_outputs_change_no_metric(void **state)
{
  (void)state;
#define SOFT "dataset: {labels: soft}\nnetwork: {hidden: [5, 3], quantize_bits: 4, quantize_output: "
#define REST "}\ntraining: {epochs: 12, batch_size: 256, learning_rate: 0.01}\nlog: {schedule: list, list: [0, 12]}\n"
  char path[2][128];
  ip_run *r[2];
  for (int i = 0; i < 2; i++) {
    in_folder(path[i], i ? "rounded.h5" : "plain.h5");
    train_to(path[i], i ? SOFT "true" REST : SOFT "false" REST, NULL);
    r[i] = open_run(path[i]);
    assert_int_equal(ip_run_head_of(r[i])->quantize_output, i);
  }
  const ip_run_head *h = ip_run_head_of(r[0]);
  for (size_t i = 0; i < h->n_metrics; i++) {
    double v[2], w[2];
    CHECK_OK(ip_run_read_metric(r[0], h->metric[i], v));
    CHECK_OK(ip_run_read_metric(r[1], h->metric[i], w));
    assert_memory_equal(v, w, sizeof v);
  }
  static float t[2][SAMPLES * 5];
  for (size_t k = 0; k < 3; k++) {
    for (int i = 0; i < 2; i++) CHECK_OK(ip_run_read_activation(r[i], k, 1, t[i]));
    size_t n = h->n * h->layer[k].width;
    if (k < 2) assert_memory_equal(t[0], t[1], n * sizeof **t);
    for (size_t i = 0; i < n && k == 2; i++) CHECK_NEAR(15 * (double)t[1][i], round(15 * (double)t[0][i]), 1e-5);
  }
  ip_run_close(&r[0]);
  ip_run_close(&r[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(updates_that_fill_their_epochs_give_the_bits_of_epochs),
      cmocka_unit_test(the_last_epoch_ends_with_the_last_update),
      cmocka_unit_test(an_autoencoder_is_trained_on_its_inputs),
      cmocka_unit_test(quantized_outputs_change_no_metric),
  };
  return cmocka_run_group_tests_name("run/updates", tests, NULL, remove_folder);
}
