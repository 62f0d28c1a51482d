#include "figure/test/drawn_runs.h"

static const char tanh_title[] = "activation: tanh, 2 runs (1 did not fit)", relu_title[] = "activation: relu";

static void the_plane_has_means_and_spreads_over_repeats_that_fit(void **state)
{
  (void)state;
  CHECK_OK(draw(4, files, "plane", "svg"));
  for (size_t e = 0; e < 20; e++)
    for (size_t k = 0; k < MADE_LAYERS; k++) {
      char epoch[24], layer[24];
      snprintf(epoch, sizeof epoch, "%d", (int)made_epoch(e));
      snprintf(layer, sizeof layer, "%zu", k + 1);
#define AT(title) {"panel", title}, {"epoch", epoch}, {"layer", layer}
      CHECK_NEAR(FIND("plane", "ixt_bits", AT(tanh_title)), made_ixt(e, k) + 0.5, 1e-12);
      CHECK_NEAR(FIND("plane", "ixt_sd", AT(tanh_title)), sqrt(0.5), 1e-12);
      CHECK_NEAR(FIND("plane", "ity_bits", AT(tanh_title)), made_ity(e, k), 1e-12);
      CHECK_NEAR(FIND("plane", "ity_sd", AT(tanh_title)), 0, 1e-12);
      CHECK_NEAR(FIND("plane", "repeats", AT(tanh_title)), 2, 0);
      CHECK_NEAR(FIND("plane", "ixt_bits", AT(relu_title)), made_ixt(e, k) + 0.5, 1e-12);
      assert_true(isnan(FIND("plane", "ixt_sd", AT(relu_title))));
      CHECK_NEAR(FIND("plane", "hx_bits", AT(relu_title)), 2, 0);
    }
  /* the means, and both runs of tanh beside theirs */
  CHECK_NEAR(FIND("plane", "ixt_bits", {"panel", tanh_title}, {"run", "2"}, {"epoch", "13"}, {"layer", "2"}),
             made_ixt(3, 1) + 1, 1e-12);
  assert_int_equal(count_lines("plane", false), 1 + (2 + 2) * 20 * MADE_LAYERS);
  assert_int_equal(count_lines("plane", true), 2 * 19 + 2 + 2 * MADE_LAYERS);
}

/* H(X) is 2 bits, H(Y) 1 bit. */
static void fractions_are_information_over_the_entropies(void **state)
{
  (void)state;
  const char *const name = "plane";
  ip_figure_options o = {.folder = tables_folder, .fractions = true};
  CHECK_OK(ip_figures_draw(2, files, 1, &name, &o));
  CHECK_NEAR(FIND("plane", "hx_bits", {"epoch", "13"}), 2, 0);
  CHECK_NEAR(FIND("plane", "hy_bits", {"epoch", "13"}), 1, 0);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"layer", "2"}, {"unit", "fraction"}),
             (made_ixt(3, 1) + 0.5) / 2, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_sd", {"epoch", "13"}, {"layer", "2"}), sqrt(0.5) / 2, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_bits", {"epoch", "13"}, {"layer", "2"}), made_ity(3, 1), 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "2"}, {"epoch", "13"}, {"layer", "2"}), (made_ixt(3, 1) + 1) / 2, 1e-12);
  CHECK_OK(draw(2, files, "plane", "svg"));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"layer", "2"}, {"unit", "bits"}), made_ixt(3, 1) + 0.5, 1e-12);
}

static void snapshots_have_every_run_at_the_first_the_middle_and_the_last_epoch(void **state)
{
  (void)state;
  CHECK_OK(draw(2, files, "snapshots", "svg"));
  /* epochs are 0 1 2 13 ... 29, and 29^(2/3) is 9.4 */
  static const size_t moment[] = {0, 3, 19};
  for (size_t m = 0; m < 3; m++)
    for (size_t i = 0; i < 2; i++) {
      char epoch[24];
      snprintf(epoch, sizeof epoch, "%d", (int)made_epoch(moment[m]));
      CHECK_NEAR(FIND("snapshots", "ixt_bits", {"epoch", epoch}, {"run", i ? "2" : "1"}, {"layer", "2"}),
                 made_ixt(moment[m], 1) + (double)i, 1e-12);
      CHECK_NEAR(FIND("snapshots", "ity_bits", {"epoch", epoch}, {"run", i ? "2" : "1"}, {"layer", "1"}),
                 made_ity(moment[m], 0), 1e-12);
    }
  assert_int_equal(count_lines("snapshots", false), 1 + 3 * MADE_LAYERS * 2);
}

