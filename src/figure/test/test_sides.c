/* Training and test samples in one panel of the plane, and fractions of the entropies of each. */
#include "figure/test/drawn_runs.h"

static void add_side(const char *path, const char *name, double ixt, double hx)
{
  static const char *const series[] = {"ixt", "ity"};
  double value[2][20 * MADE_LAYERS], *const of[] = {value[0], value[1]};
  const ip_run_attribute attribute[] = {{.name = "hx_bits", .text = "", .is_number = true, .number = hx},
                                        {.name = "hy_bits", .text = "", .is_number = true, .number = 0.5}};
  for (size_t i = 0; i < 20 * MADE_LAYERS; i++) value[0][i] = ixt, value[1][i] = 0.25;
  const ip_information info = {.estimator = name,
                               .n_attributes = 2,
                               .attribute = attribute,
                               .n_epochs = 20,
                               .n_layers = MADE_LAYERS,
                               .n_series = 2,
                               .series = series,
                               .value = of};
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
}

static void the_plane_shows_training_and_test_samples_where_files_have_both(void **state)
{
  (void)state;
  const made_run m = {.file = "sides.h5", .experiment = "s", .config = "estimators: [edges]\n", .n_epochs = 20};
  char path[512];
  CHECK_OK(made_write(&m));
  strcpy(path, temp_path("sides.h5"));
  const char *const file[] = {path}, *const plane = "plane";
  add_side(path, "edges@train", 1.5, 1.75);
  CHECK_OK(draw(1, file, "plane", "svg")); /* one side alone: all samples are shown */
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"layer", "1"}), made_ixt(3, 0), 1e-12);
  add_side(path, "edges@test", 0.75, 1);
  CHECK_OK(draw(1, file, "plane", "svg"));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"side", "0"}), 1.5, 0);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"side", "1"}), 0.75, 0);
  CHECK_NEAR(FIND("plane", "hx_bits", {"epoch", "13"}, {"side", "1"}), 2, 0);
  CHECK_NEAR(FIND("plane", "usable_train", {"epoch", "13"}), log2(3) - 2.0 / 3 - 0.25 / log(2), 1e-12);
  assert_int_equal(count_lines("plane", false), 1 + 2 * 20 * MADE_LAYERS);
  assert_int_equal(count_lines("plane", true), 19 + 20); /* between epochs, and between the sides */
  ip_figure_options o = {.folder = tables_folder, .fractions = true};
  CHECK_OK(ip_figures_draw(1, file, 1, &plane, &o));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"side", "0"}), 1.5 / 1.75, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"side", "1"}), 0.75, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_bits", {"epoch", "13"}, {"side", "1"}), 0.5, 1e-12);
  double hy = 0.25 / 0.5, usable = log2(3) - 2.0 / 3 - 0.25 / log(2);
  for (int side = 0; side < 2; side++) {
    const char *const text = side ? "1" : "0";
    CHECK_NEAR(FIND("plane", "usable_train", {"epoch", "13"}, {"side", text}), usable / hy, 1e-12);
    CHECK_NEAR(FIND("plane", "usable_test", {"epoch", "13"}, {"side", text}), -0.5 / log(2) / hy, 1e-12);
  }
  o = (ip_figure_options){.folder = tables_folder, .estimator = "edges"}; /* asked for by name: that alone */
  CHECK_OK(ip_figures_draw(1, file, 1, &plane, &o));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"layer", "1"}), made_ixt(3, 0), 1e-12);
}

/* With estimate.samples, H(X) and H(Y) of the samples used are below those of the logged ones. */
static void entropies_are_those_of_the_samples_used(void **state)
{
  (void)state;
  const made_run m = {.file = "subset.h5", .experiment = "s", .config = "estimators: [edges]\n", .n_epochs = 20};
  char path[512];
  const char *file = path, *const plane = "plane";
  ip_figure_options o = {.folder = tables_folder, .fractions = true};
  CHECK_OK(made_write(&m));
  strcpy(path, temp_path("subset.h5"));
  add_side(path, "edges", 1.5, 1.75);
  CHECK_OK(ip_figures_draw(1, &file, 1, &plane, &o));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}), 1.5 / 1.75, 1e-12);
  CHECK_NEAR(FIND("plane", "ity_bits", {"epoch", "13"}), 0.25 / 0.5, 1e-12);
  CHECK_OK(draw(1, &file, "plane", "svg"));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}), 1.5, 0);
  static const char *const others[] = {"plane", "layers", "repeats", "snapshots"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    CHECK_OK(draw(1, &file, others[i], "svg"));
    CHECK_NEAR(FIND(others[i], "hx_bits", {"epoch", "13"}), 1.75, 0);
    CHECK_NEAR(FIND(others[i], "hy_bits", {"epoch", "13"}), 0.5, 0);
  }
}

