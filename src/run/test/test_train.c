#include "base/stop.h"
#include "run/test/runs.h"

static void the_same_configuration_gives_the_same_bits(void **state)
{
  (void)state;
  char a_path[128], b_path[128];
  in_folder(a_path, "a.h5");
  in_folder(b_path, "b.h5");
  train_to(a_path, SMALL, NULL);
  train_to(b_path, SMALL, NULL);
  ip_run *a = open_run(a_path), *b = open_run(b_path);
  assert_int_equal(ip_run_n_epochs(a), 5);
  assert_int_equal(ip_run_epochs(a)[4], 12);
  check_same_run(a, b);
  ip_run_close(&a);
  ip_run_close(&b);
}

static void another_seed_gives_another_network(void **state)
{
  (void)state;
  char a_path[128], b_path[128];
  in_folder(a_path, "s1.h5");
  in_folder(b_path, "s2.h5");
  train_to(a_path, SMALL, "seed=1");
  train_to(b_path, SMALL, "seed=2");
  ip_run *a = open_run(a_path), *b = open_run(b_path);
  float t[4096 * 5], u[4096 * 5];
  CHECK_OK(ip_run_read_activation(a, 0, 0, t));
  CHECK_OK(ip_run_read_activation(b, 0, 0, u));
  assert_memory_not_equal(t, u, sizeof t);
  ip_run_close(&a);
  ip_run_close(&b);
}

/* Loss and accuracy from the logged softmax outputs, counted here again. */
static void check_metrics_of_epoch(ip_run *r, size_t e, const double *loss, const double *accuracy, uint8_t part)
{
  const ip_run_head *h = ip_run_head_of(r);
  float q[4096 * 2];
  CHECK_OK(ip_run_read_activation(r, h->n_layers - 1, e, q));
  double sum = 0, right = 0, n = 0;
  for (size_t i = 0; i < h->n; i++) {
    if (h->split[i] != part) continue;
    n++;
    sum -= log((double)q[2 * i + (size_t)h->y[i]]);
    right += (q[2 * i + 1] > q[2 * i]) == h->y[i];
  }
  CHECK_NEAR(loss[e], sum / n, 1e-5);
  CHECK_NEAR(accuracy[e], right / n, 1e-9);
}

static void networks_with_a_bottleneck_log_the_bound_they_are_trained_on(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "nib.h5");
  ip_experiment *point = point_of(SMALL, "training.objective=nib", "training.beta=0.1");
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  CHECK_OK(ip_run_publish(path, true));
  ip_experiment_destroy(&point);
  ip_run *r = open_run(path);
  double loss[5], rate[5], objective[5], variance[5], test_rate[5], logged[5];
  CHECK_OK(ip_run_read_metric(r, "train/loss", loss));
  CHECK_OK(ip_run_read_metric(r, "train/rate_bits", rate));
  CHECK_OK(ip_run_read_metric(r, "train/objective", objective));
  CHECK_OK(ip_run_read_metric(r, "train/noise_variance", variance));
  CHECK_OK(ip_run_read_metric(r, "test/rate_bits", test_rate));
  CHECK_OK(ip_run_read_metric(r, "logged/rate_bits", logged));
  assert_string_equal(ip_run_head_of(r)->objective, "nib");
  assert_string_equal(ip_run_head_of(r)->layer[1].activation, "linear");
  CHECK_NEAR(variance[0], 1, 0);
  assert_true(fabs(variance[4] - 1) > 1e-3);
  for (size_t e = 0; e < 5; e++) {
    CHECK_NEAR(objective[e], loss[e] + 0.1 * rate[e] * log(2), 1e-12);
    assert_true(rate[e] > 0.01 && rate[e] < 10 && test_rate[e] > 0.01);
    assert_true(logged[e] > 0.01 && logged[e] < log2((double)ip_run_head_of(r)->n));
  }
  ip_run_close(&r);
}

static void noisy_networks_log_their_units_with_and_without_the_noise(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "noisy.h5");
  train_to(path, SMALL, "network.noise_variance=0.01");
  ip_run *r = open_run(path);
  static float t[4096 * 5], mean[4096 * 5];
  CHECK_NEAR(ip_run_head_of(r)->noise_variance, 0.01, 0);
  assert_false(ip_run_head_of(r)->layer[2].has_mean);
  CHECK_OK(ip_run_read_activation(r, 0, 3, t));
  CHECK_OK(ip_run_read_mean(r, 0, 3, mean));
  double square = 0, count = 4096 * 5;
  for (size_t i = 0; i < 4096 * 5; i++) {
    assert_true(fabsf(mean[i]) <= 1);
    square += (double)(t[i] - mean[i]) * (double)(t[i] - mean[i]);
  }
  CHECK_NEAR(square / count, 0.01, 0.01 * 4.5 * sqrt(2 / count));
  ip_run_close(&r);
}

