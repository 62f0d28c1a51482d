#include "base/test/check.h"

#include "figure/latex.h"
#include "file/test/temp.h"

static const char head[] = "% GNUPLOT: LaTeX picture with Postscript\n\\begingroup\n  \\makeatletter\n";
static const char foot[] = "    \\gplbacktext\n"
                           "    \\put(0,0){\\includegraphics[width={216.00bp},height={144.00bp}]{./a b/x.part}}%\n"
                           "    \\gplfronttext\n  \\end{picture}%\n\\endgroup\n";

/* What becomes of a picture with this line. */
static ip_status finish(const char *line, size_t room, char *got)
{
  char raw[4096];
  snprintf(raw, sizeof raw, "%s\\begin{picture}(4320.00,2880.00)%%\n%s\n%s", head, line, foot);
  temp_write("raw.tex", strlen(raw), raw);
  IP_TRY(ip_latex_finish(temp_path("raw.tex"), "x-graphics", 7.5, temp_path("x.tex")));
  FILE *in = fopen(temp_path("x.tex"), "rb");
  assert_non_null(in);
  got[fread(got, 1, room - 1, in)] = 0;
  fclose(in);
  return IP_OK;
}

static void no_text_is_a_command(void **state)
{
  (void)state;
  const struct {
    const char *text, *latex;
  } cases[] = {
      {"deep, 2 runs", "deep, 2 runs"},
      {"\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}"},
      {"}\\write18{rm}%", "\\}\\textbackslash{}write18\\{rm\\}\\%"},
      {"a_b & c #1 100 % $x^2$ ~ <|\">", "a\\_b \\& c \\#1 100 \\% \\$x\\textasciicircum{}2\\$ \\textasciitilde{} "
                                         "\\textless{}\\textbar{}\\textquotedbl{}\\textgreater{}"},
      {"I(X;T)  [bits]", "$I(X;T)$  [bits]"},
      {"I(X;T|Y) of H(X), log2 N", "$I(X;T|Y)$ of $H(X)$, $\\log_2 N$"},
      {"-0.5", "$-0.5$"},
      {"10^{-2}", "$10^{-2}$"},
      {"10^{\\input{x}}", "10\\textasciicircum{}\\{\\textbackslash{}input\\{x\\}\\}"},
      {"\xE2\x88\x92"
       "1: \xCE\xB2 \xC3\xA9",
       "$-$1: $\\beta$ \xC3\xA9"},
      {"\xE4\xB8\xAD \xFF \x01", "? ?  "},
      {IP_LATEX_SMALL "estimator: edges", "\\fontsize{6.25}{7.5}\\selectfont estimator: edges"},
      {"\\strut{}}}%", "\\textbackslash{}strut\\{\\}\\}\\}\\%"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char line[512], want[1024], got[8192];
    const char *const around[][2] = {{"      \\put(1,2){\\makebox(0,0)[r]{\\strut{}", "}}%\n"},
                                     {"      \\put(1,2){\\rotatebox{-270.00}{\\makebox(0,0){\\strut{}", "}}}%\n"}};
    for (size_t k = 0; k < 2; k++) {
      snprintf(line, sizeof line, "%s%s%.*s", around[k][0], cases[i].text, (int)strlen(around[k][1]) - 1, around[k][1]);
      snprintf(want, sizeof want, "\n%s%s%s", around[k][0], cases[i].latex, around[k][1]);
      CHECK_OK(finish(line, sizeof got, got));
      if (!strstr(got, want)) fail_msg("'%s' gives %s", cases[i].text, strstr(got, "\\begin{picture}"));
    }
  }
}

static void the_graphics_have_the_name_without_a_folder(void **state)
{
  (void)state;
  char got[8192];
  CHECK_OK(finish("    \\gplgaddtomacro\\gplbacktext{%\n      \\csname LTb\\endcsname%%\n      "
                  "\\colorrgb{0.40,0.40,0.40}%%\n    }%",
                  sizeof got, got));
  assert_non_null(strstr(got, "]{x-graphics}}%\n"));
  assert_non_null(strstr(got, "\\fontsize{7.5}{9}\\selectfont\n\\begin{picture}(4320.00,2880.00)%\n"));
  assert_null(strstr(got, "a b"));
}

static void lines_that_gnuplot_does_not_write_are_refused(void **state)
{
  (void)state;
  const char *const lines[] = {
      "\\input{/etc/passwd}",
      "text",
      "      \\put(1,2){\\makebox(0,0)[r]{\\strut{}text}}",
      "      \\put(1,2){\\makebox(0,0)[r]{\\strut{}text}%",
      "      \\put(1,2){\\Makebox(0,0)[r]{\\strut{}text}}%",
      "      \\input(1,2){\\makebox(0,0)[r]{\\strut{}text}}%",
      "      {{{{{\\strut{}}}}}}%",
      "    \\put(0,0){\\includegraphics[width]",
  };
  char got[8192];
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    CHECK_FAILS(finish(lines[i], sizeof got, got), IP_EFORMAT, "raw.tex: unexpected line from gnuplot");
    assert_false(temp_exists("x.tex.part"));
    if (i == 0) assert_false(temp_exists("y.tex"));
  }
  temp_write("raw.tex", strlen(head), head);
  CHECK_FAILS(ip_latex_finish(temp_path("raw.tex"), "x", 9, temp_path("y.tex")), IP_EFORMAT, "no picture environment");
  assert_false(temp_exists("y.tex"));
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  char got[8192];
  CHECK_OK(finish("", sizeof got, got));
  char raw[512], out[512];
  strcpy(raw, temp_path("raw.tex"));
  strcpy(out, temp_path("z.tex"));
  CHECK_EVERY_ALLOCATION(ip_latex_finish(raw, "x", 9, out), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_text_is_a_command),
      cmocka_unit_test(the_graphics_have_the_name_without_a_folder),
      cmocka_unit_test(lines_that_gnuplot_does_not_write_are_refused),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("figure/latex", tests, temp_create, temp_remove);
}
