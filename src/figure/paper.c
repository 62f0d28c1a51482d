#include "figure/paper.h"

#include "base/text.h"

#include <string.h>

ip_status ip_paper_parse_width(const char *text, double *width_mm)
{
  static const struct {
    const char *name;
    double mm;
  } unit[] = {{"mm", 1}, {"cm", 10}, {"in", 25.4}};
  size_t n = strlen(text);
  char number[32];
  for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
    if (n < 3 || n - 2 >= sizeof number || strcmp(text + n - 2, unit[i].name) != 0) continue;
    memcpy(number, text, n - 2);
    number[n - 2] = 0;
    if (!ip_parse_real(number, width_mm)) break;
    *width_mm *= unit[i].mm;
    IP_REQUIRE(*width_mm >= 40 && *width_mm <= 1000, IP_EUSAGE,
               "the width of a figure is '%s', expected between 40mm and 1000mm", text);
    return IP_OK;
  }
  IP_FAIL(IP_EUSAGE, "the width of a figure is '%s', expected a number with a unit: 85mm, 8.5cm or 3.3in", text);
}

ip_status ip_paper_check_font(const char *text)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -";
  size_t family = strspn(text, letters);
  double size = 8;
  bool fits = *text && (text[family] == 0 || text[family] == ',');
  if (fits && text[family] == ',') fits = ip_parse_real(text + family + 1, &size) && size >= 4 && size <= 72;
  IP_REQUIRE(fits, IP_EUSAGE, "the font is '%s', expected a family, a size from 4 to 72 points, or both: \"Times,8\"",
             text);
  return IP_OK;
}