/* Only the layer of the list is noisy, and the file says by what. */
static void multiplied_units_are_logged_with_what_they_were_before(void **state)
{
  (void)state;
  char path[128];
  static float t[4096 * 5], mean[4096 * 5];
  for (int dropout = 0; dropout < 2; dropout++) {
    in_folder(path, dropout ? "dropout.h5" : "multiplied.h5");
    ip_experiment *point = point_of(SMALL, "network.noise_layers=1",
                                    dropout ? "network.dropout=0.25" : "network.multiplicative_noise=0.04");
    CHECK_OK(ip_run_train(point, path, 1, NULL));
    CHECK_OK(ip_run_publish(path, true));
    ip_experiment_destroy(&point);
    ip_run *r = open_run(path);
    const ip_run_head *h = ip_run_head_of(r);
    CHECK_NEAR(h->multiplicative_noise, dropout ? 0 : 0.04, 0);
    CHECK_NEAR(h->dropout, dropout ? 0.25 : 0, 0);
    assert_true(h->layer[0].has_mean && !h->layer[1].has_mean && !h->layer[2].has_mean);
    CHECK_OK(ip_run_read_activation(r, 0, 3, t));
    CHECK_OK(ip_run_read_mean(r, 0, 3, mean));
    double square = 0, zeros = 0, count = 4096 * 5;
    for (size_t i = 0; i < 4096 * 5; i++) {
      double e = (double)t[i] / (double)mean[i] - 1;
      square += e * e / 0.04;
      zeros += t[i] == 0;
      if (dropout && t[i] != 0) CHECK_NEAR(e, 1 / 0.75 - 1, 1e-6);
    }
    if (dropout) CHECK_NEAR(zeros / count, 0.25, 4.5 * sqrt(0.1875 / count));
    if (!dropout) CHECK_NEAR(square / count, 1, 4.5 * sqrt(2 / count));
    ip_run_close(&r);
  }
}

static void quantized_networks_log_their_levels(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "quantized.h5");
  train_to(path, SMALL, "network.quantize_bits=2");
  ip_run *r = open_run(path);
  static float t[4096 * 5];
  assert_int_equal(ip_run_head_of(r)->quantize_bits, 2);
  CHECK_OK(ip_run_read_activation(r, 0, 4, t));
  for (size_t i = 0; i < 4096 * 5; i++) CHECK_NEAR((double)t[i], round(((double)t[i] + 1) * 1.5) / 1.5 - 1, 1e-6);
  ip_run_close(&r);
}

static void losses_and_accuracies_are_those_of_the_logged_outputs(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "metrics.h5");
  train_to(path, SMALL, NULL);
  ip_run *r = open_run(path);
  double loss[5], accuracy[5], test_loss[5], test_accuracy[5];
  CHECK_OK(ip_run_read_metric(r, "train/loss", loss));
  CHECK_OK(ip_run_read_metric(r, "train/accuracy", accuracy));
  CHECK_OK(ip_run_read_metric(r, "test/loss", test_loss));
  CHECK_OK(ip_run_read_metric(r, "test/accuracy", test_accuracy));
  for (size_t e = 0; e < 5; e++) {
    check_metrics_of_epoch(r, e, loss, accuracy, IP_SPLIT_TRAIN);
    check_metrics_of_epoch(r, e, test_loss, test_accuracy, IP_SPLIT_TEST);
  }
  assert_true(loss[4] < loss[0]);
  assert_true(ip_run_final(r, "train/loss") == loss[4]);
  ip_run_close(&r);
}

static void gradients_are_those_of_the_logged_epoch(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "gradients.h5");
  train_to(path, SMALL, NULL);
  ip_run *r = open_run(path);
  double mean[15], sd[15], norm[15];
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_mean", mean));
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_std", sd));
  CHECK_OK(ip_run_read_layer_metric(r, "weight_norm", norm));
  for (size_t i = 0; i < 12; i++) assert_true(mean[i] > 0 && sd[i] > 0 && norm[i] > 0);
  for (size_t i = 12; i < 15; i++) assert_true(isnan(mean[i]) && isnan(sd[i]) && norm[i] > 0); /* no batch follows */
  ip_run_close(&r);

  in_folder(path, "full.h5");
  train_to(path, SMALL, "training.batch_size=0");
  r = open_run(path);
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_std", sd));
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_mean", mean));
  for (size_t i = 0; i < 12; i++) assert_true(sd[i] < 1e-6 * mean[i]); /* one batch does not vary */
  ip_run_close(&r);
}

static void the_loss_is_label_entropy_plus_divergence(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "soft.h5");
  train_to(path, SMALL, "dataset.labels=soft");
  ip_run *r = open_run(path);
  double loss[5], cross[5], entropy[5], kl[5];
  CHECK_OK(ip_run_read_metric(r, "train/loss", loss));
  CHECK_OK(ip_run_read_metric(r, "train/cross_entropy_bits", cross));
  CHECK_OK(ip_run_read_metric(r, "train/label_entropy_bits", entropy));
  CHECK_OK(ip_run_read_metric(r, "train/kl_bits", kl));
  for (size_t e = 0; e < 5; e++) {
    CHECK_NEAR(cross[e], loss[e] / log(2.0), 1e-5);
    CHECK_NEAR(cross[e], entropy[e] + kl[e], 1e-6);
    CHECK_NEAR(entropy[e], 0.1, 0.02); /* H(Y|X) = 0.100515 bit over all patterns */
    assert_true(kl[e] > 0);
  }
  ip_run_close(&r);
}