static void layers_and_repeats_have_every_epoch(void **state)
{
  (void)state;
  CHECK_OK(draw(2, files, "layers", "svg"));
  CHECK_OK(draw(2, files, "repeats", "svg"));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "2"}, {"epoch", "13"}), made_ixt(3, 1) + 0.5, 1e-12);
  CHECK_NEAR(FIND("layers", "ixt_sd", {"layer", "2"}, {"epoch", "13"}), sqrt(0.5), 1e-12);
  CHECK_NEAR(FIND("layers", "ity_bits", {"label", "1: 2 tanh"}, {"epoch", "29"}), made_ity(19, 0), 1e-12);
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", "2"}, {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0) + 1, 1e-12);
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", "0"}, {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0) + 0.5, 1e-12);
  assert_int_equal(count_lines("repeats", false), 1 + 3 * 20 * MADE_LAYERS);
  assert_int_equal(count_lines("repeats", true), 3 + 2 + 1); /* between layers of runs, to the means, between theirs */
}

/* More epochs than are drawn: the last is drawn with its own values, of the run and of the mean. */
static void epochs_of_long_runs_keep_their_values(void **state)
{
  (void)state;
  const made_run m = {.file = "long.h5", .experiment = "f", .config = "", .n_epochs = 120};
  CHECK_OK(made_write(&m));
  char path[512];
  const char *file = path;
  strcpy(path, temp_path("long.h5"));
  CHECK_OK(draw(1, &file, "repeats", "svg"));
  assert_in_range(count_lines("repeats", false), 1 + 2 * 10 * MADE_LAYERS, 1 + 2 * 100 * MADE_LAYERS);
  for (int run = 0; run < 2; run++)
    for (size_t e = 0; e < 120; e += 119) {
      char epoch[8];
      snprintf(epoch, sizeof epoch, "%d", (int)made_epoch(e));
      CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", run ? "1" : "0"}, {"layer", "1"}, {"epoch", epoch}),
                 made_ixt(e, 0), 1e-12);
      CHECK_NEAR(FIND("repeats", "ity_bits", {"run", run ? "1" : "0"}, {"layer", "2"}, {"epoch", epoch}),
                 made_ity(e, 1), 1e-12);
    }
}

/* The test loss of these runs decreases until the last epoch. */
static void figures_over_epochs_have_the_epoch_of_the_least_test_loss(void **state)
{
  (void)state;
  static const char *const name[] = {"layers", "repeats", "loss", "gradients", "geometry", "usable", "measures"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    char drawing[600];
    CHECK_OK(draw(2, files, name[i], "svg"));
    CHECK_NEAR(FIND(name[i], "least_test_loss_epoch", {"epoch", "13"}), 29, 0);
    snprintf(drawing, sizeof drawing, "grep -q 'least test loss' %s/%s.svg", tables_folder, name[i]);
    assert_int_equal(system(drawing), 0);
  }
}

static void loss_and_gradients_come_from_the_series_of_training(void **state)
{
  (void)state;
  CHECK_OK(draw(4, files, "loss", "svg"));
  CHECK_OK(draw(4, files, "gradients", "svg"));
  CHECK_NEAR(FIND("loss", "loss_nats", {"set", "train"}, {"epoch", "13"}), 0.25, 1e-12);
  CHECK_NEAR(FIND("loss", "loss_nats", {"set", "test"}, {"epoch", "13"}), 0.5, 1e-12);
  CHECK_NEAR(FIND("loss", "accuracy", {"set", "train"}, {"epoch", "13"}), 0.53, 1e-12);
  CHECK_NEAR(FIND("loss", "loss_sd", {"panel", tanh_title}, {"epoch", "13"}), 0, 1e-12);
  /* H(Y) of two training samples of class 0 and one of class 1; the test sample is one class */
  CHECK_NEAR(FIND("loss", "usable_bits", {"set", "train"}, {"epoch", "13"}), log2(3) - 2.0 / 3 - 0.25 / log(2), 1e-12);
  CHECK_NEAR(FIND("loss", "usable_bits", {"set", "test"}, {"epoch", "13"}), -0.5 / log(2), 1e-12);
  assert_true(isnan(FIND("loss", "label_entropy_nats", {"set", "train"}, {"epoch", "13"})));
  CHECK_NEAR(FIND("gradients", "mean", {"layer", "2"}, {"epoch", "2"}), made_gradient(2, 1), 1e-12);
  CHECK_NEAR(FIND("gradients", "std", {"layer", "2"}, {"epoch", "2"}), 2, 1e-12);
  CHECK_NEAR(FIND("gradients", "ratio", {"layer", "2"}, {"epoch", "2"}), made_gradient(2, 1) / 2, 1e-12);
  /* nothing was measured before the first epoch: a logarithmic axis has no place for 0 */
  assert_int_equal(count_lines("gradients", false), 1 + 2 * 19 * MADE_LAYERS);
}

