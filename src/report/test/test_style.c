/* test_style.c - texts of the page can be read in light, dark and print: contrast by WCAG 2.1, 1.4.3 and
 * 1.4.11. */
#include "report/page.h"

#include "base/test/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Relative luminance of "#rrggbb". */
static double luminance(const char *colour)
{
  static const double weight[] = {0.2126, 0.7152, 0.0722};
  unsigned c[3];
  double sum = 0;
  assert_int_equal(sscanf(colour, "#%2x%2x%2x", &c[0], &c[1], &c[2]), 3);
  for (int i = 0; i < 3; i++) {
    double v = c[i] / 255.0;
    sum += weight[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
  }
  return sum;
}

/* The luminance of a colour of a scheme, from `at` to its closing brace; NaN if it has none of this name. */
static double colour(const char *at, const char *name)
{
  char key[32];
  snprintf(key, sizeof key, "--%s: ", name);
  const char *found = strstr(at, key), *end = strchr(at, '}');
  return found && found < end ? luminance(found + strlen(key)) : (double)NAN;
}

static double contrast(double a, double b)
{
  return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

/* Of `n` colours to `ground`, in all schemes that have both; returns how many schemes have. */
static size_t check_contrast(size_t n, const char *const *name, const char *ground, double least)
{
  size_t schemes = 0;
  for (const char *at = ip_page_style; (at = strstr(at, ":root")); at++) {
    double to = colour(at, ground);
    if (isnan(to) || isnan(colour(at, name[0]))) continue;
    schemes++;
    for (size_t i = 0; i < n; i++) {
      double of = colour(at, name[i]);
      if (isfinite(of) && contrast(of, to) < least)
        fail_msg("scheme %zu: %s on %s has %.2f", schemes, name[i], ground, contrast(of, to));
    }
  }
  return schemes;
}

static void texts_have_a_contrast_of_at_least_4_5(void **state)
{
  (void)state;
  static const char *const text[] = {"text", "quiet", "link"};
  assert_int_equal(check_contrast(3, text, "page", 4.5), 5);
  assert_int_equal(check_contrast(3, text, "panel", 4.5), 5);
}

static void marks_of_layers_have_a_contrast_of_at_least_3(void **state)
{
  (void)state;
  static const char *const mark[] = {"layer-1", "layer-2", "layer-3", "layer-4", "layer-5", "layer-6", "layer-out"};
  assert_int_equal(check_contrast(7, mark, "page", 3), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(texts_have_a_contrast_of_at_least_4_5),
                                     cmocka_unit_test(marks_of_layers_have_a_contrast_of_at_least_3)};
  return cmocka_run_group_tests_name("report/style", tests, NULL, NULL);
}
