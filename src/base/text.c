#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 64 /* words longer than this are compared by their beginnings */

bool ip_parse_int(const char *s, int64_t *value)
{
  const char *digits = s + (*s == '-' || *s == '+');
  if (!isdigit((unsigned char)*digits)) return false;
  char *end;
  errno = 0;
  long long v = strtoll(s, &end, 10);
  if (*end || errno) return false;
  *value = v;
  return true;
}

bool ip_parse_real(const char *s, double *value)
{
  if (!*s || isspace((unsigned char)*s) || strpbrk(s, "xX")) return false;
  char *end;
  errno = 0;
  double v = strtod(s, &end);
  if (*end || end == s || (errno == ERANGE && (v > 1 || v < -1))) return false; /* too large; too small is 0 */
  *value = v;
  return true;
}

typedef struct interval {
  double low, high;
  bool open_low, open_high;
} interval;

static interval read_interval(const char *text)
{
  char *end;
  interval in = {.open_low = *text == '('};
  in.low = strtod(text + 1, &end);
  in.high = strtod(end + 1, &end); /* behind the comma */
  in.open_high = *end == ')';
  return in;
}

bool ip_interval_has(const char *text, double value)
{
  if (!text) return true;
  interval in = read_interval(text);
  return (in.open_low ? value > in.low : value >= in.low) && (in.open_high ? value < in.high : value <= in.high);
}

ip_interval_text ip_interval_words(const char *text)
{
  ip_interval_text out = {""};
  if (!text) return out;
  interval in = read_interval(text);
  if (isinf(in.high) && !isinf(in.low))
    snprintf(out.text, sizeof out.text, in.open_low ? " greater than %g" : " of at least %g", in.low);
  else if (isinf(in.low) && !isinf(in.high))
    snprintf(out.text, sizeof out.text, in.open_high ? " less than %g" : " of at most %g", in.high);
  else
    snprintf(out.text, sizeof out.text, " in %s", text);
  return out;
}

ip_status ip_interval_check(const char *key, const char *text, double value)
{
  if (isfinite(value) && ip_interval_has(text, value)) return IP_OK;
  IP_FAIL(IP_ECONFIG, "%s: expected a number%s, got %g", key, ip_interval_words(text).text, value);
}

ip_real_text ip_format_real(double value, bool short_whole)
{
  ip_real_text out = {"nan"};
  if (isnan(value)) return out; /* printf may write its sign */
  for (int digits = short_whole ? 1 : 15; digits <= 17; digits++) {
    snprintf(out.text, sizeof out.text, "%.*g", digits, value);
    if (strtod(out.text, NULL) == value) break;
  }
  return out;
}

const char *ip_plural(size_t n)
{
  return n == 1 ? "" : "s";
}

static size_t lesser(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* The distance of two words, or any number from `limit` on if it is not below that. */
static size_t distance_below(const char *a, const char *b, size_t limit)
{
  size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
  if ((n > m ? n - m : m - n) >= limit) return limit; /* so many insertions at least */
  size_t row[3][LONGEST + 1];                         /* rows i-2, i-1 and i of the table, in turn */
  size_t lowest = 0, lowest_above = 0;                /* of rows i and i-1: the rows below grow from them */
  for (size_t j = 0; j <= m; j++) row[0][j] = j;
  for (size_t i = 1; i <= n && (lowest < limit || lowest_above < limit); i++) {
    size_t *now = row[i % 3], *above = row[(i + 2) % 3], *twice = row[(i + 1) % 3];
    lowest_above = lowest;
    lowest = now[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t best = lesser(above[j - 1] + (a[i - 1] != b[j - 1]), lesser(above[j], now[j - 1]) + 1);
      bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      now[j] = swapped ? lesser(best, twice[j - 2] + 1) : best;
      lowest = lesser(lowest, now[j]);
    }
  }
  return lowest < limit || lowest_above < limit ? row[n % 3][m] : limit;
}

size_t ip_text_distance(const char *a, const char *b)
{
  return distance_below(a, b, SIZE_MAX);
}

bool ip_text_is_nearer(const char *a, const char *b, size_t *best)
{
  size_t distance = distance_below(a, b, *best);
  if (distance >= *best) return false;
  *best = distance;
  return true;
}

const char *ip_text_nearest(const char *word, size_t n, const char *const *candidate)
{
  const char *nearest = NULL;
  size_t best = strlen(word) / 3 + 2; /* farther than about a third of the word is another word */
  for (size_t i = 0; i < n; i++)
    if (ip_text_is_nearer(word, candidate[i], &best)) nearest = candidate[i];
  return nearest;
}

const char *ip_text_renamed(const ip_renamed *list, const char *name)
{
  for (; list && list->from; list++)
    if (!strcmp(list->from, name)) return list->to;
  return NULL;
}

/* Appends the names that begin with `begin`, separated by commas, as many as there is room for; returns how many. */
static size_t list_names(ip_hint *hint, const char *begin, size_t n, const char *const *name)
{
  enum { MORE = sizeof ", ...?" };
  size_t found = 0;
  for (size_t i = 0; i < n; i++) {
    if (strncmp(name[i], begin, strlen(begin)) != 0) continue;
    size_t used = strlen(hint->text), room = sizeof hint->text - used;
    bool fits = strlen(name[i]) + 2 + MORE <= room;
    snprintf(hint->text + used, room, "%s%s", found++ ? ", " : "", fits ? name[i] : "...");
    if (!fits) break;
  }
  return found;
}

ip_hint ip_text_hint(const char *word, size_t n, const char *const *name)
{
  ip_hint hint = {"; did you mean "};
  if (strlen(word) >= 3 && list_names(&hint, word, n, name) > 1) {
    size_t used = strlen(hint.text);
    snprintf(hint.text + used, sizeof hint.text - used, "?");
    return hint;
  }
  const char *near = ip_text_nearest(word, n, name);
  *hint.text = 0;
  if (near) snprintf(hint.text, sizeof hint.text, "; did you mean '%s'?", near);
  return hint;
}

ip_hint ip_text_expected(const char *word, size_t n, const char *const *name)
{
  ip_hint hint = ip_text_hint(word, n, name);
  if (*hint.text) return hint;
  snprintf(hint.text, sizeof hint.text, "; expected %s", n > 1 ? "one of " : "");
  list_names(&hint, "", n, name);
  return hint;
}

ip_status ip_text_choose(ip_status code, const char *kind, const char *word, size_t n, const char *const *name,
                         size_t *at)
{
  for (*at = 0; *at < n; ++*at)
    if (strcmp(word, name[*at]) == 0) return IP_OK;
  IP_FAIL(code, "unknown %s '%.60s'%s", kind, word, ip_text_expected(word, n, name).text);
}
