/* What a file may have at most: as much is read, one more is refused. And how texts are written: each character. */
#include "config/emit.h"
#include "config/errors.h"
#include "config/settings.h"
#include "config/state.h"
#include "config/test/table.h"

#include <stdlib.h>

/* A text of many equal parts. */
typedef struct {
  size_t n, room;
  char *text;
} builder;

static void add(builder *b, const char *part)
{
  size_t m = strlen(part);
  if (b->n + m + 1 > b->room) {
    b->room = 2 * (b->n + m + 1);
    b->text = realloc(b->text, b->room);
    assert_non_null(b->text);
  }
  memcpy(b->text + b->n, part, m + 1);
  b->n += m;
}

/* "k7: 1" */
static void add_key(builder *b, size_t i)
{
  char text[64];
  snprintf(text, sizeof text, "k%zu: 1\n", i);
  add(b, text);
}

/* Reading it finds no errors (""), or one with this text. */
static void check_text(builder *b, const char *message)
{
  ip_config *c = read_text(b->text);
  if (*message)
    CHECK_FAILS(ip_config_check(c), IP_ECONFIG, message);
  else
    CHECK_OK(ip_config_check(c));
  ip_config_destroy(&c);
  free(b->text);
  *b = (builder){0};
}

/* ---------------------------------------------------------------- sizes */

static void as_many_levels_keys_values_and_directives_are_read(void **state)
{
  (void)state;
  builder b = {0};
  for (size_t more = 0; more < 2; more++) {
    for (size_t i = 0; i < 16 + more; i++) {
      char line[64];
      snprintf(line, sizeof line, "%%TAG !a%zu! tag:x\n", i);
      add(&b, line);
    }
    add(&b, "--- {name: a}\n");
    check_text(&b, more ? "f.yaml:1:1: error: more than 16 lines begin with '%'" : "");

    add(&b, "specs: ");
    for (size_t i = 0; i < 16 + more; i++) add(&b, "["); /* below the mapping */
    check_text(&b, more ? "nested more than 16 levels deep" : "did not find expected node content");

    for (size_t i = 0; i < 1000 + more; i++) add_key(&b, i);
    check_text(&b, more ? "more than 1000 keys in one mapping" : "... and 980 more errors");

    add(&b, "training.betas: [0");
    for (size_t i = 0; i < 199997 + more; i++) add(&b, ",0");
    add(&b, "]\n"); /* with the list and the mapping 200000 */
    check_text(&b, more ? "more than 200000 values in one file" : "");
  }
}

/* 20 errors are shown; the first 100 are kept, of which those of earlier lines are shown. */
static void as_many_errors_are_shown(void **state)
{
  (void)state;
  builder b = {0};
  for (size_t n = 19; n <= 21; n++) {
    for (size_t i = 0; i < n; i++) add_key(&b, i);
    ip_config *c = read_text(b.text);
    ip_error_clear();
    assert_int_equal(ip_config_check(c), IP_ECONFIG);
    const char *message = ip_error_message();
    char last[64];
    snprintf(last, sizeof last, "f.yaml:%zu:1: error: unknown key 'k%zu'", n < 20 ? n : (size_t)20,
             n < 20 ? n - 1 : 19);
    assert_non_null(strstr(message, last));
    assert_null(strstr(message, "f.yaml:21:"));
    assert_true(!strstr(message, "more errors") == (n <= 20));
    if (n > 20) assert_non_null(strstr(message, "\n... and 1 more errors"));
    ip_error_clear();
    ip_config_destroy(&c);
    free(b.text);
    b = (builder){0};
  }
}

