#include "figure/figure.h"
#include "figure/kind.h"
#include "study/noisy.h"
#include "study/runs.h"

#include "base/test/check.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

/* The made runs have two layers: the first is the last hidden one, so that vib and nib have noise on it; X and Y of 4
 * logged samples are 0 1 2 3 and 0 1 0 1, of which the last is for testing. */
enum { N = 6 };

static int create(void **state)
{
  if (temp_create(state)) return -1;
  strcpy(tables_folder, temp_path("out"));
  return 0;
}

static const char *write_run(const made_run *m)
{
  static char path[512];
  CHECK_OK(made_write(m));
  snprintf(path, sizeof path, "%s", temp_path(m->file));
  return path;
}

static ip_status draw(const char *file, const char *name, const char *estimator)
{
  ip_figure_options o = {.folder = tables_folder, .estimator = estimator};
  return ip_figures_draw(1, &file, 1, &name, &o);
}

/* Whether the first row of a table has the text in its last column. */
static bool has_note(const char *table, const char *text)
{
  row head, r;
  FILE *in = open_table(table, &head);
  bool found = false;
  while (!found && next_row(in, &r))
    if (r.n == head.n) found = strstr(r.field[head.n - 1], text) != NULL;
  fclose(in);
  return found;
}

static const double hy_train = 0.9182958340544896; /* of 0 1 0 */

/* max(0, H(Y) - loss / ln 2) for the loss of made_append. */
static double bound(double hy, double loss)
{
  return fmax(0, hy - loss / log(2));
}

static void vib_is_drawn_with_the_trained_rate_and_the_cross_entropy(void **state)
{
  (void)state;
  const made_run m = {
      .file = "vib.h5", .experiment = "vib", .config = "", .n_epochs = N, .objective = "vib", .rate = 3};
  const char *file = write_run(&m);
  CHECK_OK(draw(file, "layers", NULL));
  for (int k = 0; k < 2; k++) {
    const char *layer = k ? "2" : "1";
    CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", layer}, {"epoch", "13"}), 2.7, 1e-12);
    CHECK_NEAR(FIND("layers", "ity_bits", {"layer", layer}, {"epoch", "13"}), bound(hy_train, 0.25), 1e-12);
    CHECK_NEAR(FIND("layers", "ity_test_bits", {"layer", layer}, {"epoch", "13"}), bound(0, 0.5), 1e-12);
    CHECK_NEAR(FIND("layers", "bound", {"layer", layer}), 1, 0);
  }
  assert_true(has_note("layers", "I(X;T) at most the trained rate, I(T;Y) at least H(Y) - cross-entropy"));
  /* every figure of the plane has the same values */
  CHECK_OK(draw(file, "plane", NULL));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"layer", "1"}, {"epoch", "13"}), 2.7, 1e-12);
  CHECK_NEAR(FIND("plane", "bound", {"layer", "1"}), 1, 0);
  CHECK_OK(draw(file, "theory", NULL));
  CHECK_NEAR(FIND("theory", "bound", {"kind", "layer"}, {"layer", "1"}), 1, 0);
  CHECK_NEAR(FIND("theory", "bound", {"kind", "curve"}), 0, 0);
  CHECK_OK(draw(file, "snapshots", NULL));
  CHECK_NEAR(FIND("snapshots", "bound", {"layer", "1"}), 1, 0);
  CHECK_NEAR(FIND("snapshots", "ixt_bits", {"layer", "1"}, {"epoch", "0"}), 3, 1e-12);
  CHECK_OK(draw(file, "estimators", NULL));
  CHECK_NEAR(FIND("estimators", "ixt_bits", {"panel", "width:size=0.5"}, {"layer", "1"}, {"epoch", "0"}), 3, 1e-12);
  CHECK_OK(draw(file, "repeats", NULL));
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"layer", "1"}, {"epoch", "0"}), 3, 1e-12);
  CHECK_NEAR(FIND("repeats", "bound", {"layer", "1"}), 1, 0);
  static const char *const noted[] = {"plane",  "snapshots", "estimators", "repeats",
                                      "theory", "series",    "geometry",   "usable"};
  for (size_t i = 0; i < sizeof noted / sizeof *noted; i++) {
    CHECK_OK(draw(file, noted[i], NULL));
    if (!has_note(noted[i], "hollow: bounds, I(X;T) at most the trained rate")) fail_msg("%s has no note", noted[i]);
  }
}

