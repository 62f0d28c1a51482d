#include "file/text_format.h"

#include "base/mem.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* In the order of preference and of ip_separator. */
static const char separators[] = {',', ';', '\t', '|', ' '};
enum { N_SEPARATORS = sizeof separators, JUDGED = 2000 /* records that judge which separator gives numbers */ };

const char *const *ip_separator_names(void)
{
  static const char *const names[] = {"auto", "comma", "semicolon", "tab", "pipe", "blank", NULL};
  return names;
}

const char *const *ip_decimal_names(void)
{
  static const char *const names[] = {"auto", "point", "comma", NULL};
  return names;
}

const char *const *ip_header_names(void)
{
  static const char *const names[] = {"auto", "yes", "no", NULL};
  return names;
}

static bool is_number(const char *text)
{
  double value;
  return ip_text_number('.', text, &value) || ip_text_number(',', text, &value);
}

/* --- The separator */

/* What one separator makes of the text. */
typedef struct {
  bool whole;                        /* all of it could be cut */
  size_t n, first, width;            /* records, cells of the first one, of the second one */
  size_t n_equal;                    /* records as wide as the first one */
  bool even;                         /* all behind the first have `width` cells */
  bool first_is_open, rest_are_open; /* the last cell is empty: of the first record, of all others */
  bool first_has_number;
  size_t n_cells, score; /* in the first JUDGED records; of a cell: 2 a number, 1 a word, 0 it holds separators */
} cut;

static void add_record(cut *c, const ip_record *r)
{
  bool open = r->n > 1 && !*r->cell[r->n - 1].text && !r->cell[r->n - 1].quoted;
  bool has_number = false;
  for (size_t k = 0; k < r->n && c->n < JUDGED; k++) {
    bool number = is_number(r->cell[k].text);
    has_number = has_number || number;
    c->score += number ? 2 : r->cell[k].quoted || !r->cell[k].text[strcspn(r->cell[k].text, ",;\t|")] ? 1 : 0;
    c->n_cells++;
  }
  if (c->n == 0) {
    c->first = r->n;
    c->first_is_open = open;
    c->first_has_number = has_number;
  } else {
    if (c->n == 1) c->width = r->n;
    c->even = c->even && r->n == c->width;
    c->rest_are_open = c->rest_are_open && open;
  }
  c->n_equal += r->n == c->first;
  c->n++;
}

static ip_status try_separator(ip_cells *cells, char separator, cut *c)
{
  *c = (cut){.even = true, .rest_are_open = true};
  ip_cells_rewind(cells);
  for (;;) {
    ip_record r;
    ip_status st = ip_cells_next(cells, separator, &r);
    if (st == IP_EFORMAT) {
      ip_error_clear();
      return IP_OK;
    }
    IP_TRY(st);
    if (r.n == 0) break;
    add_record(c, &r);
  }
  c->whole = true;
  if (c->n == 1) c->width = c->first;
  return IP_OK;
}

/* Every line ends with a separator; a header, which has names alone, may do without. */
static bool is_trailing(const cut *c)
{
  if (c->n == 1) return c->first_is_open && c->first > 2;
  if (!c->even || !c->rest_are_open) return false;
  return c->first == c->width ? c->first_is_open : c->first + 1 == c->width && !c->first_has_number;
}

static bool explains(const cut *c)
{
  return c->whole && c->even && (c->first == c->width || is_trailing(c)) && c->first > 1;
}

/* The text has this separator in names of the first line at most. */
static bool only_in_header(const cut *c)
{
  return c->whole && c->n > 1 && c->even && c->width == 1 && !c->first_has_number;
}

static bool is_better(const cut *a, const cut *b)
{
  if (explains(a) != explains(b)) return explains(a);
  if (!explains(a)) return a->n_equal > 2 * b->n_equal; /* lines of different lengths: that of most of them */
  return (double)a->score * (double)b->n_cells > (double)b->score * (double)a->n_cells;
}

static ip_status find_separator(const ip_text_options *opt, ip_cells *cells, ip_text_format *f)
{
  int wanted = opt->separator;
  cut best = {0};
  f->separator = IP_NO_SEPARATOR;
  for (int i = 0; i < N_SEPARATORS; i++) {
    cut c;
    if (wanted != IP_SEPARATOR_AUTO && wanted != i + 1) continue;
    IP_TRY(try_separator(cells, separators[i], &c));
    bool used = wanted != IP_SEPARATOR_AUTO || (c.first > 1 && !only_in_header(&c)) || !c.whole;
    if (!used || (f->separator != IP_NO_SEPARATOR && !is_better(&c, &best))) continue;
    best = c;
    f->separator = separators[i];
  }
  if (f->separator == IP_NO_SEPARATOR) IP_TRY(try_separator(cells, IP_NO_SEPARATOR, &best));
  f->trailing = f->separator != ' ' && best.whole && is_trailing(&best);
  f->width = best.first - (f->trailing && best.first_is_open);
  return IP_OK;
}

