#include "figure/figure.h"
#include "study/axis.h"

#include "base/test/check.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

/* Two fractions, two betas, two seeds each: the beta and the fraction are swept independently, the batch goes with the
 * fraction. Run i has 0.1 i added to every I(X;T). */
enum { N_FILES = 8 };
static char file_names[N_FILES][512];
static const char *files[N_FILES];

static int create(void **state)
{
  if (temp_create(state)) return -1;
  for (size_t i = 0; i < N_FILES; i++) {
    char config[512], name[32];
    snprintf(name, sizeof name, "%zu.h5", i);
    snprintf(config, sizeof config,
             "name: sweep\nseed: %zu\ndataset:\n  train_fraction: %s\ntraining:\n  batch_size: %d\n  beta: %s\n", i % 2,
             i & 4 ? "0.1" : "0.85", i & 4 ? 0 : 512, i & 2 ? "1e-3" : "0.5");
    made_run m = {
        .file = name, .experiment = "sweep", .config = config, .seed = i % 2, .n_epochs = 6, .shift = 0.1 * (double)i};
    if (made_write(&m) != IP_OK) {
      fprintf(stderr, "%s\n", ip_error_message());
      return -1;
    }
    strcpy(file_names[i], temp_path(name));
    files[i] = file_names[i];
  }
  strcpy(tables_folder, temp_path("out"));
  return 0;
}

static ip_status draw(size_t n, const char *const *file, const char *name)
{
  ip_figure_options o = {.folder = tables_folder};
  return ip_figures_draw(n, file, 1, &name, &o);
}

static void an_axis_has_a_panel_for_every_value_of_the_other_keys(void **state)
{
  (void)state;
  static const char *const beta[] = {"beta", NULL}, *const fraction[] = {"dataset.train_fraction", NULL},
                           *const none[] = {"hidden", NULL};
  ip_run_set *s;
  ip_axis_panel *panel;
  size_t n;
  CHECK_OK(ip_run_set_open(N_FILES, files, NULL, &s));
  assert_int_equal(s->n_groups, 4);
  assert_int_equal(s->n_keys, 3);
  assert_int_equal(ip_axis_find(s, none), s->n_keys);
  CHECK_OK(ip_axis_panels(s, ip_axis_find(s, beta), s->sc, &n, &panel));
  assert_int_equal(n, 2);
  for (size_t j = 0; j < 2; j++) {
    assert_int_equal(panel[j].n, 2);
    CHECK_NEAR(panel[j].value[0], 1e-3, 0);
    CHECK_NEAR(panel[j].value[1], 0.5, 0);
    assert_string_equal(panel[j].title,
                        j ? "train_fraction: 0.85, batch_size: 512" : "train_fraction: 0.1, batch_size: 0");
  }
  CHECK_OK(ip_axis_panels(s, ip_axis_find(s, fraction), s->sc, &n, &panel));
  assert_int_equal(n, 2);
  assert_string_equal(panel[0].title, "beta: 1e-3"); /* the batch size is tied to the fraction */
  CHECK_NEAR(panel[0].value[0], 0.1, 0);
  CHECK_NEAR(panel[0].value[1], 0.85, 0);
  assert_int_equal(panel[0].group[0], 0);
  assert_int_equal(panel[0].group[1], 2);
  ip_run_set_close(&s);
}

static void data_has_the_end_points_by_number_of_samples(void **state)
{
  (void)state;
  CHECK_OK(draw(N_FILES, files, "data"));
  CHECK_NEAR(FIND("data", "ixt_bits", {"panel", "beta: 0.5"}, {"training_samples", "0.1"}, {"layer", "2"}),
             made_ixt(5, 1) + 0.45, 1e-12);
  CHECK_NEAR(FIND("data", "ity_bits", {"panel", "beta: 1e-3"}, {"training_samples", "0.85"}, {"layer", "1"}),
             made_ity(5, 0), 1e-12);
  CHECK_NEAR(FIND("data", "epoch", {"layer", "1"}), (double)made_epoch(5), 0);
  CHECK_NEAR(FIND("data", "repeats", {"layer", "1"}), 2, 0);
  CHECK_NEAR(FIND("data", "ity_sd", {"layer", "1"}), 0, 1e-12);
  CHECK_NEAR(FIND("data", "ixt_sd", {"layer", "1"}), 0.1 * sqrt(0.5), 1e-12);
  CHECK_NEAR(FIND("data", "hx_bits", {"layer", "1"}), 2, 0);
  CHECK_NEAR(FIND("data", "hy_bits", {"layer", "1"}, {"axis", "fraction of the samples used for training"}), 1, 0);
  assert_int_equal(count_lines("data", false), 1 + 4 * MADE_LAYERS);
  assert_int_equal(count_lines("data", true), 2 * 1 + 2); /* after a number of samples, and between the two panels */
}

static void beta_has_information_and_errors_by_rising_beta(void **state)
{
  (void)state;
  CHECK_OK(draw(N_FILES, files, "beta"));
  const char *panel = "train_fraction: 0.1, batch_size: 0";
  CHECK_NEAR(FIND("beta", "ixt_bits", {"panel", panel}, {"beta", "0.001"}, {"layer", "1"}), made_ixt(5, 0) + 0.65,
             1e-12);
  CHECK_NEAR(FIND("beta", "ixt_sd", {"panel", panel}, {"beta", "0.001"}, {"layer", "1"}), 0.1 * sqrt(0.5), 1e-12);
  CHECK_NEAR(FIND("beta", "train_error", {"panel", panel}, {"beta", "0.5"}), 0.45, 1e-12);
  CHECK_NEAR(FIND("beta", "test_error", {"panel", panel}, {"beta", "0.5"}), 0.6, 1e-12);
  assert_int_equal(count_lines("beta", false), 1 + 4 * MADE_LAYERS);
}