static void an_estimator_asked_for_by_name_is_drawn_with_the_caveat(void **state)
{
  (void)state;
  const made_run m = {
      .file = "vib.h5", .experiment = "vib", .config = "", .n_epochs = N, .objective = "vib", .rate = 3};
  CHECK_OK(draw(write_run(&m), "layers", "edges"));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0), 1e-12);
  CHECK_NEAR(FIND("layers", "bound", {"layer", "1"}), 0, 0);
  assert_true(has_note("layers", "edges uses one draw of a noisy layer per input"));
}

static void networks_with_bounds_need_no_estimates(void **state)
{
  (void)state;
  const made_run m = {.file = "bare.h5",
                      .experiment = "vib",
                      .config = "",
                      .n_epochs = N,
                      .objective = "vib",
                      .rate = 3,
                      .no_information = true};
  CHECK_OK(draw(write_run(&m), "layers", NULL));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "13"}), 2.7, 1e-12);
}

static void the_bound_of_nib_is_not_drawn_where_it_can_say_nothing(void **state)
{
  (void)state;
  /* three training samples: at most log2 3 = 1.585 bits, and 1.58 is within 1 % of that */
  const made_run m = {
      .file = "nib.h5", .experiment = "nib", .config = "", .n_epochs = N, .objective = "nib", .rate = 1.58};
  CHECK_OK(draw(write_run(&m), "layers", NULL));
  assert_true(isnan(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "0"})));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "1"}), 1.48, 1e-12);
  assert_true(has_note("layers", "not plotted: bounds within 1 % of log2 N"));
  /* over all four logged samples: at most 2 bits */
  const made_run all = {.file = "all.h5",
                        .experiment = "nib",
                        .config = "",
                        .n_epochs = N,
                        .objective = "nib_squared",
                        .rate = 1.985,
                        .is_logged_rate = true};
  CHECK_OK(draw(write_run(&all), "layers", NULL));
  assert_true(isnan(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "0"})));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "2"}, {"epoch", "1"}), 1.885, 1e-12);
}

static void noise_on_every_unit_is_drawn_by_the_estimator_that_knows_it(void **state)
{
  (void)state;
  const made_run noisy = {.file = "noisy.h5",
                          .experiment = "n",
                          .config = "",
                          .n_epochs = N,
                          .noise_variance = 0.1,
                          .estimator = "noisy"},
                 kernel = {.file = "kernel.h5",
                           .experiment = "n",
                           .config = "",
                           .n_epochs = N,
                           .noise_variance = 0.1,
                           .estimator = "kde_upper:noise=network"},
                 neither = {
                     .file = "neither.h5", .experiment = "n", .config = "", .n_epochs = N, .noise_variance = 0.1};
  CHECK_OK(draw(write_run(&noisy), "layers", NULL));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0) + 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_bits", {"layer", "1"}, {"epoch", "13"}), made_ity(3, 0), 1e-12);
  CHECK_NEAR(FIND("layers", "bound", {"layer", "1"}), 0, 0);
  assert_true(has_note("layers", "noisy layers: estimator noisy"));
  /* the output knows at most what the layer before does */
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "2"}, {"epoch", "13"}), made_ixt(3, 0) + 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_bits", {"layer", "2"}, {"epoch", "13"}), bound(hy_train, 0.25), 1e-12);
  CHECK_NEAR(FIND("layers", "bound", {"layer", "2"}), 1, 0);

  CHECK_OK(draw(write_run(&kernel), "layers", NULL));
  CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "13"}), made_ixt(3, 0) + 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_bits", {"layer", "1"}, {"epoch", "13"}), bound(hy_train, 0.25), 1e-12);
  assert_true(isnan(FIND("layers", "ixt_bits", {"layer", "2"}, {"epoch", "13"})));
  CHECK_NEAR(FIND("layers", "bound", {"layer", "1"}), 1, 0);

  CHECK_OK(draw(write_run(&neither), "layers", NULL));
  assert_true(isnan(FIND("layers", "ixt_bits", {"layer", "1"}, {"epoch", "13"})));
}

