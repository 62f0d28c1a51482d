#include "config/emit.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* The character at *s, stepping over it; -1 where no well-formed UTF-8 stands (RFC 3629). */
static long next_character(const char **s)
{
  const unsigned char *u = (const unsigned char *)*s;
  int more = u[0] < 0x80 ? 0 : u[0] < 0xC2 ? -1 : u[0] < 0xE0 ? 1 : u[0] < 0xF0 ? 2 : u[0] < 0xF5 ? 3 : -1;
  static const long least[] = {0, 0x80, 0x800, 0x10000};
  if (more < 0) return -1;
  long c = more == 0 ? u[0] : u[0] & (0x3F >> more);
  for (int i = 1; i <= more; i++) {
    if ((u[i] & 0xC0) != 0x80) return -1;
    c = c << 6 | (u[i] & 0x3F);
  }
  if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return -1;
  *s += more + 1;
  return c;
}

bool ip_is_utf8(const char *text)
{
  while (*text)
    if (next_character(&text) < 0) return false;
  return true;
}

/* Words that other readers of YAML take for booleans or nothing. */
static bool is_reserved(const char *s)
{
  static const char *const word[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  for (size_t i = 0; i < sizeof word / sizeof *word; i++)
    if (!strcasecmp(s, word[i])) return true;
  return false;
}

/* Characters that YAML forbids, or folds, in a quoted text. */
static bool needs_escape(long c)
{
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

void ip_emit_text(const char *text, FILE *out)
{
  static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/";
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/0123456789.+-=";
  if (*text && strchr(first, *text) && !text[strspn(text, plain)] && !is_reserved(text)) {
    fputs(text, out);
    return;
  }
  fputc('"', out);
  while (*text) {
    const char *from = text;
    long c = next_character(&text);
    if (c < 0) break; /* texts are checked when they are read */
    if (c == '"' || c == '\\')
      fprintf(out, "\\%c", (int)c);
    else if (c == '\n')
      fputs("\\n", out);
    else if (needs_escape(c))
      fprintf(out, "\\u%04lX", (unsigned long)c);
    else
      fwrite(from, 1, (size_t)(text - from), out);
  }
  fputc('"', out);
}

void ip_emit_real(double v, FILE *out)
{
  ip_real_text shortest = ip_format_real(v, true);
  const char *s = shortest.text;
  const char *e = strchr(s, 'e');
  if (e && !strchr(s, '.')) /* YAML 1.1 readers, Python's among them, take 1e-08 for a text */
    fprintf(out, "%.*s.0%s", (int)(e - s), s, e);
  else
    fputs(s, out);
}
