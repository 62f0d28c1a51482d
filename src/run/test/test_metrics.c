/* Metrics that come from the pass that logs the layers, against those that pass the samples again. */
#include "run/metrics.h"

#include "base/mem.h"
#include "run/test/runs.h"

enum { MOST_METRICS = 16 };

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

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_pass_gives_the_bits_of_several),
      cmocka_unit_test(averages_over_draws_of_the_noise_and_bounds_are_passed_for_apart),
  };
  return cmocka_run_group_tests_name("run/metrics", tests, NULL, remove_folder);
}
