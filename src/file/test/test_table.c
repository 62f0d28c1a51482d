#include "base/test/check.h"
#include "base/text.h"
#include "file/atomic.h"
#include "file/table.h"
#include "file/test/content.h"

#include <math.h>

static ip_status write_table(const char *path)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  const char *fields[] = {"plain", "a,b", "a\tb", "say \"hi\"", "two\nlines", "two\rlines", ""};
  for (size_t i = 0; i < 7; i++) ip_table_text(t, fields[i]);
  ip_table_end_row(t);
  ip_table_int(t, INT64_MIN);
  ip_table_real(t, 0.1);
  ip_table_end_row(t);
  return ip_table_publish(&t);
}

static void only_fields_that_need_it_are_quoted(void **state)
{
  (void)state;
  CHECK_OK(write_table(temp_path("t.csv")));
  check_content("t.csv",
                "plain,\"a,b\",a\tb,\"say \"\"hi\"\"\",\"two\nlines\",\"two\rlines\",\n-9223372036854775808,0.1\n");
  CHECK_OK(write_table(temp_path("t.tsv")));
  check_content(
      "t.tsv",
      "plain\ta,b\t\"a\tb\"\t\"say \"\"hi\"\"\"\t\"two\nlines\"\t\"two\rlines\"\t\n-9223372036854775808\t0.1\n");
}

/* A table keeps the texts of numbers: in any order, each has its own. */
static void repeated_numbers_have_their_own_texts(void **state)
{
  (void)state;
  enum { N = 3000 };
  ip_table *t;
  char *text, *at;
  size_t n;
  CHECK_OK(ip_table_create(temp_path("r.csv"), &t));
  for (size_t i = 0; i < 2 * N; i++) {
    const double value[] = {0.0, -0.0, (double)NAN, (double)INFINITY, (double)(i % N) / 7};
    ip_table_real(t, value[i % 5]);
    ip_table_end_row(t);
  }
  CHECK_OK(ip_table_publish(&t));
  CHECK_OK(ip_file_read(temp_path("r.csv"), 1 << 20, &n, &text));
  at = text;
  for (size_t i = 0; i < 2 * N; i++) {
    const double value[] = {0.0, -0.0, (double)NAN, (double)INFINITY, (double)(i % N) / 7};
    const ip_real_text expected = ip_format_real(value[i % 5], false);
    size_t length = strcspn(at, "\n");
    char line[32];
    snprintf(line, sizeof line, "%.*s", (int)length, at);
    assert_string_equal(line, expected.text);
    at += length + 1;
  }
  ip_free(text);
}

/* A file with another ending than .csv, in any case, is separated by tabs. */
static void the_ending_of_the_name_chooses_the_separator(void **state)
{
  (void)state;
  static const struct {
    const char *name, *content;
  } known[] = {{"a.csv", "x,\"say \"\"y\"\"\"\n"},
               {"a.CSV", "x,\"say \"\"y\"\"\"\n"},
               {".csv", "x,\"say \"\"y\"\"\"\n"},
               {"a.csv.tsv", "x\t\"say \"\"y\"\"\"\n"},
               {"csv", "x\t\"say \"\"y\"\"\"\n"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_table *t;
    CHECK_OK(ip_table_create(temp_path(known[i].name), &t));
    ip_table_text(t, "x");
    ip_table_text(t, "say \"y\"");
    ip_table_end_row(t);
    CHECK_OK(ip_table_publish(&t));
    check_content(known[i].name, known[i].content);
  }
}

/* gnuplot reads lines of fields, and writes texts into SVG as they are. */
static void a_table_for_a_figure_has_texts_that_gnuplot_can_read(void **state)
{
  (void)state;
  char longer[3000], expected[3100];
  ip_table *t;
  memset(longer, 'x', sizeof longer - 1);
  longer[sizeof longer - 1] = 0;
  CHECK_OK(ip_table_create_for_figure(temp_path("f.tsv"), &t));
  ip_table_text(t, "a\tb\n\"c\"\xFF");
  ip_table_quoted(t, "d");
  ip_table_quoted(t, "say \"e\"");
  ip_table_end_row(t);
  ip_table_text(t, longer);
  CHECK_OK(ip_table_publish(&t));
  longer[2047] = 0;
  snprintf(expected, sizeof expected, "a b 'c'?\t\"d\"\t\"say \"\"e\"\"\"\n%s", longer);
  check_content("f.tsv", expected);
}

static void an_empty_table_is_an_empty_file(void **state)
{
  (void)state;
  ip_table *t;
  CHECK_OK(ip_table_create(temp_path("empty.csv"), &t));
  CHECK_OK(ip_table_publish(&t));
  assert_null(t);
  ip_table_discard(&t);
  check_content("empty.csv", "");
}

static void a_discarded_table_leaves_no_file(void **state)
{
  (void)state;
  ip_table *t;
  CHECK_OK(ip_table_create(temp_path("none.csv"), &t));
  ip_table_text(t, "x");
  ip_table_discard(&t);
  assert_false(temp_exists("none.csv"));
  assert_false(temp_exists("none.csv.part"));
}

static void a_stream_of_the_caller_stays_open(void **state)
{
  (void)state;
  FILE *out = fopen(temp_path("stream"), "w");
  ip_table *t;
  CHECK_OK(ip_table_create_on(out, ',', &t));
  ip_table_int(t, 1);
  ip_table_end_row(t);
  CHECK_OK(ip_table_publish(&t));
  fputs("more\n", out);
  assert_int_equal(fclose(out), 0);
  check_content("stream", "1\nmore\n");
  out = fopen("/dev/full", "w");
  if (!out) return;
  CHECK_OK(ip_table_create_on(out, ',', &t));
  ip_table_int(t, 1);
  CHECK_FAILS(ip_table_publish(&t), IP_ENOSPC, "the table cannot be written: No space left");
  fclose(out);
  out = fopen("/dev/full", "w"); /* it failed before, and nothing is left to be written */
  setvbuf(out, NULL, _IONBF, 0);
  CHECK_OK(ip_table_create_on(out, ',', &t));
  ip_table_int(t, 1);
  assert_true(ip_table_publish(&t) != IP_OK);
  ip_error_clear();
  fclose(out);
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(write_table(temp_path("m.csv")), assert_false(temp_exists("m.csv.part")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_fields_that_need_it_are_quoted),
      cmocka_unit_test(repeated_numbers_have_their_own_texts),
      cmocka_unit_test(the_ending_of_the_name_chooses_the_separator),
      cmocka_unit_test(a_table_for_a_figure_has_texts_that_gnuplot_can_read),
      cmocka_unit_test(an_empty_table_is_an_empty_file),
      cmocka_unit_test(a_discarded_table_leaves_no_file),
      cmocka_unit_test(a_stream_of_the_caller_stays_open),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
