#include "report/page_json.h"

#include "base/plain.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void put_text(FILE *out, const char *text)
{
  putc('"', out);
  while (*text) {
    size_t n = ip_utf8_character(text);
    unsigned char c = (unsigned char)*text;
    if (n == 0)
      fputs("\\ufffd", out);
    else if (c == '"' || c == '\\')
      fprintf(out, "\\%c", c);
    else if (c < 32 || c == '<' || c == 127)
      fprintf(out, "\\u%04x", (unsigned)c);
    else if (n == 3 && (!memcmp(text, "\xe2\x80\xa8", 3) || !memcmp(text, "\xe2\x80\xa9", 3)))
      fprintf(out, "\\u20%02x", (unsigned)(unsigned char)text[2] - 0x80);
    else
      fwrite(text, 1, n, out);
    text += n ? n : 1;
  }
  putc('"', out);
}

/* The comma, where one is due, and the name. */
static void begin(ip_page_json *j, const char *name)
{
  if (j->follows) putc(',', j->out);
  j->follows = true;
  if (!name) return;
  put_text(j->out, name);
  putc(':', j->out);
}

void ip_page_json_open(ip_page_json *j, const char *name, char bracket)
{
  begin(j, name);
  putc(bracket, j->out);
  j->follows = false;
}

void ip_page_json_close(ip_page_json *j, char bracket)
{
  putc(bracket, j->out);
  j->follows = true;
}

void ip_page_json_text(ip_page_json *j, const char *name, const char *text)
{
  begin(j, name);
  put_text(j->out, text);
}

void ip_page_json_number(ip_page_json *j, const char *name, double value)
{
  if (!isfinite(value)) {
    ip_page_json_null(j, name);
    return;
  }
  bool is_whole = value > -1e15 && value < 1e15 && value == trunc(value);
  begin(j, name);
  fprintf(j->out, is_whole ? "%.0f" : "%.6g", value);
}

void ip_page_json_exact(ip_page_json *j, const char *name, double value)
{
  if (!isfinite(value)) {
    ip_page_json_null(j, name);
    return;
  }
  begin(j, name);
  fputs(ip_format_real(value, false).text, j->out);
}

void ip_page_json_int(ip_page_json *j, const char *name, int64_t value)
{
  begin(j, name);
  fprintf(j->out, "%" PRId64, value);
}

void ip_page_json_bool(ip_page_json *j, const char *name, bool value)
{
  begin(j, name);
  fputs(value ? "true" : "false", j->out);
}

void ip_page_json_null(ip_page_json *j, const char *name)
{
  begin(j, name);
  fputs("null", j->out);
}
