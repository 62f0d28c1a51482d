/* Metrics that come from the pass that logs the layers, against those that pass the samples again. */
#include "run/metrics.h"

#include "base/mem.h"
#include "run/test/runs.h"

enum { MOST_METRICS = 24 };

/* All metrics of a network by both ways, after some steps. */
static void measure_both(const char *set1, const char *set2)
{
  ip_experiment *e = point_of(SMALL, set1, set2);
  ip_dataset *ds;
  ip_network *net;
  ip_metrics *m;
  CHECK_OK(ip_dataset_create(&e->dataset, e->seed, &ds));
  size_t n_out = ip_dataset_target_width(ds, false);
  CHECK_OK(ip_network_create(&e->network, &e->training, ds->n_in, n_out, e->seed, &net));
  size_t n_layers = ip_network_n_layers(net);
  float *target = ip_alloc(ds->n * n_out, sizeof *target, "targets"), *t[3], *again[3];
  assert_true(target && n_layers == 3);
  for (size_t k = 0; k < 3; k++) {
    t[k] = ip_alloc(ds->n * ip_network_width(net, k), sizeof(float), "layer");
    again[k] = ip_alloc(ds->n * ip_network_width(net, k), sizeof(float), "layer");
    assert_true(t[k] && again[k]);
  }
  ip_dataset_fill_target(ds, false, target);
  for (size_t i = 0; i < 5; i++) CHECK_OK(ip_network_train_batch(net, ds->x, target, ds->train + 100 * i, 100, NULL));
  CHECK_OK(ip_metrics_create(ds, target, e->network.output, e->training.targets, e->training.objective, n_layers, ds->n,
                             ds->x, &m));
  double passed[MOST_METRICS], observed[MOST_METRICS];
  size_t n = ip_metrics_n(m);
  assert_true(n >= 4 && n <= MOST_METRICS);
  CHECK_OK(ip_metrics_measure(m, net, passed));
  CHECK_OK(ip_metrics_observe(m, net, t, NULL));
  CHECK_OK(ip_metrics_measure(m, net, observed));
  assert_memory_equal(observed, passed, n * sizeof *passed);
  CHECK_OK(ip_network_sample(net, ds->x, NULL, ds->n, 0, again, NULL));
  for (size_t k = 0; k < 3; k++) {
    assert_memory_equal(t[k], again[k], ds->n * ip_network_width(net, k) * sizeof(float));
    ip_free(t[k]);
    ip_free(again[k]);
  }
  /* What was observed is of that network alone: the next measurement passes the samples again. */
  CHECK_OK(ip_network_train_batch(net, ds->x, target, ds->train, 100, NULL));
  CHECK_OK(ip_metrics_measure(m, net, passed));
  assert_true(passed[0] < observed[0] || passed[0] > observed[0]);
  ip_metrics_destroy(&m);
  ip_network_destroy(&net);
  ip_free(target);
  ip_dataset_destroy(&ds);
  ip_experiment_destroy(&e);
}

static void one_pass_gives_the_bits_of_several(void **state)
{
  (void)state;
  measure_both(NULL, NULL);
  measure_both("dataset.labels=soft", NULL);
  measure_both("network.noise_variance=0.01", NULL);
  measure_both("training.ema_decay=0.5", "dataset.labels=soft");
  measure_both("network.multiplicative_noise=0.1", "network.noise_layers=2");
}

static void averages_over_draws_of_the_noise_and_bounds_are_passed_for_apart(void **state)
{
  (void)state;
  measure_both("network.noise_variance=0.01", "training.evaluation_samples=3");
  measure_both("training.objective=vib", "training.beta=0.01");
  measure_both("network.dropout=0.3", "dataset.labels=soft");
}

/* H(Y) of the labels of a part, minus the loss. */
static double usable_of(const ip_dataset *ds, const uint32_t *row, size_t n, double loss_nats)
{
  double p = 0;
  for (size_t i = 0; i < n; i++) p += ds->p_y_given_x ? (double)ds->p_y_given_x[2 * row[i] + 1] : ds->y[row[i]];
  p /= (double)n;
  return -p * log2(p) - (1 - p) * log2(1 - p) - loss_nats / log(2);
}

static void check_usable(const char *set1, const char *set2, bool has_usable)
{
  char path[128];
  in_folder(path, "usable.h5");
  ip_experiment *e = point_of(SMALL, set1, set2);
  CHECK_OK(ip_run_train(e, path, 1, NULL));
  CHECK_OK(ip_run_publish(path, true));
  ip_dataset *ds;
  CHECK_OK(ip_dataset_create(&e->dataset, e->seed, &ds));
  ip_run *r = open_run(path);
  double v[5], loss[5];
  for (int part = 0; part < 2; part++) {
    CHECK_OK(ip_run_read_metric(r, part ? "test/usable_bits" : "train/usable_bits", v));
    CHECK_OK(ip_run_read_metric(r, part ? "test/loss" : "train/loss", loss));
    for (size_t i = 0; i < 5; i++) {
      assert_int_equal(isfinite(v[i]) != 0, has_usable);
      if (has_usable)
        CHECK_NEAR(v[i], usable_of(ds, part ? ds->test : ds->train, part ? ds->n_test : ds->n_train, loss[i]), 1e-9);
    }
  }
  assert_int_equal(isfinite(ip_run_final(r, "test/usable_bits")) != 0, has_usable);
  ip_run_close(&r);
  ip_dataset_destroy(&ds);
  ip_experiment_destroy(&e);
  remove(path);
}

static void the_loss_of_classifiers_is_logged_in_units_of_information(void **state)
{
  (void)state;
  check_usable(NULL, NULL, true);
  check_usable("dataset.labels=soft", NULL, true);
  check_usable("network.output=sigmoid", NULL, true);
  check_usable("network.output=linear", NULL, false);
  check_usable("training.objective=vib", "training.beta=0.01", true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_pass_gives_the_bits_of_several),
      cmocka_unit_test(averages_over_draws_of_the_noise_and_bounds_are_passed_for_apart),
      cmocka_unit_test(the_loss_of_classifiers_is_logged_in_units_of_information),
  };
  return cmocka_run_group_tests_name("run/metrics", tests, NULL, remove_folder);
}
