#include "experiment/test/parsed.h"

static void values_that_do_not_fit_together_are_told_with_their_place(void **state)
{
  (void)state;
  check_wrong("estimators: [edgse]", "f.yaml:1:13: error: estimators: unknown estimator 'edgse'; did you mean");
  check_wrong("measures: [geometri]", "f.yaml:1:11: error: measures: unknown measure 'geometri'; did you mean");
  check_wrong("measures: [hsic, \"hsic:s=5\"]", "measures: 'hsic' is listed twice, the second time as 'hsic:s=5'");
  check_wrong("estimators: [width, \"width:size=0.07\"]",
              "'width' is listed twice, the second time as 'width:size=0.07'");
  check_wrong("log:\n  schedule: piecewise\n  step: [1]\n",
              "f.yaml:3:9: error: log.step: expected 4 values, one more than log.until");
  check_wrong("log:\n  schedule: list\n  list: [9000]\n",
              "f.yaml:3:9: error: log.list: expected epochs from 0 to training.epochs (8000), got 9000");
  check_wrong("network:\n  quantize_bits: 4\ntraining:\n  objective: vib\n",
              "f.yaml:4:14: error: training.objective: vib brings its own noise");
  check_wrong("network:\n  hidden: []\ntraining:\n  objective: nib\n", "nib needs a hidden layer");
  check_wrong("repeats: 2\nsweep:\n  seed: [1, 2]\n",
              "f.yaml:1:10: error: repeats: conflicts with 'seed' in the sweep");
  check_wrong("repeats: 101\nsweep:\n  training.learning_rate: {from: 0.1, to: 0.9, count: 100000}\n",
              "f.yaml: error: sweep: has 10100000 points, repeats included; expected at most 10000000");
  check_wrong("correlations: {by: [network.activaton]}\nsweep: {network.activation: [tanh, relu]}\n",
              "f.yaml:1:20: error: correlations.by: 'network.activaton' is not a key of the sweep; did you mean "
              "'network.activation'?");
  check_wrong("correlations: {by: [network.activation, network.activation]}\n"
              "sweep: {network.activation: [tanh, relu]}\n",
              "correlations.by: 'network.activation' is listed twice; remove one");
}

static void either_epochs_or_updates_are_given(void **state)
{
  (void)state;
  static const char *const good[] = {"training: {updates: 5}\n", "training: {epochs: 0, updates: 5}\n",
                                     "training: {epochs: 5, updates: 0}\n", "sweep: {training.updates: [5, 6]}\n",
                                     "training: {updates: 7}\nrepeats: 2\nsweep: {training.batch_size: [5, 6]}\n"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    ip_experiment *e = parse(good[i]), *point, *again;
    char *text;
    CHECK_OK(ip_experiment_text(e, &text)); /* as it is kept: it reads back to the same */
    again = parse(text);
    assert_string_equal(e->digest, again->digest);
    for (size_t k = 0; k < ip_experiment_n_points(e); k++) {
      CHECK_OK(ip_experiment_point(k % 2 ? e : again, k, &point));
      assert_true((point->training.epochs > 0) != (point->training.updates > 0));
      ip_experiment_destroy(&point);
    }
    ip_free(text);
    ip_experiment_destroy(&e);
    ip_experiment_destroy(&again);
  }
  check_wrong("training:\n  epochs: 3\n  updates: 5\n",
              "f.yaml:3:12: error: training.updates: conflicts with training");
  check_wrong("training:\n  epochs: 3\nsweep: {training.updates: [5, 6]}\n", "training.updates: conflicts with");
  check_wrong("training:\n  epochs: 0\n",
              "f.yaml:2:11: error: training.epochs: got 0, expected at least 1, or training");
  ip_experiment *e = parse("training: {updates: 5}\nsweep: {training.epochs: [1, 2]}\n"), *point;
  CHECK_FAILS(ip_experiment_point(e, 0, &point), IP_ECONFIG, "training.updates: conflicts with");
  ip_experiment_destroy(&e);
}

static void a_limit_of_silence_is_longer_than_the_time_between_reports(void **state)
{
  (void)state;
  check_wrong("silent_limit: 0.5\n", "f.yaml:1:15: error: silent_limit: got 0.5 s, expected 0 or at least 5");
  ip_experiment *e = parse("silent_limit: 5\n");
  assert_true(e->silent_limit == 5);
  ip_experiment_destroy(&e);
}

