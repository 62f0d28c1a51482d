#include "base/text.h"

#include "base/clock.h"
#include "base/test/check.h"

#include <math.h>
#include <string.h>

static void whole_numbers_are_read_strictly(void **state)
{
  (void)state;
  int64_t v = 0;
  assert_true(ip_parse_int("8000", &v) && v == 8000);
  assert_true(ip_parse_int("-3", &v) && v == -3);
  const char *wrong[] = {"", "1e3", "12x", " 1", "1 ", "0x10", "1.0", "-", "99999999999999999999"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(ip_parse_int(wrong[i], &v));
}

static void real_numbers_are_read_strictly(void **state)
{
  (void)state;
  double v = 0;
  assert_true(ip_parse_real("4e-4", &v) && v == 4e-4);
  assert_true(ip_parse_real("1e-999", &v) && v == 0);
  assert_true(ip_parse_real("inf", &v) && isinf(v));
  const char *wrong[] = {"", "0,0004", "1.0x", " 1", "0x1p3", "1e999", "."};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(ip_parse_real(wrong[i], &v));
}

static void distance_counts_single_edits(void **state)
{
  (void)state;
  assert_int_equal(ip_text_distance("", ""), 0);
  assert_int_equal(ip_text_distance("", "abc"), 3);
  assert_int_equal(ip_text_distance("epochs", "epoch"), 1);
  assert_int_equal(ip_text_distance("epcohs", "epochs"), 1);
  assert_int_equal(ip_text_distance("kitten", "sitting"), 3);
}

static void suggests_the_near_and_not_the_far(void **state)
{
  (void)state;
  const char *const words[] = {"tanh", "relu", "sigmoid"};
  assert_string_equal(ip_text_nearest("tahn", 3, words), "tanh");
  assert_string_equal(ip_text_nearest("sigmiod", 3, words), "sigmoid");
  assert_null(ip_text_nearest("convolution", 3, words));
}

static void renamed_things_are_found_by_their_old_name(void **state)
{
  (void)state;
  const ip_renamed list[] = {{"heat", "heatmap"}, {"null", "null_shuffles"}, {NULL, NULL}};
  assert_string_equal(ip_text_renamed(list, "null"), "null_shuffles");
  assert_null(ip_text_renamed(list, "heatmap"));
  assert_null(ip_text_renamed(NULL, "heat"));
}

static void durations_read_well(void **state)
{
  (void)state;
  char out[32];
  ip_clock_format(0.42, out);
  assert_string_equal(out, "0.4 s");
  ip_clock_format(187, out);
  assert_string_equal(out, "3:07 min");
  ip_clock_format(7509, out);
  assert_string_equal(out, "2:05:09 h");
  ip_clock_format(NAN, out);
  assert_string_equal(out, "unknown");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_numbers_are_read_strictly),
      cmocka_unit_test(real_numbers_are_read_strictly),
      cmocka_unit_test(distance_counts_single_edits),
      cmocka_unit_test(suggests_the_near_and_not_the_far),
      cmocka_unit_test(renamed_things_are_found_by_their_old_name),
      cmocka_unit_test(durations_read_well),
  };
  return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
