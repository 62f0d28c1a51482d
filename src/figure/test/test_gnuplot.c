#include "figure/gnuplot.h"
#include "figure/paper.h"

#include "base/test/check.h"
#include "file/test/temp.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Tests of what does not need the real gnuplot use a shell script in its place. */
static void use_program(const char *text)
{
  temp_write("gnuplot.sh", strlen(text), text);
  chmod(temp_path("gnuplot.sh"), 0755);
  setenv("INFOPLANE_GNUPLOT", temp_path("gnuplot.sh"), 1);
}

static int back_to_gnuplot(void **state)
{
  (void)state;
  unsetenv("INFOPLANE_GNUPLOT");
  unsetenv("INFOPLANE_PLOT");
  ip_error_clear();
  return 0;
}

static void read_text(const char *name, size_t room, char *text)
{
  FILE *in = fopen(temp_path(name), "rb");
  assert_non_null(in);
  text[fread(text, 1, room - 1, in)] = 0;
  fclose(in);
}

static void arguments_reach_gnuplot_as_they_are_and_the_figure_gets_its_name_at_the_end(void **state)
{
  (void)state;
  use_program("#!/bin/sh\nprintf '%s|' \"$@\" > \"$5\"\n");
  static const char begin[] = "-d|-c|script.gp|./<table.tsv|/proc/self/fd/", end[] = "|svg|85|Times New,8|";
  char out[512], got[2048];
  strcpy(out, temp_path("a `touch x` $(y) \"q\" 'z'.svg"));
  CHECK_OK(ip_gnuplot_draw("script.gp", "<table.tsv", out, "svg", &(ip_paper){85, "Times New,8"}));
  FILE *in = fopen(out, "rb");
  assert_non_null(in);
  got[fread(got, 1, sizeof got - 1, in)] = 0;
  fclose(in);
  assert_memory_equal(got, begin, sizeof begin - 1);
  assert_string_equal(got + strlen(got) - (sizeof end - 1), end);
}

/* gnuplot does not check its writes, and ends with 0. */
static void a_figure_that_could_not_be_written_leaves_the_old_one(void **state)
{
  (void)state;
  char out[512], text[64];
  temp_write("full.svg", 3, "old");
  strcpy(out, temp_path("full.svg"));
  struct rlimit all, few;
  getrlimit(RLIMIT_FSIZE, &all);
  few = all;
  few.rlim_cur = 4096;
  signal(SIGXFSZ, SIG_IGN);
  use_program("#!/bin/sh\nulimit -f unlimited\nhead -c 8192 /dev/zero > \"$5\"\n");
  setrlimit(RLIMIT_FSIZE, &few);
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", out, "svg", NULL), IP_EIO, "too large");
  ip_error_clear();
  use_program("#!/bin/sh\nexec head -c 8192 /dev/zero > \"$5\"\n"); /* the limit is that of gnuplot, too */
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", out, "svg", NULL), IP_ECHILD, "signal 25");
  setrlimit(RLIMIT_FSIZE, &all);
  signal(SIGXFSZ, SIG_DFL);
  read_text("full.svg", sizeof text, text);
  assert_string_equal(text, "old");
  assert_false(temp_exists("full.svg.part"));
}

static void a_failed_gnuplot_is_quoted_and_leaves_the_old_figure_and_nothing_else(void **state)
{
  (void)state;
  use_program("#!/bin/sh\necho half > \"$5\"\necho 'line 3: undefined variable' >&2\nexit 1\n");
  temp_write("old.svg", 3, "old");
  char out[512], text[64];
  strcpy(out, temp_path("old.svg"));
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", out, "svg", NULL), IP_ECHILD, "undefined variable");
  read_text("old.svg", sizeof text, text);
  assert_string_equal(text, "old");
  assert_false(temp_exists("old.svg.part"));
}

static void a_gnuplot_that_ends_well_but_writes_nothing_is_an_error(void **state)
{
  (void)state;
  use_program("#!/bin/sh\nexit 0\n");
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", temp_path("none.svg"), "svg", NULL), IP_ECHILD, "empty");
  assert_false(temp_exists("none.svg"));
  assert_false(temp_exists("none.svg.part"));
}

static void a_gnuplot_ended_by_a_signal_is_told(void **state)
{
  (void)state;
  use_program("#!/bin/sh\nkill -9 $$\n");
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", temp_path("x.svg"), "svg", NULL), IP_ECHILD, "signal 9");
}

static void a_missing_gnuplot_says_what_to_install(void **state)
{
  (void)state;
  setenv("INFOPLANE_GNUPLOT", "no-such-gnuplot-here", 1);
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", temp_path("x.svg"), "svg", NULL), IP_ECHILD, "gnuplot-nox");
  assert_false(temp_exists("x.svg.part"));
}