/* Each kind by its own estimator; the loss of a network with dropout is no bound, because it is computed without. */
static void multiplied_units_are_drawn_by_the_estimator_of_their_noise(void **state)
{
  (void)state;
  const made_run times = {.file = "times.h5",
                          .experiment = "n",
                          .config = "",
                          .n_epochs = N,
                          .multiplicative_noise = 0.1,
                          .estimator = "multiplicative"},
                 dropout = {.file = "dropout.h5",
                            .experiment = "n",
                            .config = "",
                            .n_epochs = N,
                            .dropout = 0.2,
                            .estimator = "dropout"};
  for (int i = 0; i < 2; i++) {
    CHECK_OK(draw(write_run(i ? &dropout : &times), "layers", NULL));
    for (int k = 0; k < 2; k++)
      CHECK_NEAR(FIND("layers", "ixt_bits", {"layer", k ? "2" : "1"}, {"epoch", "13"}), made_ixt(3, 0) + 0.25, 1e-12);
    CHECK_NEAR(FIND("layers", "ity_bits", {"layer", "1"}, {"epoch", "13"}), made_ity(3, 0), 1e-12);
    CHECK_NEAR(FIND("layers", "bound", {"layer", "1"}), 0, 0);
    CHECK_NEAR(FIND("layers", "bound", {"layer", "2"}), 1, 0);
    double ity = FIND("layers", "ity_bits", {"layer", "2"}, {"epoch", "13"});
    if (i) assert_true(isnan(ity));
    if (!i) CHECK_NEAR(ity, bound(hy_train, 0.25), 1e-12);
    /* the first estimator of a file is the one shown: dropout, but edges before multiplicative */
    assert_true(
        has_note("layers", i ? "I(X;T) at most that of the previous layer" : "noisy layers: estimator multiplicative"));
    assert_true(has_note("layers", "H(Y) - cross-entropy") == !i);
  }
}

static void flags_reach_the_table_and_the_note(void **state)
{
  (void)state;
  const made_run m = {.file = "flags.h5",
                      .experiment = "f",
                      .config = "",
                      .n_epochs = N,
                      .flagged = true,
                      .refused = "all samples\tdiffer"};
  CHECK_OK(draw(write_run(&m), "plane", NULL));
  CHECK_NEAR(FIND("plane", "epoch", {"flags", "s"}), 1, 0);
  CHECK_NEAR(FIND("plane", "layer", {"flags", "s"}), 2, 0);
  CHECK_NEAR(FIND("plane", "epoch", {"flags", "-"}, {"layer", "2"}), 0, 0);
  assert_true(has_note("plane", "crossed: saturated"));
  assert_true(has_note("plane", "; no confidence interval of I(X;T): all samples differ"));
}

static void bins_that_lose_predictions_are_crossed(void **state)
{
  (void)state;
  const made_run m = {
      .file = "lossy.h5", .experiment = "f", .config = "", .n_epochs = N, .flagged = true, .lossy = true};
  CHECK_OK(draw(write_run(&m), "plane", NULL));
  CHECK_NEAR(FIND("plane", "epoch", {"flags", "b"}), 0, 0);
  CHECK_NEAR(FIND("plane", "layer", {"flags", "b"}), 1, 0);
  CHECK_NEAR(FIND("plane", "layer", {"flags", "s"}), 2, 0);
  assert_true(has_note("plane", "within 1 % of log2 N), or bins lose over 1 % of the predictions' entropy"));
}

/* Panels that are crossed for different reasons share one line under the figure. */
static void reasons_of_all_panels_are_told_once(void **state)
{
  (void)state;
  static const char wanted[] = "crossed: saturated (I(X;T) within 1 % of log2 N), or clipped to what";
  const made_run tanh_run = {.file = "t.h5",
                             .experiment = "t",
                             .config = "network:\n  activation: tanh\n",
                             .n_epochs = N,
                             .flagged = true},
                 relu_run = {.file = "u.h5",
                             .experiment = "t",
                             .config = "network:\n  activation: relu\n",
                             .n_epochs = N,
                             .flagged = true,
                             .below = 2.2};
  char path[512], drawing[600], *text = calloc(1, 1 << 20);
  assert_non_null(text);
  snprintf(path, sizeof path, "%s", write_run(&tanh_run));
  const char *const file[] = {path, write_run(&relu_run)}, *const name = "plane";
  ip_figure_options o = {.folder = tables_folder};
  CHECK_OK(ip_figures_draw(2, file, 1, &name, &o));
  snprintf(drawing, sizeof drawing, "%s/plane.svg", tables_folder);
  FILE *in = fopen(drawing, "r");
  assert_non_null(in);
  assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
  fclose(in);
  const char *found = strstr(text, "crossed: ");
  assert_non_null(found);
  assert_memory_equal(found, wanted, strlen(wanted));
  assert_null(strstr(found + 1, "crossed: "));
  free(text);
}

/* Of two repeats, one 2.2 bits below the other and clipped: in layer 1 at epoch 0 the raw values are -0.2 and 2, and
 * -1.7 and 0.5. Rows of a run have its clipped values, those of a mean the mean of the raw ones, which is clipped then.
 */
