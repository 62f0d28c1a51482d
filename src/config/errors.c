#include "config/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 100, SHOWN = 20 };

struct ip_config_errors {
  ip_scratch *sc;
  size_t n; /* found; the first KEPT of them are stored */
  struct error {
    ip_place place;
    size_t order; /* of origins: files before overrides, as they came */
    size_t number;
    char *message;
  } error[KEPT];
};

ip_status ip_config_errors_create(ip_config_errors **out)
{
  IP_TRY(IP_NEW(*out, 1, "errors of the configuration"));
  ip_status st = ip_scratch_create(&(*out)->sc);
  if (st != IP_OK) ip_config_errors_destroy(out);
  return st;
}

void ip_config_errors_destroy(ip_config_errors **f)
{
  if (!*f) return;
  ip_scratch_destroy(&(*f)->sc);
  ip_free(*f);
  *f = NULL;
}

size_t ip_config_errors_count(const ip_config_errors *f)
{
  return f->n;
}

static size_t order_of_origin(const ip_config_errors *f, const char *origin)
{
  size_t last = 0;
  for (size_t i = 0; i < f->n && i < KEPT; i++) {
    const char *o = f->error[i].place.origin;
    if (o == origin || (o && origin && !strcmp(o, origin))) return f->error[i].order;
    if (f->error[i].order > last) last = f->error[i].order;
  }
  return last + 1;
}

ip_status ip_config_errors_add(ip_config_errors *f, ip_place place, const char *key, const char *fmt, ...)
{
  if (f->n >= KEPT) {
    f->n++;
    return IP_OK;
  }
  char body[1024], where[512] = "";
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(body, sizeof body, fmt, ap);
  va_end(ap);
  if (place.origin && place.line)
    snprintf(where, sizeof where, "%.400s:%zu:%zu: ", place.origin, place.line, place.column);
  else if (place.origin)
    snprintf(where, sizeof where, "%.400s: ", place.origin);

  size_t size = strlen(where) + strlen(body) + (key ? strlen(key) : 0) + 16;
  char *message;
  IP_TRY(IP_SCRATCH(f->sc, message, size, "error of a configuration"));
  snprintf(message, size, "%serror: %s%s%s", where, key ? key : "", key ? ": " : "", body);
  f->error[f->n] =
      (struct error){.place = place, .order = order_of_origin(f, place.origin), .number = f->n, .message = message};
  f->n++;
  return IP_OK;
}

static int by_place(const void *a, const void *b)
{
  const struct error *p = a, *q = b;
  if (p->order != q->order) return p->order < q->order ? -1 : 1;
  if (p->place.line != q->place.line) return p->place.line < q->place.line ? -1 : 1;
  if (p->place.column != q->place.column) return p->place.column < q->place.column ? -1 : 1;
  return p->number < q->number ? -1 : 1;
}

ip_status ip_config_errors_check(const ip_config_errors *f)
{
  if (!f->n) return IP_OK;
  size_t kept = f->n < KEPT ? f->n : KEPT, n = 0;
  struct error sorted[KEPT];
  memcpy(sorted, f->error, kept * sizeof *sorted);
  qsort(sorted, kept, sizeof *sorted, by_place);

  char text[3900]; /* the record of base/status.c holds 4096 */
  size_t shown = 0;
  for (; shown < kept && shown < SHOWN; shown++) {
    size_t length = strlen(sorted[shown].message);
    if (n + length + 64 > sizeof text && shown) break;
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", shown ? "\n" : "", sorted[shown].message);
    if (n >= sizeof text) n = sizeof text - 1;
  }
  if (f->n > shown) snprintf(text + n, sizeof text - n, "\n... and %zu more errors", f->n - shown);
  IP_FAIL(IP_ECONFIG, "%s", text);
}

ip_quote ip_quote_text(const char *s)
{
  ip_quote q;
  size_t n = strlen(s), keep = n > 60 ? 57 : n;
  if (keep < n)
    while (keep && ((unsigned char)s[keep] & 0xC0) == 0x80) keep--; /* not in the middle of a UTF-8 character */
  q.text[0] = '\'';
  for (size_t i = 0; i < keep; i++) {
    unsigned char ch = (unsigned char)s[i];
    q.text[i + 1] = ch < 0x20 || ch == 0x7F ? '?' : s[i];
  }
  strcpy(q.text + keep + 1, keep < n ? "...'" : "'");
  return q;
}