/* Two repeats: thin lines of single runs are of the training samples, and come last, below nothing of another side. */
static void lines_of_single_runs_are_of_the_training_samples(void **state)
{
  (void)state;
  char path[2][512];
  const char *file[2];
  for (size_t i = 0; i < 2; i++) {
    const made_run m = {.file = i ? "side1.h5" : "side0.h5",
                        .experiment = "s",
                        .config = "estimators: [edges]\n",
                        .seed = i,
                        .n_epochs = 20};
    CHECK_OK(made_write(&m));
    file[i] = strcpy(path[i], temp_path(m.file));
    add_side(file[i], "edges@train", 1.5 + (double)i, 2);
    add_side(file[i], "edges@test", 0.5 + (double)i, 1);
  }
  CHECK_OK(draw(2, file, "plane", "svg"));
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "0"}, {"side", "0"}), 2, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "0"}, {"side", "1"}), 1, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "1"}, {"side", "0"}), 1.5, 1e-12);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"run", "2"}, {"side", "0"}), 2.5, 1e-12);
  row head, r;
  size_t n_lines = 0, n_runs = 0;
  FILE *in = open_table("plane", &head);
  while (next_row(in, &r)) {
    if (!r.n) continue;
    bool is_run = strcmp(r.field[12], "0") != 0;
    n_runs += is_run;
    if (n_runs) assert_true(is_run);
    n_lines++;
  }
  fclose(in);
  assert_string_equal(head.field[12], "run");
  assert_true(n_lines == 2 * 20 * MADE_LAYERS + 2 * 20 * MADE_LAYERS && n_runs == 2 * 20 * MADE_LAYERS);
}

/* Hollow points are bounds there. */
static void networks_with_bounds_have_one_side(void **state)
{
  (void)state;
  const made_run m = {
      .file = "bound.h5", .experiment = "s", .config = "", .n_epochs = 20, .objective = "vib", .rate = 3};
  char path[512];
  const char *file = path;
  CHECK_OK(made_write(&m));
  strcpy(path, temp_path("bound.h5"));
  add_side(path, "edges@train", 1.5, 2);
  add_side(path, "edges@test", 0.5, 1);
  CHECK_OK(draw(1, &file, "plane", "svg"));
  assert_int_equal(count_lines("plane", false), 1 + 20 * MADE_LAYERS);
  CHECK_NEAR(FIND("plane", "ixt_bits", {"epoch", "13"}, {"layer", "1"}, {"side", "0"}), 2.7, 1e-12);
}

/* The script of the movie has no axes for fractions. */
static void the_movie_is_in_bits(void **state)
{
  (void)state;
  const char *const name = "movie";
  ip_figure_options o = {.folder = tables_folder, .fractions = true};
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  CHECK_FAILS(ip_figures_draw(1, files, 1, &name, &o), IP_ECHILD, "movie.gif");
  unsetenv("INFOPLANE_GNUPLOT");
  CHECK_NEAR(FIND("movie", "ixt_bits", {"epoch", "13"}, {"layer", "2"}, {"unit", "bits"}), made_ixt(3, 1), 1e-12);
  assert_int_equal(count_lines("movie", false), 1 + 20 * MADE_LAYERS); /* a frame for each epoch */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plane_shows_training_and_test_samples_where_files_have_both),
      cmocka_unit_test(entropies_are_those_of_the_samples_used),
      cmocka_unit_test(lines_of_single_runs_are_of_the_training_samples),
      cmocka_unit_test(networks_with_bounds_have_one_side),
      cmocka_unit_test(the_movie_is_in_bits),
  };
  return cmocka_run_group_tests_name("figure/sides", tests, create, temp_remove);
}