static void measures_of_one_side_are_left_out_where_the_file_has_those_of_all_samples(void **state)
{
  (void)state;
  static const char *const label[] = {"shape:k=2", "shape:k=2@test", "shape@train"}, *const series[] = {"zeta"};
  const made_run run = {
      .file = "one-side.h5", .experiment = "test", .config = CONFIG("tanh", "3"), .seed = 3, .n_epochs = 20};
  char path[512];
  CHECK_OK(made_write(&run));
  strcpy(path, temp_path("one-side.h5"));
  for (size_t i = 0; i < 3; i++) {
    double value[20 * MADE_LAYERS], *const of[] = {value};
    for (size_t at = 0; at < 20 * MADE_LAYERS; at++) value[at] = (double)i;
    const ip_information info = {.part = IP_RUN_MEASURES,
                                 .estimator = label[i],
                                 .n_epochs = 20,
                                 .n_layers = MADE_LAYERS,
                                 .n_series = 1,
                                 .series = series,
                                 .unit = series,
                                 .value = of};
    CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
  }
  const char *file[] = {path};
  CHECK_OK(draw(1, file, "measures", "svg"));
  CHECK_NEAR(FIND("measures", "value", {"series", "shape:k=2/zeta"}, {"epoch", "13"}), 0, 0);
  CHECK_NEAR(FIND("measures", "value", {"series", "shape@train/zeta"}, {"epoch", "13"}), 2, 0);
  char search[600];
  snprintf(search, sizeof search, "grep -q '@test' %s/measures.tsv", tables_folder);
  assert_int_not_equal(system(search), 0);
  const char *const name = "series", *const one_side[] = {"shape:k=2@test/zeta"};
  CHECK_OK(ip_figures_draw(1, file, 1, &name,
                           &(ip_figure_options){.folder = tables_folder, .n_series = 1, .series = one_side}));
  CHECK_NEAR(FIND("series", "value", {"number", "1"}, {"epoch", "13"}), 1, 0);
}

static ip_status draw_series(size_t n, const char *const *series)
{
  const char *const name = "series";
  const ip_figure_options o = {.folder = tables_folder, .n_series = n, .series = series};
  return ip_figures_draw(4, files, 1, &name, &o);
}

