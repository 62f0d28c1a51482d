#include "base/plain.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

size_t ip_utf8_character(const char *s)
{
  const unsigned char *u = (const unsigned char *)s;
  size_t n = u[0] < 0x80                   ? 1
             : u[0] >= 0xC2 && u[0] < 0xE0 ? 2
             : u[0] >= 0xE0 && u[0] < 0xF0 ? 3
             : u[0] >= 0xF0 && u[0] < 0xF5 ? 4
                                           : 0;
  for (size_t i = 1; i < n; i++)
    if ((u[i] & 0xC0) != 0x80) return 0;
  return n;
}

/* Whether the character of n bytes controls a terminal or the direction of text: C0, DEL, C1 (U+0080 to U+009F),
 * U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static bool is_control(const char *s, size_t n)
{
  const unsigned char *u = (const unsigned char *)s;
  if (n == 1) return u[0] < 32 || u[0] == 127;
  if (n == 2) return u[0] == 0xC2 && u[1] < 0xA0;
  if (n != 3 || u[0] != 0xE2) return false;
  return (u[1] == 0x80 && (u[2] == 0x8E || u[2] == 0x8F || (u[2] >= 0xAA && u[2] <= 0xAE))) ||
         (u[1] == 0x81 && u[2] >= 0xA6 && u[2] <= 0xA9);
}

void ip_plain_terminal(char *text)
{
  while (*text) {
    size_t n = ip_utf8_character(text);
    bool keeps = n && (*text == '\n' || *text == '\t' || !is_control(text, n));
    if (!n) n = 1; /* a byte that is no character */
    if (!keeps) memset(text, '?', n);
    text += n;
  }
}

int ip_print(FILE *out, const char *fmt, ...)
{
  char few[8192], *text = few;
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(few, sizeof few, fmt, ap);
  va_end(ap);
  if (n >= (int)sizeof few && (text = malloc((size_t)n + 1))) {
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
  }
  if (!text) text = few; /* its beginning */
  ip_plain_terminal(text);
  fputs(text, out);
  if (text != few) free(text);
  return n;
}

void ip_plain_figure(char *text)
{
  size_t n;
  for (const char *start = text; *text; text += n) {
    n = ip_utf8_character(text);
    if (!n) {
      n = 1;
      *text = '?';
    } else if (is_control(text, n))
      memset(text, ' ', n);
    else if (*text == '"')
      *text = '\'';
    else if (*text == '>' && text - start >= 2 && text[-1] == ']' && text[-2] == ']')
      *text = ' '; /* gnuplot writes it into SVG as it is, where "]]>" may not be */
  }
}

/* The length of the longest beginning of whole characters with at most `most` bytes. */
static size_t fitting_length(const char *text, size_t most)
{
  size_t n = 0;
  while (text[n]) {
    size_t used = ip_utf8_character(text + n);
    if (n + (used ? used : 1) > most) break;
    n += used ? used : 1;
  }
  return n;
}

ip_status ip_plain_text(const char *text, size_t most, ip_scratch *sc, const char **plain)
{
  char *to;
  size_t n = fitting_length(text, most);
  IP_TRY(IP_SCRATCH(sc, to, most + 1, "text"));
  memcpy(to, text, n);
  to[n] = 0;
  ip_plain_figure(to);
  *plain = to;
  return IP_OK;
}
