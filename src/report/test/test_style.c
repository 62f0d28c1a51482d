/* test_style.c - texts of the page can be read in light, dark and print: contrast by WCAG 2.1, 1.4.3. */
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

static double colour(const char *scheme, const char *name)
{
  char key[32];
  snprintf(key, sizeof key, "--%s: ", name);
  const char *at = strstr(scheme, key);
  assert_non_null(at);
  return luminance(at + strlen(key));
}

static void texts_have_a_contrast_of_at_least_4_5(void **state)
{
  (void)state;
  static const char *const text[] = {"text", "quiet", "link"}, *const ground[] = {"page", "panel"};
  size_t schemes = 0;
  for (const char *at = ip_page_style; (at = strstr(at, ":root {")); at++, schemes++)
    for (size_t t = 0; t < 3; t++)
      for (size_t g = 0; g < 2; g++) {
        double a = colour(at, text[t]), b = colour(at, ground[g]);
        double contrast = (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
        if (contrast < 4.5) fail_msg("scheme %zu: %s on %s has %.2f", schemes + 1, text[t], ground[g], contrast);
      }
  assert_int_equal(schemes, 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(texts_have_a_contrast_of_at_least_4_5)};
  return cmocka_run_group_tests_name("report/style", tests, NULL, NULL);
}