/* However long they are: as many as fit, whole, and how many more there are. */
static void long_errors_leave_room_for_their_number(void **state)
{
  (void)state;
  builder b = {0};
  for (size_t i = 0; i < 20; i++) add_key(&b, i);
  for (size_t n = 300; n <= 400; n++) {
    char path[402];
    size_t shown, more;
    ip_config *c;
    memset(path, 'p', n);
    path[n] = 0;
    CHECK_OK(ip_config_create(&table, &c));
    CHECK_OK(ip_config_read_text(c, path, b.n, b.text));
    ip_error_clear();
    assert_int_equal(ip_config_check(c), IP_ECONFIG);
    const char *message = ip_error_message(), *last = strrchr(message, '\n');
    assert_int_equal(sscanf(last, "\n... and %zu more errors", &more), 1);
    assert_string_equal(last + strlen(last) - 12, " more errors");
    shown = 0;
    for (const char *at = message; (at = strchr(at, '\n')); at++) shown++;
    assert_int_equal(shown + more, 20);
    assert_true(strlen(message) + n + 60 > 3900 - 64); /* another one does not fit */
    ip_error_clear();
    ip_config_destroy(&c);
  }
  free(b.text);
}

static void as_many_settings_are_compared(void **state)
{
  (void)state;
  ip_scratch *sc;
  ip_settings s;
  builder b = {0};
  CHECK_OK(ip_scratch_create(&sc));
  for (size_t more = 0; more < 2; more++) {
    for (size_t i = 0; i < 4000 + more; i++) {
      char line[64];
      if (i % 1000 == 0) snprintf(line, sizeof line, "s%zu:\n", i);
      if (i % 1000 == 0) add(&b, line);
      add(&b, "  ");
      add_key(&b, i);
    }
    CHECK_OK(ip_settings_read(b.text, NULL, sc, &s));
    assert_int_equal(s.n, more ? 1 : 4000);
    b.n = 0;
    for (size_t i = 0; i < 256 + more; i++) add(&b, "k");
    add(&b, ": 1\n");
    CHECK_OK(ip_settings_read(b.text, NULL, sc, &s));
    assert_int_equal(s.n, 1);
    assert_int_equal(strlen(s.setting[0].key), more ? strlen("config") : 256);
    b.n = 0;
  }
  free(b.text);
  ip_scratch_destroy(&sc);
}

/* ---------------------------------------------------------------- quotes and lines */

static void a_quote_has_at_most_sixty_bytes_and_whole_characters(void **state)
{
  (void)state;
  char text[100], expected[200];
  for (size_t n = 59; n <= 62; n++) {
    memset(text, 'x', n);
    text[n] = 0;
    snprintf(expected, sizeof expected, n > 60 ? "'%.57s...'" : "'%s'", text);
    assert_string_equal(ip_quote_text(text).text, expected);
  }
  memcpy(text + 56, "\xe6\x97\xa5zzz", 7); /* a character of bytes 56 to 58 of 62 */
  snprintf(expected, sizeof expected, "'%.56s...'", text);
  assert_string_equal(ip_quote_text(text).text, expected);
  assert_string_equal(ip_quote_text("a\tb\x1f\x7f \n").text, "'a?b?? ?'");
}

static void lines_have_at_most_a_hundred_characters(void **state)
{
  (void)state;
  static const struct {
    size_t second; /* length of the second word; the first has 50 */
    const char *between;
  } cases[] = {{47, " "}, {48, "\n"}}; /* "# " and a blank */
  for (size_t i = 0; i < 2; i++) {
    char words[200], expected[300], *text = NULL;
    size_t size;
    memset(words, 'w', sizeof words);
    words[50] = ' ';
    words[51 + cases[i].second] = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    ip_config_wrap("# ", words, out);
    fclose(out);
    snprintf(expected, sizeof expected, "# %.50s%s%s%s\n", words, cases[i].between, i ? "# " : "", words + 51);
    assert_string_equal(text, expected);
    free(text);
  }
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  ip_config_wrap("  ", "one two\nthree", out); /* a line of its own */
  fclose(out);
  assert_string_equal(text, "  one two\n  three\n");
  free(text);
}

/* ---------------------------------------------------------------- texts */

