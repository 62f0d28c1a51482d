/* MATLAB .mat (versions 4, 5 and 7.3): F, one row of inputs a sample, and y, as many labels, as in the file var_u.mat
 * of the sphere task, where F is (4096, 12) and y is (1, 4096). F may also lie across, (inputs, samples). y may also be
 * one-hot, (samples, classes) or across; the longer side of it is the samples. */
#include "dataset/mat73.h"
#include "dataset/mat_check.h"
#include "dataset/reader.h"
#include "file/bytes.h"
#include "num/one_hot.h"

#include <assert.h>
#include <math.h>
#include <matio.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  mat_t *file; /* or, of version 7.3: */
  ip_h5 *h5;
  bool across;     /* F is (n_in, n) */
  size_t n_hot;    /* columns of a y that is one-hot; else 1 */
  bool hot_across; /* it is (n_hot, n) */
} mat_state;

static bool is_numeric(const matvar_t *v)
{
  return v->class_type >= MAT_C_DOUBLE && v->class_type <= MAT_C_UINT64 && !v->isComplex;
}

/* Variables of the file, for the message that one is missing. */
static void list_variables(mat_t *file, size_t room, char *text)
{
  size_t n = 0, used = 0;
  char *const *names = Mat_GetDir(file, &n);
  snprintf(text, room, "none");
  for (size_t i = 0; i < n && used + 40 < room; i++)
    used += (size_t)snprintf(text + used, room - used, "%s%.30s", i ? ", " : "", names[i] ? names[i] : "?");
}

/* Rows and columns of a matrix of real numbers, without its data. */
static ip_status size_by_matio(const ip_part *part, const char *name, size_t *n_rows, size_t *n_cols)
{
  const mat_state *s = part->state;
  matvar_t *v = Mat_VarReadInfo(s->file, name);
  if (!v) {
    char list[200];
    list_variables(s->file, sizeof list, list);
    IP_FAIL(IP_EFORMAT, "%s: no variable %s; expected F (samples, inputs) and y (labels), found: %s", part->path, name,
            list);
  }
  bool numeric = is_numeric(v) && v->rank == 2;
  *n_rows = numeric ? v->dims[0] : 0;
  *n_cols = numeric ? v->dims[1] : 0;
  Mat_VarFree(v);
  IP_REQUIRE(numeric, IP_EFORMAT, "%s: %s is not a matrix of real numbers; expected F (samples, inputs) and y (labels)",
             part->path, name);
  return IP_OK;
}

/* Finds a matrix that the file has room for. */
static ip_status look_up(const ip_part *part, const char *name, size_t *n_rows, size_t *n_cols)
{
  const mat_state *s = part->state;
  *n_rows = *n_cols = 0;
  IP_TRY(s->h5 ? ip_mat73_size(s->h5, name, n_rows, n_cols) : size_by_matio(part, name, n_rows, n_cols));
  IP_REQUIRE(*n_rows > 0 && *n_cols > 0, IP_EFORMAT, "%s: %s is empty (%zu x %zu)", part->path, name, *n_rows, *n_cols);
  IP_REQUIRE(*n_rows <= UINT64_MAX / sizeof(double) / *n_cols, IP_EFORMAT,
             "%s: %s has %zu x %zu elements: its header is damaged", part->path, name, *n_rows, *n_cols);
  return ip_bytes_plausible(part->path, (uint64_t)*n_rows * *n_cols);
}

static ip_status open_file(const char *path, mat_state *s)
{
  bool is_hdf5;
  IP_TRY(ip_mat73_is(path, &is_hdf5));
  if (is_hdf5) return ip_h5_open(path, false, &s->h5);
  IP_TRY(ip_mat_check(path));
  s->file = Mat_Open(path, MAT_ACC_RDONLY);
  IP_REQUIRE(s->file, IP_EFORMAT, "%s: not a MATLAB file; expected a .mat of version 4, 5 or 7.3", path);
  return IP_OK;
}

static ip_status open_mat(ip_part *part)
{
  mat_state *s;
  size_t f_rows, f_cols, y_rows, y_cols;
  IP_TRY(IP_NEW(s, 1, "MATLAB file"));
  part->state = s;
  IP_TRY(open_file(part->path, s));
  IP_TRY(look_up(part, "F", &f_rows, &f_cols));
  IP_TRY(look_up(part, "y", &y_rows, &y_cols));
  s->hot_across = y_rows < y_cols;
  part->n = s->hot_across ? y_cols : y_rows;
  s->n_hot = s->hot_across ? y_rows : y_cols;
  if (s->n_hot > 1) part->n_classes = s->n_hot;
  IP_REQUIRE(f_rows == part->n || f_cols == part->n, IP_EFORMAT,
             "%s: F is %zu x %zu and y is %zu x %zu; expected one label for each sample, or a one-hot row", part->path,
             f_rows, f_cols, y_rows, y_cols);
  s->across = f_rows != part->n;
  part->n_in = s->across ? f_rows : f_cols;
  return IP_OK;
}

