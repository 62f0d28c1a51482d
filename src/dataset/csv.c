/* CSV and its relatives (records.h), also packed: one sample a line, one column of labels. The first line is a header
 * when none of its cells is a number. */
#include "base/text.h"
#include "dataset/reader.h"
#include "dataset/records.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

/* What a column is. All but INPUT and LABEL are known by the names that ip_dataset_write puts into its header. */
typedef enum { INPUT, LABEL, PROBABILITY, TARGET, SPLIT } role;

typedef struct {
  ip_records *in;
  size_t n_columns;
  role *role;  // (n_columns)
  char **name; // (n_columns) from the header, or NULL
} csv_state;

/* --- The header and what it says */

static bool is_header(const ip_record *r)
{
  for (size_t k = 0; k < r->n; k++) {
    double value;
    if (!*r->cell[k] || ip_parse_real(r->cell[k], &value)) return false;
  }
  return true;
}

static ip_status keep_names(csv_state *s, const ip_record *r)
{
  IP_TRY(IP_NEW(s->name, r->n, "names of columns"));
  for (size_t k = 0; k < r->n; k++) IP_TRY(IP_STRDUP(s->name[k], r->cell[k]));
  return IP_OK;
}

/* Whether the column is one "p(CLASS)". */
static bool names_class(const char *name)
{
  size_t n = strlen(name);
  return n >= 4 && strncmp(name, "p(", 2) == 0 && name[n - 1] == ')';
}

static role role_of(const char *name)
{
  if (names_class(name)) return PROBABILITY;
  if (strcmp(name, "split") == 0) return SPLIT;
  if (strncmp(name, "target", 6) == 0 && isdigit((unsigned char)name[6])) return TARGET;
  return INPUT;
}

/* The column of the labels: of that name, of that number, or the last. */
static ip_status find_label(const ip_part *part, const csv_state *s, size_t *column)
{
  const char *wanted = part->opt->label_column;
  int64_t number;
  *column = s->n_columns - 1;
  if (!wanted || !*wanted) return IP_OK;
  for (size_t k = 0; s->name && k < s->n_columns; k++)
    if (strcmp(s->name[k], wanted) == 0) {
      *column = k;
      return IP_OK;
    }
  bool is_number = ip_parse_int(wanted, &number);
  if (is_number && number >= 1 && (uint64_t)number <= s->n_columns) {
    *column = (size_t)number - 1;
    return IP_OK;
  }
  const char *near = s->name ? ip_text_nearest(wanted, s->n_columns, (const char *const *)s->name) : NULL;
  IP_FAIL(IP_ECONFIG, "%s: has no column '%s' for the labels%s%s%s; %s%zu columns", part->path, wanted,
          near ? " (did you mean " : "", near ? near : "", near ? "?)" : "",
          s->name ? "give a name of its first line or a number from 1: it has "
                  : "it has no header; give a number: it has ",
          s->n_columns);
}

static ip_status assign_roles(ip_part *part, csv_state *s)
{
  size_t label;
  IP_TRY(IP_NEW(s->role, s->n_columns, "roles of columns"));
  for (size_t k = 0; s->name && k < s->n_columns; k++) s->role[k] = role_of(s->name[k]);
  IP_TRY(find_label(part, s, &label));
  s->role[label] = LABEL;
  for (size_t k = 0; k < s->n_columns; k++) {
    part->n_in += s->role[k] == INPUT;
    part->n_classes += s->role[k] == PROBABILITY;
    part->n_targets += s->role[k] == TARGET;
    part->has_split |= s->role[k] == SPLIT;
  }
  part->has_soft = part->n_classes > 0;
  IP_REQUIRE(part->n_in > 0, IP_EFORMAT,
             "%s: has %zu column%s, none of them an input; expected inputs and a label, parted by commas", part->path,
             s->n_columns, s->n_columns == 1 ? "" : "s");
  return IP_OK;
}

/* --- First pass: columns and lines */

static ip_status check_width(const ip_part *part, const csv_state *s, const ip_record *r)
{
  IP_REQUIRE(r->n == s->n_columns, IP_EFORMAT, "%s:%zu: %zu cells where the first line has %zu; all lines need as many",
             part->path, r->line, r->n, s->n_columns);
  return IP_OK;
}

static ip_status open_csv(ip_part *part)
{
  csv_state *s;
  ip_record r;
  IP_TRY(IP_NEW(s, 1, "CSV file"));
  part->state = s;
  IP_TRY(ip_records_open(part->path, &s->in));
  IP_TRY(ip_records_next(s->in, &r));
  IP_REQUIRE(r.n > 0, IP_EFORMAT, "%s: holds no lines of cells; expected inputs and a label, parted by commas",
             part->path);
  s->n_columns = r.n;
  if (is_header(&r)) {
    IP_TRY(keep_names(s, &r));
    IP_TRY(ip_records_next(s->in, &r));
  }
  IP_TRY(assign_roles(part, s));
  for (; r.n > 0; part->n++) {
    IP_TRY(check_width(part, s, &r));
    IP_TRY(ip_records_next(s->in, &r));
  }
  IP_REQUIRE(part->n > 0, IP_EFORMAT, "%s: holds a header and no samples", part->path);
  return IP_OK;
}

/* --- Second pass: values */

