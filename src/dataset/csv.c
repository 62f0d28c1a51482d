/* CSV and its relatives (records.h), also packed: one sample a line, columns as columns.h assigns them. */
#include "dataset/columns.h"
#include "dataset/reader.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct {
  ip_records *in;
  ip_columns *columns;
} csv_state;

/* --- First pass: columns and lines */

static ip_status find_columns(ip_part *part, csv_state *s)
{
  ip_record r;
  bool header = ip_records_format(s->in)->header;
  IP_TRY(ip_records_next(s->in, &r));
  IP_REQUIRE(r.n > 0, IP_EFORMAT, "%s: contains no lines of cells; expected inputs and a label, separated by commas",
             part->path);
  if (part->first)
    return ip_columns_match(part->path, ((csv_state *)part->first->state)->columns, part->first->path, &r, header,
                            &s->columns);
  return ip_columns_create(part->path, part->opt, &r, header, &s->columns);
}

static ip_status count_rows(ip_part *part, csv_state *s)
{
  ip_record r;
  ip_records_rewind(s->in);
  if (s->columns->name) IP_TRY(ip_records_next(s->in, &r));
  for (;; part->n++) {
    IP_TRY(ip_records_next(s->in, &r));
    if (r.n == 0) break;
  }
  IP_REQUIRE(part->n > 0, IP_EFORMAT, "%s: contains a header but no samples", part->path);
  return IP_OK;
}

static ip_status make_remark(ip_part *part, const csv_state *s)
{
  char *format = NULL, *columns = NULL;
  ip_status st = ip_records_remark(s->in, &format);
  if (st == IP_OK) st = ip_columns_remark(s->columns, part->opt, &columns);
  const char *c = columns ? columns : "";
  if (st == IP_OK && format && !*format && *c) c += 2; /* its ", " */
  if (st == IP_OK && (*format || *c)) st = IP_FORMAT(part->remark, "%s: read as: %s%s", part->path, format, c);
  ip_free(format);
  ip_free(columns);
  return st;
}

static ip_status open_csv(ip_part *part)
{
  csv_state *s;
  IP_TRY(IP_NEW(s, 1, "CSV file"));
  part->state = s;
  IP_TRY(ip_records_open(part->path, &part->opt->text, &s->in));
  IP_TRY(find_columns(part, s));
  IP_TRY(count_rows(part, s));
  const size_t *n_of = s->columns->n_of;
  part->n_in = n_of[IP_COLUMN_INPUT];
  part->n_classes = n_of[IP_COLUMN_PROBABILITY];
  part->n_targets = n_of[IP_COLUMN_TARGET];
  part->has_split = n_of[IP_COLUMN_SPLIT] > 0;
  part->has_soft = part->n_classes > 0;
  return part->first ? IP_OK : make_remark(part, s);
}

/* --- Second pass: values */

static ip_status parse_real(const csv_state *s, const ip_record *r, size_t k, double *value)
{
  char where[80], room[32];
  snprintf(where, sizeof where, "column %.60s: ", ip_columns_text(s->columns, k, room));
  return ip_records_number(s->in, &r->cell[k], where, value);
}

static ip_status fail_range(const ip_part *part, const ip_record *r, size_t k)
{
  const csv_state *s = part->state;
  char room[32];
  IP_FAIL(IP_EFORMAT, "%s:%u:%u: column %s: expected a finite number below 3.4e38, got '%.40s'", part->path,
          r->cell[k].line, r->cell[k].column, ip_columns_text(s->columns, k, room), r->cell[k].text);
}

static ip_status parse_input(const ip_part *part, const ip_record *r, size_t k, size_t at, ip_dataset *ds)
{
  double value = 0;
  IP_TRY(parse_real(part->state, r, k, &value));
  if (!ip_source_fits(part->opt, value)) return fail_range(part, r, k);
  return ip_source_store(ds, at, value);
}

static ip_status parse_float(const ip_part *part, const ip_record *r, size_t k, float *to)
{
  double value = 0;
  IP_TRY(parse_real(part->state, r, k, &value));
  if (fabs(value) > (double)FLT_MAX) return fail_range(part, r, k);
  *to = (float)value;
  return IP_OK;
}

static ip_status fail_fraction(const ip_part *part, const ip_cell *cell, size_t k)
{
  char room[32];
  const char *column = ip_columns_text(((const csv_state *)part->state)->columns, k, room);
  IP_FAIL(
      IP_EFORMAT,
      "%s:%u:%u: the label is %.40s, expected a class: a whole number or a word; if column %.60s has the targets of a "
      "regression, set target_columns to it; if its numbers are classes, put them in quotes",
      part->path, cell->line, cell->column, cell->text, column);
}