/* Element i of a variable, in the order of the file (down the columns). */
static double element(const matvar_t *v, size_t i)
{
  assert(v);
  switch (v->class_type) {
  case MAT_C_DOUBLE:
    return ((const double *)v->data)[i];
  case MAT_C_SINGLE:
    return (double)((const float *)v->data)[i];
  case MAT_C_INT8:
    return ((const int8_t *)v->data)[i];
  case MAT_C_UINT8:
    return ((const uint8_t *)v->data)[i];
  case MAT_C_INT16:
    return ((const int16_t *)v->data)[i];
  case MAT_C_UINT16:
    return ((const uint16_t *)v->data)[i];
  case MAT_C_INT32:
    return ((const int32_t *)v->data)[i];
  case MAT_C_UINT32:
    return ((const uint32_t *)v->data)[i];
  case MAT_C_INT64:
    return (double)((const int64_t *)v->data)[i];
  case MAT_C_UINT64:
    return (double)((const uint64_t *)v->data)[i];
  default:
    return NAN; /* look_up lets numbers through only */
  }
}

static ip_status store_inputs(const ip_part *part, const double *v, size_t first, ip_dataset *ds)
{
  const mat_state *s = part->state;
  for (size_t r = 0; r < part->n; r++)
    for (size_t k = 0; k < part->n_in; k++) {
      double value = v[s->across ? k + r * part->n_in : r + k * part->n];
      IP_REQUIRE(ip_source_fits(part->opt, value), IP_EFORMAT,
                 "%s: F(%zu, %zu) is %g; expected finite numbers below 3.4e38", part->path, (s->across ? k : r) + 1,
                 (s->across ? r : k) + 1, value);
      IP_TRY(ip_source_store(ds, (first + r) * part->n_in + k, value));
    }
  return IP_OK;
}

static ip_status store_labels(const ip_part *part, const double *v, ip_label_pool *pool, int32_t *y)
{
  for (size_t r = 0; r < part->n; r++) {
    ip_status st = ip_label_pool_add_whole(
        pool, v[r], "; real-valued targets belong in an array targets of a .npz or HDF5 file", &y[r]);
    if (st != IP_OK) ip_error_prefix("%s: y(%zu)", part->path, r + 1);
    IP_TRY(st);
  }
  return IP_OK;
}

/* The classes are the columns of y, in their order. */
static ip_status store_one_hot(const ip_part *part, const double *v, ip_label_pool *pool, int32_t *y)
{
  const mat_state *s = part->state;
  size_t n_hot = s->n_hot;
  for (size_t c = 0; c < n_hot; c++) {
    int32_t id;
    IP_TRY(ip_label_pool_add_number(pool, (double)c, &id));
  }
  for (size_t r = 0; r < part->n; r++) {
    size_t class = s->hot_across ? ip_one_hot_class(n_hot, v + r * n_hot, 1) : ip_one_hot_class(n_hot, v + r, part->n);
    IP_REQUIRE(
        class < n_hot, IP_EFORMAT,
        "%s: y: %s %zu is not one-hot; expected one label for each sample, or one 1 and 0 elsewhere; real-valued "
        "targets belong in an array targets of a .npz or HDF5 file",
        part->path, s->hot_across ? "column" : "row", r + 1);
    y[r] = (int32_t) class;
  }
  return IP_OK;
}

static ip_status load_by_matio(const ip_part *part, const char *name, size_t size, double *value)
{
  const mat_state *s = part->state;
  matvar_t *v = Mat_VarRead(s->file, name);
  bool whole = v && v->data && is_numeric(v) && v->rank == 2 && v->dims[0] * v->dims[1] == size && v->data_size > 0 &&
               v->nbytes / (size_t)v->data_size >= size;
  for (size_t i = 0; whole && i < size; i++) value[i] = element(v, i);
  Mat_VarFree(v);
  IP_REQUIRE(whole, IP_EFORMAT, "%s: %s cannot be read: the file is truncated or damaged", part->path, name);
  return IP_OK;
}

/* A variable's elements, as many as look_up found, in new memory. */
static ip_status load(const ip_part *part, const char *name, size_t size, double **out)
{
  const mat_state *s = part->state;
  IP_TRY(IP_NEW(*out, size, "variable of a MATLAB file"));
  ip_status st = s->h5 ? ip_mat73_read(s->h5, name, size, *out) : load_by_matio(part, name, size, *out);
  if (st == IP_OK) return IP_OK;
  ip_free(*out);
  *out = NULL;
  return st;
}

static ip_status read_mat(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  double *v;
  IP_TRY(load(part, "F", part->n * part->n_in, &v));
  ip_status st = store_inputs(part, v, first, ds);
  ip_free(v);
  IP_TRY(st);
  size_t n_hot = ((const mat_state *)part->state)->n_hot;
  IP_TRY(load(part, "y", part->n * n_hot, &v));
  st = n_hot > 1 ? store_one_hot(part, v, pool, ds->y + first) : store_labels(part, v, pool, ds->y + first);
  ip_free(v);
  return st;
}

static void close_mat(ip_part *part)
{
  mat_state *s = part->state;
  if (!s) return;
  if (s->file) Mat_Close(s->file);
  ip_h5_close(&s->h5);
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_mat = {
    .format = "MATLAB", .open = open_mat, .read = read_mat, .close = close_mat, .needs_library = true};
