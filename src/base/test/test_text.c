#include "base/text.h"

#include "base/advice.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/test/check.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void whole_numbers_are_read_strictly(void **state)
{
  (void)state;
  int64_t v = 0;
  assert_true(ip_parse_int("8000", &v) && v == 8000);
  assert_true(ip_parse_int("-3", &v) && v == -3);
  const char *wrong[] = {
      "", "1e3", "12x", " 1", "1 ", "0x10", "1.0", "-", "99999999999999999999", "-99999999999999999999"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(ip_parse_int(wrong[i], &v));
}

static void real_numbers_are_read_strictly(void **state)
{
  (void)state;
  double v = 0;
  assert_true(ip_parse_real("4e-4", &v) && v == 4e-4);
  assert_true(ip_parse_real("1e-999", &v) && v == 0);
  assert_true(ip_parse_real("-1e-999", &v) && v == 0);
  assert_true(ip_parse_real("-1.5", &v) && v == -1.5);
  assert_true(ip_parse_real("inf", &v) && isinf(v));
  const char *wrong[] = {"", "0,0004", "1.0x", " 1", "0x1p3", "1e999", "-1e999", "."};
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

/* Of every pair of words, with every bound. */
static void a_word_is_nearer_where_its_distance_is_smaller(void **state)
{
  (void)state;
  static const char *const words[] = {"", "a", "ab", "ba", "epoch", "epochs", "epcohs", "kitten", "sitting"};
  enum { N = sizeof words / sizeof *words };
  for (size_t i = 0; i < N * N; i++)
    for (size_t bound = 0; bound < 10; bound++) {
      const char *a = words[i / N], *b = words[i % N];
      size_t best = bound, distance = ip_text_distance(a, b);
      assert_int_equal(ip_text_is_nearer(a, b, &best), distance < bound);
      assert_int_equal(best, distance < bound ? distance : bound);
    }
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

static void numbers_are_short_and_read_back_to_themselves(void **state)
{
  (void)state;
  const struct {
    double value;
    const char *text, *short_whole;
  } known[] = {{0.1, "0.1", "0.1"},
               {1, "1", "1"},
               {-2.5, "-2.5", "-2.5"},
               {1e300, "1e+300", "1e+300"},
               {1e-8, "1e-08", "1e-08"},
               {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"},
               {INFINITY, "inf", "inf"},
               {-INFINITY, "-inf", "-inf"},
               {NAN, "nan", "nan"},
               {-(double)NAN, "nan", "nan"},
               {0, "0", "0"},
               {-0.0, "-0", "-0"},
               {4096, "4096", "4096"},
               {8000, "8000", "8e+03"},
               {1e14, "100000000000000", "1e+14"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    assert_string_equal(ip_format_real(known[i].value, false).text, known[i].text);
    assert_string_equal(ip_format_real(known[i].value, true).text, known[i].short_whole);
  }
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (int i = 0; i < 20000; i++) {
    union {
      uint64_t bits;
      double value;
    } u = {.bits = ip_rng_u64(&r)};
    if (!isfinite(u.value)) continue;
    assert_true(strtod(ip_format_real(u.value, false).text, NULL) == u.value);
    assert_true(strtod(ip_format_real(u.value, true).text, NULL) == u.value);
  }
  assert_true(strtod(ip_format_real(-DBL_MAX, false).text, NULL) == -DBL_MAX);
  assert_true(strtod(ip_format_real(DBL_TRUE_MIN, false).text, NULL) == DBL_TRUE_MIN);
}

static void intervals_have_open_and_closed_ends(void **state)
{
  (void)state;
  const struct {
    const char *text;
    double in[3], out[3];
    const char *words;
  } known[] = {{"[0, 1)", {0, 0.5, 0.999}, {-1e-300, 1, NAN}, " in [0, 1)"},
               {"(0, 1]", {1e-300, 0.5, 1}, {0, 1.001, NAN}, " in (0, 1]"},
               {"(0, inf)", {1e-300, 1, 1e300}, {0, -1, NAN}, " greater than 0"},
               {"[1, inf)", {1, 2, 1e300}, {0.999, -1, NAN}, " of at least 1"},
               {"(-inf, 0)", {-1, -1e300, -1e-300}, {0, 1, NAN}, " less than 0"},
               {"(-inf, 0]", {-1, -1e300, 0}, {1e-300, 1, NAN}, " of at most 0"},
               {NULL, {-1, 0, 1e300}, {NAN, INFINITY, -INFINITY}, ""}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    for (size_t j = 0; j < 3; j++) {
      CHECK_OK(ip_interval_check("key", known[i].text, known[i].in[j]));
      CHECK_FAILS(ip_interval_check("key", known[i].text, known[i].out[j]), IP_ECONFIG, "key: expected a number");
      if (known[i].text) assert_false(ip_interval_has(known[i].text, known[i].out[j]));
      assert_string_equal(ip_interval_words(known[i].text).text, known[i].words);
    }
  CHECK_FAILS(ip_interval_check("key", "[0, 1)", 2), IP_ECONFIG, "key: expected a number in [0, 1), got 2");
}

static void an_unknown_word_is_answered_in_one_way(void **state)
{
  (void)state;
  const char *const names[] = {"tanh", "relu", "kde_upper", "kde_lower"};
  size_t at = 9;
  CHECK_OK(ip_text_choose(IP_EUSAGE, "thing", "relu", 4, names, &at));
  assert_int_equal(at, 1);
  CHECK_FAILS(ip_text_choose(IP_EUSAGE, "thing", "tahn", 4, names, &at), IP_EUSAGE,
              "unknown thing 'tahn'; did you mean 'tanh'?");
  CHECK_FAILS(ip_text_choose(IP_ECONFIG, "thing", "kde", 4, names, &at), IP_ECONFIG,
              "unknown thing 'kde'; did you mean kde_upper, kde_lower?");
  CHECK_FAILS(ip_text_choose(IP_EIO, "thing", "convolution", 4, names, &at), IP_EIO,
              "unknown thing 'convolution'; expected one of tanh, relu, kde_upper, kde_lower");
  CHECK_FAILS(ip_text_choose(IP_EIO, "thing", "", 1, names, &at), IP_EIO, "unknown thing ''; expected tanh");
  assert_string_equal(ip_text_hint("convolution", 4, names).text, "");
}

static void long_lists_and_words_are_cut_and_not_overrun(void **state)
{
  (void)state;
  char word[600];
  const char *names[64];
  size_t at;
  memset(word, 'x', sizeof word - 1);
  word[sizeof word - 1] = 0;
  for (size_t i = 0; i < 64; i++) names[i] = "name-of-many-letters";
  assert_non_null(strstr(ip_text_expected("y", 64, names).text, "name-of-many-letters, ..."));
  assert_non_null(strstr(ip_text_hint("name", 64, names).text, "name-of-many-letters, ...?"));
  names[1] = word + 1;
  assert_string_equal(ip_text_expected("y", 2, names).text, "; expected one of name-of-many-letters, ...");
  CHECK_FAILS(ip_text_choose(IP_EIO, "thing", word, 64, names, &at), IP_EIO, "unknown thing 'xxx");
}

static void one_of_a_kind_is_not_a_plural(void **state)
{
  (void)state;
  assert_string_equal(ip_plural(0), "s");
  assert_string_equal(ip_plural(1), "");
  assert_string_equal(ip_plural(2), "s");
}

static void durations_read_well(void **state)
{
  (void)state;
  const struct {
    double s;
    const char *text;
  } known[] = {{NAN, "unknown"},
               {-1, "unknown"},
               {0, "0.0 s"},
               {0.42, "0.4 s"},
               {9.94, "9.9 s"},
               {10, "10 s"},
               {59.4, "59 s"},
               {60, "1:00 min"},
               {187, "3:07 min"},
               {3599.4, "59:59 min"},
               {3599.5, "1:00:00 h"},
               {7509, "2:05:09 h"},
               {999999999, "277777:46:39 h"},
               {1e9, "unknown"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    char out[32];
    ip_clock_format(known[i].s, out);
    assert_string_equal(out, known[i].text);
  }
}

static void an_error_of_writing_comes_with_advice(void **state)
{
  (void)state;
  const struct {
    int error;
    ip_status status;
    const char *advice;
  } known[] = {{ENOSPC, IP_ENOSPC, "; free some space, or choose another disk"},
               {EDQUOT, IP_ENOSPC, "; free some space, or choose another disk"},
               {EFBIG, IP_EIO, "; raise the limit of file sizes (ulimit -f)"},
               {EACCES, IP_EIO, "; choose a place you may write in"},
               {EPERM, IP_EIO, "; choose a place you may write in"},
               {EROFS, IP_EIO, "; choose a place you may write in"},
               {ENOENT, IP_EIO, "; make its directory first"},
               {ENOTDIR, IP_EIO, "; a parent of this path is a file"},
               {EIO, IP_EIO, ""}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    assert_int_equal(ip_status_of_write(known[i].error), known[i].status);
    assert_string_equal(ip_advice_on_writing(known[i].error), known[i].advice);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_numbers_are_read_strictly),
      cmocka_unit_test(real_numbers_are_read_strictly),
      cmocka_unit_test(distance_counts_single_edits),
      cmocka_unit_test(a_word_is_nearer_where_its_distance_is_smaller),
      cmocka_unit_test(suggests_the_near_and_not_the_far),
      cmocka_unit_test(renamed_things_are_found_by_their_old_name),
      cmocka_unit_test(numbers_are_short_and_read_back_to_themselves),
      cmocka_unit_test(intervals_have_open_and_closed_ends),
      cmocka_unit_test(an_unknown_word_is_answered_in_one_way),
      cmocka_unit_test(long_lists_and_words_are_cut_and_not_overrun),
      cmocka_unit_test(one_of_a_kind_is_not_a_plural),
      cmocka_unit_test(durations_read_well),
      cmocka_unit_test(an_error_of_writing_comes_with_advice),
  };
  return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
