#include "file/cells.h"

#include "base/mem.h"

#include <string.h>

struct ip_cells {
  char *path;
  const char *text, *end; // text .. end - 1
  const char *at, *line_begin;
  uint32_t line; /* of `at` */
  ip_cell *cell; // (cell_capacity)
  size_t n_cells, cell_capacity;
  char *room; // (room_capacity) the texts of the current record's cells
  size_t used, room_capacity;
};

static ip_status check_bytes(const char *path, size_t n, const char *text)
{
  IP_REQUIRE(n < 2 || (memcmp(text, "\xff\xfe", 2) != 0 && memcmp(text, "\xfe\xff", 2) != 0), IP_EFORMAT,
             "%s: UTF-16 text, expected UTF-8; convert it: iconv -f UTF-16 -t UTF-8", path);
  const char *zero = memchr(text, 0, n), *begin = text;
  if (!zero) return IP_OK;
  size_t line = 1;
  for (const char *s = text; s < zero; s++)
    if (*s == '\n' || (*s == '\r' && s[1] != '\n')) {
      line++;
      begin = s + 1;
    }
  IP_FAIL(IP_EFORMAT, "%s:%zu:%zu: a zero byte; expected a text file", path, line, (size_t)(zero - begin) + 1);
}

ip_status ip_cells_create(const char *path, size_t n, const char *text, ip_cells **out)
{
  ip_cells *c;
  *out = NULL;
  IP_TRY(check_bytes(path, n, text));
  IP_TRY(IP_NEW(c, 1, "cells of a text"));
  c->text = text;
  c->end = text + n;
  ip_cells_rewind(c);
  *out = c;
  ip_status st = IP_STRDUP(c->path, path);
  if (st != IP_OK) ip_cells_destroy(out);
  return st;
}

void ip_cells_destroy(ip_cells **c)
{
  if (!*c) return;
  ip_free((*c)->path);
  ip_free((*c)->cell);
  ip_free((*c)->room);
  ip_free(*c);
  *c = NULL;
}

void ip_cells_rewind(ip_cells *c)
{
  bool mark = c->end - c->text >= 3 && memcmp(c->text, "\xef\xbb\xbf", 3) == 0; /* some programs put it before UTF-8 */
  c->at = c->line_begin = c->text + (mark ? 3 : 0);
  c->line = 1;
}

static bool ends_line(const ip_cells *c)
{
  return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

static bool is_blank(const ip_cells *c)
{
  return c->at < c->end && (*c->at == ' ' || *c->at == '\t');
}

/* Moves behind the end of a line. */
static void next_line(ip_cells *c)
{
  if (c->at == c->end) return;
  bool two = *c->at == '\r' && c->end - c->at > 1 && c->at[1] == '\n';
  c->at += two ? 2 : 1;
  c->line_begin = c->at;
  c->line++;
}

/* Appends a cell without text. */
static ip_status begin_cell(ip_cells *c)
{
  if (c->n_cells == c->cell_capacity) {
    size_t wider = c->cell_capacity ? 2 * c->cell_capacity : 64;
    ip_cell *grown = ip_grow(c->cell, c->n_cells, wider, sizeof *grown, "cells of a line");
    if (!grown) return IP_ENOMEM;
    c->cell = grown;
    c->cell_capacity = wider;
  }
  c->cell[c->n_cells++] = (ip_cell){.line = c->line, .column = (uint32_t)(c->at - c->line_begin) + 1};
  return IP_OK;
}

static ip_status append(ip_cells *c, const char *from, size_t n)
{
  if (c->used + n > c->room_capacity) {
    size_t wider = 2 * (c->used + n) + 256;
    char *grown = ip_grow(c->room, c->used, wider, 1, "a line of text");
    if (!grown) return IP_ENOMEM;
    c->room = grown;
    c->room_capacity = wider;
  }
  if (n == 0) return IP_OK;
  memcpy(c->room + c->used, from, n);
  c->used += n;
  return IP_OK;
}

/* A quoted cell; line breaks in it become LF. */
static ip_status cut_quoted(ip_cells *c, char separator)
{
  ip_cell *cell = &c->cell[c->n_cells - 1];
  uint32_t line = cell->line, column = cell->column;
  cell->quoted = true;
  for (c->at++;;) {
    IP_REQUIRE(c->at < c->end, IP_EFORMAT, "%s:%u:%u: a quote is opened and never closed", c->path, line, column);
    if (*c->at == '"') {
      c->at++;
      if (c->at == c->end || *c->at != '"') break;
    }
    if (ends_line(c)) {
      IP_TRY(append(c, "\n", 1));
      next_line(c);
    } else {
      IP_TRY(append(c, c->at++, 1));
    }
  }
  const char *behind = c->at;
  while (is_blank(c) && *c->at != separator) c->at++;
  bool ended = ends_line(c) || *c->at == separator || (separator == ' ' && c->at > behind);
  if (ended) return IP_OK;
  int rest = 0;
  while (rest < 20 && c->at + rest < c->end && c->at[rest] != '\n' && c->at[rest] != '\r') rest++;
  IP_FAIL(IP_EFORMAT,
          "%s:%u:%zu: '%.*s' follows a closing quote; expected the end of the cell (double the quotes inside one)",
          c->path, c->line, (size_t)(c->at - c->line_begin) + 1, rest, c->at);
}

static ip_status cut_plain(ip_cells *c, char separator)
{
  const char *begin = c->at;
  if (separator == ' ')
    while (!ends_line(c) && !is_blank(c)) c->at++;
  else
    while (!ends_line(c) && *c->at != separator) c->at++;
  const char *end = c->at;
  while (end > begin && (end[-1] == ' ' || end[-1] == '\t')) end--;
  return append(c, begin, (size_t)(end - begin));
}

/* Cuts one cell and its separator; *more is whether another one follows. */
static ip_status cut_cell(ip_cells *c, char separator, bool *more)
{
  while (is_blank(c) && *c->at != separator) c->at++;
  IP_TRY(begin_cell(c));
  if (c->at < c->end && *c->at == '"')
    IP_TRY(cut_quoted(c, separator));
  else
    IP_TRY(cut_plain(c, separator));
  IP_TRY(append(c, "", 1));
  if (separator == ' ') {
    while (is_blank(c)) c->at++;
    *more = !ends_line(c);
  } else {
    *more = !ends_line(c) && *c->at == separator;
    if (*more) c->at++;
  }
  return IP_OK;
}

/* Moves to the first character of the next record; false at the end. */
static bool find_record(ip_cells *c, char separator)
{
  for (; c->at < c->end; next_line(c)) {
    const char *begin = c->at;
    while (is_blank(c)) c->at++;
    if (!ends_line(c) && *c->at != '#') {
      if (separator != ' ') c->at = begin; /* a tab may be a separator in front of the first cell */
      return true;
    }
    while (!ends_line(c)) c->at++;
  }
  return false;
}

ip_status ip_cells_next(ip_cells *c, char separator, ip_record *record)
{
  *record = (ip_record){.line = c->line};
  c->n_cells = c->used = 0;
  bool more = find_record(c, separator);
  record->line = c->line;
  if (!more) return IP_OK;
  while (more) IP_TRY(cut_cell(c, separator, &more));
  next_line(c);
  char *text = c->room;
  for (size_t k = 0; k < c->n_cells; k++) {
    c->cell[k].text = text;
    text += strlen(text) + 1;
  }
  record->n = c->n_cells;
  record->cell = c->cell;
  return IP_OK;
}
