/* Texts of all kinds, what their format is found to be, and the cells it gives. */
#include "base/test/check.h"

#include "base/mem.h"
#include "base/rng.h"
#include "file/records.h"
#include "file/test/temp.h"

#include <string.h>

/* All records of a text, cells as "[a][b]", a line break after each record; a header in front of ":". */
static ip_status describe(const ip_text_options *opt, size_t n, const char *text, size_t room, char *to)
{
  temp_write("text", n, text);
  ip_records *in = NULL;
  IP_TRY(ip_records_open(temp_path("text"), opt, &in));
  size_t at = 0;
  bool header = ip_records_format(in)->header;
  ip_status st;
  for (ip_record r;; header = false) {
    st = ip_records_next(in, &r);
    if (st != IP_OK || r.n == 0) break;
    for (size_t k = 0; k < r.n && at < room; k++) at += (size_t)snprintf(to + at, room - at, "[%s]", r.cell[k].text);
    if (at < room) at += (size_t)snprintf(to + at, room - at, "%s", header ? ":" : "\n");
  }
  if (at < room && ip_records_format(in)->decimal == ',') snprintf(to + at, room - at, "decimal commas");
  ip_records_close(&in);
  return st;
}

typedef struct {
  const char *text, *cells; /* cells: NULL when it is refused */
  const char *message;
} example;

static void check_all(const ip_text_options *opt, size_t n, const example *e)
{
  for (size_t i = 0; i < n; i++) {
    char got[512] = "";
    ip_error_clear();
    ip_status st = describe(opt, strlen(e[i].text), e[i].text, sizeof got, got);
    if (e[i].cells && st != IP_OK) fail_msg("'%s': %s", e[i].text, ip_error_message());
    if (e[i].cells && strcmp(got, e[i].cells) != 0) fail_msg("'%s': got %s, expected %s", e[i].text, got, e[i].cells);
    if (!e[i].cells && (st != IP_EFORMAT || !strstr(ip_error_message(), e[i].message)))
      fail_msg("'%s': got %s '%s', expected '%s'", e[i].text, got, ip_error_message(), e[i].message);
  }
}
#define CHECK_ALL(opt, list) check_all((opt), sizeof(list) / sizeof *(list), (list))

static const ip_text_options automatic;

static void the_separator_explains_all_lines(void **state)
{
  (void)state;
  const example list[] = {
      {"1,2\n3,4\n", "[1][2]\n[3][4]\n", NULL},
      {"1;2\n3;4\n", "[1][2]\n[3][4]\n", NULL},
      {"1\t2\n3\t4\n", "[1][2]\n[3][4]\n", NULL},
      {"1|2\n3| 4\n", "[1][2]\n[3][4]\n", NULL},
      {"1 2\n 3 \t 4 \n", "[1][2]\n[3][4]\n", NULL},
      {"1\t\t2\n3\t4\t5\n", "[1][][2]\n[3][4][5]\n", NULL},
      {"1\n2\n", "[1]\n[2]\n", NULL},
      {"first, second\n1\n2\n", "[first, second]:[1]\n[2]\n", NULL}, /* one column; its name has a comma */
      {"u;v;kind, so to say\n1;2;a\n", "[u][v][kind, so to say]:[1][2][a]\n", NULL}, /* not cut at the comma */
      {"a,b c\n1,2\n3,4\n", "[a][b c]:[1][2]\n[3][4]\n", NULL},
      {"1,x y\n2,z w\n", "[1][x y]\n[2][z w]\n", NULL}, /* blanks explain all lines too, with fewer numbers */
      {"\"a;b\",\"c\"\n1,2\n", "[a;b][c]:[1][2]\n", NULL},
      {"\"a\nb\",c\n1,2\n", "[a\nb][c]:[1][2]\n", NULL},
      {"\"1\",\"2\"\n", "[1][2]\n", NULL},
      {"\"say \"\"a\"\"\",b\n1,2\n", "[say \"a\"][b]:[1][2]\n", NULL},
      {"5\" disk,1\n3\" disk,2\n", "[5\" disk][1]\n[3\" disk][2]\n", NULL}, /* a quote within a cell */
      {"1,2,\n3,4,\n", "[1][2]\n[3][4]\n", NULL},                           /* separators end all lines */
      {"a,b\n1,2,\n3,4,\n", "[a][b]:[1][2]\n[3][4]\n", NULL},
      {"a,b,\n1,2,\n3,4,\n", "[a][b]:[1][2]\n[3][4]\n", NULL},
      {"a,b\n1,\n3,\n", "[a][b]:[1][]\n[3][]\n", NULL}, /* b has no values, but is a column */
      {"1,2\n3,4,\n", NULL, ":2: got 3 cells, expected 2 as in line 1"},
      {"1,2,3\n4,5\n", NULL, ":2: got 2 cells, expected 3 as in line 1"},
      {"1;2\n3;4;5\n6;7\n", NULL, ":2: got 3 cells, expected 2 as in line 1"},
      {"1,\"2\n3,4\n", NULL, ":1:3: a quote is opened and never closed"},
      {"1,\"2\"3\n", NULL, ":1:6: '3' follows a closing quote"},
      {"\xff\xfe"
       "1,",
       NULL, "UTF-16 text, expected UTF-8"},
  };
  CHECK_ALL(&automatic, list);
}