/* A whole number of up to six digits is most of what such files hold, and needs no strtod. */
static bool parse_small(const char *s, float *value)
{
  int v = 0, n = 0;
  for (; n < 6 && *s >= '0' && *s <= '9'; n++) v = 10 * v + (*s++ - '0');
  *value = (float)v;
  return n > 0 && !*s;
}

static const char *column_name(const csv_state *s, size_t k, char room[static 32])
{
  snprintf(room, 32, "%zu", k + 1);
  return s->name ? s->name[k] : room;
}

static ip_status parse_number(const ip_part *part, const ip_record *r, size_t k, float *value)
{
  const csv_state *s = part->state;
  char room[32];
  double v;
  assert(value);
  if (parse_small(r->cell[k], value)) return IP_OK;
  IP_REQUIRE(*r->cell[k], IP_EFORMAT,
             "%s:%zu: column %s is empty; expected a number (drop samples with gaps, or fill them)", part->path,
             r->line, column_name(s, k, room));
  IP_REQUIRE(ip_parse_real(r->cell[k], &v), IP_EFORMAT, "%s:%zu: column %s: expected a number, got '%.40s'", part->path,
             r->line, column_name(s, k, room), r->cell[k]);
  *value = (float)v;
  IP_REQUIRE(isfinite(*value), IP_EFORMAT, "%s:%zu: column %s: expected a finite number below 3.4e38, got '%.40s'",
             part->path, r->line, column_name(s, k, room), r->cell[k]);
  return IP_OK;
}

static ip_status parse_label(const ip_part *part, const ip_record *r, size_t k, ip_label_pool *pool, int32_t *y)
{
  ip_status st = ip_label_pool_add(pool, r->cell[k], y);
  if (st != IP_OK) ip_error_prefix("%s:%zu", part->path, r->line);
  IP_TRY(st);
  IP_REQUIRE(part->n_classes == 0 || (size_t)*y < part->n_classes, IP_EFORMAT,
             "%s:%zu: the label '%.40s' is none of the classes that the columns p(...) name", part->path, r->line,
             r->cell[k]);
  return IP_OK;
}

static ip_status parse_split(const ip_part *part, const ip_record *r, size_t k, uint8_t *split)
{
  bool test = strcmp(r->cell[k], "test") == 0;
  IP_REQUIRE(test || strcmp(r->cell[k], "train") == 0, IP_EFORMAT,
             "%s:%zu: column split: expected train or test, got '%.40s'; give an input another name", part->path,
             r->line, r->cell[k]);
  *split = test ? IP_SPLIT_TEST : IP_SPLIT_TRAIN;
  return IP_OK;
}

static ip_status read_row(const ip_part *part, const ip_record *r, size_t row, ip_label_pool *pool, ip_dataset *ds)
{
  const csv_state *s = part->state;
  float *x = ds->x + row * ds->n_in, *target = ds->targets ? ds->targets + row * ds->n_targets : NULL;
  float *p = ds->p_y_given_x ? ds->p_y_given_x + row * part->n_classes : NULL;
  for (size_t k = 0; k < r->n; k++) switch (s->role[k]) {
    case INPUT:
      IP_TRY(parse_number(part, r, k, x++));
      break;
    case PROBABILITY:
      IP_TRY(parse_number(part, r, k, p++));
      break;
    case TARGET:
      IP_TRY(parse_number(part, r, k, target++));
      break;
    case LABEL:
      IP_TRY(parse_label(part, r, k, pool, &ds->y[row]));
      break;
    case SPLIT:
      if (ds->split) IP_TRY(parse_split(part, r, k, &ds->split[row]));
    }
  return IP_OK;
}

/* The classes that columns p(CLASS) name, in their order. */
static ip_status add_classes(const ip_part *part, ip_label_pool *pool)
{
  const csv_state *s = part->state;
  int32_t next = 0, id;
  for (size_t k = 0; k < s->n_columns; k++) {
    char *text;
    if (s->role[k] != PROBABILITY) continue;
    IP_TRY(IP_STRDUP(text, s->name[k] + 2));
    text[strlen(text) - 1] = 0;
    ip_status st = ip_label_pool_add(pool, text, &id);
    ip_free(text);
    IP_TRY(st);
    IP_REQUIRE(id == next++, IP_EFORMAT,
               "%s: column %zu, %s: each class needs one such column, in the same order in all files", part->path,
               k + 1, s->name[k]);
  }
  return IP_OK;
}

static ip_status read_csv(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  csv_state *s = part->state;
  ip_record r;
  IP_TRY(add_classes(part, pool));
  IP_TRY(ip_records_rewind(s->in));
  if (s->name) IP_TRY(ip_records_next(s->in, &r));
  for (size_t i = 0; i < part->n; i++) {
    IP_TRY(ip_records_next(s->in, &r));
    IP_TRY(check_width(part, s, &r)); /* again: the file may have changed meanwhile */
    IP_TRY(read_row(part, &r, first + i, pool, ds));
  }
  return IP_OK;
}

static void close_csv(ip_part *part)
{
  csv_state *s = part->state;
  if (!s) return;
  ip_records_close(&s->in);
  for (size_t k = 0; s->name && k < s->n_columns; k++) ip_free(s->name[k]);
  ip_free(s->name);
  ip_free(s->role);
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_csv = {.format = "CSV", .open = open_csv, .read = read_csv, .close = close_csv};
