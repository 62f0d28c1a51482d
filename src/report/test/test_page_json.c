/* test_page_json.c - JSON of the page: as RFC 8259 has it, and nothing in it ends the script around it. */
#include "report/page_json.h"

#include "base/test/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t size;
static ip_page_json begin(void)
{
  return (ip_page_json){.out = open_memstream(&text, &size)};
}

static void ends_as(ip_page_json *j, const char *want)
{
  fclose(j->out);
  assert_string_equal(text, want);
  free(text);
}

static void objects_and_arrays_have_their_commas(void **state)
{
  (void)state;
  ip_page_json j = begin();
  ip_page_json_open(&j, NULL, '{');
  ip_page_json_open(&j, "a", '[');
  ip_page_json_close(&j, ']');
  ip_page_json_open(&j, "b", '[');
  ip_page_json_int(&j, NULL, -3);
  ip_page_json_open(&j, NULL, '{');
  ip_page_json_bool(&j, "c", true);
  ip_page_json_close(&j, '}');
  ip_page_json_null(&j, NULL);
  ip_page_json_close(&j, ']');
  ip_page_json_text(&j, "d", "x");
  ip_page_json_close(&j, '}');
  ends_as(&j, "{\"a\":[],\"b\":[-3,{\"c\":true},null],\"d\":\"x\"}");
}

static void numbers_have_six_digits_whole_ones_and_exact_ones_all(void **state)
{
  (void)state;
  ip_page_json j = begin();
  ip_page_json_open(&j, NULL, '[');
  ip_page_json_number(&j, NULL, 1.0 / 3);
  ip_page_json_number(&j, NULL, 12345678);
  ip_page_json_number(&j, NULL, -1e-9);
  ip_page_json_number(&j, NULL, 1e300);
  ip_page_json_number(&j, NULL, (double)NAN);
  ip_page_json_number(&j, NULL, -(double)INFINITY);
  ip_page_json_exact(&j, NULL, 0.1);
  ip_page_json_exact(&j, NULL, 1.0 / 3);
  ip_page_json_exact(&j, NULL, (double)NAN);
  ip_page_json_close(&j, ']');
  ends_as(&j, "[0.333333,12345678,-1e-09,1e+300,null,null,0.1,0.3333333333333333,null]");
}

static void no_text_leaves_its_quotes_or_the_script(void **state)
{
  (void)state;
  ip_page_json j = begin();
  ip_page_json_open(&j, NULL, '[');
  ip_page_json_text(&j, NULL, "</script><!-- <script>");
  ip_page_json_text(&j, NULL, "\"\\\n\t\x01\x7f");
  ip_page_json_text(&j, NULL,
                    "\xe2\x80\xa8\xe2\x80\xa9 \xe2\x80\xaa \xce\xb1 \xf0\x9f\x98\x80"); /* U+2028, 2029, 202A */
  ip_page_json_text(&j, NULL, "\xff \xe2\x80");
  ip_page_json_close(&j, ']');
  ends_as(&j, "[\"\\u003c/script>\\u003c!-- \\u003cscript>\",\"\\\"\\\\\\u000a\\u0009\\u0001\\u007f\","
              "\"\\u2028\\u2029 \xe2\x80\xaa \xce\xb1 \xf0\x9f\x98\x80\",\"\\ufffd \\ufffd\\ufffd\"]");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(objects_and_arrays_have_their_commas),
      cmocka_unit_test(numbers_have_six_digits_whole_ones_and_exact_ones_all),
      cmocka_unit_test(no_text_leaves_its_quotes_or_the_script),
  };
  return cmocka_run_group_tests_name("report/page_json", tests, NULL, NULL);
}
