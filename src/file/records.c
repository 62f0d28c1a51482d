#include "file/records.h"

#include "base/mem.h"
#include "file/bytes.h"

#include <math.h>
#include <string.h>

struct ip_records {
  char *path, *text;
  ip_cells *cells;
  ip_text_options opt;
  ip_text_format format;
  size_t first_line; /* of the first record */
};

ip_status ip_records_open(const char *path, const ip_text_options *opt, ip_records **out)
{
  ip_records *r;
  ip_status st;
  size_t n;
  *out = NULL;
  IP_TRY(IP_NEW(r, 1, "text file"));
  r->opt = *opt;
  IP_TRY_GOTO(st, IP_STRDUP(r->path, strcmp(path, "-") == 0 ? "standard input" : path), failed);
  IP_TRY_GOTO(st, ip_bytes_read_text(path, &n, &r->text), failed);
  IP_TRY_GOTO(st, ip_cells_create(r->path, n, r->text, &r->cells), failed);
  IP_TRY_GOTO(st, ip_text_format_find(opt, r->path, r->cells, &r->format), failed);
  *out = r;
  return IP_OK;
failed:
  ip_records_close(&r);
  return st;
}

void ip_records_close(ip_records **r)
{
  if (!*r) return;
  ip_cells_destroy(&(*r)->cells);
  ip_free((*r)->path);
  ip_free((*r)->text);
  ip_free(*r);
  *r = NULL;
}

const ip_text_format *ip_records_format(const ip_records *r)
{
  return &r->format;
}

const char *ip_records_path(const ip_records *r)
{
  return r->path;
}

void ip_records_rewind(ip_records *r)
{
  ip_cells_rewind(r->cells);
  r->first_line = 0;
}

ip_status ip_records_next(ip_records *r, ip_record *record)
{
  const ip_text_format *f = &r->format;
  IP_TRY(ip_cells_next(r->cells, f->separator, record));
  if (record->n == 0) return IP_OK;
  if (f->trailing && record->n == f->width + 1 && !*record->cell[f->width].text) record->n--;
  if (!r->first_line) r->first_line = record->line;
  IP_REQUIRE(record->n == f->width, IP_EFORMAT, "%s:%zu: got %zu cell%s, expected %zu as in line %zu", r->path,
             record->line, record->n, record->n == 1 ? "" : "s", f->width, r->first_line);
  return IP_OK;
}

/* An integer of up to six digits is most of what such files hold, and needs no strtod. */
static bool parse_small(const char *s, double *value)
{
  int v = 0, n = 0;
  for (; n < 6 && *s >= '0' && *s <= '9'; n++) v = 10 * v + (*s++ - '0');
  *value = v;
  return n > 0 && !*s;
}

ip_status ip_records_number(const ip_records *r, const ip_cell *cell, const char *where, double *value)
{
  if (parse_small(cell->text, value)) return IP_OK;
  IP_REQUIRE(*cell->text, IP_EFORMAT,
             "%s:%u:%u: %san empty cell; expected a number (remove or impute incomplete samples)", r->path, cell->line,
             cell->column, where);
  bool number = ip_text_number(r->format.decimal, cell->text, value);
  IP_REQUIRE((number && !isnan(*value)) || !ip_text_is_missing(cell->text), IP_EFORMAT,
             "%s:%u:%u: %sa missing value, '%s'; expected a finite number (remove or impute incomplete samples)",
             r->path, cell->line, cell->column, where, cell->text);
  IP_REQUIRE(number, IP_EFORMAT, "%s:%u:%u: %sexpected a number, got '%.40s'%s", r->path, cell->line, cell->column,
             where, cell->text, ip_text_advice(r->format.decimal, cell->text));
  IP_REQUIRE(isfinite(*value), IP_EFORMAT, "%s:%u:%u: %sexpected a finite number, got '%.40s'", r->path, cell->line,
             cell->column, where, cell->text);
  return IP_OK;
}

static const char *separator_text(char separator)
{
  switch (separator) {
  case ';':
    return "semicolons between cells";
  case '\t':
    return "tabs between cells";
  case '|':
    return "pipes between cells";
  case ' ':
    return "blanks between cells";
  default:
    return "commas between cells";
  }
}

ip_status ip_records_remark(const ip_records *r, char **text)
{
  const ip_text_format *f = &r->format;
  const char *part[4] = {0};
  int n = 0;
  if (r->opt.separator == IP_SEPARATOR_AUTO && f->separator != ',' && f->separator != IP_NO_SEPARATOR)
    part[n++] = separator_text(f->separator);
  if (r->opt.decimal == IP_DECIMAL_AUTO && f->decimal == ',') part[n++] = "decimal commas";
  if (r->opt.header == IP_HEADER_AUTO && f->header)
    part[n++] = f->numbered ? "a first line of names, some of them numbers" : "a first line of names";
  if (f->trailing) part[n++] = "nothing behind the last separator of each line";
  if (n == 0) return IP_STRDUP(*text, "");
  return IP_FORMAT(*text, "%s%s%s%s%s%s%s", part[0], n > 1 ? ", " : "", n > 1 ? part[1] : "", n > 2 ? ", " : "",
                   n > 2 ? part[2] : "", n > 3 ? ", " : "", n > 3 ? part[3] : "");
}
