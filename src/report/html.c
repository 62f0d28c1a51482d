#include "report/html.h"

#include "base/mem.h"
#include "figure/plain.h"
#include "file/atomic.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Bytes of the character at s, 0 where there is none that a page may have. */
static size_t character(const char *s)
{
  bool control = (unsigned char)*s < 32 && *s != '\n' && *s != '\t';
  return control ? 0 : ip_utf8_character(s);
}

void ip_html_text(FILE *out, const char *text)
{
  static const char special[] = "&<>\"'";
  static const char *const entity[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  while (*text) {
    size_t n = character(text);
    const char *which = n == 1 ? strchr(special, *text) : NULL;
    if (which)
      fputs(entity[which - special], out);
    else if (n)
      fwrite(text, 1, n, out);
    else
      putc('?', out);
    text += n ? n : 1;
  }
}

void ip_html_number(FILE *out, double value, int digits)
{
  if (isnan(value))
    fputs("&ndash;", out);
  else
    fprintf(out, "%.*g", digits, value);
}

static void write_base64(FILE *out, size_t n, const unsigned char *bytes)
{
  static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < n; i += 3) { /* RFC 4648: three bytes are four digits, = where bytes are missing */
    unsigned a = bytes[i], b = i + 1 < n ? bytes[i + 1] : 0, c = i + 2 < n ? bytes[i + 2] : 0;
    unsigned v = a << 16 | b << 8 | c;
    putc(digit[v >> 18], out);
    putc(digit[v >> 12 & 63], out);
    putc(i + 1 < n ? digit[v >> 6 & 63] : '=', out);
    putc(i + 2 < n ? digit[v & 63] : '=', out);
  }
}

ip_status ip_html_image(FILE *out, const char *path, const char *type, const char *alt)
{
  size_t n;
  char *bytes;
  IP_TRY(ip_file_read(path, (size_t)256 << 20, &n, &bytes));
  fputs("<img alt=\"", out);
  ip_html_text(out, alt);
  fprintf(out, "\" src=\"data:%s;base64,", type);
  write_base64(out, n, (const unsigned char *)bytes);
  fputs("\">\n", out);
  ip_free(bytes);
  return IP_OK;
}
