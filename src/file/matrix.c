#include "file/matrix.h"

#include "base/mem.h"
#include "base/text.h"
#include "info/discrete.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 40 }; /* characters of a wrong cell that a message shows */

typedef struct {
  FILE *in;
  const char *path;
  char *text; /* the current line without its end */
  size_t length, capacity;
  uint32_t line;
} reader;

typedef struct {
  char separator;     /* ',', ';', '\t' or ' ' for any run of blanks; 0 until the first line tells */
  size_t cells, rows; /* filled so far */
  size_t cell_cap, row_cap;
} progress;

/* Reads one line of any length. *more is false at the end of the file. */
static ip_status next_line(reader *r, bool *more)
{
  int c = getc(r->in);
  *more = c != EOF;
  r->length = 0;
  r->line++;
  for (; c != EOF && c != '\n'; c = getc(r->in)) {
    IP_REQUIRE(c != 0, IP_EFORMAT, "%s:%u:%zu: a zero byte; expected a text file of numbers", r->path, r->line,
               r->length + 1);
    if (r->length + 1 >= r->capacity) {
      size_t wider = r->capacity ? 2 * r->capacity : 256;
      char *grown = ip_grow(r->text, r->capacity, wider, 1, "a line of text");
      if (!grown) return IP_ENOMEM;
      r->text = grown;
      r->capacity = wider;
    }
    r->text[r->length++] = (char)c;
  }
  IP_REQUIRE(!ferror(r->in), IP_EIO, "%s: cannot be read: %s", r->path, strerror(errno));
  if (r->length && r->text[r->length - 1] == '\r') r->length--;
  if (r->text) r->text[r->length] = 0;
  return IP_OK;
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static bool is_separator(char separator, char c)
{
  return separator == ' ' ? is_blank(c) : c == separator;
}

static char find_separator(const char *s)
{
  return strchr(s, ',') ? ',' : strchr(s, ';') ? ';' : strchr(s, '\t') ? '\t' : ' ';
}

/* Cuts the next cell out of *s: its first character, its length without blanks around it; *s moves behind its
 * separator, or becomes NULL after the last cell. */
static const char *cut_cell(char separator, const char **s, size_t *length)
{
  const char *begin = *s;
  while (is_blank(*begin) && (separator == ' ' || !is_separator(separator, *begin))) begin++;
  const char *end = begin;
  while (*end && !is_separator(separator, *end)) end++;
  const char *next = end;
  if (separator == ' ')
    while (is_blank(*next)) next++;
  *s = *next ? next + (separator != ' ') : NULL;
  while (end > begin && is_blank(end[-1])) end--;
  *length = (size_t)(end - begin);
  return begin;
}

static bool parse_cell(const char *begin, size_t length, double *value)
{
  char word[64];
  if (length >= sizeof word) return false;
  memcpy(word, begin, length);
  word[length] = 0;
  return ip_parse_real(word, value);
}

static bool is_header(char separator, const char *s)
{
  while (s) {
    size_t length;
    double value;
    const char *begin = cut_cell(separator, &s, &length);
    if (length == 0 || parse_cell(begin, length, &value)) return false;
  }
  return true;
}

static ip_status reserve_cell(ip_matrix *m, progress *p)
{
  if (p->cells < p->cell_cap) return IP_OK;
  size_t wider = p->cell_cap ? 2 * p->cell_cap : 64;
  double *cell = ip_grow(m->cell, p->cells, wider, sizeof *cell, "cells of a table");
  if (!cell) return IP_ENOMEM;
  m->cell = cell;
  uint32_t *column = ip_grow(m->column, p->cells, wider, sizeof *column, "places of cells");
  if (!column) return IP_ENOMEM;
  m->column = column;
  p->cell_cap = wider;
  return IP_OK;
}

static ip_status reserve_row(ip_matrix *m, progress *p)
{
  if (p->rows < p->row_cap) return IP_OK;
  size_t wider = p->row_cap ? 2 * p->row_cap : 64;
  uint32_t *line = ip_grow(m->line, p->rows, wider, sizeof *line, "lines of a table");
  if (!line) return IP_ENOMEM;
  m->line = line;
  p->row_cap = wider;
  return IP_OK;
}

static ip_status read_row(const reader *r, const char *s, ip_matrix *m, progress *p)
{
  size_t in_row = 0;
  IP_TRY(reserve_row(m, p));
  while (s) {
    size_t length;
    double value;
    const char *begin = cut_cell(p->separator, &s, &length);
    unsigned column = (unsigned)(begin - r->text) + 1;
    int shown = length < SHOWN ? (int)length : SHOWN;
    IP_REQUIRE(length > 0, IP_EFORMAT, "%s:%u:%u: an empty cell; expected a number", r->path, r->line, column);
    IP_REQUIRE(parse_cell(begin, length, &value), IP_EFORMAT, "%s:%u:%u: expected a number, got '%.*s'", r->path,
               r->line, column, shown, begin);
    IP_REQUIRE(isfinite(value), IP_EFORMAT, "%s:%u:%u: expected a finite number, got '%.*s'", r->path, r->line, column,
               shown, begin);
    IP_TRY(reserve_cell(m, p));
    m->cell[p->cells] = value;
    m->column[p->cells++] = column;
    in_row++;
  }
  if (p->rows == 0) m->n_cols = in_row;
  IP_REQUIRE(in_row == m->n_cols, IP_EFORMAT, "%s:%u:1: %zu cells where line %u has %zu; all lines need as many",
             r->path, r->line, in_row, m->line[0], m->n_cols);
  m->line[p->rows++] = r->line;
  return IP_OK;
}

static ip_status read_rows(reader *r, ip_matrix *m)
{
  progress p = {0};
  for (bool more = true;;) {
    IP_TRY(next_line(r, &more));
    if (!more) break;
    const char *s = r->text ? r->text : "";
    if (r->line == 1 && strncmp(s, "\xef\xbb\xbf", 3) == 0) s += 3; /* the mark some programs put before UTF-8 */
    while (is_blank(*s)) s++;
    if (*s == 0 || *s == '#') continue;
    bool first = p.separator == 0;
    if (first) p.separator = find_separator(s);
    if (first && is_header(p.separator, s)) continue;
    IP_TRY(read_row(r, s, m, &p));
  }
  m->n_rows = p.rows;
  IP_REQUIRE(p.rows > 0, IP_EFORMAT, "%s: holds no numbers; expected a table of comma-separated numbers", r->path);
  return IP_OK;
}

ip_status ip_matrix_read(const char *path, ip_matrix **out)
{
  *out = NULL;
  bool standard_input = strcmp(path, "-") == 0;
  reader r = {.path = standard_input ? "standard input" : path};
  ip_matrix *m = NULL;
  ip_status st;
  IP_TRY_GOTO(st, IP_NEW(m, 1, "table of numbers"), done);
  IP_TRY_GOTO(st, IP_STRDUP(m->path, r.path), done);
  r.in = standard_input ? stdin : fopen(path, "r");
  if (!r.in) {
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EIO, "%s: cannot be opened: %s", path, strerror(errno));
    goto done;
  }
  IP_TRY_GOTO(st, read_rows(&r, m), done);
  *out = m;
  m = NULL;
done:
  if (r.in && !standard_input) fclose(r.in);
  ip_free(r.text);
  ip_matrix_destroy(&m);
  return st;
}

