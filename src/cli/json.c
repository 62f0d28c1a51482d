#include "cli/json.h"

#include "config/emit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { DIGITS = 15 };

json_t *ip_json_real(double x)
{
  if (isnan(x)) return json_null();
  return isinf(x) ? json_string(x > 0 ? "inf" : "-inf") : json_real(x);
}

json_t *ip_json_finite(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

json_t *ip_json_count(size_t n)
{
  return json_integer((json_int_t)n);
}

/* Length of the character at s, or 0 if it is not UTF-8. */
static size_t character_length(const char *s)
{
  char one[5] = "";
  for (size_t n = 1; n <= 4 && s[n - 1]; n++) {
    one[n - 1] = s[n - 1];
    if (ip_is_utf8(one)) return n;
  }
  return 0;
}

json_t *ip_json_text(const char *text)
{
  static const char unknown[] = "\xEF\xBF\xBD";
  if (ip_is_utf8(text)) return json_string(text);
  char *copy = NULL;
  size_t size;
  FILE *out = open_memstream(&copy, &size);
  if (!out) return NULL;
  for (size_t n; *text; text += n ? n : 1)
    if ((n = character_length(text)))
      fwrite(text, 1, n, out);
    else
      fputs(unknown, out);
  json_t *value = fclose(out) == 0 ? json_string(copy) : NULL;
  free(copy);
  return value;
}

json_t *ip_json_texts(size_t n, const char *const *text)
{
  json_t *list = json_array();
  for (size_t i = 0; i < n; i++)
    if (list && json_array_append_new(list, ip_json_text(text[i])) != 0) {
      json_decref(list);
      return NULL;
    }
  return list;
}

static ip_status print(json_t *value, size_t how, FILE *out)
{
  IP_REQUIRE(value, IP_ENOMEM, "no memory to write JSON");
  if (isatty(fileno(out)) == 1) how |= JSON_ENSURE_ASCII; /* a terminal acts on some characters beyond ASCII */
  bool failed = json_dumpf(value, out, how | JSON_REAL_PRECISION(DIGITS)) != 0;
  json_decref(value);
  IP_REQUIRE(!failed, IP_EIO, "cannot write to standard output: JSON");
  fputc('\n', out);
  return IP_OK;
}

ip_status ip_json_print(json_t *value, FILE *out)
{
  return print(value, JSON_INDENT(2), out);
}

ip_status ip_json_print_line(json_t *value, FILE *out)
{
  return print(value, JSON_COMPACT, out);
}