static void means_are_of_raw_values_and_clipped_afterwards(void **state)
{
  (void)state;
  static const char *const figure[] = {"plane", "layers", "repeats", "snapshots"};
  const made_run low =
                     {.file = "l.h5", .experiment = "l", .config = "seed: 1\n", .seed = 1, .n_epochs = N, .below = 2.2},
                 high = {.file = "m.h5", .experiment = "l", .config = "seed: 2\n", .seed = 2, .n_epochs = N};
  char path[512];
  snprintf(path, sizeof path, "%s", write_run(&low));
  const char *const file[] = {path, write_run(&high)};
  for (size_t i = 0; i < 4; i++) {
    ip_figure_options o = {.folder = tables_folder};
    CHECK_OK(ip_figures_draw(2, file, 1, &figure[i], &o));
    assert_true(has_note(figure[i], "crossed: clipped to what is possible"));
  }
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "0"}, {"epoch", "0"}, {"layer", "1"}), 0.9, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_bits", {"run", "0"}, {"epoch", "0"}, {"layer", "1"}), 0, 0);
  CHECK_NEAR(FIND("layers", "ixt_bits", {"epoch", "0"}, {"layer", "1"}, {"flags", "c"}), 0.9, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_bits", {"epoch", "0"}, {"layer", "1"}), 0, 0);
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", "0"}, {"epoch", "0"}, {"layer", "1"}, {"flags", "c"}), 0.9, 1e-12);
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", "1"}, {"epoch", "0"}, {"layer", "1"}, {"flags", "c"}), 0, 0);
  CHECK_NEAR(FIND("repeats", "ixt_bits", {"run", "2"}, {"epoch", "0"}, {"layer", "1"}, {"flags", "-"}), 2, 1e-12);
  CHECK_NEAR(FIND("snapshots", "ixt_bits", {"run", "1"}, {"epoch", "0"}, {"layer", "1"}, {"flags", "c"}), 0, 0);
  CHECK_NEAR(FIND("snapshots", "ixt_bits", {"run", "2"}, {"epoch", "0"}, {"layer", "1"}, {"flags", "-"}), 2, 1e-12);
}

static void entropies_are_those_of_the_logged_samples(void **state)
{
  (void)state;
  const made_run m = {.file = "h.h5", .experiment = "h", .config = "", .n_epochs = N};
  const char *file = write_run(&m);
  ip_run *run;
  ip_scratch *sc;
  double bits;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_run_open(file, &run));
  const ip_run_head *h = ip_run_head_of(run);
  CHECK_OK(ip_logged_hx(h, sc, &bits));
  CHECK_NEAR(bits, 2, 1e-12);
  CHECK_OK(ip_logged_hy(h, -1, &bits));
  CHECK_NEAR(bits, 1, 1e-12);
  CHECK_OK(ip_logged_hy(h, 0, &bits));
  CHECK_NEAR(bits, hy_train, 1e-12);
  /* half of the inputs twice; 1 bit of X in 3 of 4 samples, and soft labels */
  ip_run_head fewer = *h;
  static const uint32_t id[] = {0, 0, 1, 2};
  static const float p[] = {0.5f, 0.5f, 0.25f, 0.75f, 0.25f, 0.75f, 0, 1};
  fewer.x_id = id;
  fewer.p_y_given_x = p;
  CHECK_OK(ip_logged_hx(&fewer, sc, &bits));
  CHECK_NEAR(bits, 1.5, 1e-12);
  CHECK_OK(ip_logged_hy(&fewer, -1, &bits));
  CHECK_NEAR(bits, 0.8112781244591328, 1e-12); /* of (1/4, 3/4) */
  ip_run_close(&run);
  ip_scratch_destroy(&sc);
}