void ip_matrix_destroy(ip_matrix **m)
{
  if (!*m) return;
  ip_free((*m)->path);
  ip_free((*m)->cell);
  ip_free((*m)->line);
  ip_free((*m)->column);
  ip_free(*m);
  *m = NULL;
}

ip_status ip_matrix_check_distribution(const ip_matrix *m, size_t first_row, size_t n_rows)
{
  size_t cell, first = first_row * m->n_cols;
  double sum;
  switch (ip_distribution_fault(n_rows * m->n_cols, m->cell + first, IP_SUM_TOLERANCE, &cell, &sum)) {
  case IP_CELL_NOT_FINITE: /* the reader lets none through */
  case IP_CELL_NEGATIVE:
    IP_FAIL(IP_EINVAL, "%s:%u:%u: %g is no probability; expected numbers from 0 to 1", m->path,
            m->line[(first + cell) / m->n_cols], m->column[first + cell], m->cell[first + cell]);
  case IP_CELL_SUM:
    IP_FAIL(IP_EINVAL, "%s:%u:%u: the %zu cells from here sum to %.9g; a distribution sums to 1 (within %g)", m->path,
            m->line[first_row], m->column[first], n_rows * m->n_cols, sum, IP_SUM_TOLERANCE);
  case IP_CELL_FINE:
    break;
  }
  return IP_OK;
}
