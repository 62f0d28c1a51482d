#include "file/table.h"

#include "base/advice.h"
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "file/atomic.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { KEPT_BITS = 8 };

/* A number that was written before, and its text. */
typedef struct {
  uint64_t bits;
  ip_real_text text; /* "": none yet */
} kept_text;

struct ip_table {
  FILE *out;
  ip_draft *draft; /* NULL on a stream of the caller's */
  char separator;
  bool is_for_figure;             /* read by gnuplot */
  bool in_row;                    /* a field stands before this one */
  kept_text kept[1 << KEPT_BITS]; /* rows repeat numbers: the loss of an epoch is in those of all layers */
};

static bool has_ending(const char *path, const char *ending)
{
  size_t n = strlen(path), m = strlen(ending);
  return n >= m && !strcasecmp(path + n - m, ending);
}

ip_status ip_table_create_on(FILE *out, char separator, ip_table **table)
{
  IP_TRY(IP_NEW(*table, 1, "table"));
  (*table)->out = out;
  (*table)->separator = separator;
  return IP_OK;
}

ip_status ip_table_create(const char *path, ip_table **out)
{
  *out = NULL;
  ip_draft *d;
  IP_TRY(ip_draft_create(path, &d));
  ip_status st = ip_table_create_on(ip_draft_stream(d), has_ending(path, ".csv") ? ',' : '\t', out);
  if (st != IP_OK)
    ip_draft_discard(&d);
  else
    (*out)->draft = d;
  return st;
}

ip_status ip_table_create_for_figure(const char *path, ip_table **out)
{
  IP_TRY(ip_table_create(path, out));
  (*out)->is_for_figure = true;
  return IP_OK;
}

static void begin_field(ip_table *t)
{
  if (t->in_row) putc(t->separator, t->out);
  t->in_row = true;
}

static void put_quoted(ip_table *t, const char *text)
{
  putc('"', t->out);
  for (; *text; text++) {
    if (*text == '"') putc('"', t->out);
    putc(*text, t->out);
  }
  putc('"', t->out);
}

void ip_table_text(ip_table *t, const char *text)
{
  char plain[2048];
  begin_field(t);
  if (t->is_for_figure) {
    snprintf(plain, sizeof plain, "%s", text);
    ip_plain_figure(plain);
    text = plain;
  }
  const char special[] = {t->separator, '"', '\n', '\r', 0};
  if (!text[strcspn(text, special)]) {
    fputs(text, t->out);
    return;
  }
  put_quoted(t, text);
}

void ip_table_quoted(ip_table *t, const char *text)
{
  begin_field(t);
  put_quoted(t, text);
}

void ip_table_real(ip_table *t, double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  kept_text *k = &t->kept[bits * UINT64_C(0x9E3779B97F4A7C15) >> (64 - KEPT_BITS)];
  if (k->bits != bits || !*k->text.text) *k = (kept_text){bits, ip_format_real(value, false)};
  begin_field(t);
  fputs(k->text.text, t->out);
}

void ip_table_int(ip_table *t, int64_t value)
{
  begin_field(t);
  fprintf(t->out, "%" PRId64, value);
}

void ip_table_end_row(ip_table *t)
{
  putc('\n', t->out);
  t->in_row = false;
}

ip_status ip_table_publish(ip_table **table)
{
  ip_table *t = *table;
  *table = NULL;
  ip_status st = IP_OK;
  if (t->draft)
    st = ip_draft_publish(&t->draft);
  else if (fflush(t->out) || ferror(t->out))
    st = ip_error_set(__FILE__, __LINE__, __func__, ip_status_of_write(errno), "the table cannot be written: %s",
                      strerror(errno));
  ip_free(t);
  return st;
}

void ip_table_discard(ip_table **table)
{
  if (!*table) return;
  ip_draft_discard(&(*table)->draft);
  ip_free(*table);
  *table = NULL;
}