/* One line, behind which nothing says whether its last separator ends it: from two cells on it does. */
static void one_line_may_end_with_a_separator(void **state)
{
  (void)state;
  const example list[] = {
      {"1,2,\n", "[1][2]\n", NULL},
      {"1;2;3;\n", "[1][2][3]\n", NULL},
      {"1,\n", "[1][]\n", NULL},
      {"1,2,\"\"\n", "[1][2][]\n", NULL}, /* a cell in quotes is a cell */
  };
  CHECK_ALL(&(ip_text_options){.header = IP_HEADER_NO}, list);
}

static void a_closing_quote_ends_its_cell(void **state)
{
  (void)state;
  const example comma[] = {
      {"\"1\" ,\"2\"\t\n", "[1][2]\n", NULL},
      {"\"a\r\nb\",\"c\rd\"\n", "[a\nb][c\nd]\n", NULL},
      {"\"a\nb\"x,1\n", NULL, ":2:3: 'x,1' follows a closing quote; expected the end of the cell"},
      {"\"a\" \"b\",1\n", NULL, ":1:5: '\"b\",1' follows a closing quote"},
  };
  const example blank[] = {
      {"\"1\" 2\n", "[1][2]\n", NULL},
      {"\"1\"\t2\n", "[1][2]\n", NULL},
      {"\"1\"2 3\n", NULL, ":1:4: '2 3' follows a closing quote"},
  };
  CHECK_ALL(&((ip_text_options){.separator = IP_SEPARATOR_COMMA, .header = IP_HEADER_NO}), comma);
  CHECK_ALL(&((ip_text_options){.separator = IP_SEPARATOR_BLANK, .header = IP_HEADER_NO}), blank);
}

static void every_end_of_line_is_one(void **state)
{
  (void)state;
  const example list[] = {
      {"1,2\r\n3,4\r\n", "[1][2]\n[3][4]\n", NULL},
      {"1,2\r3,4\r", "[1][2]\n[3][4]\n", NULL},
      {"1,2\r\r3,4", "[1][2]\n[3][4]\n", NULL},
      {"1,2\n3,4\r\n5,6\r7,8", "[1][2]\n[3][4]\n[5][6]\n[7][8]\n", NULL},
      {"\xef\xbb\xbf\"a\",b\r\n1,2", "[a][b]:[1][2]\n", NULL},
      {"# a,b,c\n \t\n1,2\n#\n3,4", "[1][2]\n[3][4]\n", NULL},
      {"#a\r1,2\r3,x", "[1][2]\n[3][x]\n", NULL},
  };
  CHECK_ALL(&automatic, list);
}

