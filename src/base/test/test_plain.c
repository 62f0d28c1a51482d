#include "base/plain.h"

#include "base/test/check.h"

#include <string.h>

static const char *for_terminal(const char *text)
{
  static char copy[256];
  snprintf(copy, sizeof copy, "%s", text);
  ip_plain_terminal(copy);
  return copy;
}

static const char *for_figure(const char *text)
{
  static char copy[256];
  snprintf(copy, sizeof copy, "%s", text);
  ip_plain_figure(copy);
  return copy;
}

static void a_terminal_gets_no_commands(void **state)
{
  (void)state;
  assert_string_equal(for_terminal("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\n\tb"),
                      "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\n\tb");
  assert_string_equal(for_terminal("\x1b]0;t\x07\x1b[2J\r\x7f"), "?]0;t??[2J??");
  assert_string_equal(for_terminal("\x9b"
                                   "31m\xC2\x9B"
                                   "31m"),
                      "?31m??31m"); /* CSI of C1, alone and in UTF-8 */
  assert_string_equal(for_terminal("\xE2\x80\xAE"
                                   "a\xE2\x81\xA6\xE2\x80\x8E"),
                      "???a??????");
  assert_string_equal(for_terminal("\xE2\x80"), "??"); /* a character that ends too soon */
}

/* Around the ends of each range of characters that control a terminal or the direction of text. */
static void a_character_controls_or_it_does_not(void **state)
{
  (void)state;
  static const char *const kept[] = {"\n",
                                     "\t",
                                     " ",
                                     "~",
                                     "\xC2\xA0",
                                     "\xE2\x80\x8D",
                                     "\xE2\x80\x90",
                                     "\xE2\x80\xA9",
                                     "\xE2\x80\xAF",
                                     "\xE2\x81\xA5",
                                     "\xE2\x81\xAA",
                                     "\xE3\x80\xAE",
                                     "\xC3\x80",
                                     "\xE2\x82\xA8"};
  static const char *const lost[] = {"\x01",         "\x08",         "\x0B",         "\x1F",         "\x7F",
                                     "\xC2\x80",     "\xC2\x9F",     "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA",
                                     "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xFF"};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) assert_string_equal(for_terminal(kept[i]), kept[i]);
  for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
    const char *got = for_terminal(lost[i]);
    assert_int_equal(strspn(got, "?"), strlen(lost[i]));
  }
}

static void printed_texts_of_any_length_get_none(void **state)
{
  (void)state;
  enum { N = 20000 };
  static char text[N + 1], back[N + 8];
  FILE *out = tmpfile();
  assert_non_null(out);
  memset(text, 'x', N);
  text[N - 1] = '\x1b';
  assert_int_equal(ip_print(out, "%s;%d", text, 7), N + 2);
  rewind(out);
  assert_int_equal(fread(back, 1, sizeof back, out), N + 2);
  assert_string_equal(back + N - 2, "x?;7");
  assert_true(back[0] == 'x');
  for (int n = 8190; n < 8194; n++) { /* around the size of the buffer on the stack */
    rewind(out);
    assert_int_equal(ip_print(out, "%.*s$", n, text), n + 1);
    rewind(out);
    assert_int_equal(fread(back, 1, (size_t)n + 1, out), n + 1);
    assert_true(back[n - 1] == 'x' && back[n] == '$');
  }
  rewind(out);
  assert_int_equal(ip_print(out, "%s", "\x1b"), 1);
  fclose(out);
}

static void a_figure_gets_one_line_of_text(void **state)
{
  (void)state;
  assert_string_equal(for_figure("a\tb\n\"c\" ]]> ]> \xFF"), "a b 'c' ]]  ]> ?");
  assert_string_equal(for_figure("]]>"), "]] ");
  assert_string_equal(for_figure("]>]] >"), "]>]] >");
  assert_string_equal(for_figure("\xC2\x85x\xE2\x80\xAEy"), "  x   y");
}

static void a_text_ends_with_a_whole_character(void **state)
{
  (void)state;
  ip_scratch *sc;
  const char *plain;
  CHECK_OK(ip_scratch_create(&sc));
  CHECK_OK(ip_plain_text("ab\xE2\x82\xAC", 4, sc, &plain));
  assert_string_equal(plain, "ab");
  CHECK_OK(ip_plain_text("ab\xE2\x82\xAC", 5, sc, &plain));
  assert_string_equal(plain, "ab\xE2\x82\xAC");
  CHECK_OK(ip_plain_text("ab\xFF", 2, sc, &plain)); /* a byte that is no character counts as one */
  assert_string_equal(plain, "ab");
  CHECK_OK(ip_plain_text("ab\xFF", 3, sc, &plain));
  assert_string_equal(plain, "ab?");
  CHECK_OK(ip_plain_text("\xFF\xFF"
                         "cd",
                         3, sc, &plain));
  assert_string_equal(plain, "??c");
  CHECK_OK(ip_plain_text("", 0, sc, &plain));
  assert_string_equal(plain, "");
  ip_scratch_destroy(&sc);
}

static ip_status fail_with(const char *name)
{
  IP_FAIL(IP_EFORMAT, "%s: bad", name);
}

static void an_error_message_is_fit_for_a_terminal(void **state)
{
  (void)state;
  assert_int_equal(fail_with("\x1b[31m"), IP_EFORMAT);
  ip_error_prefix("in\x07");
  assert_string_equal(ip_error_message(), "in?: ?[31m: bad");
  ip_error_clear();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_terminal_gets_no_commands),          cmocka_unit_test(a_character_controls_or_it_does_not),
      cmocka_unit_test(printed_texts_of_any_length_get_none), cmocka_unit_test(a_figure_gets_one_line_of_text),
      cmocka_unit_test(a_text_ends_with_a_whole_character),   cmocka_unit_test(an_error_message_is_fit_for_a_terminal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
