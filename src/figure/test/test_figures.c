#include "figure/figure.h"
#include "study/runs.h"
#include "study/series.h"

#include "base/test/check.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

#define CONFIG(activation, seed)                                                                                       \
  "name: test\nseed: " seed "\nnetwork:\n  hidden: [2]\n  activation: " activation "\nlog:\n  count: 4\n"

/* Two tanh runs 1 bit apart in I(X;T), one that did not fit, one relu run, in this order. */
static const made_run runs[] = {
    {.file = "a.h5", .experiment = "test", .config = CONFIG("tanh", "1"), .seed = 1, .n_epochs = 20},
    {.file = "b.h5", .experiment = "test", .config = CONFIG("tanh", "2"), .seed = 2, .n_epochs = 20, .shift = 1},
    {.file = "c.h5",
     .experiment = "test",
     .config = CONFIG("tanh", "3"),
     .seed = 3,
     .n_epochs = 20,
     .failed_to_fit = true,
     .shift = 100},
    {.file = "d.h5", .experiment = "test", .config = CONFIG("relu", "1"), .seed = 1, .n_epochs = 20, .shift = 0.5},
};
static char file_names[4][512];
static const char *files[4];

static int create(void **state)
{
  if (temp_create(state)) return -1;
  for (size_t i = 0; i < 4; i++) {
    if (made_write(&runs[i]) != IP_OK) {
      fprintf(stderr, "%s\n", ip_error_message());
      return -1;
    }
    strcpy(file_names[i], temp_path(runs[i].file));
    files[i] = file_names[i];
  }
  strcpy(tables_folder, temp_path("out"));
  return 0;
}

static ip_status draw(size_t n, const char *const *file, const char *name, const char *format)
{
  ip_figure_options o = {.format = format, .folder = tables_folder};
  return ip_figures_draw(n, file, name ? 1 : 0, &name, &o);
}

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
  CHECK_NEAR(FIND("gradients", "mean", {"layer", "2"}, {"epoch", "2"}), made_gradient(2, 1), 1e-12);
  CHECK_NEAR(FIND("gradients", "std", {"layer", "2"}, {"epoch", "2"}), 2, 1e-12);
  CHECK_NEAR(FIND("gradients", "ratio", {"layer", "2"}, {"epoch", "2"}), made_gradient(2, 1) / 2, 1e-12);
  /* nothing was measured before the first epoch: a logarithmic axis has no place for 0 */
  assert_int_equal(count_lines("gradients", false), 1 + 2 * 19 * MADE_LAYERS);
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

/* ------------------------------------------------------------ drawings */

static size_t read_drawing(const char *name, size_t room, char *bytes)
{
  char path[600];
  snprintf(path, sizeof path, "%s/%s", tables_folder, name);
  FILE *in = fopen(path, "rb");
  if (!in) return 0;
  size_t n = fread(bytes, 1, room, in);
  fclose(in);
  return n;
}

