#include "base/plain.h"

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

ip_status ip_plain_text(const char *text, size_t most, ip_scratch *sc, const char **plain)
{
  char *to;
  IP_TRY(IP_SCRATCH(sc, to, most + 1, "text"));
  *plain = to;
  for (size_t n = 0, used; *text; text += used ? used : 1, n += used ? used : 1) {
    used = ip_utf8_character(text);
    if (n + (used ? used : 1) > most) break;
    unsigned char c = (unsigned char)*text;
    if (!used)
      to[n] = '?';
    else if (used == 1)
      to[n] = (char)(c < 32 || c == 127 ? ' ' : c == '"' ? '\'' : c);
    else
      memcpy(to + n, text, used);
  }
  return IP_OK;
}