static void check_emitted(const char *text, const char *expected)
{
  char *got = NULL;
  size_t size;
  FILE *out = open_memstream(&got, &size);
  assert_non_null(out);
  ip_emit_text(text, out);
  fclose(out);
  assert_string_equal(got, expected);
  free(got);
}

static void texts_are_quoted_where_a_reader_could_take_them_for_something_else(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"azAZ", "azAZ"},
      {"_x/9.+-=", "_x/9.+-="},
      {"/a", "/a"},
      {"", "\"\""},
      {"9a", "\"9a\""},
      {".a", "\".a\""},
      {"-a", "\"-a\""},
      {"+a", "\"+a\""},
      {"=a", "\"=a\""},
      {"a b", "\"a b\""},
      {"a:b", "\"a:b\""},
      {"a,b", "\"a,b\""},
      {"True", "\"True\""},
      {"FALSE", "\"FALSE\""},
      {"null", "\"null\""},
      {"Yes", "\"Yes\""},
      {"no", "\"no\""},
      {"on", "\"on\""},
      {"oFF", "\"oFF\""},
      {"y", "\"y\""},
      {"N", "\"N\""},
      {"x", "x"},
      {"nn", "nn"},
      {"a\"b\\c", "\"a\\\"b\\\\c\""},
      {"a\nb", "\"a\\nb\""},
      {"a\tb", "\"a\\u0009b\""},
      {"\x1f", "\"\\u001F\""},
      {"~", "\"~\""},
      {"\x7f", "\"\\u007F\""},
      {"\xc2\x80", "\"\\u0080\""},
      {"\xc2\x9f", "\"\\u009F\""},
      {"\xc2\xa0", "\"\xc2\xa0\""},
      {"\xe2\x80\xa7", "\"\xe2\x80\xa7\""},
      {"\xe2\x80\xa8", "\"\\u2028\""},
      {"\xe2\x80\xa9", "\"\\u2029\""},
      {"\xe2\x80\xaa", "\"\xe2\x80\xaa\""},
      {"\xef\xbb\xbf", "\"\\uFEFF\""},
      {"\xef\xbf\xbd", "\"\xef\xbf\xbd\""},
      {"\xef\xbf\xbe", "\"\\uFFFE\""},
      {"\xef\xbf\xbf", "\"\\uFFFF\""},
      {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_emitted(cases[i][0], cases[i][1]);
}

/* At both ends of every length, and of what no character may be (RFC 3629). */
static void utf8_is_told_from_other_bytes(void **state)
{
  (void)state;
  static const char *const good[] = {"",
                                     "\x7f",
                                     "\xc2\x80",
                                     "\xdf\xbf",
                                     "\xe0\xa0\x80",
                                     "\xed\x9f\xbf",
                                     "\xee\x80\x80",
                                     "\xef\xbf\xbf",
                                     "\xf0\x90\x80\x80",
                                     "\xf4\x8f\xbf\xbf",
                                     "a\xc3\xa4z"};
  static const char *const bad[] = {"\x80",
                                    "\xbf",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xc2",
                                    "\xc2z",
                                    "\xc2\xc0",
                                    "\xe0\x9f\xbf",
                                    "\xe0\xa0",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf0\x90\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xf5\x80\x80\x80",
                                    "\xff",
                                    "a\xc3",
                                    "\xe2\x82z"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    if (!ip_is_utf8(good[i])) fail_msg("good %zu", i);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (ip_is_utf8(bad[i])) fail_msg("bad %zu", i);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_many_levels_keys_values_and_directives_are_read),
      cmocka_unit_test(as_many_errors_are_shown),
      cmocka_unit_test(long_errors_leave_room_for_their_number),
      cmocka_unit_test(as_many_settings_are_compared),
      cmocka_unit_test(a_quote_has_at_most_sixty_bytes_and_whole_characters),
      cmocka_unit_test(lines_have_at_most_a_hundred_characters),
      cmocka_unit_test(texts_are_quoted_where_a_reader_could_take_them_for_something_else),
      cmocka_unit_test(utf8_is_told_from_other_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