static void the_decimal_sign_follows_from_all_cells(void **state)
{
  (void)state;
  const example list[] = {
      {"0,5;0,25\n1;2\n", "[0,5][0,25]\n[1][2]\ndecimal commas", NULL},
      {"0,5\t0,25\n", "[0,5][0,25]\ndecimal commas", NULL},
      {"0,5 0,25\n1,5 2,5\n", "[0,5][0,25]\n[1,5][2,5]\ndecimal commas", NULL},
      {"\"0,5\",\"7,25\"\n", "[0,5][7,25]\ndecimal commas", NULL},
      {"1,500;0,25\n", "[1,500][0,25]\ndecimal commas", NULL}, /* 0,25 settles it */
      {"0,125;0,500\n", "[0,125][0,500]\ndecimal commas", NULL},
      {"0,5;a\n1,5;b\n", "[0,5][a]\n[1,5][b]\ndecimal commas", NULL}, /* not 0 and "5;a" */
      {"-1,5;a\n2;b\n", "[-1,5][a]\n[2][b]\ndecimal commas", NULL},
      {"1.5;a,b\n2;c\n", "[1.5][a,b]\n[2][c]\n", NULL},
      {"1,500;2\n3;4\n", NULL, ":1:1: '1,500' has a decimal comma or a thousands separator; set decimal to comma"},
      {"a;b\n3;-12,345\n", NULL, ":2:3: '-12,345' has a decimal comma or a thousands separator"},
      {"123,456;2\n3;4\n", NULL, ":1:1: '123,456' has a decimal comma or a thousands separator"},
      {"1234,567;a\n2;b\n", "[1234,567][a]\n[2][b]\ndecimal commas", NULL}, /* no thousands: too many digits, */
      {"0,567;a\n2;b\n", "[0,567][a]\n[2][b]\ndecimal commas", NULL},       /* a 0 in front, */
      {"1,56;a\n2;b\n", "[1,56][a]\n[2][b]\ndecimal commas", NULL},         /* too few or too many behind */
      {"1,5678;a\n2;b\n", "[1,5678][a]\n[2][b]\ndecimal commas", NULL},
      {"1,567e3;a\n2;b\n", "[1,567e3][a]\n[2][b]\ndecimal commas", NULL},
  };
  CHECK_ALL(&automatic, list);
}

static void a_header_explains_the_lines_below_it(void **state)
{
  (void)state;
  const example list[] = {
      {"u,v\n1,2\n", "[u][v]:[1][2]\n", NULL},
      {"0,1,label\n5.5,3,A\n4,1,B\n", "[0][1][label]:[5.5][3][A]\n[4][1][B]\n", NULL},
      {"2019,2020,Class\n5.5,3,A\n", "[2019][2020][Class]:[5.5][3][A]\n", NULL},
      {"0,1,kind\n5,3,0\n4,1,1\n", "[0][1][kind]:[5][3][0]\n[4][1][1]\n", NULL}, /* a name over numbers */
      {"0,1,B\n5,3,A\n4,1,B\n", "[0][1][B]\n[5][3][A]\n[4][1][B]\n", NULL},      /* B is a label */
      {"5,1,B\n5,3,A\n4,1,A\n", "[5][1][B]\n[5][3][A]\n[4][1][A]\n", NULL},
      {",a,b\n0,5,3\n1,4,1\n", "[][a][b]:[0][5][3]\n[1][4][1]\n", NULL},
      {",0,1\n0,.5,.5\n1,.25,.75\n", "[][0][1]:[0][.5][.5]\n[1][.25][.75]\n", NULL},
      {"0,1\n0.5,0.5\n", "[0][1]:[0.5][0.5]\n", NULL},
      {"0,1\n1,0\n", "[0][1]\n[1][0]\n", NULL},
      {"0,1\n0.5,0.5\n0,1\n", "[0][1]:[0.5][0.5]\n[0][1]\n", NULL},
      {"0,1\n", "[0][1]\n", NULL},
      {"1,2,3\n4,5,6\n", "[1][2][3]\n[4][5][6]\n", NULL},
      {"0,1,2,3,4,5,6,7,8,9\n0,0,0,0,0,0,0,0,255,7\n",
       "[0][1][2][3][4][5][6][7][8][9]:[0][0][0][0][0][0][0][0][255][7]\n", NULL},
      {"0,1,2\n5,6,2\n", "[0][1][2]\n[5][6][2]\n", NULL},
      {"1,2\nNA,3\n", "[1][2]\n[NA][3]\n", NULL},
      {"NA,2\n1,3\n", "[NA][2]\n[1][3]\n", NULL}, /* a missing value is no name */
      {"a,b\n", "[a][b]:", NULL},
      {"1st,2nd\n1,2\n", "[1st][2nd]:[1][2]\n", NULL},
      {"NA,a\n1,b\n", NULL, "may contain column names or a sample"},
      {"\"1,234,567\",a\n1,b\n", "[1,234,567][a]\n[1][b]\n", NULL},
      {"0,1,2\n5,6,7\n", NULL, "may contain column names or a sample; set header to yes or no"},
      {"0,1,B\n5,3,A\n4,1,A\n", NULL, "may contain column names or a sample"},
      {"", "", NULL},
      {"# nothing\n\n", "", NULL},
  };
  CHECK_ALL(&automatic, list);
}

