#include "dataset/records.h"

#include "base/mem.h"
#include "dataset/bytes.h"

#include <string.h>

enum { BLOCK = 1 << 16, LONGEST = 1 << 26 };

struct ip_records {
  ip_bytes *in;
  char *path;
  char *block; // (BLOCK) bytes at .. end - 1 are still to be used
  size_t at, end, line;
  char *text; // (capacity) the current record with a 0 behind it
  size_t length, capacity;
  bool quote_is_open; /* at the end of the text */
  char **cell;        // (cell_capacity)
  size_t cell_capacity;
  char separator; /* 0 until the first record tells */
};

ip_status ip_records_open(const char *path, ip_records **out)
{
  ip_records *r;
  ip_status st;
  *out = NULL;
  IP_TRY(IP_NEW(r, 1, "text file"));
  IP_TRY_GOTO(st, IP_STRDUP(r->path, path), failed);
  IP_TRY_GOTO(st, IP_NEW(r->block, BLOCK, "piece of a text file"), failed);
  IP_TRY_GOTO(st, ip_bytes_open(path, &r->in), failed);
  *out = r;
  return IP_OK;
failed:
  ip_records_close(&r);
  return st;
}

void ip_records_close(ip_records **r)
{
  if (!*r) return;
  ip_bytes_close(&(*r)->in);
  ip_free((*r)->path);
  ip_free((*r)->block);
  ip_free((*r)->text);
  ip_free((*r)->cell);
  ip_free(*r);
  *r = NULL;
}

ip_status ip_records_rewind(ip_records *r)
{
  r->at = r->end = r->line = 0;
  return ip_bytes_rewind(r->in);
}

/* --- Lines */

static ip_status append(ip_records *r, const char *from, size_t n)
{
  IP_REQUIRE(n < LONGEST - r->length, IP_EFORMAT, "%s:%zu: the line is longer than 64 MiB; expected a text file",
             r->path, r->line);
  IP_REQUIRE(!memchr(from, 0, n), IP_EFORMAT, "%s:%zu: a zero byte; expected a text file", r->path, r->line);
  if (r->length + n + 1 > r->capacity) {
    size_t wider = 2 * (r->length + n + 1);
    char *grown = ip_grow(r->text, r->capacity, wider, 1, "a line of text");
    if (!grown) return IP_ENOMEM;
    r->text = grown;
    r->capacity = wider;
  }
  memcpy(r->text + r->length, from, n);
  for (const char *s = from; (s = memchr(s, '"', (size_t)(from + n - s))); s++) r->quote_is_open = !r->quote_is_open;
  r->length += n;
  r->text[r->length] = 0;
  return IP_OK;
}

/* Appends the next line, without its end, to the text; *more is false when there is none. */
static ip_status append_line(ip_records *r, bool *more)
{
  *more = false;
  r->line++;
  for (;;) {
    if (r->at == r->end) {
      r->at = 0;
      IP_TRY(ip_bytes_read(r->in, BLOCK, r->block, &r->end));
      if (r->end == 0) break;
    }
    *more = true;
    char *from = r->block + r->at, *newline = memchr(from, '\n', r->end - r->at);
    size_t n = newline ? (size_t)(newline - from) : r->end - r->at;
    IP_TRY(append(r, from, n));
    r->at += n + (newline != NULL);
    if (newline) break;
  }
  if (r->length && r->text[r->length - 1] == '\r') r->text[--r->length] = 0;
  return IP_OK;
}

/* --- Cells */

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static char find_separator(const char *text)
{
  const char *order = ",;\t";
  char found = ' ';
  bool quoted = false;
  for (const char *s = text; *s; s++) {
    if (*s == '"') quoted = !quoted;
    const char *at = quoted ? NULL : strchr(order, *s);
    if (at && (found == ' ' || at < strchr(order, found))) found = *at;
  }
  return found;
}

/* Takes the quotes off the cell at s, in place; returns what follows the closing one, or NULL when there is none. */
static char *unquote(char *s)
{
  char *to = s++;
  while (*s && (*s != '"' || s[1] == '"')) {
    if (*s == '"') s++; /* doubled */
    *to++ = *s++;
  }
  if (!*s) return NULL;
  *to = 0;
  return s + 1;
}

/* Cuts the cell at *s out of the text; *s moves behind its separator, or becomes NULL after the last cell. */
static ip_status cut_cell(const ip_records *r, size_t line, char **s, char **cell)
{
  char separator = r->separator, *begin = *s, *end;
  bool quoted;
  while (is_blank(*begin) && *begin != separator) begin++;
  *cell = begin;
  quoted = *begin == '"';
  if (quoted) {
    end = unquote(begin);
    IP_REQUIRE(end, IP_EFORMAT, "%s:%zu: a quote is opened and never closed", r->path, line);
    while (is_blank(*end) && *end != separator) end++;
    IP_REQUIRE(!*end || *end == separator, IP_EFORMAT,
               "%s:%zu: '%.20s' follows a closing quote; expected the end of the cell (double the quotes inside one)",
               r->path, line, end);
  } else {
    for (end = begin; *end && *end != separator;) end++; /* cells are short: a call of strchr costs more */
  }
  char *next = *end ? end + 1 : NULL;
  if (separator == ' ' && next) {
    while (is_blank(*next)) next++;
    if (!*next) next = NULL;
  }
  *s = next;
  while (!quoted && end > begin && is_blank(end[-1])) end--;
  if (!quoted) *end = 0;
  return IP_OK;
}

static ip_status cut_record(ip_records *r, size_t line, char *s, ip_record *record)
{
  while (s) {
    if (record->n == r->cell_capacity) {
      size_t wider = r->cell_capacity ? 2 * r->cell_capacity : 64;
      char **grown = ip_grow(r->cell, record->n, wider, sizeof *grown, "cells of a line");
      if (!grown) return IP_ENOMEM;
      r->cell = grown;
      r->cell_capacity = wider;
    }
    IP_TRY(cut_cell(r, line, &s, &r->cell[record->n++]));
  }
  record->cell = r->cell;
  return IP_OK;
}

ip_status ip_records_next(ip_records *r, ip_record *record)
{
  for (bool more = true; more;) {
    *record = (ip_record){.line = r->line + 1};
    r->length = 0;
    r->quote_is_open = false;
    IP_TRY(append_line(r, &more));
    char *s = r->text;
    if (!more || !s) continue;
    if (record->line == 1 && strncmp(s, "\xef\xbb\xbf", 3) == 0) s += 3; /* the mark some programs put before UTF-8 */
    while (*s == ' ') s++;
    if (!*s || *s == '#') continue;
    size_t skipped = (size_t)(s - r->text);
    while (r->quote_is_open) {
      IP_TRY(append(r, "\n", 1));
      IP_TRY(append_line(r, &more));
      IP_REQUIRE(more, IP_EFORMAT, "%s:%zu: a quote is opened and never closed", r->path, record->line);
    }
    s = r->text + skipped;
    if (!r->separator) r->separator = find_separator(s);
    return cut_record(r, record->line, s, record);
  }
  *record = (ip_record){.line = r->line};
  return IP_OK;
}
