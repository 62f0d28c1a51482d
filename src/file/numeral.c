/* What one cell is: a number in one decimal sign or the other, with thousands, missing, or a word. */
#include "base/text.h"
#include "file/text_format.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool ip_text_number(char decimal, const char *text, double *value)
{
  if (decimal == '.') return ip_parse_real(text, value);
  char word[64];
  size_t n = strlen(text);
  if (n >= sizeof word || strchr(text, '.')) return false;
  memcpy(word, text, n + 1);
  char *comma = strchr(word, ',');
  if (comma && !isdigit((unsigned char)comma[1])) return false; /* a comma behind a number is a separator */
  if (comma) *comma = '.';
  return ip_parse_real(word, value);
}

static int place_in(const char *const *list, const char *text)
{
  for (int i = 0; list[i]; i++)
    if (strcasecmp(list[i], text) == 0) return i + 1;
  return 0;
}

bool ip_text_is_missing(const char *text)
{
  static const char *const list[] = {"", "NA", "N/A", "#N/A", "NaN", "-NaN", "null", "none", "?", "-", ".", NULL};
  return place_in(list, text) > 0;
}

int ip_text_label_name(const char *text)
{
  static const char *const list[] = {"label", "labels", "class", "classes", "target", NULL};
  return place_in(list, text);
}

/* One to three digits and then groups of `mark` and three digits, at least `least` of them; returns what follows, or
 * NULL. */
static const char *skip_groups(const char *s, char mark, int least)
{
  int digits = 0, groups = 0;
  for (; isdigit((unsigned char)*s); s++) digits++;
  if (digits < 1 || digits > 3) return NULL;
  while (*s == mark && isdigit((unsigned char)s[1]) && isdigit((unsigned char)s[2]) && isdigit((unsigned char)s[3])) {
    s += 4;
    groups++;
  }
  return groups >= least && !isdigit((unsigned char)*s) ? s : NULL;
}

static bool has_thousands(const char *s)
{
  static const char marks[] = {',', '.', ' ', '\'', '_'};
  if (*s == '-' || *s == '+') s++;
  for (size_t i = 0; i < sizeof marks; i++) {
    bool decimal = marks[i] == ',' || marks[i] == '.';
    const char *rest = skip_groups(s, marks[i], 1);
    if (!rest) continue;
    if (*rest == 0 && (!decimal || skip_groups(s, marks[i], 2))) return true;
    if ((*rest == ',' || *rest == '.') && *rest != marks[i]) return rest[1 + strspn(rest + 1, "0123456789")] == 0;
  }
  return false;
}

const char *ip_text_advice(char decimal, const char *text)
{
  double value;
  if (has_thousands(text)) return "; write numbers without thousands separators";
  if (ip_text_number(decimal == '.' ? ',' : '.', text, &value))
    return decimal == '.' ? "; for decimal commas, set decimal to comma" : "; for decimal points, set decimal to point";
  return "";
}