static void options_decide_what_else_is_guessed(void **state)
{
  (void)state;
  const example yes[] = {{"0,1,2\n5,6,7\n", "[0][1][2]:[5][6][7]\n", NULL}};
  const example no[] = {{"0,1\n.5,.5\n", "[0][1]\n[.5][.5]\n", NULL}, {"a,b\n1,2\n", "[a][b]\n[1][2]\n", NULL}};
  const example comma[] = {{"1,500;2\n", "[1,500][2]\ndecimal commas", NULL}};
  const example semicolon[] = {{"1,5;2\n3 4;5\n", "[1,5][2]\n[3 4][5]\ndecimal commas", NULL}};
  const example blank[] = {{"1,2 3\n4,5 6\n", "[1,2][3]\n[4,5][6]\ndecimal commas", NULL}};
  CHECK_ALL(&((ip_text_options){.header = IP_HEADER_YES}), yes);
  CHECK_ALL(&((ip_text_options){.header = IP_HEADER_NO}), no);
  CHECK_ALL(&((ip_text_options){.decimal = IP_DECIMAL_COMMA}), comma);
  CHECK_ALL(&((ip_text_options){.separator = IP_SEPARATOR_SEMICOLON}), semicolon);
  CHECK_ALL(&((ip_text_options){.separator = IP_SEPARATOR_BLANK}), blank);
}

static void what_is_no_number_is_refused_with_advice(void **state)
{
  (void)state;
  const struct {
    char decimal;
    const char *text, *advice;
  } list[] = {
      {'.', "1,234,567", "thousands"},
      {'.', "1,234.5", "thousands"},
      {'.', "1 234", "thousands"},
      {'.', "1'234", "thousands"},
      {',', "1.234,5", "thousands"},
      {',', "1.234.567", "thousands"},
      {'.', "-1_000", "thousands"},
      {'.', "0,5", "decimal to comma"},
      {',', "0.5", "decimal to point"},
      {'.', "0x4", ""},
      {'.', "12a", ""},
      {'.', "1e5x", ""},
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    const char *advice = ip_text_advice(list[i].decimal, list[i].text);
    if (*list[i].advice ? !strstr(advice, list[i].advice) : *advice != 0)
      fail_msg("'%s': advice '%s', expected '%s'", list[i].text, advice, list[i].advice);
  }
  double v = 0;
  assert_true(ip_text_number(',', "-1,5e-2", &v) && v == -1.5e-2);
  char digits[80] = "0,";
  for (size_t n = 60; n <= 70; n++) { /* with a decimal comma, at most 63 characters */
    memset(digits + 2, '0', n - 3);
    memcpy(digits + n - 1, "5", 2);
    assert_int_equal(ip_text_number(',', digits, &v), n < 64);
  }
  assert_false(ip_text_number(',', "1,2,3", &v) || ip_text_number(',', "1.5", &v) || ip_text_number(',', "1,", &v));
}