static void check_layers(const char *text, size_t n_hidden, size_t n_layers)
{
  ip_experiment *e = parse(text), *again, *point;
  char *resolved;
  CHECK_OK(ip_experiment_text(e, &resolved)); /* is read back unchanged */
  CHECK_OK(ip_experiment_parse("resolved.yaml", resolved, 0, NULL, &again));
  assert_string_equal(e->digest, again->digest);
  CHECK_OK(ip_experiment_point(again, 0, &point));
  assert_int_equal(point->network.n_hidden, n_hidden);
  assert_int_equal(point->network.n_layers, n_layers);
  ip_free(resolved);
  ip_experiment_destroy(&point);
  ip_experiment_destroy(&again);
  ip_experiment_destroy(&e);
}

static void a_list_of_layers_takes_the_place_of_hidden(void **state)
{
  (void)state;
  check_layers("seed: 1", 5, 0);
  check_layers("network: {layers: [conv:channels=2:kernel=3, flatten, 8]}", 0, 3);
  check_layers("network: {hidden: [], layers: [8]}", 0, 1);
  check_layers("sweep:\n  network.layers: [[maxpool:size=2, 8], [8, 4, 2]]\n", 0, 2);
  check_wrong("network:\n  hidden: [10]\n  layers: [10]\n",
              "f.yaml:3:11: error: network.layers: network.hidden is given too");
  check_wrong("network:\n  layers: [10, maxpool:size=2]\n",
              "f.yaml:2:11: error: network.layers: entry 2, 'maxpool:size=2': follows a flat");
  check_wrong("network: {layers: [conv:channels=2]}\n",
              "network.layers: entry 1, 'conv:channels=2': kernel is missing");
  check_wrong("network: {layers: [maxpool:size=2]}\ntraining: {objective: vib}\n",
              "training.objective: vib needs a dense layer");
}

static void a_point_whose_values_do_not_fit_is_refused(void **state)
{
  (void)state;
  ip_experiment *e = parse("log: {schedule: list, list: [0, 50]}\nsweep:\n  training.epochs: [100, 20]\n"), *p;
  CHECK_OK(ip_experiment_point(e, 0, &p));
  ip_experiment_destroy(&p);
  CHECK_FAILS(ip_experiment_point(e, 1, &p), IP_ECONFIG,
              "run 2 of 2: dir/some file.yaml:1:29: error: log.list: expected epochs from 0 to training.epochs (20)");
  assert_null(p);
  ip_experiment_destroy(&e);
}

static void check_data(const char *text, ip_dataset ds, const char *message)
{
  ip_experiment *e = parse(text);
  if (message)
    CHECK_FAILS(ip_experiment_check_data(e, &ds), IP_ECONFIG, message);
  else
    CHECK_OK(ip_experiment_check_data(e, &ds));
  ip_experiment_destroy(&e);
}

static void the_data_decide_on_batches_samples_and_outputs(void **state)
{
  (void)state;
  char name[] = "tiny";
  const ip_dataset all = {.name = name, .n = 600, .n_train = 600}, some = {.name = name, .n_train = 512, .n_test = 88},
                   real = {.name = name, .n_train = 512, .n_targets = 1};
  check_data("seed: 1", all, NULL);
  check_data("training: {batch_size: 0}", some, NULL);
  check_data("training:\n  batch_size: 513", some, ":2:15: error: training.batch_size: got 513, expected at most 512");
  check_data("log: {samples: test}", some, NULL);
  check_data("log: {samples: test}", all, "log.samples: the dataset has no test samples");
  check_data("log: {samples: train}", all, NULL);
  check_data("estimate: {split: [train, all]}", all, NULL);
  check_data("estimate: {split: [all, test]}", all,
             "estimate.split: the dataset has no test samples: dataset.train_fraction is");
  check_data("training: {batch_size: 512}", some, NULL);
  check_data("seed: 1", real, "network.output: tiny has real-valued targets");
  check_data("network: {output: linear}", real, NULL);
  check_data("training: {updates: 9, warmup: 8}", some, NULL);
  check_data("training: {updates: 9, warmup: 9}", some, "training.warmup: got 9, expected fewer than the 9 updates");
  check_data("training: {epochs: 4, batch_size: 300, warmup: 8}", some, "expected fewer than the 8 updates");
}

