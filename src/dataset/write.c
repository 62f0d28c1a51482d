#include "base/mem.h"
#include "base/text.h"
#include "dataset/dataset.h"
#include "dataset/locate.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/npz.h"
#include "file/table.h"
#include "file/text_format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- CSV */

/* The number with the fewest digits that reads back to the same float. */
static void put_float(ip_table *t, float v)
{
  if (v == (float)(int)(v > -1e6f && v < 1e6f ? v : 0.5f)) {
    ip_table_int(t, (int)v);
    return;
  }
  char text[32];
  for (int digits = 6; digits <= 9; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, (double)v);
    if (strtof(text, NULL) == v) break;
  }
  ip_table_real(t, strtod(text, NULL));
}

static ip_status put_names(ip_table *t, const char *prefix, size_t n, char *const *name, const char *suffix)
{
  for (size_t i = 0; i < n; i++) {
    char *text;
    if (name)
      IP_TRY(IP_FORMAT(text, "%s%s%s", prefix, name[i], suffix));
    else
      IP_TRY(IP_FORMAT(text, "%s%zu%s", prefix, i + 1, suffix));
    ip_table_text(t, text);
    ip_free(text);
  }
  return IP_OK;
}

/* A class in quotes if it would otherwise be read as a measurement or as a missing value. */
static void put_label(ip_table *t, const char *class)
{
  double value;
  bool other = ip_parse_real(class, &value) && (!isfinite(value) || value != floor(value));
  if (other || ip_text_is_missing(class))
    ip_table_quoted(t, class);
  else
    ip_table_text(t, class);
}

static ip_status fill_table(const ip_dataset *ds, ip_table *t)
{
  size_t n_soft = ds->p_y_given_x ? ds->n_classes : 0;
  IP_TRY(put_names(t, "x", ds->n_in, NULL, ""));
  IP_TRY(put_names(t, "p(", n_soft, ds->class_name, ")"));
  IP_TRY(put_names(t, "target", ds->n_targets, NULL, ""));
  ip_table_text(t, "split");
  ip_table_text(t, "label");
  ip_table_end_row(t);
  for (size_t r = 0; r < ds->n; r++) {
    for (size_t k = 0; k < ds->n_in; k++) put_float(t, ds->x[r * ds->n_in + k]);
    for (size_t c = 0; c < n_soft; c++) put_float(t, ds->p_y_given_x[r * n_soft + c]);
    for (size_t j = 0; j < ds->n_targets; j++) put_float(t, ds->targets[r * ds->n_targets + j]);
    ip_table_text(t, ds->split[r] == IP_SPLIT_TEST ? "test" : "train");
    put_label(t, ds->class_name[ds->y[r]]);
    ip_table_end_row(t);
  }
  return IP_OK;
}

static ip_status write_csv(const ip_dataset *ds, const char *path)
{
  ip_table *t;
  IP_TRY(ip_table_create(path, &t));
  ip_status st = fill_table(ds, t);
  if (st == IP_OK) st = ip_table_publish(&t);
  ip_table_discard(&t);
  return st;
}

/* --- HDF5 */

static ip_status fill_h5(const ip_dataset *ds, ip_h5 *h)
{
  IP_TRY(ip_h5_set_text(h, "/", "format", "infoplane data 1"));
  IP_TRY(ip_h5_set_text(h, "/", "name", ds->name));
  IP_TRY(ip_h5_set_text(h, "/", "sha256", ds->sha256));
  IP_TRY(ip_h5_put(h, "x", IP_H5_F32, 2, (size_t[]){ds->n, ds->n_in}, ds->x));
  IP_TRY(ip_h5_put(h, "y", IP_H5_I32, 1, &ds->n, ds->y));
  IP_TRY(ip_h5_put_texts(h, "class_name", ds->n_classes, (const char *const *)ds->class_name));
  IP_TRY(ip_h5_put(h, "split", IP_H5_U8, 1, &ds->n, ds->split));
  if (ds->p_y_given_x)
    IP_TRY(ip_h5_put(h, "p_y_given_x", IP_H5_F32, 2, (size_t[]){ds->n, ds->n_classes}, ds->p_y_given_x));
  if (ds->targets) IP_TRY(ip_h5_put(h, "targets", IP_H5_F32, 2, (size_t[]){ds->n, ds->n_targets}, ds->targets));
  return IP_OK;
}

static ip_status write_part(const ip_dataset *ds, const char *part, const char *path)
{
  ip_h5 *h;
  IP_TRY(ip_h5_create(part, &h));
  ip_status st = fill_h5(ds, h), closed = ip_h5_close(&h);
  if (st == IP_OK) st = closed;
  if (st == IP_OK) st = ip_file_publish(part, path);
  if (st != IP_OK) unlink(part);
  return st;
}

static ip_status write_h5(const ip_dataset *ds, const char *path)
{
  char *part;
  IP_TRY(IP_FORMAT(part, "%s.part", path));
  ip_status st = write_part(ds, part, path);
  ip_free(part);
  return st;
}

/* --- NumPy */

static ip_status fill_npz(const ip_dataset *ds, ip_npz *z)
{
  IP_TRY(ip_npz_put(z, "x", IP_NPZ_F32, 2, (size_t[]){ds->n, ds->n_in}, ds->x));
  IP_TRY(ip_npz_put(z, "y", IP_NPZ_I32, 1, &ds->n, ds->y));
  IP_TRY(ip_npz_put_texts(z, "class_name", ds->n_classes, (const char *const *)ds->class_name));
  IP_TRY(ip_npz_put(z, "split", IP_NPZ_U8, 1, &ds->n, ds->split));
  if (ds->p_y_given_x)
    IP_TRY(ip_npz_put(z, "p_y_given_x", IP_NPZ_F32, 2, (size_t[]){ds->n, ds->n_classes}, ds->p_y_given_x));
  if (ds->targets) IP_TRY(ip_npz_put(z, "targets", IP_NPZ_F32, 2, (size_t[]){ds->n, ds->n_targets}, ds->targets));
  return IP_OK;
}

static ip_status write_npz(const ip_dataset *ds, const char *path)
{
  ip_npz *z;
  IP_TRY(ip_npz_create(path, &z));
  ip_status st = fill_npz(ds, z);
  if (st == IP_OK) st = ip_npz_publish(&z);
  ip_npz_discard(&z);
  return st;
}

ip_status ip_dataset_write(const ip_dataset *ds, const char *path)
{
  if (ip_locate_ends_with(path, ".csv") || ip_locate_ends_with(path, ".tsv")) return write_csv(ds, path);
  if (ip_locate_ends_with(path, ".h5") || ip_locate_ends_with(path, ".hdf5")) return write_h5(ds, path);
  if (ip_locate_ends_with(path, ".npz")) return write_npz(ds, path);
  IP_FAIL(IP_EUSAGE, "%s: unknown extension; expected .csv, .tsv, .h5, .hdf5 or .npz", path);
}