static void series_are_chosen_by_name_and_every_configuration_has_them_all(void **state)
{
  (void)state;
  static const char *const three[] = {"loss", "geometry/nc1", "ity"};
  CHECK_OK(draw_series(3, three));
  assert_int_equal(count_lines("series", false), 1 + 2 * 20 * (2 + 2 * MADE_LAYERS)); /* train and test; layers */
#define SERIES(n, line) {"number", n}, {"label", line}, {"epoch", "13"}, {"panel", tanh_title}
  CHECK_OK(draw(4, files, "loss", "svg"));
  CHECK_NEAR(FIND("series", "value", SERIES("1", "train")),
             FIND("loss", "loss_nats", {"set", "train"}, {"epoch", "13"}, {"panel", tanh_title}), 0);
  CHECK_NEAR(FIND("series", "value", SERIES("1", "test")),
             FIND("loss", "loss_nats", {"set", "test"}, {"epoch", "13"}, {"panel", tanh_title}), 0);
  CHECK_NEAR(FIND("series", "layer", SERIES("1", "test")), 0, 0);
  CHECK_NEAR(FIND("series", "number", {"series", "loss  [nats], test samples dashed"}, {"unit", "nats"}), 1, 0);
  CHECK_NEAR(FIND("series", "value", {"number", "2"}, {"layer", "2"}, {"epoch", "13"}, {"series", "geometry/nc1"}),
             made_nc1(3, 1), 0);
  CHECK_NEAR(FIND("series", "value", {"number", "3"}, {"layer", "1"}, {"epoch", "13"}, {"series", "I(T;Y)  [bits]"}),
             made_ity(3, 0), 1e-12);

  static const char *const wrong[] = {"ityy"}, *const missing[] = {"bin_loss"};
  CHECK_FAILS(draw_series(1, wrong), IP_EUSAGE, "unknown series 'ityy'; did you mean 'ity'");
  CHECK_FAILS(draw_series(1, missing), IP_EINVAL, "no value of one of the chosen series");

  CHECK_OK(draw(4, files, "measures", "svg"));
  CHECK_OK(draw_series(0, NULL)); /* what these files have of the usual ones */
  CHECK_NEAR(FIND("series", "number", {"series", "I(X;T)  [bits]"}, {"epoch", "13"}), 1, 0);
  CHECK_NEAR(FIND("series", "value", {"series", "geometry/effective_rank"}, {"layer", "2"}, {"epoch", "13"}),
             FIND("measures", "value", {"series", "geometry/effective_rank"}, {"layer", "2"}, {"epoch", "13"}), 0);
}

/* In the file it is in bits. */
static void the_label_entropy_has_the_unit_of_the_loss(void **state)
{
  (void)state;
  static const char *const name[] = {"train/label_entropy_bits", "test/label_entropy_bits"};
  for (int set = 0; set < 2; set++) {
    const made_run m = {.file = "soft.h5",
                        .experiment = "soft",
                        .config = "",
                        .n_epochs = 6,
                        .objective = "cross_entropy",
                        .metric = name[set],
                        .rate = 0.8};
    CHECK_OK(made_write(&m));
    char path[512];
    strcpy(path, temp_path("soft.h5"));
    const char *const file[] = {path};
    CHECK_OK(draw(1, file, "loss", "svg"));
    const char *here = set ? "test" : "train", *other = set ? "train" : "test";
    CHECK_NEAR(FIND("loss", "label_entropy_nats", {"set", here}, {"epoch", "13"}), 0.5 * log(2), 1e-12);
    assert_true(isnan(FIND("loss", "label_entropy_nats", {"set", other}, {"epoch", "13"})));
  }
}

static void a_layer_without_weights_keeps_its_place_among_the_gradients(void **state)
{
  (void)state;
  const made_run pooled = {
      .file = "pooled.h5", .experiment = "p", .config = "", .seed = 1, .n_epochs = 5, .pools = true};
  CHECK_OK(made_write(&pooled));
  char path[512];
  strcpy(path, temp_path("pooled.h5"));
  const char *file = path;
  CHECK_OK(draw(1, &file, "gradients", "svg"));
  assert_int_equal(count_lines("gradients", false), 1 + 1 + 4); /* the head, one of layer 1 and those of layer 2 */
  assert_int_equal(count_lines("gradients", true), 1);          /* two empty lines in a row would begin another panel */
  assert_true(isnan(FIND("gradients", "mean", {"layer", "1"})));
  CHECK_NEAR(FIND("gradients", "mean", {"layer", "2"}, {"epoch", "2"}), made_gradient(2, 1), 1e-12);
}

