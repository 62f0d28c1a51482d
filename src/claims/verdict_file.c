/* verdict_file.c - the file of a result, and its comparison with the one that was computed again. */
#include "claims/verdict.h"

#include "base/text.h"
#include "file/atomic.h"
#include "file/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 16 << 20 };
static const double tolerance = 1e-6;

static const char *const columns[] = {
    "estimator", "layer",   "part",     "test",     "effect",  "low",       "high",         "level",
    "n",         "missing", "censored", "decision", "at_half", "at_double", "seeds_needed", "reason"};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void empty_cells(ip_table *t, size_t n)
{
  for (size_t i = 0; i < n; i++) ip_table_text(t, "-");
}

static void layer_cell(ip_table *t, size_t layer)
{
  if (layer)
    ip_table_int(t, (int64_t)layer);
  else
    ip_table_text(t, "-");
}

static const char *or_dash(const char *text)
{
  return text && *text ? text : "-";
}

static void put_row(const ip_claim_row *row, ip_table *t)
{
  ip_table_text(t, or_dash(row->estimator));
  layer_cell(t, row->layer);
  ip_table_text(t, row->part);
  ip_table_text(t, row->text);
  ip_table_real(t, row->effect.value);
  ip_table_real(t, row->effect.interval.low);
  ip_table_real(t, row->effect.interval.high);
  ip_table_real(t, row->effect.level);
  ip_table_int(t, (int64_t)row->effect.n);
  ip_table_int(t, (int64_t)row->effect.n_missing);
  ip_table_int(t, (int64_t)row->effect.n_censored);
  ip_table_text(t, ip_decision_text(row->decision));
  ip_table_text(t, ip_decision_text(row->at_half));
  ip_table_text(t, ip_decision_text(row->at_double));
  ip_table_real(t, row->seeds_needed);
  ip_table_text(t, or_dash(row->effect.reason));
  ip_table_end_row(t);
}

/* A row without a test: a layer, an estimator, the claim. */
static void put_decision(ip_table *t, const char *estimator, size_t layer, const char *part, const char *decision,
                         const char *half, const char *twice, double seeds, const char *reason)
{
  ip_table_text(t, or_dash(estimator));
  layer_cell(t, layer);
  ip_table_text(t, part);
  empty_cells(t, 8);
  ip_table_text(t, decision);
  ip_table_text(t, half);
  ip_table_text(t, twice);
  ip_table_real(t, seeds);
  ip_table_text(t, or_dash(reason));
  ip_table_end_row(t);
}

static void put_result(const ip_claim_result *r, ip_table *t)
{
  for (size_t i = 0; i < N_COLUMNS; i++) ip_table_text(t, columns[i]);
  ip_table_end_row(t);
  put_decision(t, "", 0, "claim", ip_verdict_text(r->verdict), ip_verdict_text(r->at_half),
               ip_verdict_text(r->at_double), r->seeds_needed, r->reason);
  for (size_t i = 0; i < r->n_estimators; i++) {
    const ip_claim_estimator *e = &r->estimator[i];
    put_decision(t, e->name, 0, "estimator", e->n_layers ? ip_decision_text(e->decision) : "not measurable", "-", "-",
                 (double)NAN, "");
  }
  for (size_t i = 0; i < r->n_cells; i++) {
    const ip_claim_cell *c = &r->cell[i];
    put_decision(t, c->estimator, c->layer, "layer",
                 c->is_measurable ? ip_decision_text(c->decision) : "not measurable", "-", "-", (double)NAN, "");
  }
  for (size_t i = 0; i < r->n_rows; i++) put_row(&r->row[i], t);
}

ip_status ip_claim_result_write(const ip_claim_result *r, const char *path)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  put_result(r, t);
  return ip_table_publish(&t);
}

/* ---------------------------------------------------------------- comparison */

/* The length of the cell at s. Cells with separators or quotes do not occur: rules have none of them but quotes. */
static size_t cell_length(const char *s)
{
  if (*s != '"') return strcspn(s, "\t\n");
  size_t n = 1;
  while (s[n] && (s[n] != '"' || s[n + 1] == '"')) n += s[n] == '"' ? 2 : 1;
  return s[n] ? n + 1 : n;
}

static bool same_cell(const char *a, size_t n, const char *b, size_t m)
{
  char x[40], y[40];
  double p, q;
  if (n == m && !memcmp(a, b, n)) return true;
  if (n >= sizeof x || m >= sizeof y) return false;
  memcpy(x, a, n);
  memcpy(y, b, m);
  x[n] = y[m] = 0;
  return ip_parse_real(x, &p) && ip_parse_real(y, &q) && fabs(p - q) <= tolerance * fmax(1, fmax(fabs(p), fabs(q)));
}

static ip_status compare(const char *path, const char *is, const char *was)
{
  for (size_t line = 1; *is || *was; line++)
    for (size_t column = 0;; column++) {
      size_t n = cell_length(is), m = cell_length(was);
      IP_REQUIRE(same_cell(is, n, was, m), IP_EINVAL, "%s:%zu: %s is '%.*s' when it is computed again, not '%.*s'",
                 path, line, columns[column < N_COLUMNS ? column : N_COLUMNS - 1], (int)(n < 60 ? n : 60), is,
                 (int)(m < 60 ? m : 60), was);
      is += n;
      was += m;
      IP_REQUIRE(*is == *was, IP_EINVAL, "%s:%zu: another number of columns or rows when it is computed again", path,
                 line);
      if (!*is) return IP_OK;
      is++;
      was++;
      if (is[-1] == '\n') break;
    }
  return IP_OK;
}

static ip_status print_result(const ip_claim_result *r, FILE *f)
{
  ip_table *t;
  IP_TRY(ip_table_create_on(f, '\t', &t));
  put_result(r, t);
  return ip_table_publish(&t);
}

ip_status ip_claim_result_compare(const ip_claim_result *r, const char *path)
{
  char *was, *is = NULL;
  size_t n, m = 0;
  IP_TRY(ip_file_read(path, MOST_BYTES, &n, &was));
  FILE *f = open_memstream(&is, &m);
  ip_status st =
      f ? print_result(r, f) : ip_error_set(__FILE__, __LINE__, __func__, IP_ENOMEM, "%s: out of memory", path);
  if (f) fclose(f);
  if (st == IP_OK) st = compare(path, is, was);
  free(is);
  ip_free(was);
  return st;
}
