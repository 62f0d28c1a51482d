#include "figure/test/drawn_runs.h"
#include "study/runs.h"

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
  ip_figure_options o = {.folder = tables_folder, .on_figure = count, .context = &t};
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
      cmocka_unit_test(every_figure_is_drawn_and_comes_out_the_same_again),
      cmocka_unit_test(what_a_file_has_nothing_to_show_for_is_left_out_or_refused_by_name),
      cmocka_unit_test(wrong_names_formats_and_files_are_refused),
      cmocka_unit_test(a_run_that_logged_only_epoch_0_is_drawn),
      cmocka_unit_test(hostile_names_are_shown_and_not_run),
      cmocka_unit_test(a_failed_drawing_leaves_the_table_and_nothing_else),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/drawings", tests, create, temp_remove);
}