static void measures_have_a_panel_for_each_series_and_configuration(void **state)
{
  (void)state;
  CHECK_OK(draw(4, files, "measures", "svg"));
  assert_int_equal(count_lines("measures", false), 1 + 3 * 2 * 20 * MADE_LAYERS); /* series, configurations, epochs */
  CHECK_NEAR(FIND("measures", "value", {"series", "geometry/nc1"}, {"layer", "2"}, {"epoch", "13"}), made_nc1(3, 1), 0);
  CHECK_NEAR(FIND("measures", "value", {"series", "geometry/effective_rank"}, {"layer", "2"}, {"epoch", "13"}),
             made_rank(3, 1) + 0.5, 1e-12);
  CHECK_NEAR(FIND("measures", "sd", {"number", "2"}, {"layer", "2"}, {"epoch", "13"}, {"repeats", "2"}), sqrt(0.5),
             1e-12);
  CHECK_NEAR(FIND("measures", "number", {"panel", "geometry/nc1, activation: relu"}), 1, 0);
  CHECK_NEAR(FIND("measures", "number", {"series", "probe/v_information"}, {"unit", "bits"}), 3, 0);
  CHECK_OK(draw(1, files, "measures", "svg"));
  CHECK_NEAR(FIND("measures", "number", {"panel", "geometry/nc1"}), 1, 0);
  CHECK_NEAR(FIND("measures", "number", {"panel", "probe/v_information [bits]"}), 3, 0);
  CHECK_OK(draw(4, files, "geometry", "svg"));
  assert_int_equal(count_lines("geometry", false), 1 + 2 * 20 * MADE_LAYERS);
  CHECK_NEAR(FIND("geometry", "nc1", {"panel", tanh_title}, {"layer", "2"}, {"epoch", "13"}), made_nc1(3, 1), 0);
  CHECK_NEAR(FIND("geometry", "ixt_bits", {"panel", tanh_title}, {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0) + 0.5,
             1e-12);
  CHECK_NEAR(FIND("geometry", "effective_rank", {"panel", tanh_title}, {"layer", "1"}, {"epoch", "13"}),
             made_rank(3, 0) + 0.5, 1e-12);
}

static void usable_information_has_a_panel_for_each_layer(void **state)
{
  (void)state;
  CHECK_OK(draw(4, files, "usable", "svg"));
  assert_int_equal(count_lines("usable", false), 1 + 2 * 2 * 20 * MADE_LAYERS); /* configurations, lines, epochs */
  CHECK_NEAR(FIND("usable", "value_bits", {"line", "V of probe"}, {"layer", "2"}, {"epoch", "13"}), made_v(3, 1) + 0.5,
             1e-12);
  CHECK_NEAR(FIND("usable", "sd", {"number", "2"}, {"layer", "2"}, {"epoch", "13"}), sqrt(0.5), 1e-12);
  CHECK_NEAR(FIND("usable", "value_bits", {"line", "I(T;Y)"}, {"layer", "2"}, {"epoch", "13"}), made_ity(3, 1), 1e-12);
  CHECK_OK(draw(2, files, "usable", "svg"));
  assert_int_equal(count_lines("usable", false), 1 + 2 * 20 * MADE_LAYERS);
  CHECK_NEAR(FIND("usable", "repeats", {"panel", "1: 2 tanh"}, {"number", "1"}, {"epoch", "13"}), 2, 0);
}

static void estimators_make_panels_and_one_can_be_chosen(void **state)
{
  (void)state;
  CHECK_OK(draw(1, files, "estimators", "svg"));
  CHECK_NEAR(FIND("estimators", "ixt_bits", {"panel", "edges"}, {"epoch", "1"}), made_ixt(1, 0), 1e-12);
  CHECK_NEAR(FIND("estimators", "ixt_bits", {"panel", "width:size=0.5"}, {"epoch", "1"}), made_ixt(1, 0) + 0.25, 1e-12);
  /* without being told, the one that the configuration names first, though the file has them in another order */
  const made_run named = {.file = "named.h5",
                          .experiment = "n",
                          .config = "estimators: [\"width:size=0.5\", edges]\n",
                          .seed = 1,
                          .n_epochs = 5};
  CHECK_OK(made_write(&named));
  char path[512];
  strcpy(path, temp_path("named.h5"));
  const char *name = "plane", *file = path;
  CHECK_OK(draw(1, &file, "plane", "svg"));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "1"}), made_ixt(1, 0) + 0.25, 1e-12);
  ip_figure_options o = {.folder = tables_folder, .estimator = "width:size=0.5"};
  CHECK_OK(ip_figures_draw(1, files, 1, &name, &o));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "1"}), made_ixt(1, 0) + 0.25, 1e-12);
  o.estimator = "edgez";
  CHECK_FAILS(ip_figures_draw(1, files, 1, &name, &o), IP_EINVAL, "it has: edges, width:size=0.5");
}

