#include "report/html.h"

#include "base/mem.h"
#include "base/plain.h"
#include "file/atomic.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_BYTES = 1 << 28 }; /* of a file in the page */

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

/* Whole triples at a time, so that only the last piece is padded. */
void ip_html_base64(FILE *out, size_t n, const unsigned char *bytes)
{
  enum { PIECE = 3 * 1024 };
  unsigned char digits[PIECE / 3 * 4 + 1];
  for (size_t i = 0; i < n; i += PIECE) {
    int length = EVP_EncodeBlock(digits, bytes + i, (int)(n - i < PIECE ? n - i : PIECE));
    fwrite(digits, 1, (size_t)length, out);
  }
}

ip_status ip_html_data(FILE *out, const char *path, const char *type)
{
  size_t n;
  char *bytes;
  IP_TRY(ip_file_read(path, MOST_BYTES, &n, &bytes));
  fprintf(out, "data:%s;base64,", type);
  ip_html_base64(out, n, (const unsigned char *)bytes);
  ip_free(bytes);
  return IP_OK;
}

/* ---------------------------------------------------------------- SVG as text */

static const char svg_head[] = "data:image/svg+xml,";

/* What a letter becomes; NULL: it stays. A URL ends at # and decodes %, an attribute ends at ', and & begins an entity.
 */
static const char *svg_letter(char c)
{
  switch (c) {
  case '\n':
  case '\r':
  case '\t':
    return " "; /* URLs lose these */
  case '#':
    return "%23";
  case '%':
    return "%25";
  case '<':
    return "%3C"; /* nothing in the page looks like an element that is none */
  case '>':
    return "%3E";
  case '&':
    return "&amp;";
  case '\'':
    return "%27";
  default:
    return NULL;
  }
}

ip_status ip_html_svg(FILE *out, const char *path)
{
  size_t n;
  char *text;
  IP_TRY(ip_file_read(path, MOST_BYTES, &n, &text));
  fputs(svg_head, out);
  for (size_t i = 0; i < n; i++) {
    const char *other = svg_letter(text[i]);
    if (other)
      fputs(other, out);
    else
      putc(text[i], out);
  }
  ip_free(text);
  return IP_OK;
}

ip_status ip_html_svg_size(const char *path, size_t *n)
{
  size_t length;
  char *text;
  IP_TRY(ip_file_read(path, MOST_BYTES, &length, &text));
  *n = sizeof svg_head - 1;
  for (size_t i = 0; i < length; i++) {
    const char *other = svg_letter(text[i]);
    *n += other ? strlen(other) : 1;
  }
  ip_free(text);
  return IP_OK;
}