static void inputs_as_targets_of_a_sigmoid_are_probabilities(void **state)
{
  (void)state;
  char name[] = "tiny";
  float good[] = {0, 1, 0.5f, 0}, bad[] = {0, 1, 0.5f, -1};
  ip_dataset ds = {.name = name, .n = 2, .n_in = 2, .n_train = 2, .n_targets = 1, .x = good};
  check_data("{network: {output: sigmoid}, training: {batch_size: 0, targets: inputs}}", ds, NULL);
  ds.x = bad;
  check_data("{network: {output: sigmoid}, training: {batch_size: 0, targets: inputs}}", ds,
             "network.output: sigmoid needs targets in [0, 1], and an input of tiny is -1; use dataset.scale");
  bad[3] = 1.25f;
  check_data("{network: {output: sigmoid}, training: {batch_size: 0, targets: inputs}}", ds,
             "network.output: sigmoid needs targets in [0, 1], and an input of tiny is 1.25; use dataset.scale");
  check_data("{network: {output: linear}, training: {batch_size: 0, targets: inputs}}", ds, NULL);
}

static void check_noise(const char *text, const char *message)
{
  ip_experiment *e;
  CHECK_OK(ip_experiment_parse("noise.yaml", text, 0, NULL, &e));
  if (message)
    CHECK_FAILS(ip_experiment_check_noise(e), IP_ECONFIG, message);
  else
    CHECK_OK(ip_experiment_check_noise(e));
  ip_experiment_destroy(&e);
}

static void estimators_of_noise_need_a_network_with_noise(void **state)
{
  (void)state;
  check_noise("estimators: [edges]", NULL);
  check_noise("estimators: [noisy]",
              "estimators: 'noisy' estimates with the noise of network.noise_variance, and that is 0");
  check_noise("estimators: [edges, 'kde_upper:noise=network']", "'kde_upper:noise=network' estimates with the noise");
  check_noise("estimators: ['kde_upper:noise=maximum']", NULL);
  check_noise("estimators: [noisy]\nnetwork: {noise_variance: 0.1}", NULL);
  check_noise("estimators: [noisy]\nsweep: {network.noise_variance: [0, 0.1]}", NULL);
  check_noise("estimators: [noisy]\nnetwork: {dropout: 0.1}", "the noise of network.noise_variance, and that is 0");
  check_noise("estimators: [dropout]\nnetwork: {multiplicative_noise: 0.1}", "the noise of network.dropout");
  check_noise("estimators: [multiplicative]\nnetwork: {multiplicative_noise: 0.1}", NULL);
  check_noise("estimators: [dropout]\nnetwork: {dropout: 0.1, noise_layers: [2]}", NULL);
}

static void check_figures(const char *text, const char *message)
{
  static const char *const known[] = {"plane", "layers"};
  static const ip_renamed renamed[] = {{"plan", "plane"}, {NULL, NULL}};
  ip_experiment *e = parse(text);
  if (message)
    CHECK_FAILS(ip_experiment_check_figures(e, 2, known, renamed), IP_ECONFIG, message);
  else
    CHECK_OK(ip_experiment_check_figures(e, 2, known, renamed));
  ip_experiment_destroy(&e);
}

static void figures_are_checked_against_those_that_there_are(void **state)
{
  (void)state;
  check_figures("figures: []", NULL);
  check_figures("figures: [layers, plane]", NULL);
  check_figures("figures: [plain]", ":1:10: error: figures: unknown figure 'plain'; did you mean 'plane'?");
  check_figures("figures: [volcano]", "unknown figure 'volcano'; expected one of");
  check_figures("figures: [plan]", ":1:10: error: figures: 'plan' was renamed to 'plane'");
  check_figures("figures: [plane, plane]", "figures: 'plane' is listed twice; remove one");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_that_do_not_fit_together_are_told_with_their_place),
      cmocka_unit_test(a_limit_of_silence_is_longer_than_the_time_between_reports),
      cmocka_unit_test(either_epochs_or_updates_are_given),
      cmocka_unit_test(a_list_of_layers_takes_the_place_of_hidden),
      cmocka_unit_test(a_point_whose_values_do_not_fit_is_refused),
      cmocka_unit_test(inputs_as_targets_of_a_sigmoid_are_probabilities),
      cmocka_unit_test(the_data_decide_on_batches_samples_and_outputs),
      cmocka_unit_test(estimators_of_noise_need_a_network_with_noise),
      cmocka_unit_test(figures_are_checked_against_those_that_there_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