/* Names of layers at (x, y), with H(X) = 10 and H(Y) = 1: they share one where both are nearer than 5 % and 7 %. */
static void marks_are_shared_by_layers_nearer_than_a_twentieth_of_the_width(void **state)
{
  (void)state;
  ip_scratch *sc;
  const ip_run_group g = {.n_layers = 3, .hx_bits = 10, .hy_bits = 1};
  const char *mark[3];
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_plane_marks(&g, (const double[]){9, 8.8, 2}, (const double[]){1, 1, 1}, sc, mark)); /* 2 % apart */
  assert_string_equal(mark[0], "1-2");
  assert_string_equal(mark[1], "");
  assert_string_equal(mark[2], "out");
  CHECK_OK(ip_plane_marks(&g, (const double[]){9, 8.4, 2}, (const double[]){1, 1, 1}, sc, mark)); /* 6 % */
  assert_string_equal(mark[0], "1");
  assert_string_equal(mark[1], "2");
  CHECK_OK(ip_plane_marks(&g, (const double[]){9, 8.8, 2}, (const double[]){1, 0.91, 1}, sc, mark)); /* 9 % up */
  assert_string_equal(mark[0], "1");
  CHECK_OK(ip_plane_marks(&g, (const double[]){9, 8.8, 2}, (const double[]){1, 0.95, 1}, sc, mark)); /* 5 % up */
  assert_string_equal(mark[0], "1-2");
  ip_scratch_destroy(&sc);
}

static void bands_of_an_estimator_are_drawn_in_place_of_deviations(void **state)
{
  (void)state;
  made_run m = {.file = "band.h5", .experiment = "band", .config = "", .n_epochs = N, .estimator = "edge"};
  CHECK_OK(draw(write_run(&m), "layers", "edge"));
  assert_true(isnan(FIND("layers", "ixt_low", {"layer", "1"}, {"epoch", "13"})));
  m.band = 0.25;
  CHECK_OK(draw(write_run(&m), "layers", "edge"));
  double ixt = FIND("layers", "ixt_bits", {"layer", "2"}, {"epoch", "13"});
  double ity = FIND("layers", "ity_bits", {"layer", "2"}, {"epoch", "13"});
  CHECK_NEAR(FIND("layers", "ixt_low", {"layer", "2"}, {"epoch", "13"}), ixt - 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ixt_high", {"layer", "2"}, {"epoch", "13"}), ixt + 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_low", {"layer", "2"}, {"epoch", "13"}), ity - 0.25, 1e-12);
  CHECK_NEAR(FIND("layers", "ity_high", {"layer", "2"}, {"epoch", "13"}), ity + 0.25, 1e-12);
  assert_true(
      has_note("layers", "edge is a band (bars, or filled in the figure layers) and no number: from half to double"));
  CHECK_OK(draw(write_run(&m), "plane", "edge"));
  assert_true(has_note("plane", "edge is a band"));
  CHECK_NEAR(FIND("plane", "ixt_low", {"layer", "2"}, {"epoch", "13"}), ixt - 0.25, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_high", {"layer", "2"}, {"epoch", "13"}), ity + 0.25, 1e-12);
  CHECK_OK(draw(write_run(&m), "plane", "edges"));
  assert_false(has_note("plane", "is a band"));
  const char *file = write_run(&m), *plane = "plane";
  ip_figure_options o = {.folder = tables_folder, .estimator = "edge", .fractions = true}; /* H(X) is 2, H(Y) is 1 */
  CHECK_OK(ip_figures_draw(1, &file, 1, &plane, &o));
  CHECK_NEAR(FIND("plane", "ixt_low", {"layer", "2"}, {"epoch", "13"}), (ixt - 0.25) / 2, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_high", {"layer", "2"}, {"epoch", "13"}), (ixt + 0.25) / 2, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_low", {"layer", "2"}, {"epoch", "13"}), ity - 0.25, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_high", {"layer", "2"}, {"epoch", "13"}), ity + 0.25, 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(vib_is_drawn_with_the_trained_rate_and_the_cross_entropy),
      cmocka_unit_test(an_estimator_asked_for_by_name_is_drawn_with_the_caveat),
      cmocka_unit_test(networks_with_bounds_need_no_estimates),
      cmocka_unit_test(the_bound_of_nib_is_not_drawn_where_it_can_say_nothing),
      cmocka_unit_test(noise_on_every_unit_is_drawn_by_the_estimator_that_knows_it),
      cmocka_unit_test(multiplied_units_are_drawn_by_the_estimator_of_their_noise),
      cmocka_unit_test(flags_reach_the_table_and_the_note),
      cmocka_unit_test(bins_that_lose_predictions_are_crossed),
      cmocka_unit_test(reasons_of_all_panels_are_told_once),
      cmocka_unit_test(means_are_of_raw_values_and_clipped_afterwards),
      cmocka_unit_test(entropies_are_those_of_the_logged_samples),
      cmocka_unit_test(marks_are_shared_by_layers_nearer_than_a_twentieth_of_the_width),
      cmocka_unit_test(bands_of_an_estimator_are_drawn_in_place_of_deviations),
  };
  return cmocka_run_group_tests_name("figure/noisy", tests, create, temp_remove);
}
