/* Why a figure cannot be plotted, and how many panels it may have: at a limit it is plotted, one beyond it is not. */
#include "figure/figure.h"

#include "base/test/check.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

enum { N_RUNS = 25 };
static char file_names[N_RUNS][512];
static const char *files[N_RUNS];

/* Runs of as many configurations. */
static int create(void **state)
{
  if (temp_create(state)) return -1;
  for (size_t i = 0; i < N_RUNS; i++) {
    char name[32], config[64];
    snprintf(name, sizeof name, "%zu.h5", i);
    snprintf(config, sizeof config, "name: many\ntraining:\n  beta: %zu\n", i + 1);
    const made_run m = {.file = name, .experiment = "many", .config = config, .n_epochs = 1};
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

typedef struct told {
  size_t n;
  char why[256];
} told;

static void note(void *context, const char *name, const char *path, const char *why_not)
{
  (void)name, (void)path;
  told *t = context;
  t->n++;
  snprintf(t->why, sizeof t->why, "%s", why_not ? why_not : "");
}

static ip_status draw(size_t n, const char *const *file, const char *name, const ip_figure_options *how)
{
  ip_figure_options o = how ? *how : (ip_figure_options){0};
  o.folder = tables_folder;
  return ip_figures_draw(n, file, 1, &name, &o);
}

/* The figure is refused for this reason, and leniently it is left out, with the same reason. */
static void check_reason(size_t n, const char *const *file, const char *name, const ip_figure_options *how,
                         const char *why)
{
  told t = {0};
  char table[64];
  ip_figure_options o = how ? *how : (ip_figure_options){0};
  CHECK_FAILS(draw(n, file, name, &o), IP_EINVAL, why);
  o.lenient = true;
  o.on_figure = note;
  o.context = &t;
  CHECK_OK(draw(n, file, name, &o));
  assert_int_equal(t.n, 1);
  if (!strstr(t.why, why)) fail_msg("%s: %s", name, t.why);
  snprintf(table, sizeof table, "out/%s.tsv", name);
  assert_false(temp_exists(table));
}

/* The table of the figure is written, and gnuplot is called. */
static void check_drawn(size_t n, const char *const *file, const char *name, const ip_figure_options *how)
{
  char table[64];
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  CHECK_FAILS(draw(n, file, name, how), IP_ECHILD, "");
  unsetenv("INFOPLANE_GNUPLOT");
  snprintf(table, sizeof table, "out/%s.tsv", name);
  assert_true(temp_exists(table));
  assert_int_equal(remove(temp_path(table)), 0);
}

static void as_many_panels_as_fit_are_plotted_and_no_more(void **state)
{
  (void)state;
  static const char *const four[] = {"ixt", "ity", "geometry/nc1", "loss"}, *const more[] = {"more"};
  const ip_figure_options series = {.n_series = 4, .series = four};
  const struct {
    const char *name;
    const ip_figure_options *how;
    size_t most; /* configurations */
    const char *why;
  } limit[] = {
      {"plane", NULL, 24, "the runs have more than 24 configurations; name the run files of some of them"},
      {"estimators", NULL, 12, "configurations and estimators make more than 24 panels"},
      {"measures", NULL, 18, "configurations and series of measures make more than 72 panels"},
      {"series", &series, 18, "configurations and series make more than 72 panels"},
  };
  double value[MADE_LAYERS] = {0}, *const of[] = {value};
  const ip_information fourth = {.part = IP_RUN_MEASURES, /* the runs have three series of measures */
                                 .estimator = "shape",
                                 .n_epochs = 1,
                                 .n_layers = MADE_LAYERS,
                                 .n_series = 1,
                                 .series = more,
                                 .unit = more,
                                 .value = of};
  CHECK_OK(ip_run_add_information(files[0], 1, &fourth, NULL, true));
  for (size_t i = 0; i < sizeof limit / sizeof *limit; i++) {
    check_drawn(limit[i].most, files, limit[i].name, limit[i].how);
    check_reason(limit[i].most + 1, files, limit[i].name, limit[i].how, limit[i].why);
  }
}

/* One run without something, and what cannot be plotted of it. */
static void what_the_files_do_not_have_is_named(void **state)
{
  (void)state;
  static const char *const bin_loss[] = {"bin_loss"};
  const ip_figure_options asks = {.n_series = 1, .series = bin_loss}, fractions = {.fractions = true};
  const struct {
    made_run run;
    const char *name;
    const ip_figure_options *how;
    const char *why;
  } lack[] = {
      {{.no_activations = true}, "activations", NULL, "no run file has activations; train with log.keep: all"},
      {{.no_measures = true}, "measures", NULL, "no run file has measures"},
      {{.no_measures = true}, "usable", NULL, "no run file has the measure probe or knn_probe"},
      {{.no_information = true, .no_metrics = true}, "series", NULL, "no run file has estimates, measures or losses"},
      {{.n_epochs = 2}, "series", &asks, "no value of one of the chosen series"},
      {{.one_label = true}, "theory", NULL, "labels have no entropy"},
      {{.one_label = true}, "plane", &fractions, "H(X) or H(Y) of the samples is 0"},
      {{.one_label = true}, "estimators", &fractions, "H(X) or H(Y) of the samples is 0"},
      {{.n_epochs = 2}, "depth", NULL, "all networks have the same number of layers"},
      {{.n_epochs = 2}, "heatmap", NULL, "do not differ in two keys that were swept independently"},
  };
  for (size_t i = 0; i < sizeof lack / sizeof *lack; i++) {
    char path[512];
    const char *file = path;
    made_run m = lack[i].run;
    m.file = "lacking.h5";
    m.experiment = "lacking";
    m.config = "";
    m.n_epochs = 2;
    CHECK_OK(made_write(&m));
    strcpy(path, temp_path("lacking.h5"));
    check_reason(1, &file, lack[i].name, lack[i].how, lack[i].why);
    remove(path);
  }
}

static void one_estimator_makes_no_figure_of_estimators(void **state)
{
  (void)state;
  static const char *const series[] = {"ixt", "ity"};
  double value[2 * MADE_LAYERS] = {0}, *const of[] = {value, value};
  const made_run m = {.file = "one.h5", .experiment = "one", .config = "", .n_epochs = 2, .no_information = true};
  const ip_information info = {
      .estimator = "edges", .n_epochs = 2, .n_layers = MADE_LAYERS, .n_series = 2, .series = series, .value = of};
  char path[512];
  const char *file = path;
  CHECK_OK(made_write(&m));
  strcpy(path, temp_path("one.h5"));
  CHECK_OK(ip_run_add_information(path, 1, &info, NULL, true));
  check_reason(1, &file, "estimators", NULL, "estimates by one estimator only; infoplane estimate adds others");
}

/* Three keys of two values: the cell of two of them is that of two configurations. */
static void a_heatmap_has_two_keys(void **state)
{
  (void)state;
  static const char *const config[] = {
      "training:\n  beta: 1\n  batch_size: 1\n  epochs: 1\n", "training:\n  beta: 1\n  batch_size: 2\n  epochs: 1\n",
      "training:\n  beta: 2\n  batch_size: 1\n  epochs: 1\n", "training:\n  beta: 2\n  batch_size: 2\n  epochs: 1\n",
      "training:\n  beta: 1\n  batch_size: 1\n  epochs: 2\n"};
  char path[5][512];
  const char *file[5];
  for (size_t i = 0; i < 5; i++) {
    char name[32];
    snprintf(name, sizeof name, "cell%zu.h5", i);
    const made_run m = {.file = name, .experiment = "cells", .config = config[i], .n_epochs = 2};
    CHECK_OK(made_write(&m));
    file[i] = strcpy(path[i], temp_path(name));
  }
  check_drawn(4, file, "heatmap", NULL);
  check_reason(5, file, "heatmap", NULL,
               "more than two keys were swept; name the run files of one value of the others");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_panels_as_fit_are_plotted_and_no_more),
      cmocka_unit_test(what_the_files_do_not_have_is_named),
      cmocka_unit_test(one_estimator_makes_no_figure_of_estimators),
      cmocka_unit_test(a_heatmap_has_two_keys),
  };
  return cmocka_run_group_tests_name("figure/reasons", tests, create, temp_remove);
}
