/* A table of numbers from a file of NumPy. */
#include "file/matrix_npy.h"

#include "base/mem.h"
#include "file/npy.h"

#include <math.h>
#include <string.h>
#include <strings.h>

bool ip_matrix_is_npy(const char *path)
{
  static const char *const endings[] = {".npy", ".npy.gz", ".npz"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    size_t n = strlen(path), m = strlen(endings[i]);
    if (n > m && strcasecmp(path + n - m, endings[i]) == 0) return true;
  }
  return false;
}

/* The array p_xy, or the only one. */
static ip_status choose(const ip_npy *f, const ip_npy_array **out)
{
  const ip_npy_array *a = ip_npy_find(f, "p_xy");
  char text[80];
  if (!a && ip_npy_n_arrays(f) == 1) a = ip_npy_array_at(f, 0);
  IP_REQUIRE(a, IP_EFORMAT, "%s: contains %zu arrays; expected one, or a table p(x,y) named p_xy", ip_npy_path(f),
             ip_npy_n_arrays(f));
  IP_REQUIRE(!ip_npy_is_text(a) && a->n > 0 && (a->rank == 1 || a->rank == 2), IP_EFORMAT,
             "%s: %s%shas the shape %s%s; expected a table of numbers, (rows, columns)", ip_npy_path(f), a->name,
             *a->name ? " " : "", ip_npy_shape_text(a, text), ip_npy_is_text(a) ? " of texts" : "");
  *out = a;
  return IP_OK;
}

static ip_status read_cells(ip_npy *f, const ip_npy_array *a, ip_matrix *m)
{
  m->n_rows = a->rank == 1 ? 1 : a->dim[0];
  m->n_cols = a->dim[a->rank - 1];
  IP_TRY(IP_NEW(m->cell, a->n, "cells of a table"));
  IP_TRY(IP_NEW(m->column, a->n, "places of cells"));
  IP_TRY(IP_NEW(m->line, m->n_rows, "rows of a table"));
  IP_TRY(ip_npy_read(f, a, 0, a->n, m->cell));
  for (size_t i = 0; i < a->n; i++) {
    IP_REQUIRE(isfinite(m->cell[i]), IP_EFORMAT, "%s:%zu:%zu: %g is no finite number", ip_npy_path(f),
               i / m->n_cols + 1, i % m->n_cols + 1, m->cell[i]);
    m->column[i] = (uint32_t)(i % m->n_cols + 1);
  }
  for (size_t r = 0; r < m->n_rows; r++) m->line[r] = (uint32_t)(r + 1);
  return IP_OK;
}

static ip_status read_table(const char *path, ip_matrix *m)
{
  ip_npy *f;
  const ip_npy_array *a = NULL;
  IP_TRY(IP_STRDUP(m->path, path));
  IP_TRY(IP_STRDUP(m->remark, ""));
  IP_TRY(ip_npy_open(path, &f));
  ip_status st = choose(f, &a);
  if (st == IP_OK) st = read_cells(f, a, m);
  ip_npy_close(&f);
  return st;
}

ip_status ip_matrix_read_npy(const char *path, ip_matrix **out)
{
  ip_matrix *m;
  *out = NULL;
  IP_TRY(IP_NEW(m, 1, "table of numbers"));
  ip_status st = read_table(path, m);
  if (st == IP_OK)
    *out = m;
  else
    ip_matrix_destroy(&m);
  return st;
}