static void more_messages_than_a_pipe_holds_do_not_block(void **state)
{
  (void)state;
  use_program("#!/bin/sh\ni=0\nwhile [ $i -lt 3000 ]; do echo 'a warning that comes again and again and again' >&2; "
              "i=$((i + 1)); done\nexit 4\n");
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", temp_path("x.svg"), "svg", NULL), IP_ECHILD, "exit status 4");
}

static void scripts_are_found_and_a_missing_one_is_named(void **state)
{
  (void)state;
  char *path = NULL;
  CHECK_OK(ip_gnuplot_script("plane", &path));
  assert_non_null(strstr(path, "plot/plane.gp"));
  ip_free(path);
  temp_write("mine.gp", 1, "\n");
  setenv("INFOPLANE_PLOT", temp_folder, 1);
  CHECK_OK(ip_gnuplot_script("mine", &path));
  assert_string_equal(path, temp_path("mine.gp"));
  ip_free(path);
  CHECK_FAILS(ip_gnuplot_script("no_such", &path), IP_EIO, "INFOPLANE_PLOT");
  assert_null(path);
}

static void widths_and_fonts_have_ends(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    double mm; /* 0: refused */
  } width[] = {{"40mm", 40},  {"39.9mm", 0}, {"1000mm", 1000}, {"1000.1mm", 0}, {"4cm", 40},    {"100cm", 1000},
               {"8.5cm", 85}, {"2in", 50.8}, {"1in", 0},       {"85", 0},       {"mm", 0},      {"85pt", 0},
               {"-85mm", 0},  {"nanmm", 0},  {"8 5mm", 0},     {"", 0},         {"1e3mm", 1000}};
  for (size_t i = 0; i < sizeof width / sizeof *width; i++) {
    double mm = 0;
    if (width[i].mm > 0) {
      CHECK_OK(ip_paper_parse_width(width[i].text, &mm));
      CHECK_NEAR(mm, width[i].mm, 1e-9);
    } else {
      CHECK_FAILS(ip_paper_parse_width(width[i].text, &mm), IP_EUSAGE, "the width of a figure is '");
    }
  }
  static const char *const fonts[] = {"Times", "Times,4", "Times New Roman,72", "Times,8.5", ",8", "DejaVu-Sans 2"};
  static const char *const wrong[] = {"",        "Times,3.9", "Times,72.1", "Times,",
                                      "Times;8", "a'b",       "Times,8,9",  "Times,nan"};
  for (size_t i = 0; i < sizeof fonts / sizeof *fonts; i++) CHECK_OK(ip_paper_check_font(fonts[i]));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    CHECK_FAILS(ip_paper_check_font(wrong[i]), IP_EUSAGE, "the font is '");
}

/* A limit that is no positive number is the usual one. */
static void a_gnuplot_that_does_not_end_is_killed(void **state)
{
  (void)state;
  use_program("#!/bin/sh\nexec sleep 60\n");
  setenv("INFOPLANE_GNUPLOT_SECONDS", "0.1", 1);
  CHECK_FAILS(ip_gnuplot_draw("s.gp", "t.tsv", temp_path("slow.svg"), "svg", NULL), IP_ECHILD,
              "did not end within 0.1 s and was killed; INFOPLANE_GNUPLOT_SECONDS sets another limit");
  unsetenv("INFOPLANE_GNUPLOT_SECONDS");
  assert_false(temp_exists("slow.svg"));
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  use_program("#!/bin/sh\necho x > \"$5\"\n");
  char out[512];
  strcpy(out, temp_path("y.svg"));
  char *path = NULL;
  CHECK_EVERY_ALLOCATION(ip_gnuplot_draw("s.gp", "t.tsv", out, "svg", NULL), (void)0);
  CHECK_EVERY_ALLOCATION(ip_gnuplot_script("plane", &path), (ip_free(path), path = NULL));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, back_to_gnuplot)
  const struct CMUnitTest tests[] = {
      TEST(arguments_reach_gnuplot_as_they_are_and_the_figure_gets_its_name_at_the_end),
      TEST(a_figure_that_could_not_be_written_leaves_the_old_one),
      TEST(a_failed_gnuplot_is_quoted_and_leaves_the_old_figure_and_nothing_else),
      TEST(a_gnuplot_that_ends_well_but_writes_nothing_is_an_error),
      TEST(a_gnuplot_ended_by_a_signal_is_told),
      TEST(a_missing_gnuplot_says_what_to_install),
      TEST(more_messages_than_a_pipe_holds_do_not_block),
      TEST(scripts_are_found_and_a_missing_one_is_named),
      TEST(widths_and_fonts_have_ends),
      TEST(a_gnuplot_that_does_not_end_is_killed),
      TEST(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/gnuplot", tests, temp_create, temp_remove);
}