/* --- The decimal sign */

static ip_status find_decimal(const ip_text_options *opt, const char *path, ip_cells *cells, ip_text_format *f)
{
  size_t n_commas = 0, n_doubtful = 0;
  ip_cell doubtful = {0};
  char shown[32] = "";
  f->decimal = opt->decimal == IP_DECIMAL_COMMA ? ',' : '.';
  if (opt->decimal != IP_DECIMAL_AUTO) return IP_OK;
  ip_cells_rewind(cells);
  for (ip_record r;;) {
    double v;
    ip_status st = ip_cells_next(cells, f->separator, &r);
    if (st != IP_OK || r.n == 0) {
      if (st == IP_EFORMAT) ip_error_clear(); /* reading the records reports it */
      break;
    }
    for (size_t k = 0; k < r.n; k++) {
      const char *text = r.cell[k].text, *comma = strchr(text, ',');
      if (!comma && strchr(text, '.') && ip_text_number('.', text, &v)) return IP_OK;
      if (!comma || !ip_text_number(',', text, &v)) continue;
      const char *digits = text + strspn(text, "+-");
      bool thousand = comma - digits >= 1 && comma - digits <= 3 && *digits != '0' && strlen(comma) == 4 &&
                      strspn(comma + 1, "0123456789") == 3;
      n_commas++;
      n_doubtful += thousand;
      if (thousand && n_doubtful == 1) {
        doubtful = r.cell[k];
        strncpy(shown, text, sizeof shown - 1);
      }
    }
  }
  IP_REQUIRE(n_commas == 0 || n_doubtful < n_commas, IP_EFORMAT,
             "%s:%u:%u: '%s' has a decimal comma or a thousands separator; set decimal to comma, or write numbers "
             "without thousands separators",
             path, doubtful.line, doubtful.column, shown);
  if (n_commas > 0) f->decimal = ',';
  return IP_OK;
}

/* --- The header */

/* What stands below one cell of the first record. */
typedef struct {
  char *first;
  double value;    /* of the first cell; NaN: no number */
  bool is_name;    /* begins like a word and is no missing value */
  bool is_numeral; /* a number as written elsewhere: in the other decimal sign, or with thousands separators */
  bool is_missing;
  bool numbers, whole_numbers, again;
} column;

typedef struct {
  size_t n, n_records; /* records behind the first */
  column *column;      // (n)
} columns;

static void free_columns(columns *c)
{
  for (size_t k = 0; c->column && k < c->n; k++) ip_free(c->column[k].first);
  ip_free(c->column);
}

static ip_status look_at_first(const ip_text_format *f, const ip_record *r, columns *c)
{
  c->n = r->n;
  IP_TRY(IP_NEW(c->column, r->n, "columns"));
  for (size_t k = 0; k < r->n; k++) {
    column *to = &c->column[k];
    const char *text = r->cell[k].text;
    IP_TRY(IP_STRDUP(to->first, text));
    if (!ip_text_number(f->decimal, text, &to->value)) to->value = NAN;
    to->is_missing = ip_text_is_missing(text);
    to->is_numeral = isnan(to->value) && *ip_text_advice(f->decimal, text);
    unsigned char first = (unsigned char)*text;
    to->is_name = isnan(to->value) && !to->is_missing && (isalpha(first) || first == '_' || first >= 0x80);
    to->numbers = to->whole_numbers = true;
  }
  return IP_OK;
}

static void look_at_other(const ip_text_format *f, const ip_record *r, columns *c)
{
  c->n_records++;
  for (size_t k = 0; k < r->n && k < c->n; k++) {
    column *to = &c->column[k];
    double v;
    bool number = ip_text_number(f->decimal, r->cell[k].text, &v);
    to->numbers = to->numbers && number;
    to->whole_numbers = to->whole_numbers && number && v == floor(v);
    to->again = to->again || (number ? v == to->value : strcmp(r->cell[k].text, to->first) == 0);
  }
}