static void words_with_a_meaning_are_known_in_any_case(void **state)
{
  (void)state;
  static const char *const missing[] = {"",     "NA",   "na",   "N/A",  "#N/A", "NaN", "nan",
                                        "-NaN", "null", "NULL", "none", "?",    "-",   "."};
  static const char *const there[] = {"0", "n", "inf", "nil", "--", "..", "N.A.", "missing", " ", "NAN0"};
  static const char *const names[] = {"label", "LABELS", "Class", "classes", "target"};
  static const char *const others[] = {"", "lab", "targets", "y", "class name", "label2"};
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
    if (!ip_text_is_missing(missing[i])) fail_msg("'%s' is taken for a value", missing[i]);
  for (size_t i = 0; i < sizeof there / sizeof *there; i++)
    if (ip_text_is_missing(there[i])) fail_msg("'%s' is taken for a missing value", there[i]);
  for (int i = 0; i < 5; i++) assert_int_equal(ip_text_label_name(names[i]), i + 1); /* the first are better */
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_int_equal(ip_text_label_name(others[i]), 0);
  const char *const *const lists[] = {(const char *const[]){"auto", "comma", "semicolon", "tab", "pipe", "blank"},
                                      (const char *const[]){"auto", "point", "comma"},
                                      (const char *const[]){"auto", "yes", "no"}};
  const char *const *const got[] = {ip_separator_names(), ip_decimal_names(), ip_header_names()};
  static const size_t n[] = {6, 3, 3};
  for (size_t k = 0; k < 3; k++) {
    for (size_t i = 0; i < n[k]; i++) assert_string_equal(got[k][i], lists[k][i]);
    assert_null(got[k][n[k]]);
  }
}

/* Whatever the bytes, the text is cut into records or refused with a message, and nothing is lost. */
static void random_texts_are_read_or_refused(void **state)
{
  (void)state;
  const char alphabet[] = "0123456789.,,,;;\t\t||  \"\"\n\n\r\r#eEnNaAx-+'\xef\xbb\xbf\0";
  ip_rng rng = ip_rng_open(5, IP_RNG_TEST, 0);
  for (int i = 0; i < 4000; i++) {
    char text[80], got[600] = "";
    size_t n = ip_rng_below(&rng, sizeof text), live = ip_mem_live();
    for (size_t k = 0; k < n; k++) text[k] = alphabet[ip_rng_below(&rng, i % 2 ? sizeof alphabet - 2 : 30)];
    ip_error_clear();
    ip_status st = describe(&automatic, n, text, sizeof got, got);
    assert_true(st == IP_OK || (st == IP_EFORMAT && *ip_error_message()));
    assert_int_equal(ip_mem_live(), live);
  }
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  const char text[] = "0;1;label\n0,5;2;a\n\"1,25\";3;b\n";
  char got[200];
  CHECK_EVERY_ALLOCATION(describe(&automatic, sizeof text - 1, text, sizeof got, got), (void)0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_separator_explains_all_lines),
      cmocka_unit_test(one_line_may_end_with_a_separator),
      cmocka_unit_test(a_closing_quote_ends_its_cell),
      cmocka_unit_test(every_end_of_line_is_one),
      cmocka_unit_test(the_decimal_sign_follows_from_all_cells),
      cmocka_unit_test(a_header_explains_the_lines_below_it),
      cmocka_unit_test(options_decide_what_else_is_guessed),
      cmocka_unit_test(what_is_no_number_is_refused_with_advice),
      cmocka_unit_test(words_with_a_meaning_are_known_in_any_case),
      cmocka_unit_test(random_texts_are_read_or_refused),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("file/text_format", tests, temp_create, temp_remove);
}