static void activations_are_counted_in_fields_of_their_range(void **state)
{
  (void)state;
  /* in every layer and epoch a quarter each is -0.75, -0.25, 0.25 and 0.75 */
  CHECK_OK(draw(1, files, "activations", "svg"));
  assert_int_equal(count_lines("activations", false), 1 + MADE_LAYERS * 20 * 4);
  CHECK_NEAR(FIND("activations", "share", {"layer", "2"}, {"epoch", "13"}, {"from", "-0.75"}), 0.25, 1e-12);
  CHECK_NEAR(FIND("activations", "to", {"layer", "2"}, {"epoch", "13"}, {"from", "-0.75"}), -0.7125, 1e-12);
  CHECK_NEAR(FIND("activations", "next_epoch", {"epoch", "2"}), 13, 0);
  CHECK_NEAR(FIND("activations", "next_epoch", {"epoch", "29"}), 29, 0);
}

/* A layer that is the same throughout has a field around its value. */
static void constant_activations_are_one_field(void **state)
{
  (void)state;
  const made_run m = {.file = "flat.h5", .experiment = "f", .config = "", .n_epochs = 3, .flat = true};
  CHECK_OK(made_write(&m));
  char path[512];
  const char *file = path;
  strcpy(path, temp_path("flat.h5"));
  CHECK_OK(draw(1, &file, "activations", "svg"));
  assert_int_equal(count_lines("activations", false), 1 + MADE_LAYERS * 3);
  CHECK_NEAR(FIND("activations", "from", {"layer", "1"}, {"epoch", "2"}), 0.25, 1e-12);
  CHECK_NEAR(FIND("activations", "to", {"layer", "1"}, {"epoch", "2"}), 0.275, 1e-12);
  CHECK_NEAR(FIND("activations", "share", {"layer", "1"}, {"epoch", "2"}), 1, 0);
}

static void repeats_of_unequal_length_count_where_they_logged(void **state)
{
  (void)state;
  const made_run shorter = {
      .file = "short.h5", .experiment = "test", .config = CONFIG("tanh", "9"), .seed = 9, .n_epochs = 5, .shift = 3};
  CHECK_OK(made_write(&shorter));
  char path[512];
  strcpy(path, temp_path("short.h5"));
  const char *file[] = {path, files[0]};
  CHECK_OK(draw(2, file, "layers", "svg"));
  CHECK_NEAR(FIND("layers", "repeats", {"epoch", "14"}), 2, 0);
  CHECK_NEAR(FIND("layers", "ixt_bits", {"epoch", "14"}), made_ixt(4, 0) + 1.5, 1e-12);
  CHECK_NEAR(FIND("layers", "repeats", {"epoch", "15"}), 1, 0);
  CHECK_NEAR(FIND("layers", "ixt_bits", {"epoch", "15"}), made_ixt(5, 0), 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plane_has_means_and_spreads_over_repeats_that_fit),
      cmocka_unit_test(fractions_are_information_over_the_entropies),
      cmocka_unit_test(snapshots_have_every_run_at_the_first_the_middle_and_the_last_epoch),
      cmocka_unit_test(layers_and_repeats_have_every_epoch),
      cmocka_unit_test(epochs_of_long_runs_keep_their_values),
      cmocka_unit_test(figures_over_epochs_have_the_epoch_of_the_least_test_loss),
      cmocka_unit_test(loss_and_gradients_come_from_the_series_of_training),
      cmocka_unit_test(the_label_entropy_has_the_unit_of_the_loss),
      cmocka_unit_test(a_layer_without_weights_keeps_its_place_among_the_gradients),
      cmocka_unit_test(measures_have_a_panel_for_each_series_and_configuration),
      cmocka_unit_test(measures_of_one_side_are_left_out_where_the_file_has_those_of_all_samples),
      cmocka_unit_test(series_are_chosen_by_name_and_every_configuration_has_them_all),
      cmocka_unit_test(usable_information_has_a_panel_for_each_layer),
      cmocka_unit_test(estimators_make_panels_and_one_can_be_chosen),
      cmocka_unit_test(activations_are_counted_in_fields_of_their_range),
      cmocka_unit_test(constant_activations_are_one_field),
      cmocka_unit_test(repeats_of_unequal_length_count_where_they_logged),
  };
  return cmocka_run_group_tests_name("figure/figures", tests, create, temp_remove);
}