/* The numbers of the first record are 0, 1, 2, ... or, with `base` 1, 1, 2, ...; at least two. */
static bool counts_columns(const columns *c, double base)
{
  double next = base;
  for (size_t k = 0; k < c->n; k++)
    if (!isnan(c->column[k].value) && c->column[k].value != next++) return false;
  return next > base + 1;
}

typedef enum { HEADER, SAMPLE, EITHER } verdict;

/* A first record of nothing but the numbers 0, 1, 2, ... */
static verdict judge_numbers(const columns *c)
{
  size_t n_fractional = 0;
  bool again = false;
  for (size_t k = 0; k < c->n; k++) {
    n_fractional += c->column[k].whole_numbers ? 0 : 1;
    again = again || (c->column[k].again && c->column[k].value > 1);
  }
  if (c->n_records == 0) return SAMPLE;
  if (c->n >= 10 || n_fractional == c->n) return HEADER;
  return c->n == 2 || again ? SAMPLE : EITHER;
}

static verdict judge(const columns *c)
{
  size_t n_numbers = 0, n_names = 0, n_empty = 0, n_missing = 0, n_numerals = 0;
  bool over_numbers = false, names_label = false, is_label = true;
  for (size_t k = 0; k < c->n; k++) {
    const column *at = &c->column[k];
    n_numbers += isnan(at->value) ? 0 : 1;
    n_names += at->is_name;
    n_empty += *at->first ? 0 : 1;
    n_missing += at->is_missing && *at->first ? 1 : 0;
    n_numerals += at->is_numeral ? 1 : 0;
    if (!at->is_name) continue;
    over_numbers = over_numbers || (at->numbers && c->n_records > 0);
    names_label = names_label || (ip_text_label_name(at->first) && !at->again);
    is_label = is_label && at->again;
  }
  bool corner = n_empty == 1 && !*c->column[0].first && c->n > 1; /* an index without a name */
  if (n_numerals > 0) return SAMPLE;
  if (n_numbers == 0 && n_missing > 0) return EITHER;
  if (n_numbers == 0) return n_empty == 0 || (corner && n_names > 0) ? HEADER : SAMPLE;
  bool all_known = n_numbers + n_names + (corner ? 1 : 0) == c->n;
  if (!all_known) return SAMPLE;
  if (over_numbers || names_label) return HEADER;
  if (corner && c->n_records > 0 && c->column[0].whole_numbers && counts_columns(c, 0)) return HEADER;
  if (!counts_columns(c, 0)) return SAMPLE;
  if (n_names == 0) return n_empty == 0 ? judge_numbers(c) : SAMPLE;
  return is_label || c->n_records == 0 ? SAMPLE : EITHER;
}

static ip_status look_at_all(ip_cells *cells, const ip_text_format *f, columns *c)
{
  ip_record r;
  ip_cells_rewind(cells);
  IP_TRY(ip_cells_next(cells, f->separator, &r));
  if (r.n > f->width) r.n = f->width;
  IP_TRY(look_at_first(f, &r, c));
  do {
    ip_status st = ip_cells_next(cells, f->separator, &r);
    if (st == IP_EFORMAT) {
      ip_error_clear(); /* reading the records reports it */
      return IP_OK;
    }
    IP_TRY(st);
    if (r.n > 0) look_at_other(f, &r, c);
  } while (r.n > 0);
  return IP_OK;
}

static ip_status find_header(const ip_text_options *opt, const char *path, ip_cells *cells, ip_text_format *f)
{
  columns c = {0};
  ip_status st = look_at_all(cells, f, &c);
  verdict v = opt->header == IP_HEADER_YES ? HEADER : SAMPLE;
  if (st == IP_OK && opt->header == IP_HEADER_AUTO) v = judge(&c);
  if (st == IP_OK && v == EITHER)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT,
                      "%s: the first line may contain column names or a sample; set header to yes or no", path);
  f->header = v == HEADER;
  for (size_t k = 0; st == IP_OK && k < c.n; k++) f->numbered = f->numbered || (f->header && !isnan(c.column[k].value));
  free_columns(&c);
  return st;
}

ip_status ip_text_format_find(const ip_text_options *opt, const char *path, ip_cells *cells, ip_text_format *out)
{
  *out = (ip_text_format){0};
  IP_TRY(find_separator(opt, cells, out));
  if (out->width > 0) IP_TRY(find_decimal(opt, path, cells, out));
  if (out->width > 0) IP_TRY(find_header(opt, path, cells, out));
  ip_cells_rewind(cells);
  return IP_OK;
}