static void data_can_be_a_number_of_samples(void **state)
{
  (void)state;
  char path[2][512];
  const char *file[2];
  for (size_t i = 0; i < 2; i++) {
    char name[32];
    snprintf(name, sizeof name, "most%zu.h5", i);
    const made_run m = {.file = name,
                        .experiment = "most",
                        .config = i ? "dataset:\n  max_train: 200\n" : "dataset:\n  max_train: 50\n",
                        .n_epochs = 3,
                        .shift = (double)i};
    CHECK_OK(made_write(&m));
    file[i] = strcpy(path[i], temp_path(name));
  }
  CHECK_OK(draw(2, file, "data"));
  CHECK_NEAR(FIND("data", "ixt_bits", {"training_samples", "200"}, {"layer", "1"}, {"axis", "training samples"}),
             made_ixt(2, 0) + 1, 1e-12);
}

static void heatmap_has_a_field_for_every_pair_of_values(void **state)
{
  (void)state;
  CHECK_OK(draw(N_FILES, files, "heatmap"));
#define FIELD(quantity, fraction, beta) {"quantity", quantity}, {"y_value", fraction}, {"x_value", beta}
  CHECK_NEAR(FIND("heatmap", "value", FIELD("test error", "0.1", "0.5")), 0.6, 1e-12);
  CHECK_NEAR(FIND("heatmap", "value", FIELD("I(X;T) of the last hidden layer, bits", "0.85", "1e-3")),
             made_ixt(5, 0) + 0.25, 1e-12);
  CHECK_NEAR(FIND("heatmap", "value", FIELD("decrease of I(X;T) from its peak, bits", "0.85", "1e-3")), 0.05, 1e-12);
  CHECK_NEAR(FIND("heatmap", "x", {"x_value", "1e-3"}), 0, 0); /* increasing, not in the order of the files */
  CHECK_NEAR(FIND("heatmap", "x", {"x_value", "0.5"}), 1, 0);
  CHECK_NEAR(FIND("heatmap", "y", {"y_value", "0.85"}, {"x_value", "0.5"}), 1, 0);
  CHECK_NEAR(FIND("heatmap", "repeats", {"x_key", "training.beta"}, {"y_key", "dataset.train_fraction"}), 2, 0);
  CHECK_NEAR(FIND("heatmap", "value", {"x_name", "0.001"}, {"y_name", "0.1"}, {"quantity", "test error"}), 0.6, 1e-12);
  CHECK_NEAR(FIND("heatmap", "value", FIELD("I(T;Y) of the last hidden layer, bits", "0.1", "0.5")), made_ity(5, 0),
             1e-12);
  assert_int_equal(count_lines("heatmap", false), 1 + 4 * 4); /* quantities, configurations */
  assert_int_equal(count_lines("heatmap", true), 3 * 2);
}

static void runs_without_such_a_sweep_are_told_so(void **state)
{
  (void)state;
  CHECK_FAILS(draw(4, files, "data"), IP_EINVAL, "do not differ in dataset.train_fraction");
  CHECK_FAILS(draw(2, files, "beta"), IP_EINVAL, "do not differ in beta");
  CHECK_FAILS(draw(4, files, "heatmap"), IP_EINVAL, "two keys");
}

static void runs_of_earlier_versions_are_repeats_of_those_with_the_present_keys(void **state)
{
  (void)state;
  static const char *const key[] = {"initialiser", "initializer", "initializer"}, *const value[] = {"he", "he",
                                                                                                    "glorot"};
  char path[3][512];
  for (size_t i = 0; i < 3; i++) {
    char config[128], name[32];
    snprintf(name, sizeof name, "renamed%zu.h5", i);
    snprintf(config, sizeof config, "network:\n  %s: %s\n", key[i], value[i]);
    const made_run m = {.file = name, .experiment = "renamed", .config = config, .seed = i, .n_epochs = 3};
    CHECK_OK(made_write(&m));
    strcpy(path[i], temp_path(name));
  }
  const char *const file[] = {path[0], path[1], path[2]};
  ip_run_set *s;
  CHECK_OK(ip_run_set_open(3, file, NULL, &s));
  assert_int_equal(s->n_groups, 2);
  assert_int_equal(s->n_keys, 1);
  assert_string_equal(s->key[0], "network.initializer");
  ip_run_set_close(&s);
}

static ip_status find_panels(void)
{
  static const char *const names[] = {"beta", NULL};
  ip_run_set *s;
  ip_axis_panel *panel;
  size_t n;
  IP_TRY(ip_run_set_open(2, files + 1, NULL, &s));
  ip_status st = ip_axis_panels(s, ip_axis_find(s, names), s->sc, &n, &panel);
  ip_run_set_close(&s);
  return st;
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(find_panels(), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_axis_has_a_panel_for_every_value_of_the_other_keys),
      cmocka_unit_test(data_has_the_end_points_by_number_of_samples),
      cmocka_unit_test(data_can_be_a_number_of_samples),
      cmocka_unit_test(beta_has_information_and_errors_by_rising_beta),
      cmocka_unit_test(heatmap_has_a_field_for_every_pair_of_values),
      cmocka_unit_test(runs_without_such_a_sweep_are_told_so),
      cmocka_unit_test(runs_of_earlier_versions_are_repeats_of_those_with_the_present_keys),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/sweeps", tests, create, temp_remove);
}