/* These runs differ in one key only, and not in what such figures need (test_sweeps.c). */
static bool needs_sweep(const char *name)
{
  static const char *const names[] = {"depth", "data", "beta", "heatmap"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

static void every_figure_is_drawn_and_comes_out_the_same_again(void **state)
{
  (void)state;
  enum { ROOM = 1 << 20 };
  char *first = malloc(ROOM), *second = malloc(ROOM);
  for (size_t i = 0; i < ip_figure_count(); i++) {
    const char *name = ip_figure_name(i);
    if (needs_sweep(name) || strcmp(name, "movie") == 0) continue;
    for (int png = 0; png < (strcmp(name, "plane") == 0 ? 2 : 1); png++) {
      char drawing[64];
      snprintf(drawing, sizeof drawing, "%s.%s", name, png ? "png" : "svg");
      CHECK_OK(draw(2, files, name, png ? "png" : "svg"));
      size_t n = read_drawing(drawing, ROOM, first);
      assert_in_range(n, 2000, ROOM - 1);
      first[n] = 0;
      if (png)
        assert_memory_equal(first, "\x89PNG\r\n\x1a\n", 8);
      else
        assert_non_null(strstr(first + n - 12, "</svg>"));
      assert_null(strstr(first, "scale(0.00)")); /* points of size 0 stop librsvg */
      if (strcmp(name, "plane") != 0) continue;  /* once is enough to see for the others that they are drawn */
      CHECK_OK(draw(2, files, name, png ? "png" : "svg"));
      assert_int_equal(read_drawing(drawing, ROOM, second), n);
      assert_memory_equal(first, second, n);
    }
  }
  CHECK_OK(draw(1, files, "movie", NULL));
  assert_in_range(read_drawing("movie.gif", ROOM, first), 2000, ROOM);
  assert_memory_equal(first, "GIF89a", 6);
  CHECK_OK(draw(1, files, "plane", "pdf"));
  assert_in_range(read_drawing("plane.pdf", ROOM, first), 2000, ROOM);
  assert_memory_equal(first, "%PDF", 4);
  free(first);
  free(second);
}

typedef struct {
  size_t n_drawn, n_left_out;
  char last_why[256];
} tally;

static void count(void *context, const char *name, const char *path, const char *why_not)
{
  (void)name;
  tally *t = context;
  if (path) t->n_drawn++;
  if (!why_not) return;
  t->n_left_out++;
  snprintf(t->last_why, sizeof t->last_why, "%s", why_not);
}

static void what_a_file_has_nothing_to_show_for_is_left_out_or_refused_by_name(void **state)
{
  (void)state;
  const made_run bare = {.file = "bare.h5",
                         .experiment = "",
                         .config = "",
                         .seed = 0,
                         .n_epochs = 4,
                         .no_information = true,
                         .no_metrics = true},
                 none = {.file = "none.h5",
                         .experiment = "",
                         .config = "",
                         .seed = 0,
                         .n_epochs = 0,
                         .no_information = true};
  CHECK_OK(made_write(&bare));
  CHECK_OK(made_write(&none));
  char path[2][512];
  strcpy(path[0], temp_path("bare.h5"));
  strcpy(path[1], temp_path("none.h5"));
  const char *file[] = {path[0], path[1]};
  tally t = {0};
  ip_figure_options o = {.folder = tables_folder, .told = count, .context = &t};
  CHECK_OK(ip_figures_draw(1, file, 0, NULL, &o));
  assert_int_equal(t.n_drawn, 0);
  assert_in_range(t.n_left_out, 5, ip_figure_count());
  CHECK_FAILS(draw(1, file, "plane", "svg"), IP_EINVAL, "infoplane estimate");
  CHECK_FAILS(draw(1, file, "loss", "svg"), IP_EINVAL, "/metrics");
  CHECK_FAILS(draw(1, file, "gradients", "svg"), IP_EINVAL, "gradient_mean");
  CHECK_FAILS(draw(1, file + 1, "loss", "svg"), IP_EINVAL, "/metrics");
  CHECK_FAILS(draw(1, files, "depth", "svg"), IP_EINVAL, "same number of layers");
  const char *names[] = {"depth", "plane", "loss"}; /* leniently, such figures are left out and the others drawn */
  t = (tally){0};
  o.lenient = true;
  CHECK_OK(ip_figures_draw(1, files, 3, names, &o));
  assert_int_equal(t.n_drawn, 2);
  assert_int_equal(t.n_left_out, 1);
}

static void wrong_names_formats_and_files_are_refused(void **state)
{
  (void)state;
  CHECK_FAILS(draw(1, files, "plain", "svg"), IP_EUSAGE, "did you mean 'plane'?");
  CHECK_FAILS(draw(1, files, "heat", "svg"), IP_EUSAGE, "the figure 'heat' was renamed to 'heatmap'");
  CHECK_FAILS(draw(1, files, "plane", "bmp"), IP_EUSAGE, "'bmp'");
  CHECK_FAILS(draw(1, files, "plane", "gif"), IP_EUSAGE, "movie");
  CHECK_FAILS(draw(0, NULL, "plane", "svg"), IP_EINVAL, "no run files");
  const char *missing = "/no/such.h5";
  CHECK_FAILS(draw(1, &missing, "plane", "svg"), IP_EIO, "/no/such.h5");
}

static void a_run_that_logged_only_epoch_0_is_drawn(void **state)
{
  (void)state;
  const made_run start = {.file = "start.h5", .experiment = "start", .config = "", .seed = 1, .n_epochs = 1};
  CHECK_OK(made_write(&start));
  char path[512];
  strcpy(path, temp_path("start.h5"));
  const char *file = path;
  for (size_t i = 0; i < ip_figure_count(); i++)
    if (!needs_sweep(ip_figure_name(i)) && strcmp(ip_figure_name(i), "gradients") != 0)
      CHECK_OK(draw(1, &file, ip_figure_name(i), NULL));
}

static void hostile_names_are_shown_and_not_run(void **state)
{
  (void)state;
  static const char name[] = "\"q\" 'a' `touch pwned` $(touch pwned) {/Symbol a} @x \\n %s <b>&\n\tz \xff\xc3 \xce\xb1";
  const made_run evil = {.file = "evil.h5", .experiment = name, .config = "", .seed = 0, .n_epochs = 4};
  CHECK_OK(made_write(&evil));
  char path[512], text[4096], cwd[512];
  strcpy(path, temp_path("evil.h5"));
  const char *file = path;
  assert_non_null(getcwd(cwd, sizeof cwd));
  assert_int_equal(chdir(temp_folder), 0);
  for (size_t i = 0; i < ip_figure_count(); i++)
    if (!needs_sweep(ip_figure_name(i))) CHECK_OK(draw(1, &file, ip_figure_name(i), NULL));
  assert_int_equal(chdir(cwd), 0);
  assert_false(temp_exists("pwned"));
  FILE *in = fopen(temp_path("out/plane.tsv"), "r");
  assert_non_null(fgets(text, sizeof text, in));
  assert_non_null(fgets(text, sizeof text, in));
  fclose(in);
  *strchr(text, '\t') = 0;
  assert_string_equal(text, "'q' 'a' `touch pwned` $(touch pwned) {/Symbol a} @x \\n %s <b>&  z ?? \xce\xb1");
}

static void a_failed_drawing_leaves_the_table_and_nothing_else(void **state)
{
  (void)state;
  char folder[512], old[512];
  strcpy(folder, temp_path("failed"));
  strcpy(old, tables_folder);
  strcpy(tables_folder, folder);
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  CHECK_FAILS(draw(1, files, "plane", "svg"), IP_ECHILD, "failed/plane.svg");
  unsetenv("INFOPLANE_GNUPLOT");
  strcpy(tables_folder, old);
  assert_true(temp_exists("failed/plane.tsv"));
  assert_false(temp_exists("failed/plane.svg"));
  assert_false(temp_exists("failed/plane.svg.part"));
}

/* ------------------------------------------------------------ parts */

static void epochs_are_thinned_evenly_in_their_logarithm(void **state)
{
  (void)state;
  int64_t epoch[2000];
  ip_scratch *sc;
  size_t n, *index;
  CHECK_OK(ip_scratch_create(&sc));
  for (int i = 0; i < 2000; i++) epoch[i] = 5 * i;
  CHECK_OK(ip_series_thin(2000, epoch, 100, sc, &n, &index));
  assert_in_range(n, 50, 100);
  assert_int_equal(index[0], 0);
  assert_int_equal(index[n - 1], 1999);
  double widest = log(1 + 9995.0) / 99;
  for (size_t i = 1; i < n; i++) {
    assert_true(index[i] > index[i - 1]);
    if (epoch[index[i]] > 500)
      assert_true(log(1 + (double)epoch[index[i]]) - log(1 + (double)epoch[index[i - 1]]) < 1.5 * widest);
  }
  CHECK_OK(ip_series_thin(7, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 7);
  CHECK_OK(ip_series_thin(1, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 1);
  CHECK_OK(ip_series_thin(0, epoch, 100, sc, &n, &index));
  assert_int_equal(n, 0);
  CHECK_OK(ip_series_thin(2000, epoch, 2, sc, &n, &index));
  assert_int_equal(n, 2);
  ip_scratch_destroy(&sc);
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

static ip_status open_and_close(void)
{
  ip_run_set *s;
  IP_TRY(ip_run_set_open(2, files + 2, NULL, &s));
  ip_run_set_close(&s);
  return IP_OK;
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(open_and_close(), (void)0);
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  ip_status st = IP_OK;
  size_t k = 0, live = ip_mem_live();
  do { /* the last failure is that of the drawing itself */
    ip_error_clear();
    ip_mem_fail_at(k += 1 + k / 40); /* all of the first, a sample of the many after them */
    st = draw(1, files, "snapshots", "svg");
    ip_mem_fail_at(0);
    assert_int_equal(ip_mem_live(), live);
    assert_true(st == IP_ENOMEM || st == IP_ECHILD);
  } while (st != IP_ECHILD);
  unsetenv("INFOPLANE_GNUPLOT");
  ip_error_clear();
  assert_in_range(k, 20, 100000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_plane_has_means_and_spreads_over_repeats_that_fit),
      cmocka_unit_test(snapshots_have_every_run_at_the_first_the_middle_and_the_last_epoch),
      cmocka_unit_test(layers_and_repeats_have_every_epoch),
      cmocka_unit_test(loss_and_gradients_come_from_the_series_of_training),
      cmocka_unit_test(estimators_make_panels_and_one_can_be_chosen),
      cmocka_unit_test(activations_are_counted_in_fields_of_their_range),
      cmocka_unit_test(every_figure_is_drawn_and_comes_out_the_same_again),
      cmocka_unit_test(what_a_file_has_nothing_to_show_for_is_left_out_or_refused_by_name),
      cmocka_unit_test(wrong_names_formats_and_files_are_refused),
      cmocka_unit_test(a_run_that_logged_only_epoch_0_is_drawn),
      cmocka_unit_test(hostile_names_are_shown_and_not_run),
      cmocka_unit_test(a_failed_drawing_leaves_the_table_and_nothing_else),
      cmocka_unit_test(epochs_are_thinned_evenly_in_their_logarithm),
      cmocka_unit_test(repeats_of_unequal_length_count_where_they_logged),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/figures", tests, create, temp_remove);
}