static ip_status parse_label(const ip_part *part, const ip_record *r, size_t k, ip_label_pool *pool, int32_t *y)
{
  const csv_state *s = part->state;
  const ip_cell *cell = &r->cell[k];
  double value;
  bool missing = *cell->text && !cell->quoted && ip_text_is_missing(cell->text);
  IP_REQUIRE(
      !missing, IP_EFORMAT,
      "%s:%u:%u: the label is %s, a missing value; expected a class (remove the sample, or quote a class of this "
      "name)",
      part->path, cell->line, cell->column, cell->text);
  bool number = ip_text_number(ip_records_format(s->in)->decimal, cell->text, &value);
  if (number && !cell->quoted && isfinite(value) && value != floor(value) && part->n_classes == 0)
    return fail_fraction(part, cell, k);
  ip_status st = !number                            ? ip_label_pool_add(pool, cell->text, y)
                 : cell->quoted && !isfinite(value) ? ip_label_pool_add_word(pool, cell->text, y)
                                                    : ip_label_pool_add_number(pool, value, y);
  if (st != IP_OK) ip_error_prefix("%s:%u:%u", part->path, cell->line, cell->column);
  IP_TRY(st);
  IP_REQUIRE(part->n_classes == 0 || (size_t)*y < part->n_classes, IP_EFORMAT,
             "%s:%u:%u: the label '%.40s' is none of the classes that the columns p(...) name", part->path, cell->line,
             cell->column, cell->text);
  return IP_OK;
}

static ip_status parse_split(const ip_part *part, const ip_record *r, size_t k, uint8_t *split)
{
  const ip_cell *cell = &r->cell[k];
  bool test = strcmp(cell->text, "test") == 0;
  IP_REQUIRE(
      test || strcmp(cell->text, "train") == 0, IP_EFORMAT,
      "%s:%u:%u: column split: expected train or test, got '%.40s'; if it is an input, set named_columns to false",
      part->path, cell->line, cell->column, cell->text);
  *split = test ? IP_SPLIT_TEST : IP_SPLIT_TRAIN;
  return IP_OK;
}

static ip_status read_cell(const ip_part *part, const ip_record *r, size_t k, size_t row, ip_label_pool *pool,
                           ip_dataset *ds)
{
  const ip_columns *c = ((const csv_state *)part->state)->columns;
  size_t place = c->place[k];
  switch (c->role[k]) {
  case IP_COLUMN_INPUT:
    return parse_input(part, r, k, row * ds->n_in + place, ds);
  case IP_COLUMN_PROBABILITY:
    return parse_float(part, r, k, ds->p_y_given_x + row * part->n_classes + place);
  case IP_COLUMN_TARGET:
    return parse_float(part, r, k, ds->targets + row * ds->n_targets + place);
  case IP_COLUMN_LABEL:
    return parse_label(part, r, k, pool, &ds->y[row]);
  case IP_COLUMN_SPLIT:
    return ds->split ? parse_split(part, r, k, &ds->split[row]) : IP_OK;
  case IP_COLUMN_INDEX:
    break;
  }
  return IP_OK;
}

/* The classes that columns p(CLASS) name, in the order of the training file. */
static ip_status add_classes(const ip_part *part, ip_label_pool *pool)
{
  const ip_part *first = part->first ? part->first : part;
  const ip_columns *c = ((const csv_state *)first->state)->columns;
  int32_t next = 0, id;
  for (size_t k = 0; k < c->n; k++) {
    char *text;
    if (c->role[k] != IP_COLUMN_PROBABILITY) continue;
    IP_TRY(IP_STRDUP(text, c->name[k] + 2));
    text[strlen(text) - 1] = 0;
    ip_status st = ip_label_pool_add(pool, text, &id);
    ip_free(text);
    IP_TRY(st);
    IP_REQUIRE(id == next++, IP_EFORMAT, "%s: column %zu, %s: each class needs one such column", part->path, k + 1,
               c->name[k]);
  }
  return IP_OK;
}

/* Labels of files without a column of them: the most probable class, or the one class of a regression. */
static ip_status derive_labels(const ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  int32_t only = 0;
  if (!part->has_soft) IP_TRY(ip_label_pool_add_number(pool, 0, &only));
  for (size_t r = first; r < first + part->n; r++)
    ds->y[r] = part->has_soft ? ip_labels_most_probable(part->n_classes, ds->p_y_given_x + r * part->n_classes) : only;
  return IP_OK;
}

static ip_status read_csv(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  csv_state *s = part->state;
  ip_record r;
  IP_TRY(add_classes(part, pool));
  ip_records_rewind(s->in);
  if (s->columns->name) IP_TRY(ip_records_next(s->in, &r));
  for (size_t i = 0; i < part->n; i++) {
    IP_TRY(ip_records_next(s->in, &r));
    for (size_t k = 0; k < r.n; k++) IP_TRY(read_cell(part, &r, k, first + i, pool, ds));
  }
  return s->columns->n_of[IP_COLUMN_LABEL] > 0 ? IP_OK : derive_labels(part, first, pool, ds);
}

static void close_csv(ip_part *part)
{
  csv_state *s = part->state;
  if (!s) return;
  ip_records_close(&s->in);
  ip_columns_destroy(&s->columns);
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_csv = {.format = "CSV", .open = open_csv, .read = read_csv, .close = close_csv};
