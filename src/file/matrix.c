#include "file/matrix.h"

#include "base/mem.h"
#include "file/matrix_npy.h"
#include "file/records.h"
#include "info/discrete.h"

typedef struct {
  size_t cells, rows; /* filled so far */
  size_t cell_cap, row_cap;
} progress;

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

static ip_status add_row(const ip_records *in, const ip_record *r, ip_matrix *m, progress *p)
{
  IP_TRY(reserve_row(m, p));
  for (size_t k = 0; k < r->n; k++) {
    IP_TRY(reserve_cell(m, p));
    IP_TRY(ip_records_number(in, &r->cell[k], "", &m->cell[p->cells]));
    m->column[p->cells++] = r->cell[k].column;
  }
  m->n_cols = r->n;
  m->line[p->rows++] = (uint32_t)r->line;
  return IP_OK;
}

static ip_status read_rows(ip_records *in, ip_matrix *m)
{
  progress p = {0};
  ip_record r;
  if (ip_records_format(in)->header) IP_TRY(ip_records_next(in, &r));
  for (;;) {
    IP_TRY(ip_records_next(in, &r));
    if (r.n == 0) break;
    IP_TRY(add_row(in, &r, m, &p));
  }
  m->n_rows = p.rows;
  IP_REQUIRE(p.rows > 0, IP_EFORMAT, "%s: contains no numbers; expected a table of comma-separated numbers",
             ip_records_path(in));
  return IP_OK;
}

ip_status ip_matrix_read(const char *path, const ip_text_options *opt, ip_matrix **out)
{
  static const ip_text_options automatic;
  if (ip_matrix_is_npy(path)) return ip_matrix_read_npy(path, out);
  *out = NULL;
  ip_records *in = NULL;
  ip_matrix *m = NULL;
  ip_status st;
  IP_TRY_GOTO(st, IP_NEW(m, 1, "table of numbers"), done);
  IP_TRY_GOTO(st, ip_records_open(path, opt ? opt : &automatic, &in), done);
  IP_TRY_GOTO(st, IP_STRDUP(m->path, ip_records_path(in)), done);
  IP_TRY_GOTO(st, ip_records_remark(in, &m->remark), done);
  IP_TRY_GOTO(st, read_rows(in, m), done);
  *out = m;
  m = NULL;
done:
  ip_records_close(&in);
  ip_matrix_destroy(&m);
  return st;
}

void ip_matrix_destroy(ip_matrix **m)
{
  if (!*m) return;
  ip_free((*m)->path);
  ip_free((*m)->remark);
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
    IP_FAIL(IP_EINVAL, "%s:%u:%u: %g is not a probability; expected numbers from 0 to 1", m->path,
            m->line[(first + cell) / m->n_cols], m->column[first + cell], m->cell[first + cell]);
  case IP_CELL_SUM:
    IP_FAIL(IP_EINVAL, "%s:%u:%u: the %zu cells from here sum to %.9g; a distribution sums to 1 (within %g)%s", m->path,
            m->line[first_row], m->column[first], n_rows * m->n_cols, sum, IP_SUM_TOLERANCE,
            ip_distribution_advice(n_rows * m->n_cols, m->cell + first));
  case IP_CELL_FINE:
    break;
  }
  return IP_OK;
}