static void only_the_test_samples_are_logged_where_asked_for(void **state)
{
  (void)state;
  char path[128], all_path[128];
  in_folder(path, "test.h5");
  in_folder(all_path, "all.h5");
  train_to(path, SMALL, "log.samples=test");
  train_to(all_path, SMALL, NULL);
  ip_run *r = open_run(path), *all = open_run(all_path);
  const ip_run_head *h = ip_run_head_of(r), *g = ip_run_head_of(all);
  float t[4096 * 3], u[4096 * 3];
  CHECK_OK(ip_run_read_activation(r, 1, 3, t));
  CHECK_OK(ip_run_read_activation(all, 1, 3, u));
  size_t i = 0;
  for (size_t j = 0; j < g->n; j++) {
    if (g->split[j] != IP_SPLIT_TEST) continue;
    assert_int_equal(h->y[i], g->y[j]);
    assert_memory_equal(t + 3 * i, u + 3 * j, 3 * sizeof *t);
    i++;
  }
  assert_int_equal(i, h->n);
  assert_int_equal(h->n_x, h->n);
  ip_run_close(&r);
  ip_run_close(&all);
}

static void a_network_that_diverges_keeps_what_was_finite(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "wild.h5");
  train_to(path,
           "name: wild\nnetwork: {hidden: [5], activation: linear, output: linear}\n"
           "dataset: {name: linear_gaussian, n_samples: 500}\n"
           "training: {epochs: 200, batch_size: 100, optimizer: sgd, learning_rate: 1e6}\n"
           "log: {schedule: every, every: 1}\nestimators: [edges]\n",
           NULL);
  ip_run *r = open_run(path);
  assert_string_equal(ip_run_status(r), "failed_to_fit");
  assert_non_null(strstr(ip_run_reason(r), "not finite"));
  assert_in_range(ip_run_n_epochs(r), 1, 199);
  ip_run_close(&r);
}

static void a_stop_before_the_first_batch_leaves_nothing_under_the_name(void **state)
{
  (void)state;
  char path[128];
  in_folder(path, "stopped.h5");
  ip_experiment *point = point_of(SMALL, NULL, NULL);
  ip_stop_set(true);
  CHECK_FAILS(ip_run_train(point, path, 1, NULL), IP_ESTOPPED, "");
  ip_stop_set(false);
  assert_int_not_equal(access(path, F_OK), 0);
  CHECK_OK(ip_run_train(point, path, 1, NULL));
  ip_experiment_destroy(&point);
}

/* Memory running out at every k-th allocation in turn interrupts the run at every stage; it goes on where it was. */
static void an_interrupted_run_goes_on_and_ends_with_the_same_bits(void **state)
{
  (void)state;
  char path[128], whole_path[128];
  in_folder(path, "interrupted.h5");
  in_folder(whole_path, "whole.h5");
  train_to(whole_path, SMALL, NULL);
  ip_experiment *point = point_of(SMALL, NULL, NULL);
  size_t live = ip_mem_live(), n_interrupted = 0;
  ip_status st;
  size_t at = 3;
  do {
    ip_error_clear();
    ip_mem_fail_at(at);
    at += 1 + at / 3;
    st = ip_run_train(point, path, 1, NULL);
    ip_mem_fail_at(0);
    assert_int_equal(ip_mem_live(), live);
    n_interrupted += st == IP_ENOMEM;
  } while (st == IP_ENOMEM);
  CHECK_OK(st);
  assert_true(n_interrupted > 5);
  CHECK_OK(ip_run_publish(path, true));
  ip_run *a = open_run(path), *b = open_run(whole_path);
  check_same_run(a, b);
  ip_run_close(&a);
  ip_run_close(&b);
  ip_experiment_destroy(&point);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_configuration_gives_the_same_bits),
      cmocka_unit_test(another_seed_gives_another_network),
      cmocka_unit_test(networks_with_a_bottleneck_log_the_bound_they_are_trained_on),
      cmocka_unit_test(noisy_networks_log_their_units_with_and_without_the_noise),
      cmocka_unit_test(multiplied_units_are_logged_with_what_they_were_before),
      cmocka_unit_test(quantized_networks_log_their_levels),
      cmocka_unit_test(losses_and_accuracies_are_those_of_the_logged_outputs),
      cmocka_unit_test(gradients_are_those_of_the_logged_epoch),
      cmocka_unit_test(the_loss_is_label_entropy_plus_divergence),
      cmocka_unit_test(only_the_test_samples_are_logged_where_asked_for),
      cmocka_unit_test(a_network_that_diverges_keeps_what_was_finite),
      cmocka_unit_test(a_stop_before_the_first_batch_leaves_nothing_under_the_name),
      cmocka_unit_test(an_interrupted_run_goes_on_and_ends_with_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, remove_folder);
}
